# SPDX-License-Identifier: Apache-2.0
"""Whether a picture lives, is frozen, or is no picture at all.

A healthy quiet scene repeats its pictures for a whole group of pictures: 87 to 99 % of the differences of a
still H.264 view are below the usual threshold. So a period without change counts as frozen only if it is
longer than the codec's own rhythm. A ticking on-screen clock is the best sign of life.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import cv2
import numpy as np

from yanshou.imaging.health.traits import Indicators, Luma, thinned_out

_WIDTH: Final = 480
_CHANGED: Final = 0.02  # mean absolute difference in codes; a repeated picture decodes to exactly the same
_TICK: Final = 0.5  # the same in the region of the clock: 1.2 to 1.7 at a tick, below 0.04 between ticks
_FLAT_SHARE: Final = 0.93  # the rest may be characters written over it
_BLACK, _WHITE = 24.0, 232.0
_BLUE_U, _BLUE_V = 20.0, 0.0

Box = tuple[int, int, int, int]
"""Left, top, width, height in px of the full picture."""


class Signal(StrEnum):
    """What a camera's picture shows, before its quality matters."""

    PRESENT = "present"
    BLACK = "black"
    WHITE = "white"
    BLUE = "blue"
    FLAT = "flat"


def signal_of(seen: Indicators) -> Signal:
    """A picture without any structure is a lost signal: black, white, the blue of a decoder, or flat."""
    if seen.flat < _FLAT_SHARE:
        return Signal.PRESENT
    if seen.cast_u is not None and seen.cast_v is not None and _is_blue(seen.cast_u, seen.cast_v):
        return Signal.BLUE
    if seen.mean <= _BLACK:
        return Signal.BLACK
    return Signal.WHITE if seen.mean >= _WHITE else Signal.FLAT


def _is_blue(u: float, v: float) -> bool:
    return u >= _BLUE_U and v <= _BLUE_V


@dataclass(frozen=True, slots=True)
class Liveness:
    """The longest stretch without change, and the longest without a tick of the clock region, in s.

    ``watched_s`` is the duration; ``ticks`` how often the clock region changed, None without a region.
    """

    longest_still_s: float
    watched_s: float
    frames: int
    ticks: int | None = None
    longest_without_tick_s: float | None = None


def liveness(pictures: Iterable[tuple[float, Luma]], clock: Box | None = None) -> Liveness:
    """From (seconds, luma) in order of time; the seconds are those of the stream (RTP), not of arrival."""
    times: list[float] = []
    changes, ticks = [], []
    before = region_before = None
    for at, luma in pictures:
        step = max(1, luma.shape[1] // _WIDTH)  # a repeated picture repeats every pixel: no need to average
        small = thinned_out(luma, step)
        region = cut(luma, clock) if clock else None
        if before is not None and small.shape == before.shape and _difference(small, before) > _CHANGED:
            changes.append(at)
        if region is not None and region_before is not None and _difference(region, region_before) > _TICK:
            ticks.append(at)
        times.append(at)
        before, region_before = small, region
    if not times:
        return Liveness(0.0, 0.0, 0)
    return Liveness(
        longest_still_s=_longest(times[0], changes, times[-1]),
        watched_s=times[-1] - times[0],
        frames=len(times),
        ticks=len(ticks) if clock else None,
        longest_without_tick_s=_longest(times[0], ticks, times[-1]) if clock else None,
    )


def cut(luma: Luma, box: Box) -> Luma:
    """What of a picture lies in a box; empty if the box lies outside it."""
    left, top, width, height = box
    return luma[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)]


def _difference(one: Luma, other: Luma) -> float:
    return cv2.norm(one, other, cv2.NORM_L1) / one.size if one.size and one.shape == other.shape else 0.0


def _longest(start: float, marks: Sequence[float], end: float) -> float:
    edges = np.array([start, *marks, end])
    return float(np.diff(edges).max())
