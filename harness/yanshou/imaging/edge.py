# SPDX-License-Identifier: Apache-2.0
"""The slanted-edge spatial frequency response (e-SFR, after ISO 12233): many regions of one shape at once.

The steps are those of the standard, with three changes that remove its known errors: the mean of a bin is
moved to the bin's centre along the local slope; the response is corrected for the width of the bin as well as
for the difference; the tails are smoothed instead of being cut off by a narrow window (which alone biases low
frequencies by several percent). All arrays have the region as their first axis; a region is (rows, columns),
its edge near-vertical and rising from left to right.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.polynomial import legendre

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BINS_PER_PIXEL: Final = 4
ORDER: Final = 3
_LOW, _HIGH = 0.1195, 0.8805  # where a Gaussian edge stands half its full width beside its middle
_WINDOW_FWHM: Final = 2.5
_CORE_FWHM: Final = 2.0
_OUTLIER: Final = 4.0
_FEW: Final = 16  # pairs of pixels beside an edge
_GAP: Final = 3 * BINS_PER_PIXEL  # empty bins this near the edge are splined over
_FINE, _COARSE, _TURN, _LAST = 0.0025, 0.005, 0.16, 0.8

FREQUENCIES: Final[Floats] = np.concatenate(
    (np.arange(0, _TURN, _FINE), np.linspace(_TURN, _LAST, round((_LAST - _TURN) / _COARSE) + 1))
)
"""The frequencies at which the response is computed, in cycles per pixel along the edge's normal."""


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """The edges of N regions: ``centre`` and ``slope`` (N, rows), in px and px per row; the rest (N,).

    ``angle_deg`` is the angle to the columns, ``fwhm`` the full width at half maximum of the line spread
    along the normal and ``rms`` the scatter of the rows, both in px; ``dark`` and ``bright`` are the plateaus
    and ``noise`` the standard deviation beside the edge. ``comb`` is the displacement between even and odd
    rows, in px along the row, and ``comb_noise`` its standard deviation. ``noisier`` is the noise of the
    noisier side.
    """

    centre: Floats
    slope: Floats
    angle_deg: Floats
    fwhm: Floats
    rms: Floats
    dark: Floats
    bright: Floats
    noise: Floats
    comb: Floats
    comb_noise: Floats
    noisier: Floats


