# SPDX-License-Identifier: Apache-2.0
"""The slanted-edge chart of the emulated camera, with an edge whose blur is known in closed form.

Geometry, in chart coordinates: the origin is the centre of marker 0, x = 1 the centre of marker 1, y = 1 the
centre of marker 3.  One dark square stands in the middle on a bright card; its side is 0.45 of the chart's
height and it is turned 5 degrees clockwise as seen, so its left and right edges are near-vertical.

Tone: the luma codes are full range (the stream says so in its VUI) and proportional to light: 200 to 50 is
4:1, the low contrast of ISO 12233.  No transfer curve has to be undone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]

_CELLS = 6  # a 4x4 marker with its black border


@dataclass(frozen=True, slots=True)
class ChartGeometry:
    """Where things are on the chart, in chart coordinates 0...1, and its tones in full-range luma."""

    marker_centres: Mapping[int, tuple[float, float]] = field(
        default_factory=lambda: {0: (0.0, 0.0), 1: (1.0, 0.0), 2: (1.0, 1.0), 3: (0.0, 1.0)}
    )
    aspect: float = 1.6
    """Width of the chart over its height, between marker centres."""
    square_centre: tuple[float, float] = (0.5, 0.5)
    square_side: float = 0.45
    """Side of the slanted square in chart heights."""
    angle_deg: float = 5.0
    """Turn of the square, clockwise as seen."""
    dark: float = 50.0
    bright: float = 200.0
    surround: float = 125.0
    ink: float = 25.0
    """Luma of square, card, picture around the card, and marker."""
    sigma_px: float = 0.6
    """Standard deviation of the Gaussian point spread, in pixels of the picture sent."""
    edge_roi: Mapping[str, tuple[float, float, float, float]] = field(
        default_factory=lambda: {
            "left": (0.3594 - 0.06, 0.38, 0.12, 0.24),
            "right": (0.6406 - 0.06, 0.38, 0.12, 0.24),
            "top": (0.425, 0.275 - 0.096, 0.15, 0.192),
            "bottom": (0.425, 0.725 - 0.096, 0.15, 0.192),
        }
    )
    """Region (x, y, width, height) around the middle of each edge; it holds that edge alone."""


CHART = ChartGeometry()
"""The chart that every emulated camera with ``chart = slanted_edge`` sees."""


@dataclass(frozen=True, slots=True)
class ChartPlacing:
    """The chart in a picture: place of marker 0's centre (column, row), chart size and marker side, in px.

    Pixel centres have whole coordinates, as in OpenCV.
    """

    left: float
    top: float
    width: int
    height: int
    marker: int

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Pixel coordinates of a chart coordinate."""
        return self.left + x * self.width, self.top + y * self.height


def place(width: int, height: int) -> ChartPlacing:
    """Placing of the chart in the middle of a picture of ``width`` x ``height`` px."""
    unit = min(width / 1280, height / 720)
    chart_height = 2 * round(250 * unit)
    chart_width = 2 * round(chart_height * CHART.aspect / 2)
    marker = 2 * _CELLS * max(2, round(7 * unit))
    left, top = (width - 1 - chart_width) / 2, (height - 1 - chart_height) / 2
    return ChartPlacing(left, top, chart_width, chart_height, marker)


def edge_spread(distance: Floats, angle_rad: float, sigma: float) -> Floats:
    """Edge spread function: half-plane, Gaussian point spread and square pixel, in closed form, 0...1.

    ``distance`` is the signed distance to the edge in px, ``angle_rad`` the direction of its normal,
    ``sigma`` > 0 the standard deviation of the point spread in px.  I2 is the second
    integral of the normal density.
    """
    a, b = abs(math.cos(angle_rad)) / 2, abs(math.sin(angle_rad)) / 2

    def i2(t: Floats) -> Floats:
        density = np.exp(-0.5 * (t / sigma) ** 2) / math.sqrt(2 * math.pi)
        return np.asarray(0.5 * ((t * t + sigma * sigma) * ndtr(t / sigma) + t * sigma * density))

    spread = i2(distance + a + b) - i2(distance + a - b) - i2(distance - a + b) + i2(distance - a - b)
    return np.asarray(spread / (4 * a * b))


def total_sigma(blur_px: float) -> float:
    """Standard deviation of the point spread of a camera with a further Gaussian blur of ``blur_px``."""
    return math.hypot(CHART.sigma_px, blur_px)


def _square(rows: Floats, columns: Floats, placing: ChartPlacing, sigma: float) -> Floats:
    """Share of the slanted square in each pixel; the corners are the product of two edges."""
    angle = math.radians(CHART.angle_deg)
    x0, y0 = placing.pixel(*CHART.square_centre)
    half = CHART.square_side * placing.height / 2
    u = (columns - x0) * math.cos(angle) + (rows - y0) * math.sin(angle)
    v = -(columns - x0) * math.sin(angle) + (rows - y0) * math.cos(angle)
    across = edge_spread(u + half, angle, sigma) - edge_spread(u - half, angle, sigma)
    along = edge_spread(v + half, angle, sigma) - edge_spread(v - half, angle, sigma)
    return across * along


def _paste_markers(luma: Floats, placing: ChartPlacing) -> None:
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    for number, (x, y) in CHART.marker_centres.items():
        bits = cv2.aruco.generateImageMarker(dictionary, number, placing.marker) / 255.0
        column, row = placing.pixel(x, y)
        left, top = round(column - (placing.marker - 1) / 2), round(row - (placing.marker - 1) / 2)
        tone = CHART.ink + (CHART.bright - CHART.ink) * bits
        luma[top : top + placing.marker, left : left + placing.marker] = tone


def draw(width: int, height: int, blur_px: float = 0.0) -> Floats:
    """Luma (height, width) of the chart as the camera sees it, not yet rounded, codes 0...255."""
    placing, sigma = place(width, height), total_sigma(blur_px)
    luma = np.full((height, width), CHART.surround)
    margin = round(0.85 * placing.marker)
    left, top = round(placing.left) - margin, round(placing.top) - margin
    luma[top : top + placing.height + 2 * margin, left : left + placing.width + 2 * margin] = CHART.bright
    _paste_markers(luma, placing)
    luma = np.asarray(cv2.GaussianBlur(luma, (0, 0), sigma), dtype=np.float64)
    reach = 0.36 * placing.height + 6 * sigma
    x0, y0 = placing.pixel(*CHART.square_centre)
    rows, columns = np.mgrid[int(y0 - reach) : int(y0 + reach), int(x0 - reach) : int(x0 + reach)]
    share = _square(rows.astype(np.float64), columns.astype(np.float64), placing, sigma)
    luma[rows[:, :1], columns[:1]] = CHART.bright + (CHART.dark - CHART.bright) * share
    return luma
