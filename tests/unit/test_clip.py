# SPDX-License-Identifier: Apache-2.0
"""Clips for a panel of assessors: a player opens them, and they are what the camera sent."""

from __future__ import annotations

from itertools import pairwise

import av
import numpy as np
import pytest

from tests.support.onvif_devices import camera
from tests.support.video_bench import running
from yanshou.emulation.video.scene import read_counter


@pytest.fixture(scope="module")
def site():
    with running(attributes={"CAM-2": {"codec": "h265"}}) as made:
        yield made


@pytest.mark.parametrize("name", ["CAM-1", "CAM-2"])
def test_a_clip_plays_and_moves(site, name, tmp_path):
    path = tmp_path / "clip.ts"
    with camera(site, name) as cam:
        path.write_bytes(cam.clip(1.6))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        steps = np.diff([frame.pts for frame in frames])
        period = stream.time_base * int(np.median(steps))
    assert len(frames) >= 20
    assert float(period) == pytest.approx(1 / 25, rel=0.02)
    numbers = [read_counter(np.asarray(frame.to_ndarray(format="yuv420p")[:720])) for frame in frames]
    assert all((b - a) % 50 == 1 for a, b in pairwise(numbers))
