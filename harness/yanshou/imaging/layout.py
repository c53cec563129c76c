# SPDX-License-Identifier: Apache-2.0
"""The test chart: where everything is on it, in millimetres of the A3 sheet (420 x 297, origin top left).

A2 and A1 are the same drawing, larger; the scale bar alone is 100 mm on every sheet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 420.0
HEIGHT: Final = 297.0
SCALES: Final[Mapping[str, float]] = {"A3": 1.0, "A2": math.sqrt(2), "A1": 2.0}
"""Millimetres on the sheet per unit of the drawing."""

MARKER: Final = 30.0
"""Side of an ArUco marker, DICT_4X4_50 with its black border."""
MARKERS: Final[Mapping[int, tuple[float, float]]] = {
    0: (27.0, 27.0),
    1: (210.0, 27.0),
    2: (393.0, 27.0),
    3: (393.0, 270.0),
    4: (210.0, 270.0),
    5: (27.0, 270.0),
}
"""Marker centres, clockwise from the top left."""

SQUARE: Final = 48.0
TURN_DEG: Final = 5.0
"""The slanted squares: side, and turn clockwise as seen."""
SQUARES: Final[Mapping[str, tuple[float, float]]] = {
    "left-top": (84.0, 40.0),
    "right-top": (336.0, 40.0),
    "centre": (210.0, 162.5),
    "left-bottom": (84.0, 257.0),
    "right-bottom": (336.0, 257.0),
}
PAPER: Final = 0.88
DARK: Final = 0.22
"""Reflectance of bare paper and of the squares: 4:1, as ISO 12233 has it."""

GREYS: Final = 11
GREY_LIGHTNESS: Final = tuple(95.0 - 8.5 * step for step in range(GREYS))
"""L* of the steps as printed, with bare paper at 100: the lightest step is darker than the paper."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """Clockwise from the top left."""
        right, bottom = self.x + self.w, self.y + self.h
        return (self.x, self.y), (right, self.y), (right, bottom), (self.x, bottom)

    def inner(self, share: float) -> Box:
        """The inner part: ``share`` of each side."""
        dx, dy = self.w * (1 - share) / 2, self.h * (1 - share) / 2
        return Box(self.x + dx, self.y + dy, self.w * share, self.h * share)


PAPER_STEP: Final = Box(14.0, 64.0, 32.0, 12.0)
"""Bare paper above the lightest step: step 0 of the greys, and the bright side of every edge."""


def grey(step: int) -> Box:
    """Grey step 0 (the lightest printed) to 10 (black)."""
    return Box(12.0 + 36.0 * step, 79.0, 36.0, 21.0)


GREY_STRIPS: Final = tuple(
    tuple(Box(29.0 + 16.0 * number, top, 14.0, high) for number in range(23))
    for top, high in ((67.5, 5.5), (100.8, 4.6))
)
"""Bare paper along the greys, above and below them."""

COLOUR_FRAME: Final = Box(14.0, 106.0, 152.0, 113.0)
"""Where the 24 patches are, or a bought chart is placed."""
_COLUMNS: Final = 6


def colour(number: int) -> Box:
    """Colour patch 0 … 23, row by row."""
    row, column = divmod(number, _COLUMNS)
    wide, high = COLOUR_FRAME.w / _COLUMNS, COLOUR_FRAME.h / 4
    return Box(COLOUR_FRAME.x + column * wide + 1.5, COLOUR_FRAME.y + row * high + 1.5, wide - 3, high - 3)


COLOURS: Final[tuple[tuple[str, tuple[float, float, float]], ...]] = (
    ("深肤色", (37.54, 14.37, 14.92)),
    ("浅肤色", (64.66, 19.27, 17.5)),
    ("蓝天", (49.32, -3.82, -22.54)),
    ("树叶", (43.46, -12.74, 22.72)),
    ("蓝花", (54.94, 9.61, -24.79)),
    ("青绿", (70.48, -32.26, -0.37)),
    ("橙", (62.73, 35.83, 56.5)),
    ("紫蓝", (39.43, 10.75, -45.17)),
    ("中红", (50.57, 48.64, 16.67)),
    ("紫", (30.1, 22.54, -20.87)),
    ("黄绿", (71.77, -24.13, 58.19)),
    ("橙黄", (71.51, 18.24, 67.37)),
    ("蓝", (28.37, 15.42, -49.8)),
    ("绿", (54.38, -39.72, 32.27)),
    ("红", (42.43, 51.05, 28.62)),
    ("黄", (81.8, 2.67, 80.41)),
    ("品红", (50.63, 51.28, -14.12)),
    ("青", (49.57, -29.71, -28.32)),
    ("白", (95.19, -1.03, 2.93)),
    ("灰 8", (81.29, -0.57, 0.44)),
    ("灰 6.5", (66.89, -0.75, -0.06)),
    ("灰 5", (50.76, -0.13, 0.14)),
    ("灰 3.5", (35.63, -0.46, -0.48)),
    ("黑", (20.64, 0.07, -0.46)),
)
"""Names and CIELAB (D50, 2°) of the 24 patches: the ColorChecker Classic made since November 2014."""
NEUTRALS: Final = (18, 19, 20, 21, 22, 23)

PAPER_ZONES: Final = tuple(
    Box(x - 5.0, y - 4.0, 10.0, 8.0)
    for x, y in (
        *((x, 72.0) for x in (27.0, 118.0, 210.0, 302.0, 393.0)),
        (175.0, 162.5),
        (245.0, 162.5),
        *((x, 225.0) for x in (27.0, 118.0, 210.0, 302.0, 393.0)),
    )
)
"""Bare paper, for the evenness of the picture."""

BARE: Final = (
    Box(2.0, 4.0, 7.0, 289.0),
    Box(411.0, 4.0, 7.0, 289.0),
    *(Box(x, 4.0, w, h) for x, w, h in ((45.0, 8.0, 72.0), (170.0, 11.0, 68.0), (248.0, 10.0, 72.0))),
    *(Box(x, y, w, h) for x, y, w, h in ((296.0, 4.0, 8.0, 72.0), (368.0, 24.0, 5.0, 52.0))),
    *(Box(x, y, w, h) for x, y, w, h in ((170.0, 103.0, 11.0, 127.0), (248.0, 103.0, 10.0, 131.0))),
    *(Box(x, y, w, h) for x, y, w, h in ((45.0, 221.0, 8.0, 72.0), (296.0, 213.0, 8.0, 80.0))),
    *(Box(x, y, w, h) for x, y, w, h in ((378.0, 173.0, 30.0, 79.0), (378.0, 103.0, 30.0, 42.0))),
)
"""Stretches of bare paper that together run from the top to the bottom of the sheet, side by side."""

WEDGES: Final = (Box(262.0, 110.0, 60.0, 100.0), Box(330.0, 125.0, 72.0, 50.0))
"""The wedge for the eye: five converging lines, for horizontal and for vertical resolution."""
WEDGE_LINES: Final = (100.0, 1000.0)
"""Line widths per height of the sheet at the wide and at the narrow end."""


def square_corners(name: str, *, share: float = 1.0) -> tuple[tuple[float, float], ...]:
    """Corners of a slanted square, clockwise from its top left."""
    x, y = SQUARES[name]
    turn, half = math.radians(TURN_DEG), SQUARE * share / 2
    across, down = (math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))
    return tuple(
        (x + half * (i * across[0] + j * down[0]), y + half * (i * across[1] + j * down[1]))
        for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    )


SIDES: Final = ("top", "right", "bottom", "left")
"""The edges of a square: side n runs from corner n to the next."""
