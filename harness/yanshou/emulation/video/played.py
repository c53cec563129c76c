# SPDX-License-Identifier: Apache-2.0
"""The reference sequence as a player feeds it to an emulated encoder, by the formula of docs/imaging.md.

It shares no code with the comparison of the received pictures.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def played(width: int, height: int, number: int) -> Picture:
    """Luma (height, width) in full range: the encoder spreads the limited range of its input."""
    column = np.arange(width, dtype=np.uint64)[None, :] + np.uint64(4 * number)
    row = np.arange(height, dtype=np.uint64)[:, None]
    turn = 2 * math.pi
    level = 118.0 + 34 * np.sin(turn * ((column + row) % 96) / 96)
    level += 18 * np.sin(turn * (column.astype(np.int64) - 2 * row.astype(np.int64)) / 40)
    level += 10 * np.sin(turn * (row + np.uint64(2 * number)) / 14)
    level += 12 * _hashed(column // 3, row // 3) + 5 * _hashed(column, row)
    level[(column // 80 + row // 60) % 5 == 0] += 38
    level = np.rint(level)
    strip, cell = height // 12, width // 16
    for place in range(16):
        bit = (number >> (place % 8)) % 2
        level[height - strip :, place * cell : (place + 1) * cell] = 210 if bit else 40
    limited = np.minimum(np.maximum(level, 16), 235)
    return np.rint((limited - 16) * 255 / 219).astype(np.uint8)


def _hashed(column: NDArray[np.uint64], row: NDArray[np.uint64]) -> NDArray[np.float64]:
    word = np.uint64(2**32)
    mixed = (column * np.uint64(374761393) + row * np.uint64(668265263)) % word
    mixed = (mixed ^ (mixed // np.uint64(8192))) * np.uint64(1274126177) % word
    mixed ^= mixed // np.uint64(65536)
    return (mixed % np.uint64(2001)).astype(np.float64) / 1000 - 1
