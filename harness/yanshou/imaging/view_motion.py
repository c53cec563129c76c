# SPDX-License-Identifier: Apache-2.0
"""Whether and how the view of a camera moved between two pictures: pan, tilt, zoom, not at all, or untold.

ORB features and RANSAC similarities (OpenCV) propose how the view may have moved. The picture is divided
into cells, and each cell with detail in it is compared after each proposed movement and after none: so a
person who walks, a burnt-in text and the scene do not outvote one another by the number of their features.
Nothing is concluded from a picture that looks alike in several places (a fence, bare walls, bars).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from yanshou.imaging.health.view import matched, view_features

Luma = npt.NDArray[np.uint8]
_Floats = npt.NDArray[np.float32]
_Cells = npt.NDArray[np.bool_]
_Matrix = npt.NDArray[np.float64]

WIDTH: Final = 480
"""Pictures are compared in this width, in px; smaller ones as they are."""
_COLUMNS, _ROWS = 12, 10
_RIM: Final = 1  # rows at the top and the bottom where cameras write their texts: they do not vote
_BLUR_PX: Final = 1.5
_DETAIL: Final = 4.0  # codes: standard deviation in a cell below which it shows nothing
_ALIKE: Final = 0.75  # correlation of a cell with what it should show
_CLEARLY: Final = 0.15  # by how much a cell has to fit one movement better than another
_FEWEST: Final = 8  # cells
_SPAN: Final = (4, 3)  # columns and rows that they reach over
_STANDS: Final = 0.5  # share of the cells that has to stand still where the view does
_FOLLOWS: Final = 0.6  # share that has to follow where it moved, with
_STAY: Final = 0.10  # at most this share standing still (texts, dirt on the dome), and
_STAY_RIM: Final = 0.25  # with the rows at the rim at most this
_REPEATED: Final = 0.8  # correlation with itself elsewhere
_FINE: Final = 0.03  # of the width: what is coarser than this makes every picture look like itself
_NEAR: Final = 0.06  # of the width: no two places nearer than this are told apart by that
_MODELS: Final = 3
_FEWEST_MATCHES: Final = 8
_REPROJECTION_PX: Final = 2.0

STILL_SHARE: Final = 0.01
"""Movement of the middle, in widths of the picture, up to which a view stands still: wind, traffic."""
MOVED_SHARE: Final = 0.03
"""Movement from which it is one; between the two nothing is concluded."""
_STILL_ZOOM, _MOVED_ZOOM = 1.02, 1.10  # lenses change the view by some percent when they focus
_PURE: Final = 3.0  # how many times a movement exceeds those across it, to be of one kind


class Motion(StrEnum):
    """How a view moved. LEFT is a pan to the left: what is seen moves to the right."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"
    STILL = "still"
    UNTOLD = "untold"


class UntoldMotion(StrEnum):
    """Why nothing can be said of a movement."""

    NO_PICTURE = "no_picture"
    NO_DETAIL = "no_detail"  # dark, bare, blurred or drowned in noise
    REPEATED = "repeated"  # it looks alike in several places, or along a line
    SCENE_MOVES = "scene_moves"  # no movement explains the picture, or several do
    SLIGHT = "slight"  # more than wind and focusing make of it, less than a command does
    MIXED = "mixed"  # along both axes, or with zoom


@dataclass(frozen=True, slots=True)
class ViewMotion:
    """How the view moved: by ``pan`` and ``tilt`` in widths of the picture, and by ``zoom`` as a ratio.

    ``pan`` is positive to the right and ``tilt`` upwards, as the camera turns. All three are 0, 0 and 1
    where nothing is known (``motion`` UNTOLD with another reason than SLIGHT or MIXED).
    """

    motion: Motion
    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 1.0
    why: UntoldMotion | None = None

    @property
    def known(self) -> bool:
        """Whether pan, tilt and zoom are known."""
        return self.why in {None, UntoldMotion.SLIGHT, UntoldMotion.MIXED}


def small(luma: Luma) -> Luma:
    """A copy of a luma plane (height × width, uint8) in the size that views are compared in."""
    height, width = luma.shape
    if width <= WIDTH:
        return luma.copy()
    size = (WIDTH, round(height * WIDTH / width))
    return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.uint8)


def view_motion(pictures: Sequence[Luma]) -> ViewMotion:
    """How the view moved from the first to the last of ``pictures`` (luma planes of one size, in order).

    Where these two cannot be compared, the way between them is followed over the pictures between. A way of
    which a part is untold is untold.
    """
    if len(pictures) < 2:  # noqa: PLR2004 - from one picture to another
        return ViewMotion(Motion.UNTOLD, why=UntoldMotion.NO_PICTURE)
    sized = [small(one) for one in pictures]
    found = _way(sized)
    height, width = sized[0].shape
    return found if isinstance(found, ViewMotion) else _named(found, width, height)


