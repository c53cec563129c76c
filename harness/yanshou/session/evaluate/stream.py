# SPDX-License-Identifier: Apache-2.0
"""Frame rate and resolution from one RTSP session."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

from yanshou.drivers.capabilities import SecondReading, StreamCapture, StreamDeclaration
from yanshou.metrology import Budget, rectangular
from yanshou.metrology.packets import regularity
from yanshou.model import Measurement, Quantity, UncertaintyStatus, now
from yanshou.session.evaluate.network import bitrate, interval_figure

_READERS_AGREE = 0.05
_OVER = 1.1  # of a declared bitrate, before it is called exceeded
_AGREE = 0.02  # the rate by arrival and by time stamp may differ by this much
_FEW = 2
_QUIET_S, _QUIET_FRAMES = 0.5, 3  # a stream that is silent for longer than both at the end has stopped


def frame_rate(
    device: str,
    capture: StreamCapture,
    declared: StreamDeclaration | None = None,
    second: SecondReading | None = None,
) -> Measurement:
    """Received frames per second: (N-1) whole frames over the span of all RTP time stamps, in fps.

    A stream that stopped early, or whose time stamps do not agree with the arrival of its frames, is invalid;
    the rate by arrival is kept beside it, and so is whatever else the session tells of the stream.
    ``second`` is what another reader got: one that disagrees makes the figure invalid.
    """
    frames = [frame for frame in capture.frames if frame.complete]
    if len(frames) < _FEW:
        return _no_stream("live_frame_rate", device, "fps", capture)
    # frames that came in part do not count, but their time does: losses at the end must not raise the rate
    first, last = capture.frames[0], capture.frames[-1]
    ticks, arrived = last.rtp_ticks - first.rtp_ticks, last.arrival - first.arrival
    if ticks <= 0 or arrived <= 0:  # what else the session tells is still true
        untimed = _no_stream("live_frame_rate", device, "fps", capture, "时间戳不前进")
        return replace(untimed, details=stream_facts(capture, declared))
    rate = (len(frames) - 1) * capture.clock_rate / ticks
    by_arrival = (len(frames) - 1) / arrived
    budget = Budget.of(
        [
            rectangular("one frame more or less", capture.clock_rate / ticks, "±1 frame over the window"),
            rectangular("host clock", 1e-4 * rate, "100 ppm"),
        ]
    )
    disagree = abs(by_arrival - rate) > _AGREE * rate + capture.clock_rate / ticks
    invalid = f"时间戳帧率 {rate:.3f} 与到达帧率 {by_arrival:.3f} 不一致" if disagree else ""
    return Measurement(
        "live_frame_rate",
        device,
        Quantity.CONTINUOUS,
        rate,
        "fps",
        len(frames),
        U=budget.U,
        k=budget.k,
        uncertainty=UncertaintyStatus.EVALUATED,
        budget=budget.components,
        invalid=invalid or capture.stopped_early or _quiet(capture, rate) or _contradicted(capture, second),
        details={
            "by_arrival_fps": by_arrival,
            "packets": capture.packets,
            "lost": capture.lost,
            **_second(second),
            **stream_facts(capture, declared),
        },
    )


def falls_short(capture: StreamCapture, declared: StreamDeclaration) -> bool:
    """Whether a camera would be blamed: fewer whole frames than it declares."""
    whole = [frame for frame in capture.frames if frame.complete]
    span = whole[-1].arrival - whole[0].arrival if len(whole) >= _FEW else 0.0
    rate = (len(whole) - 1) / span if span > 0 else 0.0
    return rate < (1 - _AGREE) * (declared.frame_rate or 0.0)


def _contradicted(capture: StreamCapture, second: SecondReading | None) -> str:
    """Why a camera is not blamed for what only our own reader saw.

    All frames are compared, whole or not: another reader conceals what was lost on the way.
    """
    ticks = capture.frames[-1].rtp_ticks - capture.frames[0].rtp_ticks
    rate = (len(capture.frames) - 1) * capture.clock_rate / ticks
    if second is None or second.fps is None or abs(second.fps - rate) <= _READERS_AGREE * max(rate, 1.0):
        return ""
    return f"两种读取器不一致：本机 {rate:.2f} fps，OpenCV {second.fps:.2f} fps"


def _second(second: SecondReading | None) -> dict[str, object]:
    return {} if second is None else {"opencv_fps": second.fps, "opencv_why": second.why}


def stream_facts(capture: StreamCapture, declared: StreamDeclaration | None = None) -> dict[str, object]:
    """What else one session tells, in plain numbers: regularity, repeats, age, coding, differences.

    The age needs the camera's clock to be right and is no measurement of delay; repeated pictures need
    something that moves in view.
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
    if capture.reception and capture.reception.reports:
        facts["age_s"] = _age(capture, capture.reception.reports[-1])
    keys = [index for index, frame in enumerate(capture.frames) if frame.key]
    gops = sorted({b - a for a, b in pairwise(keys)})
    facts |= {"codec": capture.codec, "size": f"{capture.width}×{capture.height}", "gop": gops[:8]}
    if capture.bitstream:
        sizes = [f"{width}×{height}" for width, height in capture.bitstream.sizes]
        facts |= {"profile": capture.bitstream.profile, "level": capture.bitstream.level, "sizes": sizes}
        facts["slices"] = capture.bitstream.slices
    if declared:
        facts["differs"] = _differences(capture, declared, gops)
    return facts


