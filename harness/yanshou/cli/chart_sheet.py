# SPDX-License-Identifier: Apache-2.0
"""The test chart as a vector PDF, drawn by reportlab from the layout that finds it again."""

from __future__ import annotations

import io
from importlib.resources import files
from typing import Final

import cv2
import numpy as np
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from yanshou.imaging import layout
from yanshou.imaging.grey import reflectance
from yanshou.imaging.layout import Box
from yanshou.imaging.tone import to_code

_FONT: Final = "NotoSansSC"
_CELLS: Final = 6
_BAR_MM: Final = 100.0
_BAR_Y: Final = 290.5  # below the middle marker
_CURVE: Final = 40

# CIELAB (D50) to linear sRGB: Bradford adaptation and IEC 61966-2-1
_FROM_XYZ_D50: Final = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
)


def chart_pdf(size: str, *, serial: str, colour_frame: bool) -> bytes:
    """The chart of a paper size (A3, A2, A1) as a PDF; ``colour_frame`` leaves a place for a bought chart."""
    sheet = _Sheet(layout.SCALES[size])
    for number, centre in layout.MARKERS.items():
        sheet.marker(number, *centre)
    for square in layout.SQUARES:
        sheet.fill(layout.square_corners(square), layout.DARK / layout.PAPER)
    for step in range(layout.GREYS):
        sheet.fill(layout.grey(step).corners, reflectance(layout.GREY_LIGHTNESS[step]))
    if colour_frame:
        sheet.frame(layout.COLOUR_FRAME, "在此平放经校准的 24 色卡，深肤色在左上角")
    else:
        for number, (_, lab) in enumerate(layout.COLOURS):
            sheet.fill(layout.colour(number).corners, _linear_rgb(lab))
    for box in layout.WEDGES:
        sheet.wedge(box)
    sheet.scale_bar()
    sheet.captions(size, serial)
    return sheet.finished(f"yanshou {size} {serial}")


