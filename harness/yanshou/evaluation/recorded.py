# SPDX-License-Identifier: Apache-2.0
"""Properties of played recordings: completeness, picture size, frame rate, and sameness of exports.

One instant of each camera is drawn from the plan's seed; the worst camera is the recorder's figure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from yanshou.evaluation.coverage import Gap, completeness
from yanshou.evaluation.damaged import left_out_of, mostly_broken, partly_broken
from yanshou.evaluation.holding import Holding, UnclearList, Window, seams_of, time_line
from yanshou.evaluation.own_pixels import own_pixels
from yanshou.evaluation.playing import (
    RIGHT_TIME_S,
    Asked,
    PlaybackProof,
    PlaybackReason,
    Proof,
    before_seams,
    begins_elsewhen,
    holder,
    instants,
    is_of_other_track,
)
from yanshou.evaluation.tables import as_csv, gap_table, iso
from yanshou.evaluation.taken_anew import changed_rate, repeats, unmoved
from yanshou.metrology import evaluated, inherent, logical, rectangular, without_value
from yanshou.model import FigureKind, Measurement, Reservation, Reserve, RigFault
from yanshou.model.recording import Playback, RecordedChannel

_FEW = 2
_AGREE = 0.02
_UNSIGNED = "未查验码流签名（GB 35114 B、C 级）"


@dataclass(frozen=True, slots=True)
class Drawn:
    """An instant drawn for a camera, and the recording that holds it.

    ``labelled_ahead`` is by how much the recorder's labels, and with them ``at``, are ahead of UTC.
    """

    camera: str
    channel: RecordedChannel
    at: datetime
    labelled_ahead: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class DrawnPlay:
    """The result of playing a drawn instant, and what its pictures prove; None: nobody looked at them."""

    drawn: Drawn
    play: Playback
    proof: PlaybackProof | None = None


def played_instead(one: DrawnPlay) -> str:
    """What was played instead of what was asked for, in words; empty if nothing says so."""
    camera, first = one.drawn.camera, one.play.first
    if first is not None and begins_elsewhen(one.play):
        return f"{camera} 请求 {iso(one.drawn.at)} 的录像，回放的画面标记为 {iso(first)}"
    if is_of_other_track(one.play, one.drawn.channel):
        return f"{camera} 回放的轨道 {one.play.track} 不是其视频轨道"
    if one.proof is None:
        return ""
    if one.proof.proof is Proof.WRONG_CHANNEL:
        return f"{camera} 回放的画面与 {one.proof.shown_by} 的实时画面同一视场"
    if one.proof.proof is Proof.WRONG_TIME:
        if one.proof.osd is None:
            return f"{camera} 请求 {iso(one.drawn.at)} 的录像，回放画面中的时钟不是请求的时间"
        return f"{camera} 请求 {iso(one.drawn.at)} 的录像，回放画面中的时钟为 {iso(one.proof.osd)}"
    return ""


def undated(one: DrawnPlay) -> str:
    """Why nothing says when what was played was recorded; empty if something does."""
    if one.proof is None or one.proof.proof is not Proof.NO_TIME:
        return ""
    return f"{one.drawn.camera} 的回放画面不带时间标记，也未识读到叠加时间，不能证明是请求的录像"


def _other_than_asked(played: Sequence[DrawnPlay]) -> tuple[Reservation, ...]:
    """Why what was played may not be the recording that was asked for."""
    reasons = (played_instead(one) or undated(one) for one in played)
    return tuple(Reservation(Reserve.UNPROVEN, why) for why in dict.fromkeys(reasons) if why)


@dataclass(frozen=True, slots=True)
class ExportedTwice:
    """Two exports of one drawn period."""

    first: DrawnPlay
    second: DrawnPlay


@dataclass(frozen=True, slots=True)
class Exports:
    """Whether each period, exported twice, was the same to the byte.

    ``unproven`` says why what was exported may not be, or not all be, the recording that was asked for.
    """

    same: bool
    n: int
    because: str
    table: bytes
    damaged: tuple[str, ...] = ()
    unproven: tuple[Reservation, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    camera: str
    gaps: tuple[Gap, ...]
    share: float | None


def drawn_instants(device: str, holding: Holding, window: Window) -> list[Drawn]:
    """One instant of each camera; RigFault if a camera has nothing to play."""
    return [_drawn(device, camera, holding, window) for camera in window.cameras]


def _drawn(device: str, camera: str, holding: Holding, window: Window) -> Drawn:
    line = time_line(camera, holding, window)
    if not line.stretches:
        raise RigFault(f"has no recording of {camera} to look at.", device=device, final=True)
    seed = f"{window.seed}/{camera}/look"
    asked = instants(line.stretches, start=line.start, end=line.end, seed=seed, samples=1)
    at = next((one.at for one in asked if one.why is PlaybackReason.SAMPLE), asked[-1].at)
    return Drawn(camera, holder(holding.lines[camera], at), at, holding.now - window.now)


def unclear_completeness(device: str, unclear: UnclearList) -> Measurement:
    """No value, and the reason: unreadable entries of a list may be gaps."""
    why = f"录像清单有无法解析的内容，是否缺录不明：{unclear.what}"
    return without_value("record_completeness", device, "%", why)


def record_completeness(
    device: str, holding: Holding, window: Window, open_ends: Sequence[str]
) -> tuple[Measurement, bytes]:
    """Recorded part of the scheduled time of the window in %, of the worst camera, and the table of gaps.

    ``open_ends`` are the cameras where recording began again without a reported end and the time before does
    not play: how much is missing there is unknown.
    """
    lines = [_line(camera, holding, window) for camera in window.cameras]
    known = [one for one in lines if one.share is not None]
    worst = min(known, key=lambda one: one.share or 0.0, default=None)
    start = holding.now - timedelta(days=window.days)
    edges = 2 * sum(not gap.excuse for gap in worst.gaps) if worst else 0
    scheduled = (holding.now - start).total_seconds()
    budget = [
        rectangular("edges of the list", 100 * math.sqrt(max(1, edges)) / scheduled, "1 s each, independent")
    ]
    value = 100 * worst.share if worst and worst.share is not None else None
    short = sum(gap.seconds for gap in worst.gaps if not gap.excuse) if worst else 0.0
    measurement = evaluated(
        "record_completeness",
        device,
        value,
        "%",
        len(known),
        budget,
        statistic="min",
        invalid=f"{'、'.join(open_ends[:8])} 未停止而重新开始录像，之前的一段不能回放，缺录长度不明"
        if open_ends
        else "",
        details={
            "because": f"{worst.camera} 缺录共 {short / 3600:.2f} h" if worst and short else "",
            "channels": {one.camera: one.share for one in lines},
            "remarks": list(holding.remarks)[:20],
            "figure": _gap_figure(lines, start, holding.now),
        },
    )
    return measurement, gap_table((one.camera, one.gaps) for one in lines)


def asked_at_seams(camera: str, holding: Holding, window: Window) -> list[Asked]:
    """What to play to learn whether recording had ceased where it began again inside the window."""
    line = time_line(camera, holding, window)
    seams = [one for one in seams_of(holding, camera) if line.start < one < line.end]
    return before_seams(line.stretches, seams, window.seed)


def _line(camera: str, holding: Holding, window: Window) -> _Line:
    line = time_line(camera, holding, window)
    return _Line(camera, line.inside, completeness(line.inside, line.start, line.end))


def _gap_figure(lines: Sequence[_Line], start: datetime, end: datetime) -> dict[str, object]:
    """Gaps as days from the start: where they lie and how long they are."""
    rows = [
        [number, (gap.start - start).total_seconds() / 86_400, gap.seconds, bool(gap.excuse)]
        for number, one in enumerate(lines)
        for gap in one.gaps
    ]
    rows.sort(key=lambda row: -float(str(row[2])))
    return {
        "kind": FigureKind.RECORDING_GAPS,
        "start": iso(start),
        "days": (end - start).total_seconds() / 86_400,
        "cameras": [one.camera for one in lines],
        "gaps": rows[:2000],
    }


def recorded_pixels(device: str, played: Sequence[DrawnPlay]) -> Measurement:
    """The counting pixels of a decoded picture of each camera's recording; the smallest, in px."""
    sizes, own = {}, {}
    for one in played:
        picture = one.play.picture
        if picture is None:
            raise RigFault(f"no picture of {one.drawn.camera} could be decoded.", device=device)
        sizes[one.drawn.camera] = [picture.shape[1], picture.shape[0]]
        own[one.drawn.camera] = own_pixels(picture, one.play.qp)
    camera = min(own, key=lambda name: (own[name].pixels, own[name].value is not None))
    unproven = {reservation: None for one in own.values() for reservation in one.reservations}
    width, height = sizes[camera]
    return inherent(
        "recorded_pixels",
        device,
        own[camera].value,
        "px",
        len(sizes),
        statistic="min",
        at_most=own[camera].at_most,
        reservations=(*unproven, *_other_than_asked(played)),
        details={
            "because": "；".join(
                part
                for part in (
                    f"{camera} {width}×{height}",
                    own[camera].because,
                    *left_out_of({one.drawn.camera: one.play.damaged for one in played}),
                )
                if part
            ),
            "sizes": sizes,
        },
    )


