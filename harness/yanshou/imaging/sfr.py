# SPDX-License-Identifier: Apache-2.0
"""Measures edge regions (e-SFR), checks their gates and gives their uncertainty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from yanshou.imaging import edge
from yanshou.imaging.edge import Edges, Floats
from yanshou.imaging.plateaus import level_along, uneven
from yanshou.imaging.profile import LONE_SKEW, ProfileFeatures, features_of, flattened
from yanshou.imaging.tone import to_code, to_light

NYQUIST: Final = 0.5
MIN_ROWS: Final = 24
MIN_COLUMNS: Final = 32
MIN_CONTRAST: Final = 0.20
MAX_CLIPPED: Final = 0.005
MIN_ANGLE: Final = 2.0
MAX_ANGLE: Final = 30.0
ANGLE_ROOM: Final = 0.2  # of the angle as measured, so that 2° and 30° themselves are in
MIN_REACH_FWHM: Final = 3.0
MIN_CNR: Final = 5.0
MAX_GAP: Final = 0.75
MAX_RMS: Final = 3.0
MAX_PEAK: Final = 1.1
# Spread of the estimator against white noise, from simulated edges (1.3 to 1.8 times the Cramér–Rao bound):
# u / MTF50 = 1.9 (noise / contrast) sqrt(7.1 / (rows * sigma of the point spread)).
_NOISE_FACTOR: Final = 1.9
_NOISE_ROWS: Final = 7.1
_PEAK_NOISE: Final = 0.84  # standard deviation of the response over noise / contrast, at 64 rows
_BIAS: Final = 0.002  # largest bias on closed-form edges, MTF50 0.05 to 0.40, 2 to 30 degrees, as a bound
_SIMPLE_SLOPE: Final = 0.012  # additional bias where rows repeat each other (slopes near 1:5, 1:4)
# Rounding a noise-free plateau by up to half a code moves MTF50 by at most this much per share of the
# edge's height: it adds to or takes from the foot of the line spread.
_ROUNDED: Final = 2.4
_TAIL: Final = 3.8  # change of MTF50 per remaining change of the plateaus on their outer halves
_TAIL_NOISE: Final = 0.4  # standard deviations of noise of that change that do not count
_UNEVEN: Final = 1.1  # change of MTF50 per remaining uneven light at the ends of the profile
_SKEWED: Final = 2.0  # change of MTF50 per skew, for white cut off
_SKEW_NOISE: Final = 2.0
_AT_ONCE: Final = 10  # regions computed together: as many as stay in the cache
_SIGMA: Final = math.sqrt(math.log(2) / 2) / math.pi  # sigma * MTF50 of a Gaussian


@dataclass(frozen=True, slots=True, eq=False)
class SfrResult:
    """e-SFR of one edge, in cycles per pixel along the edge's normal.

    ``gates`` names, in words, every condition of validity that is not met. Then all figures from the response
    are None, except the peak of a sharpened picture (a peak above 1.1 shows sharpening, and its MTF50 is not
    a resolution). ``mtf_nyquist`` and ``peak`` are modulations. ``U_mtf50`` is the expanded uncertainty (k =
    2) of this one edge: noise, rounding (of the plateaus, too), tails and shading that reach beyond the
    region, and the bias of the method, not the light, the codec or the print. ``horizontal``: the edge is
    upright and shows the horizontal resolution. ``dark`` and ``bright`` are its plateaus in light,
    ``features`` is the shape of its profile.
    """

    mtf50: float | None
    mtf30: float | None
    mtf10: float | None
    mtf_nyquist: float | None
    peak: float | None
    angle_deg: float | None
    U_mtf50: float | None
    gates: tuple[str, ...] = ()
    frequencies: Floats = field(default_factory=lambda: np.zeros(0))
    mtf: Floats = field(default_factory=lambda: np.zeros(0))
    fwhm: float | None = None
    contrast: float | None = None
    noise: float | None = None
    rms: float | None = None
    horizontal: bool = True
    dark: float | None = None
    bright: float | None = None
    features: ProfileFeatures | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Region:
    """A region turned upright and converted to light.

    ``steps``: light of one code on its dark and bright side.
    """

    image: Floats
    steps: tuple[float, float]
    lying: bool


def sfr(
    roi: npt.ArrayLike,
    *,
    linear: bool = True,
    clip: tuple[float, float] | None = None,
    full_scale: float = 255.0,
    steps: tuple[float, float] | None = None,
) -> SfrResult:
    """Measure the one slanted edge in ``roi`` (height x width, any real dtype); see :func:`sfr_many`.

    ``steps``: light of one code on the dark and on the bright side, if the light was computed from
    whole-number codes; determined from the region unless given.
    """
    given = None if steps is None else [steps]
    return sfr_many([roi], linear=linear, clip=clip, full_scale=full_scale, steps=given)[0]


def refused(*gates: str) -> SfrResult:
    """A result without a figure, for reasons found outside the region."""
    return SfrResult(None, None, None, None, None, None, None, gates)


def sfr_many(
    rois: Sequence[npt.ArrayLike],
    *,
    linear: bool = True,
    clip: tuple[float, float] | None = None,
    full_scale: float = 255.0,
    steps: Sequence[tuple[float, float]] | None = None,
    most_skew: float = LONE_SKEW,
) -> list[SfrResult]:
    """Measure the one slanted edge in each of ``rois``; regions of one shape are computed together.

    ``linear``: the codes are proportional to light; otherwise they are taken as sRGB of 0…``full_scale`` and
    linearised first. ``clip``: codes at or beyond which a pixel is clipped, e.g. (0, 255). ``steps``: see
    :func:`sfr`, one per region. ``most_skew``: how much steeper one side of an edge may be than the other;
    for a chart, whose edges face all directions, a single edge may have a wider limit than all together.
    Values outside the conditions of ISO 12233 close a gate; ValueError is raised only for arrays that are no
    region.
    """
    results: list[SfrResult | None] = [None] * len(rois)
    groups: dict[tuple[int, ...], list[tuple[int, _Region]]] = {}
    for number, roi in enumerate(rois):
        made = _region(np.asarray(roi, dtype=np.float64), clip, None if linear else full_scale)
        if isinstance(made, SfrResult):
            results[number] = made
        else:
            made = made if steps is None else replace(made, steps=steps[number])
            groups.setdefault(made.image.shape, []).append((number, made))
    for group in groups.values():
        for start in range(0, len(group), _AT_ONCE):
            part = group[start : start + _AT_ONCE]
            for (number, _), found in zip(part, _group([one for _, one in part], most_skew), strict=True):
                results[number] = found
    return [one for one in results if one is not None]


def _region(image: Floats, clip: tuple[float, float] | None, srgb: float | None) -> _Region | SfrResult:
    if image.ndim != 2:  # noqa: PLR2004
        raise ValueError(f"a region has two dimensions, not {image.ndim}")
    gates = [*_size_gate(image), *_clip_gate(image, clip)]
    if not gates and not np.isfinite(image).all():
        gates.append("区域含非数值 / the region holds values that are no numbers")
    if gates:
        return refused(*gates)
    light = image if srgb is None else srgb * to_light(image / srgb)
    steps = (0.0, 0.0)
    if np.all(image == np.rint(image)):
        steps = (1.0, 1.0) if srgb is None else srgb_steps(light, srgb)
    turned, lying = edge.oriented(light)
    return _Region(turned, steps, lying)


def srgb_steps(light: Floats, full: float, depth: float = 255.0) -> tuple[float, float]:
    """Light of one code, of ``depth`` up to white, near the darkest and the brightest of ``light``."""
    ends = to_code(np.percentile(light, (10, 90)) / full)
    near = [full * (to_light(one + 0.5 / depth) - to_light(one - 0.5 / depth)) for one in ends]
    return float(near[0]), float(near[1])


def _group(regions: Sequence[_Region], most_skew: float) -> list[SfrResult]:
    """Regions of one shape."""
    rois = np.ascontiguousarray(np.stack([one.image for one in regions]))
    edges = edge.find_edges(rois)
    lit = uneven(rois, edges)
    results = [_edge_gates(rois[i].shape, edges, i) or lit[i] for i in range(len(rois))]
    good = [i for i, gates in enumerate(results) if not gates]
    measured: dict[int, SfrResult] = {}
    if good:
        chosen = np.asarray(good)
        part = _chosen(edges, chosen)
        found = _measured(rois[chosen], part, [regions[i] for i in good], most_skew)
        measured = dict(zip(good, found, strict=True))
    return [
        measured[i] if i in measured else _gated(gates, edges, i, lying=regions[i].lying)
        for i, gates in enumerate(results)
    ]


def _chosen(edges: Edges, which: npt.NDArray[np.int64]) -> Edges:
    return Edges(
        edges.centre[which],
        edges.slope[which],
        edges.angle_deg[which],
        edges.fwhm[which],
        edges.rms[which],
        edges.dark[which],
        edges.bright[which],
        edges.noise[which],
        edges.comb[which],
        edges.comb_noise[which],
        edges.noisier[which],
    )


def _measured(rois: Floats, edges: Edges, regions: Sequence[_Region], most_skew: float) -> list[SfrResult]:
    gathered, sloping = flattened(edge.spread(level_along(rois, edges.noise), edges), edges, rois.shape[1])
    rounding = np.array([max(one.steps) for one in regions])
    features = features_of(gathered, edges, rois.shape[1], rounding, sloping)
    mtf = edge.response(edge.smooth_tails(gathered, edges.fwhm), gathered.reach, gathered.box)
    crossings = {level: edge.crossing(mtf, level) for level in (0.5, 0.3, 0.1)}
    frequency = edge.FREQUENCIES
    results = []
    for i, region in enumerate(regions):
        peak = float(mtf[i][frequency <= NYQUIST].max())
        mtf50 = float(crossings[0.5][i])
        reach = float(gathered.reach[i]) / edge.BINS_PER_PIXEL
        gates = _response_gates(edges, i, mtf50, peak, reach, float(gathered.gap[i]), rois.shape[1])
        gates = gates or features[i].gates(most_skew)
        if gates:
            refusal = _gated(gates, edges, i, lying=region.lying, peak=peak, mtf=mtf[i])
            results.append(replace(refusal, features=features[i]))
            continue
        relative = _relative_u(
            mtf50, rois.shape[1], edges, i, float(gathered.box[i]), features[i], region.steps
        )
        results.append(
            SfrResult(
                mtf50=mtf50,
                mtf30=_within(float(crossings[0.3][i])),
                mtf10=_within(float(crossings[0.1][i])),
                mtf_nyquist=float(np.interp(NYQUIST, frequency, mtf[i])),
                peak=peak,
                angle_deg=float(edges.angle_deg[i]),
                U_mtf50=2 * mtf50 * relative,
                frequencies=frequency,
                mtf=mtf[i],
                fwhm=float(edges.fwhm[i]),
                contrast=float(edges.bright[i] - edges.dark[i]),
                noise=float(edges.noise[i]),
                rms=float(edges.rms[i]),
                horizontal=not region.lying,
                dark=float(edges.dark[i]),
                bright=float(edges.bright[i]),
                features=features[i],
            )
        )
    return results


def _relative_u(
    mtf50: float,
    rows: int,
    edges: Edges,
    i: int,
    box: float,
    features: ProfileFeatures,
    steps: tuple[float, float],
) -> float:
    """Relative standard uncertainty of one edge's MTF50."""
    contrast = float(edges.bright[i] - edges.dark[i])
    # the point spread without the pixel's own box, whose variance is 1/12 px²
    sigma = math.sqrt(max((_SIGMA / mtf50) ** 2 - 1 / 12, 0.1))
    noise = math.hypot(float(edges.noise[i]), math.hypot(*steps) / math.sqrt(24))
    random = _NOISE_FACTOR * noise / contrast * math.sqrt(_NOISE_ROWS / (rows * sigma))
    bias = _BIAS + _SIMPLE_SLOPE * (1 - box)
    rounded = _plateau_bounds(steps, float(edges.noise[i]), contrast)
    # a plateau of a single code hides changes of less than half a code
    tail = _TAIL * (max(0.0, features.drift - _TAIL_NOISE * features.overshoot_noise) + max(rounded))
    skewed = _SKEWED * max(0.0, abs(features.skew) - _SKEW_NOISE * features.skew_noise)
    bounds = (*(_ROUNDED * one for one in rounded), bias, tail, skewed, _UNEVEN * features.uneven)
    return math.hypot(random, *(one / math.sqrt(3) for one in bounds))


