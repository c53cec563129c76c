# SPDX-License-Identifier: Apache-2.0
"""A laptop in view of an emulated camera that shows the page of the screen time code."""

from __future__ import annotations

import binascii
import struct
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

REFRESH_HZ = 60
_COLUMNS, _ROWS = 32, 18
_CORNERS = ((40, 1, 1), (41, 25, 1), (42, 25, 11), (43, 1, 11))
_BANDS = (1, 5, 10, 14)
_PLACE, _WIDTH = (0.2, 0.22), 0.56  # of the picture: upper left corner, width
_WHITE, _BLACK = 215, 28


@dataclass(frozen=True, slots=True)
class CodeScreen:
    """The screen; ``ahead`` is by how many seconds the clock of the camera is ahead of the screen's."""

    ahead: float = 0.0

    def draw(self, picture: Picture, utc: float) -> None:
        """Draw what it shows at ``utc`` of the camera's clock into the luma of an I420 picture."""
        height, width = picture.shape[0] * 2 // 3, picture.shape[1]
        wide = int(_WIDTH * width) // 2 * 2
        high = wide * _ROWS // _COLUMNS
        left, top = int(_PLACE[0] * width), int(_PLACE[1] * height)
        shown = cv2.resize(self._cells(utc - self.ahead), (wide, high), interpolation=cv2.INTER_AREA)
        picture[top : top + high, left : left + wide] = shown

    def _cells(self, at: float) -> Picture:
        """The page, 8 px a cell: each of the four bands shows its newest refresh."""
        page = np.full((_ROWS, _COLUMNS), _WHITE, np.uint8)
        dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
        for number, column, row in _CORNERS:
            drawn = np.asarray(dictionary.generateImageMarker(number, 6))
            page[row : row + 6, column : column + 6] = np.where(drawn > 0, _WHITE, _BLACK)
        newest = int(at * REFRESH_HZ)
        for band, row in enumerate(_BANDS):
            refresh = newest - (newest - band) % len(_BANDS)
            page[row : row + 3, 8:24] = _band(int(1000 * refresh / REFRESH_HZ))
        return np.asarray(page.repeat(8, axis=0).repeat(8, axis=1), np.uint8)


def _band(ms: int) -> Picture:
    """3 x 16 cells: 26 bits of time, 6 of the refresh in half ms, 16 of the check sum."""
    data = struct.pack(">I", (ms & 0x3FFFFFF) << 6 | round(2000 / REFRESH_HZ))
    data += struct.pack(">H", binascii.crc_hqx(data, 0xFFFF))
    bits = np.unpackbits(np.frombuffer(data, np.uint8)).reshape(3, 16)
    return np.where(bits == 1, _BLACK, _WHITE).astype(np.uint8)
