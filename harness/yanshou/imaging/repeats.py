# SPDX-License-Identifier: Apache-2.0
"""Pictures that repeat the one before, live or recorded: a padded stream, or a view without movement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from yanshou.model.stream import Distinct, Luma

BLOCK: Final = 16
_SAME_DN: Final = 0.05  # of a mean over 256 px: below the noise of any sensor, above rounding


def blocks(luma: Luma) -> npt.NDArray[np.float32]:
    """Mean luma of blocks of BLOCK × BLOCK px, rows × columns; incomplete blocks at the edges are dropped."""
    height, width = (luma.shape[0] // BLOCK, luma.shape[1] // BLOCK)
    cut = luma[: height * BLOCK, : width * BLOCK]
    return cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)


def distinct_pictures(pictures: Iterable[tuple[float, Luma]]) -> Distinct | None:
    """How many of the pictures, each with its time in s, differ from the one before; None without any."""
    before: npt.NDArray[np.float32] | None = None
    since, decoded, distinct, longest = 0.0, 0, 0, 0.0
    for at, luma in pictures:
        seen = blocks(luma)
        if _same(before, seen):
            longest = max(longest, at - since)
        else:
            distinct, before, since = distinct + 1, seen, at
        decoded += 1
    return Distinct(decoded, distinct, longest) if decoded else None


def _same(before: npt.NDArray[np.float32] | None, after: npt.NDArray[np.float32]) -> bool:
    return (
        before is not None and before.shape == after.shape and float(np.abs(after - before).max()) < _SAME_DN
    )
