# SPDX-License-Identifier: Apache-2.0
"""After how many seconds a view repeats itself picture by picture, as a loop of stored pictures does.

Pictures of some seconds that are sent again and again look alive: what moves in them moves, and the noise
of a sensor may have been added, or a clock drawn. But what moves is at the same place each time. So the
means of blocks of 16×16 px in pictures of different times are compared where something differs from the
usual view, outside the upper and lower eighth, in which clocks stand. In synthetic rooms with people who
walk through them (x264 at 300 kbit/s, 800 kbit/s, CRF 25 and 32; noise of 0.7 to 3 codes) at most 33 % of
those blocks agreed at any distance in time, with a flag in the wind 78 %; in loops of 2 to 24 s that were
coded anew, with a clock and noise of up to 4 codes, 99 to 100 %.

A fan, a lamp that blinks, a flag or whatever else comes back within 1.5 s is no such loop. What comes
back exactly and regularly after a longer time (a pendulum, an advertisement) cannot be distinguished from
one. A view in which nothing moves, or only slowly, says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_MARGIN: Final = 8  # one part in so many of the height, above and below
_STIRRED_DN: Final = 8.0  # by which a block differs from the usual view where something is
_MOST: Final = 600  # blocks looked at, evenly spread over those that are ever stirred
_FEWEST: Final = 6  # stirred blocks of a picture that is compared
_NEAR_DN: Final = 3.0  # a coder's doing in the mean of a block
_NEAR_SHARE: Final = 0.15  # the same, as a share of what is stirred
_ROWS_S: Final = 0.8  # pictures at least so far apart are compared with all others
_PAIRS: Final = 3  # of pictures equally far apart in time
_AGREE: Final = 0.85  # of the stirred blocks
_SHORTEST_S: Final = 1.5
_MUCH: Final = 0.5  # of the stirred blocks
# on both sides of the time after which all agrees, other pictures do not; nearer, what moves may be near
_AROUND_S: Final = (0.3, 1.2)
_DROP: Final = 0.6


def comes_round(times: Sequence[float], seen: Sequence[Floats]) -> float | None:
    """The shortest time in s after which all that moves is where it was, picture by picture; None: none seen.

    ``seen`` are the block means (rows × columns) of the pictures taken at ``times`` in s, in any order.
    """
    if len(seen) <= _PAIRS or any(one.shape != seen[0].shape for one in seen):
        return None
    order = np.argsort(np.asarray(times), kind="stable")
    at = np.asarray(times, np.float64)[order]
    stirred = _stirred(np.stack([seen[n] for n in order]))
    if stirred is None:
        return None
    steps = [after - before for before, after in pairwise(at) if after > before]
    frame = float(np.median(steps)) if steps else 0.0
    return _shortest(*_alike(at, *stirred, frame), frame) if frame > 0 else None


def _stirred(seen: Floats) -> tuple[Floats, Floats] | None:
    """The blocks of each picture that are ever stirred, and by how much they are."""
    margin = -(-seen.shape[1] // _MARGIN)
    inner = seen[:, margin : seen.shape[1] - margin].reshape(len(seen), -1)
    places = np.flatnonzero(np.ptp(inner, axis=0) > _STIRRED_DN) if inner.size else np.zeros(0, np.intp)
    if places.size < _FEWEST:
        return None
    chosen = inner[:, places[np.linspace(0, places.size - 1, min(places.size, _MOST)).astype(np.intp)]]
    return chosen, np.abs(chosen - np.median(chosen, axis=0)).astype(np.float32)


def _alike(
    at: npt.NDArray[np.float64], seen: Floats, off: Floats, frame: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Distances in time in s at which enough pictures were compared, and the share of blocks that agreed."""
    stirs = np.count_nonzero(off > _STIRRED_DN, axis=1) >= _FEWEST
    apart, shares = [], []
    last = -_ROWS_S
    for row in range(len(at)):
        if at[row] - last < _ROWS_S:
            continue
        last = at[row]
        if stirs[row]:
            most = np.maximum(off[row], off)
            there = most > _STIRRED_DN
            near = (np.abs(seen[row] - seen) <= _NEAR_DN + _NEAR_SHARE * most) & there
            apart.append(np.rint(np.abs(at - at[row]) / frame))
            shares.append(near.sum(axis=1) / np.maximum(1, there.sum(axis=1)))
    if not apart:
        return np.zeros(0), np.zeros(0)
    distances, place, count = np.unique(np.concatenate(apart), return_inverse=True, return_counts=True)
    mean = np.bincount(place, np.concatenate(shares)) / count
    enough = (count >= _PAIRS) & (distances > 0)
    return distances[enough] * frame, mean[enough]


def _shortest(apart: npt.NDArray[np.float64], share: npt.NDArray[np.float64], frame: float) -> float | None:
    """The shortest distance at which nearly all agrees and shortly before and after it does not.

    None if much agrees at shorter distances more often than every 1.5 s: something turns, blinks or waves.
    """
    nearest, farthest = _AROUND_S
    for one in np.flatnonzero((share >= _AGREE) & (apart > nearest)):
        away = apart - apart[one]
        sides = [share[(way * away >= nearest) & (way * away <= farthest)] for way in (-1, 1)]
        if max((side.min() for side in sides if side.size), default=1.0) >= _DROP * share[one]:
            continue
        high = share[(apart > nearest) & (away < -nearest)] >= _MUCH
        rises = int(np.count_nonzero(high[1:] & ~high[:-1]))
        regular = rises * _SHORTEST_S > apart[one] or apart[one] < _SHORTEST_S - frame / 2
        return None if regular else float(apart[one])
    return None
