# SPDX-License-Identifier: Apache-2.0
"""Slanted edges behind lenses whose transfer function is known: Gaussian, diffraction, defocus, movement.

The profile is the sine transform of lens times pixel, worked out here; nothing of it is the project's.
"""

from __future__ import annotations

import functools
import math

import numpy as np
from scipy.signal import czt
from scipy.special import j1

_F = np.linspace(1e-6, 3.0, 6000)


def lens(kind: str, size: float, f: np.ndarray) -> np.ndarray:
    """``size``: sigma, cut-off frequency, radius of the disc, or way of the movement; px or cycles/px."""
    if kind == "gauss":
        return np.exp(-2 * (np.pi * size * f) ** 2)
    if kind == "airy":
        share = np.clip(f / size, 0, 1)
        return 2 / np.pi * (np.arccos(share) - share * np.sqrt(1 - share**2))
    if kind == "disc":
        z = 2 * np.pi * size * f
        return 2 * j1(z) / z
    return np.sinc(f * size) * np.exp(-2 * (np.pi * 0.4 * f) ** 2)


def response(kind: str, size: float, degrees: float, f: np.ndarray) -> np.ndarray:
    angle = math.radians(degrees)
    return lens(kind, size, f) * np.sinc(f * math.cos(angle)) * np.sinc(f * math.sin(angle))


def mtf50(kind: str, size: float, degrees: float) -> float:
    f = np.linspace(1e-4, 1.2, 20000)
    m = response(kind, size, degrees, f)
    at = int(np.argmax(m < 0.5))
    return float(np.interp(0.5, [m[at], m[at - 1]], [f[at], f[at - 1]]))


@functools.cache
def _profile(kind: str, size: float, degrees: float) -> tuple[np.ndarray, np.ndarray]:
    away = np.linspace(0, 90, 3601)
    weight = np.full(len(_F), _F[1] - _F[0])
    weight[0] /= 2
    spectrum = weight * response(kind, size, degrees, _F) / (np.pi * _F)
    turns = np.exp(2j * np.pi * (_F[1] - _F[0]) * away[1])  # chirp-z: both grids are even
    half = 0.5 + (np.exp(2j * np.pi * _F[0] * away) * czt(spectrum, len(away), turns)).imag
    return np.concatenate((-away[:0:-1], away)), np.concatenate((1 - half[:0:-1], half))


def edge(
    kind: str,
    size: float,
    degrees: float = 5.0,
    *,
    side: int = 64,
    shift: float = 0.3,
    low: float = 50.4,
    high: float = 199.7,
) -> np.ndarray:
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    angle = math.radians(degrees)
    away = (x - shift) * math.cos(angle) - y * math.sin(angle)
    return low + (high - low) * np.interp(away, *_profile(kind, size, degrees))
