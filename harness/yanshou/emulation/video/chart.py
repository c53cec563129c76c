# SPDX-License-Identifier: Apache-2.0
"""The test chart as an emulated camera sees it, with edges whose blur is known in closed form.

Geometry in millimetres of the A3 sheet (420 x 297), as on the printed chart; this is a drawing of its own and
shares no code with what measures it.  Tone: the card is lit evenly, the camera has the sRGB curve and shows
bare paper at 0.79 of full light; luma and chroma are full range, BT.709 (the stream says so in its VUI).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIGMA_PX = 0.6
"""Standard deviation of the Gaussian point spread of a faultless camera, in pixels of the picture sent."""
SHEET = (420.0, 297.0)
PAPER, DARK, SURROUND = 0.88, 0.22, 0.18
"""Reflectance of the card, of the slanted squares and of the wall behind the card."""
EXPOSURE = 0.9
"""Light in the picture over reflectance."""
ANGLE_DEG = 5.0
SQUARE_MM = 48.0
SQUARES = ((84.0, 40.0), (336.0, 40.0), (210.0, 162.5), (84.0, 257.0), (336.0, 257.0))
MARKERS = ((27.0, 27.0), (210.0, 27.0), (393.0, 27.0), (393.0, 270.0), (210.0, 270.0), (27.0, 270.0))
MARKER_MM = 30.0
_CELLS = 6  # a 4x4 marker with its black border
_SUPER = 2  # the drawing without the squares is made this much larger and then averaged
_FILL = 0.96  # of the picture's height
_INK = 0.02
_BANDS = 3.3  # in the height of the picture: lamps at 100 Hz, rows read out in 33 ms
_GHOST_PX = 9
_GLARE_MM = 20.0  # width of a mirrored lamp; it stands on the middle of the squares
_KNEE_CODE = 150.0
_SHIFT = 6  # binary places of the drawing's coordinates

_LAB = """37.54 14.37 14.92  64.66 19.27 17.5  49.32 -3.82 -22.54  43.46 -12.74 22.72  54.94 9.61 -24.79
70.48 -32.26 -0.37  62.73 35.83 56.5  39.43 10.75 -45.17  50.57 48.64 16.67  30.1 22.54 -20.87
71.77 -24.13 58.19  71.51 18.24 67.37  28.37 15.42 -49.8  54.38 -39.72 32.27  42.43 51.05 28.62
81.8 2.67 80.41  50.63 51.28 -14.12  49.57 -29.71 -28.32  95.19 -1.03 2.93  81.29 -0.57 0.44
66.89 -0.75 -0.06  50.76 -0.13 0.14  35.63 -0.46 -0.48  20.64 0.07 -0.46"""


@dataclass(frozen=True, slots=True)
class Optics:
    """The effects of a camera's lens and processing on the chart; the defaults are a faultless camera.

    ``blur_px`` is a further Gaussian blur (σ), ``corner_blur_px`` one that grows to this σ in the picture's
    corners (squares only), ``distortion`` the displacement of the picture's corner as a share of its distance
    from the middle (barrel below zero), ``sharpen`` the amount of an unsharp mask of σ 1.5 px, ``crush`` the
    share of the code range that is pressed into black, ``vignette`` the light lost in the corners as a share.

    Effects that make a picture look better than it is: ``fine_sharpen`` the amount of an unsharp mask of σ
    0.7 px, ``white_cut`` the code at which white is cut off, ``knee`` the slope of the tone curve above code
    150, ``comb`` how many px odd rows stand aside, ``ghost`` the share of a second picture 9 px aside,
    ``glare`` the light that a lamp adds over the squares on the right, ``light_bands`` the amplitude of bands
    across the picture, ``red_cut`` the light at which red is cut off.
    """

    blur_px: float = 0.0
    distortion: float = 0.0
    sharpen: float = 0.0
    crush: float = 0.0
    vignette: float = 0.0
    corner_blur_px: float = 0.0
    fine_sharpen: float = 0.0
    white_cut: float = 255.0
    knee: float = 1.0
    comb: int = 0
    ghost: float = 0.0
    glare: float = 0.0
    light_bands: float = 0.0
    red_cut: float = 1.0


FAULTLESS = Optics()


@dataclass(frozen=True, slots=True)
class Placing:
    """The sheet in a picture: px per mm and the position of the picture's middle.

    Pixel centres have whole coordinates, as in OpenCV.
    """

    width: int
    height: int
    distortion: float = 0.0

    @property
    def scale(self) -> float:
        """Pixels per millimetre, without distortion."""
        return min(self.height * _FILL / SHEET[1], self.width * 0.77 / SHEET[0])

    def pixel(self, x: float | Floats, y: float | Floats) -> Floats:
        """Pixel coordinates (…, 2) of a place on the sheet in mm."""
        u = (np.asarray(x, np.float64) - SHEET[0] / 2) * self.scale
        v = (np.asarray(y, np.float64) - SHEET[1] / 2) * self.scale
        stretch = 1 + self.distortion * (u * u + v * v) / self._corner2
        return np.stack((self._middle[0] + u * stretch, self._middle[1] + v * stretch), axis=-1)

    def sheet(self, columns: Floats, rows: Floats) -> tuple[Floats, Floats]:
        """Places on the sheet in mm of pixels: the inverse of :meth:`pixel`."""
        x, y = columns - self._middle[0], rows - self._middle[1]
        u, v = x.copy(), y.copy()
        for _ in range(0 if self.distortion == 0 else 8):
            stretch = 1 + self.distortion * (u * u + v * v) / self._corner2
            u, v = x / stretch, y / stretch
        return u / self.scale + SHEET[0] / 2, v / self.scale + SHEET[1] / 2

    @property
    def _middle(self) -> tuple[float, float]:
        return (self.width - 1) / 2, (self.height - 1) / 2

    @property
    def _corner2(self) -> float:
        return (self.width**2 + self.height**2) / 4


def edge_spread(distance: Floats, angle_rad: float, sigma: float) -> Floats:
    """Edge spread function: half-plane, Gaussian point spread and square pixel, in closed form, 0...1.

    ``distance`` is the signed distance to the edge in px, ``angle_rad`` the direction of its normal,
    ``sigma`` > 0 the standard deviation of the point spread in px.  I2 is the second
    integral of the normal density.
    """
    from scipy.special import ndtr  # noqa: PLC0415 - takes a third of a second

    a, b = abs(math.cos(angle_rad)) / 2, abs(math.sin(angle_rad)) / 2

    def i2(t: Floats) -> Floats:
        density = np.exp(-0.5 * (t / sigma) ** 2) / math.sqrt(2 * math.pi)
        return np.asarray(0.5 * ((t * t + sigma * sigma) * ndtr(t / sigma) + t * sigma * density))

    spread = i2(distance + a + b) - i2(distance + a - b) - i2(distance - a + b) + i2(distance - a - b)
    return np.asarray(spread / (4 * a * b))


def total_sigma(blur_px: float) -> float:
    """Standard deviation of the point spread of a camera with a further Gaussian blur of ``blur_px``."""
    return math.hypot(SIGMA_PX, blur_px)


def draw(width: int, height: int, optics: Optics = FAULTLESS) -> Floats:
    """Light (height, width, 3: linear RGB, 0...1) of the chart before the camera's tone curve."""
    placing, sigma = Placing(width, height, optics.distortion), total_sigma(optics.blur_px)
    large = _drawing(placing)
    large = np.asarray(cv2.GaussianBlur(large, (0, 0), sigma * _SUPER), np.float32)
    light = cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA).astype(np.float64)
    for middle in SQUARES:
        away = float(np.linalg.norm(placing.pixel(*middle) - np.array([width - 1, height - 1]) / 2))
        local = optics.corner_blur_px * (2 * away / math.hypot(width, height)) ** 2
        _square(light, placing, middle, math.hypot(sigma, local))
    light *= EXPOSURE
    if optics.vignette:
        y, x = np.mgrid[:height, :width]
        away = ((x - (width - 1) / 2) ** 2 + (y - (height - 1) / 2) ** 2) / ((width**2 + height**2) / 4)
        light *= (1 - optics.vignette * away)[:, :, None]
    if optics.light_bands:
        wave = np.sin(2 * np.pi * _BANDS * np.arange(height) / height)
        light *= (1 + optics.light_bands * wave)[:, None, None]
    if optics.sharpen:
        light += optics.sharpen * (light - cv2.GaussianBlur(light, (0, 0), 1.5))
    if optics.fine_sharpen:
        light += optics.fine_sharpen * (light - cv2.GaussianBlur(light, (0, 0), 0.7))
    return _doubled(light, placing, optics)


