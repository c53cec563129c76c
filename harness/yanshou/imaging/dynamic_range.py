# SPDX-License-Identifier: Apache-2.0
"""Dynamic range from a transmissive step target.

The light that clips over the light whose noise equals it.

ISO 15739 6.4 in the form IEC 62676-5 uses: at each step of known density the signal-to-noise ratio is the
light, times the slope of the codes over light, divided by the noise in time. Stray light of the target and
glare of the lens lift the dark steps; they are not subtracted, and not part of the uncertainty given here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from yanshou.imaging.codec import Coding
from yanshou.imaging.frame import Floats, Frame, distinct
from yanshou.imaging.grain import grain

LEAST_PICTURES: Final = 8
LEAST_STEPS: Final = 6
_SATURATED: Final = 0.98  # of full scale
_ROUNDING: Final = 1 / 12
_MOST_CLIPPED: Final = 0.01
_FIT_DB: Final = 0.3  # the steps' curve between two of them
Roi = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class DynamicRange:
    """``db`` (20 lg) with its standard uncertainty; ``at_least``: an end lies beyond the target's steps.

    ``codes``, ``noise`` and ``snr`` of each step, light to dark; ``gates`` say why there is no figure.
    """

    db: float | None
    u_db: float | None
    at_least: bool
    codes: tuple[float, ...] = ()
    noise: tuple[float, ...] = ()
    snr: tuple[float, ...] = ()
    gates: tuple[str, ...] = ()


def dynamic_range(
    frames: Sequence[Frame],
    steps: Sequence[Roi],
    densities: Sequence[float],
    *,
    coding: Coding,
    known: bool,
    density_u: float = 0.01,
) -> DynamicRange:
    """``steps``: one region per step, light to dark, with its density in ``densities``; ``density_u`` in D.

    ``known``: the pictures were not compressed.
    """
    used = distinct(frames)
    gates = [*_gates(used, steps, densities), *((gate,) if (gate := coding.noise_gate(known=known)) else ())]
    if gates:
        return DynamicRange(None, None, at_least=False, gates=tuple(gates))
    if gate := _smoothed(used, steps):
        return DynamicRange(None, None, at_least=False, gates=(gate,))
    black, white = used[0].black, used[0].white
    seen = [_step(used, roi) for roi in steps]
    codes = np.array([one[0] for one in seen])
    noise = np.array([one[1] for one in seen])
    light = 10.0 ** -np.array(densities)
    steps_read = (tuple(map(float, codes)), tuple(map(float, noise)))
    if any(later > earlier + 1 for earlier, later in pairwise(codes)):
        gate = "灰阶响应不单调（宽动态合成？） / the codes of the steps are not monotone"
        return DynamicRange(
            None, None, at_least=False, codes=steps_read[0], noise=steps_read[1], gates=(gate,)
        )
    snr = _snr(codes, noise, light)
    top, beyond_top = _saturation(codes, light, black + _SATURATED * (white - black), black)
    dark = np.array([one[2] for one in seen]) > _MOST_CLIPPED  # compressed at black: its noise is cut off
    bottom, beyond_bottom, steep = _floor(snr[~dark], light[~dark])
    db = 20 * math.log10(top / bottom)
    # where slope and noise are equal: the scatter of the mean of its two neighbours, in light
    samples = len(used) * min(w * h for _, _, w, h in steps)
    apart = abs(float(np.median(np.diff(np.log(light)))))
    scatter = 20 / math.log(10) * steep / (math.sqrt(2 * samples) * apart)
    u = math.hypot(20 * density_u * math.sqrt(2), _FIT_DB / math.sqrt(3), scatter)
    return DynamicRange(db, u, beyond_top or beyond_bottom, *steps_read, tuple(map(float, snr)))


def _gates(used: Sequence[Frame], steps: Sequence[Roi], densities: Sequence[float]) -> list[str]:
    gates = []
    if len(used) < LEAST_PICTURES:
        en = f"{len(used)} different pictures (at least {LEAST_PICTURES})"
        gates.append(f"互不相同的画面仅 {len(used)} 幅 / {en}")
    if len(steps) != len(densities) or len(steps) < LEAST_STEPS:
        en = f"{len(steps)} regions, {len(densities)} densities (as many of both, at least {LEAST_STEPS})"
        gates.append(f"灰阶区域 {len(steps)} 个，密度 {len(densities)} 个 / {en}")
    if any(later <= earlier for earlier, later in pairwise(densities)):
        gates.append("密度须由亮到暗递增 / the densities do not rise from light to dark")
    return gates


def _smoothed(used: Sequence[Frame], steps: Sequence[Roi]) -> str:
    """Why the noise of most steps was smoothed; empty if it was not."""
    seen = []
    for x, y, w, h in steps:
        stack = np.stack([one.luma[y : y + h, x : x + w] for one in used]).astype(np.float64)
        seen.append(grain(stack, np.ones(stack.shape[1:], np.bool_)))
    gates = [one.gate for one in seen if one is not None]
    closed = [gate for gate in gates if gate]
    return closed[0] if 2 * len(closed) > len(gates) else ""


def _step(used: Sequence[Frame], roi: Roi) -> tuple[float, float, float]:
    """Mean code, noise in time (rounding taken out) and share of pixels at black of one region."""
    x, y, w, h = roi
    codes = np.stack([one.luma[y : y + h, x : x + w] for one in used]).astype(np.float64)
    variance = float(codes.var(axis=0, ddof=1).mean())
    clipped = float((codes <= used[0].black).mean())
    return float(codes.mean()), math.sqrt(max(variance - _ROUNDING, 1e-4)), clipped


def _snr(codes: Floats, noise: Floats, light: Floats) -> Floats:
    """Light times slope divided by noise; the slope is that of the codes over the logarithm of light."""
    slope = np.gradient(codes, np.log(light))
    return np.asarray(np.maximum(slope, 0.0) / noise)


def _saturation(codes: Floats, light: Floats, full: float, black: float) -> tuple[float, bool]:
    """The light that reaches full scale, and whether even the lightest step does not.

    It is extrapolated from the two lightest unclipped steps along a power law.
    """
    below = np.flatnonzero(codes < full)
    if codes[0] < full or len(below) < 2:  # noqa: PLR2004 - a line
        return float(light[0]), True
    a, b = below[:2]
    rise = math.log((codes[a] - black) / max(codes[b] - black, 1e-3)) / math.log(light[a] / light[b])
    reached = float(light[a]) * ((full - black) / (codes[a] - black)) ** (1 / max(rise, 1e-3))
    return min(reached, float(light[a - 1])), False


def _floor(snr: Floats, light: Floats) -> tuple[float, bool, float]:
    """The light at which the ratio falls to 1, going down from the best; whether no step shows it.

    Also the change of the light there with the ratio, both in logarithms.
    """
    best = int(np.argmax(snr))
    below = np.flatnonzero(snr[best:] < 1.0)
    if not below.size:
        return float(light[-1]), True, 1.0
    dark = best + int(below[0])
    a, b = math.log(snr[dark - 1]), math.log(max(float(snr[dark]), 1e-6))
    share = a / (a - b)
    step = math.log(light[dark - 1] / light[dark])
    return float(light[dark - 1] * math.exp(-step * share)), False, step / (a - b)
