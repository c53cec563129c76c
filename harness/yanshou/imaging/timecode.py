# SPDX-License-Identifier: Apache-2.0
"""Reads the screen time code in a picture: the time of its computer that a screen in view shows.

The page is a grid of 32 x 18 cells with four ArUco markers in the corners and four rows of 16 x 3 cells; they
change in turn, and while one changes the others are constant. A row is 26 bits of Unix time in ms, 6 bits for
the time between two rows in units of 0.5 ms, and CRC-16/CCITT-FALSE of both, black for 1, the highest bit
first.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

PERIOD_MS: Final = 1 << 26  # of the 26 bits: 18.6 hours

_MARKERS: Final = {40: (1, 1), 41: (25, 1), 42: (25, 11), 43: (1, 11)}  # upper left cell
_MARKER_CELLS: Final = 6
_LEFT, _TOPS, _WIDE, _HIGH = 8, (1, 5, 10, 14), 16, 3
_BITS: Final = _WIDE * _HIGH
_SPREAD: Final = (-0.2, 0.0, 0.2)  # where in a cell it is sampled, in cells from its middle
_CONTRAST: Final = 20.0  # luma codes between black and white
_GREY: Final = 0.12  # of the contrast: a cell this near to the middle value was changing

Luma = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ShownTime:
    """What one picture shows: the newest time in ms modulo PERIOD_MS.

    ``step_s`` is the time between two rows (0: not known yet), ``rows`` how many of the four could be read.
    """

    ms: int
    step_s: float
    rows: int


class TimeCodeReader:
    """Reads picture after picture of one camera; the screen is searched first where it was last found."""

    def __init__(self) -> None:
        self._samples: npt.NDArray[np.float32] | None = None

    def read(self, luma: Luma) -> ShownTime | None:
        """The newest time in a luma plane of 8 bits; None if no whole row can be read."""
        if self._samples is not None and (shown := _newest(luma, self._samples)):
            return shown
        found = _samples(luma)
        if found is None:
            return None
        self._samples = found
        return _newest(luma, found)


def _samples(luma: Luma) -> npt.NDArray[np.float32] | None:
    """The sampled pixels (4 rows, 48 cells, 9 places, 2); None if the markers are not in view."""
    parameters = cv2.aruco.DetectorParameters()
    parameters.minMarkerPerimeterRate = 0.02
    parameters.perspectiveRemovePixelPerCell = 8
    parameters.perspectiveRemoveIgnoredMarginPerCell = 0.3
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    detector = cv2.aruco.ArucoDetector(dictionary, parameters)
    corners, ids, _ = detector.detectMarkers(np.ascontiguousarray(luma))
    numbers = [] if ids is None else ids.ravel().tolist()
    seen = {number: quad.reshape(4, 2) for number, quad in zip(numbers, corners, strict=True)}
    if not _MARKERS.keys() <= seen.keys():
        return None
    square = np.array([(0, 0), (_MARKER_CELLS, 0), (_MARKER_CELLS, _MARKER_CELLS), (0, _MARKER_CELLS)])
    cells = np.concatenate([square + np.array(place) for place in _MARKERS.values()]).astype(np.float64)
    pixels = np.concatenate([seen[number] for number in _MARKERS]).astype(np.float64)
    homography, _ = cv2.findHomography(cells, pixels, 0)
    if homography is None or not np.isfinite(homography).all():
        return None
    places = cv2.perspectiveTransform(_grid().reshape(-1, 1, 2), homography)
    return np.asarray(places, np.float32).reshape(4, _BITS, -1, 2)


def _grid() -> npt.NDArray[np.float32]:
    """The same places in cells."""
    bits = np.arange(_BITS)
    middles = np.stack((_LEFT + 0.5 + bits % _WIDE, 0.5 + bits // _WIDE), axis=-1)
    rows = np.stack([middles + np.array((0, top)) for top in _TOPS])
    around = np.array([(x, y) for y in _SPREAD for x in _SPREAD])
    return np.asarray(rows[:, :, None, :] + around, np.float32)


def _newest(luma: Luma, samples: npt.NDArray[np.float32]) -> ShownTime | None:
    flat = samples.reshape(4 * _BITS, -1, 2)
    seen = cv2.remap(luma, flat[..., 0], flat[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    read = [word for row in seen.mean(axis=1).reshape(4, _BITS) if (word := _word(row)) is not None]
    if not read:
        return None
    times = [word >> 6 for word in read]
    newest = max(times, key=lambda one: sum(_after(one, other) for other in times))
    step = next(word & 63 for word in read if word >> 6 == newest)
    return ShownTime(newest, step / 2e3, len(read))


def _after(one: int, other: int) -> bool:
    """Whether a time is later than another, also across the wrap of the 26 bits."""
    return 0 < (one - other) % PERIOD_MS < PERIOD_MS // 2


def _word(cells: npt.NDArray[np.float64]) -> int | None:
    """The 32 bits of a row; None if the row was changing or is not one."""
    ordered = np.sort(cells)
    black, white = float(ordered[:4].mean()), float(ordered[-4:].mean())
    middle, contrast = (black + white) / 2, white - black
    if contrast < _CONTRAST or float(np.abs(cells - middle).min()) < _GREY * contrast:
        return None
    data = np.packbits(cells < middle).tobytes()
    return int.from_bytes(data[:4], "big") if crc16(data[:4]) == int.from_bytes(data[4:], "big") else None


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF."""
    return binascii.crc_hqx(data, 0xFFFF)
