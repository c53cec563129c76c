# SPDX-License-Identifier: Apache-2.0
"""Indicators of a picture's condition, meaningful only in comparison with the same view's reference.

Chosen on one set of pictures, absolute thresholds gave false alarms in 2 to 93 % of another; against the same
camera's accepted picture, blur, noise, cast and stripes were distinguished in 93 to 100 %. Nothing is judged
here. Luma is taken as coded (height × width, uint8); what needs fine grain is taken at full size in the
middle of the picture, the rest on a copy 480 px wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Luma = npt.NDArray[np.uint8]
Lines = npt.NDArray[np.complex64]
Blocks = npt.NDArray[np.bool_]
Chroma = tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]

_WIDTH: Final = 480
_FOUR: Final = 4  # lines of a usual picture for one of its small copy
_ADDS_LANES, _HIGHEST_LANE = np.uint64(0x0001_0001_0001_0001), np.uint64(48)
_CROP: Final = 320  # side of the full-size crop, px
_DARK, _BRIGHT = 20, 235
_DETAIL: Final = 0.5  # mean step in codes per px from which a block is used for sharpness
_NUMBERS: Final = (2, 4, 8)  # bytes of the numbers of the machine
_EPSILON: Final = 1e-6
_FLAT_CODES: Final = 3
_REBLUR: Final = 11  # taps of the second blur of Crete et al. 2007
_BLOCK: Final = 16
_FLATTEST: Final = 0.10
_EDGE_BLOCK, _EDGE_DENSITY = 30, 0.005
_EDGE_SHARE: Final = np.float32(1 / _EDGE_BLOCK**2)
_CODED: Final = 8  # block size of the codecs that show blocks
STRIPE_FROM: Final = 8  # lowest spatial frequency taken for a stripe, cycles per picture side
_SECOND: Final = np.array([1, -2, 1], np.float32)  # second difference; both ways Immerkaer's Laplacian
_SMOOTHED: Final = 33  # lines over which a profile's slow course is taken out
_MEAN: Final = np.ones(_SMOOTHED) / _SMOOTHED


@dataclass(frozen=True, slots=True)
class Indicators:
    """The condition of one picture.

    ``mean``, ``sd``, ``noise`` in luma codes; ``dark``, ``bright``, ``flat`` (within 3 codes of the median),
    ``featureless`` as shares of the picture;
    ``blur`` from 0 (sharp) to 1; ``stripe``: amplitude in codes of the strongest regular stripe;
    ``blocking`` as a ratio (1: no blocks); ``cast_u``, ``cast_v``: mean chroma offset in codes,
    ``chroma_sd`` their spread, None without chroma.
    """

    mean: float
    sd: float
    dark: float
    bright: float
    flat: float
    blur: float
    noise: float
    stripe: float
    blocking: float
    featureless: float
    cast_u: float | None = None
    cast_v: float | None = None
    chroma_sd: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """One picture in numbers, and the copy of it (at most 480 px wide) that they were taken from.

    ``lines``: amplitude in codes and phase of the regular stripes across the picture, (2, n), of its row and
    column means, from 8 cycles a side on. ``blocks``: which 30 px blocks of the copy hold edges, rows ×
    columns.
    """

    indicators: Indicators
    lines: Lines
    blocks: Blocks
    small: Luma


def indicators(luma: Luma, chroma: Chroma | None = None) -> Indicators:
    """All indicators of one picture; ``chroma`` are the U and V planes (uint8, any common size)."""
    return traits_of(luma, chroma).indicators


def traits_of(luma: Luma, chroma: Chroma | None = None) -> Traits:
    """The indicators of one picture with its stripes and edges; the picture is scaled down once."""
    if luma.ndim != 2 or min(luma.shape) < 2 * _EDGE_BLOCK:  # noqa: PLR2004 - a plane
        raise ValueError(f"a luma plane of at least 60 × 60 px is wanted, not {luma.shape}")
    small, crop = _small(luma), _middle(luma)
    lines, blocks = _lines(small, shrunk=small.size < luma.size), _structure(small)
    amplitudes = np.abs(lines)
    mean, deviation = cv2.meanStdDev(small)
    counts = np.asarray(cv2.calcHist([small], [0], None, [256], [0, 256]), np.float32).ravel()
    u, v, spread = _cast(chroma) if chroma is not None else (None, None, None)
    found = Indicators(
        mean=float(mean[0, 0]),
        sd=float(deviation[0, 0]),
        dark=float(counts[: _DARK + 1].sum()) / small.size,
        bright=float(counts[_BRIGHT:].sum()) / small.size,
        flat=_flat(counts, small.size),
        blur=_blur(small),
        noise=_noise(crop),
        stripe=float(max(0.0, amplitudes.max() - 3 * np.median(amplitudes))),
        blocking=_blocking(crop),
        featureless=1 - float(blocks.mean()),
        cast_u=u,
        cast_v=v,
        chroma_sd=spread,
    )
    return Traits(found, lines, blocks, small)


def _flat(counts: npt.NDArray[np.float32], size: int) -> float:
    """Share of the picture within 3 codes of its median, from its histogram."""
    median = int(np.searchsorted(np.cumsum(counts), size / 2))
    return float(counts[max(0, median - _FLAT_CODES) : median + _FLAT_CODES + 1].sum() / size)


def thinned_out(plane: Luma, step: int) -> Luma:
    """Every ``step``-th code of every ``step``-th line.

    Where the codes of a step fill a number of the machine, its lowest byte is the first of them.
    """
    lines = plane[::step]
    if step in _NUMBERS and plane.strides[-1] == 1 and plane.shape[1] % step == 0:
        return lines.view(f"<u{step}").astype(np.uint8)
    return np.ascontiguousarray(lines[:, ::step])


def _small(luma: Luma) -> Luma:
    height, width = luma.shape
    if width <= _WIDTH:
        return luma
    size = (_WIDTH, max(2 * _EDGE_BLOCK, round(height * _WIDTH / width)))
    if luma.shape == (size[1] * _FOUR, size[0] * _FOUR):
        return _quartered(luma)
    return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.uint8)


def _quartered(luma: Luma) -> Luma:
    """The same as ``cv2.resize`` by area of a picture of 1080 lines, in a third of the time.

    Four rows are added in 16 bits; the factor adds up four neighbours of a row in the highest of its lanes.
    """
    height, width = luma.shape
    rows = np.add.reduce(luma.reshape(height // _FOUR, _FOUR, width), axis=1, dtype=np.uint16)
    lanes = rows.view(np.uint64)
    lanes *= _ADDS_LANES  # in place: what is not allocated does not drive the decoder's data out of the cache
    lanes >>= _HIGHEST_LANE
    return np.asarray(cv2.convertScaleAbs(lanes.astype(np.uint16), alpha=1 / _FOUR**2), np.uint8)


def _middle(luma: Luma) -> Luma:
    """The middle at full size, its corner on the codec's grid of blocks; downscaling would hide noise."""
    height, width = luma.shape
    top, left = (max(0, (side - _CROP) // 2) // _CODED * _CODED for side in (height, width))
    return luma[top : top + _CROP, left : left + _CROP]


def _blur(small: Luma) -> float:
    """Blur after Crete et al. 2007: the effect of a second blur, the worse of both directions.

    It is the median over the 30 px blocks with some detail, because overlay text stays sharp whatever the
    lens does, but fills few blocks.
    """
    worst = 0.0
    for taps, cut in (((_REBLUR, 1), np.s_[:, 1:, :, :-1]), ((1, _REBLUR), np.s_[1:, :, :-1, :])):
        before, after = _steps(small, cut), _steps(np.asarray(cv2.blur(small, taps), np.uint8), cut)
        total, lost = _block_means(before), _block_means(np.asarray(cv2.subtract(before, after), np.uint8))
        detailed = total >= _DETAIL
        if not detailed.any():
            detailed = total >= total.max()
        kept = 1 - lost[detailed] / np.maximum(total[detailed], _EPSILON)
        worst = max(worst, float(np.median(kept)))
    return worst


def _block_means(plane: Luma) -> npt.NDArray[np.float32]:
    """Means of the whole 30 px blocks: rows × columns."""
    columns, rows = (side // _EDGE_BLOCK for side in plane.shape[::-1])
    whole = plane[: rows * _EDGE_BLOCK, : columns * _EDGE_BLOCK]
    bands = np.add.reduce(whole.reshape(rows, _EDGE_BLOCK, -1), axis=1, dtype=np.uint16)
    sums = np.add.reduce(bands.reshape(rows, columns, _EDGE_BLOCK), axis=2, dtype=np.uint32)
    return np.asarray(sums * _EDGE_SHARE, np.float32)


def _steps(plane: Luma, cut: tuple[slice, slice, slice, slice]) -> Luma:
    """Absolute difference of neighbours along one axis."""
    return np.asarray(cv2.absdiff(plane[cut[0], cut[1]], plane[cut[2], cut[3]]), np.uint8)


def _noise(crop: Luma) -> float:
    """Standard deviation of the noise in codes (Immerkaer 1996) over the flattest tenth of 16 px blocks."""
    response = np.abs(cv2.sepFilter2D(crop, cv2.CV_16S, _SECOND, _SECOND))
    across, down = cv2.spatialGradient(cv2.blur(crop, (5, 5)))  # Sobel's, both at once
    slope = np.abs(across) + np.abs(down)
    steep, ringing = _blocks(np.asarray(slope, np.int16)), _blocks(np.asarray(response, np.int16))
    count = max(1, int(_FLATTEST * steep.size))
    flattest = np.argpartition(steep, count - 1)[:count]
    return float(np.sqrt(np.pi / 2) / 6 * ringing[flattest].mean())


def _blocks(plane: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
    """Mean of each whole 16 px block, the rim left out: (blocks,) float32."""
    inner = plane[2:-2, 2:-2]
    columns, rows = (side // _BLOCK for side in inner.shape[::-1])
    whole = inner[: rows * _BLOCK, : columns * _BLOCK].astype(np.float32)
    means = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(means, np.float32).ravel()


def _lines(small: Luma, *, shrunk: bool) -> Lines:
    """The spectra of the means of the rows and of the columns."""
    sums = (cv2.reduce(small, way, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel() for way in (1, 0))
    means = (np.asarray(one / (small.size / one.size), np.float64) for one in sums)
    lines = [_spectrum(one, shrunk=shrunk) for one in means]
    count = min(line.size for line in lines)
    return np.array([line[:count] for line in lines], np.complex64)


def _spectrum(profile: npt.NDArray[np.float64], *, shrunk: bool) -> npt.NDArray[np.complex128]:
    first, last = (np.full(_SMOOTHED // 2, end) for end in (profile[0], profile[-1]))
    detrended = profile - np.convolve(np.concatenate((first, profile, last)), _MEAN, "valid")
    spectrum = np.fft.rfft(detrended * _window(detrended.size))[STRIPE_FROM:] * 4 / detrended.size
    return spectrum / _passed(detrended.size, shrunk=shrunk)


@lru_cache(maxsize=16)
def _passed(size: int, *, shrunk: bool) -> npt.NDArray[np.float64]:
    """What taking out the slow course, and shrinking the picture, leave of a stripe of each frequency."""
    cycles = np.arange(STRIPE_FROM, size // 2 + 1) / size
    slow = np.sin(np.pi * cycles * _SMOOTHED) / (_SMOOTHED * np.sin(np.pi * cycles))
    return np.asarray((1 - slow) * (np.sinc(cycles) if shrunk else 1.0), np.float64)


@lru_cache(maxsize=16)
def _window(size: int) -> npt.NDArray[np.float64]:
    return np.hanning(size)


def _blocking(crop: Luma) -> float:
    """Mean step across the borders of 8 px blocks over the mean step inside them."""
    ratios = []
    for axis, cut in ((0, np.s_[:, 1:, :, :-1]), (1, np.s_[1:, :, :-1, :])):
        differences = _steps(crop, cut)
        sums = cv2.reduce(differences, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel()
        steps = sums / differences.shape[axis]
        at_border = np.arange(1, steps.size + 1) % _CODED == 0
        border, inside = steps[at_border].mean(), steps[~at_border].mean()
        ratios.append((border + 0.1) / (inside + 0.1))  # a tenth of a code: two flat pictures are alike
    return float(max(ratios))


def _structure(small: Luma) -> Blocks:
    """30 px blocks with an edge in them; a hand or a bag in front of the lens removes the edges."""
    edges = np.asarray(cv2.Canny(small, 40, 100), np.uint8)  # 255 at an edge
    return np.asarray(_block_means(edges) >= 255 * _EDGE_DENSITY)


def _cast(chroma: Chroma) -> tuple[float, float, float]:
    """Mean offset of U and V from grey, and their spread; every fourth value is enough."""
    thinned = [thinned_out(plane, 4) for plane in chroma]
    (u, du), (v, dv) = (cv2.meanStdDev(plane) for plane in thinned)
    return float(u[0, 0]) - 128, float(v[0, 0]) - 128, float(np.hypot(du[0, 0], dv[0, 0]))
