# SPDX-License-Identifier: Apache-2.0
"""Frame rate and resolution from one RTSP session."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from yanshou.evaluation.damaged import mostly_broken, partly_broken
from yanshou.evaluation.delay import histogram
from yanshou.evaluation.network import beside_the_stream, bitrate, interval_figure, own_reception
from yanshou.evaluation.own_pixels import own_pixels
from yanshou.evaluation.taken_anew import changed_rate, repeats, resized, scattered, unmoved
from yanshou.metrology import (
    Budget,
    evaluated,
    inherent,
    logical,
    percentile,
    rectangular,
    with_budget,
    without_value,
)
from yanshou.metrology.packets import regularity
from yanshou.metrology.utc import OffsetBracket, UtcReference
from yanshou.model import FigureKind, Measurement, Reservation, Reserve, RigFault
from yanshou.model.stream import FrameStamp, SecondReading, StreamCapture, StreamDeclaration

_READERS_AGREE = 0.05
_BEHIND_S = 0.5  # more than the buffers of a path and a reader that keeps up hold back
_CHANCE = 3.0  # standard deviations of the number of randomly dropped frames, between two sessions
_OVER = 1.1  # above a declared bitrate, before it counts as exceeded
_AGREE = 0.02  # permitted difference between the rate by arrival and by time stamp
_FEW = 2
_CLOCKS = 3e-4  # largest difference between the quartz of a camera and that of a computer
_CLAIM = 0.01
_WILD_S = 2.0
_ENDS = 10  # multiples of the reordering depth: with fewer frames their ends cannot be cut off
_SHOWN_GOPS = 8
_REPORT_S = 1e-3
_SHOWN_AGES = 1000
_OLD_S = 60.0
_QUIET_S, _QUIET_FRAMES = 0.5, 3  # a stream silent for longer than both at the end has stopped


def frame_rate(
    device: str,
    capture: StreamCapture,
    declared: StreamDeclaration | None = None,
    second: SecondReading | None = None,
    here: UtcReference | None = None,
) -> Measurement:
    """Received frames per second: (N-1) whole frames over the span of all RTP time stamps, in fps.

    First and last stamp are exact, so no frame is added or missing. The difference between stamps and
    arrivals, beyond what their scatter explains, is U; beyond 1 % the stamps cannot be trusted and the figure
    is invalid, as for a stream that stopped early. If most pictures repeat the one before, a padded stream
    cannot be distinguished from a view in which nothing moves; where movement shows in some pictures only,
    the rate is proved conditionally at best. ``second`` is the result of another reader; if
    it disagrees, the figure is invalid. ``here`` is this computer's clock, for the age of the last frame.
    """
    capture, wild = _without_wild_stamps(capture)
    frames = [frame for frame in capture.frames if frame.complete]
    if len(frames) < _FEW:
        return _no_stream("live_frame_rate", device, "fps", capture)
    # incomplete frames do not count, but their time does: losses at the end must not raise the rate
    capture, frames = _in_order_shown(capture, frames)
    stamps = [frame.rtp_ticks for frame in capture.frames]
    ticks, arrived = max(stamps) - min(stamps), capture.frames[-1].arrival - capture.frames[0].arrival
    if stamps[-1] <= stamps[0] or arrived <= 0:  # the other facts of the session are still true
        untimed = _no_stream("live_frame_rate", device, "fps", capture, "时间戳不前进")
        return replace(untimed, details={**untimed.details, **stream_facts(capture, declared, here)})
    rate = (len(frames) - 1) * capture.clock_rate / ticks
    by_arrival = (len(frames) - 1) / arrived
    off, scatter = clocks_apart(capture)
    deviation = abs(off) if abs(off) > _CLOCKS + scatter else 0.0
    delivered = rate / (1 + off)
    invalid = f"时间戳帧率 {rate:.3f} 与到达帧率 {delivered:.3f} 不一致" if deviation > _CLAIM else ""
    counted = inherent(
        "live_frame_rate",
        device,
        rate,
        "fps",
        len(frames),
        invalid=invalid
        or mostly_broken(*_broken(capture))
        or repeats(capture.distinct)
        or capture.stopped_early
        or own_reception(capture)
        or _quiet(capture, rate)
        or _contradicted(capture, second, declared),
        reservations=(*_unproved(capture, frames, scatter), *_unchecked(capture, second, declared)),
        deviations=(*_passed_over(declared), *wild),
        details={
            "by_arrival_fps": by_arrival,
            "packets": capture.packets,
            "lost": capture.lost,
            **_with_its_reach(capture, arrived),
            **_second(second),
            **stream_facts(capture, declared, here),
        },
    )
    apart = rectangular("time stamps against arrivals", (deviation + scatter) * rate, "slope and scatter")
    return with_budget(counted, [apart]) if deviation else counted


def _with_its_reach(capture: StreamCapture, watched_s: float) -> dict[str, object]:
    """What else came, and what no window shows of stored pictures: the result says so, whatever it is."""
    beside = beside_the_stream(capture)
    reach = (
        f"画面是否实时只在所观察的 {watched_s:.0f} s 内核对：更长的循环播放、仅在画面静止时重复的画面不能识别"
    )
    return {**beside, "because": "；".join(filter(None, (str(beside.get("because", "")), reach)))}


def _unproved(
    capture: StreamCapture, frames: Sequence[FrameStamp], scatter: float
) -> tuple[Reservation, ...]:
    """Why the number of whole ``frames`` is proved conditionally at best."""
    sizes = capture.bitstream.sizes if capture.bitstream else ()
    times = [one.rtp_ticks / capture.clock_rate for one in frames]
    broken = partly_broken(*_broken(capture))
    seen = (*unmoved(capture.distinct), *changed_rate(times), *resized(sizes))
    return (*seen, *broken, *scattered(scatter, _CLAIM))


def _broken(capture: StreamCapture) -> tuple[int, int]:
    """How many of the pictures looked at came damaged, and how many whole.

    Where packets were lost on the way, it is the loss that is stated.
    """
    return (0 if capture.lost else capture.damaged), capture.distinct.decoded if capture.distinct else 0


def _in_order_shown(
    capture: StreamCapture, frames: list[FrameStamp]
) -> tuple[StreamCapture, list[FrameStamp]]:
    """For pictures sent in another order than shown: without those at both ends, which are incomplete.

    The last picture received may be shown after some that were not received.
    """
    order = sorted(range(len(capture.frames)), key=lambda index: capture.frames[index].rtp_ticks)
    shown = [capture.frames[index] for index in order]
    depth = max(abs(place - index) for place, index in enumerate(order))
    if depth == 0 or len(shown) <= _ENDS * depth:
        return capture, frames
    first, last = shown[2 * depth].rtp_ticks, shown[-1 - 2 * depth].rtp_ticks
    kept = [one for one in capture.frames if first <= one.rtp_ticks <= last]
    return replace(capture, frames=kept), [one for one in kept if one.complete]


def _without_wild_stamps(capture: StreamCapture) -> tuple[StreamCapture, tuple[str, ...]]:
    """The capture without frames whose RTP time is far from both neighbours, and a remark about them."""
    frames = capture.frames
    behind = [one.rtp_ticks / capture.clock_rate - one.arrival for one in frames]
    wild = {
        index
        for index in range(1, len(frames) - 1)
        if min(abs(behind[index] - behind[index + way]) for way in (-1, 1)) > _WILD_S
    }
    if not wild:
        return capture, ()
    kept = [one for index, one in enumerate(frames) if index not in wild]
    return replace(capture, frames=kept), (
        f"{len(wild)} 帧的时间戳与相邻各帧相差 {_WILD_S:g} s 以上，未计入",
    )


def clocks_apart(capture: StreamCapture) -> tuple[float, float]:
    """By what share the arrivals run slower than the RTP time stamps, and three times its standard error.

    It is the slope of a straight line through arrivals over stamps (least squares), minus one; the scatter of
    the frames about the line is that of the path and of pictures that are sent in another order than shown.
    """
    shown = np.array([one.rtp_ticks for one in capture.frames], np.float64) / capture.clock_rate
    came = np.array([one.arrival for one in capture.frames], np.float64)
    shown, came = shown - shown.mean(), came - came.mean()
    spread = float(shown @ shown)
    if spread == 0.0:
        return 0.0, float("inf")
    slope = float(shown @ came) / spread
    left = came - slope * shown
    error = math.sqrt(float(left @ left) / max(1, len(came) - 2) / spread)
    return slope - 1.0, _CHANCE * error


def _contradicted(
    capture: StreamCapture, second: SecondReading | None, declared: StreamDeclaration | None
) -> str:
    """Why the result is invalid: only our own reader saw it."""
    rate = _mean_rate(capture)
    if second is None or second.fps is None or rate is None or not readers_differ(capture, second, declared):
        return ""
    if second_fell_behind(capture, second, declared):
        return ""
    return f"两种读取器不一致：本机 {rate:.2f} fps，{second.reader} {second.fps:.2f} fps"


def _unchecked(
    capture: StreamCapture, second: SecondReading | None, declared: StreamDeclaration | None
) -> tuple[Reservation, ...]:
    """That the second reader did not keep up, so that nothing but our own reader saw the rate."""
    if second is None or not second_fell_behind(capture, second, declared):
        return ()
    reason = (
        f"{second.reader} 读取时落后于码流 {second.behind_s:.1f} s（本机繁忙），未收全，"
        "帧率未能由第二种读取器核对"
    )
    return (Reservation(Reserve.UNPROVEN, reason),)


def second_fell_behind(
    capture: StreamCapture, second: SecondReading, declared: StreamDeclaration | None
) -> bool:
    """Whether the second reader saw fewer pictures, and fell behind: a camera drops what is not taken."""
    rate = _mean_rate(capture)
    less = rate is not None and second.fps is not None and second.fps < rate
    return less and second.behind_s > _BEHIND_S and readers_differ(capture, second, declared)


def readers_differ(capture: StreamCapture, second: SecondReading, declared: StreamDeclaration | None) -> bool:
    """Whether both readers saw another rate.

    All frames are compared, complete or not, because the other reader conceals losses. As there are two
    sessions, the number of randomly dropped frames may differ by chance if both readers miss some.
    """
    rate = _mean_rate(capture)
    if second.fps is None or rate is None:
        return False
    seconds = (len(capture.frames) - 1) / rate
    usual = declared.frame_rate or 0.0 if declared else 0.0
    both_short = max(second.fps, rate) < (1 - _AGREE) * usual
    chance = _CHANCE * ((2 * usual - rate - second.fps) / seconds) ** 0.5 if both_short else 0.0
    return abs(second.fps - rate) > max(_READERS_AGREE * max(rate, 1.0), chance)


def _second(second: SecondReading | None) -> dict[str, object]:
    if second is None:
        return {}
    return {"second_reader": second.reader, "second_fps": second.fps, "second_why": second.why}


def stream_facts(
    capture: StreamCapture, declared: StreamDeclaration | None = None, here: UtcReference | None = None
) -> dict[str, object]:
    """Further facts of one session in plain numbers: regularity, repeats, age, coding, differences.

    The age of the last frame needs this computer's clock ``here``, depends on the camera's being right and is
    no measurement of delay; repeated pictures only show if something moves in view.
    """
    facts: dict[str, object] = {"figure": interval_figure(capture), "bitrate_mbit_s": bitrate(capture)}
    found = regularity(
        [frame.rtp_ticks for frame in capture.frames], [frame.arrival for frame in capture.frames]
    )
    facts |= {"steps_ticks": found.steps, "stalls": found.stalls, "longest_gap_s": found.longest_gap_s}
    if capture.distinct and capture.distinct.decoded > 1:
        seen = capture.distinct
        share = (seen.distinct - 1) / (seen.decoded - 1)
        facts |= {"distinct_share": share, "longest_repeat_s": seen.longest_repeat_s}
    if here and capture.reception and capture.reception.reports:
        last = capture.frames[-1]
        captured = _captured(capture, last.rtp_ticks, capture.reception.reports[-1])
        facts["age_s"] = here(last.arrival) - captured
    size, gops = _size((capture.width, capture.height)), _gops(capture)
    facts |= {"codec": capture.codec, "size": size, "gop": gops[:_SHOWN_GOPS]}
    if capture.bitstream:
        sizes = [_size(one) for one in capture.bitstream.sizes]
        facts |= {"profile": capture.bitstream.profile, "level": capture.bitstream.level, "sizes": sizes}
        facts["slices"] = capture.bitstream.slices
    if declared:
        facts["differs"] = _differences(compared(capture, declared))
    return facts


def _captured(capture: StreamCapture, rtp_ticks: int, report: tuple[float, int, int, float]) -> float:
    """When a frame was captured by a sender report: Unix seconds of the camera's clock."""
    utc, ticks, _, _ = report
    offset = (rtp_ticks - ticks + 0x8000_0000) % 0x1_0000_0000 - 0x8000_0000
    return utc + offset / capture.clock_rate


