# SPDX-License-Identifier: Apache-2.0
"""Slanted edges whose response is known in closed form: Gaussian point spread and square pixel."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr

Floats = npt.NDArray[Any]


def second_integral(t: Floats, s: float) -> Floats:
    return 0.5 * (
        (t * t + s * s) * ndtr(t / s) + t * s * np.exp(-0.5 * (t / s) ** 2) / math.sqrt(2 * math.pi)
    )


def edge_image(
    rows: int,
    columns: int,
    degrees: float,
    sigma: float,
    *,
    shift: float = 0.0,
    low: float = 50.0,
    high: float = 200.0,
) -> Floats:
    """A slanted edge, exactly integrated over square pixels."""
    angle = math.radians(degrees)
    a, b = abs(math.cos(angle)) / 2, abs(math.sin(angle)) / 2
    y, x = np.mgrid[:rows, :columns].astype(float)
    t = (x - (columns - 1) / 2 - shift) * math.cos(angle) - (y - (rows - 1) / 2) * math.sin(angle)
    parts = [(a + b, 1), (a - b, -1), (b - a, -1), (-a - b, 1)]
    spread = sum(sign * second_integral(t + step, sigma) for step, sign in parts) / (4 * a * b)
    return np.asarray(low + (high - low) * spread)


def true_mtf(f: Any, degrees: float, sigma: float) -> Any:
    angle = math.radians(degrees)
    return np.exp(-2 * np.pi**2 * sigma**2 * f**2) * np.sinc(f * np.cos(angle)) * np.sinc(f * np.sin(angle))


def sigma_for(mtf50: float, degrees: float) -> float:
    return brentq(lambda s: true_mtf(mtf50, degrees, s) - 0.5, 1e-3, 9)


def true_mtf50(degrees: float, sigma: float) -> float:
    return brentq(lambda f: true_mtf(f, degrees, sigma) - 0.5, 0.01, 0.9)
