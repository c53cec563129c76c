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
period). Repeated pixels leave whole phases without any difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

Luma = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_WINDOW: Final = 32
_GRID: Final = 4  # cells along each side: overlay text is sharp but fills few of them
_FEWEST_CELLS: Final = 3
_FEWEST: Final = 10 * _WINDOW  # windows of a cell with an edge
_EDGE: Final = 32.0  # largest step in codes of a window that is used
_MOST: Final = 12_000  # windows of a cell: more give no better result
_ENOUGH: Final = 20  # of 32 numbers: a picture of half the pixels in a row holds 16 and what its kernel adds
_RELATIVE: Final = 0.008  # of the lowest frequencies
_CODED: Final = 2.5  # of the variance of quantisation: differences have twice that of codes
_NOISE: Final = 3.0
_QUIET: Final = 0.2
_USUAL_QP: Final = 32.0  # where the stream does not state its quantiser
_HALVED: Final = 0.4  # share of the numbers that windows at another period contain
_DEAD: Final = 0.1
# a period in px, the number that is then missing, and another period for comparison
_PERIODS: Final = ((2, 20, 3), (3, 26, 4), (4, 20, 5), (5, 20, 6))


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


def own_size(luma: Luma, qp: float | None = None) -> OwnSize:
    """Examine a luma plane (height × width, uint8) that was coded with the mean quantiser ``qp``.

    Enlargements by two or more are recognised or left open; smaller ones may go unseen, and so may one with
    noise added afterwards.
    """
    step = 2.0 ** (((_USUAL_QP if qp is None else qp) - 4.0) / 6.0)  # ITU-T H.264 8.5.9, H.265 8.6.4.2
    across, down = (_along(plane, step * step / 12) for plane in (luma, luma.T))
    # a camera enlarges in both directions; a pattern may repeat in one
    if across[0] is down[0] is Holds.LESS:
        return OwnSize(Holds.LESS, across[1], down[1])
    return OwnSize(Holds.ALL if across[0] is down[0] is Holds.ALL else Holds.UNKNOWN)


def _along(plane: Luma, coded: float) -> tuple[Holds, float]:
    """The detail along the rows of a plane, and the largest share of their pixels that can be original."""
    cells = list(_cells(plane))
    share = _repeated(cells)
    if share < 1.0:
        return Holds.LESS, share
    numbers = [found for cell in cells if (found := _numbers(cell, coded)) is not None]
    if len(numbers) < _FEWEST_CELLS:
        return Holds.UNKNOWN, 1.0
    for period, missing, other in _PERIODS:
        if _interpolated(cells, period, missing, other):
            return Holds.LESS, missing / _WINDOW
    return (Holds.ALL if float(np.median(numbers)) >= _ENOUGH else Holds.UNKNOWN), 1.0


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


def _windows(cell: Floats, begin: int, period: int) -> Floats:
    """Windows of a cell from column ``begin`` on, one every ``period`` px."""
    every = np.lib.stride_tricks.sliding_window_view(cell, _WINDOW, axis=1)
    return every[:, begin::period].reshape(-1, _WINDOW)


def _eigenvalues(windows: Floats) -> Floats:
    """Of the windows' covariance about zero, largest first."""
    return np.asarray(np.linalg.eigvalsh(windows.T @ windows / len(windows))[::-1], np.float32)


def _numbers(cell: tuple[Floats, int], coded: float) -> int | None:
    """How many numbers the windows of a cell contain at any phase; None with too few edges."""
    windows = _windows(cell[0], 0, 3)
    largest = np.abs(windows).max(axis=1)
    edges = windows[largest >= _EDGE]
    if len(edges) < _FEWEST:
        return None
    quiet = windows[largest <= np.quantile(largest, _QUIET)]
    found = _eigenvalues(edges)
    nothing = np.maximum(
        max(_RELATIVE * float(found[:4].mean()), _CODED * coded), _NOISE * _eigenvalues(quiet)
    )
    return int(np.count_nonzero(np.cumprod(found > nothing)))


def _locked(cell: tuple[Floats, int], period: int) -> Floats | None:
    """The eigenvalues of windows that begin at one phase of the period, mean over the phases."""
    found = []
    for phase in range(period):
        windows = _windows(cell[0], (phase - cell[1]) % period, period)
        windows = windows[np.abs(windows).max(axis=1) >= _EDGE]
        if len(windows) < _FEWEST:
            return None
        found.append(_eigenvalues(windows))
    return np.asarray(np.mean(found, axis=0), np.float32)


def _interpolated(cells: Sequence[tuple[Floats, int]], period: int, missing: int, other: int) -> bool:
    """Whether windows at one phase of ``period`` lack numbers that windows at one phase of ``other`` have."""
    shares = []
    for cell in cells:
        own, control = _locked(cell, period), _locked(cell, other)
        if own is not None and control is not None:
            shares.append(float(own[missing - 1] / max(float(control[missing - 1]), 1e-6)))
    return len(shares) >= _FEWEST_CELLS and float(np.median(shares)) < _HALVED


def _repeated(cells: Sequence[tuple[Floats, int]]) -> float:
    """The share of pixels that do not repeat the one before; 1 if none are repeated regularly."""
    for period, _, _ in _PERIODS:
        shares = []
        for cell, left in cells:
            steps = np.abs(cell) >= _EDGE / 4
            columns = np.square(np.where(steps, cell, 0.0)).sum(axis=0)
            if np.count_nonzero(steps) >= _FEWEST:
                phases = np.array([columns[(one - left) % period :: period].sum() for one in range(period)])
                shares.append(phases / columns.sum())
        if len(shares) >= _FEWEST_CELLS:
            dead = np.count_nonzero(np.median(shares, axis=0) < _DEAD / period)
            if dead:
                return 1.0 - dead / period
    return 1.0