def _plateau_bounds(steps: tuple[float, float], noise: float, contrast: float) -> list[float]:
    """The possible rounding of each plateau, as a share of the edge's height.

    Half a code, less with dithering noise.

    The mean of codes under Gaussian noise of s codes is off by at most exp(-2 pi² s²) / pi codes.
    """
    halves = [
        0.5 * step * math.exp(-2 * (math.pi * noise / step) ** 2) if step > 0 else 0.0 for step in steps
    ]
    return [half / contrast for half in halves]


def _within(value: float) -> float | None:
    """A crossing beyond the Nyquist frequency is aliased, so it is None."""
    return value if math.isfinite(value) and value <= NYQUIST else None


def _size_gate(image: Floats) -> list[str]:
    short, long = sorted(image.shape)
    if short >= MIN_ROWS and long >= MIN_COLUMNS:
        return []
    size = f"{image.shape[1]} x {image.shape[0]} px"
    return [
        f"区域 {size} 过小 / the region of {size} is smaller than {MIN_COLUMNS} x {MIN_ROWS}",
    ]


def _clip_gate(image: Floats, clip: tuple[float, float] | None) -> list[str]:
    if clip is None or image.size == 0:
        return []
    share = float(np.mean((image <= clip[0]) | (image >= clip[1])))
    return [clipped(share)] if share > MAX_CLIPPED else []


