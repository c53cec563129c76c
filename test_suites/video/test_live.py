# SPDX-License-Identifier: Apache-2.0
"""实时视频 — what really arrives: frame rate and resolution."""

from __future__ import annotations

from yanshou.fixtures.api import Camera, Record, evaluate, measures

_WINDOW_S = 60.0


@measures("live_frame_rate", seconds=10)
def test_live_frame_rate(camera: Camera, record: Record) -> None:
    """The main stream is received for the plan's window; frames per second by their RTP time stamps."""
    seconds = record.duration("frame_rate_window_s", _WINDOW_S, "帧率观察")
    record.measurement(evaluate.frame_rate(camera.device.id, camera.capture(seconds)))


@measures("stream_pixels")
def test_stream_pixels(camera: Camera, record: Record) -> None:
    """Width times height of the decoded picture, not of what the camera declares."""
    capture = camera.capture(1.5, pictures=1)
    record.measurement(evaluate.stream_pixels(camera.device.id, capture, camera.declared_stream()))
