# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a picture between the lens and the coder, each graded by one number.

Applied to I420 pictures (height * 3/2, width), luma full range, on the way to the coder.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

_STRIPE_PX = 18
_COVER = 60
_SIGNALS = {"black": (0, 128, 128), "blue": (41, 240, 110), "white": (250, 128, 128)}

SIGNALS = tuple(_SIGNALS)
"""What a camera without a signal may show."""


@functools.cache
def _noise_field(height: int, width: int) -> NDArray[np.float32]:
    """Noise of unit deviation, larger than a picture: a live picture has no time to draw its own."""
    return np.random.default_rng(1).standard_normal((height + 61, width + 59), dtype=np.float32)


def _grain(shape: tuple[int, ...], number: int) -> NDArray[np.float32]:
    """Another part of the noise for each picture."""
    height, width = shape
    top, left = number * 17 % 61, number * 23 % 59
    return _noise_field(height, width)[top : top + height, left : left + width]


@dataclass(frozen=True, slots=True)
class Spoil:
    """The defaults spoil nothing.

    ``noise`` standard deviation and ``stripes`` amplitude in codes; ``gain`` of the luma; ``cast`` codes
    added to U; ``cover`` share of the picture behind something dark; ``moved`` shift in % of the width.
    """

    noise: float = 0.0
    stripes: float = 0.0
    gain: float = 1.0
    cast: float = 0.0
    cover: float = 0.0
    moved: float = 0.0
    no_signal: str = ""

    def apply(self, picture: Picture, number: int) -> Picture:
        """The spoiled picture ``number`` of a loop; itself when there is nothing to spoil."""
        if self == UNSPOILT:
            return picture
        height = picture.shape[0] * 2 // 3
        luma, chroma = picture[:height].astype(np.float32), picture[height:].astype(np.float32)
        half = chroma.shape[0] // 2
        if self.moved:
            shift = np.array([[1, 0, self.moved / 100 * luma.shape[1]], [0, 1, 0]], np.float32)
            size = (luma.shape[1], height)
            luma = cv2.warpAffine(luma, shift, size, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
        luma *= self.gain
        if self.cover:
            luma[:, : round(self.cover * luma.shape[1])] = _COVER
        luma += self.stripes * np.sin(2 * np.pi * np.arange(height, dtype=np.float32) / _STRIPE_PX)[:, None]
        if self.noise:
            luma += self.noise * _grain(luma.shape, number)
        chroma[:half] += self.cast
        if self.no_signal:
            luma[:], chroma[:half], chroma[half:] = _SIGNALS[self.no_signal]
        return np.clip(np.rint(np.vstack((luma, chroma))), 0, 255).astype(np.uint8)


UNSPOILT = Spoil()
