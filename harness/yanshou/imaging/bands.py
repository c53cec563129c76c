# SPDX-License-Identifier: Apache-2.0
"""Bands of light across the picture, as a lamp that flickers makes them before a shutter that rolls.

Each row of the picture is exposed at another moment, so lamps at 100 Hz (or dimmed by pulses) make bands over
its whole width, which stand still where the frame rate divides the frequency of the lamps and move otherwise.
Bands bend the tone curve (the paper lies in other rows than the greys beside it), the edges, and the noise in
time. They show on the bare paper, which light that falls off evenly leaves smooth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from yanshou.imaging import layout
from yanshou.imaging.finder import ChartView
from yanshou.imaging.frame import Floats, Frame
from yanshou.imaging.tone import to_light

_CELL_MM: Final = 3.0
_INNER: Final = 0.8  # of a cell: what is looked at of it
_FEWEST: Final = 2  # cells of each half of a row of the picture
_FEWEST_ROWS: Final = 20
_ROUNDS: Final = 3
_FAR: Final = 4.0  # robust standard deviations of cells that a stain, a caption or a glare is on
_INNERMOST: Final = 0.94  # standard deviations that noise common to both halves exceeds in 6 % of the rows
_LESSER: Final = 0.18  # of the variance of a half: that of what is common to both
_STILL: Final = 0.015  # half of the range between the brightest and the darkest band; simulated lamps
_MOVING: Final = 0.02


_Row = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Bands:
    """``still``: half of the range of the bands in the mean picture, as a part of the light.

    ``moving``: amplitude of the bands that differ from picture to picture; ``level``: standard deviation of
    the light of whole pictures. All are 0 where too little bare paper is in the picture.
    """

    still: float = 0.0
    moving: float = 0.0
    level: float = 0.0

    @property
    def gate(self) -> str:
        """Why the light of edges and greys cannot be trusted; empty if it can."""
        share = max(self.still / _STILL, self.moving / _MOVING)
        return _text(max(self.still, self.moving)) if share > 1 else ""

    @property
    def noise_gate(self) -> str:
        """Why the noise in time is not that of the camera; empty if it is."""
        return _text(max(self.moving, self.level)) if max(self.moving, self.level) > _MOVING else ""


STEADY: Final = Bands()


def _text(share: float) -> str:
    en = f"the light has bands or flickers (by {share:.1%}): use lamps that do not, or another shutter time"
    return f"光照有明暗条带或闪烁（{share:.1%}），光源频闪：须换无频闪光源或调整快门 / {en}"


def light_bands(frames: Sequence[Frame], view: ChartView) -> Bands:
    """The bands in pictures of one view."""
    places, cells = _cells(frames, view)
    rows = _rows(places, view)
    if len(rows) < _FEWEST_ROWS:
        return STEADY
    mean = cells.mean(axis=0)
    used = np.concatenate([half for row in rows for half in row])
    profile, noise = _profile((mean / _smooth(places, mean, used))[None], rows)
    low, high = np.percentile(profile, (3, 97))
    each = cells / mean
    level = np.median(each[:, used], axis=1)
    moving, own = _profile(each / level[:, None], rows)
    moved = 2 * (float(np.square(moving).mean()) - _LESSER * own**2)
    still = ((high - low) / 2) ** 2 - (_INNERMOST * noise) ** 2
    return Bands(math.sqrt(max(0.0, float(still))), math.sqrt(max(0.0, moved)), float(level.std()))


def _profile(light: Floats, rows: Sequence[_Row]) -> tuple[Floats, float]:
    """How far each row of pictures (pictures, N) is lighter or darker over its whole width, as a part of 1.

    What only one half of a row shows is no band: a glare, or something before the sheet. Also returns the
    standard deviation of one half by its noise.
    """
    medians = np.array([[np.median(light[:, half], axis=1) - 1.0 for half in row] for row in rows])
    spread = [
        math.sqrt(math.pi / 2 / len(half))
        * 1.4826
        * np.median(np.abs(light[:, half] - 1.0 - median[:, None]), axis=1)
        for row, both in zip(rows, medians, strict=True)
        for half, median in zip(row, both, strict=True)
    ]
    left, right = medians[:, 0], medians[:, 1]
    common = np.where(left * right > 0, np.sign(left) * np.minimum(np.abs(left), np.abs(right)), 0.0)
    return np.asarray(common.T, np.float64), float(np.sqrt(np.square(spread).mean()))


def _cells(frames: Sequence[Frame], view: ChartView) -> tuple[Floats, Floats]:
    """Places (N, 2) of cells of bare paper in the picture, and their light in each picture (pictures, N)."""
    centres = [
        (x, y)
        for box in layout.BARE
        for x in np.arange(box.x + _CELL_MM / 2, box.x + box.w - _CELL_MM / 2 + 0.1, _CELL_MM).tolist()
        for y in np.arange(box.y + _CELL_MM / 2, box.y + box.h - _CELL_MM / 2 + 0.1, _CELL_MM).tolist()
    ]
    places = view.pixels(np.array(centres))
    size = max(1, round(_INNER * _CELL_MM * view.width_px / layout.WIDTH))
    height, width = frames[0].luma.shape
    first = np.rint(places - size / 2).astype(np.int64)
    inside = ((first >= 0) & (first <= np.array([width - size, height - size]))).all(axis=1)
    x, y = first[inside].T[:, :, None, None] + np.stack(np.meshgrid(*(np.arange(size),) * 2))[:, None]
    light = [to_light(one.shares(one.luma[y, x])).mean(axis=(1, 2)) for one in frames]
    return places[inside], np.maximum(np.array(light, np.float64), 1e-6)


def _rows(places: Floats, view: ChartView) -> list[_Row]:
    """The cells of each row of the picture, left and right of the sheet's middle, where it has both."""
    if not len(places):
        return []
    high = _CELL_MM * view.width_px / layout.WIDTH
    row = np.floor(places[:, 1] / high).astype(np.int64)
    right = places[:, 0] > np.mean([places[:, 0].min(), places[:, 0].max()])
    halves = [
        (np.flatnonzero((row == n) & ~right), np.flatnonzero((row == n) & right)) for n in np.unique(row)
    ]
    return [one for one in halves if min(map(len, one)) >= _FEWEST]


def _smooth(places: Floats, light: Floats, used: npt.NDArray[np.int64]) -> Floats:
    """Light that falls off evenly: its logarithm is a surface of second order in either direction."""
    x, y = ((places - places.mean(axis=0)) / np.ptp(places, axis=0).max()).T
    surface = np.column_stack(
        (np.ones_like(x), x, y, x * x, x * y, y * y, x * x * y, x * y * y, (x * y) ** 2)
    )
    light = np.log(light)
    kept = used
    fit: Floats = np.zeros(surface.shape[1])
    for _ in range(_ROUNDS):
        fit = np.linalg.lstsq(surface[kept], light[kept], rcond=None)[0]
        left = light[used] - surface[used] @ fit
        spread = 1.4826 * float(np.median(np.abs(left - np.median(left))))
        kept = used[np.abs(left) <= _FAR * spread + 1e-9]
    return np.asarray(np.exp(surface @ fit), np.float64)
