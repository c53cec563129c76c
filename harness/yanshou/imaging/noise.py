# SPDX-License-Identifier: Apache-2.0
"""Noise of flat fields and three signal-to-noise ratios, which differ by 5 to 10 dB and are never mixed.

ISO 15739 (temporal and fixed pattern, input-referred through the tone curve), the video signal's (white minus
black over noise), and the field's (mean over noise).

ISO 15739 takes the ratio at 13 % of the light that saturates the camera, and not of the lightest step of a
chart, whose light is a matter of exposure. A chart seldom saturates the camera. The saturating light is
extrapolated from the two lightest steps of the tone curve as a power law, if the code of the paper is not far
below full scale and full scale is not far beyond: along a knee it would be, and the camera may clip anywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from yanshou.imaging.bands import STEADY, Bands
from yanshou.imaging.codec import Coding, quantiser_step
from yanshou.imaging.frame import Floats
from yanshou.imaging.gates import of_place
from yanshou.imaging.grey import GreyScale, ToneCurve
from yanshou.imaging.patches import Patch
from yanshou.imaging.strip import EVEN, Strip
from yanshou.model import Component

LEAST_PICTURES: Final = 8
_REFERENCE: Final = 0.13  # of the light that saturates (ISO 15739)
_ROUNDING: Final = 1 / 12  # DN²
_SATURATED: Final = 0.98  # of full scale
_NEAR_WHITE: Final = 0.75  # of full scale: a darker lightest step does not show where saturation is
_FARTHEST: Final = 0.75  # of the logarithm of light: beyond twice the paper's light nobody saw the curve
_ALONG_A_KNEE: Final = 0.25  # the same, where the curve is flatter at white than in the middle
_FLATTER: Final = 0.8  # of the rise in the middle; sRGB has 0.93
_MIDDLE: Final = (0.08, 0.4)  # of the paper's light
_DRAWN_ON: Final = 0.15  # half-width of the saturating light per extrapolated distance (logarithms)
_FULL_SIGNAL: Final = 0.75  # of the range: a well-exposed chart shows this much of it
_GLARE: Final = 260.0  # dB per part of the paper's light: simulated glares of 60 to 200 px
_FEWEST_CODES: Final = 3
_DB: Final = 20 / math.log(10)
_LEAST_PIXELS: Final = 400
_MOST_FLICKER: Final = 0.99  # of the variance in time
_HIDDEN: Final = 0.30  # noise below this share of the quantiser's step does not pass the codec


@dataclass(frozen=True, slots=True)
class Snr:
    """Signal-to-noise ratios in dB; noise in codes, rounding taken out.

    ``iso_db``: ISO 15739, at 13 % of the light that saturates, between the two ``step`` s beside it (the
    first is named); ``video_db``: white minus black, as the chart shows them, over the temporal noise of the
    step nearest to that light; ``field_db``: mean over the total noise of that field. ``budget`` are the
    components of each, ``saturation_db`` the half-width that the saturating light adds to ``iso_db``.
    ``gates`` say why there is none of them, ``iso_gate`` why there is no ``iso_db``; ``coarse``: the noise in
    areas of 4 x 4 px over that of white noise.
    """

    iso_db: float | None
    video_db: float | None
    field_db: float | None
    temporal: float | None
    fixed: float | None
    total: float | None
    step: int | None
    pictures: int
    gates: tuple[str, ...] = ()
    iso_gate: str = ""
    saturation_db: float = 0.0
    glare_db: float = 0.0
    budget: tuple[Component, ...] = ()
    coarse: float | None = None

    @property
    def u_db(self) -> float | None:
        """Standard uncertainty of each ratio, without the component that only ``iso_db`` has."""
        return math.sqrt(sum(one.u**2 for one in self.budget)) if self.budget else None


def snr(
    scale: GreyScale,
    curve: ToneCurve | None,
    *,
    span: float,
    coding: Coding,
    known: bool,
    strip: Strip = EVEN,
    bands: Bands = STEADY,
) -> Snr:
    """The ratios at 13 % of saturation.

    ``span``: codes from black to white of the range; ``coding``: how the pictures came; ``known``: the
    pictures were not compressed, or too little to matter; ``bands``: how steady the light was. A codec
    smooths noise: by 4 dB at 23, by tens of dB at 28. So there is no ratio above 20, without a known
    quantiser, or if the noise is below the quantiser's step.
    """
    codec, qp = coding.noise_gate(known=known), coding.qp
    gates = [*scale.gates, *(of_place("白纸", "paper", one) for one in scale.paper.gates)]
    gates += [one for one in (codec, bands.noise_gate or bands.gate, strip.gate) if one]
    if curve is None:
        gates.append("灰阶响应不单调，无法换算到入射光 / the tone curve is not monotone")
    pictures = scale.patches[0].pictures if scale.patches else 0
    if pictures < LEAST_PICTURES:
        en = f"{pictures} different pictures (at least {LEAST_PICTURES})"
        gates.append(f"互不相同的画面仅 {pictures} 幅 / {en}")
    if gates or curve is None:
        return _without_ratio(None, pictures, *gates)
    saturation = _saturation(scale, curve, span)
    step, patch = _reference(scale, curve, saturation.light)
    if patch.pixels < _LEAST_PIXELS:
        en = f"the field has {patch.pixels} px (at least {_LEAST_PIXELS})"
        return _without_ratio(step, pictures, f"灰阶面积 {patch.pixels} px 过小 / {en}")
    temporal = math.sqrt(max(patch.temporal**2 - _ROUNDING, 1e-4))
    total = math.sqrt(max(patch.total**2 - _ROUNDING, 1e-4))
    if qp is not None and temporal < _HIDDEN * quantiser_step(qp):
        en = f"the noise ({temporal:.2f} codes) is hidden by the quantiser {qp:.0f}: an upper bound only"
        return Snr(
            None, None, None, temporal, patch.fixed, total, step, pictures,
            (f"噪声（{temporal:.2f} 码值）被量化参数 {qp:.0f} 掩盖 / {en}",),
        )  # fmt: skip
    iso = None if saturation.gate else _at(scale, curve, _REFERENCE * saturation.light)
    unreadable = "" if iso or saturation.gate else _NOT_BETWEEN
    shown = float(curve.codes[-1] - curve.codes[0])
    shown = span if shown >= _FULL_SIGNAL * span else shown  # a dark picture has less signal, not less noise
    return Snr(
        iso_db=iso,
        video_db=20 * math.log10(shown / temporal),
        field_db=20 * math.log10(max(patch.mean, 1e-6) / total),
        budget=(*_budget(patch, temporal), _flicker(patch, curve, bands)),
        temporal=temporal,
        fixed=patch.fixed,
        total=total,
        step=step,
        pictures=pictures,
        iso_gate=saturation.gate or unreadable,
        saturation_db=saturation.within_db,
        glare_db=_GLARE * strip.uneven,
    )


def _without_ratio(step: int | None, pictures: int, *gates: str) -> Snr:
    return Snr(None, None, None, None, None, None, step, pictures, gates)


_NOT_BETWEEN: Final = "饱和光强的 13 % 不在灰阶之间 / 13 % of the light that saturates lies beside the greys"


@dataclass(frozen=True, slots=True)
class _Saturation:
    """The saturating light, as a reflectance of the chart; ``gate`` says why it is unknown."""

    light: float
    within_db: float = 0.0
    gate: str = ""


def _saturation(scale: GreyScale, curve: ToneCurve, span: float) -> _Saturation:
    """From the two lightest steps below full scale, along a power law.

    The codes of ``curve`` rise from black on; ``span``: from black to full scale.
    """
    light, top = float(curve.reflectances[-1]), curve.codes[-1] - scale.black
    if curve.bent(scale.black) is not None:
        en = "white is pressed together below full scale: the light that saturates is not known"
        return _Saturation(light, gate=f"亮部被压平，饱和光强未知 / {en}")
    if top < _NEAR_WHITE * span:
        en = f"the paper has {top / span:.0%} of full scale: the light that saturates is not known"
        return _Saturation(light, gate=f"白纸仅达满幅的 {top / span:.0%}，饱和光强未知 / {en}; expose more")
    codes, lights = curve.codes - scale.black, curve.reflectances
    rise = math.log(codes[-1] / codes[-_FEWEST_CODES]) / math.log(lights[-1] / lights[-_FEWEST_CODES])
    on = math.log(max(1.0, _SATURATED * span / top)) / max(rise, 1e-3)
    flat = rise < _FLATTER * _rise_in_the_middle(codes, lights / light)
    if on > (_ALONG_A_KNEE if flat else _FARTHEST):  # it may as well end at the paper
        times = math.exp(on)
        en = f"white is reached at {times:.1f} times the paper's light only: a knee"
        return _Saturation(light, gate=f"按亮部曲线须 {times:.1f} 倍白纸光强才饱和，饱和光强未知 / {en}")
    return _Saturation(light * math.exp(on), _DB * _DRAWN_ON * on)


def _rise_in_the_middle(codes: Floats, lights: Floats) -> float:
    """The power by which codes rise with light, in the middle of the curve; 0 where too few steps show it."""
    middle = (lights > _MIDDLE[0]) & (lights < _MIDDLE[1]) & (codes > 0)
    if np.count_nonzero(middle) < _FEWEST_CODES:
        return 0.0
    return float(np.polyfit(np.log(lights[middle]), np.log(codes[middle]), 1)[0])


def _at(scale: GreyScale, curve: ToneCurve, light: float) -> float | None:
    """The ratio in dB at a light, interpolated between two steps; None outside all steps."""
    ratios_by_light = []
    for patch in scale.patches:
        if patch.clipped_dark or patch.clipped_bright or not curve.codes[0] <= patch.mean <= curve.codes[-1]:
            continue
        reflected = float(np.interp(patch.mean, curve.codes, curve.reflectances))
        temporal = math.sqrt(max(patch.temporal**2 - _ROUNDING, 1e-4))
        ratios_by_light.append(
            (reflected, 20 * math.log10(max(reflected * curve.slope(patch.mean) / temporal, 1e-6)))
        )
    ratios_by_light.sort()
    if not ratios_by_light or not ratios_by_light[0][0] <= light <= ratios_by_light[-1][0]:
        return None
    lights, ratios = np.array(ratios_by_light).T
    return float(np.interp(math.log(light), np.log(lights), ratios))


def _reference(scale: GreyScale, curve: ToneCurve, saturation: float) -> tuple[int, Patch]:
    """The unclipped step whose light is nearest to 13 % of the saturating light."""
    choice = [
        (abs(float(np.interp(patch.mean, curve.codes, curve.reflectances)) / saturation - _REFERENCE), step)
        for step, patch in enumerate(scale.patches)
        if not patch.clipped_dark and not patch.clipped_bright
    ]
    step = min(choice)[1]
    return step, scale.patches[step]


def _budget(patch: Patch, temporal: float) -> tuple[Component, ...]:
    """In dB: sampling of the variance, rounding, detrending, and the codec up to its gate."""
    freedom = float(patch.pixels * (patch.pictures - 1))
    sample = f"{patch.pixels} px of {patch.pictures} pictures"
    return (
        Component("sampling of the noise", "A", "normal", _DB / math.sqrt(2 * freedom), freedom, sample),
        Component("rounding to codes", "B", "normal", _DB * 0.02 / temporal, math.inf, "simulated fields"),
        Component("shading taken out", "B", "normal", 0.1, math.inf, "simulated fields"),
        Component("codec", "B", "normal", 0.2, math.inf, "H.264 up to a quantiser of 20, simulated"),
    )


def _flicker(patch: Patch, curve: ToneCurve, bands: Bands) -> Component:
    """What light that is not steady adds to the noise in time, in dB."""
    reflected = float(np.interp(patch.mean, curve.codes, curve.reflectances))
    codes = math.hypot(bands.moving / math.sqrt(2), bands.level) * reflected * curve.slope(patch.mean)
    share = min(_MOST_FLICKER, (codes / max(patch.temporal, 1e-6)) ** 2)
    u = -10 * math.log10(1 - share) / math.sqrt(3)
    return Component("flicker of the light", "B", "rectangular", u, math.inf, "bare paper in each picture")