def clipped(share: float) -> str:
    """The reason of the gate for clipped pixels."""
    return (
        f"{share:.1%} 的像素削波（至多 {MAX_CLIPPED:.1%}）/ "
        f"{share:.1%} of the pixels are clipped (at most {MAX_CLIPPED:.1%})"
    )


def _edge_gates(shape: tuple[int, ...], edges: Edges, i: int) -> list[str]:
    contrast = float(edges.bright[i] - edges.dark[i])
    angle, rms = abs(float(edges.angle_deg[i])), float(edges.rms[i])
    if not contrast > 0 or not math.isfinite(angle) or not math.isfinite(rms):
        return ["未找到边缘 / no edge was found"]
    gates = []
    total = float(edges.bright[i] + edges.dark[i])
    modulation = contrast / total if total > 0 else 0.0
    if modulation < MIN_CONTRAST:
        gates.append(
            f"对比度 {modulation:.0%} 低于 {MIN_CONTRAST:.0%} / "
            f"the contrast is {modulation:.0%} (at least {MIN_CONTRAST:.0%})"
        )
    noise = float(edges.noise[i])
    if contrast < MIN_CNR * noise:
        gates.append(
            f"噪声达边缘高度的 {noise / contrast:.0%} / "
            f"the noise is {noise / contrast:.0%} of the edge's height"
        )
    if not MIN_ANGLE - ANGLE_ROOM <= angle <= MAX_ANGLE + ANGLE_ROOM:
        span = f"{MIN_ANGLE:g}° to {MAX_ANGLE:g}°"
        gates.append(f"边缘倾角 {angle:.1f}° 超出范围 / the edge stands at {angle:.1f}° (from {span})")
    if rms > MAX_RMS:
        gates.append(f"边缘不平滑（{rms:.1f} px）/ the edge is not straight (rms {rms:.1f} px)")
    ends = edges.centre[i][[0, -1]]
    if ends.min() < 0 or ends.max() > shape[1] - 1:
        gates.append("边缘越出区域侧边 / the edge leaves the region at its side")
    return gates


