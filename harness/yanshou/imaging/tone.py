# SPDX-License-Identifier: Apache-2.0
"""Codes and light: the sRGB transfer curve and the luminance of linear RGB."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LUMINANCE: Final = (0.213, 0.715, 0.072)
"""Shares of linear R, G and B in the luminance, as ISO 12233 rounds them."""
_KNEE_CODE, _KNEE_LIGHT = 0.04045, 0.0031308


def to_light(code: npt.ArrayLike) -> Floats:
    """Light 0…1 of sRGB codes 0…1 (IEC 61966-2-1); codes outside are clipped."""
    share = np.clip(np.asarray(code, np.float64), 0.0, 1.0)
    return np.where(share <= _KNEE_CODE, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def to_code(light: npt.ArrayLike) -> Floats:
    """SRGB codes 0…1 of light 0…1; light outside is clipped."""
    share = np.clip(np.asarray(light, np.float64), 0.0, 1.0)
    return np.where(share <= _KNEE_LIGHT, 12.92 * share, 1.055 * share ** (1 / 2.4) - 0.055)


def luminance(rgb: Floats) -> Floats:
    """Luminance (…) of linear RGB (…, 3)."""
    return np.asarray(rgb @ np.asarray(LUMINANCE), np.float64)
