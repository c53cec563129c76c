# SPDX-License-Identifier: Apache-2.0
"""Degradations of a picture between lens and coder, each graded by one number.

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
_FIELDS = 8  # number of stored noise patterns: enough that a receiver cannot notice repetitions
_SIGNALS = {"black": (0, 128, 128), "blue": (41, 240, 110), "white": (250, 128, 128)}

_KERNELS = {
    "nearest": cv2.INTER_NEAREST,
    "linear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "lanczos": cv2.INTER_LANCZOS4,
}

SIGNALS = tuple(_SIGNALS)
"""What a camera without a signal may show."""
KERNELS = tuple(_KERNELS)
"""How a small picture may be enlarged."""


def blown_up(picture: Picture, size: tuple[int, int], kernel: str) -> Picture:
    """An I420 picture in another size (width, height)."""
    width, height = picture.shape[1], picture.shape[0] * 2 // 3
    luma = cv2.resize(picture[:height], size, interpolation=_KERNELS[kernel])
    half = (size[0] // 2, size[1] // 2)
    chroma = picture[height:].reshape(2, height // 2, width // 2)
    planes = [cv2.resize(one, half, interpolation=_KERNELS[kernel]) for one in chroma]
    return np.vstack((luma, np.concatenate(planes).reshape(size[1] // 2, size[0]))).astype(np.uint8)


@functools.lru_cache(maxsize=64)
def _field(shape: tuple[int, int], stripes: float, noise: float, number: int) -> NDArray[np.int16]:
    """What is added to the luma: constant stripes, and noise that differs in each picture."""
    wave = stripes * np.sin(2 * np.pi * np.arange(shape[0]) / _STRIPE_PX)[:, None]
    grain = noise * np.random.default_rng(number).standard_normal(shape, dtype=np.float32)
    return np.rint(wave + grain).astype(np.int16)


@dataclass(frozen=True, slots=True)
class Spoil:
    """Degradations; the defaults are none.

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
        """The degraded picture ``number`` of a loop; unchanged if there is nothing to do."""
        if self == UNSPOILT:
            return picture
        spoiled = picture.copy()
        height = picture.shape[0] * 2 // 3
        half = (picture.shape[0] - height) // 2
        luma, u, v = spoiled[:height], spoiled[height : height + half], spoiled[height + half :]
        self._spoil_luma(luma, number)
        if self.cast:
            u[:] = np.clip(u.astype(np.int16) + round(self.cast), 0, 255).astype(np.uint8)
        if self.no_signal:
            luma[:], u[:], v[:] = _SIGNALS[self.no_signal]
        return spoiled

    def _spoil_luma(self, luma: Picture, number: int) -> None:
        """In place, on bytes, because a live picture has only 40 ms."""
        if self.moved:
            shift = np.array([[1, 0, self.moved / 100 * luma.shape[1]], [0, 1, 0]], np.float32)
            cv2.warpAffine(luma.copy(), shift, luma.shape[::-1], dst=luma, borderMode=cv2.BORDER_REPLICATE)
        if self.gain != 1.0:
            luma[:] = cv2.convertScaleAbs(luma, alpha=self.gain)
        if self.cover:
            luma[:, : round(self.cover * luma.shape[1])] = _COVER
        if self.stripes or self.noise:
            luma[:] = cv2.add(
                luma, _field(luma.shape, self.stripes, self.noise, number % _FIELDS), dtype=cv2.CV_8U
            )


UNSPOILT = Spoil()
