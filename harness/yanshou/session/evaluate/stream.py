# SPDX-License-Identifier: Apache-2.0
"""Frame rate and resolution from one RTSP session."""

from __future__ import annotations

from yanshou.drivers.capabilities import StreamCapture, StreamDeclaration
from yanshou.metrology import Budget, rectangular
from yanshou.model import Measurement, Quantity, UncertaintyStatus

_AGREE = 0.02  # the rate by arrival and by time stamp may differ by this much
_FEW = 2
_QUIET_S, _QUIET_FRAMES = 0.5, 3  # a stream that is silent for longer than both at the end has stopped


def frame_rate(device: str, capture: StreamCapture) -> Measurement:
    """Received frames per second: (N-1) whole frames over the span of all RTP time stamps, in fps.

    A stream that stopped early, or whose time stamps do not agree with the arrival of its frames, is invalid;
    the rate by arrival is kept beside it.
    """
    frames = [frame for frame in capture.frames if frame.complete]
    if len(frames) < _FEW:
        return _no_stream("live_frame_rate", device, "fps", capture)
    # frames that came in part do not count, but their time does: losses at the end must not raise the rate
    first, last = capture.frames[0], capture.frames[-1]
    ticks, arrived = last.rtp_ticks - first.rtp_ticks, last.arrival - first.arrival
    if ticks <= 0 or arrived <= 0:
        return _no_stream("live_frame_rate", device, "fps", capture, "时间戳不前进")
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
        invalid=invalid or capture.stopped_early or _quiet(capture, rate),
        details={"by_arrival_fps": by_arrival, "packets": capture.packets, "lost": capture.lost},
    )


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
