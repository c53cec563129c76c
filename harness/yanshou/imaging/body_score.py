# SPDX-License-Identifier: Apache-2.0
"""Which features of an X-ray test body can be seen in its picture, by a stated method.

Signal and noise are measured with the same operator on the feature and on an even area beside it; a feature
is visible where their ratio reaches the criterion of Rose (A. Rose, J. Opt. Soc. Am. 38, 196, 1948: about 5).
Besides, a wire has to reach it on one continuous length of 10 mm (ISO 19232-1), the dip between two lines has
to be 20 % of their depth (ISO 19232-5, duplex wires), and a step needs a contrast an eye can see. The
criteria stand in the catalogue. Whether an assessor sees a feature is another question, and his answer is the
standard's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from yanshou.imaging.body_layout import Area, BodyWire, Feature, Floats, LineGroup, PlacedBody, Step

_QUANTUM: Final = 1 / np.sqrt(12)  # a code is rounded; noise below that cannot be told from none
_LOST_PX: Final = 1.5  # by which a person marks a corner wrong
_CLIPPED: Final = 0.02
_PARTS: Final = 4  # of a section of wire that has to be seen without a break
_PART_LEFT: Final = 0.4  # what each part shows at least, as a share of the whole
_FEW: Final = 20  # places in an even area that a spread is taken from
_STRIPS: Final = 6
_STRIP_PX: Final = 3
_BLOCK: Final = 4
_BLOCKS: Final = 6
_NYQUIST: Final = 2.0


@dataclass(frozen=True, slots=True)
class Criteria:
    """When a feature counts as visible: see the head of this module."""

    rose: float
    section_mm: float
    dip: float
    contrast: float


@dataclass(frozen=True, slots=True)
class FeatureScore:
    """What the picture shows of one feature.

    ``ratio`` is signal over noise; ``share`` the least dip between two lines, or the contrast of a step.
    ``gate`` says why nothing can be concluded; then ``visible`` is None.
    """

    name: str
    visible: bool | None
    ratio: float | None = None
    share: float | None = None
    gate: str = ""


def score(body: PlacedBody, criteria: Criteria) -> list[FeatureScore]:
    """The score of every feature of the body's layout, in its order."""
    return [_scored(one, body, criteria) for one in body.layout.features]


def _scored(feature: Feature, body: PlacedBody, criteria: Criteria) -> FeatureScore:
    if _clipped(feature, body):
        return _untold(feature, "该处画面饱和 / the picture is clipped there")
    match feature:
        case BodyWire():
            return _wire(feature, body, criteria)
        case LineGroup():
            return _lines(feature, body, criteria)
        case Step():
            return _step(feature, body, criteria)


def _untold(feature: Feature, gate: str) -> FeatureScore:
    return FeatureScore(feature.name, None, gate=gate)


def _clipped(feature: Feature, body: PlacedBody) -> bool:
    """Whether a part of the feature, or of the even area beside it, lies at the end of the codes."""
    return any(
        float(np.mean((codes <= 0) | (codes >= 255))) > _CLIPPED  # noqa: PLR2004 - the codes of 8 bit
        for codes, _, _ in map(body.patch, _areas(feature))
    )


def _areas(feature: Feature) -> tuple[Area, ...]:
    match feature:
        case BodyWire():
            (x1, y1), (x2, y2), wide = feature.start, feature.end, feature.diameter
            around = (min(x1, x2) - wide, min(y1, y2) - wide, max(x1, x2) + wide, max(y1, y2) + wide)
            return around, feature.free
        case LineGroup():
            return (feature.area,)
        case Step():
            return feature.area, feature.beside


# -- wires


