# SPDX-License-Identifier: Apache-2.0
"""How long a camera is looked at: until enough of its picture was seen, and no second time for nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from yanshou.equipment.view_scan import scanned
from yanshou.model import Instant
from yanshou.model.stream import FrameStamp, Reception, StreamCapture

PICTURE = np.zeros((4, 4), np.uint8)


@dataclass
class MadeUpCamera:
    """Sends 25 pictures a second, ``pace`` of them in time, the first key frame after ``key_s`` seconds."""

    key_s: float = 0.0
    pace: float = 1.0
    breaks_after_s: float = 60.0
    device: Any = field(default_factory=lambda: SimpleNamespace(id="CAM-1"))
    asked: list[float] = field(default_factory=list)

    def capture(self, seconds: float, *, pictures: int, key_frames_only: bool) -> StreamCapture:
        self.asked.append(seconds)
        assert not key_frames_only
        count = int(25 * min(seconds * self.pace, self.breaks_after_s))
        first = int(25 * self.key_s)
        frames = [
            FrameStamp(3600 * n, 100 + n / 25, n >= first and (n - first) % 250 == 0, 1000, complete=True)
            for n in range(count)
        ]
        decoded = [(n, PICTURE) for n in range(first, count)][:pictures]
        stopped = "EOF" if self.breaks_after_s < seconds else ""
        return StreamCapture(
            "h264", 4, 4, 90_000, frames, decoded, count, 0, Instant(100, 100), Instant(100, 101),
            stopped_early=stopped, reception=replace(RECEPTION, stopped=stopped),
        )  # fmt: skip


RECEPTION = Reception("udp", 100.0, [])


@pytest.mark.parametrize("key_s", [0.0, 1.2])
def test_a_camera_that_shows_enough_is_looked_at_once(key_s: float):
    camera = MadeUpCamera(key_s)
    assert scanned(camera).span_s >= 3.0
    assert len(camera.asked) == 1


@pytest.mark.parametrize("key_s", [2.0, 4.0, 4.6, 9.9])
def test_a_key_frame_that_comes_late_is_waited_for(key_s: float):
    """Ten seconds from one key frame to the next: none, or little, is decoded of the first session."""
    camera = MadeUpCamera(key_s)
    assert scanned(camera).span_s >= 3.0
    assert len(camera.asked) == 2


def test_of_a_stream_that_comes_slower_than_its_stamps_more_is_received():
    camera = MadeUpCamera(pace=0.5)
    assert scanned(camera).span_s >= 3.0


def test_a_camera_without_any_key_frame_is_not_waited_for_for_ever():
    camera = MadeUpCamera(key_s=1000)
    assert scanned(camera).span_s == 0
    assert len(camera.asked) == 2


def test_a_stream_that_broke_off_is_what_was_seen():
    camera = MadeUpCamera(breaks_after_s=2.0)
    assert scanned(camera).capture.stopped_early == "EOF"
    assert len(camera.asked) == 1
