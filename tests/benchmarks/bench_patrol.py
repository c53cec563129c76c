# SPDX-License-Identifier: Apache-2.0
"""The patrol: what looking at a picture's health costs beside decoding it, same file, one thread.

A 1080p mosaic of real pedestrian footage with grain, H.264, a group of pictures of two seconds.  As on a
patrol, indicators and liveness are taken on every fifth picture and the view is compared once in a group.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from tests.benchmarks.figure import Figure, tell
from yanshou.imaging.health import AcceptedView, changes, liveness
from yanshou.imaging.health.traits import indicators

_FOOTAGE = Path("/usr/share/doc/opencv-doc/examples/data/vtest.avi")
_FRAMES, _GOP, _EVERY, _ROUNDS = 200, 50, 5, 5
_SHARE = 0.8


def _clip() -> bytes:
    target = io.BytesIO()
    grain = np.random.default_rng(1).normal(0, 2, (1080, 1920, 3))
    with av.open(str(_FOOTAGE)) as source, av.open(target, "w", format="mp4") as clip:
        stream = clip.add_stream(
            "libx264", rate=25, options={"b": "4M", "g": str(_GOP), "preset": "veryfast"}
        )
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        stream.time_base = Fraction(1, 25)
        for number, frame in zip(range(_FRAMES), source.decode(video=0), strict=False):
            large = cv2.resize(np.tile(frame.to_ndarray(format="bgr24"), (2, 2, 1)), (1920, 1080))
            picture = av.VideoFrame.from_ndarray(
                np.clip(large + np.roll(grain, number * 37, axis=1), 0, 255).astype(np.uint8), format="bgr24"
            )
            picture.pts = number
            clip.mux(stream.encode(picture))
        clip.mux(stream.encode(None))
    return target.getvalue()


def _planes(frame: av.VideoFrame) -> list[np.ndarray]:
    return [
        np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    ]


def _evaluate(data: bytes, accepted: AcceptedView | None) -> tuple[float, int]:
    """Processor seconds to go through the clip, and frames; with the detectors when there is a reference."""
    began = time.process_time()
    with av.open(io.BytesIO(data)) as clip:
        clip.streams.video[0].codec_context.thread_count = 1
        if accepted is None:
            frames = sum(1 for _ in clip.decode(video=0))
        else:
            frames = liveness(_looked_at(clip, accepted)).frames * _EVERY
    return time.process_time() - began, frames


def _looked_at(clip: Any, accepted: AcceptedView) -> Iterator[tuple[float, Any]]:
    """Every fifth picture, after its indicators were taken."""
    for number, frame in enumerate(clip.decode(video=0)):
        if number % _EVERY == 0:
            luma, *chroma = _planes(frame)
            poll = changes if number % _GOP == 0 else _indicators
            poll(accepted, luma, tuple(chroma))
            yield number / 25, luma


def _indicators(_accepted: AcceptedView, luma: Any, chroma: Any) -> None:
    indicators(luma, chroma)


def main(_argv: Sequence[str] = ()) -> int:
    """Exit code 1 when the detectors leave less than 0.8 of the rate of decoding alone."""
    cv2.setNumThreads(1)
    data = _clip()
    with av.open(io.BytesIO(data)) as clip:
        luma, *chroma = _planes(next(clip.decode(video=0)))
        accepted = AcceptedView.of([(luma.copy(), tuple(plane.copy() for plane in chroma))])
    _evaluate(data, accepted)
    alone, with_all = zip(
        *((_evaluate(data, None)[0], _evaluate(data, accepted)[0]) for _ in range(_ROUNDS)), strict=True
    )
    shares = [one / other for one, other in zip(alone, with_all, strict=True)]
    return tell(
        "patrol",
        [
            Figure(
                "rate with all detectors over decoding alone", float(np.median(shares)), "1", at_least=_SHARE
            ),
            Figure("decoding alone, processor time", 1e3 * min(alone) / _FRAMES, "ms/frame"),
            Figure("with all detectors, processor time", 1e3 * min(with_all) / _FRAMES, "ms/frame"),
        ],
    )