def _response_gates(
    edges: Edges, i: int, mtf50: float, peak: float, reach: float, gap: float, rows: int
) -> list[str]:
    fwhm, contrast = float(edges.fwhm[i]), float(edges.bright[i] - edges.dark[i])
    if reach < MIN_REACH_FWHM * fwhm:
        en = f"the region reaches {reach:.0f} px beside an edge {fwhm:.0f} px wide"
        return [f"区域在边缘两侧仅 {reach:.0f} px，边缘宽 {fwhm:.0f} px / {en}"]
    if gap > MAX_GAP:
        angle = abs(float(edges.angle_deg[i]))
        return [f"{angle:.1f}° 时各行重复 / at {angle:.1f}° the rows repeat each other and leave gaps"]
    room = 2 * _PEAK_NOISE * float(edges.noise[i]) / contrast * math.sqrt(64 / rows)
    if peak > MAX_PEAK + room:
        en = f"sharpened (peak response {peak:.2f}, at most {MAX_PEAK}): MTF50 is not its resolution"
        return [f"画面经锐化（响应峰值 {peak:.2f}），MTF50 不是分辨力 / the picture is {en}"]
    if not mtf50 <= NYQUIST:
        return ["奈奎斯特频率处响应仍高于 50 % / the response is still above 50 % at the Nyquist frequency"]
    return []


def _gated(
    gates: list[str],
    edges: Edges | None = None,
    i: int = 0,
    *,
    lying: bool = False,
    peak: float | None = None,
    mtf: Floats | None = None,
) -> SfrResult:
    found = edges is not None and math.isfinite(float(edges.angle_deg[i]))
    angle = float(edges.angle_deg[i]) if edges is not None and found else None
    refusal = SfrResult(None, None, None, None, None, angle, None, tuple(gates), horizontal=not lying)
    if peak is None or mtf is None or peak <= MAX_PEAK:
        return refusal
    return replace(refusal, peak=peak, frequencies=edge.FREQUENCIES, mtf=mtf)
