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

from yanshou.imaging.health.life import Box, cut
from yanshou.imaging.health.traits import Luma
from yanshou.model import RigFault

_SURE: Final = 0.6
_MARGIN: Final = 4
_HEIGHT: Final = 48  # the size the recogniser was trained on
_ENDS: Final = 2
_LARGER: Final = 1.5
_GAMMA: Final = 2.5
_HIDES: Final = 221  # luma code of a ground on which white writing is not seen
_GAIN: Final = 16.0
_AROUND: Final = 1 / 15  # of the height
_LINE: Final = 1 / 30  # height of a line of text in pictures


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text: what it says, where (left, top, width, height in px), and how sure the reader is."""

    text: str
    box: Box
    sure: float

    @property
    def legible(self) -> bool:
        """Whether the reader is sure enough of what it says."""
        return self.sure >= _SURE


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
    return [line for line in find_text(picture) if line.legible]


def find_text(picture: Luma) -> list[TextLine]:
    """The same, with those that look like text and were not read with certainty."""
    found, _ = _engine()(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), use_cls=False, text_score=0.0)
    lines = [TextLine(text, _box(corners, picture.shape), float(sure)) for corners, text, sure in found or []]
    return sorted(lines, key=lambda line: line.box[1])


def find_faint(pictures: Sequence[Luma]) -> list[TextLine]:
    """Lines of text of so little contrast that nobody reads them in one picture of a view at rest.

    In the mean of the pictures noise is weaker, so what differs from its surroundings by some codes is
    shown with more contrast. This says that there is text; what it says is not legible to a person.
    """
    mean = np.zeros(pictures[0].shape, np.float32)
    for picture in pictures:
        cv2.accumulate(picture, mean)
    mean /= len(pictures)
    fine = mean - cv2.GaussianBlur(mean, (0, 0), len(mean) * _AROUND)
    return find_lines(np.asarray(np.clip(128 + _GAIN * fine, 0, 255), np.uint8))


def read_line(picture: Luma, box: Box) -> str:
    """The text in a box; empty unless two ways of preparing it give the same.

    A digit misread over a busy background differs between preparations; a wrong time is worse than none.
    """
    crop = cut(picture, box)
    return agreed(crop) if crop.size else ""


def read_shown(pictures: Sequence[Luma], box: Box) -> str:
    """The text that pictures in order show in a box from the first to the last; empty unless it is sure.

    Read are means, in which noise and what moves behind the characters are weaker: of the first and of the
    last third, each prepared in its own way. What they read differently is not sure. Where one of them is not
    legible, the mean of all of them is read instead, prepared in three ways.
    """
    crops = [crop for picture in pictures if (crop := cut(picture, box)).size]
    if len(crops) < _ENDS or len({crop.shape for crop in crops}) > 1:
        return agreed(crops[0]) if crops else ""
    third = -(-len(crops) // 3)
    first, last = read_crop(_stretched(mean_of(crops[:third]))), read_crop(_inverted(mean_of(crops[-third:])))
    mean = mean_of(crops)
    if first and last:
        return first if _same(first, last) and not _doubtful(mean, first) else ""
    text = agreed(mean)
    return text if all(not one or _same(one, text) for one in (first, last)) else ""


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def mean_of(pictures: Sequence[Luma]) -> Luma:
    """The mean of pictures of one size, in whole codes."""
    total = np.zeros(pictures[0].shape, np.float32)
    for picture in pictures:
        cv2.accumulate(picture, total)
    return np.asarray(np.round(total / len(pictures)), np.uint8)


def white_over(picture: Luma, width: float) -> bool:
    """Whether an even white covers a place for a line of text, ``width`` times as long as high.

    White writing without an outline is read from some 15 codes above its ground on; a white of 235 (ITU-R
    BT.709) cannot be told from a ground that is lighter than ``_HIDES``, by a reader or by a person.
    """
    high = max(1, round(_LINE * picture.shape[0]))
    size = (min(picture.shape[1], round(width * high)), high)
    white = (np.asarray(picture) >= _HIDES).astype(np.uint8)
    return bool(cv2.erode(white, np.ones(size[::-1], np.uint8), borderValue=0).any())


def agreed(crop: Luma) -> str:
    """The text of a crop that at least two of three preparations agree on, blanks apart.

    Empty if they do not, or if another size or tone of the crop shows other digits.
    """
    texts = [read_crop(prepare(crop)) for prepare in (_plain, _stretched, _inverted)]
    for text in texts:
        if text and sum(_same(text, other) for other in texts) > 1:
            return "" if _doubtful(crop, text) else text
    return ""


def _doubtful(crop: Luma, text: str) -> bool:
    """Whether the crop in another size or tone shows as many digits, and others.

    What stands behind thin characters may close a digit alike in every preparation of one size: 10 is read as
    18. A preparation in which digits are lost says nothing.
    """
    digits = _digits(text)
    others = (_digits(read_crop(prepare(crop))) for prepare in (_larger, _darkened)) if digits else ()
    return any(len(other) == len(digits) and other != digits for other in others)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def read_crop(crop: Luma) -> str:
    """The recogniser alone, on a crop (height × width, uint8) that holds one line."""
    found, _ = _engine()(cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR), use_det=False, use_cls=False)
    return str(found[0][0]) if found and float(found[0][1]) >= _SURE else ""


def _stretched(crop: Luma) -> Luma:
    """Enlarged, with its tails stretched."""
    scale = max(1.0, 2 * _HEIGHT / crop.shape[0])
    large = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    low, high = np.percentile(large, (2, 98))
    codes = np.clip((large.astype(np.float32) - low) * 255 / max(1.0, high - low), 0, 255)
    return np.asarray(codes, np.uint8)


def _larger(crop: Luma) -> Luma:
    larger = cv2.resize(crop, None, fx=_LARGER, fy=_LARGER, interpolation=cv2.INTER_LINEAR)
    return np.asarray(larger, np.uint8)


def _darkened(crop: Luma) -> Luma:
    """With the ground behind bright characters darker."""
    return np.asarray(np.round(255 * (crop / 255) ** _GAMMA), np.uint8)


def _plain(crop: Luma) -> Luma:
    return crop


def _inverted(crop: Luma) -> Luma:
    return np.asarray(255 - crop, np.uint8)


def _box(corners: Any, shape: tuple[int, ...]) -> Box:
    points = np.asarray(corners, np.float64)
    low, high = points.min(axis=0) - _MARGIN, points.max(axis=0) + _MARGIN
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    return left, top, min(shape[1], int(high[0])) - left, min(shape[0], int(high[1])) - top
