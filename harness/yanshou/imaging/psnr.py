# SPDX-License-Identifier: Apache-2.0
"""Peak signal-to-noise ratio of a received sequence against the reference sequence that was fed in."""

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
Luma = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Psnr:
    """PSNR in dB over all pictures together, of each picture, and which picture of the reference each is.

    ``value`` is infinite when nothing differs.  ``gates`` say why there is no figure.
    """

    value: float | None
    pictures: tuple[float, ...] = ()
    aligned: tuple[int, ...] = ()
    gates: tuple[str, ...] = ()


def psnr(reference: Sequence[Luma], received: Sequence[Luma]) -> Psnr:
    """10 lg(255² / MSE) of 8-bit luma, after each received picture was matched with one of the reference.

    The matches have to run forwards, and a picture that is as near to two of the reference tells nothing.
    Pictures of another size are not scaled: that is a gate.
    """
    if not reference or not received:
        return Psnr(None, gates=("没有画面 / there is no picture",))
    if reference[0].shape != received[0].shape:
        told = f"{received[0].shape[1]} x {received[0].shape[0]} received, the reference has "
        told += f"{reference[0].shape[1]} x {reference[0].shape[0]}"
        return Psnr(None, gates=(f"画面尺寸与参考序列不同 / {told}",))
    places = [_place(one, reference) for one in received]
    if any(later < earlier for earlier, later in pairwise(places)):
        return Psnr(
            None, aligned=tuple(places), gates=("画面次序与参考序列不符 / the pictures are out of order",)
        )
    errors = [_mse(one, reference[place]) for one, place in zip(received, places, strict=True)]
    if _db(float(np.mean(errors))) < _CLEAR:
        return Psnr(
            None, aligned=tuple(places), gates=("画面不是参考序列 / this is not the reference sequence",)
        )
    return Psnr(_db(float(np.mean(errors))), tuple(map(_db, errors)), tuple(places))


def _place(picture: Luma, reference: Sequence[Luma]) -> int:
    small = _smaller(picture)
    return int(np.argmin([float(np.mean((small - _smaller(one)) ** 2)) for one in reference]))


def _smaller(picture: Luma) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.resize(picture, _SMALL, interpolation=cv2.INTER_AREA), np.float32)


def _mse(one: Luma, other: Luma) -> float:
    return float(np.mean((one.astype(np.float32) - other.astype(np.float32)) ** 2))


def _db(error: float) -> float:
    return math.inf if error == 0 else 10 * math.log10(_PEAK**2 / error)
