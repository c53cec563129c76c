# SPDX-License-Identifier: Apache-2.0
"""Whether two short playbacks show the same pictures coded anew: another quantiser, another date written in.

Between two pictures of one playback only what changes in time differs: the sensor's noise and what moves. On
two days both are independent, however still the scene; in pictures that were coded anew they are the same.
So the difference of the two pictures of one playback is compared with that of the other, block by block. What
all blocks of a picture may have in common is removed first: changes of light, and a camera that shakes.
The upper and lower eighth of the pictures, where date and name stand, are left out.

Tried on synthetic rooms with a noise of 0.3 to 2 codes in H.264 and H.265: the mean correlation was 0.3 to
0.99 for copies coded about as finely as their source, 0.07 to 0.3 for copies coded much coarser, and up to
0.04 in pictures of two days (0.35 if the camera shook in both). Above quantiser 30 the noise of the source is
lost: such a copy cannot be distinguished from pictures of another day, unless the scene itself differs.

Independent noise shows two days only where a copy would have the same noise. It would not if its key frames
stand at other moments than those of its source, and it would have little of it if noise was added. So the
two must stand at the same moment of the day, and have equally strong noise; else the scene has to differ,
in more than half of the parts of the picture: something drawn into a copy makes some of them differ.
Noise may have been added on every day alike: what the copies then have in common is the noise of the source,
a share that falls with the square of the noise added. So the correlation must lie below that share too, for
a source of the least noise that is assumed, and very noisy pictures prove nothing by their noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from yanshou.imaging.copies import BLOCK, Luma

Floats = npt.NDArray[np.float32]

_MARGIN: Final = 8  # one part in so many of the height, above and below
_MOST: Final = 2048  # blocks looked at, evenly spread
_LEAST: Final = 64  # blocks in which something changes in both playbacks
_SIGNAL: Final = 0.2  # codes: a block whose change is smaller holds nothing to compare
_COARSEST: Final = 30.0  # quantiser above which the noise of the source no longer survives
_ALIKE: Final = 0.25  # mean correlation of copies, of a camera that stands still
_ALIKE_SHAKEN: Final = 0.6  # the same if the camera shook between the pictures
_SHAKEN_PX: Final = 0.02
_APART: Final = 0.06  # a mean correlation surely below that is no copy's
_LEAST_NOISE: Final = 0.45  # codes: the least change between two pictures that the noise of a source makes
_TRIM: Final = 20  # one block in so many is left out at either end: a display that moves alike every day
_EQUAL: Final = 1.33  # most by which the noise of one camera differs in strength from day to day
_SURE: Final = 4.0  # standard errors
_CLEAR: Final = 10.0  # standard errors by which the correlation of copies differs from none
_OTHER_SCENE: Final = 8.0  # codes by which the mean of a block differs, beyond any quantiser's doing
_OTHER_SHARE: Final = 0.04  # of the blocks: more than a line of text covers
_PARTS: Final = 4  # across and down, of the part of the picture that is compared
_MANY_PARTS: Final = 9  # of sixteen: boxes of an eighth of the picture touch up to 8, other scenes 9 to 16
_FITS: Final = 12
_AGREES: Final = 2.0  # codes


class Kin(StrEnum):
    """What two playbacks are to each other."""

    COPY = "copy"
    APART = "apart"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, eq=False)
class PictureChange:
    """What changes between two pictures of a playback, in up to 2048 blocks of 16×16 px.

    ``size`` is the pictures' (height, width); ``pattern`` the change of each block (blocks × 256), of unit
    standard deviation; ``strength`` its standard deviation, ``level`` the mean of the first picture's block,
    both in codes; ``shift_px`` by how far the camera moved; ``qp`` the quantiser, None if unknown.
    """

    size: tuple[int, int]
    pattern: npt.NDArray[np.float16]
    strength: Floats
    level: Floats
    shift_px: float
    qp: float | None


def change(first: Luma, later: Luma | None, qp: float | None) -> PictureChange | None:
    """The change from one luma plane (height × width) to a later one; None for pictures without a block.

    Without a later picture, or with one of another size, nothing is known to change.
    """
    if first.shape[0] < _MARGIN * BLOCK or first.shape[1] < BLOCK:
        return None
    one = first.astype(np.float32)
    other = later.astype(np.float32) if later is not None and later.shape == first.shape else one
    mean = (one + other) / 2
    smooth = cv2.GaussianBlur(mean, (0, 0), 1.0)
    across, down = (cv2.Sobel(smooth, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    changed, light, right, below = (
        _blocks(np.asarray(p, np.float32)) for p in (one - other, mean, across, down)
    )
    left = _without(changed, light, right, below)
    strength = left.std(axis=1)
    pattern = left / np.maximum(strength, np.float32(1e-3))[:, None]
    size = (first.shape[0], first.shape[1])
    shift = _shift(changed, right, below)
    return PictureChange(size, pattern.astype(np.float16), strength, _blocks(one).mean(axis=1), shift, qp)


def kinship(one: PictureChange, other: PictureChange, *, same_moment: bool = True) -> Kin:
    """Whether two playbacks of different times show the same pictures, coded anew.

    ``same_moment``: a copy of one would show the very frame of the other, because their key frames stand at
    the same moment of the day.
    """
    if one.size != other.size:
        return Kin.UNDECIDED
    both = (one.strength > _SIGNAL) & (other.strength > _SIGNAL)
    if np.count_nonzero(both) >= _LEAST:
        agreement = (one.pattern[both].astype(np.float32) * other.pattern[both]).mean(axis=1)
        agreement = np.sort(agreement)[agreement.size // _TRIM : agreement.size - agreement.size // _TRIM]
        mean, error = float(agreement.mean()), float(agreement.std()) / float(np.sqrt(agreement.size))
        shaken = min(one.shift_px, other.shift_px) > _SHAKEN_PX
        if mean >= (_ALIKE_SHAKEN if shaken else _ALIKE) and mean > _CLEAR * error:
            return Kin.COPY
        comparable = same_moment and _equally_noisy(one.strength[both], other.strength[both])
        # nothing but a source in common makes pictures of a camera that stands still agree
        comparable = comparable and (shaken or mean <= _SURE * error)
        least = _of_a_copy(one.strength[both], other.strength[both])
        if comparable and _fine(one) and _fine(other) and mean + _SURE * error < least:
            return Kin.APART
    return Kin.APART if _other_scene(one, other) else Kin.UNDECIDED


def _blocks(plane: Floats) -> Floats:
    """The blocks that are compared (blocks × 256)."""
    rows, columns = plane.shape[0] // BLOCK, plane.shape[1] // BLOCK
    whole = plane[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2)
    margin = -(-rows // _MARGIN)
    inner = whole[margin : rows - margin].reshape(-1, BLOCK * BLOCK)
    return inner[np.linspace(0, len(inner) - 1, min(len(inner), _MOST)).astype(np.intp)]


def _without(changed: Floats, light: Floats, right: Floats, below: Floats) -> Floats:
    """The change of each block without what brightness, its slopes, and a shift of the picture explain."""
    ramp = np.tile((np.arange(BLOCK, dtype=np.float32) - (BLOCK - 1) / 2) / BLOCK, (BLOCK, 1))
    shapes = [np.broadcast_to(p.ravel(), changed.shape) for p in (np.ones_like(ramp), ramp, ramp.T)]
    causes = np.stack([*shapes, light / 128 - 1, right / 8, below / 8], axis=2).astype(np.float32)
    turned = causes.transpose(0, 2, 1)
    normal = turned @ causes + np.float32(1e-3) * np.eye(causes.shape[2], dtype=np.float32)
    explained = causes @ np.linalg.solve(normal, turned @ changed[..., None])
    return np.asarray(changed - explained[..., 0], np.float32)


def _shift(changed: Floats, right: Floats, below: Floats) -> float:
    """By how many px one picture is moved against the other: what most of its blocks say together.

    Each block counts the less the more it changes, so that somebody who walks by is no shaking camera.
    """
    spread = np.sqrt(np.mean(changed**2, axis=1)).astype(np.float64)
    usual = float(np.median(spread[spread > _SIGNAL])) if np.any(spread > _SIGNAL) else _SIGNAL
    weight = np.where(spread > _SIGNAL, (usual + spread) ** -2.0, 0.0)
    slopes = np.stack([right, below], axis=2).astype(np.float64)
    normal = np.einsum("b,bpi,bpj->ij", weight, slopes, slopes) + 1e-6 * np.eye(2)
    moved = np.linalg.solve(normal, np.einsum("b,bpi,bp->i", weight, slopes, changed))
    return float(np.hypot(*moved))


def _equally_noisy(one: Floats, other: Floats) -> bool:
    ratio = float(np.median(one)) / float(np.median(other))
    return 1 / _EQUAL < ratio < _EQUAL


def _of_a_copy(one: Floats, other: Floats) -> float:
    """The least mean correlation of copies: the rest of their change is noise that was added to both."""
    whole = float(np.median(one)) * float(np.median(other))
    return min(_APART, _LEAST_NOISE**2 / whole)


def _fine(one: PictureChange) -> bool:
    return one.qp is not None and one.qp <= _COARSEST


def _other_scene(one: PictureChange, other: PictureChange) -> bool:
    """Whether the blocks differ in more than brightness and contrast of the whole picture.

    And in many parts of it: a box drawn into a copy differs, too, but only where it was drawn.
    """
    differ = np.abs(_unexplained(one.level, other.level)) > _OTHER_SCENE
    parts = _parts(one.size)
    share = np.bincount(parts, differ, _PARTS**2) / np.maximum(1, np.bincount(parts, minlength=_PARTS**2))
    many = int(np.count_nonzero(share > _OTHER_SHARE)) >= _MANY_PARTS
    return many and float(np.mean(differ)) > _OTHER_SHARE


def _unexplained(one: Floats, other: Floats) -> npt.NDArray[np.float64]:
    """What is left of the other levels without brightness and contrast, by which most blocks agree.

    Blocks that differ count the less the more they do, so that what was drawn in does not bend the line.
    """
    known = np.stack([one, np.ones_like(one)], axis=1).astype(np.float64)
    left = np.asarray(other - one - np.median(other - one), np.float64)
    for _ in range(_FITS):
        weight = 1 / (1 + np.square(left / _AGREES))
        fit = np.linalg.lstsq(known * weight[:, None], other * weight, rcond=None)[0]
        left = np.asarray(other - known @ fit, np.float64)
    return left


def _parts(size: tuple[int, int]) -> npt.NDArray[np.intp]:
    """In which of 4 × 4 parts of the picture each block lies, as :func:`_blocks` chooses them."""
    rows, columns = size[0] // BLOCK, size[1] // BLOCK
    margin = -(-rows // _MARGIN)
    inner = np.arange((rows - 2 * margin) * columns)
    chosen = inner[np.linspace(0, inner.size - 1, min(inner.size, _MOST)).astype(np.intp)]
    down, across = chosen // columns * _PARTS // (rows - 2 * margin), chosen % columns * _PARTS // columns
    return np.asarray(down * _PARTS + across, np.intp)
