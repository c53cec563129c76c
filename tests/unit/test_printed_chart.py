# SPDX-License-Identifier: Apache-2.0
"""The sheet that ``yanshou chart`` prints, rasterised by poppler and photographed by a camera made here.

The camera shares no code with what measures: light of the page, perspective, uneven lamps, a Gaussian lens,
noise, a tone curve, JPEG.  What a lens of that blur resolves is known in closed form.
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
import pytest

from tests.support.slanted_edge import true_mtf50
from yanshou.cli.main import main
from yanshou.evaluation import image
from yanshou.imaging import Certificate, ChartReading, Frame, layout, read_chart

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
        bgr = cv2.imread(str(path.with_suffix(".png"))).astype(np.float32) / 255
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
    glare: tuple[float, float, float] | None = None
    covered: bool = False
    tone: str = "gamma"
    after: str = ""
    noise: float = 1.0
    jpeg: int | None = None


@functools.cache
def light(shot: Shot) -> np.ndarray:
    """Light of the picture, 1 at saturation."""
    width, height = SIZE[0] * FINE, SIZE[1] * FINE
    scale = 0.95 * height / 297
    wide, high = 420 * scale, 297 * scale
    left, top = (width - wide) / 2, (height - high) / 2
    square = np.float32([[left, top], [left + wide, top], [left + wide, top + high], [left, top + high]])
    bent = square + shot.tilt * FINE * np.float32([[40, 20], [-10, 5], [-40, -15], [15, -8]])
    rows, columns = page().shape
    corners = np.float32([[0, 0], [columns, 0], [columns, rows], [0, rows]]) - 0.5
    seen = cv2.warpPerspective(
        page(), cv2.getPerspectiveTransform(corners, bent - 0.5), (width, height), flags=cv2.INTER_AREA,
        borderValue=0.18,
    )  # fmt: skip
    seen = cv2.GaussianBlur(seen, (0, 0), shot.sigma * FINE)
    seen = cv2.resize(seen, SIZE, interpolation=cv2.INTER_AREA).astype(np.float64)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    seen *= shot.exposure * (1 - shot.lamp * ((x / SIZE[0] - 0.5) ** 2 + (y / SIZE[1] - 0.5) ** 2))
    if shot.glare:
        at_x, at_y, strength = shot.glare
        seen += strength * np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / (2 * 45.0**2))
    if shot.covered:
        seen[430:, 850:] = 0.05
    return np.asarray(seen)


def codes(shot: Shot) -> np.ndarray:
    share = np.clip(light(shot), 0, None)
    if shot.tone == "gamma":
        return 255 * np.clip(share, 0, 1) ** 0.45
    if shot.tone == "clipped":
        return np.minimum(235, 255 * (1.45 * share) ** 0.45)
    if shot.tone == "knee":
        code = 255 * (1.6 * share) ** 0.45
        return np.where(code < 180, code, 180 + 0.12 * (code - 180))
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


@functools.cache
def read(shot: Shot, count: int = 2, certificate: Certificate = CERTIFICATE) -> ChartReading:
    rng = np.random.default_rng(4)
    made = []
    for _ in range(count):
        code = spoiled(codes(shot), shot.after) + rng.normal(0, shot.noise, SIZE[::-1])
        luma = np.clip(np.rint(code), 0, 255).astype(np.uint8)
        if shot.jpeg:
            luma = cv2.imdecode(cv2.imencode(".jpg", luma, [cv2.IMWRITE_JPEG_QUALITY, shot.jpeg])[1], 0)
        made.append(Frame(luma, qp=12))
    found, gates = read_chart(made, certificate)
    assert gates == ()
    assert found is not None
    return found


def measured(shot: Shot, **named):
    found = image.ChartShot("CAM-1", read(shot, **named), (), {})
    return image.esfr_mtf50(found), image.horizontal_tvl(found)


def truth(sigma: float) -> float:
    return true_mtf50(5, math.hypot(sigma, 0))


def test_no_word_stands_where_an_edge_is_measured():
    """All that lies 13 mm beside the middle 34 mm of an edge is the paper or the square."""
    scale = DPI / 25.4
    for name, (x, y) in layout.SQUARES.items():
        turn = math.radians(layout.TURN_DEG)
        for quarter in range(4):
            out = np.array([math.cos(turn + quarter * math.pi / 2), math.sin(turn + quarter * math.pi / 2)])
            along = np.array([-out[1], out[0]])
            for beside in np.linspace(1.5, 13.5, 30):
                for way in np.linspace(-18, 18, 60):
                    column, row = (np.array([x, y]) + out * (24 + beside) + along * way) * scale
                    assert page()[int(row), int(column)] == pytest.approx(BARE, abs=0.01), (name, quarter)


@pytest.mark.parametrize(
    "shot",
    [
        Shot(),
        Shot(sigma=1.8, lamp=0.3, tilt=1.0),
        Shot(sigma=0.7, tone="linear"),
        Shot(sigma=1.2, noise=3.0, exposure=0.7),
        Shot(sigma=1.0, jpeg=97, tilt=-0.5),
    ],
    ids=["plain", "tilted and uneven", "linear", "noisy", "jpeg"],
)
def test_a_photograph_of_the_sheet_gives_what_the_lens_resolves(shot):
    mtf50, lines = measured(shot)
    assert mtf50.invalid == lines.invalid == ""
    assert len(mtf50.raw) >= 18
    assert abs(mtf50.value - truth(shot.sigma)) <= mtf50.U
    assert mtf50.value == pytest.approx(truth(shot.sigma), rel=0.03)


@pytest.mark.parametrize("tone", ["clipped", "knee", "s"])
def test_a_white_below_full_scale_gives_no_resolution(tone):
    for one in measured(Shot(tone=tone, sigma=2.0)):
        assert one.invalid


@pytest.mark.parametrize(("after", "word"), [("sharpened", "锐化"), ("comb", "奇偶行"), ("ghost", "重影")])
def test_what_no_blur_does_closes_a_gate(after, word):
    for one in measured(Shot(after=after)):
        assert word in one.invalid
        assert one.value is None


def test_a_certificate_without_the_paper_says_nothing_of_the_edges():
    old = Certificate(CERTIFICATE.densities)
    for one in measured(Shot(), certificate=old):
        assert "paper_density" in one.invalid
    assert image.grey_steps(image.ChartShot("CAM-1", read(Shot(), certificate=old), (), {})).invalid == ""


def test_a_glare_over_some_edges_takes_them_out():
    """A lamp mirrored on an edge of the upper right square: that edge is not used, the others are right."""
    mtf50, _ = measured(Shot(glare=(905.0, 95.0, 0.25)))
    assert mtf50.invalid == ""
    assert len(mtf50.raw) < 20
    assert any("反光" in note for note in mtf50.details["notes"])
    assert abs(mtf50.value - truth(1.0)) <= mtf50.U


def test_a_part_that_is_covered_is_left_out():
    mtf50, _ = measured(Shot(covered=True))
    assert mtf50.invalid == ""
    assert len(mtf50.raw) <= 16
    assert abs(mtf50.value - truth(1.0)) <= mtf50.U


@pytest.mark.parametrize("exposure", [0.65, 0.8, 0.95])
def test_the_ratio_of_iso_15739_does_not_depend_on_the_exposure(exposure):
    """The noise is one code everywhere; the light that saturates is 1, and 13 % of it gives one ratio."""
    found = read(Shot(exposure=exposure), count=8).snr()
    slope = 255 * 0.45 * 0.13**0.45
    assert found.iso_db == pytest.approx(20 * math.log10(slope), abs=0.6)


def test_a_dark_chart_does_not_tell_the_light_that_saturates():
    found = read(Shot(exposure=0.3), count=8).snr()
    assert found.iso_db is None
    assert "saturates" in found.iso_gate


def test_contrast_up_to_the_last_sample_is_a_bound():
    _, lines = measured(Shot(sigma=0.4))
    assert lines.at_least == lines.value
    assert lines.value <= 720


def test_a_middle_beyond_the_samples_does_not_flatter_the_corners():
    """The middle of a sharp lens would resolve 0.6 cycles per px, which the picture cuts off at 0.5."""
    found = read(Shot(sigma=0.4)).lines("centre", uncut=True)
    assert found.value > 1.1 * 720
    assert not found.at_least
