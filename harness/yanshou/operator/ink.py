# SPDX-License-Identifier: Apache-2.0
"""Whether a picture shows a handwritten signature: strokes, dark on light, and not a dot or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from yanshou.model import Text
from yanshou.model.limited import BeyondLimitsError, limited_bytes, why
from yanshou.model.whole import picture_damaged
from yanshou.operator.messages import message
from yanshou.operator.pictures import media_type

LARGEST: Final = 2_000_000  # bytes
_LEAST, _MOST = (120, 40), 5000  # pixels: width and height at least, either at most
_DARKER: Final = 64  # codes below the paper
_MOST_INK: Final = 0.3  # of the picture; more is a photograph
_LONG_STROKE: Final = 0.08  # of the width; and of its own breadth so many times:
_TIMES_ITS_BREADTH: Final = 4.0
_GREY, _WITH_ALPHA = 2, 4  # dimensions of a grey picture, channels of one with transparency


def ink_fault(path: Path) -> Text | None:
    """What is wrong with ``path`` as a signature; None when it can be kept."""
    try:
        content = limited_bytes(path, LARGEST)
    except (OSError, BeyondLimitsError) as error:
        return message("wanted.readable", why=why(error))
    whole = media_type(content) in {"image/png", "image/jpeg"} and not picture_damaged(content)
    grey = _on_paper(content) if whole else None
    if grey is None:
        return message("wanted.drawing")
    height, width = grey.shape
    if width < _LEAST[0] or height < _LEAST[1] or max(width, height) > _MOST:
        return message("wanted.drawing")
    ink = (grey < float(np.percentile(grey, 90)) - _DARKER).astype(np.uint8)
    if float(ink.mean()) > _MOST_INK:
        return message("wanted.drawing")
    return None if _has_stroke(ink) else message("wanted.strokes")


def _on_paper(content: bytes) -> np.ndarray | None:
    """The picture in grey, what is transparent in white; None if it cannot be decoded."""
    try:
        picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:  # more pixels than OpenCV takes
        return None
    if picture is None or picture.dtype != np.uint8:
        return None
    if picture.ndim == _GREY:
        return picture
    if picture.shape[2] == _WITH_ALPHA:
        opaque = picture[:, :, 3:].astype(np.float32) / 255
        picture = (picture[:, :, :3] * opaque + 255 * (1 - opaque)).astype(np.uint8)
    return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)


def _has_stroke(ink: np.ndarray) -> bool:
    """Whether one connected line is much longer than it is broad."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    for label, (_left, _top, wide, high, _area) in enumerate(stats[1:], start=1):
        longest = float(np.hypot(wide, high))
        if longest < _LONG_STROKE * ink.shape[1]:
            continue
        alone = np.pad((labels == label).astype(np.uint8), 1)
        breadth = 2 * float(cv2.distanceTransform(alone, cv2.DIST_L2, 3).max())
        if longest >= _TIMES_ITS_BREADTH * breadth:
            return True
    return False
