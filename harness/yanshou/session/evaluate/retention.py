# SPDX-License-Identifier: Apache-2.0
"""Retention of recordings: what is listed, what is missing, and what really plays.

A list alone never passes: the edge of the required window, the oldest listed instant, both edges of every gap
and a seeded sample are played back, decoded, their own time compared with the time asked for and their view
with the cameras' live pictures.  A system younger than its duty is not failed for its youth, and never passes
by it: what it has held so far is a lower bound, what it may hold one day an estimate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from yanshou.drivers.capabilities import RecordedChannel, Recorder, RecordingSummary, Segment
from yanshou.metrology import Budget, rectangular
from yanshou.model import Measurement, Quantity, RigFault, UncertaintyStatus
from yanshou.session.evaluate.coverage import Excuse, Gap, by_day, completeness, gaps_of, joined, weighed
from yanshou.session.evaluate.playing import Asked, Played, Player, Proof, Sight, Why, instants
from yanshou.session.evaluate.projection import Projection, Storage, projected
from yanshou.session.evaluate.tables import gap_table, iso, play_table

_DAY = 86400.0
_SECOND = timedelta(seconds=1)
_CLOCK_S = 60.0  # a recorder whose clock cannot be read may be this wrong
_READ_S = 1.5  # one reading of whole seconds over a network
_SAMPLES = 4
_BEFORE = "投用前"
_QUARTER_S = 900.0
_FUTURE_S = 300.0
_MOST_ZONE_S = 14 * 3600.0


@dataclass(frozen=True, slots=True)
class Window:
    """``days`` back from ``now``, for these cameras; gaps up to ``tolerance`` are excused.

    ``limits`` are the days asked for by the requirements (``days`` is the longest); ``tokens`` names the
    recording of a camera where its source does not; ``since`` when a camera was put into use, where that
    was later than ``commissioned``; ``excuses`` declared maintenance by camera; ``storage`` what the
    recorder's disks hold, for the projection of a young system.
    """

    now: datetime
    days: float
    cameras: tuple[str, ...]
    commissioned: datetime | None
    seed: str
    tolerance: timedelta = timedelta(seconds=60)
    samples: int = _SAMPLES
    limits: tuple[float, ...] = ()
    tokens: Mapping[str, str] = field(default_factory=dict)
    since: Mapping[str, datetime] = field(default_factory=dict)
    excuses: Mapping[str, Sequence[Excuse]] = field(default_factory=dict)
    storage: Storage = field(default_factory=Storage)

    @property
    def start(self) -> datetime:
        """Where the window begins."""
        return self.now - timedelta(days=self.days)

    def put_into_use(self, camera: str) -> datetime | None:
        """When the camera's duty began, None when that is not stated."""
        return self.since.get(camera, self.commissioned)

    def least(self) -> float:
        """The shortest of the limits asked for, in days."""
        return min(self.limits, default=self.days)


@dataclass(frozen=True, slots=True)
class ChannelFinding:
    """One camera: retained days, the gaps in the window, and what the playbacks proved.

    ``bound`` says that the days are all there can be yet: the camera was put into use no earlier.
    ``complete`` is the recorded part of the scheduled time, 0 to 1.
    """

    camera: str
    days: float
    gaps: tuple[Gap, ...]
    plays: tuple[Played, ...]
    because: str
    bound: bool = False
    complete: float | None = 0.0
    covered: tuple[float | None, ...] = ()

    @property
    def unproved(self) -> bool:
        """Whether pictures came whose time nothing proves."""
        return any(one.proof is Proof.NO_TIME for one in self.plays)


@dataclass(frozen=True, slots=True)
class Retention:
    """The measurement and the tables behind it (file name to CSV in UTF-8 with mark)."""

    measurement: Measurement
    tables: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Holding:
    """What a recorder holds of the cameras of a window: their recordings, and its own now.

    ``now`` is by the clock by which it labels its recordings; ``clock_s`` how well that is known.
    """

    now: datetime
    clock_s: float
    lines: Mapping[str, Sequence[RecordedChannel]]
    remarks: tuple[str, ...]


