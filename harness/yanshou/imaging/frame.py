# SPDX-License-Identifier: Apache-2.0
"""One picture as the chart measurements take it: luma codes with their range, and colour if any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[Any]

FULL: Final = (0.0, 255.0)
LIMITED: Final = (16.0, 235.0)
_MATRICES: Final = {"bt709": (0.2126, 0.0722), "bt601": (0.299, 0.114)}
_STRAY: Final = 0.001  # sharpening overshoots a little


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Luma (height x width) with the codes of black and white; chroma planes of half the size, or RGB codes.

    ``matrix``: bt709 or bt601.  ``qp``, ``qp_exact`` and ``bits_per_pixel`` (of the coded picture): see
    :class:`yanshou.imaging.codec.Coding`.
    """

    luma: Codes
    black: float = 0.0
    white: float = 255.0
    chroma: tuple[Codes, Codes] | None = None
    rgb: Codes | None = None
    matrix: str = "bt709"
    qp: float | None = None
    qp_exact: bool = True
    bits_per_pixel: float | None = None

    @property
    def share(self) -> Floats:
        """Luma with black at 0 and white at 1."""
        return self.shares(self.luma)

    def shares(self, codes: Codes) -> Floats:
        """Codes of luma, or of R, G and B, with black at 0 and white at 1."""
        return np.asarray((codes.astype(np.float64) - self.black) / (self.white - self.black))

    def mean_rgb(self, window: tuple[slice, slice], mask: npt.NDArray[np.bool_]) -> Floats | None:
        """Mean non-linear R, G, B (0…1) under ``mask`` in ``window``; None for a picture without colour."""
        if self.rgb is not None:
            part = self.rgb[window][mask].astype(np.float64)
            return np.asarray((part.mean(axis=0) - self.black) / (self.white - self.black))
        if self.chroma is None:
            return None
        y = float((self.luma[window][mask].mean() - self.black) / (self.white - self.black))
        rows, columns = window
        half = (slice(rows.start // 2, -(-rows.stop // 2)), slice(columns.start // 2, -(-columns.stop // 2)))
        full = (self.black, self.white) == FULL
        u, v = (_middle(plane[half]) / (255.0 if full else 224.0) for plane in self.chroma)
        return self._rgb(np.array(y), np.array(u), np.array(v))

    def pixels_rgb(self, window: tuple[slice, slice], mask: npt.NDArray[np.bool_]) -> Floats | None:
        """Non-linear R, G, B (N, 3) of single pixels, of blocks of 2 x 2 where chroma has half the size.

        Of a picture with chroma planes it is the inner part of ``window``; None without colour.
        """
        if self.rgb is not None:
            return self.shares(self.rgb[window][mask])
        if self.chroma is None:
            return None
        rows, columns = (_inner_half(one) for one in window)
        full = (self.black, self.white) == FULL
        u, v = (
            (plane[rows, columns].astype(np.float64) - 128.0) / (255.0 if full else 224.0)
            for plane in self.chroma
        )
        whole = self.luma[2 * rows.start : 2 * rows.stop, 2 * columns.start : 2 * columns.stop]
        y = self.shares(whole).reshape(len(u), 2, -1, 2).mean(axis=(1, 3))
        return self._rgb(y, u, v).reshape(-1, 3)

    def _rgb(self, y: Floats, u: Floats, v: Floats) -> Floats:
        kr, kb = _MATRICES[self.matrix]
        red, blue = y + 2 * (1 - kr) * v, y + 2 * (1 - kb) * u
        green = (y - kr * red - kb * blue) / (1 - kr - kb)
        return np.stack((red, green, blue), axis=-1)


def _inner_half(window: slice) -> slice:
    """The middle two thirds of a window of luma, in pixels of a plane of half the size."""
    first, end = -(-window.start // 2), window.stop // 2
    room = max(0, (end - first) // 6)
    return slice(first + room, end - room)


def _middle(plane: Codes) -> float:
    """Mean of the inner part of a chroma window over its neutral code: the rim is shared with neighbours."""
    rows, columns = (max(0, size // 6) for size in plane.shape)
    inner = plane[rows : plane.shape[0] - rows or None, columns : plane.shape[1] - columns or None]
    return float(inner.mean()) - 128.0


def distinct(frames: Sequence[Frame]) -> list[Frame]:
    """Frames whose pictures differ; a copy of a picture does not count as a repetition."""
    return list({one.luma.tobytes(): one for one in frames}.values())


def range_doubt(frame: Frame) -> str:
    """Why the stated code range cannot be that of the picture, in words; empty if it can.

    Codes outside a limited range prove that it is full. A full range without codes outside 16…235 looks like
    a limited one; only a chart with black and white can decide.
    """
    if (frame.black, frame.white) != LIMITED:
        return ""
    beyond = float(np.mean((frame.luma < LIMITED[0] - 2) | (frame.luma > LIMITED[1] + 5)))
    if beyond <= _STRAY * 10:
        return ""
    return (
        f"码流声明为有限范围，但 {beyond:.1%} 的码值在 16–235 之外 / "
        f"declared limited range, but {beyond:.1%} of the codes lie outside 16 to 235"
    )


def coded_range(luma: Codes) -> tuple[float, float]:
    """The codes at which a picture clips if its range is not stated.

    16 and 235 if all codes are within these.
    """
    beyond = float(np.mean((luma < LIMITED[0]) | (luma > LIMITED[1])))
    return FULL if beyond > _STRAY else LIMITED
