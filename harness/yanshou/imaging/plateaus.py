# SPDX-License-Identifier: Apache-2.0
"""The light beside an edge: a glare or a stain over a part of a region, or over one edge among many.

Uneven light multiplies what both sides of an edge reflect; a glare adds to both.  So the first may fall off
over a region as it likes, and the ratio of dark to bright stays; the second changes the ratio.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from yanshou.imaging.edge import Edges, Floats

_BLOCKS: Final = 6  # along the edge
_ZONES: Final = (0.0, 0.12, 0.24)  # from the side of the region inwards, as shares of its width
_CLEAR_FWHM: Final = 2.0
_FEWEST: Final = 10  # cells
_MOST_UNEVEN: Final = 0.03  # of the edge's height
_SIGMAS: Final = 4.5
_MEDIAN: Final = 1.25  # standard deviation of a median over that of a mean
_SURE: Final = 4.0
_LEAST_SLOPE: Final = 2e-5  # per px
_MOST_GLARE: Final = 0.06  # of the light of the bright side


def uneven(roi: Floats, edges: Edges, number: int) -> list[str]:
    """Why the plateaus of an upright region, the ``number``-th of ``edges``, are not evenly lit, in words.

    A slope of the light is allowed.
    """
    rows, columns = roi.shape
    dark, bright = float(edges.dark[number]), float(edges.bright[number])
    clear = _CLEAR_FWHM * float(edges.fwhm[number]) + 1.0
    places, levels, values = [], [], []
    least = rows * columns
    for lines in np.array_split(np.arange(rows), _BLOCKS):
        centre = edges.centre[number][lines]
        for low, high in pairwise(_ZONES):
            a, b = round(low * columns), round(high * columns)
            for side, inner in ((0.0, centre.min() - b), (1.0, columns - b - centre.max())):
                if inner < clear:
                    continue
                first, last = (columns - b, columns - a) if side else (a, b)
                part = roi[lines[0] : lines[-1] + 1, first:last]
                places.append(((first + last) / 2 / columns - 0.5, lines.mean() / rows - 0.5, side))
                levels.append(bright if side else dark)
                values.append(float(np.median(part)))
                least = min(least, part.size)
    if len(values) < _FEWEST:
        return []
    place, heights = np.array(places), np.array(levels)
    model = np.column_stack((heights * place[:, 0], heights * place[:, 1], place[:, 2], 1 - place[:, 2]))
    fit, *_ = np.linalg.lstsq(model, np.array(values), rcond=None)
    left = float(np.abs(np.array(values) - model @ fit).max()) / (bright - dark)
    noise = float(edges.noisier[number]) / (bright - dark)
    if left <= _MOST_UNEVEN + _SIGMAS * _MEDIAN * noise / math.sqrt(max(1, least)):
        return []
    told = f"the light beside the edge is uneven by {left:.0%} of its height: a glare or a stain"
    return [f"边缘两侧亮度不均（达边缘高度的 {left:.0%}），有反光或污损 / {told}"]


def level_along(rois: Floats, noise: Floats) -> Floats:
    """Regions (N, rows, columns) with a slope of the light along the edge taken out, where it is clear.

    The bins of a profile hold unlike shares of the rows, so such a slope would look like a ripple.
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
    """Of (dark, bright) light of the edges of a chart: why each is not like the rest, or an empty text."""
    ratios = np.array([dark / bright if bright > 0 else np.nan for dark, bright in plateaus])
    if not ratios.size:
        return []
    usual = float(np.nanmedian(ratios))
    # glare g over light 1 makes (r + g) / (1 + g) of the ratio r
    glare = (ratios - usual) / np.maximum(1 - ratios, 1e-6)
    told = "a glare or a stain: the dark side is {0:+.0%} of the paper off that of the other edges"
    return [
        "" if abs(one) <= _MOST_GLARE else f"边缘处有反光或污损（{one:+.0%}）/ {told.format(one)}"
        for one in glare.tolist()
    ]
