# SPDX-License-Identifier: Apache-2.0
"""Pictures of a drawn world by a camera that can turn and zoom, for what measures its movement."""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np

SIZE = (320, 180)
_WORLD = (1000, 2400)  # height, width
_SCALE = 2.25  # pixels of the world in one of the picture


@cache
def world(kind: str = "street", seed: int = 1) -> Any:
    """A street of houses, a bare wall, a fence of equal bars, or bars at uneven places."""
    chance = np.random.default_rng(seed)
    height, width = _WORLD
    drawn = np.full(_WORLD, 120.0)
    if kind == "wall":
        return drawn + np.linspace(-20, 20, width)
    if kind == "fence":
        drawn[:, np.arange(width) % 40 < 12] = 60
        drawn[np.arange(height) % 300 < 10] = 30
    elif kind == "bars":
        for x in chance.integers(0, width, 60):
            drawn[:, x : x + chance.integers(4, 25)] = chance.uniform(40, 220)
    else:
        for coarse, codes in ((4, 12.0), (24, 14.0), (80, 25.0)):
            rough = chance.normal(0, codes, (height // coarse, width // coarse))
            drawn += cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
        for _ in range(200):
            x, y, w, h = (int(chance.integers(0, most)) for most in (width, height, 160, 160))
            drawn[y : y + h, x : x + w] = chance.uniform(20, 230)
    return drawn


def seen(
    pan: float = 0.0,
    tilt: float = 0.0,
    zoom: float = 1.0,
    *,
    of: Any = None,
    noise: float = 2.0,
    gain: float = 1.0,
    clock: str = "12:00:00",
    number: int = 0,
    before: Any = lambda picture: picture,
) -> Any:
    """The luma of what is seen: turned by widths of the picture, zoomed, with noise and burnt-in text.

    ``before`` puts something in front of the world.
    """
    drawn = world() if of is None else of
    width, height = SIZE
    scale = _SCALE / zoom
    left = drawn.shape[1] / 2 + pan * width * _SCALE - scale * width / 2
    top = drawn.shape[0] / 2 - tilt * width * _SCALE - scale * height / 2
    taken = cv2.warpAffine(
        drawn,
        np.array([[scale, 0, left], [0, scale, top]]),
        SIZE,
        flags=cv2.INTER_AREA | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT,
    )
    codes = before(taken) * gain + np.random.default_rng(number).normal(0.0, noise, taken.shape)
    luma = np.clip(codes, 0, 255).astype(np.uint8)
    for text, place in ((f"2026-11-29 {clock}", (8, 15)), ("GATE 4", (235, 175))):
        cv2.putText(luma, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1)
    return luma