def retention(recorder: Recorder, window: Window, sight: Sight | None = None) -> Retention:
    """The retained days of a recorder: those of its worst camera, in days (d)."""
    holding = hold(recorder, window)
    player = Player(recorder, sight or Sight())
    findings = [channel_finding(player, camera, holding, window) for camera in window.cameras]
    worst = _worst(findings, window)
    estimate = _estimate(recorder, holding, findings, window)
    budget = Budget.of(
        [rectangular("clock of the recorder", holding.clock_s / _DAY, "read when it was asked")]
    )
    measurement = Measurement(
        "recording_retention",
        recorder.device.id,
        Quantity.CONTINUOUS,
        worst.days if worst else None,
        "d",
        sum(len(finding.plays) for finding in findings),
        statistic="min",
        U=budget.U,
        k=budget.k,
        uncertainty=UncertaintyStatus.EVALUATED,
        budget=budget.components,
        at_least=worst.days if worst and worst.bound else None,
        invalid=_unproved(findings, worst, window),
        deviations=tuple(_deviations(findings)),
        details=_details(findings, worst, estimate, holding, window),
    )
    return Retention(measurement, {"gaps.csv": gap_table(findings), "playback.csv": play_table(findings)})


def hold(recorder: Recorder, window: Window) -> Holding:
    """Ask what the recorder holds, and bring its labels and its clock together.

    RigFault when it would not say, or when the cameras cannot be told among its recordings.
    """
    now, clock_s, remarks = _recorders_now(recorder, window.now)
    listed = recorder.channels(window.start - timedelta(days=366), now + timedelta(days=1))
    lines = _by_camera(recorder, listed, window)
    shift = _label_shift(listed, now)
    if shift:
        remarks.append(f"录像时间比录像机时钟超前 {shift.total_seconds() / 3600:g} h：当地时间被标作 UTC")
    remarks += _contradictions(recorder.summary(), listed)
    return Holding(now + shift, clock_s, lines, (*remarks, *recorder.remarks))


def _recorders_now(recorder: Recorder, now: datetime) -> tuple[datetime, float, list[str]]:
    """Now by the recorder's own clock: its recordings are labelled by that."""
    try:
        reading = recorder.read_clock()
    except RigFault as fault:
        return now, _CLOCK_S, [f"录像机时钟未能读取：{fault.what}"]
    return reading.shown_utc.astimezone(UTC) + _SECOND / 2, _READ_S, []


def _label_shift(listed: Sequence[RecordedChannel], now: datetime) -> timedelta:
    """How far recordings are labelled ahead of the recorder's clock, by quarters of an hour, as zones are.

    Pictures of the future cannot be: local time east of Greenwich was labelled as UTC.
    """
    ends = [segment.end for channel in listed for segment in channel.segments[-1:]]
    ahead = (max(ends) - now).total_seconds() if ends else 0.0
    quarters = round(ahead / _QUARTER_S)
    near = abs(ahead - quarters * _QUARTER_S) <= _FUTURE_S
    return (
        timedelta(seconds=quarters * _QUARTER_S)
        if near and 1 <= quarters <= _MOST_ZONE_S / _QUARTER_S
        else timedelta(0)
    )