@dataclass(frozen=True, slots=True)
class ComparedProperty:
    """One property of a stream beside what is declared of it; ``same`` is None where nothing is declared."""

    what: str
    said: str
    sent: str
    same: bool | None


_NAMES = {
    "codec": "编码",
    "described": "会话描述的编码",
    "profile": "编码档次",
    "size": "分辨率",
    "rate": "帧率",
    "gop": "关键帧间隔",
    "bitrate": "码率",
}


def compared(capture: StreamCapture, declared: StreamDeclaration) -> list[ComparedProperty]:
    """Compare each property of the bitstream with what the device declares.

    Frame rate and bitrate are upper limits.
    """
    bits, sent_mbit = capture.bitstream, bitrate(capture)
    sizes = bits.sizes if bits and bits.sizes else ((capture.width, capture.height),)
    gops = _gops(capture)
    profile, most = (bits.profile if bits else ""), declared.bitrate_kbps
    fps = _mean_rate(capture)
    same = capture.codec == declared.codec if declared.codec else None
    rows = [ComparedProperty("codec", declared.codec, capture.codec, same)]
    if bits and bits.described:
        rows.append(
            ComparedProperty("described", bits.described, capture.codec, bits.described == capture.codec)
        )
    alike = (
        _first(profile) == _first(declared.coding_profile) if profile and declared.coding_profile else None
    )
    rows.append(ComparedProperty("profile", declared.coding_profile, profile, alike))
    size = (declared.width, declared.height)
    fits = _fits(sizes, declared) if declared.sized else None
    rows.append(ComparedProperty("size", _size(size), " ".join(map(_size, sizes)), fits))
    exceeds = fps > (1 + _AGREE) * declared.frame_rate if declared.frame_rate and fps else None
    rows.append(
        ComparedProperty("rate", _shown(declared.frame_rate, "fps"), _shown(fps, "fps"), _not(exceeds))
    )
    kept = declared.gop in gops if declared.gop and gops else None
    rows.append(
        ComparedProperty("gop", str(declared.gop or ""), " ".join(map(str, gops[:_SHOWN_GOPS])), kept)
    )
    over = sent_mbit > _OVER * 1e-3 * most if most else None
    said = _shown(1e-3 * most if most else None, "Mbit/s")
    return [*rows, ComparedProperty("bitrate", said, _shown(sent_mbit, "Mbit/s"), _not(over))]


