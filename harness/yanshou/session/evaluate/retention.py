# SPDX-License-Identifier: Apache-2.0
"""Retention of recordings: what is listed, what is missing, and what really plays.

A list alone never passes: the edge of the required window, the oldest listed instant and a seeded sample are
played back, decoded, and their own time compared with the time asked for.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from yanshou.drivers.capabilities import Playback, RecordedChannel, Recorder, Segment
from yanshou.metrology import Budget, rectangular
from yanshou.model import Measurement, Quantity, RigFault, UncertaintyStatus

_DAY = 86400.0
_RIGHT_TIME_S = 5.0  # a played picture may be this far from the instant asked for
_EDGE = timedelta(seconds=30)  # play this far inside an edge
_CLOCK_S = 60.0  # until its offset is measured, a recorder's clock may be this wrong
_SAMPLES = 4


@dataclass(frozen=True, slots=True)
class Window:
    """``days`` back from ``now``, for these cameras; gaps up to ``tolerance`` are excused."""

    now: datetime
    days: float
    cameras: tuple[str, ...]
    commissioned: datetime | None
    seed: str
    tolerance: timedelta = timedelta(seconds=60)
    samples: int = _SAMPLES

    @property
    def start(self) -> datetime:
        """Where the window begins."""
        return self.now - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class ChannelFinding:
    """One camera: retained days, the gaps in the window, and the instants that did not play."""

    camera: str
    days: float
    gaps: tuple[Segment, ...]
    plays: tuple[Playback, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Retention:
    """The measurement and the tables behind it (file name to CSV in UTF-8 with mark)."""

    measurement: Measurement
    tables: dict[str, bytes]


def retention(recorder: Recorder, window: Window) -> Retention:
    """The retained days of a recorder: those of its worst camera, in days (d)."""
    listed = recorder.channels(window.start - timedelta(days=366), window.now)
    by_camera = {channel.source: channel for channel in listed}
    _known(recorder, [by_camera[camera] for camera in window.cameras if camera in by_camera])
    findings = [_channel(recorder, by_camera.get(camera), camera, window) for camera in window.cameras]
    worst = min(findings, key=lambda finding: finding.days, default=None)
    budget = Budget.of([rectangular("clock of the recorder", _CLOCK_S / _DAY, "not yet compared: 60 s")])
    young = _too_young(window)
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
        invalid=young if worst else "",
        details={"because": worst.because if worst else "", "channels": {f.camera: f.days for f in findings}},
    )
    return Retention(measurement, {"gaps.csv": _gap_table(findings), "playback.csv": _play_table(findings)})


def _known(recorder: Recorder, channels: Sequence[RecordedChannel]) -> None:
    """Raise RigFault where the recorder would not say what it holds: nothing may be concluded from that."""
    silent = [channel.source for channel in channels if channel.token in recorder.without_segments]
    if silent:
        raise RigFault(
            f"does not tell which stretches it holds for {', '.join(silent)}.",
            device=recorder.device.id,
            remedy="Its search service gives no track events; check by playback and record it by hand.",
        )


def gaps_of(segments: Sequence[Segment], start: datetime, end: datetime) -> list[Segment]:
    """What the union of ``segments`` leaves uncovered in [start, end)."""
    gaps, reached = [], start
    for segment in sorted(_real(segments), key=lambda one: one.start):
        if segment.start > reached and reached < end:
            gaps.append(Segment(reached, min(segment.start, end)))
        reached = max(reached, segment.end)
    return [*gaps, Segment(reached, end)] if reached < end else gaps


def _too_young(window: Window) -> str:
    """Why no window of these days can be shown at all: it reaches back before the system was there."""
    if window.commissioned is None or window.commissioned <= window.start:
        return ""
    return f"系统投用不足 {window.days:g} d，不能证明保存期限"


def _channel(
    recorder: Recorder, channel: RecordedChannel | None, camera: str, window: Window
) -> ChannelFinding:
    stretches = _real(channel.segments) if channel else []
    if channel is None or not stretches:
        return ChannelFinding(camera, 0.0, (Segment(window.start, window.now),), (), f"{camera} 无录像")
    oldest = min(segment.start for segment in stretches)
    # the last stretch is still being written: what is younger than the tolerance is no gap
    end = window.now - window.tolerance
    gaps = [
        gap for gap in gaps_of(stretches, min(oldest, window.start), end) if _length(gap) > window.tolerance
    ]
    plays = [recorder.play(channel, at) for at in _instants(stretches, camera, oldest, window)]
    unplayable = [play.asked for play in plays if not _played(play)]
    days, because = _days(camera, oldest, gaps, unplayable, window)
    inside = tuple(Segment(max(gap.start, window.start), gap.end) for gap in gaps if gap.end > window.start)
    return ChannelFinding(camera, days, inside, tuple(plays), because)


def _days(
    camera: str, oldest: datetime, gaps: list[Segment], unplayable: list[datetime], window: Window
) -> tuple[float, str]:
    """Days proven, back from now: to the oldest picture, or to a younger gap or instant that did not play."""
    inner = [gap for gap in gaps if gap.start >= oldest]
    proven = max([oldest, *(gap.end for gap in inner), *unplayable])
    counting = [gap for gap in inner if gap.end > window.start]
    because = []
    if counting:
        missing = sum(_length(gap).total_seconds() for gap in counting) / 3600
        because.append(f"{camera} 应保存期内缺录 {len(counting)} 段，共 {missing:.2f} h")
    if unplayable:
        because.append(
            f"{camera} {len(unplayable)} 个时刻列出却不能回放，最近 {max(unplayable):%Y-%m-%d %H:%M:%SZ}"
        )
    return max(0.0, (window.now - proven).total_seconds() / _DAY), "；".join(because)


def _instants(stretches: Sequence[Segment], camera: str, oldest: datetime, window: Window) -> list[datetime]:
    """The oldest listed instant, the edge of the window, and a sample drawn from the plan's seed."""
    draw = random.Random(f"{window.seed}/{camera}")  # noqa: S311 - reproducible on purpose
    inside = sorted(
        (one for one in stretches if one.end > window.start and one.start < window.now),
        key=lambda one: one.start,
    )
    first = min(stretches, key=lambda one: one.start)
    chosen = [oldest + min(_EDGE, _length(first) / 2)]
    if oldest < window.start and inside:
        begin, end = max(inside[0].start, window.start), min(inside[0].end, window.now)
        chosen.append(begin + min(_EDGE, (end - begin) / 2))
    long = [one for one in inside if _length(one) > 2 * _EDGE]
    for _ in range(window.samples if long else 0):
        one = draw.choices(long, [_length(stretch).total_seconds() for stretch in long])[0]
        begin, end = max(one.start, window.start) + _EDGE, min(one.end, window.now) - 2 * _EDGE
        if end > begin:
            chosen.append(begin + (end - begin) * draw.random())
    return sorted(chosen)