def _by_camera(
    recorder: Recorder, listed: Sequence[RecordedChannel], window: Window
) -> dict[str, list[RecordedChannel]]:
    """The recordings of each camera, by the token the inventory names, else by their source.

    RigFault where a camera has none while others belong to nobody: it may be recorded under another name.
    """
    found: dict[str, list[RecordedChannel]] = {}
    for camera in window.cameras:
        token = window.tokens.get(camera)
        found[camera] = [one for one in listed if (one.token == token if token else one.source == camera)]
    ours = {one.token for channels in found.values() for one in channels}
    strangers = [one for one in listed if one.token not in ours]
    missing = [camera for camera, channels in found.items() if not channels]
    if missing and strangers:
        names = ", ".join(f"{one.token} ({one.source or one.name})" for one in strangers[:8])
        raise RigFault(
            f"lists no recording of {', '.join(missing[:8])}, and some of no known camera: {names}.",
            device=recorder.device.id,
            remedy="Give those cameras the attribute `recording = TOKEN` in the inventory.",
        )
    silent = [
        one.source
        for channels in found.values()
        for one in channels
        if one.token in recorder.without_segments
    ]
    if silent:
        raise RigFault(
            f"does not tell which stretches it holds for {', '.join(silent)}.",
            device=recorder.device.id,
            remedy="Its search service gives no track events; check by playback and record it by hand.",
        )
    return found


def _contradictions(summary: RecordingSummary | None, listed: Sequence[RecordedChannel]) -> list[str]:
    """Where the summary of all recordings says otherwise than their list."""
    if summary is None:
        return []
    found = []
    if summary.recordings is not None and summary.recordings != len(listed):
        found.append(f"概要称有 {summary.recordings} 路录像，列表有 {len(listed)} 路")
    starts = [segment.start for channel in listed for segment in channel.segments[:1]]
    if summary.earliest and starts and abs(summary.earliest - min(starts)) > timedelta(hours=1):
        found.append(f"概要称最早 {summary.earliest:%Y-%m-%d %H:%M}Z，列表最早 {min(starts):%Y-%m-%d %H:%M}Z")
    return found


def channel_finding(player: Player, camera: str, holding: Holding, window: Window) -> ChannelFinding:
    """What one camera has; its playbacks are made here."""
    recordings, now = holding.lines[camera], holding.now
    start = now - timedelta(days=window.days)
    stretches = joined(segment for one in recordings for segment in one.segments)
    stretches = [one for one in stretches if one.start < now]
    if not stretches:
        return ChannelFinding(camera, 0.0, (Gap(start, now),), (), f"{camera} 无录像")
    oldest = stretches[0].start
    # the last stretch is still being written: what is younger than the tolerance is no gap
    end = now - window.tolerance
    begun = window.put_into_use(camera)
    excuses = [
        *window.excuses.get(camera, ()),
        *([Excuse(datetime.min.replace(tzinfo=UTC), begun, _BEFORE)] if begun else []),
    ]
    gaps = weighed(gaps_of(stretches, min(oldest, start), end), excuses)
    asked = instants(stretches, start=start, end=end, seed=f"{window.seed}/{camera}", samples=window.samples)
    plays = [player.prove(camera, recordings, one) for one in asked]
    days, because = _days(camera, oldest, gaps, plays, window, now)
    inside = tuple(Gap(max(gap.start, start), gap.end, gap.excuse) for gap in gaps if gap.end > start)
    young = begun is not None and begun > start and oldest <= begun + timedelta(days=1) + window.tolerance
    if young and begun is not None:  # what was recorded on trial before proves nothing: its gaps are excused
        days = min(days, (now - begun).total_seconds() / _DAY)
    first = start.replace(hour=0, minute=0, second=0, microsecond=0)
    return ChannelFinding(
        camera,
        days,
        inside,
        tuple(plays),
        because,
        bound=young and not because,
        complete=completeness(inside, start, end),
        covered=tuple(by_day(inside, first, (now - first).days + 1, start, end)),
    )