def oriented(roi: Floats) -> tuple[Floats, bool]:
    """The region turned so that its edge is near-vertical and rises from left to right.

    Also returns whether the edge was near-horizontal before.
    """
    side = max(1, min(roi.shape) // 8)
    across = float(roi[:, -side:].sum() - roi[:, :side].sum()) / roi.shape[0]
    along = float(roi[-side:].sum() - roi[:side].sum()) / roi.shape[1]
    lying = abs(along) > abs(across)
    turned = roi.T if lying else roi
    return (turned[:, ::-1] if (along if lying else across) < 0 else turned), lying


def find_edges(rois: Floats, *, order: int = ORDER) -> Edges:
    """Locate the edges to some hundredths of a pixel: (N, rows, columns) in.

    First by the area of each row above the dark level, then by the centroid of the row's derivative under a
    window that follows the edge and its width.  A region without an edge yields numbers that are not finite.
    """
    count, rows, columns = rois.shape
    width = max(2, columns // 8)
    dark = np.median(rois[:, :, :width].reshape(count, -1), axis=1)
    bright = np.median(rois[:, :, -width:].reshape(count, -1), axis=1)
    height = np.where(bright > dark, bright - dark, np.nan)
    positions = columns - 0.5 - (rois.sum(axis=2) - columns * dark[:, None]) / height[:, None]
    derivative = np.diff(rois, axis=2)
    centre, slope = _fitted(positions, rows, 1)
    highest = order if rows >= 4 * (order + 1) else 1
    fwhm = _width(rois, centre, dark, height)
    for step, again in ((1, False), (highest, True), (highest, False)):
        fwhm = _width(rois, centre, dark, height) if again else fwhm
        half = np.clip(_WINDOW_FWHM * fwhm, 3.0, columns / 2)
        positions = _centroids(derivative, centre, half)
        centre, slope = _fitted(positions, rows, step)
    fwhm = _width(rois, centre, dark, height)
    residual = positions - centre
    known = np.isfinite(residual)
    rms = np.sqrt(np.where(known, residual, 0.0) ** 2 @ np.ones(rows) / np.maximum(known.sum(axis=1), 1))
    rms = np.where(known.sum(axis=1) >= rows // 2, rms, np.nan)
    _, line = _fitted(centre, rows, 1)
    angle = np.degrees(np.arctan(line[:, 0]))
    noise, noisier = _noise(rois, centre, fwhm)
    fwhm = fwhm * np.cos(np.radians(angle))
    return Edges(centre, slope, angle, fwhm, rms, dark, bright, noise, *_comb(residual), noisier)


def _comb(residual: Floats) -> tuple[Floats, Floats]:
    """The displacement of even rows against odd ones, by their medians, and its standard deviation."""
    if residual.shape[1] < 4:  # noqa: PLR2004 - two rows of each kind
        return np.zeros(len(residual)), np.full(len(residual), np.inf)
    medians, squares = [], []
    for rows in (residual[:, ::2], residual[:, 1::2]):
        known = np.isfinite(rows).sum(axis=1)
        middle = _known_median(rows, known)
        spread = 1.4826 * _known_median(np.abs(rows - middle[:, None]), known)
        medians.append(middle)
        # pi / 2: of a median
        squares.append(np.where(known > 0, 1.57 * spread**2 / np.maximum(known, 1), np.inf))
    return np.abs(medians[0] - medians[1]), np.sqrt(squares[0] + squares[1])


def _known_median(rows: Floats, known: npt.NDArray[np.int64]) -> Floats:
    """Median of the finite values of each row, of which ``known`` says how many; 0 where there is none."""
    ordered = np.sort(rows, axis=1)  # what is not finite comes last
    low, high = (np.clip((known + one) // 2 - 1, 0, rows.shape[1] - 1) for one in (1, 2))
    row = np.arange(len(rows))
    return np.asarray(np.where(known > 0, (ordered[row, low] + ordered[row, high]) / 2, 0.0), np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Edge spread functions at quarter pixels along the normals.

    ``values`` (N, 2 M), bins around the edge.

    ``reach`` (N,) is how many bins to each side are seen. ``box`` (N,) is the variance of the distances
    within the bins over that of a whole bin, 0…1: near a simple slope (1:4, 1:3) all samples of a bin are at
    one place and nothing is averaged. ``gap`` (N,) is the widest stretch near the edge without a sample, in
    px.
    """

    values: Floats
    reach: npt.NDArray[np.int64]
    box: Floats
    gap: Floats


def spread(rois: Floats, edges: Edges) -> Spread:
    """Gather regions along the normals of their edges."""
    count, _, columns = rois.shape
    distance = np.arange(columns) - edges.centre[:, :, None]
    distance /= np.sqrt(1 + edges.slope**2)[:, :, None]
    # Symmetric, and no further than where at least half of the rows reach.
    near = np.minimum(-np.median(distance[:, :, 0], axis=1), np.median(distance[:, :, -1], axis=1))
    reach = np.maximum(8, (near * BINS_PER_PIXEL).astype(np.int64))
    middle = int(reach.max())
    index = np.floor(distance * BINS_PER_PIXEL).astype(np.int64)
    inside = (index >= -reach[:, None, None]) & (index < reach[:, None, None])
    size = 2 * middle + 1  # the last bin takes what is left out
    index += middle
    index[~inside] = size - 1
    index += size * np.arange(count)[:, None, None]

    def summed(weights: Floats | None = None) -> Floats:
        flat = None if weights is None else weights.ravel()
        return np.asarray(np.bincount(index.ravel(), flat, count * size), np.float64).reshape(count, size)

    hits = summed()[:, :-1]
    safe = np.maximum(hits, 1)
    mean = summed(rois)[:, :-1] / safe
    where = summed(distance)[:, :-1] / safe
    square = np.einsum("nrc,nrc,nrc->n", distance, distance, inside.astype(np.float64))
    total = np.maximum(hits.sum(axis=1), 1)
    variance = (square - (hits * where**2).sum(axis=1)) / total * 12 * BINS_PER_PIXEL**2
    values, gap = _at_centres(mean, where, hits > 0, reach)
    return Spread(values, reach, np.clip(variance, 0.0, 1.0), gap)


def _at_centres(
    mean: Floats, where: Floats, filled: Flags, reach: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Bin means moved from the mean position of their samples to the bin's centre.

    Empty bins are interpolated.
    """
    middle = mean.shape[1] // 2
    bins = np.arange(2 * middle)
    centres = (bins - middle + 0.5) / BINS_PER_PIXEL
    low, high = middle - reach[:, None], middle + reach[:, None] - 1
    outside = (bins < low) | (bins > high)
    mean = np.take_along_axis(mean, np.clip(bins, low, high), axis=1)  # nothing changes beyond the ends
    place = np.where(filled, where, centres)
    moved = mean.copy()
    run = np.maximum(place[:, 2:] - place[:, :-2], 1e-9)
    moved[:, 1:-1] += (mean[:, 2:] - mean[:, :-2]) / run * (centres[1:-1] - place[:, 1:-1])
    gap = np.full(len(mean), 1.0 / BINS_PER_PIXEL)
    for number in np.flatnonzero(~(filled | outside).all(axis=1)):
        known = filled[number]
        x, y = where[number][known], mean[number][known]
        near = x[np.abs(x) <= _GAP / BINS_PER_PIXEL]
        gap[number] = np.diff(near).max() if near.size > 1 else np.inf
        if x.size > 3:  # noqa: PLR2004 - a cubic needs four points
            from scipy.interpolate import CubicSpline  # noqa: PLC0415 - takes a third of a second

            moved[number] = CubicSpline(x, y)(np.clip(centres, x[0], x[-1]))
    return moved, gap


def smooth_tails(spreads: Spread, fwhm: Floats) -> Floats:
    """The ESFs with their tails averaged over windows that widen with the distance; the cores are left."""
    esf = spreads.values
    size = esf.shape[1]
    bins = np.arange(size)
    away = np.abs(bins + 0.5 - size // 2)
    core = np.maximum(4.0, _CORE_FWHM * fwhm * BINS_PER_PIXEL)[:, None]
    half = np.floor(np.maximum(0.0, 0.5 * (away - core))).astype(np.int64)
    low, high = size // 2 - spreads.reach[:, None], size // 2 + spreads.reach[:, None] - 1
    half = np.minimum(half, np.maximum(0, np.minimum(bins - low, high - bins)))
    total = np.concatenate((np.zeros((len(esf), 1)), np.cumsum(esf, axis=1)), axis=1)
    ahead = np.take_along_axis(total, bins + half + 1, axis=1)
    return np.asarray((ahead - np.take_along_axis(total, bins - half, axis=1)) / (2 * half + 1), np.float64)


def response(esf: Floats, reach: npt.NDArray[np.int64], box: Floats) -> Floats:
    """The responses at ``FREQUENCIES`` (N, F), 1 at zero; ``reach`` and ``box`` as in Spread."""
    middle = esf.shape[1] // 2
    lsf = np.diff(esf, axis=1) * _tukey(middle, reach, 0.2)
    cosine, sine = _waves(middle)
    spectrum = np.hypot(lsf @ cosine, lsf @ sine)
    with np.errstate(divide="ignore", invalid="ignore"):
        spectrum /= spectrum[:, :1]
    # once for the difference of neighbours, once for the width of the bin
    return np.asarray(
        spectrum / np.sinc(FREQUENCIES / BINS_PER_PIXEL)[None, :] ** (1 + box[:, None]), np.float64
    )


def crossing(mtf: Floats, level: float) -> Floats:
    """The first frequency at which each response falls to ``level``, interpolated; nan if never."""
    below = mtf < level
    high = np.argmax(below, axis=1)
    row = np.arange(len(mtf))
    low = np.maximum(high - 1, 0)
    above, under = mtf[row, low], mtf[row, high]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (above - level) / (above - under)
        found = FREQUENCIES[low] + share * (FREQUENCIES[high] - FREQUENCIES[low])
    return np.where(below.any(axis=1) & (high > 0), found, np.nan)


@functools.lru_cache(maxsize=32)
def _waves(middle: int) -> tuple[Floats, Floats]:
    place = (np.arange(2 * middle - 1) - (middle - 1)) / BINS_PER_PIXEL
    phase: Floats = 2 * np.pi * place[:, None] * FREQUENCIES
    return np.asarray(np.cos(phase), np.float64), np.asarray(np.sin(phase), np.float64)


def _tukey(middle: int, reach: npt.NDArray[np.int64], alpha: float) -> Floats:
    """One window per region over the differences of its 2 ``reach`` bins, 0 beyond."""
    from_end = reach[:, None] - 1 - np.abs(np.arange(2 * middle - 1) - (middle - 1))[None, :]
    edge = np.clip(from_end / (alpha * (reach[:, None] - 1)), 0.0, 1.0)
    return np.asarray(0.5 * (1 - np.cos(np.pi * edge)), np.float64)


@functools.lru_cache(maxsize=64)
def _basis(rows: int, order: int) -> tuple[Floats, Floats]:
    """Legendre polynomials over the rows and their derivatives per row, (rows, order + 1) each."""
    t = np.linspace(-1.0, 1.0, rows)
    values = legendre.legvander(t, order)
    slopes = np.column_stack(
        [legendre.legval(t, legendre.legder(unit)) if order else np.zeros(rows) for unit in np.eye(order + 1)]
    )
    return np.asarray(values, np.float64), np.asarray(slopes * (2.0 / max(1, rows - 1)), np.float64)


def _fitted(positions: Floats, rows: int, order: int) -> tuple[Floats, Floats]:
    """Polynomials through the row positions and their slopes; rows beyond 4 robust sigma are left out."""
    basis, slopes = _basis(rows, order)
    known = np.isfinite(positions)
    y = np.where(known, positions, 0.0)
    keep = known
    row = np.arange(len(y))
    coefficients: Floats = np.zeros((len(y), order + 1))
    for _ in range(3):
        weight = keep.astype(np.float64)
        normal = (weight[:, :, None] * basis).transpose(0, 2, 1) @ basis + 1e-9 * np.eye(order + 1)
        coefficients = np.asarray(
            np.linalg.solve(normal, ((weight * y) @ basis)[..., None])[..., 0], np.float64
        )
        residual = np.abs(y - coefficients @ basis.T)
        ordered = np.sort(np.where(keep, residual, np.inf), axis=1)
        median = ordered[row, np.minimum(keep.sum(axis=1) // 2, rows - 1)]
        scale = 1.4826 * np.where(np.isfinite(median), median, 0.0) + 1e-3
        keep = known & (residual <= _OUTLIER * scale[:, None])
    return np.asarray(coefficients @ basis.T, np.float64), np.asarray(coefficients @ slopes.T, np.float64)


def _centroids(derivative: Floats, centre: Floats, half: Floats) -> Floats:
    """Centroid of each row's derivative under a smooth window of ± ``half`` px around ``centre``."""
    columns = derivative.shape[2]
    width = min(columns, int(2 * half.max()) + 2)
    first = np.clip(np.floor(centre - width / 2), 0, columns - width).astype(np.int64)
    index = first[:, :, None] + np.arange(width)
    offset = index - (centre - 0.5)[:, :, None]
    window = offset / half[:, None, None]
    window *= window
    np.subtract(1.0, window, out=window)
    np.maximum(window, 0.0, out=window)
    window *= window
    window *= np.take_along_axis(derivative, index, axis=2)
    total = window.sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.einsum("nrc,nrc->nr", window, offset) / total
    fits = (centre - half[:, None] >= 0) & (centre + half[:, None] <= derivative.shape[2])
    # a window that is cut off is better than none
    fits |= fits.sum(axis=1, keepdims=True) < derivative.shape[1] / 2
    return np.where(fits & (total > 0) & (np.abs(shift) < half[:, None]), centre + shift, np.nan)


def _width(rois: Floats, centre: Floats, dark: Floats, height: Floats) -> Floats:
    """Full width at half maximum of the line spread, in px across, from all rows aligned on their edge."""
    count, _, columns = rois.shape
    limit = 2 * columns  # in half pixels, on each side
    start = limit + 0.5 - 2 * np.clip(centre, -0.5 * columns, 1.5 * columns)
    index = (np.arange(0, 2 * columns, 2) + start[:, :, None]).astype(np.int64)
    np.minimum(np.maximum(index, 0, out=index), 2 * limit, out=index)
    index += (2 * limit + 1) * np.arange(count)[:, None, None]
    size = count * (2 * limit + 1)
    flat = index.ravel()
    hits = np.bincount(flat, minlength=size).reshape(count, -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(flat, rois.ravel(), size).reshape(count, -1) / hits
        level = (mean - dark[:, None]) / height[:, None]
    left = _last(level[:, : limit + 1] < _LOW)
    right = limit + np.argmax(level[:, limit:] > _HIGH, axis=1)
    row = np.arange(count)

    def part(low: npt.NDArray[np.int64], wanted: float) -> Floats:
        a, b = level[row, low], level[row, np.minimum(low + 1, 2 * limit)]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (wanted - a) / (b - a)
        return np.asarray(np.clip(np.nan_to_num(share, nan=0.5), 0.0, 1.0))

    low, high = left + part(left, _LOW), right - 1 + part(right - 1, _HIGH)
    return np.asarray(np.maximum(1.0, (high - low) / 2), np.float64)


def _last(flags: Flags) -> npt.NDArray[np.int64]:
    """Index of the last true flag of each row, 0 when there is none."""
    reverse = np.argmax(flags[:, ::-1], axis=1)
    return np.where(flags.any(axis=1), flags.shape[1] - 1 - reverse, 0)


def _noise(rois: Floats, centre: Floats, fwhm: Floats) -> tuple[Floats, Floats]:
    """Standard deviation beside the edge, of both sides together and of the noisier one.

    From differences of neighbouring rows: shading cancels.
    """
    limit = np.maximum(4.0, 3 * fwhm)[:, None, None]
    away = np.arange(rois.shape[2]) - centre[:, :, None]
    difference = rois[:, 1:] - rois[:, :-1]
    difference *= difference
    squares, counts = [], []
    for beyond in (away < -limit, away > limit):
        both = (beyond[:, 1:] & beyond[:, :-1]).astype(np.float64)
        counts.append(both.sum(axis=(1, 2)))
        squares.append(np.einsum("nrc,nrc->n", difference, both))
    used = counts[0] + counts[1]
    # if nothing is left beside a very blurred edge, the edge itself counts as noise, which is too much
    all_of_it = difference.mean(axis=(1, 2))
    pooled = np.where(used >= _FEW, (squares[0] + squares[1]) / np.maximum(used, 1), all_of_it)
    sides = [
        np.where(n >= _FEW, part / np.maximum(n, 1), pooled) for part, n in zip(squares, counts, strict=True)
    ]
    return np.asarray(np.sqrt(pooled / 2)), np.asarray(np.sqrt(np.maximum(*sides) / 2))
