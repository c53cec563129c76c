# SPDX-License-Identifier: Apache-2.0
"""The light beside an edge: glare or a stain over a part of a region, or over one edge among many.

Uneven light multiplies the light of both sides of an edge, glare adds to both. So uneven light does not
change the ratio of dark to bright, however it falls off; glare does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from yanshou.imaging.edge import Edges, Flags, Floats

_BLOCKS: Final = 6  # along the edge
_ZONES: Final = (0.0, 0.12, 0.24)  # from the side of the region inwards, as shares of its width
_CLEAR_FWHM: Final = 2.0
_FEWEST: Final = 10  # cells
_MOST_UNEVEN: Final = 0.03  # of the edge's height
_SIGMAS: Final = 4.5
_SURE: Final = 4.0
_LEAST_SLOPE: Final = 2e-5  # per px
_MOST_GLARE: Final = 0.06  # of the light of the bright side


def uneven(rois: Floats, edges: Edges) -> list[list[str]]:
    """Why the plateaus of upright regions (N, rows, columns) are not evenly lit, in words, or empty.

    Cells of both sides that are clear of the edge are compared with a linear slope of the light, which is
    allowed.
    """
    dark, bright = np.nan_to_num(edges.dark), np.nan_to_num(edges.bright)
    means, clear, places, least = _cells(rois, edges)
    side = places[:, 2]
    level = np.where(side > 0, bright[:, None], dark[:, None])
    model = np.stack(
        (
            level * places[:, 0],
            level * places[:, 1],
            np.broadcast_to(side, level.shape),
            1 - side + 0 * level,
        ),
        axis=2,
    )
    weighed = model * clear[:, :, None]
    normal = weighed.transpose(0, 2, 1) @ model + 1e-9 * np.eye(4)
    fit = np.linalg.solve(normal, (weighed * means[:, :, None]).sum(axis=1)[..., None])
    left = np.where(clear, np.abs(means - (model @ fit)[..., 0]), 0.0).max(axis=1)
    height = np.maximum(bright - dark, 1e-9)
    room = _MOST_UNEVEN + _SIGMAS * np.nan_to_num(edges.noisier) / height / math.sqrt(max(1, least))
    enough = clear.sum(axis=1) >= _FEWEST
    return [
        [_uneven_text(share)] if judged and share > most else []
        for share, most, judged in zip((left / height).tolist(), room.tolist(), enough.tolist(), strict=True)
    ]


def _uneven_text(share: float) -> str:
    en = f"the light beside the edge is uneven by {share:.0%} of its height: a glare or a stain"
    return f"边缘两侧亮度不均（达边缘高度的 {share:.0%}），有反光或污损 / {en}"


def _cells(rois: Floats, edges: Edges) -> tuple[Floats, Flags, Floats, int]:
    """Mean of each cell (N, cells), whether it is clear of the edge, positions and sides, fewest pixels."""
    count, rows, columns = rois.shape
    total = np.zeros((count, rows + 1, columns + 1))
    total[:, 1:, 1:] = rois.cumsum(axis=1).cumsum(axis=2)
    cuts = np.linspace(0, rows, _BLOCKS + 1).round().astype(int).tolist()
    away = np.nan_to_num(_CLEAR_FWHM * edges.fwhm + 1.0, nan=np.inf)
    means, clear, places, least = [], [], [], rows * columns
    for top, bottom in pairwise(cuts):
        centre = edges.centre[:, top:bottom]
        first, last = centre.min(axis=1), centre.max(axis=1)
        for low, high in pairwise(_ZONES):
            a, b = round(low * columns), round(high * columns)
            for side, left, right in ((0.0, a, b), (1.0, columns - b, columns - a)):
                size = (bottom - top) * (right - left)
                part = (
                    total[:, bottom, right]
                    - total[:, top, right]
                    - total[:, bottom, left]
                    + total[:, top, left]
                )
                means.append(part / max(1, size))
                clear.append((left - last if side else first - right) >= away)
                places.append(((left + right) / 2 / columns - 0.5, (top + bottom) / 2 / rows - 0.5, side))
                least = min(least, size)
    return np.array(means).T, np.array(clear).T, np.array(places), least


def level_along(rois: Floats, noise: Floats) -> Floats:
    """Regions (N, rows, columns) with a slope of the light along the edge taken out, where it is clear.

    The bins of a profile contain different shares of the rows, so such a slope would look like a ripple.
    """
    count, rows, columns = rois.shape
    wide = max(2, round(_ZONES[-1] * columns))
    y = np.arange(rows) - (rows - 1) / 2
    sides = rois[:, :, :wide].mean(axis=2) + rois[:, :, -wide:].mean(axis=2)
    level = sides.mean(axis=1)
    slope = (sides @ y) / float(y @ y) / level
    sure = noise * math.sqrt(2 / wide / float(y @ y)) / level
    slope = np.where(np.abs(slope) > _SURE * sure + _LEAST_SLOPE, slope, 0.0)
    return np.asarray(rois / (1 + slope.reshape(count, 1, 1) * y[None, :, None]))


def glared(plateaus: Sequence[tuple[float, float]]) -> list[str]:
    """For the (dark, bright) light of a chart's edges: why each differs from the rest, or an empty text."""
    ratios = np.array([dark / bright if bright > 0 else np.nan for dark, bright in plateaus])
    if not ratios.size:
        return []
    usual = float(np.nanmedian(ratios))
    # glare g over light 1 changes the ratio r to (r + g) / (1 + g)
    glare = (ratios - usual) / np.maximum(1 - ratios, 1e-6)
    en = "a glare or a stain: the dark side is {0:+.0%} of the paper off that of the other edges"
    return [
        "" if abs(one) <= _MOST_GLARE else f"边缘处有反光或污损（{one:+.0%}）/ {en.format(one)}"
        for one in glare.tolist()
    ]