def _days(
    camera: str, oldest: datetime, gaps: list[Gap], plays: Sequence[Played], window: Window, now: datetime
) -> tuple[float, str]:
    """Days proven, back from now: to the oldest picture, or to a younger gap or instant that did not play."""
    start = now - timedelta(days=window.days)
    inner = [
        gap
        for gap in gaps
        if gap.start >= oldest and not gap.excuse and gap.seconds > window.tolerance.total_seconds()
    ]
    failed = [one for one in plays if one.proof not in (Proof.RIGHT, Proof.NO_TIME)]
    proven = max([oldest, *(gap.end for gap in inner), *(one.play.asked for one in failed)])
    counting = [gap for gap in inner if gap.end > start]
    because = []
    if counting:
        missing = sum(gap.seconds for gap in counting) / 3600
        because.append(f"{camera} 应保存期内缺录 {len(counting)} 段，共 {missing:.2f} h")
    for proof in (Proof.NOTHING, Proof.WRONG_TIME, Proof.WRONG_CHANNEL):
        times = [one.play.asked for one in failed if one.proof is proof]
        if times:
            whose = next((f"（{one.shown_by}）" for one in failed if one.proof is proof and one.shown_by), "")
            because.append(f"{camera} {len(times)} 个时刻列出但{proof.value}{whose}，最近 {iso(max(times))}")
    return max(0.0, (now - proven).total_seconds() / _DAY), "；".join(because)


def _worst(findings: Sequence[ChannelFinding], window: Window) -> ChannelFinding | None:
    """The camera that speaks for the recorder.

    One that lost what it had comes before one that is merely young, unless it holds enough for every limit
    that the young one cannot meet yet.
    """
    hard = min((one for one in findings if not one.bound), key=lambda one: one.days, default=None)
    young = min((one for one in findings if one.bound), key=lambda one: one.days, default=None)
    if hard is None or young is None:
        return hard or young
    return hard if hard.days < window.least() or hard.days <= young.days else young


def _unproved(findings: Sequence[ChannelFinding], worst: ChannelFinding | None, window: Window) -> str:
    """Why nothing may be judged: pictures came whose time is not proved, and nothing fails without them."""
    silent = [one.camera for one in findings if one.unproved]
    if not silent or worst is None or (worst.days < window.least() and not worst.bound):
        return ""
    return f"{'、'.join(silent[:8])} 的回放画面不带时间标记（0xABAC），画面时间未证实"


def _deviations(findings: Sequence[ChannelFinding]) -> list[str]:
    plays = [(finding.camera, one) for finding in findings for one in finding.plays]
    unclear = sorted(
        {camera for camera, _ in plays} - {camera for camera, one in plays if one.view.value == "own"}
    )
    return [f"画面未能证实通道对应：{'、'.join(unclear[:8])}"] if unclear else []


def _estimate(
    recorder: Recorder, holding: Holding, findings: Sequence[ChannelFinding], window: Window
) -> Projection | None:
    """What the disks may hold one day; asked only of a system younger than its duty."""
    if not any(one.bound for one in findings):
        return None
    return projected(recorder, holding.lines, [one.plays for one in findings], window.storage)


def _details(
    findings: Sequence[ChannelFinding],
    worst: ChannelFinding | None,
    estimate: Projection | None,
    holding: Holding,
    window: Window,
) -> dict[str, object]:
    because = [worst.because] if worst and worst.because else []
    if worst and worst.bound:
        because.append(f"投用不足 {window.days:g} d，投用以来 {worst.days:.1f} d 全程有录像")
        because.append(estimate.words if estimate else "未推算")
    start = (holding.now - timedelta(days=window.days)).replace(hour=0, minute=0, second=0, microsecond=0)
    failed = [
        [finding.camera, (one.play.asked - start).total_seconds() / _DAY, one.proof.value]
        for finding in findings
        for one in finding.plays
        if one.proof is not Proof.RIGHT
    ]
    return {
        "because": "；".join(because),
        "channels": {one.camera: one.days for one in findings},
        "complete": {one.camera: one.complete for one in findings},
        "remarks": list(holding.remarks)[:20],
        "estimate": estimate.numbers() if estimate else None,
        "figure": {
            "kind": "retention_map",
            "first_day": start.date().isoformat(),
            "cameras": [one.camera for one in findings],
            "covered": [list(one.covered) for one in findings],
            "failed": failed[:500],
            "required_d": sorted(window.limits or (window.days,)),
        },
    }


__all__ = ["Asked", "ChannelFinding", "Retention", "Segment", "Why", "Window", "hold", "retention"]
