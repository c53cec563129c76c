# SPDX-License-Identifier: Apache-2.0
"""``yanshou measure health``: signal, indicators and, of a clip, the longest stretch without a change."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from yanshou.cli.pictures import StillPicture, read
from yanshou.imaging.health import Signal, indicators, liveness, signal_of
from yanshou.imaging.health.reference import mean_of
from yanshou.imaging.health.traits import Chroma, Luma
from yanshou.model import UsageError
from yanshou.protocols.rtsp.damage import WholeFrames

Roi = tuple[int, int, int, int]

_MOST_FRAMES: Final = 1000
_COLOURS: Final = 3


def measure(path: Path, rois: Sequence[Roi], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the mean of each indicator over the pictures; a lost signal closes the gate.

    The indicators are computed from the codes as they are, so regions and tone do not apply.
    """
    if rois or options.linear:
        raise UsageError(
            "--roi and --linear do not go with health.", "The whole picture is evaluated as it is."
        )
    planes = [_planes(picture) for picture in read(path)]
    try:
        seen = [indicators(luma, chroma) for luma, chroma in planes]
    except ValueError as error:
        raise UsageError(f"is too small: {error}.", "Give the whole picture.", path=path) from None
    signals = [signal_of(one) for one in seen]
    lost = next((signal for signal in signals if signal is not Signal.PRESENT), None)
    mean = mean_of(seen)
    still = liveness(_frames(path))
    timed = still.watched_s > 0
    return [
        {
            "signal": (lost or Signal.PRESENT).value,
            **{name: getattr(mean, name) for name in mean.__dataclass_fields__},
            "longest_still_s": still.longest_still_s if timed else None,
            "watched_s": still.watched_s if timed else None,
            "pictures": len(seen),
            "gates": [f"无视频信号 / no signal: {lost.value}"] if lost else [],
            "file": str(path),
        }
    ]


def _planes(picture: StillPicture) -> tuple[Luma, Chroma | None]:
    """Eight-bit luma and, where there is colour, U and V."""
    eight = np.clip(np.rint(picture.codes.astype(np.float32) * 255 / _full(picture)), 0, 255).astype(np.uint8)
    colour = eight if eight.ndim == _COLOURS else picture.rgb
    if colour is None:
        return eight, None
    yuv = cv2.cvtColor(np.ascontiguousarray(colour), cv2.COLOR_RGB2YUV)
    luma = eight if eight.ndim != _COLOURS else np.asarray(yuv[..., 0], np.uint8)
    return np.ascontiguousarray(luma), (np.asarray(yuv[..., 1], np.uint8), np.asarray(yuv[..., 2], np.uint8))


def _full(picture: StillPicture) -> float:
    """Return the largest code a pixel can have; limited range is left as coded."""
    kind = picture.codes.dtype
    return float(np.iinfo(kind).max) if np.issubdtype(kind, np.integer) else 1.0


def _frames(path: Path) -> Iterator[tuple[float, Luma]]:
    """Yield the luma of a clip's frames with their time in s; nothing for a still picture."""
    import av  # noqa: PLC0415 - a heavy library, for clips only

    try:
        with av.open(str(path)) as container:
            video = container.streams.video
            for number, frame in enumerate(WholeFrames(container, video[0]) if video else ()):
                if number >= _MOST_FRAMES:
                    return
                if frame.time is None:
                    return  # a raw stream: without times nothing is known of how long it stood still
                yield float(frame.time), np.asarray(frame.to_ndarray(format="gray"), np.uint8)
    except av.error.FFmpegError:
        return
