# SPDX-License-Identifier: Apache-2.0
"""A simulated camera before the sheet that ``yanshou chart`` prints, rasterised by poppler.

The camera shares no code with what measures: light of the page, perspective, uneven lamps, glare, a Gaussian
lens, noise with a spectrum, a tone curve, overlay text, JPEG.  What a lens of that blur resolves is known in
closed form.
"""

from __future__ import annotations

import functools
import math
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from yanshou.cli.main import main
from yanshou.imaging import Certificate, ChartReading, Frame, read_chart

DPI = 150
SIZE = (1280, 720)
FINE = 2  # the camera's own picture is made so many times larger and then averaged
BARE = 0.88  # reflectance of the paper


@functools.cache
def page() -> np.ndarray:
    """Reflectance of the printed page, one channel."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chart.pdf"
        assert main(["chart", "--out", str(path)]) == 0
        subprocess.run(
            ["pdftoppm", "-r", f"{DPI}", "-png", "-singlefile", path, path.with_suffix("")], check=True
        )
        printed = cv2.imread(str(path.with_suffix(".png")))
    assert printed is not None
    bgr = printed.astype(np.float32) / 255
    light = np.where(bgr <= 0.04045, bgr / 12.92, ((bgr + 0.055) / 1.055) ** 2.4)
    return np.asarray(BARE * (light @ np.array([0.0722, 0.7152, 0.2126])), np.float32)


def density(step: float) -> float:
    """Density of an L* printed on the paper."""
    root = (step + 16) / 116
    return -math.log10(BARE * (root**3 if step > 8 else step * 27 / 24389))


CERTIFICATE = Certificate(
    tuple(density(95 - 8.5 * n) for n in range(11)), (), 1.0, "CHART", -math.log10(BARE)
)


@dataclass(frozen=True)
class Shot:
    """How the page is photographed; ``sigma`` of the lens in px."""

    sigma: float = 1.0
    exposure: float = 0.9
    tilt: float = 0.0
    lamp: float = 0.0
    glare: tuple[float, float, float] | None = None  # x, y, light at its middle
    glare_px: float = 45.0  # its standard deviation
    covered: bool = False
    bands: tuple[float, float] | None = None  # amplitude, periods over the height of the picture
    bands_move: bool = False
    tone: str = "gamma"
    after: str = ""
    noise: float = 1.0
    smooth: float = 0.0  # sigma in px of what smooths the noise and nothing else
    text: tuple[int, int, int, str] | None = None  # overlay: x, y, height in px, words
    jpeg: int | None = None


def projected(
    sheet: np.ndarray,
    matrix: np.ndarray,
    size: tuple[int, int],
    *,
    fine: int,
    sigma: float,
    outside: float = 0.18,
) -> np.ndarray:
    """A sheet as a lens of ``sigma`` px draws it: projected ``fine`` times too large, blurred, averaged.

    ``matrix`` leads from the sheet's pixels to those of the larger picture.
    """
    large = (size[0] * fine, size[1] * fine)
    seen = cv2.warpPerspective(sheet, matrix, large, flags=cv2.INTER_LINEAR, borderValue=outside)
    seen = cv2.GaussianBlur(seen, (0, 0), sigma * fine)
    return cv2.resize(seen, size, interpolation=cv2.INTER_AREA)


@functools.cache
def light(shot: Shot) -> np.ndarray:
    """Light of the picture, 1 at saturation."""
    width, height = SIZE[0] * FINE, SIZE[1] * FINE
    scale = 0.95 * height / 297
    wide, high = 420 * scale, 297 * scale
    left, top = (width - wide) / 2, (height - high) / 2
    square = np.array(
        [[left, top], [left + wide, top], [left + wide, top + high], [left, top + high]], np.float32
    )
    bent = square + shot.tilt * FINE * np.array([[40, 20], [-10, 5], [-40, -15], [15, -8]], np.float32)
    rows, columns = page().shape
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32) - 0.5
    matrix = cv2.getPerspectiveTransform(corners, bent - 0.5)
    seen = projected(page(), matrix, SIZE, fine=FINE, sigma=shot.sigma).astype(np.float64)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    seen *= shot.exposure * (1 - shot.lamp * ((x / SIZE[0] - 0.5) ** 2 + (y / SIZE[1] - 0.5) ** 2))
    if shot.glare:
        at_x, at_y, strength = shot.glare
        seen += strength * np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / (2 * shot.glare_px**2))
    if shot.covered:
        seen[430:, 850:] = 0.05
    return np.asarray(seen)


def codes(shot: Shot, phase: float = 0.7) -> np.ndarray:
    share = np.clip(light(shot), 0, None)
    if shot.bands:
        amplitude, periods = shot.bands
        wave = np.sin(2 * np.pi * periods * np.arange(SIZE[1]) / SIZE[1] + phase)
        share = share * (1 + amplitude * wave)[:, None]
    if shot.tone == "gamma":
        return 255 * np.clip(share, 0, 1) ** 0.45
    if shot.tone == "clipped":
        return np.minimum(235, 255 * (1.45 * share) ** 0.45)
    if shot.tone == "knee":
        code = 255 * (1.6 * share) ** 0.45
        return np.where(code < 180, code, 180 + 0.12 * (code - 180))
    if shot.tone == "soft knee":  # clipped at 85 % of full scale by light 1
        code = np.clip(share, 0, 1) ** 0.45
        return 255 * np.where(code < 0.7, code, 0.7 + 0.5 * (code - 0.7))
    smooth = np.clip(share / 0.75, 0, 1)
    return 235 * smooth**2 * (3 - 2 * smooth) if shot.tone == "s" else 255 * np.clip(share, 0, 1)


def spoiled(code: np.ndarray, what: str) -> np.ndarray:
    if what == "sharpened":
        return code + 2.0 * (code - cv2.GaussianBlur(code, (0, 0), 0.7))
    if what == "comb":
        combed = code.copy()
        combed[1::2] = np.roll(code, 2, axis=1)[1::2]
        return combed
    if what == "ghost":
        return 0.8 * code + 0.2 * np.roll(code, 9, axis=1)
    return code


@functools.lru_cache(maxsize=1)
def white(seed: int, count: int) -> list[np.ndarray]:
    """White noise of one code for so many pictures; all shots of a test module have the same."""
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(SIZE[::-1]) for _ in range(count)]


def grain(shot: Shot, noise: np.ndarray) -> np.ndarray:
    """Noise of ``shot.noise`` codes; smoothed it keeps its low frequencies and loses the others."""
    coded = shot.noise * noise
    return cv2.GaussianBlur(coded, (0, 0), shot.smooth) if shot.smooth else coded


def overlaid(luma: np.ndarray, text: tuple[int, int, int, str]) -> np.ndarray:
    """White words with a black rim, as cameras draw them into the picture."""
    x, y, height, expected = text
    scale = height / 22
    shown = np.ascontiguousarray(luma)
    for thick, ink in ((max(3, round(height / 5)), 0), (max(1, round(height / 14)), 255)):
        cv2.putText(shown, expected, (x, y), cv2.FONT_HERSHEY_SIMPLEX, scale, ink, thick, cv2.LINE_AA)
    return shown


def pictures(shot: Shot, count: int, seed: int = 4) -> list[Frame]:
    """So many pictures of one view, each with noise of its own."""
    made = []
    still = spoiled(codes(shot), shot.after)
    for number, noise in enumerate(white(seed, count)):
        if shot.bands_move:
            still = spoiled(codes(shot, 2.4 * number), shot.after)
        code = still + grain(shot, noise)
        luma = np.clip(np.rint(code), 0, 255).astype(np.uint8)
        if shot.text:
            luma = overlaid(luma, shot.text)
        if shot.jpeg:
            luma = cv2.imdecode(cv2.imencode(".jpg", luma, [cv2.IMWRITE_JPEG_QUALITY, shot.jpeg])[1], 0)
        made.append(Frame(luma, qp=12))
    return made


@functools.cache
def read(shot: Shot, count: int = 2, certificate: Certificate = CERTIFICATE, seed: int = 4) -> ChartReading:
    """The chart as it is found in the pictures of a shot."""
    found, gates = read_chart(pictures(shot, count, seed), certificate)
    assert gates == ()
    assert found is not None
    return found
