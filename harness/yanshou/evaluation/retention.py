# SPDX-License-Identifier: Apache-2.0
"""Retention of recordings: what is listed, what is missing, and what really plays.

A list alone proves nothing: what counts is its playback (:mod:`yanshou.evaluation.playing`). A system younger
than the required retention neither fails nor passes for that: what it has kept so far is a lower bound, what
it may keep in future an estimate.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from yanshou.evaluation.coverage import Gap, by_day, completeness
from yanshou.evaluation.damaged import left_out_of
from yanshou.evaluation.holding import SHORT_SHARE, Holding, TimeLine, UnclearList, Window
from yanshou.evaluation.playing import ComparedPlaybacks, PlaybackProof, Proof
from yanshou.evaluation.projection import Projection
from yanshou.evaluation.tables import gap_table, iso, play_table
from yanshou.metrology import evaluated, rectangular, without_value
from yanshou.model import FigureKind, Measurement, Reservation, Reserve

_MOST_STOPPED = 0.1  # of the required time; the rest has to show the retention
_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class ChannelFinding:
    """One camera: retained days, the gaps in the window, and what the playbacks proved.

    ``bound`` says that the days are a lower bound, because the camera was put into use no earlier.
    ``complete`` is the recorded part of the scheduled time, 0 to 1. ``clocked`` says that a clock was read in
    the pictures of different days. ``stopped_d`` are the days of the required time that were not recorded and
    are excused by declared maintenance. ``lenient`` says that the short gaps do not count only because more
    of them than usual was agreed.
    """

    camera: str
    days: float
    gaps: tuple[Gap, ...]
    plays: tuple[PlaybackProof, ...]
    because: str
    bound: bool = False
    complete: float | None = 0.0
    covered: tuple[float | None, ...] = ()
    undecided: bool = False
    recoded: bool = False
    clocked: bool = True
    stopped_d: float = 0.0
    lenient: bool = False

    @property
    def damaged(self) -> int:
        """How many of the played pictures were damaged, and left out."""
        return sum(one.play.damaged for one in self.plays)

    @property
    def unproved(self) -> bool:
        """Whether there are pictures whose time nothing proves."""
        return any(one.proof is Proof.NO_TIME for one in self.plays)


@dataclass(frozen=True, slots=True)
class Retention:
    """The measurement and the tables behind it (file name to CSV in UTF-8 with mark)."""

    measurement: Measurement
    tables: dict[str, bytes]


def retained(
    device: str,
    holding: Holding,
    findings: Sequence[ChannelFinding],
    window: Window,
    *,
    estimate: Projection | None = None,
    read_on_screen: Collection[str] = (),
    viewed: Collection[str] = (),
) -> Retention:
    """The retained days of the recorder ``device``: those of its worst camera, in days (d).

    ``estimate`` says what its disks may hold one day; ``read_on_screen`` are the cameras whose on-screen time
    was read in what was played, ``viewed`` those whose live picture it was compared with.
    """
    worst = _worst(findings, window)
    budget = [rectangular("clock of the recorder", holding.clock_s / _DAY, "read when it was asked")]
    measurement = evaluated(
        "recording_retention",
        device,
        worst.days if worst else None,
        "d",
        sum(len(finding.plays) for finding in findings),
        budget,
        statistic="min",
        at_least=worst.days if worst and worst.bound else None,
        invalid=_unproved(findings, worst, window),
        reservations=_reservations(findings, viewed, window),
        deviations=tuple(_deviations(findings, read_on_screen, viewed)),
        details=_details(findings, worst, estimate, holding, window),
    )
    return Retention(
        measurement,
        {
            "gaps.csv": gap_table((one.camera, one.gaps) for one in findings),
            "playback.csv": play_table(findings),
        },
    )


def unclear_retention(device: str, unclear: UnclearList) -> Retention:
    """No value, and the reason: a list that cannot be read completely never counts as one without gaps."""
    return Retention(
        without_value(
            "recording_retention",
            device,
            "d",
            f"录像清单有无法解析的内容，是否缺录不明：{unclear.what}",
            statistic="min",
        ),
        {},
    )


def unrecorded(camera: str, line: TimeLine, now: datetime) -> ChannelFinding:
    """The finding for a camera of which nothing is recorded."""
    return ChannelFinding(camera, 0.0, (Gap(line.start, now),), (), f"{camera} 无录像")


def channel_finding(
    camera: str, line: TimeLine, compared: ComparedPlaybacks, now: datetime, window: Window
) -> ChannelFinding:
    """The finding for one camera, from its time line and its playbacks; ``now`` as the recorder labels."""
    oldest, plays = line.stretches[0].start, compared.plays
    days, because = _days(camera, line, plays, window, now)
    begun = line.begun
    young = (
        begun is not None and begun > line.start and oldest <= begun + timedelta(days=1) + window.tolerance
    )
    if young and begun is not None:  # recordings before the duty began prove nothing: their gaps are excused
        days = min(days, (now - begun).total_seconds() / _DAY)
    first = line.start.replace(hour=0, minute=0, second=0, microsecond=0)
    return ChannelFinding(
        camera,
        days,
        line.inside,
        plays,
        because,
        bound=young and not because,
        complete=completeness(line.inside, line.start, line.end),
        covered=tuple(by_day(line.inside, first, (now - first).days + 1, line.start, line.end)),
        undecided=compared.undecided,
        recoded=compared.recoded,
        clocked=_clocked(plays),
        lenient=line.excused and line.short_s > SHORT_SHARE * (line.end - line.start).total_seconds(),
        stopped_d=sum(one.seconds for one in line.inside if one.excuse and one.start >= (begun or line.start))
        / _DAY,
    )


def _clocked(plays: Sequence[PlaybackProof]) -> bool:
    """Whether the clock in the pictures says when they were taken: in most of them, over most of the time.

    Without it a loop that does not come round at the same time of day looks like real days: no two pictures
    that are played need be the same.
    """
    proving = [one for one in plays if one.proof is Proof.RIGHT]
    read = [one.play.asked for one in proving if one.osd is not None]
    if 2 * len(read) <= len(proving):
        return False
    asked = [one.play.asked for one in proving]
    return 2 * (max(read) - min(read)) >= max(asked) - min(asked)


def _days(
    camera: str, line: TimeLine, plays: Sequence[PlaybackProof], window: Window, now: datetime
) -> tuple[float, str]:
    """Days proven, back from now: to the oldest picture, or to a later gap or instant that did not play."""
    oldest = line.stretches[0].start
    tolerance = window.tolerance.total_seconds() if line.excused else 0.0
    inner = [gap for gap in line.gaps if gap.start >= oldest and not gap.excuse and gap.seconds > tolerance]
    failed = [one for one in plays if one.proof not in (Proof.RIGHT, Proof.NO_TIME)]
    proven = max([oldest, *(gap.end for gap in inner), *(one.play.asked for one in failed)])
    counting = [gap for gap in inner if gap.end > line.start]
    because = []
    if not line.excused:
        because.append(
            f"{camera} 不超过 {window.tolerance.total_seconds():g} s 的缺录合计 {line.short_s / 3600:.2f} h，"
            f"超过应保存期的 {100 * window.short_share:g} %，一并计入"
        )
    if counting:
        missing = sum(gap.seconds for gap in counting) / 3600
        because.append(f"{camera} 应保存期内缺录 {len(counting)} 段，共 {missing:.2f} h")
    for proof in (Proof.NOTHING, Proof.DAMAGED, Proof.WRONG_TIME, Proof.WRONG_CHANNEL, Proof.COPY):
        times = [one.play.asked for one in failed if one.proof is proof]
        if times:
            whose = next((f"（{one.shown_by}）" for one in failed if one.proof is proof and one.shown_by), "")
            because.append(f"{camera} {len(times)} 个时刻列出但{proof.value}{whose}，最近 {iso(max(times))}")
    return max(0.0, (now - proven).total_seconds() / _DAY), "；".join(because)


def _worst(findings: Sequence[ChannelFinding], window: Window) -> ChannelFinding | None:
    """The camera that decides for the recorder.

    One that lost recordings comes before one that is merely young, unless it keeps enough for every limit
    that the young one cannot meet yet.
    """
    hard = min((one for one in findings if not one.bound), key=lambda one: one.days, default=None)
    young = min((one for one in findings if one.bound), key=lambda one: one.days, default=None)
    if hard is None or young is None:
        return hard or young
    return hard if hard.days < window.least() or hard.days <= young.days else young


def _unproved(findings: Sequence[ChannelFinding], worst: ChannelFinding | None, window: Window) -> str:
    """Why nothing may be judged: the time of pictures is unproven, and without them nothing fails."""
    if worst is None or (worst.days < window.least() and not worst.bound):
        return ""
    silent = [one.camera for one in findings if one.unproved]
    still = [one.camera for one in findings if one.undecided]
    stopped = [one.camera for one in findings if one.complete is None and not one.bound]
    return "；".join(
        f"{'、'.join(cameras[:8])} {reason}"
        for cameras, reason in (
            (silent, "的回放画面不带时间标记（0xABAC），画面时间未证实"),
            (still, "各日的回放画面逐比特相同且本身静止，不能证明为各日所录"),
            (stopped, "应保存期内全部为申报的停录，没有可检测的录像"),
        )
        if cameras
    )


def _reservations(
    findings: Sequence[ChannelFinding], viewed: Collection[str], window: Window
) -> tuple[Reservation, ...]:
    """Why the days are proved conditionally at best.

    A copied day, a loop, or another channel would look the same; of long stops nothing could be played.
    """
    stopped = [one.camera for one in findings if one.stopped_d > _MOST_STOPPED * window.days]
    idle = f"申报的停录超过应保存期的 {100 * _MOST_STOPPED:g} %，其间无录像可检"
    copied = [one.camera for one in findings if one.recoded]
    clockless = [one.camera for one in findings if one.plays and not one.clocked]
    lenient = [one.camera for one in findings if one.lenient]
    many = f"短缺录合计超过应保存期的 {100 * SHORT_SHARE:g} %，按约定的 {100 * window.short_share:g} % 未计入"
    still = "各日同一钟点的画面相同而噪声不可比，看不出是否由一日的录像重新编码而成"
    timeless = "回放画面中未识读到足够的叠加时间，看不出是否循环播放同一段录像（叠加时间的摄像机须注明 osd）"
    other = sorted(_unclear(findings).intersection(viewed))
    unlike = "没有一处回放画面能看出与该摄像机的实时画面同一视场，不能排除是其他通道的录像"
    lapsed = [one.camera for one in findings if any(play.lapses for play in one.plays)]
    gone = "回放中途的画面静止数秒或无内容（黑屏等），首尾画面正常，看不出其间是否录有画面"
    broken = [
        one.camera
        for one in findings
        if any(play.play.damaged and play.proof is not Proof.DAMAGED for play in one.plays)
    ]
    torn = "回放的画面有损坏的（未采用），其余画面正常，其间的录像是否完整未证实"
    reasons = (
        (copied, still),
        (broken, torn),
        (clockless, timeless),
        (other, unlike),
        (lapsed, gone),
        (stopped, idle),
        (lenient, many),
    )
    return tuple(
        Reservation(Reserve.UNPROVEN, f"{'、'.join(cameras[:8])} {reason}")
        for cameras, reason in reasons
        if cameras
    )


def _unclear(findings: Sequence[ChannelFinding]) -> set[str]:
    """The cameras of which no played picture was recognised as their own view."""
    return {
        one.camera for one in findings if one.plays and all(play.view.value != "own" for play in one.plays)
    }


def _deviations(
    findings: Sequence[ChannelFinding], read_on_screen: Collection[str], viewed: Collection[str]
) -> list[str]:
    plays = [(finding.camera, one) for finding in findings for one in finding.plays]
    unclear = sorted(_unclear(findings).difference(viewed))
    illegible = sorted({*read_on_screen} & {camera for camera, _ in plays} - _legible(plays))
    return [
        f"{reason}：{'、'.join(cameras[:8])}"
        for reason, cameras in (("画面未能证实通道对应", unclear), ("回放画面的叠加时间未能识读", illegible))
        if cameras
    ]


def _legible(plays: Iterable[tuple[str, PlaybackProof]]) -> set[str]:
    """The cameras whose on-screen time could be read in a played picture."""
    return {camera for camera, one in plays if one.osd is not None}


def _details(
    findings: Sequence[ChannelFinding],
    worst: ChannelFinding | None,
    estimate: Projection | None,
    holding: Holding,
    window: Window,
) -> dict[str, object]:
    because = [worst.because] if worst and worst.because else []
    because += left_out_of({one.camera: one.damaged for one in findings})
    if worst and worst.bound:
        because.append(f"投用不足 {window.days:g} d，投用以来 {worst.days:.1f} d 全程有录像")
        because.append(estimate.text if estimate else "未推算")
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
        "damaged": {one.camera: one.damaged for one in findings if one.damaged},
        "remarks": list(holding.remarks)[:20],
        "estimate": estimate.numbers() if estimate else None,
        "figure": {
            "kind": FigureKind.RETENTION_MAP,
            "first_day": start.date().isoformat(),
            "cameras": [one.camera for one in findings],
            "covered": [list(one.covered) for one in findings],
            "failed": failed[:500],
            "required_d": sorted(window.limits or (window.days,)),
        },
    }