def _age(capture: StreamCapture, report: tuple[float, int, int, float]) -> float:
    """Arrival of the last frame less its capture by the sender report, in s, on this computer's clock."""
    utc, ticks, _, _ = report
    last = capture.frames[-1]
    offset = (last.rtp_ticks - ticks + 0x8000_0000) % 0x1_0000_0000 - 0x8000_0000
    return time.time() - now() + last.arrival - (utc + offset / capture.clock_rate)


def _differences(capture: StreamCapture, declared: StreamDeclaration, gops: list[int]) -> list[str]:
    """Where the stream is not what ONVIF declares, in words."""
    told = [f"编码 {capture.codec}，声明 {declared.codec}"] if capture.codec != declared.codec else []
    if (capture.width, capture.height) != (declared.width, declared.height):
        size = f"{declared.width}×{declared.height}"
        told.append(f"分辨率 {capture.width}×{capture.height}，声明 {size}")
    if declared.gop and gops and declared.gop not in gops:
        told.append(f"关键帧间隔 {gops}，声明 {declared.gop}")
    profile = capture.bitstream.profile if capture.bitstream else ""
    if profile and declared.coding_profile and profile.split()[0] != declared.coding_profile.split()[0]:
        told.append(f"编码档次 {profile}，声明 {declared.coding_profile}")
    if declared.bitrate_kbps and bitrate(capture) > _OVER * 1e-3 * declared.bitrate_kbps:
        told.append(f"码率 {bitrate(capture):.2f} Mbit/s，声明上限 {1e-3 * declared.bitrate_kbps:.2f}")
    return told


def _quiet(capture: StreamCapture, rate: float) -> str:
    """Why a stream that fell silent shortly before the window ended has no rate: the span leaves that out."""
    silence = capture.ended.latest - capture.frames[-1].arrival
    return f"末帧之后 {silence:.1f} s 无画面" if silence > max(_QUIET_S, _QUIET_FRAMES / rate) else ""


def stream_pixels(device: str, capture: StreamCapture, declared: StreamDeclaration) -> Measurement:
    """Width times height of the decoded picture, in px; counted, so it has no uncertainty."""
    if not capture.pictures:
        return _no_stream("stream_pixels", device, "px", capture, "没有可解码的画面")
    height, width = capture.pictures[0][1].shape
    said = f"{declared.width}×{declared.height}"
    because = "" if (width, height) == (declared.width, declared.height) else f"设备声明 {said}"
    return Measurement(
        "stream_pixels",
        device,
        Quantity.CONTINUOUS,
        float(width * height),
        "px",
        len(capture.pictures),
        uncertainty=UncertaintyStatus.INHERENT,
        details={"width": width, "height": height, "declared": said, "because": because},
    )


def _no_stream(measurand: str, device: str, unit: str, capture: StreamCapture, why: str = "") -> Measurement:
    reason = why or capture.stopped_early or "没有收到完整的帧"
    return Measurement(measurand, device, Quantity.CONTINUOUS, None, unit, 0, invalid=reason)
