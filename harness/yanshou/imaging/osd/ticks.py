# SPDX-License-Identifier: Apache-2.0
"""The pictures at which the second of a written clock changes, under noise and over a moving ground.

The difference of two pictures says little: noise and what moves behind the characters change the region from
each picture to the next. Characters stand still for a second, so what is compared are the means of the
pictures before and after: a change counts by how far it exceeds what the same pixel varied meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from yanshou.imaging.health.life import Box, cut
from yanshou.imaging.health.traits import Luma

_BESIDE_S: Final = 0.44  # pictures compared on either side of a change; two changes are a second apart
_HEIGHT: Final = 48  # larger characters are reduced: their pixels say the same
_LEAST_CODES: Final = 3.0  # a coder's own changes between two pictures
_OF_THE_RANGE: Final = 0.12  # a key frame draws the noise anew, by less than this of the characters' contrast
_INDEPENDENT: Final = 3.0  # pictures of a mean: what moves slowly is alike in many of them
_CLEAR: Final = 3.0  # in standard deviations of the pixel
_PIXELS: Final = 6  # a digit that changes changes at least so many
_STANDS_OUT: Final = 4.0  # a change against the median of all pictures
_OF_THE_OTHERS: Final = 0.3  # a change against those of the other seconds
_JITTER_S: Final = 0.1  # cameras write a new second some pictures late
_APART: Final = 0.3  # by how much more of the new characters a picture after the change shows
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class _Region:
    """The clock's region in each picture, in order: seconds of the stream, and codes (n × height × width)."""

    at: NDArray[np.float64]
    codes: NDArray[np.float32]
    beside: int
    least: float

    def clear(self, before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.float32]:
        """By how many standard deviations of a pixel two means differ, beyond what it varies."""
        differ = np.abs(after.mean(axis=0) - before.mean(axis=0))
        clear: NDArray[np.float32] = differ / np.sqrt(self.varied(before, after)) - _CLEAR
        return clear.clip(min=0)

    def varied(self, before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.float32]:
        """The variance of the difference of two means, at each pixel."""
        varied: NDArray[np.float32] = (before.var(axis=0) + after.var(axis=0)) / _INDEPENDENT + self.least**2
        return varied


def tick_times(pictures: Sequence[tuple[float, Luma]], box: Box) -> list[float]:
    """The seconds of the first pictures that show a new second, all in one rhythm; empty if there is none."""
    if len({luma.shape for _, luma in pictures}) != 1 or len(pictures) < 2 * _FEWEST:
        return []
    at = np.array([seconds for seconds, _ in pictures])
    beside = round(_BESIDE_S / max(1e-3, float(np.median(np.diff(at)))))
    if beside < _FEWEST:
        return []  # too few pictures in a second to tell its change from any other
    crops = [cut(luma, box) for _, luma in pictures]
    if not crops[0].size:
        return []
    codes = np.stack([_reduced(crop) for crop in crops])
    dark, light = np.percentile(codes.mean(axis=0), (2, 98))
    region = _Region(at, codes, beside, max(_LEAST_CODES, _OF_THE_RANGE * float(light - dark)))
    rhythm = _rhythm(at, _changes(region))
    placed = (_placed(region, place) for place in rhythm)
    return [float(at[place]) for place in placed if place is not None]


def _reduced(crop: Luma) -> NDArray[np.float32]:
    """Codes of a region, at most so many lines of them."""
    region = crop.astype(np.float32)
    if region.shape[0] <= _HEIGHT:
        return region
    scale = _HEIGHT / region.shape[0]
    small = cv2.resize(region, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def _changes(region: _Region) -> NDArray[np.float64]:
    """For each picture: how clearly the region differs between those from it on and those before it."""
    count, beside = len(region.at), region.beside
    changes = np.zeros(count)
    least = max(_FEWEST, beside // 2)
    for place in range(least, count - least + 1):
        before, after = region.codes[max(0, place - beside) : place], region.codes[place : place + beside]
        changes[place] = region.clear(before, after).mean()
    return changes


def _rhythm(at: NDArray[np.float64], changes: NDArray[np.float64]) -> list[int]:
    """The places of the largest changes that are whole seconds apart; empty if they do not stand out."""
    best: list[int] = []
    most = 0.0
    for start in range(len(at)):
        if at[start] - at[0] >= 1:
            break
        places = _every_second(at, changes, start)
        strength = float(np.median(changes[places]))
        if strength > most:
            best, most = places, strength
    if most <= _STANDS_OUT * float(np.median(changes)):
        return []
    return [place for place in best if changes[place] >= _OF_THE_OTHERS * most]


def _every_second(at: NDArray[np.float64], changes: NDArray[np.float64], start: int) -> list[int]:
    """The largest change near each whole second from a picture on."""
    places = []
    for second in range(int(at[-1] - at[start]) + 1):
        near = np.flatnonzero(np.abs(at - at[start] - second) <= _JITTER_S)
        if near.size:
            places.append(int(near[changes[near].argmax()]))
    return places


def _placed(region: _Region, place: int) -> int | None:
    """The first picture with the new characters; None if the pictures around it do not tell.

    The pictures next to the change are judged by those further away from it, which they are no part of.
    """
    beside, inner = region.beside, max(1, region.beside // 2)
    before = region.codes[max(0, place - beside) : max(0, place - inner)]
    after = region.codes[place + inner : place + beside]
    if not len(before) or not len(after):
        return None
    changed = region.clear(before, after) > 0
    if np.count_nonzero(changed) < _PIXELS:
        return None
    old = before.mean(axis=0)
    step = after.mean(axis=0) - old
    weights = changed * step / region.varied(before, after)
    total = float((step * weights).sum())
    near = region.codes[place - inner : place + inner]
    shown = ((near - old) * weights).sum(axis=(1, 2)) / total
    first = 1 + int(np.diff(shown).argmax())  # what moves behind comes bit by bit, the second at once
    apart = float(shown[first:].min() - shown[:first].max())
    return place - inner + first if apart >= _APART else None
