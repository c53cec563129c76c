# SPDX-License-Identifier: Apache-2.0
"""The slanted-edge card: found, measured, gated; private copies of pictures; one OpenCV."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from yanshou.imaging import check_opencv, find_chart, installation, measure_chart, pixelate, thumbnail
from yanshou.model import RigFault, UsageError

sys.path.append(str(Path(__file__).parent))
from slanted_edge import second_integral, true_mtf50


def _soft(t, angle, sigma):
    a, b = abs(math.cos(angle)) / 2, abs(math.sin(angle)) / 2
    parts = [(a + b, 1), (a - b, -1), (b - a, -1), (-a - b, 1)]
    return sum(sign * second_integral(t + step, sigma) for step, sign in parts) / (4 * a * b)


def card(sigma=0.6, *, width=1280, height=720, noise=1.0, seed=1):
    """A picture of the card, drawn here from its description: not the emulator's drawing."""
    high, wide, marker = height * 0.7, height * 0.7 * 1.5, 84
    x0, y0 = (width - wide) / 2, (height - high) / 2
    luma = np.full((height, width), 200.0)
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    for number, (u, v) in enumerate([(0, 0), (1, 0), (1, 1), (0, 1)]):
        left, top = round(x0 + u * wide - marker / 2), round(y0 + v * high - marker / 2)
        bits = cv2.aruco.generateImageMarker(dictionary, number, marker)
        luma[top : top + marker, left : left + marker] = 25 + 175 * (bits / 255.0)
    luma = cv2.GaussianBlur(luma, (0, 0), sigma)
    angle, half = math.radians(5), 0.225 * high
    rows, columns = np.mgrid[:height, :width].astype(float)
    dx, dy = columns - width / 2, rows - height / 2
    p, q = dx * math.cos(angle) + dy * math.sin(angle), -dx * math.sin(angle) + dy * math.cos(angle)
    inside = (_soft(p + half, angle, sigma) - _soft(p - half, angle, sigma)) * (
        _soft(q + half, angle, sigma) - _soft(q - half, angle, sigma)
    )
    luma = luma - (luma - 50) * inside
    luma += np.random.default_rng(seed).normal(0, noise, luma.shape)
    return np.clip(np.round(luma), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("sigma", [0.6, 1.0, 2.0])
def test_mtf50_of_the_card(sigma):
    found = measure_chart([card(sigma, seed=seed) for seed in (1, 2)], qp=18)
    assert found.gates == ()
    assert found.n_edges == 4
    assert found.n_pictures == 2
    assert found.mtf50 == pytest.approx(true_mtf50(5, sigma), rel=0.01)
    assert abs(found.mtf50 - true_mtf50(5, sigma)) <= found.U
    assert found.U == pytest.approx(found.k * math.sqrt(sum(part.u**2 for part in found.budget)))


def test_chart_seen_in_perspective():
    luma = card(0.6)
    height, width = luma.shape
    square = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    seen = square + np.float32([[40, 30], [-10, 5], [-30, -20], [15, -10]])
    tilted = cv2.warpPerspective(
        luma, cv2.getPerspectiveTransform(square, seen), (width, height), borderValue=200
    )
    chart = find_chart(tilted)
    assert {roi.edge for roi in chart.rois} == {"left", "right", "top", "bottom"}
    assert measure_chart([tilted], qp=18).n_edges >= 3


def test_repeating_one_picture_does_not_fake_precision():
    luma = card(0.6)
    once, often = measure_chart([luma], qp=18), measure_chart([luma] * 6, qp=18)
    assert often.U == pytest.approx(once.U, rel=0.02)


def test_more_compression_means_more_uncertainty_and_then_none():
    luma = card(1.0)
    widths = [measure_chart([luma], qp=qp).U for qp in (18, 22, 27)]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1] / 2
    unknown = measure_chart([luma])
    assert unknown.U == pytest.approx(widths[-1], rel=0.01)
    assert unknown.notes
    refused = measure_chart([luma], qp=31)
    assert refused.mtf50 is None
    assert "quantiser" in refused.gates[0]


def test_no_chart_no_figure():
    assert find_chart(np.full((480, 640), 128, np.uint8)) is None
    covered = card()
    covered[:250, :450] = 128
    found = measure_chart([covered], qp=18)
    assert found.mtf50 is None
    assert "markers" in found.gates[0]
    assert measure_chart([]).gates


def test_a_covered_square_gives_no_figure():
    luma = card()
    luma[180:560, 380:900] = 128
    found = measure_chart([luma], qp=18)
    assert found.mtf50 is None
    assert any("edges" in gate for gate in found.gates)


@pytest.mark.parametrize("white", [235, 255])
def test_overexposed_chart_is_clipped(white):
    luma = np.clip(card().astype(int) * 2, 16, white).astype(np.uint8)
    assert any("clipped" in gate for gate in measure_chart([luma], qp=18).gates)


def test_pixelate_leaves_blocks_only():
    image = np.random.default_rng(1).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    coarse = pixelate(image, 16)
    assert coarse.shape == image.shape
    assert len(np.unique(coarse.reshape(-1, 3), axis=0)) <= 16 * 12


def test_thumbnail_is_small_coarse_and_refuses_garbage():
    done, jpeg = cv2.imencode(".jpg", card())
    assert done
    small = cv2.imdecode(np.frombuffer(thumbnail(jpeg.tobytes()), np.uint8), cv2.IMREAD_COLOR)
    assert small.shape[1] == 320
    for garbage in (b"", b"\xff\xd8 no picture", jpeg.tobytes()[:200]):
        with pytest.raises(RigFault):
            thumbnail(garbage)


def test_exactly_one_opencv(monkeypatch):
    assert check_opencv().startswith("opencv-python ")
    both = {"opencv-python": "5", "opencv-python-headless": "4"}
    monkeypatch.setattr(installation, "opencv_installed", lambda: both)
    with pytest.raises(UsageError, match="2 distributions"):
        check_opencv()