def _doubled(light: Floats, placing: Placing, optics: Optics) -> Floats:
    """The light with everything that enters the picture a second time.

    A ghost, fields of two times, a lamp.
    """
    if optics.ghost:
        light = (1 - optics.ghost) * light + optics.ghost * np.roll(light, _GHOST_PX, axis=1)
    if optics.comb:
        light[1::2] = np.roll(light, optics.comb, axis=1)[1::2]
    if optics.glare:
        rows, columns = np.mgrid[: placing.height, : placing.width]
        for x, y in SQUARES[1::3]:  # both on the right
            at, wide = placing.pixel(x, y), _GLARE_MM * placing.scale
            away2 = (columns - at[0]) ** 2 + (rows - at[1]) ** 2
            light = light + optics.glare * np.exp(-away2 / (2 * wide**2))[:, :, None]
    if optics.red_cut < 1.0:
        light[..., 0] = np.minimum(light[..., 0], optics.red_cut)
    return np.asarray(light)


def bent(code: Floats, optics: Optics) -> Floats:
    """Luma codes after a knee, and cut off at white."""
    kneed = np.where(code > _KNEE_CODE, _KNEE_CODE + optics.knee * (code - _KNEE_CODE), code)
    return np.asarray(np.minimum(kneed, optics.white_cut))