def recorded_frame_rate(device: str, played: Sequence[DrawnPlay], asked_s: float) -> Measurement:
    """(N-1) whole frames over the span of their RTP time stamps, of the slowest camera, in fps.

    The UTC stamped on the frames must agree, no packet may be lost on the way, and most pictures must differ
    from the one before, and at least half of ``asked_s`` seconds that are listed must come, on every camera;
    else it is invalid.
    """
    played = [_within(one, asked_s) for one in played]
    plays = {one.drawn.camera: one.play for one in played}
    rates = {one.drawn.camera: _rate(one.play, one.drawn) for one in played}
    camera = min(rates, key=lambda name: rates[name][0])
    rate, by_utc, frames = rates[camera]
    budget = [rectangular("one frame more or less", rate / frames, f"±1 of {frames} frames")]
    disagree = by_utc is not None and abs(by_utc - rate) > _AGREE * rate + rate / frames
    torn = sum(not frame.complete for frame in plays[camera].frames_played)
    lossy = f"{camera} 回放途中丢包，{torn} 帧不完整，不能归于录像" if torn else ""
    apart = f"{camera} 时间戳帧率 {rate:.3f} 与标记时间帧率 {by_utc:.3f} 不一致" if disagree else ""
    padded = {name: why for name, play in plays.items() if (why := repeats(play.distinct))}
    alike = "；".join(f"{name} 录像{why}" for name, why in list(padded.items())[:8])
    broken = {name: why for name, play in plays.items() if (why := mostly_broken(play.damaged, play.decoded))}
    torn_apart = "；".join(f"{name} 录像{why}" for name, why in list(broken.items())[:8])
    sped = "；".join(
        f"{name} 应答以 {play.scale:g} 倍速回放（未要求），所发不是全部画面"
        for name, play in plays.items()
        if play.scale != 1
    )
    short = "；".join(why for one in played if (why := _ends_early(one, asked_s)))
    because = "；".join(
        (f"{camera} 最低", *left_out_of({name: play.damaged for name, play in plays.items()}))
    )
    return evaluated(
        "recorded_frame_rate",
        device,
        rate,
        "fps",
        frames,
        budget,
        statistic="min",
        invalid=sped or lossy or apart or torn_apart or alike or short,
        reservations=(
            *{one: None for play in plays.values() for one in _reserved(play)},
            *_other_than_asked(played),
        ),
        details={"because": because, "channels": {name: one[0] for name, one in rates.items()}},
    )