@dataclass(frozen=True, slots=True)
class _WireOperator:
    """What a wire of some width takes away from the mean of both its sides, over one length of it."""

    body: PlacedBody
    direction: tuple[float, float]
    width: float
    length: float

    def at(self, x: float, y: float, offsets: Floats) -> Floats:
        """The response of a section that begins at (x, y), moved sideways by each of ``offsets``, in mm."""
        (ex, ey), pitch = self.direction, self.body.pixel / 2
        along = np.arange(0.0, self.length, self.body.pixel)[:, None, None]
        core = np.arange(-self.width / 2, self.width / 2 + pitch / 2, pitch)
        flank = np.arange(1.5 * self.width, 3.0 * self.width + pitch / 2, pitch)
        means = []
        for across in (core, flank, -flank):
            side = offsets[None, :, None] + across[None, None, :]
            codes = self.body.sampled(x + ex * along - ey * side, y + ey * along + ex * side)
            means.append(codes.mean(axis=(0, 2)))
        return np.asarray((means[1] + means[2]) / 2 - means[0], np.float64)

    def places(self, free: Area) -> Iterator[tuple[float, float]]:
        """Beginnings of sections inside an even area that do not overlap one another."""
        left, top, right, bottom = free
        (ex, ey), margin = self.direction, 3.5 * self.width
        for across in np.arange(
            margin, abs(ey) * (right - left) + abs(ex) * (bottom - top) - margin, self.width
        ):
            room = abs(ex) * (right - left) + abs(ey) * (bottom - top)
            for along in np.arange(0.0, room - self.length + 1e-9, self.length):
                yield (left + abs(ex) * along + abs(ey) * across, top + abs(ey) * along + abs(ex) * across)


def _wire(wire: BodyWire, body: PlacedBody, criteria: Criteria) -> FeatureScore:
    span = np.array(wire.end) - np.array(wire.start)
    length = float(np.linalg.norm(span))
    if length < criteria.section_mm:
        return _untold(wire, "短于判定所需的长度 / shorter than the length that has to be seen")
    ex, ey = (float(one) for one in span / length)
    if min(abs(ex), abs(ey)) > 1e-6 * length:
        return _untold(wire, "线不与测试体边平行 / the wire is not parallel to a side of the body")
    width = max(wire.diameter, 2 * body.pixel)
    operator = _WireOperator(body, (ex, ey), width, criteria.section_mm / _PARTS)
    lost = np.arange(-_LOST_PX, _LOST_PX + 0.25, 0.5) * body.pixel
    level = _WireOperator(body, (abs(ex), abs(ey)), width, criteria.section_mm)
    free = np.array([level.at(x, y, lost) for x, y in level.places(wire.free)])
    if len(free) < _FEW:
        return _untold(wire, "旁边的均匀区过小 / the even area beside it is too small")
    noise = max(float(np.std(free, ddof=1)), _QUANTUM)
    usual = float(free.max(axis=1).mean())
    begins = np.arange(0.0, length - operator.length + 1e-9, operator.length / 2)
    parts = np.array(
        [operator.at(wire.start[0] + ex * one, wire.start[1] + ey * one, lost) for one in begins]
    )
    run = 2 * _PARTS - 1
    runs = [parts[place : place + run] for place in range(len(parts) - run + 1)]
    ratio = max(_continuous(one) - usual for one in runs) / noise
    return FeatureScore(wire.name, bool(ratio >= criteria.rose), float(ratio))


def _continuous(parts: Floats) -> float:
    """The response of one length of wire, 0 if a part of it is missing.

    Rows are its parts, each half over the one before; columns are the offsets.
    """
    whole = parts[::2].mean(axis=0)
    there = parts[:, int(np.argmax(whole))]
    return float(whole.max()) if float(there.min()) >= _PART_LEFT * float(whole.max()) else 0.0


# -- groups of lines


