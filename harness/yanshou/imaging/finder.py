# SPDX-License-Identifier: Apache-2.0
"""The test chart found in a picture by its markers: where its millimetres are.

Marker centres are the crossings of the diagonals: corners are biased inwards by blur, centres are not.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from yanshou.imaging import layout

Floats = npt.NDArray[np.float64]

_ROWS: Final = ((0, 1, 2), (3, 4, 5))
_LEAST_OF_ROW: Final = 2  # three in a line and a fourth do not fix a plane
_MOST_RESIDUAL: Final = 0.02  # of the sheet's width; a lens bends less
SMALLEST_PX: Final = 380.0
_TILTED: Final = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class ChartView:
    """Where the chart is: ``homography`` (3 x 3) takes millimetres of the A3 sheet to pixels (column, row).

    ``residual_px`` is the root mean square of the markers about it, ``turned_deg`` the turn of the sheet in
    the picture.  ``notes`` say what is missing of it.
    """

    homography: Floats
    markers: Mapping[int, tuple[float, float]]
    residual_px: float
    turned_deg: float
    notes: tuple[str, ...] = ()

    def pixels(self, places: Iterable[tuple[float, float]]) -> Floats:
        """Pixels (N, 2) of places in mm."""
        points = np.array([*places], np.float64)
        ends = np.column_stack((points, np.ones(len(points)))) @ self.homography.T
        return np.asarray(ends[:, :2] / ends[:, 2:], np.float64)

    @property
    def width_px(self) -> float:
        """Length of the sheet's middle line in px."""
        left, right = self.pixels([(0.0, layout.HEIGHT / 2), (layout.WIDTH, layout.HEIGHT / 2)])
        return float(np.linalg.norm(right - left))


@dataclass(frozen=True, slots=True)
class ChartSearch:
    """What a search brought: the chart, or why there is none that can be used."""

    view: ChartView | None
    gates: tuple[str, ...] = field(default=())


def find_chart(luma: npt.NDArray[np.uint8]) -> ChartSearch:
    """Look for the chart in a luma plane of 8 bits."""
    found = _markers(np.ascontiguousarray(luma))
    twice = [number for number, count in Counter(number for number, _ in found).items() if count > 1]
    if twice:
        return ChartSearch(None, ("画面中不止一张图卡 / there is more than one chart in the picture",))
    markers = dict(found)
    if len(markers) < len(layout.MARKERS):
        markers = dict(_markers(np.ascontiguousarray(luma), 0.5)) | markers  # blur is half as wide there
    if any(sum(number in markers for number in row) < _LEAST_OF_ROW for row in _ROWS):
        en = f"the markers of the chart were not found ({len(markers)} of 6)"
        return ChartSearch(None, (f"未找到图卡标记（6 个中找到 {len(markers)} 个）/ {en}",))
    view = _view(markers, luma.shape)
    if view is None or view.residual_px > _MOST_RESIDUAL * max(view.width_px, 1.0):
        return ChartSearch(None, ("标记不在一张平整的图卡上 / the markers do not lie on one flat chart",))
    if view.width_px < SMALLEST_PX:
        en = f"the chart is {view.width_px:.0f} px wide (at least {SMALLEST_PX:.0f})"
        return ChartSearch(None, (f"图卡在画面中仅宽 {view.width_px:.0f} px，过小 / {en}",))
    return ChartSearch(view)


def _markers(luma: npt.NDArray[np.uint8], scale: float = 1.0) -> list[tuple[int, tuple[float, float]]]:
    parameters = cv2.aruco.DetectorParameters()
    parameters.minMarkerPerimeterRate = 0.01
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_NONE
    parameters.perspectiveRemovePixelPerCell = 8  # a cell is read in its middle: blur spoils its rim
    parameters.perspectiveRemoveIgnoredMarginPerCell = 0.3
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    seen = luma if scale == 1 else cv2.resize(luma, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    corners, ids, _ = cv2.aruco.ArucoDetector(dictionary, parameters).detectMarkers(seen)
    return [
        (int(number), _centre(luma, (quad[0] + 0.5) / scale - 0.5))
        for number, quad in zip([] if ids is None else ids.ravel(), corners, strict=True)
        if int(number) in layout.MARKERS
    ]


def _centre(luma: npt.NDArray[np.uint8], quad: npt.NDArray[np.float32]) -> tuple[float, float]:
    """Where the diagonals of a marker cross: the image of its centre under any perspective."""
    side = float(np.linalg.norm(quad - np.roll(quad, 1, axis=0), axis=1).mean())
    window = max(2, int(side // 10))
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 40, 0.005)
    fine = cv2.cornerSubPix(luma, quad.reshape(-1, 1, 2).copy(), (window, window), (-1, -1), criteria)
    a, b, c, d = np.asarray(fine, np.float64).reshape(4, 2)
    across = np.column_stack((c - a, b - d))
    share = np.linalg.solve(across, b - a)[0] if abs(np.linalg.det(across)) > 1e-9 else 0.5  # noqa: PLR2004
    x, y = a + share * (c - a)
    return float(x), float(y)


def _view(markers: Mapping[int, tuple[float, float]], shape: tuple[int, ...]) -> ChartView | None:
    places = np.array([layout.MARKERS[number] for number in markers])
    pixels = np.array([*markers.values()])
    homography, _ = cv2.findHomography(places, pixels, 0)
    if homography is None or not np.isfinite(homography).all() or np.linalg.det(homography[:2, :2]) <= 0:
        return None
    view = ChartView(np.asarray(homography, np.float64), markers, 0.0, 0.0)
    residual = float(np.sqrt(np.mean(np.sum((view.pixels(map(tuple, places)) - pixels) ** 2, axis=1))))
    left, right = view.pixels([(0.0, layout.HEIGHT / 2), (layout.WIDTH, layout.HEIGHT / 2)])
    turned = math.degrees(math.atan2(right[1] - left[1], right[0] - left[0]))
    return ChartView(view.homography, markers, residual, turned, tuple(_notes(view, turned, shape)))


def _notes(view: ChartView, turned: float, shape: tuple[int, ...]) -> Iterable[str]:
    sheet = view.pixels([(0, 0), (layout.WIDTH, 0), (layout.WIDTH, layout.HEIGHT), (0, layout.HEIGHT)])
    if (sheet < -1).any() or (sheet > np.array([shape[1], shape[0]])).any():
        yield "图卡未全部入画 / the chart is cut off by the picture"
    missing = sorted(set(layout.MARKERS) - set(view.markers))
    if missing:
        yield f"标记 {missing} 未见 / markers {missing} were not seen"
    if abs(turned) > _TILTED:
        yield f"图卡在画面中转了 {turned:.0f}° / the chart is turned by {turned:.0f}°"
