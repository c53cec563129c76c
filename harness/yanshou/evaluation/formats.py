# SPDX-License-Identifier: Apache-2.0
"""How many pixels of a picture count: a format requires a width and a height."""

from __future__ import annotations

from typing import Final

ASKED: Final = ((352, 288), (704, 576), (1280, 720), (1920, 1080), (3840, 2160))
"""The formats that clauses name (GB 50395-2007, GB 51348-2019, GA 1551)."""


def pixels_of(width: int, height: int) -> tuple[int, str]:
    """The pixels of a picture that count towards a format, and why they are fewer than all.

    A picture of 1920×480 has as many pixels as 1280×720 but does not contain it: it counts as the largest
    format that fits into it. A camera may be turned by a right angle.
    """
    whole, long, short = width * height, max(width, height), min(width, height)
    lacking = [(w, h) for w, h in ASKED if w * h <= whole and (long < w or short < h)]
    if not lacking:
        return whole, ""
    held = max((w * h for w, h in ASKED if long >= w and short >= h), default=0)
    w, h = lacking[0]
    return held, f"{width}×{height} 的宽或高不足 {w}×{h}，按其所含的规格计"
