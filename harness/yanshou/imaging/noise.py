# SPDX-License-Identifier: Apache-2.0
"""Noise of flat fields and three signal-to-noise ratios, which differ by 5 to 10 dB and are never mixed.

ISO 15739 (temporal and fixed pattern, input-referred through the tone curve), the video signal's
(white minus black over noise), and the field's (mean over noise).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from yanshou.imaging.codec import Coding, quantiser_step
from yanshou.imaging.grey import GreyScale, ToneCurve
from yanshou.imaging.patches import Patch

LEAST_PICTURES: Final = 8
_REFERENCE: Final = 0.13  # of the light that saturates (ISO 15739)
_ROUNDING: Final = 1 / 12  # DN²
_LEAST_PIXELS: Final = 400
_HIDDEN: Final = 0.30  # noise below this share of the quantiser's step does not get through the codec


@dataclass(frozen=True, slots=True)
class Snr:
    """Signal-to-noise ratios in dB of one grey step; noise in codes, rounding taken out.

    ``iso_db``: ISO 15739, at the step nearest 13 % of saturation; ``video_db``: white minus black over the
    temporal noise; ``field_db``: mean over the total noise of the field.  ``u_db`` is the standard
    uncertainty of each.  ``gates`` say why there is none.
    """

    iso_db: float | None
    video_db: float | None
    field_db: float | None
    u_db: float | None
    temporal: float | None
    fixed: float | None
    total: float | None
    step: int | None
    pictures: int
    gates: tuple[str, ...] = ()


def snr(scale: GreyScale, curve: ToneCurve | None, *, span: float, coding: Coding, known: bool) -> Snr:
    """The ratios from the grey step nearest 13 % of saturation.

    ``span``: codes from black to white of the range; ``coding``: how the pictures came; ``known``: the
    pictures were not compressed, or too little to matter.  Through a codec noise is smoothed away: 4 dB at
    23, tens of dB at 28, so beyond 20, without a quantiser, and when the noise is below the quantiser's
    step, a gate closes.
    """
    codec, qp = coding.noise_gate(known=known), coding.qp
    gates = [*scale.gates, *((codec,) if codec else ())]
    if curve is None:
        gates.append("灰阶响应不单调，无法换算到入射光 / the tone curve is not monotone")
    pictures = scale.patches[0].pictures if scale.patches else 0
    if pictures < LEAST_PICTURES:
        told = f"{pictures} different pictures (at least {LEAST_PICTURES})"
        gates.append(f"互不相同的画面仅 {pictures} 幅 / {told}")
    if gates or curve is None:
        return Snr(None, None, None, None, None, None, None, None, pictures, tuple(gates))
    step, patch = _reference(scale, curve)
    if patch.pixels < _LEAST_PIXELS:
        told = f"the field has {patch.pixels} px (at least {_LEAST_PIXELS})"
        return Snr(
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            step,
            pictures,
            (f"灰阶面积 {patch.pixels} px 过小 / {told}",),
        )
    temporal = math.sqrt(max(patch.temporal**2 - _ROUNDING, 1e-4))
    total = math.sqrt(max(patch.total**2 - _ROUNDING, 1e-4))
    if qp is not None and temporal < _HIDDEN * quantiser_step(qp):
        told = f"the noise ({temporal:.2f} codes) is hidden by the quantiser {qp:.0f}: an upper bound only"
        return Snr(
            None, None, None, None, temporal, patch.fixed, total, step, pictures,
            (f"噪声（{temporal:.2f} 码值）被量化参数 {qp:.0f} 掩盖 / {told}",),
        )  # fmt: skip
    reflected = float(np.interp(patch.mean, curve.codes, curve.reflectances))
    ratio = reflected * curve.slope(patch.mean) / temporal
    return Snr(
        iso_db=20 * math.log10(ratio),
        video_db=20 * math.log10(span / temporal),
        field_db=20 * math.log10(max(patch.mean, 1e-6) / total),
        u_db=_u_db(patch, temporal),
        temporal=temporal,
        fixed=patch.fixed,
        total=total,
        step=step,
        pictures=pictures,
    )


def _reference(scale: GreyScale, curve: ToneCurve) -> tuple[int, Patch]:
    """The step whose light is nearest 13 % of the light that saturates, and is not clipped."""
    saturation = float(curve.reflectances[-1])
    choice = [
        (abs(float(np.interp(patch.mean, curve.codes, curve.reflectances)) / saturation - _REFERENCE), step)
        for step, patch in enumerate(scale.patches)
        if not patch.clipped_dark and not patch.clipped_bright
    ]
    step = min(choice)[1]
    return step, scale.patches[step]


def _u_db(patch: Patch, temporal: float) -> float:
    """Sampling of the variance, rounding and detrending, and the codec up to its gate."""
    sampled = 8.686 / math.sqrt(2 * patch.pixels * (patch.pictures - 1))
    rounding = 8.686 * 0.02 / temporal
    return math.sqrt(sampled**2 + rounding**2 + 0.1**2 + 0.2**2)