def _way(pictures: Sequence[Luma]) -> _Matrix | ViewMotion:
    """The 3 × 3 similarity from the first to the last picture, or why there is none."""
    direct = _between(pictures[0], pictures[-1])
    if len(pictures) == 2 or not isinstance(direct, UntoldMotion):  # noqa: PLR2004
        return ViewMotion(Motion.UNTOLD, why=direct) if isinstance(direct, UntoldMotion) else direct
    half = len(pictures) // 2
    first = _way(pictures[: half + 1])
    if isinstance(first, ViewMotion):
        return first
    second = _way(pictures[half:])
    return second if isinstance(second, ViewMotion) else second @ first


def _between(before: Luma, after: Luma) -> _Matrix | UntoldMotion:
    """The similarity that two pictures agree on."""
    if before.shape != after.shape:
        return UntoldMotion.NO_PICTURE
    old, new = _smoothed(before), _smoothed(after)
    if min(int(_inner(_detailed(one)).sum()) for one in (old, new)) < _FEWEST:
        return UntoldMotion.NO_DETAIL
    if _repeated(old) or _repeated(new):
        return UntoldMotion.REPEATED
    return _agreed(old, new, [np.eye(3), *_proposed(before, after)])


def _smoothed(luma: Luma) -> _Floats:
    return np.asarray(cv2.GaussianBlur(luma.astype(np.float32), (0, 0), _BLUR_PX), np.float32)


def _proposed(before: Luma, after: Luma) -> list[_Matrix]:
    """Movements that groups of features agree on, the largest group first."""
    old, new = view_features(before), view_features(after)
    pairs = matched(old, new)
    width = before.shape[1]
    left, found = pairs, []
    for _ in range(_MODELS):
        if len(left) < _FEWEST_MATCHES:
            break
        cv2.setRNGSeed(1)  # the same pictures give the same answer
        matrix, agreeing = cv2.estimateAffinePartial2D(
            old.places[left[:, 0]] * width,
            new.places[left[:, 1]] * width,
            method=cv2.RANSAC,
            ransacReprojThreshold=_REPROJECTION_PX,
        )
        if matrix is None or int(agreeing.sum()) < _FEWEST_MATCHES:
            break
        found.append(np.vstack((np.asarray(matrix, np.float64), (0.0, 0.0, 1.0))))
        left = left[agreeing.ravel() == 0]
    return found


# -- cells ------------------------------------------------------------------------------------------------


def _agreed(old: _Floats, new: _Floats, proposed: Sequence[_Matrix]) -> _Matrix | UntoldMotion:
    """The proposed movement that the cells of the picture follow; why there is none."""
    everywhere = _detailed(new)
    detailed = _inner(everywhere)
    fits = [_fit(old, new, matrix) for matrix in proposed]
    stand = fits[0]
    best, most = proposed[0], -1
    for matrix, fit in zip(proposed, fits, strict=True):
        if (count := int((detailed & (fit >= _ALIKE)).sum())) > most:
            best, most, chosen = matrix, count, fit
    seen = detailed & ~np.isnan(chosen)
    follow = seen & (chosen >= _ALIKE)
    if int(follow.sum()) < _FEWEST or not _spread(follow):
        return UntoldMotion.SCENE_MOVES
    share = int(follow.sum()) / int(seen.sum())
    if _moved_by(best, new.shape) <= STILL_SHARE:
        return best if share >= _STANDS else UntoldMotion.SCENE_MOVES
    decided = int((follow & (stand <= chosen - _CLEARLY)).sum())
    stay = ~np.isnan(chosen) & (stand >= _ALIKE) & (chosen < stand - _CLEARLY)
    standing = _share(stay, seen) > _STAY or _share(stay, everywhere & ~np.isnan(chosen)) > _STAY_RIM
    return UntoldMotion.SCENE_MOVES if share < _FOLLOWS or decided < _FEWEST or standing else best


def _share(part: _Cells, of: _Cells) -> float:
    return int((part & of).sum()) / int(of.sum())


