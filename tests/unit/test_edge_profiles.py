# SPDX-License-Identifier: Apache-2.0
"""What no blur does closes a gate, what a blur does opens none, and U holds truths chosen to hurt it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.support.lens_edges import edge, mtf50
from yanshou.imaging.sfr import sfr, sfr_many

LENSES = [
    ("gauss", 0.35), ("gauss", 0.6), ("gauss", 1.2), ("disc", 0.8), ("disc", 2.5), ("motion", 1.5),
    ("motion", 3.0),
]  # fmt: skip
DIFFRACTION = [("airy", 0.5), ("airy", 0.8), ("airy", 1.2)]


def coded(light: np.ndarray) -> np.ndarray:
    """SRGB codes of light 0…255."""
    share = np.clip(light / 255, 0, 1)
    return 255 * np.where(share <= 0.0031308, 12.92 * share, 1.055 * share ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("noise", [0.0, 1.5, 5.0])
@pytest.mark.parametrize(("kind", "size"), [*LENSES, *DIFFRACTION])
def test_a_healthy_blur_opens_no_gate(kind, size, noise):
    rng = np.random.default_rng(6)
    rois = [np.rint(edge(kind, size) + rng.normal(0, 1, (64, 64)) * noise) for _ in range(12)]
    assert sum(bool(one.gates) for one in sfr_many(rois)) <= (0 if noise < 2 else 1)


def unsharp(image, amount, sigma):
    return image + amount * (image - cv2.GaussianBlur(image, (0, 0), sigma))


def combed(image, shift):
    made = image.copy()
    made[1::2] = np.roll(image, shift, axis=1)[1::2]
    return made


SPOILT = {
    "sharpened with a small radius": (lambda im: unsharp(im, 2.0, 0.7), "sharpened"),
    "sharpened by a 3 x 3 kernel": (
        lambda im: cv2.filter2D(im, -1, np.array([[0, -0.5, 0], [-0.5, 3, -0.5], [0, -0.5, 0]])),
        "sharpened",
    ),
    "interlace comb": (lambda im: combed(im, 1), "comb"),
    "double image": (lambda im: 0.8 * im + 0.2 * np.pad(im, ((0, 0), (6, 0)), mode="edge")[:, :64], "double"),
    "white cut off": (lambda im: np.minimum(im * 1.4, 235.0), "steeper on its bright side"),
    "knee": (lambda im: np.where(im > 140, 140 + 0.15 * (im - 140), im), "steeper on its bright side"),
    "black cut off": (lambda im: np.maximum(im, 90.0), "steeper on its dark side"),
}


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("noise", [0.0, 1.5])
def test_what_no_blur_does_closes_a_gate(how, noise):
    spoil, word = SPOILT[how]
    rng = np.random.default_rng(9)
    found = sfr(np.rint(spoil(edge("gauss", 1.2)) + rng.normal(0, 1, (64, 64)) * noise))
    assert found.mtf50 is None
    assert any(word in gate for gate in found.gates), found.gates


def test_a_lamp_mirrored_beside_the_edge_closes_a_gate():
    y, x = np.mgrid[:64, :64]
    lamp = 25 * np.exp(-((x - 54) ** 2 + (y - 12) ** 2) / (2 * 9.0**2))
    assert "glare" in sfr(np.rint(edge("gauss", 0.8) + lamp)).gates[0]


@pytest.mark.parametrize("tone", ["linear", "srgb"])
@pytest.mark.parametrize("noise", [0.0, 0.3, 2.0])
def test_u_holds_plateaus_off_whole_codes(tone, noise):
    """Dark and bright lie anywhere between codes; without noise nothing dithers them."""
    assert covered(LENSES, tone, noise) >= 0.95


@pytest.mark.parametrize("noise", [0.0, 1.5])
def test_u_holds_the_tails_of_diffraction(noise):
    assert covered(DIFFRACTION, "linear", noise) >= 0.95


def test_u_holds_under_an_uneven_light():
    assert covered(LENSES, "linear", 1.0, slope=0.0012) >= 0.95


def covered(lenses, tone, noise, *, slope=0.0, count=100) -> float:
    rng = np.random.default_rng(17)
    y, x = np.mgrid[:64, :64] - 31.5
    rois, truths = [], []
    for number in range(count):
        kind, size = lenses[number % len(lenses)]
        degrees = (3.0, 5.0, 8.0)[number % 3]
        high = rng.uniform(130, 240)
        light = edge(kind, size, degrees, shift=rng.uniform(-1, 1), low=high / rng.uniform(3, 7), high=high)
        light = light * (1 + rng.uniform(-slope, slope) * x + rng.uniform(-slope, slope) * y)
        code = coded(light) if tone == "srgb" else light
        rois.append(np.rint(code + rng.normal(0, 1, code.shape) * noise))
        truths.append(mtf50(kind, size, degrees))
    found = sfr_many(rois, linear=tone == "linear")
    pairs = [(one, truth) for one, truth in zip(found, truths, strict=True) if not one.gates]
    assert len(pairs) >= 0.95 * count
    return float(np.mean([abs(one.mtf50 - truth) <= one.U_mtf50 for one, truth in pairs]))
