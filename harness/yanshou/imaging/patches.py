# SPDX-License-Identifier: Apache-2.0
"""Flat fields of the chart: their mean codes, their noise in time and over the field, their colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from yanshou.imaging.finder import ChartView
from yanshou.imaging.frame import Floats, Frame
from yanshou.imaging.layout import Box

INNER: Final = 0.62
_LEAST_PX: Final = 16
_CLIPPED: Final = 0.05
_LOWEST, _HIGHEST = 0.01, 0.99  # of the code range; chroma is rounded, so a colour at white reads 0.993 to 1
_BRIGHT: Final = 6.0  # gloss: pixels so many standard deviations above the field
_GLOSS: Final = 0.01
_FEWEST_MARKED: Final = 4
_ROUNDS: Final = 5
_EVEN_DN: Final = 4.0
_ROUGHER: Final = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """One field, in luma codes of the picture's own range.

    ``mean`` over field and pictures; ``temporal`` and ``fixed`` are the standard deviations in time and of
    the mean picture over the field (shading of second order removed), nan where one picture was given;
    ``pixels`` and ``pictures`` how many; ``rgb`` the mean non-linear R, G, B 0…1. ``cut`` are those of R, G
    and B that lie at black or white. ``gates`` say why it must not be used.
    """

    mean: float
    temporal: float
    fixed: float
    pixels: int
    pictures: int
    rgb: Floats | None
    clipped_dark: bool
    clipped_bright: bool
    gates: tuple[str, ...] = ()
    cut: str = ""

    @property
    def total(self) -> float:
        """Standard deviation of one picture's pixels."""
        return float(np.hypot(np.nan_to_num(self.temporal), self.fixed))


def window_of(
    view: ChartView, box: Box, shape: tuple[int, ...], inner: float = INNER
) -> tuple[tuple[slice, slice], npt.NDArray[np.bool_]] | None:
    """The pixels of the inner part of a field: a window and a mask in it.

    None if it is not in the picture.
    """
    corners = view.pixels(box.inner(inner).corners)
    low, high = np.floor(corners.min(axis=0)).astype(int), np.ceil(corners.max(axis=0)).astype(int) + 1
    if (low < 0).any() or high[0] > shape[1] or high[1] > shape[0]:
        return None
    mask = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
    cv2.fillConvexPoly(mask, np.rint(corners - low).astype(np.int32), 1)
    return (slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))), mask.astype(bool)


def read_patch(frames: Sequence[Frame], view: ChartView, box: Box) -> Patch:
    """Read one field in pictures of one view (ISO 15739, shading removed by a surface of second order)."""
    found = window_of(view, box, frames[0].luma.shape)
    if found is None or found[1].sum() < _LEAST_PX:
        reason = "不在画面内或过小 / it is outside the picture or too small"
        return Patch(np.nan, np.nan, np.nan, 0, len(frames), None, False, False, (reason,))
    window, mask = found
    stack = np.stack([one.luma[window][mask] for one in frames]).astype(np.float64)
    count, pixels = stack.shape
    average = stack.mean(axis=0)
    flat = _without_shading(average, mask)
    temporal2 = float(stack.var(axis=0, ddof=1).mean()) if count > 1 else np.nan
    fixed2 = float(flat.var(ddof=min(6, pixels - 1))) - (temporal2 / count if count > 1 else 0.0)
    black, white = frames[0].black, frames[0].white
    dark = float(np.mean(stack <= black + 0.5)) > _CLIPPED
    bright = float(np.mean(stack >= white - 0.5)) > _CLIPPED
    colours = [one.mean_rgb(window, mask) for one in frames]
    known = [one for one in colours if one is not None]
    return Patch(
        float(average.mean()),
        float(np.sqrt(temporal2)),
        float(np.sqrt(max(0.0, fixed2))),
        pixels,
        count,
        np.mean(known, axis=0) if known else None,
        dark,
        bright,
        tuple(_gloss(average, mask)),
        _cut(frames, window, mask),
    )


def _cut(frames: Sequence[Frame], window: tuple[slice, slice], mask: npt.NDArray[np.bool_]) -> str:
    """Those of R, G and B that lie at black or white in a part of the field, in any of the pictures."""
    worst = np.zeros(3)
    for one in frames:
        pixels = one.pixels_rgb(window, mask)
        if pixels is not None and pixels.size:
            worst = np.maximum(worst, ((pixels <= _LOWEST) | (pixels >= _HIGHEST)).mean(axis=0))
    return "".join(name for name, share in zip("RGB", worst.tolist(), strict=True) if share > _CLIPPED)


def rougher(patches: Sequence[Patch]) -> list[bool]:
    """For fields that should look alike: whether each is far rougher than the rest, as with text over it."""
    rough = [patch.fixed for patch in patches if not patch.gates]
    usual = max(_EVEN_DN, _ROUGHER * float(np.median(rough))) if rough else np.inf
    return [patch.fixed > usual for patch in patches]


def _without_shading(
    values: Floats, mask: npt.NDArray[np.bool_], of: npt.NDArray[np.bool_] | None = None
) -> Floats:
    """Values of a field minus a surface of second order, fitted to those in ``of``."""
    rows, columns = np.nonzero(mask)
    y = (rows - rows.mean()) / max(1.0, float(np.ptp(rows)))
    x = (columns - columns.mean()) / max(1.0, float(np.ptp(columns)))
    surface = np.column_stack((np.ones_like(x), x, y, x * x, x * y, y * y))
    used = slice(None) if of is None else of
    fit, *_ = np.linalg.lstsq(surface[used], values[used], rcond=None)
    return np.asarray(values - surface @ fit, np.float64)


def _gloss(average: Floats, mask: npt.NDArray[np.bool_]) -> list[str]:
    """Gloss, a stain or text over the field: a part differs strongly from the rest.

    The shading is fitted without that part; otherwise it would bend towards it.
    """
    marked = _off(average - np.median(average))
    for _ in range(_ROUNDS):
        kept = ~marked
        if kept.sum() < average.size / 2:
            break
        again = _off(_without_shading(average, mask, kept), kept)
        if (again == marked).all():
            break
        marked = again
    share = float(np.mean(marked))
    if share <= _GLOSS or marked.sum() < _FEWEST_MARKED:
        return []
    return [f"有反光、污损或叠加字符（{share:.0%}）/ a gloss, a stain or overlay text on {share:.0%} of it"]


def _off(flat: Floats, of: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.bool_]:
    """The pixels that deviate more than noise does."""
    inner = flat if of is None else flat[of]
    spread = 1.4826 * float(np.median(np.abs(inner - np.median(inner)))) + 1.0
    return np.asarray(np.abs(flat - np.median(inner)) > _BRIGHT * spread)
