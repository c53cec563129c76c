# SPDX-License-Identifier: Apache-2.0
"""The patrol: what a camera's health costs beside decoding its pictures, same file, one thread.

A 1080p mosaic of real pedestrian footage with grain, H.264, a group of pictures of two seconds. A scan
decodes and keeps its pictures, and a run evaluates all its measurands: stillness from every picture, the
others from the key frames. For comparison, all indicators are also taken on every fifth picture, which no run
does; those pictures are not kept.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.container import InputContainer

from tests.benchmarks.figure import Figure, tell
from yanshou.evaluation import picture_change, picture_level, picture_signal, picture_still
from yanshou.evaluation.health import ViewScan
from yanshou.imaging.health import AcceptedView, ViewChange, changes, indicators, liveness
from yanshou.model import Instant
from yanshou.model.stream import FrameStamp, StreamCapture

_FOOTAGE = Path("/usr/share/doc/opencv-doc/examples/data/vtest.avi")
_FRAMES, _GOP, _EVERY, _ROUNDS, _FPS = 200, 50, 5, 5, 25
_TICKS = 3600  # of 90 kHz for a picture
_SHARE = 0.85


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


def _seconds(data: bytes, ending: Callable[[Any], int]) -> float:
    """Processor seconds of decoding the clip on one thread and of what is done with its pictures."""
    began = time.process_time()
    with av.open(io.BytesIO(data)) as clip:
        clip.streams.video[0].codec_context.thread_count = 1
        assert ending(clip) == _FRAMES
    return time.process_time() - began


def _decoded(clip: Any) -> int:
    return sum(1 for _ in clip.decode(video=0))


def _kept(clip: Any) -> int:
    return len(_scan(clip).capture.pictures)


def _scanned(clip: Any, accepted: AcceptedView) -> int:
    """Every measurand of the scan that these pictures would have been, as a run evaluates them."""
    scan = _scan(clip)
    found = [picture_signal(scan), picture_still(scan)]
    found += [picture_level(scan, name) for name in ("picture_brightness", "picture_contrast")]
    found += [picture_change(scan, accepted, what) for what in ViewChange]
    assert not any(one.invalid for one in found)
    return len(scan.capture.pictures)


def _scan(clip: Any) -> ViewScan:
    """Luma of all pictures, chroma of the key frames."""
    stamps, pictures, chroma = [], [], {}
    for number, frame in enumerate(clip.decode(video=0)):
        luma, *colours = _planes(frame)
        stamps.append(FrameStamp(number * _TICKS, number / _FPS, frame.key_frame, 1, complete=True))
        pictures.append((number, luma))
        if frame.key_frame:
            chroma[number] = (colours[0], colours[1])
    height, width = pictures[0][1].shape
    ended, rate = Instant(_FRAMES / _FPS, _FRAMES / _FPS), _TICKS * _FPS
    started = Instant(0.0, 0.0)
    return ViewScan(
        "CAM",
        StreamCapture("h264", width, height, rate, stamps, pictures, 1, 0, started, ended, chroma=chroma),
    )


def _every_fifth(clip: Any, accepted: AcceptedView) -> int:
    """All indicators and stillness of every fifth picture; one in a group is compared with the reference."""
    return liveness(_of_every_fifth(clip, accepted)).frames * _EVERY


def _of_every_fifth(clip: Any, accepted: AcceptedView) -> Iterator[tuple[float, Any]]:
    for number, frame in enumerate(clip.decode(video=0)):
        if number % _EVERY == 0:
            luma, *chroma = _planes(frame)
            if number % _GOP == 0:
                changes(accepted, luma, (chroma[0], chroma[1]))
            else:
                indicators(luma, (chroma[0], chroma[1]))
            yield number / _FPS, luma


def main(_argv: Sequence[str] = ()) -> int:
    """Exit code 1 when the evaluation of a scan leaves less than 0.85 of the rate of decoding alone."""
    cv2.setNumThreads(1)
    data = _clip()
    with av.open(io.BytesIO(data)) as clip:
        assert isinstance(clip, InputContainer)
        luma, *chroma = _planes(next(clip.decode(video=0)))
        accepted = AcceptedView.of([(luma.copy(), (chroma[0].copy(), chroma[1].copy()))])
    ways = (_decoded, partial(_every_fifth, accepted=accepted), _kept, partial(_scanned, accepted=accepted))
    _seconds(data, _decoded)
    rounds = [[_seconds(data, way) for way in ways] for _ in range(_ROUNDS)]
    alone, fifth, kept, scanned = (list(times) for times in zip(*rounds, strict=True))
    per_frame = 1e3 / _FRAMES
    return tell(
        "patrol",
        [
            Figure(
                "rate of a scan with all measurands over without", _share(kept, scanned), "", at_least=_SHARE
            ),
            Figure("decoding and keeping, processor time", min(kept) * per_frame, "ms/frame"),
            Figure("all measurands, processor time", (min(scanned) - min(kept)) * per_frame, "ms/frame"),
            Figure("rate with all indicators of every fifth picture", _share(alone, fifth), ""),
            Figure("decoding alone, processor time", min(alone) * per_frame, "ms/frame"),
        ],
    )


def _share(alone: Sequence[float], more: Sequence[float]) -> float:
    return float(np.median([one / other for one, other in zip(alone, more, strict=True)]))
