# SPDX-License-Identifier: Apache-2.0
"""Whether an edge profile can come from blur alone.

Light adds up, so a point spread is never negative and its edge profile never falls. Lens, defocus and
movement spread light around one place, so the line spread has one peak. Blur by lens and movement is as wide
on the bright side as on the dark side. A profile that breaks one of these rules was sharpened, doubled, or
cut off at white or black, and its response is not that of the camera.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from yanshou.imaging.edge import BINS_PER_PIXEL, Edges, Flags, Floats, Spread

_PLATEAU_FWHM: Final = 2.5  # the plateaus begin this far from the edge
_PLATEAU_PX: Final = 1.0
_PLATEAU_REACH: Final = 0.6  # share of the visible width, at most
_LEAST_PLATEAU: Final = 4.0  # px
_NEAR_FWHM: Final = 0.5
_SMOOTH: Final = 3  # bins
_LEVELS: Final = (0.1, 0.5, 0.9)
_SURE: Final = 4.0  # standard deviations of noise from which a shading is taken out
_LEAST_SHADING: Final = 2e-5  # per px

# What blur may show at most, plus so many standard deviations of its noise.  The largest of many
# noisy values is some 3 (overshoot) to 5 (second peak) standard deviations; a diffraction-limited
# lens has a second peak of 1.5 %.
_OVERSHOOT, _OVERSHOOT_SIGMAS = 0.007, 5.5
_SECOND, _SECOND_SIGMAS = 0.02, 7.0
_SKEW_SIGMAS: Final = 3.5
LONE_SKEW: Final = 0.06
"""For a single edge; white cut off so that MTF50 reads 14 % high has 0.07 to 0.09."""
_COMB_PX: Final = 0.15
_COMB_SIGMAS: Final = 4.0
# The same for the mean over a chart's edges, whose noise averages out
_MEAN_OVERSHOOT, _MEAN_OVERSHOOT_SIGMAS = 0.0025, 3.6
_MEAN_SECOND, _MEAN_SECOND_SIGMAS = 0.02, 4.5
_MEAN_SKEW: Final = 0.035


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Deviations of N profiles from blur (N,), each with its standard deviation by noise.

    ``overshoot``: how far the profile leaves its plateaus beside the edge, as a part of the edge's height,
    both sides together; ``second``: the height of a second peak of the line spread over that of the first;
    ``skew``: (w90 - w10) / (w90 + w10), the distance from half height to 90 % compared with that to 10 %.
    """

    overshoot: Floats
    overshoot_noise: Floats
    second: Floats
    second_noise: Floats
    skew: Floats
    skew_noise: Floats
    drift: Floats


@dataclass(frozen=True, slots=True)
class ProfileFeatures:
    """:class:`Shape` and the comb of one profile."""

    overshoot: float
    overshoot_noise: float
    second: float
    second_noise: float
    skew: float
    skew_noise: float
    drift: float
    uneven: float
    comb: float
    comb_noise: float

    @property
    def processed(self) -> bool:
        """Whether it is combed, sharpened or doubled; such processing affects many edges."""
        return bool(self.gates(math.inf))

    def gates(self, most_skew: float) -> list[str]:
        """Why blur alone cannot give this profile, in words; ``most_skew``: see LONE_SKEW."""
        found = []
        if self.comb > _COMB_PX + _COMB_SIGMAS * self.comb_noise:
            en = f"even and odd rows stand {self.comb:.1f} px apart"
            found.append(f"奇偶行错开 {self.comb:.1f} px（隔行梳状）/ {en}: an interlace comb")
        if self.overshoot > _OVERSHOOT + _OVERSHOOT_SIGMAS * self.overshoot_noise:
            found.append(sharpened_text(self.overshoot))
        elif self.second > _SECOND + _SECOND_SIGMAS * self.second_noise:
            found.append(_doubled_text(self.second))
        if abs(self.skew) > most_skew + _SKEW_SIGMAS * self.skew_noise:
            found.append(_skew_text(self.skew))
        return found


def sharpened_text(overshoot: float) -> str:
    """The reason of the gate for a profile that leaves its plateaus."""
    en = f"the edge profile overshoots its plateaus by {overshoot:.1%}, which no blur does: sharpened"
    return f"边缘两侧过冲 {overshoot:.1%}，画面经锐化，MTF50 不是分辨力 / {en}"


def _doubled_text(second: float) -> str:
    en = f"the line spread has a second hill of {second:.0%}, which no blur has"
    return f"边缘线扩散另有 {second:.0%} 的次峰（重影或锐化）/ {en}: a double image or sharpened"


def _skew_text(skew: float) -> str:
    side, zh = ("bright", "亮") if skew < 0 else ("dark", "暗")
    en = f"the edge is steeper on its {side} side (by {abs(skew):.2f}): cut off or bent by the tone curve"
    return f"边缘{zh}侧陡于另一侧（{abs(skew):.2f}），{zh}部限幅、色调曲线弯折或重影 / {en}, or doubled"


