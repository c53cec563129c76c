# SPDX-License-Identifier: Apache-2.0
"""Pictures that repeat the one before, live or recorded: a padded stream, or a view without movement.

A camera that codes a picture twice does not send the same picture twice: the coder goes on refining it, and
spends its bit rate on a frozen view as well. So the number of pictures that differ is not the number of
pictures that were taken. Only movement shows that. In x264 streams (CRF 23 and 32, 1 Mbit/s, 400 kbit/s;
noise of 0.5 and 3 codes) the mean of a block of 16×16 px changed by up to 3 codes in a picture coded again
(by 5 at 400 kbit/s, where other pictures changed by 90), and by some tens where something moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from yanshou.model.stream import Distinct, Luma

BLOCK: Final = 16
_SAME_DN: Final = 0.05  # of a mean over 256 px: below the noise of any sensor, above rounding
_MOVES_DN: Final = 3.0  # what a coder changes by itself in the mean of a block
_MOVES_SHARE: Final = 0.1  # the same, as a share of what changes in the pictures beside it
_BESIDE: Final = 3  # pictures before and after
_MUCH: Final = 4.0  # times the change that counts as movement
_OTHER_SIZE: Final = 255.0


def blocks(luma: Luma) -> npt.NDArray[np.float32]:
    """Mean luma of blocks of BLOCK × BLOCK px, rows × columns; incomplete blocks at the edges are dropped."""
    height, width = (luma.shape[0] // BLOCK, luma.shape[1] // BLOCK)
    cut = luma[: height * BLOCK, : width * BLOCK]
    return cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)


def distinct_pictures(pictures: Iterable[tuple[float, Luma]]) -> Distinct | None:
    """How many of the pictures, each with its time in s, differ from the one before; None without any."""
    before: npt.NDArray[np.float32] | None = None
    last: npt.NDArray[np.float32] | None = None
    since, decoded, distinct, longest = 0.0, 0, 0, 0.0
    steps: list[float] = []
    for at, luma in pictures:
        seen = blocks(luma)
        steps += [] if last is None else [_step(last, seen)]
        last = seen
        if _same(before, seen):
            longest = max(longest, at - since)
        else:
            distinct, before, since = distinct + 1, seen, at
        decoded += 1
    return Distinct(decoded, distinct, longest, *_movement(steps)) if decoded else None


def _movement(steps: Sequence[float]) -> tuple[int, int]:
    """How many pictures show movement, and how many show none between others that show much.

    ``steps`` is the largest change of a block from each picture to the next, in luma codes.
    """
    moved = halted = 0
    for index, step in enumerate(steps):
        beside = max(steps[max(0, index - _BESIDE) : index + _BESIDE + 1])
        least = max(_MOVES_DN, _MOVES_SHARE * beside)
        moved += step > least
        halted += step <= least and beside > _MUCH * _MOVES_DN
    return moved, halted


def _step(before: npt.NDArray[np.float32], after: npt.NDArray[np.float32]) -> float:
    """The largest change of the mean of a block, in luma codes."""
    return float(np.abs(after - before).max()) if before.shape == after.shape else _OTHER_SIZE


def _same(before: npt.NDArray[np.float32] | None, after: npt.NDArray[np.float32]) -> bool:
    return (
        before is not None and before.shape == after.shape and float(np.abs(after - before).max()) < _SAME_DN
    )
