# SPDX-License-Identifier: Apache-2.0
"""Two key frames in plain figures: the indicators of each, and the change between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np

from yanshou.drivers.capabilities import Luma
from yanshou.model import RigFault

_MOST_PIXELS: Final = 64_000_000
_FLAT_SD: Final = 1.0  # less spread than the noise of any sensor: one colour, nothing to be seen
_LEAST_PX: Final = 60  # the indicators look at blocks
_MARKERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def look(picture: Luma) -> dict[str, Any]:
    """Mean and standard deviation in code values (0 … 255), and whether anything is to be seen."""
    values = np.asarray(picture)
    sd = float(values.std())
    signal = "present" if sd >= _FLAT_SD else "flat"
    return {"mean": round(float(values.mean()), 2), "sd": round(sd, 2), "signal": signal}


def examine(picture: Luma) -> dict[str, Any]:
    """The same with the indicators of a picture's health: blur from 0 (sharp) to 1, noise, shares."""
    from yanshou.imaging.health import indicators, signal_of  # noqa: PLC0415 - brings 40 MiB in

    if min(picture.shape) < _LEAST_PX:
        return look(picture)
    seen = indicators(picture)
    names = ("mean", "sd", "blur", "noise", "dark", "bright", "featureless", "stripe", "blocking")
    told = {name: float(getattr(seen, name)) for name in names}
    figures = {name: round(value, 3) if math.isfinite(value) else None for name, value in told.items()}
    return figures | {"signal": signal_of(seen).value}


def changed(pictures: Sequence[Luma]) -> float | None:
    """Mean absolute difference of the first and the last picture in code values; None for fewer than two.

    Zero says that the picture stood still: a frozen picture, or a scene without any noise.
    """
    if len(pictures) < 2 or pictures[0].shape != pictures[-1].shape:  # noqa: PLR2004 - a pair
        return None
    return round(float(cv2.absdiff(np.asarray(pictures[0]), np.asarray(pictures[-1])).mean()), 3)


def flat(figures: Sequence[dict[str, Any]]) -> bool:
    """Whether there is nothing at all in any of the pictures."""
    return bool(figures) and all(one["signal"] != "present" for one in figures)


def of_jpeg(data: bytes, device: str) -> Luma:
    """The luma of a snapshot; RigFault when it is none or is larger than any camera's picture."""
    size = _size(data)
    if size is None or size[0] * size[1] > _MOST_PIXELS:
        raise RigFault("the snapshot is no JPEG, or larger than any camera's picture.", device=device)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if decoded is None:
        raise RigFault("the snapshot cannot be decoded.", device=device)
    return np.asarray(decoded, np.uint8)


def _size(data: bytes) -> tuple[int, int] | None:
    """Width and height from the frame header, without decoding anything (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:  # noqa: PLR2004 - every marker begins so
        if data[at + 1] in _MARKERS:
            height, width = data[at + 5] << 8 | data[at + 6], data[at + 7] << 8 | data[at + 8]
            return (width, height) if width and height else None
        at += 2 + (data[at + 2] << 8 | data[at + 3])
    return None