def mean_gates(features: Sequence[ProfileFeatures]) -> list[str]:
    """Why the edges of a chart together cannot come from blur, which one noisy edge alone does not show."""
    if not features:
        return []
    found = []
    over = float(np.mean([one.overshoot - _MEAN_OVERSHOOT_SIGMAS * one.overshoot_noise for one in features]))
    second = float(np.mean([one.second - _MEAN_SECOND_SIGMAS * one.second_noise for one in features]))
    skew = float(np.mean([one.skew for one in features]))
    if over > _MEAN_OVERSHOOT:
        found.append(sharpened_text(float(np.mean([one.overshoot for one in features]))))
    elif second > _MEAN_SECOND:
        found.append(_doubled_text(float(np.mean([one.second for one in features]))))
    noise = float(np.sqrt(np.sum([one.skew_noise**2 for one in features]))) / len(features)
    if abs(skew) > _MEAN_SKEW + _SKEW_SIGMAS * noise:
        found.append(_skew_text(skew))
    return found


def features_of(
    gathered: Spread, edges: Edges, rows: int, rounding: Floats, uneven: Floats
) -> list[ProfileFeatures]:
    """The features of each profile; ``rounding`` (N,) is the light of one code, which counts as noise.

    ``uneven``: see :func:`flattened`.
    """
    noise = np.hypot(edges.noisier, rounding / np.sqrt(12))
    found = shape_of(gathered, replace(edges, noise=np.asarray(noise)), rows)
    step = np.maximum(rounding, 1e-9)  # both plateaus are rounded to a code, where no noise dithers them
    height = edges.bright - edges.dark
    stairs = step / height * np.exp(-2 * (np.pi * edges.noise / step) ** 2)
    columns = (
        np.maximum(found.overshoot - stairs, 0.0), found.overshoot_noise,
        found.second, found.second_noise, found.skew, found.skew_noise,
        found.drift, uneven, edges.comb, edges.comb_noise,
    )  # fmt: skip
    return [ProfileFeatures(*map(float, one)) for one in zip(*columns, strict=True)]


def flattened(gathered: Spread, edges: Edges, rows: int) -> tuple[Spread, Floats]:
    """The profiles without uneven light, where it exceeds the noise.

    Light that falls by a share g per px bends the bright plateau by g times its height and the dark one by g
    times its own; the tails of a lens bend both alike. So g is the difference of the slopes. Also returns how
    uneven the plateaus may still be at the ends of the profile, as a share of the height (N,).
    """
    place = _places(gathered)
    dark, bright = edges.dark[:, None], edges.bright[:, None]
    level, where = _plateaus(place, gathered, edges, rows)
    share = (level[1][1] - level[0][1]) / (edges.bright - edges.dark)
    noise = edges.noisier / np.sqrt(rows / BINS_PER_PIXEL) / (edges.bright - edges.dark)
    sure = np.sqrt(sum(noise**2 / _moment(place, one) for one in where))
    clear = np.abs(share) > _SURE * sure + _LEAST_SHADING
    taken = np.where(clear, share, 0.0)
    left = np.where(clear, sure, np.abs(share)) * gathered.reach / BINS_PER_PIXEL
    values = gathered.values - taken[:, None] * place * np.clip(gathered.values, dark, bright)
    return replace(gathered, values=np.asarray(values)), left


def shape_of(gathered: Spread, edges: Edges, rows: int) -> Shape:
    """The shape of each profile."""
    place = _places(gathered)
    noise = edges.noise / (edges.bright - edges.dark) / np.sqrt(rows / BINS_PER_PIXEL)  # of one bin's mean
    start = _start(gathered, edges)
    lines, _ = _plateaus(place, gathered, edges, rows)
    level = [offset for offset, _ in lines]
    height = level[1] - level[0]
    esf = (gathered.values - level[0][:, None]) / height[:, None]
    smooth = _boxed(esf, _SMOOTH)
    near = (np.abs(place) > _NEAR_FWHM * edges.fwhm[:, None]) & (np.abs(place) < start[:, None] + 1.0)
    dark = lines[0][1][:, None] / height[:, None] * place
    bright = 1 + lines[1][1][:, None] / height[:, None] * place
    over = np.where(near & (place > 0), smooth - bright, -np.inf).max(axis=1)
    under = np.where(near & (place < 0), dark - smooth, -np.inf).max(axis=1)
    every = np.abs(place) < _whole(gathered, edges, rows)[:, None]
    second, second_noise = _second(esf, place, every, edges.fwhm, noise)
    skew, skew_noise = _skew(smooth, place, noise / np.sqrt(_SMOOTH), edges.fwhm)
    return Shape(
        np.maximum(over, 0.0) + np.maximum(under, 0.0),
        noise / np.sqrt(_SMOOTH),
        second,
        second_noise,
        skew,
        skew_noise,
        _drift(esf, place, gathered),
    )