class _Sheet:
    """A page whose unit is the millimetre of the A3 drawing, origin top left."""

    def __init__(self, scale: float) -> None:
        folder = files("yanshou.reports") / "fonts"
        pdfmetrics.registerFont(TTFont(_FONT, io.BytesIO((folder / "NotoSansSC-Regular.ttf").read_bytes())))
        self._scale = scale
        self._unit = mm * scale
        self._data = io.BytesIO()
        size = (layout.WIDTH * self._unit, layout.HEIGHT * self._unit)
        self._canvas = Canvas(self._data, pagesize=size, invariant=True)

    def finished(self, title: str) -> bytes:
        """Return the finished PDF as bytes."""
        self._canvas.setTitle(title)
        self._canvas.showPage()
        self._canvas.save()
        return self._data.getvalue()

    def fill(self, corners: tuple[tuple[float, float], ...], light: float | np.ndarray) -> None:
        """Draw a polygon with a reflectance, or with linear R, G, B."""
        path = self._canvas.beginPath()
        path.moveTo(*self._at(*corners[0]))
        for corner in corners[1:]:
            path.lineTo(*self._at(*corner))
        path.close()
        red, green, blue = (float(one) for one in np.broadcast_to(to_code(light), 3))
        self._canvas.setFillColorRGB(red, green, blue)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def marker(self, number: int, x: float, y: float) -> None:
        """Draw an ArUco marker with its centre at a place."""
        dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
        bits = cv2.aruco.generateImageMarker(dictionary, number, _CELLS)
        cell = layout.MARKER / _CELLS
        left, top = x - layout.MARKER / 2, y - layout.MARKER / 2
        self.fill(Box(left, top, layout.MARKER, layout.MARKER).corners, 0.0)
        for row, column in np.argwhere(bits > 0):
            self.fill(Box(left + column * cell, top + row * cell, cell, cell).corners, 1.0)

    def frame(self, box: Box, text: str) -> None:
        """Draw a thin frame with a line of text in it."""
        left, bottom = self._at(box.x, box.y + box.h)
        self._canvas.setStrokeGray(0)
        self._canvas.setLineWidth(0.3 * self._unit)
        self._canvas.rect(left, bottom, box.w * self._unit, box.h * self._unit, stroke=1, fill=0)
        self.text(box.x + box.w / 2, box.y + box.h / 2, text, 4.0, middle=True)

    def wedge(self, box: Box) -> None:
        """Draw a wedge of five converging lines, labelled in line widths per sheet height."""
        upright = box.h > box.w
        places = np.linspace(0.0, 1.0, _CURVE)
        first, last = layout.WEDGE_LINES
        wide = layout.HEIGHT / (first + (last - first) * places)
        length, middle = (box.h, box.x + box.w / 2) if upright else (box.w, box.y + box.h / 2)
        for line in range(-2, 3):
            low = middle + (2 * line - 0.5) * wide
            along = (box.y if upright else box.x) + length * places
            sides = [*zip(low, along, strict=True), *zip((low + wide)[::-1], along[::-1], strict=True)]
            self.fill(tuple(side if upright else side[::-1] for side in sides), 0.0)
        for lines in range(100, 1001, 100):
            at = (lines - first) / (last - first) * length
            x, y = (middle + 20.0, box.y + at) if upright else (box.x + at, middle + 20.0)
            self.text(x, y, f"{lines}", 2.6, middle=True)

    def scale_bar(self) -> None:
        """Draw a scale bar of 100 mm with a tick every 10 mm, the same length on every sheet."""
        half = _BAR_MM / self._scale / 2
        middle = layout.WIDTH / 2
        thick = 0.6 / self._scale
        self.fill(Box(middle - half, _BAR_Y, 2 * half, thick).corners, 0.0)
        for tick in range(11):
            x = middle - half + tick * 2 * half / 10
            self.fill(
                Box(x - thick / 4, _BAR_Y - 2.0 / self._scale, thick / 2, 2.0 / self._scale).corners, 0.0
            )
        self.text(middle + half + 3.0, _BAR_Y + 1.0, "100 mm", 3.0)

    def captions(self, size: str, serial: str) -> None:
        """Print which chart this is, and how to use it."""
        x = 124.0  # nothing but paper within 14 mm of an edge of a square: it would be measured with it
        lines = [
            ("安防视频综合测试图卡", 6.0),
            (f"规格 {size}　编号 {serial or '________'}", 4.0),
            ("按 100 % 打印于哑光纸，用钢直尺核对 100 mm 标尺", 3.0),
            ("校准证书号 ____________　有效期至 ____________", 3.0),
            ("未经校准时，灰阶与色块只供参考", 3.0),
        ]
        y = 238.0
        for text, height in lines:
            self.text(x, y, text, height)
            y += 1.75 * height
        self.text(230.0, 238.0, "目视楔形：线数为每图卡高的线宽数", 2.6)
        self.text(230.0, 243.0, "换算：电视线 = 读数 × 画面高 ÷ 图卡在画面中的高", 2.6)
        self.text(230.0, 248.0, "倾斜边缘 5°，反射比 4:1（ISO 12233）", 2.6)
        self.text(12.0, 104.0, "24 色", 3.0)
        self.text(126.0, 76.5, "灰阶 0（白纸）、1（最亮）至 11（黑）", 3.0)

    def text(self, x: float, y: float, text: str, height: float, *, middle: bool = False) -> None:
        """Print a line of text with its base line at ``y``."""
        self._canvas.setFillGray(0)
        self._canvas.setFont(_FONT, height * self._unit)
        draw = self._canvas.drawCentredString if middle else self._canvas.drawString
        draw(*self._at(x, y), text)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return x * self._unit, (layout.HEIGHT - y) * self._unit


def _linear_rgb(lab: tuple[float, float, float]) -> np.ndarray:
    """Convert CIELAB (D50) to linear sRGB, clipped to the gamut."""
    fy = (lab[0] + 16) / 116
    f = np.array([fy + lab[1] / 500, fy, fy - lab[2] / 200])
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * [0.96422, 1.0, 0.82521]
    return np.asarray(np.clip(_FROM_XYZ_D50 @ xyz, 0.0, 1.0))
