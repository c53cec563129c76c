# SPDX-License-Identifier: Apache-2.0
"""Figures of two key frames: the indicators of each, and the change between them."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from yanshou.model import RigFault
from yanshou.model.jpeg import decoded_jpeg
from yanshou.model.stream import Luma

_MOST_PIXELS: Final = 64_000_000
_ROWS: Final = 64
_one_at_a_time = threading.Lock()  # dozens are asked at once, and a large picture is many MiB
_FLAT_SD: Final = 1.0  # less spread than the noise of any sensor: a single colour
_LEAST_PX: Final = 60  # the indicators are computed on blocks
_MARKERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def plain_figures(picture: Luma) -> dict[str, Any]:
    """Mean and standard deviation in code values (0 … 255), and whether the picture shows anything."""
    total = squares = 0
    for first in range(0, picture.shape[0], _ROWS):  # in strips: the whole picture in float would take 16 MiB
        strip = np.asarray(picture[first : first + _ROWS], np.int64)
        total += int(strip.sum())
        squares += int((strip * strip).sum())
    mean = total / picture.size
    sd = math.sqrt(max(0.0, squares / picture.size - mean * mean))
    signal = "present" if sd >= _FLAT_SD else "flat"
    return {"mean": round(mean, 2), "sd": round(sd, 2), "signal": signal}


def examine(picture: Luma) -> dict[str, Any]:
    """The same with the indicators of a picture's health: blur from 0 (sharp) to 1, noise, shares."""
    from yanshou.imaging.health import indicators, signal_of  # noqa: PLC0415 - brings 40 MiB in

    if min(picture.shape) < _LEAST_PX:
        return plain_figures(picture)
    seen = indicators(picture)
    names = ("mean", "sd", "blur", "noise", "dark", "bright", "featureless", "stripe", "blocking")
    values = {name: float(getattr(seen, name)) for name in names}
    figures = {name: round(value, 3) if math.isfinite(value) else None for name, value in values.items()}
    return figures | {"signal": signal_of(seen).value}


def changed(pictures: Sequence[Luma]) -> float | None:
    """Mean absolute difference of the first and the last picture in code values; None for fewer than two.

    Zero says that the picture stood still: a frozen picture, or a scene without any noise.
    """
    if len(pictures) < 2 or pictures[0].shape != pictures[-1].shape:  # noqa: PLR2004 - a pair
        return None
    first, last = (np.asarray(one, np.int16) for one in (pictures[0], pictures[-1]))
    return round(float(np.abs(first - last).mean()), 3)


def flat(figures: Sequence[dict[str, Any]]) -> bool:
    """Whether none of the pictures shows anything."""
    return bool(figures) and all(one["signal"] != "present" for one in figures)


def of_jpeg(data: bytes, device: str) -> Luma:
    """The luma of a snapshot; RigFault if it is not a JPEG or larger than any camera's picture."""
    size = _size(data)
    if size is None or size[0] * size[1] > _MOST_PIXELS:
        raise RigFault("the snapshot is no JPEG, or larger than any camera's picture.", device=device)
    try:
        with _one_at_a_time:
            frame = decoded_jpeg(data)
    except NotImplementedError:
        frame = None
    if frame is None:
        raise RigFault("the snapshot cannot be decoded.", device=device)
    if not frame.format.name.startswith(("yuv", "gray")):
        return np.asarray(frame.to_ndarray(format="gray"), np.uint8)
    plane = frame.planes[0]
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width].copy()


def _size(data: bytes) -> tuple[int, int] | None:
    """Width and height from the frame header, without decoding anything (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:  # noqa: PLR2004 - every marker begins so
        if data[at + 1] in _MARKERS:
            height, width = data[at + 5] << 8 | data[at + 6], data[at + 7] << 8 | data[at + 8]
            return (width, height) if width and height else None
        at += 2 + (data[at + 2] << 8 | data[at + 3])
    return None
