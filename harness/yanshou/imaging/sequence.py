# SPDX-License-Identifier: Apache-2.0
"""The reference sequence: fifty pictures with exactly known codes, to be played into an encoder.

The clause asks for the test sequence of its annex, which is not public; this one is in-house, and every
result says so. Each picture is a formula of position and number alone, so it can be generated without our
file: a drifting texture, waves of three directions, hard moving edges, and the number in sixteen cells. Luma
keeps to the limited range (16 to 235); colour is neutral, because PSNR is of luma.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

COUNT: Final = 50
FPS: Final = 25
NEUTRAL: Final = 128
_LOWEST, _HIGHEST = 16, 235
_CELLS: Final = 16
_BITS: Final = 8

Luma = npt.NDArray[np.uint8]


def sequence(width: int, height: int) -> Iterator[Luma]:
    """The pictures in order, luma height x width."""
    for number in range(COUNT):
        yield picture(width, height, number)


def picture(width: int, height: int, number: int) -> Luma:
    """Picture ``number`` of the sequence; the formula of docs/imaging.md."""
    y, x = np.mgrid[:height, :width].astype(np.int64)
    drift = x + 4 * number
    waves = (
        34 * np.sin(2 * np.pi * (drift + y) / 96)
        + 18 * np.sin(2 * np.pi * (drift - 2 * y) / 40)
        + 10 * np.sin(2 * np.pi * (y + 2 * number) / 14)
    )
    texture = _noise(drift // 3, y // 3) * 12 + _noise(drift, y) * 5
    blocks = np.where((drift // 80 + y // 60) % 5 == 0, 38, 0)
    luma = np.rint(118 + waves + texture + blocks)
    rows, cell = height // 12, width // _CELLS
    for place in range(_CELLS):
        lit = number >> (place % _BITS) & 1
        luma[height - rows :, place * cell : (place + 1) * cell] = 210 if lit else 40
    return np.asarray(np.clip(luma, _LOWEST, _HIGHEST), np.uint8)


def _noise(x: npt.NDArray[np.int64], y: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """A pseudo-random number from -1 to 1 for each place, always the same."""
    mixed = (x * 374761393 + y * 668265263) & 0xFFFFFFFF
    mixed = (mixed ^ (mixed >> 13)) * 1274126177 & 0xFFFFFFFF
    return np.asarray((mixed ^ (mixed >> 16)) % 2001 / 1000 - 1)
