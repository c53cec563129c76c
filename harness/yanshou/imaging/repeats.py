# SPDX-License-Identifier: Apache-2.0
"""Pictures that repeat the one before, live or recorded: a padded stream, or a view without movement.

A camera that codes a picture twice does not send the same picture twice: the coder goes on refining it, and
spends its bit rate on a frozen view as well. So the number of pictures that differ is not the number of
pictures that were taken. Only movement shows that. In x264 streams (CRF 23 and 32, 1 Mbit/s, 400 kbit/s;
noise of 0.5 and 3 codes) the mean of a block of 16×16 px changed by up to 3 codes in a picture coded again
(by 5 at 400 kbit/s, where other pictures changed by 90), and by some tens where something moved.

Movement may be written into the picture: a clock, a lamp, a box. A sensor makes every picture anew, so the
blocks beside what moves differ from one key frame to the next, bit by bit, through its noise. In x264 streams
of one quantiser (20 to 38; noise of 0.4 to 2 codes) at most 5 % of those blocks agreed; with a box, a spinner
or a clock drawn into one and the same picture 46 to 99 %. A coder that spends a constant bit rate changes the
quantiser between key frames, and copies do not agree either; then only how little of the picture ever moves
tells a clock or a lamp from a view.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from yanshou.imaging.copies import fingerprint
from yanshou.model.stream import Distinct, Luma, Rest

BLOCK: Final = 16
_SAME_DN: Final = 0.05  # of a mean over 256 px: below the noise of any sensor, above rounding
_MOVES_DN: Final = 3.0  # what a coder changes by itself in the mean of a block
_MOVES_SHARE: Final = 0.1  # the same, as a share of what changes in the pictures beside it
_BESIDE: Final = 3  # pictures before and after
_MUCH: Final = 4.0  # times the change that counts as movement
_OTHER_SIZE: Final = 255.0

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


def blocks(luma: Luma) -> Floats:
    """Mean luma of blocks of BLOCK × BLOCK px, rows × columns; incomplete blocks at the edges are dropped."""
    height, width = (luma.shape[0] // BLOCK, luma.shape[1] // BLOCK)
    cut = luma[: height * BLOCK, : width * BLOCK]
    return cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)


def moves(before: Floats, after: Floats) -> bool:
    """Whether something moved from one picture to another, by their blocks."""
    return float(_changes(before, after).max()) > _MOVES_DN


def distinct_pictures(pictures: Iterable[tuple[float, Luma, bool]]) -> Distinct | None:
    """How many of the pictures differ from the one before; None without any.

    Each comes with its time in s, and whether it is a key frame.
    """
    before: Floats | None = None
    last: Floats | None = None
    since, decoded, distinct, longest = 0.0, 0, 0, 0.0
    steps: list[float] = []
    beside = _Beside()
    for at, luma, key in pictures:
        seen = blocks(luma)
        if last is not None:
            changes = _changes(last, seen)
            steps.append(float(changes.max()))
            beside.step(changes)
        if key:
            beside.key(luma, seen)
        last = seen
        if _same(before, seen):
            longest = max(longest, at - since)
        else:
            distinct, before, since = distinct + 1, seen, at
        decoded += 1
    return Distinct(decoded, distinct, longest, *_movement(steps), beside.rest) if decoded else None


@dataclass(slots=True)
class _Beside:
    """What is beside the movement: how much of the picture never moves, and whether that is one picture."""

    moved: Mask | None = None
    copied: float | None = None
    _key: tuple[npt.NDArray[np.uint64], Floats] | None = None

    @property
    def rest(self) -> Rest | None:
        return None if self.moved is None else Rest(float(self.moved.mean()), self.copied)

    def step(self, changes: Floats) -> None:
        """The change of each block from a picture to the next."""
        now = changes > _MOVES_DN
        self.moved = now if self.moved is None or self.moved.shape != now.shape else self.moved | now

    def key(self, luma: Luma, seen: Floats) -> None:
        """The next key frame; a stored picture does not become another one by being coded again."""
        prints = fingerprint(luma)
        if self._key is not None and self._key[0].shape == prints.shape and prints.size:
            still = _changes(self._key[1], seen) <= _MOVES_DN
            if still.any():
                self.copied = max(self.copied or 0.0, float(np.mean((prints == self._key[0])[still])))
        self._key = prints, seen


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


def _changes(before: Floats, after: Floats) -> Floats:
    """The change of the mean of each block, in luma codes."""
    return np.abs(after - before) if before.shape == after.shape else np.full_like(after, _OTHER_SIZE)


def _same(before: Floats | None, after: Floats) -> bool:
    return (
        before is not None and before.shape == after.shape and float(np.abs(after - before).max()) < _SAME_DN
    )
