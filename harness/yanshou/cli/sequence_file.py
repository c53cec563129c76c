# SPDX-License-Identifier: Apache-2.0
"""Writes the reference sequence as a file for a player: FFV1 in Matroska, which is lossless."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from yanshou.imaging.sequence import FPS, NEUTRAL, sequence


def write_sequence(path: Path, width: int, height: int) -> None:
    """Write all pictures in limited range, 25 per second."""
    neutral = np.full((height // 2, width), NEUTRAL, np.uint8)
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("ffv1", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, FPS)
        stream.codec_context.color_range = 1
        for number, luma in enumerate(sequence(width, height)):
            frame = av.VideoFrame.from_ndarray(np.vstack((luma, neutral)), format="yuv420p")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
