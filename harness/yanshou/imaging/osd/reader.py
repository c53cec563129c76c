# SPDX-License-Identifier: Apache-2.0
"""Reads text in a picture with OCR models from a wheel (PP-OCRv4, offline).

Detection takes most of a second, so lines are located once and only the recogniser runs on later pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import cv2
import numpy as np

from yanshou.imaging.health.life import Box
from yanshou.imaging.health.traits import Luma
from yanshou.model import RigFault

_SURE: Final = 0.6
_MARGIN: Final = 4
_HEIGHT: Final = 48  # the size the recogniser was trained on


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text: what it says, where (left, top, width, height in px), and how sure the reader is."""

    text: str
    box: Box
    sure: float


@cache
def _engine() -> Any:
    try:
        from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415 - the extra "osd", and a third of a second
    except ImportError:
        raise RigFault(
            "no text in a picture can be read: the text reader is not installed.",
            remedy="Install it: `pip install yanshou[osd]`.",
            final=True,
        ) from None
    return RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)


def find_lines(picture: Luma) -> list[TextLine]:
    """All lines of text in a picture (height × width, uint8), from the top down."""
    found, _ = _engine()(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), use_cls=False)
    lines = [TextLine(text, _box(corners, picture.shape), float(sure)) for corners, text, sure in found or []]
    return sorted((line for line in lines if line.sure >= _SURE), key=lambda line: line.box[1])


def read_line(picture: Luma, box: Box) -> str:
    """The text in a box; empty unless two ways of preparing it give the same.

    A digit misread over a busy background differs between preparations; a wrong time is worse than none.
    """
    left, top, width, height = box
    crop = picture[max(0, top) : top + height, max(0, left) : left + width]
    return agreed(crop) if crop.size else ""


def agreed(crop: Luma) -> str:
    """The text of a crop that at least two of three preparations agree on, blanks apart; else empty."""
    texts = [read_crop(prepared) for prepared in _preparations(crop)]
    bare = ["".join(text.split()) for text in texts]
    for text, plain in zip(texts, bare, strict=True):
        if plain and bare.count(plain) > 1:
            return text
    return ""


def read_crop(crop: Luma) -> str:
    """The recogniser alone, on a crop (height × width, uint8) that holds one line."""
    found, _ = _engine()(cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR), use_det=False, use_cls=False)
    return str(found[0][0]) if found and float(found[0][1]) >= _SURE else ""


def _preparations(crop: Luma) -> Sequence[Luma]:
    """As it is; enlarged with its tails stretched; inverted."""
    scale = max(1.0, 2 * _HEIGHT / crop.shape[0])
    large = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    low, high = np.percentile(large, (2, 98))
    stretched = np.clip((large.astype(np.float32) - low) * 255 / max(1.0, high - low), 0, 255)
    return crop, np.asarray(stretched, np.uint8), np.asarray(255 - crop, np.uint8)


def _box(corners: Any, shape: tuple[int, ...]) -> Box:
    points = np.asarray(corners, np.float64)
    low, high = points.min(axis=0) - _MARGIN, points.max(axis=0) + _MARGIN
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    return left, top, min(shape[1], int(high[0])) - left, min(shape[0], int(high[1])) - top
