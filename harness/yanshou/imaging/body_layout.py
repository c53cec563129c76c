# SPDX-License-Identifier: Apache-2.0
"""Where the features of an X-ray test body lie, and where the body lies in a picture.

Lengths are in mm from the upper left corner of the body as its picture shows it, x to the right, y downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Point = tuple[float, float]
Area = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_SKEW = 0.25
_LEAST_PX = 40.0
_SEEN_CODES = 3.0
_BAND_PX = 3.0


@dataclass(frozen=True, slots=True)
class BodyWire:
    """A straight wire from ``start`` to ``end``; ``free`` is an even area behind the same material."""

    name: str
    start: Point
    end: Point
    diameter: float
    free: Area


@dataclass(frozen=True, slots=True)
class LineGroup:
    """A group of parallel lines: ``lines`` of them, ``pitch`` from middle to middle.

    ``first`` is the middle of the first line, along x if ``along_x``, else along y. The ``area`` holds one
    pitch of even material on both sides of the lines.
    """

    name: str
    area: Area
    lines: int
    pitch: float
    first: float
    along_x: bool


@dataclass(frozen=True, slots=True)
class Step:
    """An ``area`` of more material than the one ``beside`` it: a step of a wedge, lead behind steel."""

    name: str
    area: Area
    beside: Area


Feature = BodyWire | LineGroup | Step


@dataclass(frozen=True, slots=True)
class BodyLayout:
    """A test body by its drawing: ``width`` × ``height`` mm, and its features."""

    width: float
    height: float
    features: tuple[Feature, ...]


@dataclass(frozen=True)
class PlacedBody:
    """A test body in a picture (height × width, codes 0 to 255), by the corners a person marked.

    ``corners`` are those of upper left, upper right, lower right and lower left, in px.
    """

    layout: BodyLayout
    picture: Floats
    corners: tuple[Point, Point, Point, Point]

    @cached_property
    def _to_px(self) -> npt.NDArray[np.float32]:
        width, height = self.layout.width, self.layout.height
        drawn = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
        return np.asarray(cv2.getPerspectiveTransform(drawn, np.array(self.corners, np.float32)), np.float32)

    @cached_property
    def pixel(self) -> float:
        """The size of a pixel on the body, in mm."""
        sides = self._sides()
        across, down = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
        return float(np.sqrt(self.layout.width / across * self.layout.height / down))

    def sampled(self, x: Floats, y: Floats) -> Floats:
        """The codes at points of the body, in the shape of ``x`` and ``y``."""
        points = np.stack([x, y], axis=-1).reshape(-1, 1, 2).astype(np.float32)
        seen = cv2.perspectiveTransform(points, self._to_px).reshape(len(x), -1, 2)
        found = cv2.remap(
            self.picture.astype(np.float32),
            np.ascontiguousarray(seen[..., 0]),
            np.ascontiguousarray(seen[..., 1]),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(found, np.float64).reshape(x.shape)

    def patch(self, area: Area) -> tuple[Floats, Floats, Floats]:
        """The codes of an area, about one sample per pixel, with their x and y; rows run downwards."""
        left, top, right, bottom = area
        columns = max(2, round((right - left) / self.pixel))
        rows = max(2, round((bottom - top) / self.pixel))
        x, y = np.meshgrid(_middles(left, right, columns), _middles(top, bottom, rows))
        return self.sampled(x, y), x, y

    @cached_property
    def fault(self) -> str:
        """Why the corners cannot be those of this body in this picture; empty if they can."""
        high, wide = self.picture.shape
        if not all(0 <= x <= wide - 1 and 0 <= y <= high - 1 for x, y in self.corners):
            return "所标角点在画面之外 / the corners lie outside the picture"
        if not cv2.isContourConvex(np.array(self.corners, np.float32)) or self._turned():
            return "所标角点不依次为左上、右上、右下、左下 / the corners are not in their order"
        sides = self._sides()
        if min(sides) < _LEAST_PX:
            return "测试体在画面中过小 / the body is too small in the picture"
        shape = (sides[0] + sides[2]) / (sides[1] + sides[3]) * self.layout.height / self.layout.width
        if abs(np.log(shape)) > _SKEW:
            return "所标角点的长宽比与测试体不符 / the corners have another shape than the body"
        return "" if self._outlined() else "所标角点处没有测试体的轮廓 / no outline of a body at the corners"

    def _sides(self) -> list[float]:
        points = [np.array(one) for one in self.corners]
        return [float(np.linalg.norm(points[(n + 1) % 4] - points[n])) for n in range(4)]

    def _turned(self) -> bool:
        """Whether the corners do not run clockwise in the picture."""
        x, y = (np.array([one[axis] for one in self.corners]) for axis in (0, 1))
        return float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) <= 0

    def _outlined(self) -> bool:
        """Whether at least three sides part something darker or lighter from what lies outside."""
        width, height, band = self.layout.width, self.layout.height, _BAND_PX * self.pixel
        sides: Sequence[tuple[Area, Area]] = (
            ((0, band / 3, width, band), (0, -band, width, -band / 3)),
            ((0, height - band, width, height - band / 3), (0, height + band / 3, width, height + band)),
            ((band / 3, 0, band, height), (-band, 0, -band / 3, height)),
            ((width - band, 0, width - band / 3, height), (width + band / 3, 0, width + band, height)),
        )
        seen = 0
        for inside, outside in sides:
            inner, outer = (float(np.median(self.patch(one)[0])) for one in (inside, outside))
            seen += abs(inner - outer) >= _SEEN_CODES
        return seen >= len(sides) - 1


def _middles(low: float, high: float, count: int) -> Floats:
    """``count`` points in the middles of equal parts of [low, high]."""
    return low + (np.arange(count) + 0.5) * (high - low) / count
