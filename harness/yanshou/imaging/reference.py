# SPDX-License-Identifier: Apache-2.0
"""The reference sequence of a PSNR test: its pictures, their range and their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from yanshou.imaging.frame import LIMITED
from yanshou.imaging.sequence import sequence

OWN: Final = "yanshou reference sequence 1"
Luma = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceSequence:
    """The pictures (luma, height x width), their codes of black and white, and their digest."""

    name: str
    pictures: Sequence[Luma]
    range: tuple[float, float]
    sha256: str
    own: bool


def own_reference(width: int, height: int) -> ReferenceSequence:
    """The in-house sequence, which is a formula."""
    pictures = list(sequence(width, height))
    return ReferenceSequence(f"{OWN}, {width}x{height}", pictures, LIMITED, digest_of(pictures), own=True)


def digest_of(pictures: Sequence[Luma]) -> str:
    """SHA-256 of luma codes: the same whatever file or stream they came in."""
    digest = hashlib.sha256()
    for one in pictures:
        digest.update(np.ascontiguousarray(one).tobytes())
    return digest.hexdigest()
