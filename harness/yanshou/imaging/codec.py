# SPDX-License-Identifier: Apache-2.0
"""The effect of compression on a measurement: the quantiser and the gates that depend on it.

The quantiser is known in three ways, the best first: of every block (H.264), of the slices (H.265), from a
JPEG's table. If it is unknown, the bits per pixel of a key frame showing the chart reveal a stream that is
too coarse.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_MOST_QP: Final = 28.0
_MOST_NOISE_QP: Final = 20.0
_FEWEST_BITS: Final = 0.15
"""Bits per pixel of a key frame showing the chart, below which the quantiser is surely above 28.

Coded at 28, the chart took 0.13 (sensor noise 1.5 codes) to 1.6 (8 codes), at 34 0.05 to 0.1 up to a noise of
4 codes.
"""
_DQT, _SCAN = 0xDB, 0xDA
_FRAMES: Final = (0xC0, 0xC1, 0xC2)  # heads of frames: baseline, extended, progressive
_LUMA_TABLE: Final = 8  # place in such a head of the number of the first component's table
_TABLE: Final = 64
_APART: Final = 3.0  # quantisers


@dataclass(frozen=True, slots=True)
class Coding:
    """How pictures were compressed.

    ``qp`` is the quantiser of H.264 or H.265, or its equivalent for a JPEG; None if unknown. ``exact``:
    it is that of the blocks, not only the value from which they may differ. ``bits_per_pixel`` is that of the
    key frames.
    """

    qp: float | None = None
    exact: bool = True
    bits_per_pixel: float | None = None

    @property
    def gate(self) -> str:
        """Why no figure of sharpness can be given; empty if it can."""
        if self.qp is not None and self.qp > _MOST_QP:
            start_zh, start_en = ("", "") if self.exact else ("（片级）", " of the slices")
            en = f"the mean quantiser{start_en} is {self.qp:.0f}: the codec, not the camera, decides"
            return f"平均量化参数{start_zh} {self.qp:.0f} 大于 {_MOST_QP:g} / {en} (at most {_MOST_QP:g})"
        if self.qp is None and self.bits_per_pixel is not None and self.bits_per_pixel < _FEWEST_BITS:
            en = f"{self.bits_per_pixel:.2f} bits per pixel of a key frame: too strongly compressed"
            return (
                f"关键帧每像素仅 {self.bits_per_pixel:.2f} bit，压缩过强 / {en} (at least {_FEWEST_BITS:g})"
            )
        return ""

    @property
    def note(self) -> str:
        """What is assumed about the codec, in words; empty if nothing is."""
        if self.qp is None:
            return "量化参数未知，编码的影响按大值计 / the quantiser is not known; its share is assumed large"
        if not self.exact:
            en = f"the quantiser {self.qp:.0f} is that of the slices, the blocks' may differ"
            return f"量化参数 {self.qp:.0f} 取自片头，块级可变，编码的影响按大值计 / {en}; assumed large"
        return ""

    @property
    def share(self) -> float:
        """Relative standard uncertainty of MTF50 by compression, if the gate is open."""
        if self.qp is None or not self.exact or self.qp > 23:  # noqa: PLR2004 - the rows of the simulation
            return 0.048
        return 0.010 if self.qp <= 20 else 0.022  # noqa: PLR2004

    def noise_gate(self, *, known: bool) -> str:
        """Why no figure of noise can be given; ``known``: the pictures were not compressed."""
        if self.qp is not None and self.qp > _MOST_NOISE_QP:
            en = f"the mean quantiser is {self.qp:.0f}: the codec smooths the noise away"
            return f"平均量化参数 {self.qp:.0f}，编码抹去噪声 / {en} (at most {_MOST_NOISE_QP:g})"
        if self.qp is None and not known:
            en = "the quantiser is not known, so the noise cannot be trusted"
            return f"编码的量化参数未知，信噪比不可信 / {en}"
        if not self.exact:
            en = "only the slices' quantiser is known, and blocks may be coded more coarsely"
            return f"仅知片级量化参数，块级可变，信噪比不可信 / {en}: the noise cannot be trusted"
        return ""


def quantiser_step(qp: float) -> float:
    """Step of an H.264 or H.265 quantiser in codes of the picture: 0.625 at 0, doubling every 6."""
    return float(0.625 * 2 ** (qp / 6))


def of_all(quantisers: Sequence[float]) -> float | None:
    """The quantiser of several pictures: the mean, or the coarsest if it stands out; None without any.

    The control of the rate moves a still view by a step or two. Pictures that were coded far more coarsely
    than the others lost their noise and their edges, however fine the others are.
    """
    if not quantisers:
        return None
    mean, coarsest = sum(quantisers) / len(quantisers), max(quantisers)
    return coarsest if coarsest > mean + _APART else mean


def jpeg_quantiser(data: bytes) -> float | None:
    """The H.264 quantiser whose step is the geometric mean of a JPEG's table of luma; or None.

    Both transforms are orthonormal on this scale. The chart at quality 98, 95, 90, 80 gives 10, 17, 23, 29
    and has the error of H.264 at 12, 18, 21 and 24, so the figure is on the safe side.
    """
    tables: dict[int, list[int]] = {}
    of_luma: int | None = None
    for marker, content in _segments(data):
        if marker == _DQT:
            tables |= _tables(content)
        elif marker in _FRAMES and len(content) > _LUMA_TABLE:
            of_luma = content[_LUMA_TABLE]  # the first component is luma, and names its table
    steps = tables.get(of_luma, []) if of_luma is not None else []
    return 6 * (sum(map(math.log2, steps)) / _TABLE - math.log2(0.625)) if steps else None


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment of a JPEG before its first scan."""
    at = 2
    while data[:2] == b"\xff\xd8" and at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - a marker
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == _SCAN:
            return
        yield data[at + 1], data[at + 4 : at + 2 + length]
        at += 2 + length


def _tables(content: bytes) -> dict[int, list[int]]:
    """The quantisation tables of one segment by their number; none of those that are cut off or hold a 0."""
    found: dict[int, list[int]] = {}
    while content:
        size, number = content[0] // 16 + 1, content[0] % 16
        whole, content = content[1 : 1 + size * _TABLE], content[1 + size * _TABLE :]
        steps = [int.from_bytes(whole[size * n : size * (n + 1)], "big") for n in range(_TABLE)]
        found[number] = steps if min(steps) > 0 else []
    return found