def codes(light: Floats, crush: float = 0.0) -> Floats:
    """YUV 4:4:4 (height, width, 3), full range BT.709, 0...255, not rounded, of light; sRGB curve."""
    share = np.clip(light, 0.0, 1.0)
    rgb = np.where(share <= 0.0031308, 12.92 * share, 1.055 * share ** (1 / 2.4) - 0.055)  # noqa: PLR2004
    rgb = np.clip((rgb - crush) / (1 - crush), 0.0, 1.0)
    y = rgb @ np.array([0.2126, 0.7152, 0.0722])
    u, v = (rgb[..., 2] - y) / 1.8556, (rgb[..., 0] - y) / 1.5748
    return np.asarray(np.stack((255 * y, 128 + 255 * u, 128 + 255 * v), axis=-1))


def _drawing(placing: Placing) -> NDArray[np.float32]:
    """Reflectance of everything except the squares, ``_SUPER`` times as large as the picture."""
    canvas = np.full((placing.height * _SUPER, placing.width * _SUPER, 3), SURROUND, np.float32)

    def fill(corners: list[tuple[float, float]], tone: float | Floats) -> None:
        ends = np.array([*corners, corners[0]])
        steps = np.linspace(0, 1, 13)[:-1, None]  # a straight side is bent by the lens
        outline = np.concatenate([a + (b - a) * steps for a, b in pairwise(ends)])
        pixels = (placing.pixel(outline[:, 0], outline[:, 1]) + 0.5) * _SUPER - 0.5
        points = np.rint(pixels * 2**_SHIFT).astype(np.int32)
        colour = [float(one) for one in np.broadcast_to(np.asarray(tone, np.float64), 3)]
        cv2.fillPoly(canvas, [points], colour, cv2.LINE_8, _SHIFT)

    def box(x: float, y: float, w: float, h: float, tone: float | Floats) -> None:
        fill([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], tone)

    box(0, 0, *SHEET, PAPER)
    for number, (x, y) in enumerate(MARKERS):
        bits = cv2.aruco.generateImageMarker(
            cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50), number, _CELLS
        )
        cell = MARKER_MM / _CELLS
        for row, column in np.argwhere(bits == 0):
            box(x - MARKER_MM / 2 + column * cell, y - MARKER_MM / 2 + row * cell, cell, cell, _INK)
    for step in range(11):
        box(12 + 36 * step, 79, 36, 21, PAPER * _luminance(95.0 - 8.5 * step))
    for number, lab in enumerate(np.array(_LAB.split(), float).reshape(24, 3)):
        row, column = divmod(number, 6)
        box(
            14 + 152 / 6 * column + 1.5, 106 + 113 / 4 * row + 1.5, 152 / 6 - 3, 113 / 4 - 3, _linear_rgb(lab)
        )
    _wedge(fill, 262.0, 110.0, 60.0, 100.0)
    return canvas


