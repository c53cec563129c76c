# SPDX-License-Identifier: Apache-2.0
"""The chart's twenty slanted edges: their regions, their responses, and the resolution of the camera.

Different edges and different key frames count as repetitions; copies of one picture do not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from yanshou.imaging import layout
from yanshou.imaging.codec import Coding
from yanshou.imaging.finder import ChartView
from yanshou.imaging.frame import Codes, Floats, Frame
from yanshou.imaging.gates import of_place
from yanshou.imaging.grey import ToneCurve
from yanshou.imaging.plateaus import glared
from yanshou.imaging.profile import mean_gates
from yanshou.imaging.sfr import NYQUIST, SfrResult, clipped, refused, sfr_many
from yanshou.imaging.tone import to_light
from yanshou.model import Component

_ALONG: Final = 0.7  # share of the side: the corners stay outside
_BESIDE: Final = 0.27  # of the side, to each side of the edge
_MOST_BESIDE: Final = 48
_MIN_EDGES: Final = 8
# of one edge: a lens may be uneven in a corner; the limit for all edges together is lower
_MOST_SKEW: Final = 0.12
# edges that may be sharpened, doubled or combed; more of them mean processing of the whole picture
_MOST_PROCESSED: Final = 2
_COVERAGE: Final = 0.9545
_MTF10_FACTOR: Final = 2.5  # spread of a single edge's MTF10 over that of its MTF50, from simulated edges
_COARSE: Final = 1.5  # the other shares of MTF10 over those of MTF50

Light = Callable[[npt.NDArray[np.generic], Frame], Floats]
"""From luma codes of a frame to light, 0…255."""


def srgb_light(codes: npt.NDArray[np.generic], frame: Frame) -> Floats:
    """Light of luma codes by the sRGB curve, which is assumed without a certified grey scale."""
    return 255.0 * to_light((np.asarray(codes, np.float64) - frame.black) / (frame.white - frame.black))


def linear_light(codes: npt.NDArray[np.generic], frame: Frame) -> Floats:
    """Codes that are proportional to light."""
    return np.asarray(255.0 * (np.asarray(codes, np.float64) - frame.black) / (frame.white - frame.black))


@dataclass(frozen=True, slots=True)
class Roi:
    """A region rows [y0, y1), columns [x0, x1) around one edge of a square."""

    square: str
    side: str
    y0: int
    y1: int
    x0: int
    x1: int

    @property
    def name(self) -> str:
        """Square and side."""
        return f"{self.square}/{self.side}"

    def of(self, picture: Codes) -> Codes:
        """This region of a picture."""
        return picture[self.y0 : self.y1, self.x0 : self.x1]


@dataclass(frozen=True, slots=True, eq=False)
class EdgeReading:
    """One edge of the chart with its response."""

    roi: Roi
    result: SfrResult


def edge_rois(view: ChartView, shape: tuple[int, ...]) -> list[Roi]:
    """One axis-parallel region around the middle of each edge that lies inside the picture."""
    rois = []
    for square in layout.SQUARES:
        corners = view.pixels(layout.square_corners(square))
        for number, side in enumerate(layout.SIDES):
            a, b = corners[number], corners[(number + 1) % 4]
            x, y = (a + b) / 2
            length = float(np.linalg.norm(b - a))
            upright = abs(b[1] - a[1]) > abs(b[0] - a[0])
            along, beside = _ALONG * length / 2, min(_BESIDE * length, _MOST_BESIDE)
            wide, high = (beside, along) if upright else (along, beside)
            roi = Roi(
                square, side, round(y - high), round(y + high) + 1, round(x - wide), round(x + wide) + 1
            )
            if roi.y0 >= 0 and roi.x0 >= 0 and roi.y1 <= shape[0] and roi.x1 <= shape[1]:
                rois.append(roi)
    return rois


def measure_edges(
    frames: Sequence[Frame], view: ChartView, light: Light = srgb_light, curve: ToneCurve | None = None
) -> list[EdgeReading]:
    """The response of every edge, from the mean of the frames (float, in light).

    ``curve`` is the certified tone curve; edges outside its range are refused.
    """
    rois = edge_rois(view, frames[0].luma.shape)
    gates = [_clip_gate(frames, roi) for roi in rois]
    means = [np.mean([light(roi.of(one.luma), one) for one in frames], axis=0) for roi in rois]
    open_ones = [number for number, gate in enumerate(gates) if not gate]
    chosen = [means[number] for number in open_ones]
    steps = [_steps(frames[0], rois[number], light) for number in open_ones]
    found = sfr_many(chosen, steps=steps, most_skew=_MOST_SKEW)
    measured = dict(zip(open_ones, found, strict=True))
    readings = [
        EdgeReading(roi, measured.get(number) or refused(gates[number])) for number, roi in enumerate(rois)
    ]
    return _lit_alike(readings, curve)


def _steps(frame: Frame, roi: Roi, light: Light) -> tuple[float, float]:
    """Light of one code near the dark and the bright side of a region."""
    ends = np.percentile(roi.of(frame.luma), (10, 90))
    low, high = (light(np.asarray(ends + half), frame) for half in (-0.5, 0.5))
    return float(high[0] - low[0]), float(high[1] - low[1])


def _lit_alike(readings: Sequence[EdgeReading], curve: ToneCurve | None) -> list[EdgeReading]:
    """The readings; those lit differently from the others, or outside the certified tone, are refused."""
    lit = [one for one in readings if one.result.dark is not None and one.result.bright is not None]
    plateaus = [(one.result.dark or 0.0, one.result.bright or 0.0) for one in lit]
    why = {id(one): gate for one, gate in zip(lit, glared(plateaus), strict=True)}
    for one, plateau in zip(lit, plateaus, strict=True):
        if curve is not None and not curve.covers(*plateau):
            why[id(one)] = "边缘亮度超出已校准灰阶的范围 / the edge lies beyond the certified greys"
    return [EdgeReading(one.roi, refused(why[id(one)])) if why.get(id(one)) else one for one in readings]


def _clip_gate(frames: Sequence[Frame], roi: Roi) -> str:
    share = max(
        float(np.mean((part <= one.black) | (part >= one.white)))
        for one in frames
        for part in (roi.of(one.luma),)
    )
    return clipped(share) if share > 0.005 else ""  # noqa: PLR2004 - as for single regions


@dataclass(frozen=True, slots=True, eq=False)
class Resolution:
    """A figure from several edges with U = k u; ``gates`` say why there is none (then ``value`` is None).

    ``raw`` are the figures of the single edges, ``peak`` the mean peak of their responses. ``at_least`` marks
    a lower bound: an edge still has contrast at the Nyquist frequency. ``at_most`` is then the figure without
    the cut at that frequency, if the edges show where their contrast ends.
    """

    value: float | None
    U: float | None
    k: float | None
    raw: tuple[float, ...] = ()
    budget: tuple[Component, ...] = ()
    peak: float | None = None
    gates: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    at_least: bool = False
    at_most: float | None = None


def mtf50(edges: Sequence[EdgeReading], *, coding: Coding, certified: bool = False) -> Resolution:
    """Mean MTF50 of the edges in cycles per pixel (after ISO 12233).

    ``coding``: above a quantiser of 28 the codec dominates and no figure is given; if the quantiser of every
    block is not known, the codec's share of U is that of 28. ``certified``: codes were converted to light by
    the chart's certified greys and not by an assumed curve.
    """
    good, gates, notes = _usable(edges, coding)
    if gates:
        return Resolution(None, None, None, gates=gates, notes=notes)
    values = np.array([one.result.mtf50 for one in good], np.float64)
    single = np.array([one.result.U_mtf50 for one in good], np.float64) / 2
    return _summed(values, single, _shares(coding, certified=certified), notes, _peak(good))


def limiting(
    edges: Sequence[EdgeReading],
    height: int,
    *,
    coding: Coding,
    squares: Sequence[str] = ("centre",),
    horizontal: bool = True,
    certified: bool = False,
    uncut: bool = False,
) -> Resolution:
    """Limiting resolution in lines per picture height: 2 f ``height`` at MTF10, Nyquist at most.

    An in-house method: the standards read a wedge by eye. ``horizontal``: from the upright edges. ``uncut``:
    without the cut at the Nyquist frequency, as far as a slanted edge shows it. That is not a resolution of
    the picture, but it is needed for ratios between two places, because a cut-off centre would flatter the
    corners.
    """
    good, gates, notes = _usable(edges, coding)
    chosen = [one for one in good if one.result.horizontal == horizontal and one.roi.square in squares]
    if not gates and not chosen:
        gates = (f"{'、'.join(squares)} 处无可用边缘 / no edge of {', '.join(squares)} can be measured",)
    if gates:
        return Resolution(None, None, None, gates=gates, notes=notes)
    cut = not uncut and any(one.result.mtf10 is None for one in chosen)
    if cut:
        notes = (*notes, "奈奎斯特频率处仍高于 10 %，以奈奎斯特频率计 / cut off at the Nyquist frequency")
    whole = 2 * height * np.array([_tenth(one.result) for one in chosen])
    lines = whole if uncut else 2 * height * np.array([one.result.mtf10 or NYQUIST for one in chosen])
    single = np.array([_MTF10_FACTOR * _relative(one.result) for one in chosen]) * lines
    pairs = _pair_scatter(good)
    shares = [(name, _COARSE * share, source) for name, share, source in _shares(coding, certified=certified)]
    beyond = any(one.result.mtf10 is None and not _falls(one.result) for one in chosen)
    return replace(
        _summed(lines, single, shares, notes, _peak(chosen), pooled=pairs),
        at_least=cut or (uncut and beyond),
        at_most=float(whole.mean()) if cut and not beyond else None,
    )


def _falls(result: SfrResult) -> bool:
    """Whether the response falls to a tenth within the computed frequencies."""
    return bool((result.mtf < 0.1).any())  # noqa: PLR2004


def _tenth(result: SfrResult) -> float:
    """Where the response falls to a tenth, up to the highest computed frequency."""
    below = np.flatnonzero(result.mtf < 0.1)  # noqa: PLR2004
    return result.mtf10 or float(result.frequencies[below[0] if below.size else -1])


def _usable(
    edges: Sequence[EdgeReading], coding: Coding
) -> tuple[list[EdgeReading], tuple[str, ...], tuple[str, ...]]:
    if coding.gate:
        return [], (coding.gate,), ()
    good = [one for one in edges if not one.result.gates]
    reasons = tuple(dict.fromkeys(gate for one in edges for gate in one.result.gates))
    processed = _processed(edges, good)
    if processed:
        return [], processed, ()
    if len(good) < _MIN_EDGES:
        en = f"only {len(good)} of 20 edges can be measured (at least {_MIN_EDGES})"
        return [], (f"20 条边缘中仅 {len(good)} 条可用 / {en}", *reasons[:3]), ()
    unused = len(edges) - len(good)
    notes = [of_place(f"{unused} 条边缘未用", f"{unused} edges were not used", one) for one in reasons[:3]]
    if coding.note:
        notes.append(coding.note)
    return good, (), tuple(notes)


def _processed(edges: Sequence[EdgeReading], good: Sequence[EdgeReading]) -> tuple[str, ...]:
    """Why the whole picture was processed; edges that pass the gates were then processed as well."""
    marked = [one for one in edges if one.result.features is not None and one.result.features.processed]
    if len(marked) > _MOST_PROCESSED:
        return tuple(dict.fromkeys(one.result.gates[0] for one in marked))[:3]
    return tuple(mean_gates([one.result.features for one in good if one.result.features is not None]))


def _relative(result: SfrResult) -> float:
    return (result.U_mtf50 or 0.0) / 2 / (result.mtf50 or 1.0)


def _peak(edges: Sequence[EdgeReading]) -> float:
    return float(np.mean([one.result.peak or 0.0 for one in edges]))


def _pair_scatter(edges: Sequence[EdgeReading]) -> tuple[float, float]:
    """Relative standard deviation of one edge's MTF50, and its degrees of freedom.

    They come from opposite edges of a square.
    """
    pairs: dict[tuple[str, bool], list[float]] = {}
    for one in edges:
        pairs.setdefault((one.roi.square, one.result.horizontal), []).append(one.result.mtf50 or math.nan)
    halves = [(a - b) / (a + b) * math.sqrt(2) for a, b in (v for v in pairs.values() if len(v) == 2)]  # noqa: PLR2004
    if not halves:
        return 0.0, math.inf
    return float(np.sqrt(np.mean(np.square(halves)))), float(len(halves))


def _shares(coding: Coding, *, certified: bool) -> list[tuple[str, float, str]]:
    """Relative half-widths of effects common to all edges."""
    tone = 0.007 if certified else 0.026
    return [
        ("method bias", 0.002, "closed-form edges, |bias| ≤ 0.2 %"),
        (
            "tone curve (OECF)",
            tone,
            "certified greys, 0.3–0.5 %"
            if certified
            else "sRGB assumed; a 4:1 edge not linearised reads 1.6 % low",
        ),
        ("codec", math.sqrt(3) * coding.share, "H.264 and H.265 simulations by quantiser"),
        ("print and edge of the chart", 0.009, "edge of the print ≤ 1/5 of a pixel's footprint"),
    ]


def _summed(
    values: Floats,
    single: Floats,
    shares: Sequence[tuple[str, float, str]],
    notes: tuple[str, ...],
    peak: float,
    pooled: tuple[float, float] | None = None,
) -> Resolution:
    """Type A from the edges, which are independent; the noise of single edges is a lower bound for it."""
    count, value = len(values), float(values.mean())
    if pooled is None:
        scatter, dof = float(np.std(values, ddof=1)) / math.sqrt(count), count - 1.0
    else:
        scatter, dof = _MTF10_FACTOR * pooled[0] * value / math.sqrt(count), pooled[1]
    floor = float(np.sqrt(np.sum(single**2))) / count
    budget = (
        Component("scatter of the edges", "A", "t", scatter, dof, f"{count} edges"),
        Component("noise of the single edges", "B", "normal", floor, math.inf, "noise beside the edge"),
        *(
            Component(name, "B", "rectangular", share * value / math.sqrt(3), math.inf, source)
            for name, share, source in shares
        ),
    )
    u = math.sqrt(sum(part.u**2 for part in budget))
    k = coverage_factor(budget, u)
    return Resolution(value, k * u, k, tuple(map(float, values)), budget, peak, (), notes)


def coverage_factor(budget: Sequence[Component], u: float) -> float:
    """The coverage factor for 95.45 %, from the effective degrees of freedom.

    Source: Welch–Satterthwaite formula, GUM G.4.1.
    """
    weight = sum(part.u**4 / part.dof for part in budget if math.isfinite(part.dof) and part.dof > 0)
    if u == 0 or weight == 0:
        return 2.0
    from scipy.special import stdtrit  # noqa: PLC0415 - takes a third of a second

    return float(stdtrit(u**4 / weight, (1 + _COVERAGE) / 2))