def _within(one: DrawnPlay, asked_s: float) -> DrawnPlay:
    """The same without frames stamped beyond what was asked for: some recorders jump over a gap to them."""
    beyond = one.drawn.at + timedelta(seconds=asked_s + RIGHT_TIME_S)
    kept = tuple(frame for frame in one.play.frames_played if frame.utc is None or frame.utc <= beyond)
    return replace(one, play=replace(one.play, frames_played=kept))


def _ends_early(one: DrawnPlay, asked_s: float) -> str:
    """Why too little was played of what is listed from the drawn instant on; empty if it is enough."""
    listed_s, played_s = _spans(one, asked_s)
    if played_s >= listed_s / 2:
        return ""
    return f"{one.drawn.camera} 请求回放 {listed_s:.0f} s，只有 {played_s:.1f} s，不足以得出帧率"


def _cut(one: DrawnPlay, asked_s: float) -> str:
    """Why an export is not all of the period; empty if it is most of it."""
    listed_s, played_s = _spans(one, asked_s)
    if played_s >= listed_s / 2:
        return ""
    return f"{one.drawn.camera} 请求导出 {listed_s:.0f} s，只有 {played_s:.1f} s，其余未比较"


def _spans(one: DrawnPlay, asked_s: float) -> tuple[float, float]:
    """How much is listed of ``asked_s`` from the drawn instant on, and how much of it was played, in s."""
    at, play = one.drawn.at, one.play
    ends = (segment.end for segment in one.drawn.channel.segments if segment.start <= at < segment.end)
    listed_s = min([asked_s, *((end - at).total_seconds() for end in ends)])
    played_s = (play.frames_played[-1].rtp_ticks - play.frames_played[0].rtp_ticks) / play.clock_rate
    return listed_s, played_s