def _fits(sizes: Sequence[tuple[int, int]], declared: StreamDeclaration) -> bool:
    if declared.at_least:
        return all(width >= declared.width and height >= declared.height for width, height in sizes)
    return set(sizes) == {(declared.width, declared.height)}


def stream_as_declared(device: str, capture: StreamCapture, declared: StreamDeclaration) -> Measurement:
    """Whether the stream is as declared; the table of both is its figure."""
    rows = compared(capture, declared)
    decided = [one for one in rows if one.same is not None]
    return logical(
        "stream_as_declared",
        device,
        conforms=all(one.same for one in decided),
        n=len(decided),
        invalid=_incomparable(declared) or own_reception(capture)
        if capture.width
        else "没有可解码的关键帧，无从比较",
        deviations=_passed_over(declared),
        details={
            "because": "；".join(_differences(rows)),
            "figure": {
                "kind": FigureKind.DECLARED_STREAM,
                "rows": [[one.what, one.said, one.sent, one.same] for one in rows],
            },
        },
    )


def _incomparable(declared: StreamDeclaration) -> str:
    """Why nothing can be compared: the device declares neither codec nor size."""
    return "" if declared.codec or declared.sized else declared.remark or "设备未声明码流参数"


def _differences(rows: Sequence[ComparedProperty]) -> list[str]:
    """Where the stream differs from what the device declares, in words."""
    return [f"{_NAMES[one.what]} {one.sent}，声明 {one.said}" for one in rows if one.same is False]


