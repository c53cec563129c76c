# SPDX-License-Identifier: Apache-2.0
"""e-SFR against edges whose MTF is known in closed form (Gaussian point spread, square pixel)."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from scipy.optimize import brentq

from tests.support.slanted_edge import edge_image, sigma_for, true_mtf, true_mtf50
from yanshou.imaging.iso import iso_mtf50
from yanshou.imaging.sfr import sfr, sfr_many


@pytest.mark.parametrize("mtf50", [0.05, 0.10, 0.20, 0.30, 0.40])
@pytest.mark.parametrize("degrees", [3, 5, 10, 20])
def test_bias_is_below_three_per_mille(mtf50, degrees):
    rng = np.random.default_rng(7)
    sigma = sigma_for(mtf50, degrees)
    found = [sfr(edge_image(64, 72, degrees, sigma, shift=rng.uniform(-1, 1))).mtf50 for _ in range(4)]
    assert np.mean(found) == pytest.approx(mtf50, rel=0.003)


@pytest.mark.parametrize(("sigma", "mtf50"), [(0.3, 0.4425), (0.5, 0.3231), (0.8, 0.2201), (1.2, 0.1518)])
def test_golden_rows(sigma, mtf50):
    """Edge of 5 degrees in a region of 60 x 80 px: the four rows worked out for ISO 12233's D(k)."""
    assert sfr(edge_image(80, 60, 5, sigma)).mtf50 == pytest.approx(mtf50, rel=0.003)


def test_the_whole_response_is_that_of_the_closed_form():
    found = sfr(edge_image(80, 72, 5, 0.6))
    inside = found.frequencies <= 0.5
    assert found.mtf[inside] == pytest.approx(true_mtf(found.frequencies[inside], 5, 0.6), abs=0.003)
    assert found.mtf_nyquist == pytest.approx(true_mtf(0.5, 5, 0.6), abs=0.003)
    assert found.mtf30 == pytest.approx(brentq(lambda f: true_mtf(f, 5, 0.6) - 0.3, 0.1, 0.6), rel=0.005)
    assert found.peak == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_direction_of_the_edge_does_not_matter(turn):
    image = np.rot90(edge_image(72, 72, -7, 0.8), turn)
    assert sfr(image).mtf50 == pytest.approx(true_mtf50(7, 0.8), rel=0.003)


def test_uncertainty_covers_the_truth():
    """Random angle, blur, noise, place, size and rounding: value ± U holds the truth in at least 95 %."""
    rng = np.random.default_rng(11)
    covered, measured = 0, 0
    for _ in range(300):
        degrees, mtf50 = rng.uniform(2.5, 25), rng.uniform(0.05, 0.42)
        rows, columns = int(rng.integers(48, 128)), int(rng.integers(64, 97))
        image = edge_image(
            rows, columns, degrees, sigma_for(mtf50, degrees), shift=rng.uniform(-2, 2), low=60, high=180
        )
        image = image + rng.normal(0, rng.uniform(0.3, 4), image.shape)
        found = sfr(np.round(image) if rng.random() < 0.5 else image)
        if found.gates:  # an edge at 18.4 or 26.6 degrees, where the rows repeat each other
            continue
        measured += 1
        covered += abs(found.mtf50 - mtf50) <= found.U_mtf50
    assert measured >= 280
    assert covered / measured >= 0.95


def test_uncertainty_is_not_absurdly_wide():
    rng = np.random.default_rng(3)
    image = edge_image(100, 80, 5, 0.6) + rng.normal(0, 1.0, (100, 80))
    found = sfr(image)
    assert found.U_mtf50 / found.mtf50 < 0.02


def test_a_bent_edge_is_followed():
    image = np.vstack(
        [edge_image(1, 80, 5, 0.6, shift=0.0007 * (y - 40) ** 2 - (y - 40) * 0.0875) for y in range(80)]
    )
    straight = sfr(edge_image(80, 80, 5, 0.6)).mtf50
    assert sfr(image).mtf50 == pytest.approx(straight, rel=0.02)


