# SPDX-License-Identifier: Apache-2.0
"""Whether a picture has the detail its size claims, or is an enlarged smaller one.

The first differences of each row (and each column) are taken in windows of 32 px that contain an edge;
differences whiten the 1/f spectrum of pictures. The eigenvalues of their covariance show how many independent
numbers such a window contains: a picture of its own size fills nearly all 32 of them, one made from half as
many pixels by any linear kernel about half. Not counted are the quantisation of the coder (step² / 12 in the
codes), the level found where there is only noise, and a hundredth of the lowest frequencies.

A soft picture has no more detail than a smaller one, and this alone cannot distinguish them. But
interpolation repeats with the period of the two sizes: windows that all begin at the same phase contain fewer
numbers than windows at the phases of another period (Gallagher 2005, Popescu and Farid 2005 use the same
period). Repeated pixels leave whole phases without any difference. An enlargement by little lacks too few
numbers to be counted; there the finest detail is examined (:mod:`yanshou.imaging.resampled`).

In one direction as in both: a picture whose width alone was stretched does not have the pixels it claims.
A view that repeats exactly (a fence, a chessboard) and a picture that was stored as JPEG before look the same
as an enlarged one and are left open in most cases.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from yanshou.imaging.resampled import beside_noise, mirrored

Luma = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_WINDOW: Final = 32
_GRID: Final = 4  # cells along each side: overlay text is sharp but fills few of them
_FEWEST_CELLS: Final = 3
_FEWEST: Final = 6 * _WINDOW  # windows of a cell with an edge
_EDGE: Final = 32.0  # largest step in codes of a window that is used
_MOST: Final = 16_000  # windows of a cell: more give no better result
_QUIET_WINDOWS: Final = 4000
_ENOUGH: Final = 29  # of 32 numbers, at the period that has most of them
# more than a picture holds that is enlarged by 2, 3/2 and 4/3: 16, 21 and 24, and 2 by the kernel
_MORE: Final = {2: 19, 3: 24, 4: 26}
_DIP: Final = 2  # numbers fewer at one period than at the next ones
_RICH: Final = 25
_RELATIVE: Final = 0.008  # of the lowest frequencies
_CODED: Final = 2.5  # of the variance of quantisation: differences have twice that of codes
_NOISE: Final = 3.0
_QUIET: Final = 0.2
_USUAL_QP: Final = 32.0  # where the stream does not state its quantiser
_HALVED: Final = 0.4  # share of the numbers that windows at another period contain
_DEAD: Final = 0.1
_BUSY: Final = 0.01  # of the strongest column
_BUSY_STEP: Final = 1.0  # mean step in codes from a column to the next
_STANDS_OUT: Final = (
    0.6  # of both neighbours' steps; photographs have no such column, coded repetitions a tenth
)
_FEW_DEAD: Final = 0.04
_BUSY_COLUMNS: Final = 5  # of each phase: a few straight edges may all lie on even columns
# a period in px, the number then missing, and another period for comparison: an enlargement by 2, 3 or
# 3/2, 4, 5 or 5/2; the blocks of a coder have the period 4
_LACKING: Final = ((2, 20, 3), (3, 26, 4), (4, 20, 5), (5, 20, 6))
_PERIODS: Final = (2, 3, 4, 5, 6, 7)  # in px: those of 3/2, 4/3, 5/4, 6/5, 7/6, 8/5 and the like
_REPEATS: Final = (2, 3, 4, 5)
_PEAK: Final = 10.0  # of the median
_LOWEST: Final = 0.12  # cycles per px: below it the picture itself varies
_SMOOTHED: Final = 15  # columns
_BLOCK_LINE: Final = 16  # harmonics of a coder's blocks
_WIDE: Final = 2.5  # lines of the spectrum that a harmonic fills
_CLIPPED: Final = 64.0
_BESIDE_NOISE: Final = 0.28  # of the detail that stands above the noise; enlarged pictures have 0.3 and more
_MIRRORED: Final = 0.17  # of the finest detail; enlarged pictures that seem whole have 0.22 and more


class Holds(StrEnum):
    """How much detail a picture has, compared with its size."""

    ALL = "all"
    LESS = "less"  # enlarged from a smaller picture
    UNKNOWN = "unknown"  # soft, dark, noisy or coarsely coded


@dataclass(frozen=True, slots=True)
class OwnSize:
    """The result; for an enlarged picture also the largest width and height of the original."""

    holds: Holds
    width: float = 1.0
    height: float = 1.0


@dataclass(frozen=True, slots=True)
class _Along:
    """What one direction shows.

    The largest share of original pixels; whether it has all numbers and copies no detail; a period of two
    sizes.
    """

    share: float
    whole: bool
    periodic: bool


def own_size(luma: Luma, qp: float | None = None) -> OwnSize:
    """Examine a luma plane (height × width, uint8) that was coded with the mean quantiser ``qp``.

    Enlargements by 1.5 % and more, along one side or both, are recognised or left open, and so are those by
    the nearest pixel in any ratio, also with noise added afterwards. A noisy picture is left open.
    """
    step = 2.0 ** (((_USUAL_QP if qp is None else qp) - 4.0) / 6.0)  # ITU-T H.264 8.5.9, H.265 8.6.4.2
    across, down = (_along(plane, step * step / 12) for plane in (luma, luma.T))
    if across.share < 1.0 and down.share < 1.0:
        return OwnSize(Holds.LESS, across.share, down.share)
    # a pattern in view may have such a period in one direction
    enlarged = across.periodic and down.periodic
    return OwnSize(Holds.ALL if across.whole and down.whole and not enlarged else Holds.UNKNOWN)


def _along(plane: Luma, coded: float) -> _Along:
    """What the rows of a plane show."""
    cells = [_Cell.of(*one) for one in _cells(plane)]
    share = _repeated(cells)
    if share < 1.0:
        return _Along(share, whole=False, periodic=True)

    @functools.cache  # a period is asked for up to three times
    def locked(period: int) -> list[Floats | None]:
        return [cell.locked(period) for cell in cells]

    for period, missing, other in _LACKING:
        if _interpolated(locked(period), locked(other), missing):
            return _Along(missing / _WINDOW, whole=False, periodic=True)
    numbers = {period: _numbers(cells, locked(period), coded) for period in _PERIODS}
    whole = max(numbers.values()) >= _ENOUGH and all(numbers[one] >= least for one, least in _MORE.items())
    periodic = _dips([*numbers.values()]) or _peak(plane) >= _PEAK or _dead_columns(plane) >= _FEW_DEAD
    own = whole and mirrored(plane) < _MIRRORED and beside_noise(plane) < _BESIDE_NOISE
    return _Along(1.0, own, periodic)


def _dead_columns(plane: Luma) -> float:
    """The share of the columns that differ from the one before far less than both of their neighbours do.

    The nearest pixel by an irregular ratio (7/5, 15/8, 9/8) repeats single columns; no lens does.
    """
    steps = np.abs(np.diff(plane.astype(np.float32), axis=1))
    energy = np.minimum(steps, _EDGE).mean(axis=0)
    around = np.minimum(np.roll(energy, 1), np.roll(energy, -1))[1:-1]
    busy = around > _BUSY_STEP
    return float(np.mean(energy[1:-1][busy] < _STANDS_OUT * around[busy])) if busy.any() else 0.0


def _dips(numbers: Sequence[float]) -> bool:
    """Whether windows at one period have fewer numbers than at the periods beside it, which have many."""
    sides = zip(numbers, numbers[1:], [*numbers[2:], numbers[-2]], strict=False)
    return any(
        one <= min(before, after) - _DIP and min(before, after) >= _RICH for before, one, after in sides
    )


def _cells(plane: Luma) -> Iterator[tuple[Floats, int]]:
    """The differences of each cell, and the column of the picture at which it begins."""
    steps = np.diff(plane.astype(np.float32), axis=1)
    height, width = steps.shape
    for row in range(_GRID):
        for column in range(_GRID):
            left, right = column * width // _GRID, (column + 1) * width // _GRID
            cell = steps[row * height // _GRID : (row + 1) * height // _GRID, left:right]
            if cell.shape[1] > 2 * _WINDOW:
                yield cell[:: max(1, round(cell.size / _MOST))], left


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell: its differences, and the column at which it begins.

    For the windows that begin at each column: the sum of their products (32 × 32), and how many have an edge.
    ``quiet`` are the eigenvalues of windows without one.
    """

    steps: Floats
    left: int
    products: Floats
    counts: npt.NDArray[np.int64]
    quiet: Floats

    @classmethod
    def of(cls, steps: Floats, left: int) -> _Cell:
        windows = np.lib.stride_tricks.sliding_window_view(steps, _WINDOW, axis=1)
        largest = np.abs(windows).max(axis=2)
        still = windows[largest <= np.quantile(largest, _QUIET)]
        still = still[:: max(1, len(still) // _QUIET_WINDOWS)]
        edges = largest >= _EDGE
        columns = np.ascontiguousarray((windows * edges[..., None]).swapaxes(0, 1))
        products = columns.swapaxes(1, 2) @ columns
        return cls(steps, left, products, edges.sum(axis=0), _eigenvalues(still.T @ still / len(still)))

    def locked(self, period: int) -> Floats | None:
        """The eigenvalues of windows that begin at one phase of the period, mean over the phases."""
        found = []
        for phase in range(period):
            begin = (phase - self.left) % period
            count = int(self.counts[begin::period].sum())
            if count < _FEWEST:
                return None
            found.append(_eigenvalues(self.products[begin::period].sum(axis=0) / count))
        return np.asarray(np.mean(found, axis=0), np.float32)


def _eigenvalues(covariance: Floats) -> Floats:
    """Of the windows' covariance about zero, largest first."""
    return np.asarray(np.linalg.eigvalsh(covariance)[::-1], np.float32)


def _numbers(cells: Sequence[_Cell], locked: Sequence[Floats | None], coded: float) -> float:
    """How many numbers windows at one phase of a period contain, median of the cells; 0: too few edges."""
    numbers = []
    for cell, found in zip(cells, locked, strict=True):
        if found is not None:
            floor = max(_RELATIVE * float(found[:4].mean()), _CODED * coded)
            nothing = np.maximum(floor, _NOISE * cell.quiet)
            numbers.append(int(np.count_nonzero(np.cumprod(found > nothing))))
    return float(np.median(numbers)) if len(numbers) >= _FEWEST_CELLS else 0.0


def _interpolated(locked: Sequence[Floats | None], others: Sequence[Floats | None], missing: int) -> bool:
    """Whether windows at one phase of a period lack numbers that windows at one phase of another have."""
    shares = []
    for own, control in zip(locked, others, strict=True):
        if own is not None and control is not None and _full(control) >= missing + _DIP:
            shares.append(float(own[missing - 1] / max(float(control[missing - 1]), 1e-6)))
    return len(shares) >= _FEWEST_CELLS and float(np.median(shares)) < _HALVED


def _full(found: Floats) -> int:
    """How many eigenvalues count beside the lowest frequencies; few in a view of some straight edges."""
    return int(np.count_nonzero(found > _RELATIVE * float(found[:4].mean())))


def _peak(plane: Luma) -> float:
    """The largest line in the spectrum of the columns' mean second difference, over the median of all.

    Interpolation makes one, at the period of the two sizes (Gallagher 2005); those of a coder's blocks do not
    count. A pattern in view that repeats exactly makes one as well.
    """
    bent = np.minimum(np.abs(np.diff(plane.astype(np.float32), n=2, axis=1)), _CLIPPED)
    level = np.log(bent.mean(axis=0) + 0.5)
    wide = np.pad(level, _SMOOTHED // 2, mode="edge")
    rough = level - np.convolve(wide, np.full(_SMOOTHED, 1 / _SMOOTHED), "valid")
    lines = np.abs(np.fft.rfft(rough * np.hanning(len(rough))))
    at = np.fft.rfftfreq(len(rough))
    blocks = np.abs(at * _BLOCK_LINE - np.rint(at * _BLOCK_LINE)) <= _WIDE * _BLOCK_LINE / len(rough)
    usable = lines[(at > _LOWEST) & ~blocks]
    return float(usable.max() / max(float(np.median(usable)), 1e-9)) if usable.size else float("inf")


def _repeated(cells: Sequence[_Cell]) -> float:
    """The share of pixels that do not repeat the one before; 1 if none are repeated regularly."""
    for period in _REPEATS:
        shares = []
        for cell in cells:
            steps = np.abs(cell.steps) >= _EDGE / 4
            columns = np.square(np.where(steps, cell.steps, 0.0)).sum(axis=0)
            busy = np.count_nonzero(columns > _BUSY * columns.max())
            if np.count_nonzero(steps) >= _FEWEST and busy >= _BUSY_COLUMNS * period:
                phases = np.array(
                    [columns[(one - cell.left) % period :: period].sum() for one in range(period)]
                )
                shares.append(phases / columns.sum())
        if len(shares) >= _FEWEST_CELLS:
            dead = np.count_nonzero(np.median(shares, axis=0) < _DEAD / period)
            if dead:
                return 1.0 - dead / period
    return 1.0