def _mean_rate(capture: StreamCapture) -> float | None:
    """Frames per second by RTP time, over all frames."""
    stamps = [frame.rtp_ticks for frame in capture.frames]
    ticks = max(stamps) - min(stamps)
    return (len(stamps) - 1) * capture.clock_rate / ticks if ticks > 0 else None


def _gops(capture: StreamCapture) -> list[int]:
    """The different numbers of frames from one key frame to the next."""
    keys = [index for index, frame in enumerate(capture.frames) if frame.key]
    return sorted({b - a for a, b in pairwise(keys)})


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}" if size != (0, 0) else ""


def _shown(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:.4g} {unit}"


def _first(text: str) -> str:
    return text.split(maxsplit=1)[0].lower()


def _not(value: bool | None) -> bool | None:  # noqa: FBT001 - three-valued
    return None if value is None else not value


def stream_age(
    device: str, capture: StreamCapture, ahead: OffsetBracket, reference: UtcReference
) -> Measurement:
    """Arrival of each frame less its capture by the sender reports: the median, in s.

    ``ahead`` is by how much the camera's clock is ahead of ``reference``, this computer's clock.  RigFault
    when the camera sends no reports.
    """
    if capture.reception is None or not capture.reception.reports:
        raise RigFault("摄像机不发送 RTCP 发送方报告，得不出码流年龄。", device=device, final=True)
    report = capture.reception.reports[-1]
    ages = [
        reference(frame.arrival) - (_captured(capture, frame.rtp_ticks, report) - ahead.middle)
        for frame in capture.frames
    ]
    value = percentile(ages, 0.5)
    budget = Budget.of(
        [
            rectangular("clock of the camera", ahead.half_width, f"{ahead.polls} readings at its roll-overs"),
            rectangular("stamp of the sender report", _REPORT_S, "assumed ±1 ms"),
            rectangular("stamp of arrival", capture.reception.late_s, "how late it may be at the most"),
        ]
    )
    other = value < -(budget.U or 0.0) or value > _OLD_S
    return evaluated(
        "stream_age",
        device,
        value,
        "s",
        len(ages),
        budget.components,
        invalid=f"年龄 {value:.3f} s 不合情理：发送方报告所用的不是设备显示的时钟" if other else "",
        deviations=("假定发送方报告与设备显示的是同一时钟；不含打戳之前和解码、显示的时间",),
        details={"clock_ahead_s": ahead.middle, "figure": histogram(ages[:: 1 + len(ages) // _SHOWN_AGES])},
    )


def _quiet(capture: StreamCapture, rate: float) -> str:
    """Why a stream that fell silent shortly before the window ended has no rate: the span leaves that out."""
    silence = capture.ended.latest - capture.frames[-1].arrival
    return f"末帧之后 {silence:.1f} s 无画面" if silence > max(_QUIET_S, _QUIET_FRAMES / rate) else ""


def stream_pixels(device: str, capture: StreamCapture, declared: StreamDeclaration) -> Measurement:
    """The pixels of the decoded picture that count, in px (``formats``); counted, so without uncertainty.

    A picture that was blown up has at most the pixels of the smaller one.  A soft one may have been: that it
    has its own size is not shown, and conforms conditionally at best (``imaging.own_size``).
    """
    if not capture.pictures:
        return _no_stream("stream_pixels", device, "px", capture, "没有可解码的画面")
    luma = capture.pictures[0][1]
    height, width = luma.shape
    said = _size((declared.width, declared.height))
    own = own_pixels(luma, capture.qp)
    alike = not declared.sized or (width, height) == (declared.width, declared.height)
    differs = "" if alike else f"设备声明 {said}"
    return inherent(
        "stream_pixels",
        device,
        own.value,
        "px",
        len(capture.pictures),
        at_most=own.at_most,
        reservations=own.reservations,
        deviations=_passed_over(declared),
        details={
            "width": width,
            "height": height,
            "declared": said,
            "holds": own.holds,
            "because": "；".join(part for part in (own.because, differs) if part),
        },
    )


def _passed_over(declared: StreamDeclaration | None) -> tuple[str, ...]:
    """That a larger profile, of a codec that is not received, was not the one measured."""
    return (declared.remark,) if declared and declared.remark else ()


def _no_stream(measurand: str, device: str, unit: str, capture: StreamCapture, why: str = "") -> Measurement:
    reason = own_reception(capture) or why or capture.stopped_early or "没有收到完整的帧"
    return replace(without_value(measurand, device, unit, reason), details={**beside_the_stream(capture)})
