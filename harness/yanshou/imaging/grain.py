# SPDX-License-Identifier: Apache-2.0
"""Whether the noise of a field is that of a sensor: alike in small and large areas, new in each picture.

Noise reduction removes the variation from pixel to pixel and leaves the coarse part, which is visible too;
the noise of single pixels is then too small (ISO 15739 weights the spectrum of the noise for that reason). A
picture that reuses a part of the one before has little noise in time, although noise is visible.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from yanshou.imaging.frame import Floats

_BLOCK: Final = 4
_FEWEST_BLOCKS: Final = 12
_ROUNDING: Final = 1 / 12
_MOST_COARSE: Final = 1.85  # white noise has 1, a colour filter array 1.6, coded at a quantiser of 20 1.8
_MOST_KEPT: Final = 0.25
_SIGMAS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Grain:
    """``coarse``: noise of means over 4 x 4 px, relative to white noise of the same pixels.

    ``kept``: correlation of the noise of one picture with that of the next. Each has its standard uncertainty
    from the number of blocks or pixels.
    """

    coarse: float
    u_coarse: float
    kept: float
    u_kept: float

    @property
    def gate(self) -> str:
        """Why the noise of single pixels is too small; empty if it is not."""
        if self.coarse - _SIGMAS * self.u_coarse > _MOST_COARSE:
            en = f"noise in areas of 4 x 4 px is {self.coarse:.1f} times that of white noise"
            zh = f"4×4 像素区域的噪声为白噪声的 {self.coarse:.1f} 倍，噪声经平滑"
            return f"{zh} / {en}: it was smoothed, and the noise of a pixel says too little"
        if self.kept - _SIGMAS * self.u_kept > _MOST_KEPT:
            en = f"successive pictures share noise (correlation {self.kept:.2f}): it was averaged in time"
            return f"相邻画面噪声相关（{self.kept:.2f}），噪声经时域平均 / {en}"
        return ""


def grain(stack: Floats, mask: npt.NDArray[np.bool_]) -> Grain | None:
    """The noise of a field in pictures (count, rows, columns), of the pixels in ``mask``.

    None if the field is too small, or has no noise beyond the rounding to codes.
    """
    count = stack.shape[0]
    noise = (stack - stack.mean(axis=0)) * math.sqrt(count / (count - 1))
    pixel = float((noise[:, mask] ** 2).mean()) - _ROUNDING
    blocks = _blocks(noise, mask)
    if blocks.shape[1] < _FEWEST_BLOCKS or pixel <= _ROUNDING:
        return None
    block = float((blocks**2).mean()) * _BLOCK**2 - _ROUNDING
    coarse = math.sqrt(max(0.0, block) / pixel)
    freedom = blocks.shape[1] * (count - 1)
    inner = noise[:, mask]
    kept = float((inner[1:] * inner[:-1]).mean() / (inner**2).mean()) + 1 / count
    independent = inner.shape[1] / max(1.0, coarse**2)
    return Grain(coarse, coarse / math.sqrt(2 * freedom), kept, 1 / math.sqrt(independent * (count - 1)))


def _blocks(noise: Floats, mask: npt.NDArray[np.bool_]) -> Floats:
    """Means of the blocks that lie wholly in the mask (count, blocks)."""
    rows, columns = (size // _BLOCK * _BLOCK for size in mask.shape)
    shape = (rows // _BLOCK, _BLOCK, columns // _BLOCK, _BLOCK)
    whole = mask[:rows, :columns].reshape(shape).all(axis=(1, 3))
    means = noise[:, :rows, :columns].reshape(-1, *shape).mean(axis=(2, 4))
    return np.asarray(means[:, whole], np.float64)