def _wedge(fill: object, x: float, y: float, w: float, h: float) -> None:
    """Five black lines that draw together downwards, from 100 to 1000 line widths per sheet height."""
    places = np.linspace(0, 1, 25)
    wide = SHEET[1] / (100.0 + 900.0 * places)
    for line in range(-2, 3):
        left = x + w / 2 + (2 * line - 0.5) * wide
        down = y + h * places
        outline = [*zip(left, down, strict=True), *zip((left + wide)[::-1], down[::-1], strict=True)]
        fill(outline, _INK)  # type: ignore[operator]


def _square(light: Floats, placing: Placing, middle: tuple[float, float], sigma: float) -> None:
    """Put one slanted square in, in closed form; its corners are the product of two edges."""
    at = placing.pixel(*middle)
    local = float(np.linalg.norm(placing.pixel(middle[0] + 1, middle[1]) - at))
    reach = 0.75 * SQUARE_MM * placing.scale + 6 * sigma
    low = np.maximum(0, np.floor(at - reach)).astype(int)
    high = np.minimum((placing.width, placing.height), np.ceil(at + reach)).astype(int)
    rows, columns = (one.astype(np.float64) for one in np.mgrid[low[1] : high[1], low[0] : high[0]])
    x, y = placing.sheet(columns, rows)
    angle, half = math.radians(ANGLE_DEG), SQUARE_MM / 2
    u = (x - middle[0]) * math.cos(angle) + (y - middle[1]) * math.sin(angle)
    v = -(x - middle[0]) * math.sin(angle) + (y - middle[1]) * math.cos(angle)
    across = edge_spread((u + half) * local, angle, sigma) - edge_spread((u - half) * local, angle, sigma)
    along = edge_spread((v + half) * local, angle, sigma) - edge_spread((v - half) * local, angle, sigma)
    part = light[low[1] : high[1], low[0] : high[0]]
    part += (DARK - PAPER) * (across * along)[:, :, None]


def _luminance(lightness: float) -> float:
    """Luminance factor of an L*."""
    root = (lightness + 16) / 116
    return float(root**3) if lightness > 8 else lightness * 27 / 24389  # noqa: PLR2004


def _linear_rgb(lab: Floats) -> Floats:
    """Linear sRGB (D65) of CIELAB (D50); what lies outside the gamut is clipped at 0."""
    fy = (lab[0] + 16) / 116
    f = np.array([fy + lab[1] / 500, fy, fy - lab[2] / 200])
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * [0.9642, 1.0, 0.8249]
    matrix = np.array(
        [
            [3.1338561, -1.6168667, -0.4906146],
            [-0.9787684, 1.9161415, 0.0334540],
            [0.0719453, -0.2289914, 1.4052427],
        ]
    )  # XYZ D50 to linear sRGB, Bradford adaptation included
    return np.asarray(np.maximum(matrix @ xyz, 0.0), np.float64)
