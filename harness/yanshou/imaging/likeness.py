# SPDX-License-Identifier: Apache-2.0
"""Whether two pictures show the same view, by their edges, so that light and small movements do not matter.

A descriptor is the gradient magnitude of the picture shrunk to a small grid, without its mean and of unit
length; the likeness of two is their product, 1 for the same view and about 0 for unrelated ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Luma = npt.NDArray[np.uint8]
Descriptor = npt.NDArray[np.float64]

_GRID: Final = (96, 54)  # width, height
_SAME: Final = 0.5  # below this, two pictures do not count as one view
_CLEARLY: Final = 0.15  # minimum difference between the best likeness and another


class Shows(StrEnum):
    """Which view a picture shows, among the live pictures of all cameras."""

    OWN = "own"
    OTHER = "other"
    UNCLEAR = "unclear"


def descriptor(luma: Luma) -> Descriptor | None:
    """The descriptor of a luma plane (height × width); None for a picture without edges (dark, covered)."""
    small = cv2.GaussianBlur(
        np.asarray(cv2.resize(luma, _GRID, interpolation=cv2.INTER_AREA), np.float64), (0, 0), 1.0
    )
    slopes = np.hypot(cv2.Sobel(small, cv2.CV_64F, 1, 0), cv2.Sobel(small, cv2.CV_64F, 0, 1))
    edges = np.sqrt(np.asarray(slopes, np.float64))  # a few hard edges must not dominate
    edges -= edges.mean()
    length = float(np.linalg.norm(edges))
    return np.asarray(edges / length, np.float64) if length > 1e-6 else None  # noqa: PLR2004 - no edge at all


def likeness(one: Descriptor, other: Descriptor) -> float:
    """Likeness of two views, from -1 to 1."""
    return float(np.vdot(one, other))


def shows(picture: Luma, own: str, views: Mapping[str, Descriptor | None]) -> tuple[Shows, str]:
    """Whether ``picture`` shows the view of ``own`` rather than another of ``views``, and whose it shows.

    ``views`` has the descriptor of each camera's live picture. Unclear when the views are too alike
    (corridors), when ``own`` has no live picture, or by night and day.
    """
    known = {name: one for name, one in views.items() if one is not None}
    seen = descriptor(picture) if known else None
    if seen is None:
        return Shows.UNCLEAR, ""
    scores = {name: likeness(seen, one) for name, one in known.items()}
    best = max(scores, key=lambda name: scores[name])
    others = [score for name, score in scores.items() if name != best]
    if scores[best] < _SAME or scores[best] < max(others, default=-1.0) + _CLEARLY:
        return Shows.UNCLEAR, ""
    if best == own:
        return Shows.OWN, own
    return (Shows.OTHER, best) if own in known else (Shows.UNCLEAR, "")