def _reserved(play: Playback) -> tuple[Reservation, ...]:
    """Why the rate of one playback is proved conditionally at best."""
    times = [frame.rtp_ticks / play.clock_rate for frame in play.frames_played if frame.complete]
    return (
        *unmoved(play.distinct),
        *changed_rate(times),
        *partly_broken(play.damaged, play.decoded),
    )


def _rate(play: Playback, drawn: Drawn) -> tuple[float, float | None, int]:
    """Frames a second by RTP time, by the frames' own UTC, and how many whole frames there were."""
    whole = [frame for frame in play.frames_played if frame.complete]
    ticks = play.frames_played[-1].rtp_ticks - play.frames_played[0].rtp_ticks if play.frames_played else 0
    if len(whole) < _FEW or ticks <= 0:
        raise RigFault(f"the recording of {drawn.camera} brings no frames that could be counted.")
    stamps = [frame.utc for frame in play.frames_played if frame.utc is not None]
    span = (stamps[-1] - stamps[0]).total_seconds() if len(stamps) == len(play.frames_played) else 0.0
    by_utc = (len(whole) - 1) / span if span > 0 else None
    return (len(whole) - 1) * play.clock_rate / ticks, by_utc, len(whole)


def exports(device: str, exported: Sequence[ExportedTwice], asked_s: float) -> Exports:
    """Compare the digests of the coded frames of two exports of each period.

    RigFault if packets were lost, or one export only ended before the other, which is no alteration.
    """
    rows, different = [], []
    for pair in exported:
        one, first, second = pair.first.drawn, pair.first.play, pair.second.play
        if not first.sha256 or not second.sha256:
            raise RigFault(f"the export of {one.camera} lost packets.", device=device)
        if _cut_short(first, second):
            raise RigFault(
                f"two exports of {one.camera} are alike, and one ended early: {first.frames} and "
                f"{second.frames} frames.",
                device=device,
                remedy="Export again when the recorder and this computer have less to do.",
            )
        same = first.sha256 == second.sha256
        different += [] if same else [one.camera]
        rows.append(
            (
                one.camera,
                iso(one.at),
                str(first.frames),
                str(first.damaged),
                first.sha256,
                second.sha256,
                "是" if same else "否",
            )
        )
    table = as_csv(
        ("摄像机", "起始时刻(UTC)", "帧数", "损坏帧数", "第一次 SHA-256", "第二次 SHA-256", "一致"), rows
    )
    because = f"{'、'.join(different)} 两次导出不一致" if different else ""
    damaged = left_out_of({pair.first.drawn.camera: pair.first.play.damaged for pair in exported})
    both = [one for pair in exported for one in (pair.first, pair.second)]
    short = dict.fromkeys(why for one in both if (why := _cut(one, asked_s)))
    cut = tuple(Reservation(Reserve.UNPROVEN, why) for why in short)
    return Exports(not different, len(rows), because, table, tuple(damaged), (*_other_than_asked(both), *cut))


def _cut_short(first: Playback, second: Playback) -> bool:
    """Whether one of two exports is the beginning of the other."""
    common = min(len(first.frames_played), len(second.frames_played))
    if first.frames == second.frames or not common:
        return False
    one, other = first.frames_played[common - 1].sha256, second.frames_played[common - 1].sha256
    return bool(one) and one == other


def recording_unaltered(device: str, found: Exports) -> Measurement:
    """Whether two exports of one period agree.

    A signature in the stream is not examined, a stated deviation.
    """
    return logical(
        "recording_unaltered",
        device,
        conforms=found.same,
        n=found.n,
        deviations=(_UNSIGNED,),
        reservations=found.unproven,
        details={"because": "；".join(filter(None, (found.because, *found.damaged)))},
    )
