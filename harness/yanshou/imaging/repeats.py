# SPDX-License-Identifier: Apache-2.0
"""Pictures that repeat the one before, live or recorded: a padded stream, or a view without movement.

A camera that codes a picture twice does not send the same picture twice: the coder goes on refining it, and
spends its bit rate on a frozen view as well. So the number of pictures that differ is not the number of
pictures that were taken. Only movement shows that. In x264 streams (CRF 23 and 32, 1 Mbit/s, 400 kbit/s;
noise of 0.5 and 3 codes) the mean of a block of 16×16 px changed by up to 3 codes in a picture coded again
(by 5 at 400 kbit/s, where other pictures changed by 90), and by some tens where something moved.

Movement may be written into the picture: a clock, a lamp, a box. A sensor makes every picture anew, so
the blocks beside what moves differ between any two key frames, bit by bit, through its noise. In x264
streams of one quantiser (20 to 38; noise of 0.4 to 2 codes) at most 5 % of those blocks agreed; with a
box, a spinner or a clock drawn into one and the same picture 46 to 99 %. A coder that spends a constant
bit rate changes the quantiser from key frame to key frame, and comes back to the same one: all pairs of
key frames are compared. In x264 and x265 streams of 500 kbit/s to 2.5 Mbit/s at most 2 % agreed in some
pair, with something drawn over a quarter of a stored picture 37 to 63 %. Blocks without detail (a privacy
mask, the dark) are alike in any picture and not compared. Noise that was added to a stored picture makes
it differ as a sensor's does.

Pictures of some seconds that are played again and again come back after that time
(:mod:`yanshou.imaging.rounds`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from yanshou.imaging.copies import fingerprint
from yanshou.imaging.idle import idle_steps
from yanshou.imaging.rounds import comes_round
from yanshou.model.stream import Distinct, Luma, Rest

BLOCK: Final = 16
_SAME_DN: Final = 0.05  # of a mean over 256 px: below the noise of any sensor, above rounding
_MOVES_DN: Final = 3.0  # what a coder changes by itself in the mean of a block
_MOVES_SHARE: Final = 0.1  # the same, as a share of what changes in the pictures beside it
_BESIDE: Final = 3  # pictures before and after
_MUCH: Final = 4.0  # times the change that counts as movement
_OTHER_SIZE: Final = 255.0
_DETAIL_DN: Final = 2.0  # standard deviation in a block that shows something
_MANY_KEYS: Final = 15  # among so many of a coder of constant bit rate copies agree
_MOST_KEYS: Final = 64  # key frames that are compared, evenly spread
_FEWEST: Final = 20  # blocks that are compared

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


@dataclass(frozen=True, slots=True, eq=False)
class TimedPicture:
    """A decoded picture and its time in s; ``follows`` if the one before it was decoded just before."""

    at: float
    luma: Luma
    key: bool
    follows: bool = True


@dataclass(frozen=True, slots=True)
class _Step:
    """From a picture to the next, ``place``: the largest change of a block, and whether it is new."""

    place: int
    change: float
    new: bool


def distinct_pictures(pictures: Iterable[TimedPicture], *, empty: bool = True) -> Distinct | None:
    """How many of the pictures differ from the one before; None without any.

    A picture that does not follow another is neither counted nor compared with the one before. With
    ``empty``, nor are those of a while in which nothing that moves is in view (:mod:`yanshou.imaging.idle`).
    """
    before = last = None
    since, longest = 0.0, 0.0
    steps: list[_Step] = []
    beside = _Beside()
    times: list[float] = []
    seen: list[Floats] = []
    for one in pictures:
        now = blocks(one.luma)
        times.append(one.at)
        seen.append(now)
        if one.key:
            beside.key(one.luma, now)
        if last is None or not one.follows:
            before, since, last = now, one.at, now
            continue
        changes = _changes(last, now)
        beside.step(changes)
        last, new = now, not _same(before, now)
        steps.append(_Step(len(seen) - 1, float(changes.max()), new))
        if new:
            before, since = now, one.at
        else:
            longest = max(longest, one.at - since)
    if not seen:
        return None
    moved, halted = _movement([one.change for one in steps])
    # something drawn over a stored picture leaves it as well; only many key frames tell that from life
    known = empty and beside.keys >= _MANY_KEYS
    idle = idle_steps(times, seen, [one.place for one in steps], moved) if known else np.zeros_like(moved)
    counted = [one for one, left_out in zip(steps, idle, strict=True) if not left_out]
    return Distinct(
        len(counted) + 1,
        sum(one.new for one in counted) + 1,
        longest,
        int(np.count_nonzero(moved)),
        int(np.count_nonzero(halted & ~idle)),
        beside.rest,
        comes_round(times, seen),
        idle=int(np.count_nonzero(idle)),
    )


@dataclass(slots=True)
class _Beside:
    """What is beside the movement: how much of the picture never moves, and whether that is one picture."""

    moved: Mask | None = None
    _keys: list[tuple[npt.NDArray[np.uint64], Floats, Mask]] = field(default_factory=list)

    @property
    def rest(self) -> Rest | None:
        return None if self.moved is None else Rest(float(self.moved.mean()), self._copied())

    @property
    def keys(self) -> int:
        """How many key frames there are."""
        return len(self._keys)

    def step(self, changes: Floats) -> None:
        """The change of each block from a picture to the next."""
        now = changes > _MOVES_DN
        self.moved = now if self.moved is None or self.moved.shape != now.shape else self.moved | now

    def key(self, luma: Luma, seen: Floats) -> None:
        """The next key frame; a stored picture does not become another one by being coded again."""
        self._keys.append((fingerprint(luma), seen, _detailed(luma, seen)))

    def _copied(self) -> float | None:
        """The largest share of the blocks beside the movement that two key frames have in common."""
        places = np.linspace(0, len(self._keys) - 1, min(len(self._keys), _MOST_KEYS)).astype(int)
        shares = []
        for one, other in combinations([self._keys[place] for place in places], 2):
            if one[0].shape != other[0].shape:
                continue
            still = (_changes(one[1], other[1]) <= _MOVES_DN) & one[2] & other[2]
            if np.count_nonzero(still) >= _FEWEST:
                shares.append(float(np.mean((one[0] == other[0])[still])))
        return max(shares, default=None)


def _detailed(luma: Luma, seen: Floats) -> Mask:
    """The blocks that show something."""
    size = (seen.shape[1] * BLOCK, seen.shape[0] * BLOCK)
    cut = luma[: size[1], : size[0]].astype(np.float32)
    squares = cv2.resize(np.square(cut), seen.shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(squares - np.square(seen) > _DETAIL_DN**2, np.bool_)


def _movement(steps: Sequence[float]) -> tuple[Mask, Mask]:
    """Which pictures show movement, and which show none between others that show much.

    ``steps`` is the largest change of a block from each picture to the next, in luma codes.
    """
    moved, halted = np.zeros(len(steps), np.bool_), np.zeros(len(steps), np.bool_)
    for index, step in enumerate(steps):
        beside = max(steps[max(0, index - _BESIDE) : index + _BESIDE + 1])
        moved[index] = step > max(_MOVES_DN, _MOVES_SHARE * beside)
        halted[index] = not moved[index] and beside > _MUCH * _MOVES_DN
    return moved, halted


def _changes(before: Floats, after: Floats) -> Floats:
    """The change of the mean of each block, in luma codes."""
    return np.abs(after - before) if before.shape == after.shape else np.full_like(after, _OTHER_SIZE)


def _same(before: Floats | None, after: Floats) -> bool:
    return (
        before is not None and before.shape == after.shape and float(np.abs(after - before).max()) < _SAME_DN
    )