def _places(gathered: Spread) -> Floats:
    size = gathered.values.shape[1]
    return np.asarray((np.arange(size) - size // 2 + 0.5)[None, :] / BINS_PER_PIXEL, np.float64)


def _start(gathered: Spread, edges: Edges) -> Floats:
    """The distance from the edge at which the plateaus begin, in px."""
    latest = _PLATEAU_REACH * gathered.reach / BINS_PER_PIXEL
    return np.minimum(_PLATEAU_FWHM * edges.fwhm + _PLATEAU_PX, latest)


def _whole(gathered: Spread, edges: Edges, rows: int) -> Floats:
    """The distance from the edge within which all rows are visible, in px.

    Beyond it, shading along the edge looks like a step.
    """
    return gathered.reach / BINS_PER_PIXEL - np.abs(np.tan(np.radians(edges.angle_deg))) * rows / 2


def _plateaus(
    place: Floats, gathered: Spread, edges: Edges, rows: int
) -> tuple[list[tuple[Floats, Floats]], list[Flags]]:
    """The lines through the dark and the bright plateau, and the bins they are fitted to."""
    start = _start(gathered, edges)[:, None]
    seen = np.abs(place) < np.maximum(_whole(gathered, edges, rows)[:, None], start + _LEAST_PLATEAU)
    seen &= np.abs(place) < gathered.reach[:, None] / BINS_PER_PIXEL
    where = [np.asarray(seen & (side * place > start)) for side in (-1, 1)]
    return [_line(place, gathered.values, one) for one in where], where


def _moment(place: Floats, where: Flags) -> Floats:
    """Sum of the squared distances of the bins of a plateau from its middle."""
    weight = where.astype(np.float64)
    middle = (weight * place).sum(axis=1) / np.maximum(weight.sum(axis=1), 1.0)
    return np.asarray(np.maximum((weight * (place - middle[:, None]) ** 2).sum(axis=1), 1e-9), np.float64)


def _line(place: Floats, values: Floats, where: Flags) -> tuple[Floats, Floats]:
    """Value at the edge and slope of the straight line through one plateau of each profile."""
    weight = where.astype(np.float64)
    total = np.maximum(weight.sum(axis=1), 1.0)
    middle = (weight * place).sum(axis=1) / total
    mean = (weight * values).sum(axis=1) / total
    away = weight * (place - middle[:, None])
    slope = (away * values).sum(axis=1) / np.maximum((away * place).sum(axis=1), 1e-9)
    return mean - slope * middle, slope


def _boxed(values: Floats, width: int) -> Floats:
    """Running mean over an odd number of bins; the ends keep their own."""
    half = width // 2
    padded = np.pad(values, ((0, 0), (half, half)), mode="edge")
    total = np.concatenate((np.zeros((len(values), 1)), np.cumsum(padded, axis=1)), axis=1)
    return np.asarray((total[:, width:] - total[:, :-width]) / width, np.float64)


def _second(esf: Floats, place: Floats, seen: Flags, fwhm: Floats, noise: Floats) -> tuple[Floats, Floats]:
    """The largest rise of the line spread away from its peak, relative to the peak."""
    found = np.zeros((2, len(esf)))
    for n, own in enumerate(fwhm):
        width = max(BINS_PER_PIXEL, int(0.5 * BINS_PER_PIXEL * float(own)))
        rise = (esf[n, width:] - esf[n, :-width]) / width
        at = (place[0, width:] + place[0, :-width]) / 2
        rise = np.where(seen[n, width:] & seen[n, :-width], rise, 0.0)
        summit = int(np.where(np.abs(at) < own, rise, -np.inf).argmax())
        peak = max(float(rise[summit]), 1e-9)
        ways = (rise[summit:], rise[summit::-1])
        again = max(float((way - np.minimum.accumulate(way)).max()) for way in ways)
        found[:, n] = again / peak, math.sqrt(2.0) * float(noise[n]) / width / peak
    return found[0], found[1]


def _skew(esf: Floats, place: Floats, noise: Floats, fwhm: Floats) -> tuple[Floats, Floats]:
    ways = []
    for level in _LEVELS:
        above = esf >= level
        # the crossing nearest the middle, from the dark side
        first = np.clip(np.argmax(above & (place > -2 * fwhm[:, None]), axis=1), 1, esf.shape[1] - 1)
        row = np.arange(len(esf))
        low, high = esf[row, first - 1], esf[row, first]
        share = np.clip((level - low) / np.maximum(high - low, 1e-9), 0.0, 1.0)
        ways.append(place[0][first - 1] + share / BINS_PER_PIXEL)
    low, middle, high = ways
    whole = np.maximum(high - low, 1e-9)
    # a Gaussian profile has 0.41 of its height per FWHM at 10 % and 90 %
    return ((high - middle) - (middle - low)) / whole, 2.0 * noise / 0.41 * fwhm / whole


def _drift(esf: Floats, place: Floats, gathered: Spread) -> Floats:
    """How much the plateaus still change over the outer half of the profile, both sides together."""
    reach = gathered.reach[:, None] / BINS_PER_PIXEL
    found = np.zeros(len(esf))
    for side in (-1, 1):
        away = side * place / reach
        outer, inner = ((low < away) & (away < high) for low, high in ((0.8, 1.0), (0.4, 0.6)))
        means = [(esf * one).sum(axis=1) / np.maximum(one.sum(axis=1), 1) for one in (outer, inner)]
        found += np.abs(means[0] - means[1])
    return found
