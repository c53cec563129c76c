# SPDX-License-Identifier: Apache-2.0
"""The bare paper along the greys shows whether there is glare on them.

The tone curve assumes for each grey its certified density times a common light. The light of a lamp falls off
evenly over the sheet. A lamp or window reflected on several greys adds light to some of them, and shows on
the paper beside them as a bump.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from yanshou.imaging import layout
from yanshou.imaging.finder import ChartView
from yanshou.imaging.frame import Floats, Frame
from yanshou.imaging.grey import ToneCurve
from yanshou.imaging.patches import Patch, read_patch
from yanshou.imaging.tone import to_light

_FEWEST: Final = 12
_MOST_UNEVEN: Final = 0.01
_SIGMAS: Final = 4.0
_MOST_MARKED: Final = 1
_MOST_MIXED: Final = 0.1  # lenses and sensors tint the corners by some hundredths


@dataclass(frozen=True, slots=True)
class Strip:
    """``uneven``: the largest part of the light that an even fall-off does not explain.

    ``gate``: why the greys are wrong.
    """

    uneven: float = 0.0
    gate: str = ""


EVEN: Final = Strip()


@dataclass(frozen=True, slots=True)
class LightColour:
    """By how much red and blue of the light, as parts of green, differ from their middle over the sheet.

    ``gate``: why the light has no colour of its own.
    """

    red: float = 0.0
    blue: float = 0.0
    gate: str = ""


ONE_COLOUR: Final = LightColour()


def paper_strip(frames: Sequence[Frame], view: ChartView, curve: ToneCurve) -> Strip:
    """The light of the paper along the greys minus a fall-off of second order, as a part of that light.

    The greys are between the strips above and below, so a glare has there about the geometric mean of both.
    The part that noise explains is subtracted. There is no result if the paper is out of the picture or
    clipped.
    """
    rows = [[read_patch(frames, view, box) for box in boxes] for boxes in layout.GREY_STRIPS]
    usable = [number for number, pair in enumerate(zip(*rows, strict=True)) if all(map(_shows, pair))]
    if len(usable) < _FEWEST:
        return EVEN
    seen = [[row[number] for number in usable] for row in rows]
    marked = sum(any(one.gates for one in pair) for pair in zip(*seen, strict=True))
    if marked > _MOST_MARKED:
        return Strip(gate=_both("有反光、污损或叠加字符", "a gloss, a stain or overlay text"))
    x = np.array([layout.GREY_STRIPS[0][number].x for number in usable]) / layout.WIDTH - 0.5
    above, below = (_bumps(row, x, curve, frames[0]) for row in seen)
    uneven = float(np.sqrt(np.maximum(0.0, above * below)).max())
    if uneven > _MOST_UNEVEN:
        en = f"light that is uneven by {uneven:.1%}: a glare"
        return Strip(uneven, _both(f"受光不均（{uneven:.1%}），有反光", en))
    return Strip(uneven)


def light_colour(frames: Sequence[Frame], view: ChartView) -> LightColour:
    """By how much the colour of the light differs over the sheet: the bare paper is of one colour itself.

    Lamps of different colours, or a lamp and a window, make it differ. Nothing is said where the paper is
    clipped or has no colour.
    """
    boxes = (*layout.GREY_STRIPS[0], *layout.GREY_STRIPS[1], *layout.PAPER_ZONES)
    seen = [(box, one) for box in boxes if (one := read_patch(frames, view, box)).pixels and not one.gates]
    known = [(box, one.rgb) for box, one in seen if one.rgb is not None and not one.cut]
    if len(known) < _FEWEST:
        return LightColour()
    paper = to_light(np.array([rgb for _, rgb in known]))
    shares = paper[:, ::2] / paper[:, 1:2]  # red and blue of green: the strength of the light is no matter
    shares /= np.median(shares, axis=0)
    places = [((box.x + box.w / 2) / layout.WIDTH, (box.y + box.h / 2) / layout.HEIGHT) for box, _ in known]
    slopes = np.linalg.lstsq(np.column_stack((np.ones(len(places)), places)), shares, rcond=None)[0][1:]
    low, high = np.percentile(shares, (10, 90), axis=0)
    # half of what a slope makes over the whole sheet, or of what is seen of a light that is no slope
    red, blue = np.maximum(np.abs(slopes).sum(axis=0), high - low) / 2
    mixed = float((high - low).max())
    if mixed <= _MOST_MIXED:
        return LightColour(float(red), float(blue))
    return LightColour(
        float(red),
        float(blue),
        f"图卡各处的光色不同（白纸的红绿比或蓝绿比相差 {mixed:.0%}）"
        f" / the light has several colours: red or blue of the bare paper varies by {mixed:.0%}",
    )


def _shows(patch: Patch) -> bool:
    return patch.pixels > 0 and not patch.clipped_bright


def _bumps(row: Sequence[Patch], x: Floats, curve: ToneCurve, frame: Frame) -> Floats:
    """The deviations from an even fall-off along one strip that its noise does not explain."""
    light = curve.light(np.array([one.mean for one in row]), frame)
    share = light / float(np.median(light))
    left = share - np.polyval(np.polyfit(x, share, 2), x)
    return np.asarray(np.sign(left) * np.maximum(0.0, np.abs(left) - _SIGMAS * _noise(curve, frame, row)))


def _noise(curve: ToneCurve, frame: Frame, patches: Sequence[Patch]) -> float:
    """Standard deviation of a field's mean by its noise, as a part of its light."""
    code = float(np.median([one.mean for one in patches]))
    here, beside = curve.light(np.array([code, code + 1.0]), frame)
    noise = float(np.median([one.total / math.sqrt(one.pixels * one.pictures) for one in patches]))
    return abs(float(beside / here) - 1.0) * noise


def _both(zh: str, en: str) -> str:
    return f"灰阶旁白纸{zh} / the paper beside the greys has {en}"
