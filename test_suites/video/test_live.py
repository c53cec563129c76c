# SPDX-License-Identifier: Apache-2.0
"""实时视频 — what really arrives: frame rate and resolution."""

from __future__ import annotations

from functools import partial

from yanshou.fixtures.api import (
    Camera,
    Clock,
    LiveStreamOf,
    PathCapture,
    PathSurvey,
    PlayedSequence,
    Record,
    Together,
    evaluate,
    measures,
    wall_clock_reference,
)
from yanshou.model import Measurement

_WINDOW_S = 60.0
_path = partial(measures, waits={"network_window_s": 120.0}, together=Together.PATHS)


@measures("live_frame_rate", seconds=2, waits={"frame_rate_window_s": _WINDOW_S}, together=Together.STREAMS)
def test_live_frame_rate(camera: Camera, live_stream: LiveStreamOf, record: Record) -> None:
    """The main stream is received for the plan's window; frames per second by their RTP time stamps.

    A second reader is always asked: both have to agree.
    """
    seconds = record.duration("frame_rate_window_s", _WINDOW_S, "帧率观察")
    came, here = live_stream(seconds), wall_clock_reference()
    record.measurement(evaluate.frame_rate(camera.device.id, came.capture, came.declared, came.second, here))


@measures("stream_pixels")
def test_stream_pixels(camera: Camera, record: Record) -> None:
    """Width times height of the decoded picture, not of what the camera declares."""
    capture = camera.capture(1.5, pictures=1)
    record.measurement(evaluate.stream_pixels(camera.device.id, capture, camera.declared_stream()))


@measures("psnr", operator=True, seconds=30)
def test_psnr(camera: Camera, played: PlayedSequence, record: Record) -> None:
    """The reference sequence is played into the encoder; what arrives is laid on it, picture by picture."""
    record.measurement(evaluate.sequence_psnr(camera.device.id, played.capture, played.reference))


@_path("stream_as_declared", seconds=1)
def test_stream_as_declared(camera: Camera, survey: PathSurvey) -> None:
    """What the bitstream of the network's session says of itself, beside what the device declares.

    The session comes first: some devices of GB/T 28181 declare their stream in the answer to it alone.
    """
    survey.measured(
        lambda taken: evaluate.stream_as_declared(camera.device.id, taken.capture, camera.declared_stream())
    )


@_path("stream_age", seconds=10)
def test_stream_age(camera: Camera, clock: Clock, survey: PathSurvey) -> None:
    """Capture by the sender reports to arrival, the camera's clock bracketed against this computer's."""

    def age(taken: PathCapture) -> Measurement:
        here = taken.here or wall_clock_reference()
        ahead = taken.ahead or clock.bracket(here)
        return evaluate.stream_age(camera.device.id, taken.capture, ahead, here)

    survey.measured(age)