def _lines(group: LineGroup, body: PlacedBody, criteria: Criteria) -> FeatureScore:
    if group.pitch < _NYQUIST * body.pixel:
        return FeatureScore(group.name, visible=False, ratio=0.0, share=0.0)
    strips = _strips(group, body)
    if len(strips) < _STRIPS:
        return _untold(group, "线组过短 / the lines are too short")
    sides = np.array([group.first - group.pitch, group.first + group.pitch * group.lines])
    even = _means(group, body, strips, sides).mean(axis=1, keepdims=True)
    middles = group.first + group.pitch * np.arange(group.lines)
    gaps = middles[:-1] + group.pitch / 2
    best = (0.0, 0.0, -np.inf)
    most = min(_LOST_PX * body.pixel, group.pitch / 4)
    for moved in np.linspace(-most, most, 7):
        lines = even - _means(group, body, strips, middles + moved)
        between = even - _means(group, body, strips, gaps + moved)
        depth = (lines[:, :-1] + lines[:, 1:]) / 2 - between
        whole = ((lines[:, :-1] + lines[:, 1:]) / 2).mean(axis=0)
        swing = depth.mean(axis=1)
        noise = max(float(np.std(swing, ddof=1)), _QUANTUM) / float(np.sqrt(len(swing)))
        dip = float(np.min(depth.mean(axis=0) / whole)) if np.all(whole > 0) else 0.0
        found = (float(swing.mean() / noise), dip, float(swing.mean()))
        best = max(best, found, key=lambda one: one[2])
    ratio, dip, _ = best
    return FeatureScore(group.name, ratio >= criteria.rose and dip >= criteria.dip, ratio, dip)


def _strips(group: LineGroup, body: PlacedBody) -> list[Floats]:
    """Places along the lines, a few pixels to each strip."""
    left, top, right, bottom = group.area
    low, high = (top, bottom) if group.along_x else (left, right)
    places = np.arange(low + body.pixel / 2, high, body.pixel)
    whole = len(places) // _STRIP_PX
    return [np.asarray(one) for one in places[: whole * _STRIP_PX].reshape(whole, _STRIP_PX)]


def _means(group: LineGroup, body: PlacedBody, strips: list[Floats], middles: Floats) -> Floats:
    """The mean code of each strip (rows) at each of ``middles`` (columns)."""
    across = middles[None, :, None]
    along = np.array(strips)[:, None, :]
    across, along = np.broadcast_arrays(across, along)
    x, y = (across, along) if group.along_x else (along, across)
    return np.asarray(body.sampled(np.ascontiguousarray(x), np.ascontiguousarray(y)).mean(axis=2), np.float64)


# -- steps


def _step(step: Step, body: PlacedBody, criteria: Criteria) -> FeatureScore:
    """A plane through both areas with one offset between them, so that shading makes no step."""
    inner, outer = (_blocks(body, one) for one in (step.area, step.beside))
    if min(len(inner), len(outer)) < _BLOCKS:
        return _untold(step, "区域过小 / the areas are too small")
    both = np.vstack([inner, outer])
    inside = np.r_[np.ones(len(inner)), np.zeros(len(outer))]
    middle = both[:, :2] - both[:, :2].mean(axis=0)
    model = np.column_stack([np.ones(len(both)), middle, inside])
    solved, _, rank, _ = np.linalg.lstsq(model, both[:, 2], rcond=None)
    left = both[:, 2] - model @ solved
    dof = len(both) - int(rank)
    if int(rank) < model.shape[1] or dof < 1:
        return _untold(step, "区域的形状分不开台阶与渐变 / the areas cannot tell a step from shading")
    variance = max(float(left @ left) / dof, _QUANTUM**2 / _BLOCK**2)
    error = float(np.sqrt(variance * np.linalg.inv(model.T @ model)[3, 3]))
    level = float(outer[:, 2].mean())
    ratio, contrast = abs(float(solved[3])) / error, abs(float(solved[3])) / max(level, 1.0)
    visible = ratio >= criteria.rose and contrast >= criteria.contrast
    return FeatureScore(step.name, visible, ratio, contrast)


def _blocks(body: PlacedBody, area: Area) -> Floats:
    """Middle x, middle y and mean code of each block of 4 × 4 samples; one row for each."""
    parts = body.patch(area)
    rows, columns = parts[0].shape[0] // _BLOCK, parts[0].shape[1] // _BLOCK
    codes, x, y = (
        one[: rows * _BLOCK, : columns * _BLOCK]
        .reshape(rows, _BLOCK, columns, _BLOCK)
        .mean(axis=(1, 3))
        .ravel()
        for one in parts
    )
    return np.column_stack([x, y, codes])
