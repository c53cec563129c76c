# SPDX-License-Identifier: Apache-2.0
"""Peak signal-to-noise ratio of a received sequence against the reference sequence that was fed in.

Each received picture is compared with the picture of the reference it shows, shifted by whole pixels if the
path shifted it (ITU-T J.340 also compensates a constant shift). Gain and level are *not* compensated, because
changing them is an error of the path; the figure with both compensated is given as well.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

_PEAK: Final = 255.0
_SMALL: Final = (96, 54)
_CLEAR: Final = 12.0  # dB: below, two pictures have nothing in common
_LIKE: Final = 0.5  # correlation: as little
_REACH: Final = 8  # px by which a path may move the picture
Luma = npt.NDArray[Any]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Psnr:
    """PSNR in dB over all pictures together, of each picture, and which picture of the reference each is.

    ``value`` is infinite when nothing differs. ``errors`` are the mean square errors of the pictures in codes
    squared, ``shift`` the px (right, down) by which they were moved back, ``evened`` the figure with gain and
    level compensated. ``clipped`` is the share of codes at black or white in either picture: noise and errors
    beyond them are cut off. ``gates`` say why there is no figure.
    """

    value: float | None
    pictures: tuple[float, ...] = ()
    aligned: tuple[int, ...] = ()
    gates: tuple[str, ...] = ()
    errors: tuple[float, ...] = ()
    shift: tuple[int, int] = (0, 0)
    evened: float | None = None
    clipped: float = 0.0


def psnr(
    reference: Sequence[Luma], received: Sequence[Luma], ends: tuple[float, float] = (0.0, 255.0)
) -> Psnr:
    """10 lg(255² / MSE) of 8-bit luma in the codes of the reference; ``ends``: its black and white.

    ``received`` and ``reference`` are luma, height x width. The matched pictures must be in playing order;
    the reference may repeat. Pictures of another size are not scaled but refused.
    """
    if not reference or not received:
        return Psnr(None, gates=("没有画面 / there is no picture",))
    if reference[0].shape != received[0].shape:
        en = f"{received[0].shape[1]} x {received[0].shape[0]} received, the reference has "
        en += f"{reference[0].shape[1]} x {reference[0].shape[0]}"
        return Psnr(None, gates=(f"画面尺寸与参考序列不同 / {en}",))
    small = np.stack([_smaller(one) for one in reference])
    places = [int(np.argmin(np.mean((small - _smaller(one)) ** 2, axis=(1, 2)))) for one in received]
    if _backwards(places, len(reference)):
        reason = "画面次序与参考序列不符 / the pictures are out of order"
        return Psnr(None, aligned=tuple(places), gates=(reason,))
    shift = _shift(reference[places[0]], received[0])
    pairs = [_laid(reference[place], one, shift) for one, place in zip(received, places, strict=True)]
    errors = tuple(_mse(*pair) for pair in pairs)
    value = decibels(float(np.mean(errors)))
    if value < _CLEAR or np.mean([_likeness(*pair) for pair in pairs]) < _LIKE:
        reason = "画面不是参考序列 / this is not the reference sequence"
        return Psnr(None, aligned=tuple(places), gates=(reason,))
    evened = decibels(float(np.mean([_fitted(*pair) for pair in pairs])))
    clipped = float(np.mean([_at_the_ends(*pair, ends) for pair in pairs]))
    return Psnr(value, tuple(map(decibels, errors)), tuple(places), (), errors, shift, evened, clipped)


def decibels(error: float) -> float:
    """PSNR of a mean square error in codes squared; infinite for none."""
    return math.inf if error == 0 else 10 * math.log10(_PEAK**2 / error)


def ranged(picture: Luma, stated: tuple[float, float], wanted: tuple[float, float]) -> Luma:
    """A picture's codes moved from one range (black, white) to another; not rounded."""
    if stated == wanted:
        return picture
    scale = (wanted[1] - wanted[0]) / (stated[1] - stated[0])
    return np.asarray((picture.astype(np.float32) - stated[0]) * scale + wanted[0], np.float32)


def _backwards(places: Sequence[int], count: int) -> bool:
    """Whether any step leads back; more than half the sequence forwards counts as back."""
    return any((later - earlier) % count > count // 2 for earlier, later in pairwise(places))


def _shift(reference: Luma, received: Luma) -> tuple[int, int]:
    """Whole pixels (right, down) by which the received picture is shifted against the reference."""
    reach = min(_REACH, min(reference.shape) // 8)
    inner = received.astype(np.float32)[reach : -reach or None, reach : -reach or None]
    found = cv2.matchTemplate(reference.astype(np.float32), inner, cv2.TM_SQDIFF)
    row, column = np.unravel_index(int(np.argmin(found)), found.shape)
    return reach - int(column), reach - int(row)


def _laid(reference: Luma, received: Luma, shift: tuple[int, int]) -> tuple[Floats, Floats]:
    """The overlapping parts of both."""
    right, down = shift
    height, width = reference.shape
    there = (slice(max(0, -down), height - max(0, down)), slice(max(0, -right), width - max(0, right)))
    here = (slice(max(0, down), height + min(0, down)), slice(max(0, right), width + min(0, right)))
    return reference[there].astype(np.float32), received[here].astype(np.float32)


def _smaller(picture: Luma) -> Floats:
    size = (min(_SMALL[0], picture.shape[1]), min(_SMALL[1], picture.shape[0]))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)


def _mse(one: Floats, other: Floats) -> float:
    return float(np.mean((one - other) ** 2))


def _at_the_ends(one: Floats, other: Floats, ends: tuple[float, float]) -> float:
    """The share of places where a code of either picture is at black or white."""
    low, high = ends
    dark, bright = np.minimum(one, other) <= low, np.maximum(one, other) >= high
    return float(np.mean(dark | bright))


def _likeness(one: Floats, other: Floats) -> float:
    """Correlation of two pictures."""
    a, b = one - one.mean(), other - other.mean()
    return float(np.sum(a * b)) / max(float(np.sqrt(np.sum(a * a) * np.sum(b * b))), 1e-9)


def _fitted(reference: Floats, received: Floats) -> float:
    """The remaining error after gain and level are fitted."""
    spread = reference - reference.mean()
    other = received - received.mean()
    gain = float(np.mean(spread * other)) / max(float(np.mean(spread**2)), 1e-9)
    return float(np.mean((other - gain * spread) ** 2))