def _fit(old: _Floats, new: _Floats, matrix: _Matrix) -> _Floats:
    """How well each cell of the new picture shows what the movement says (correlation); NaN outside."""
    size = (new.shape[1], new.shape[0])
    moved = cv2.warpAffine(old, matrix[:2], size, flags=cv2.INTER_LINEAR)
    there = cv2.warpAffine(np.ones_like(old), matrix[:2], size, flags=cv2.INTER_NEAREST)
    found = np.full((_ROWS, _COLUMNS), np.nan, np.float32)
    for place, (one, other, inside) in _cells(np.asarray(moved), new, np.asarray(there)):
        if inside.min() > 0:
            found[place] = _correlation(one, other)
    return found


def _correlation(one: _Floats, other: _Floats) -> float:
    a, b = one - one.mean(), other - other.mean()
    lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(np.vdot(a, b)) / lengths if lengths > 0 else 0.0


def _detailed(picture: _Floats) -> _Cells:
    """The cells that show something."""
    found = np.zeros((_ROWS, _COLUMNS), np.bool_)
    for place, (cell,) in _cells(picture):
        found[place] = cell.std() >= _DETAIL
    return found


def _inner(cells: _Cells) -> _Cells:
    """The cells without those of the rows at the rim."""
    found = cells.copy()
    found[:_RIM] = found[-_RIM:] = False
    return found


def _spread(cells: _Cells) -> bool:
    rows, columns = np.nonzero(cells)
    return bool(np.ptp(columns) + 1 >= _SPAN[0] and np.ptp(rows) + 1 >= _SPAN[1])


def _cells(*pictures: _Floats) -> list[tuple[tuple[int, int], list[_Floats]]]:
    """Place (row, column) of each cell, and that part of each picture."""
    height, width = pictures[0].shape
    rows = np.linspace(0, height, _ROWS + 1).astype(int)
    columns = np.linspace(0, width, _COLUMNS + 1).astype(int)
    return [
        ((row, column), [
            one[rows[row] : rows[row + 1], columns[column] : columns[column + 1]] for one in pictures
        ])
        for row in range(_ROWS)
        for column in range(_COLUMNS)
    ]  # fmt: skip


def _repeated(picture: _Floats) -> bool:
    """Whether the middle of a picture looks like itself elsewhere: at a period, along a line, or all over."""
    height, width = picture.shape
    fine = picture - np.asarray(cv2.GaussianBlur(picture, (0, 0), _FINE * width), np.float32)
    top, left = height // 4, width // 4
    middle = fine[top : height - top, left : width - left]
    alike = np.asarray(cv2.matchTemplate(fine, middle, cv2.TM_CCOEFF_NORMED))
    rows, columns = np.mgrid[: alike.shape[0], : alike.shape[1]]
    far = np.hypot(rows - top, columns - left) > _NEAR * width
    return bool(alike[far].max() >= _REPEATED)


# -- names ------------------------------------------------------------------------------------------------


def _moved_by(matrix: _Matrix, shape: tuple[int, ...]) -> float:
    """How far the movement takes the middle or, by zoom, the edge of the picture, in widths."""
    height, width = shape
    middle = np.array([width / 2, height / 2, 1.0])
    shift = float(np.hypot(*(matrix @ middle - middle)[:2])) / width
    return max(shift, abs(float(np.hypot(matrix[0, 0], matrix[1, 0])) - 1.0) / 2)


def _named(matrix: _Matrix, width: int, height: int) -> ViewMotion:
    """What the movement of the picture's content says about the camera."""
    middle = np.array([width / 2, height / 2, 1.0])
    x, y = (float(one) / width for one in (matrix @ middle - middle)[:2])
    zoom = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    kind, why = _kind(-x, y, zoom)
    return ViewMotion(kind, -x, y, zoom, why)


def _kind(pan: float, tilt: float, zoom: float) -> tuple[Motion, UntoldMotion | None]:
    ratio = max(zoom, 1 / zoom)
    if np.hypot(pan, tilt) <= STILL_SHARE and ratio <= _STILL_ZOOM:
        return Motion.STILL, None
    zoomed = (ratio - 1) / 2  # of the edges, in widths
    if max(abs(pan), abs(tilt)) < MOVED_SHARE and ratio < _MOVED_ZOOM:
        return Motion.UNTOLD, UntoldMotion.SLIGHT
    sizes = {
        Motion.RIGHT if pan > 0 else Motion.LEFT: abs(pan),
        Motion.UP if tilt > 0 else Motion.DOWN: abs(tilt),
        Motion.IN if zoom > 1 else Motion.OUT: zoomed,
    }
    first, second, _ = sorted(sizes, key=lambda one: -sizes[one])
    if sizes[first] < _PURE * sizes[second]:
        return Motion.UNTOLD, UntoldMotion.MIXED
    return first, None
