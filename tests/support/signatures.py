# SPDX-License-Identifier: Apache-2.0
"""Pictures that somebody draws, or does not draw, as a signature."""

from __future__ import annotations

import cv2
import numpy as np

SIZE = (400, 600)


def drawn(*lines: list[tuple[int, int]], pen: int = 5, clear: bool = False) -> bytes:
    """Lines of a pen on white paper, or on a transparent one, as a PNG; a line of one point is a dot."""
    ink = np.zeros(SIZE, np.uint8)
    for line in lines:
        cv2.polylines(ink, [np.array([line[0], *line], np.int32)], isClosed=False, color=255, thickness=pen)
    if clear:
        picture = np.dstack([np.zeros((*SIZE, 3), np.uint8), ink])
    else:
        picture = np.repeat((255 - ink)[:, :, None], 3, axis=2)
    return bytes(cv2.imencode(".png", picture)[1])


NAME = ([(60, 100), (300, 120)], [(180, 40), (170, 200), (90, 300)], [(180, 180), (320, 320)])
"""Three strokes."""
