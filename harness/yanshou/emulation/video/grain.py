# SPDX-License-Identifier: Apache-2.0
"""The sensor noise of an emulated camera in its recordings, different in every picture.

These cameras show a still scene, so the days of a recording differ only by their noise.
"""

from __future__ import annotations

import functools
import math
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yanshou.emulation.video.coding import FPS

_ROOM = 512  # the noise of a moment is a cut out of a larger field
_SEED = 20261201
_CODES = 1.0


@dataclass(frozen=True, slots=True)
class Grain:
    """The noise of the camera ``label``, in luma codes, as it was at each moment.

    With ``repeats_s`` the recording repeats after that many seconds (0: it never changes), as in a recorder
    that brings the pictures of one day under every date.
    """

    label: str
    repeats_s: float | None = None

    def moment(self, utc: float) -> float:
        """The Unix time whose picture really stands at ``utc``."""
        if self.repeats_s is None:
            return utc
        return utc % self.repeats_s if self.repeats_s else 0.0

    def lay(self, luma: NDArray[np.uint8], utc: float) -> None:
        """Add the noise of Unix time ``utc`` to a luma plane (height, width)."""
        tick = math.floor(self.moment(utc) * FPS + 0.5)
        draw = np.random.default_rng((_SEED, zlib.crc32(self.label.encode()), tick))
        down, right = (int(one) for one in draw.integers(0, _ROOM, 2))
        height, width = luma.shape
        noise = _field(height, width)[down : down + height, right : right + width]
        np.clip(luma.astype(np.int16) + noise, 0, 255, out=luma, casting="unsafe")


@functools.lru_cache(maxsize=4)
def _field(height: int, width: int) -> NDArray[np.int16]:
    noise = np.random.default_rng(_SEED).normal(0.0, _CODES, (height + _ROOM, width + _ROOM))
    return np.rint(noise).astype(np.int16)
