# SPDX-License-Identifier: Apache-2.0
"""Pictures of an X-ray test body, drawn by geometry at points of the body; shares no code with the scoring.

Every pixel is the mean of 3 × 3 points. The body lies turned and shifted in the picture. Blur, shading, noise
(which may be coarse) and rounding follow, as in a real export.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from yanshou.imaging.body_layout import BodyLayout, BodyWire, Feature, LineGroup, Point, Step

Floats = npt.NDArray[np.float64]
SIZE = (240, 360)
MM = 0.7  # of one pixel
FINE = 3
EVEN = (70.0, 10.0, 130.0, 50.0)

LAYOUT = BodyLayout(
    140.0,
    90.0,
    (
        BodyWire("thick", (10.0, 15.0), (55.0, 15.0), 1.0, EVEN),
        BodyWire("thin", (10.0, 30.0), (55.0, 30.0), 0.3, EVEN),
        BodyWire("upright", (20.0, 42.0), (20.0, 80.0), 0.6, EVEN),
        LineGroup("coarse", (34.0, 45.0, 56.0, 65.0), 4, 4.0, 39.0, along_x=True),
        LineGroup("fine", (34.0, 68.0, 56.0, 88.0), 4, 2.1, 39.0, along_x=True),
        Step("step", (70.0, 60.0, 90.0, 85.0), (90.0, 60.0, 110.0, 85.0)),
    ),
)


@dataclass
class Truth:
    """What is drawn: how dark each feature is (0: left out), and what spoils the picture."""

    depth: dict[str, float] = field(default_factory=dict)
    blur: float = 0.6
    noise: float = 2.0
    coarse: float = 0.0  # the noise is blurred by so many px, its strength kept
    stripes: float = 0.0  # rows of the picture differ by so many times the noise, as detectors do
    shading: float = 0.0  # codes from one end of the picture to the other
    turned: float = 0.02
    body: float = 150.0
    air: float = 235.0
    seed: int = 1


def corners(truth: Truth) -> tuple[Point, Point, Point, Point]:
    """The true corners of the body in the picture, in px."""
    width, height = LAYOUT.width, LAYOUT.height
    turn = np.array(
        [[np.cos(truth.turned), -np.sin(truth.turned)], [np.sin(truth.turned), np.cos(truth.turned)]]
    )
    middle = np.array([SIZE[1], SIZE[0]]) / 2
    seen = [
        middle - 0.5 + turn @ (np.array(one) - (width / 2, height / 2)) / MM
        for one in ((0, 0), (width, 0), (width, height), (0, height))
    ]
    first, second, third, last = ((float(one[0]), float(one[1])) for one in seen)
    return first, second, third, last


@cache
def _places(turned: float) -> tuple[Floats, Floats]:
    """The place on the body, in mm, of each fine point of the picture."""
    rows, columns = SIZE
    y, x = (np.mgrid[0 : rows * FINE, 0 : columns * FINE] + 0.5) / FINE
    turn_x, turn_y = x - columns / 2, y - rows / 2
    cos, sin = np.cos(turned), np.sin(turned)
    mm_x = (cos * turn_x + sin * turn_y) * MM + LAYOUT.width / 2
    mm_y = (-sin * turn_x + cos * turn_y) * MM + LAYOUT.height / 2
    return mm_x, mm_y


@cache
def _mask(one: Feature | None, turned: float) -> Floats:
    """How much of each pixel a feature covers; None: the body."""
    x, y = _places(turned)
    covered = (
        (x >= 0) & (x <= LAYOUT.width) & (y >= 0) & (y <= LAYOUT.height)
        if one is None
        else _covered(one, x, y)
    )
    rows, columns = SIZE
    return np.asarray(covered.reshape(rows, FINE, columns, FINE).mean(axis=(1, 3)), np.float64)


def drawn(truth: Truth, features: tuple[Feature, ...] = LAYOUT.features) -> npt.NDArray[np.uint8]:
    """The picture, height × width."""
    codes = truth.air + (truth.body - truth.air) * _mask(None, truth.turned)
    for one in features:
        if depth := truth.depth.get(one.name, 0.0):
            codes = codes - depth * _mask(one, truth.turned)
    codes = gaussian_filter(codes, truth.blur) + truth.shading * np.linspace(-0.5, 0.5, SIZE[1])
    noise = np.random.default_rng(truth.seed).normal(0.0, 1.0, SIZE)
    if truth.coarse:
        noise = gaussian_filter(noise, truth.coarse)
        noise /= noise.std()
    noise = noise + truth.stripes * np.random.default_rng(truth.seed + 99).normal(0.0, 1.0, (SIZE[0], 1))
    return np.clip(np.rint(codes + truth.noise * noise), 0, 255).astype(np.uint8)


def _covered(one: Feature, x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    match one:
        case BodyWire():
            (x1, y1), (x2, y2), half = one.start, one.end, one.diameter / 2
            return (x >= x1 - half) & (x <= x2 + half) & (y >= y1 - half) & (y <= y2 + half)
        case LineGroup():
            left, top, right, bottom = one.area
            line = np.floor((x - one.first) / one.pitch + 0.25)
            on = (np.mod(x - one.first + one.pitch / 4, one.pitch) < one.pitch / 2) & (line >= 0)
            return on & (line < one.lines) & (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
        case Step():
            left, top, right, bottom = one.area
            return (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