def _real(segments: Sequence[Segment]) -> list[Segment]:
    """The segments that hold something; after its clock was set back a recorder may list backward ones."""
    return [one for one in segments if one.end > one.start]


def _played(play: Playback) -> bool:
    """Frames came, were decoded, and bear the time that was asked for."""
    if play.refused or not play.decoded or play.first is None:
        return False
    return abs((play.first - play.asked).total_seconds()) <= _RIGHT_TIME_S


def _length(segment: Segment) -> timedelta:
    return segment.end - segment.start


def _gap_table(findings: Sequence[ChannelFinding]) -> bytes:
    rows = [
        (finding.camera, _iso(gap.start), _iso(gap.end), f"{_length(gap).total_seconds():.0f}")
        for finding in findings
        for gap in finding.gaps
    ]
    return _csv(("摄像机", "缺录开始(UTC)", "缺录结束(UTC)", "时长/s"), rows)


def _play_table(findings: Sequence[ChannelFinding]) -> bytes:
    rows = [
        (
            finding.camera,
            _iso(play.asked),
            _iso(play.first) if play.first else "",
            str(play.decoded),
            "是" if _played(play) else "否",
            play.refused,
        )
        for finding in findings
        for play in finding.plays
    ]
    return _csv(("摄像机", "请求时刻(UTC)", "画面时刻(UTC)", "解码帧数", "可回放", "设备答复"), rows)


def _csv(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
