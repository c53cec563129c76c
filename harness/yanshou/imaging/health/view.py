# SPDX-License-Identifier: Apache-2.0
"""Whether the camera still shows the view that was accepted.

It uses ORB features and a RANSAC similarity. The features of the accepted view are kept, not the picture
(Order 799 Art. 19). Phase correlation is unsuitable, because people walk through the view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from yanshou.imaging.health.traits import Luma

_WIDTH: Final = 480
_FEATURES: Final = 800
_FEWEST: Final = 30  # matches that agree on one shift; unlike scenes give about five
_REPROJECTION_PX: Final = 3.0
_RATIO: Final = 0.8  # Lowe's ratio of the best to the second-best match


@dataclass(frozen=True, slots=True, eq=False)
class ViewFeatures:
    """Features of a view: places (n, 2) float32 in widths of the picture, descriptors (n, 32) uint8."""

    places: npt.NDArray[np.float32]
    descriptors: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Displacement:
    """How far the middle of the view moved, in % of its width, its turn in degrees and zoom as a ratio.

    ``matches`` is the number of matches that agree; below 30 it is another view: ``same`` is False and the
    rest has no meaning.
    """

    same: bool
    shift_percent: float
    turn_deg: float
    zoom: float
    matches: int


def view_features(luma: Luma) -> ViewFeatures:
    """The features of a picture (height × width, uint8); few or none if there is nothing to see."""
    height, width = luma.shape
    size = (_WIDTH, round(height * _WIDTH / width))
    small = cv2.resize(luma, size, interpolation=cv2.INTER_AREA) if width > _WIDTH else luma
    evened = cv2.equalizeHist(small)  # dusk takes contrast, and ORB wants some
    points, descriptors = cv2.ORB.create(_FEATURES).detectAndCompute(evened, None)
    if descriptors is None:
        return ViewFeatures(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))
    places = np.array([point.pt for point in points], np.float32) / small.shape[1]
    return ViewFeatures(places, np.asarray(descriptors, np.uint8))


def displacement(reference: ViewFeatures, seen: ViewFeatures, *, aspect: float = 9 / 16) -> Displacement:
    """The similarity that maps the reference to the present view; ``aspect`` is height over width."""
    pairs = matched(reference, seen)
    if len(pairs) < _FEWEST:
        return Displacement(same=False, shift_percent=100.0, turn_deg=0.0, zoom=1.0, matches=len(pairs))
    before, after = reference.places[pairs[:, 0]] * _WIDTH, seen.places[pairs[:, 1]] * _WIDTH
    cv2.setRNGSeed(1)  # the same pictures give the same answer
    matrix, agreeing = cv2.estimateAffinePartial2D(
        before, after, method=cv2.RANSAC, ransacReprojThreshold=_REPROJECTION_PX
    )
    count = int(agreeing.sum()) if matrix is not None else 0
    if count < _FEWEST:
        return Displacement(same=False, shift_percent=100.0, turn_deg=0.0, zoom=1.0, matches=count)
    middle = np.array([0.5, aspect / 2, 1 / _WIDTH]) * _WIDTH
    shift = float(np.hypot(*(matrix @ middle - middle[:2]))) / _WIDTH
    zoom = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    turn = float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])))
    return Displacement(same=True, shift_percent=100 * shift, turn_deg=turn, zoom=zoom, matches=count)


def matched(reference: ViewFeatures, seen: ViewFeatures) -> npt.NDArray[np.intp]:
    """Index pairs (n, 2) of features whose best match is clearly better than the second best."""
    if min(len(reference.places), len(seen.places)) < 2:  # noqa: PLR2004 - a second-best is needed
        return np.zeros((0, 2), np.intp)
    found = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(reference.descriptors, seen.descriptors, k=2)
    good = [
        (first.queryIdx, first.trainIdx)
        for first, second in found
        if first.distance < _RATIO * second.distance
    ]
    return np.array(good, np.intp).reshape(-1, 2)