def test_srgb_codes_are_linearised():
    light = edge_image(80, 80, 5, 0.6, low=12.5, high=200) / 255
    codes = 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    truth = sfr(255 * light).mtf50
    assert sfr(codes, linear=False).mtf50 == pytest.approx(truth, rel=0.001)
    assert abs(sfr(codes).mtf50 / truth - 1) > 0.03


@pytest.mark.parametrize("slope", [1 / 2, 1 / 3, 2 / 5, 1 / 5])
def test_slopes_where_the_rows_repeat_each_other(slope):
    """Some bins of the standard's method stay empty there; what the others hold is enough."""
    degrees = math.degrees(math.atan(slope))
    assert sfr(edge_image(64, 72, degrees, 0.6, shift=0.3)).mtf50 == pytest.approx(
        true_mtf50(degrees, 0.6), rel=0.003
    )


def test_regions_measured_together_are_measured_as_alone():
    rng = np.random.default_rng(8)
    shapes = [(64, 64), (48, 80), (90, 64)] * 8
    rois = [
        edge_image(*shape, rng.uniform(3, 25), rng.uniform(0.5, 3)) + rng.normal(0, 1, shape)
        for shape in shapes
    ]
    alone = [sfr(roi) for roi in rois]
    for one, found in zip(alone, sfr_many(rois), strict=True):
        assert (found.mtf50, found.angle_deg) == pytest.approx((one.mtf50, one.angle_deg), rel=1e-5)


@pytest.mark.parametrize("amount", [1.0, 2.0])
def test_a_sharpened_edge_has_no_resolution(amount):
    """Unsharp mask: the response rises above 1 before it falls, and MTF50 flatters."""
    image = edge_image(80, 80, 5, 0.8)
    found = sfr(image + amount * (image - cv2.GaussianBlur(image, (0, 0), 1.5)))
    assert found.mtf50 is None
    assert found.peak > 1.1
    assert any("sharpened" in gate for gate in found.gates)


@pytest.mark.parametrize("sigma", [0.3, 0.5, 0.8, 1.2])
def test_the_standard_to_the_letter_is_within_its_known_errors(sigma):
    assert iso_mtf50(edge_image(80, 60, 5, sigma)) == pytest.approx(true_mtf50(5, sigma), rel=0.015)


GATED = {
    "smaller": (edge_image(20, 20, 5, 0.6), {}),
    "clipped": (np.clip(edge_image(64, 64, 5, 0.6, low=-20, high=200), 0, 255), {"clip": (0.0, 255.0)}),
    "contrast": (edge_image(64, 64, 5, 0.6, low=100, high=140), {}),
    "stands at 0": (edge_image(64, 64, 0.4, 0.6), {}),
    "stands at 40": (edge_image(96, 96, 40, 0.6), {}),
    "reaches": (edge_image(64, 32, 5, 4.5), {}),
    "above 50 %": (edge_image(64, 64, 5, 0.05), {}),
    "no edge": (np.full((64, 64), 100.0), {}),
    "no numbers": (np.where(np.eye(64) > 0, np.nan, edge_image(64, 64, 5, 0.6)), {}),
}


@pytest.mark.parametrize("reason", GATED)
def test_a_closed_gate_gives_its_reason_and_no_figure(reason):
    image, options = GATED[reason]
    found = sfr(image, **options)
    assert any(reason in gate for gate in found.gates), found.gates
    figures = (found.mtf50, found.mtf30, found.mtf10, found.mtf_nyquist, found.peak, found.U_mtf50)
    assert figures == (None,) * 6


def test_pure_noise_gives_no_figure():
    rng = np.random.default_rng(5)
    for _ in range(20):
        found = sfr(100 + rng.normal(0, 20, (64, 64)))
        assert found.gates
        assert found.mtf50 is None


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match="two dimensions"):
        sfr(np.zeros(10))
    assert sfr(np.zeros((0, 5))).gates
