# SPDX-License-Identifier: Apache-2.0
"""Limiting resolution of edges whose contrast does not end at the Nyquist frequency."""

from __future__ import annotations

import numpy as np
import pytest

from yanshou.imaging.chart import EdgeReading, Roi, limiting
from yanshou.imaging.codec import Coding
from yanshou.imaging.sfr import SfrResult

HEIGHT = 720
CORNERS = ("left-top", "right-top", "left-bottom", "right-bottom")
FREQUENCIES = np.arange(0.0, 1.0, 0.02)


def edge(square: str, ends: float) -> EdgeReading:
    """An upright edge whose modulation falls in a straight line to a tenth at ``ends`` cycles per pixel."""
    slope = 0.9 / ends
    seen = ends if ends < 0.5 else None
    result = SfrResult(
        0.5 / slope, 0.7 / slope, seen, max(0.0, 1 - slope / 2), 1.0, 5.0, 0.002,
        frequencies=FREQUENCIES, mtf=np.maximum(0.0, 1 - slope * FREQUENCIES),
    )  # fmt: skip
    return EdgeReading(Roi(square, "left", 0, 80, 0, 60), result)


def read(centre: float, corner: float):
    edges = [
        edge(square, end)
        for square, end in (("centre", centre), *((one, corner) for one in CORNERS))
        for _ in "12"
    ]
    return limiting(edges, HEIGHT, coding=Coding(10.0), squares=("centre", *CORNERS))


@pytest.mark.parametrize(("centre", "corner"), [(0.51, 0.25), (0.7, 0.2), (0.9, 0.4)])
def test_a_sharp_middle_leaves_the_mean_between_two_bounds(centre: float, corner: float) -> None:
    found = read(centre, corner)
    true = 2 * HEIGHT * (centre + 4 * corner) / 5
    assert found.at_least
    assert found.value == pytest.approx(2 * HEIGHT * (0.5 + 4 * corner) / 5, rel=1e-6)
    assert found.at_most is not None
    assert true <= found.at_most < 1.02 * true + 2 * HEIGHT * 0.02


def test_an_edge_that_never_falls_leaves_the_mean_open() -> None:
    found = read(1.3, 0.2)
    assert found.at_least
    assert found.at_most is None


def test_what_falls_before_the_nyquist_frequency_is_a_value() -> None:
    found = read(0.45, 0.2)
    assert not found.at_least
    assert found.at_most is None
