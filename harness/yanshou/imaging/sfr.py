# SPDX-License-Identifier: Apache-2.0
"""One edge region measured, gated and given its uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from yanshou.imaging import edge
from yanshou.imaging.edge import Floats

NYQUIST: Final = 0.5
MIN_ROWS: Final = 24
MIN_COLUMNS: Final = 32
MIN_CONTRAST: Final = 0.20
MAX_CLIPPED: Final = 0.005
MIN_ANGLE: Final = 2.0
MAX_ANGLE: Final = 30.0
MIN_REACH_FWHM: Final = 3.0
MIN_CNR: Final = 5.0
MIN_FILLED: Final = 0.2
MAX_RMS: Final = 3.0
_REPORTED: Final = 0.8
# Spread of the estimator against white noise, fitted to simulated edges (1.0 to 1.3 times the Cramér–Rao
# bound): u / MTF50 = 1.7 (noise / contrast) sqrt(7.1 / (rows * sigma of the point spread)).
_NOISE_FACTOR: Final = 1.7
_NOISE_ROWS: Final = 7.1
_BIAS: Final = (
    0.002  # largest bias seen on closed-form edges, MTF50 0.05 to 0.40, 3 to 25 degrees, as a bound
)
_SIMPLE_SLOPE: Final = 0.012  # more of it where rows repeat each other (slopes near 1:5, 1:4)
_ROUNDING: Final = 0.2  # of one code, relative to the contrast in codes
_SIGMA: Final = math.sqrt(math.log(2) / 2) / math.pi  # sigma * MTF50 of a Gaussian


@dataclass(frozen=True, slots=True, eq=False)
class SfrResult:
    """e-SFR of one edge, in cycles per pixel along the edge's normal.

    ``gates`` names, in words, every condition of validity that is not met; then all figures derived from
    the response are None.  ``mtf_nyquist`` and ``peak`` are modulations (peak above 1.1 shows sharpening,
    and MTF50 is then no resolution).  ``U_mtf50`` is the expanded uncertainty (k = 2) of this one edge:
    noise, rounding and the bias of the method, not the light, the codec or the print.
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


def sfr(roi: npt.ArrayLike, *, linear: bool = True, clip: tuple[float, float] | None = None) -> SfrResult:
    """Measure the one slanted edge in ``roi`` (height x width, any real dtype).

    ``linear``: the codes are proportional to light; otherwise they are taken as sRGB of full range 0–255
    and linearised first.  ``clip``: codes at or beyond which a pixel is clipped, e.g. (0, 255).  Values
    outside the conditions of ISO 12233 close a gate; this function raises ValueError only for what is no
    region at all.
    """
    image = np.asarray(roi, dtype=np.float64)
    if image.ndim != 2:  # noqa: PLR2004
        raise ValueError(f"a region has two dimensions, not {image.ndim}")
    gates = [*_size_gate(image), *_clip_gate(image, clip)]
    if not gates and not np.isfinite(image).all():
        gates.append("the region holds values that are no numbers")
    if gates:
        return _gated(gates)
    codes = _looks_rounded(image)
    turned = edge.oriented(image if linear else _from_srgb(image))
    fit = edge.fit_edge(turned)
    if fit is None:
        return _gated(["no edge was found"])
    gates = _edge_gates(turned, fit)
    if gates:
        return _gated(gates, fit)
    return _measured(turned, fit, rounded=codes)


def _measured(image: Floats, fit: edge.EdgeFit, *, rounded: bool) -> SfrResult:
    gathered = edge.spread(image, fit)
    reach = gathered.distance[-1]
    if reach < MIN_REACH_FWHM * fit.fwhm:
        return _gated([f"the region reaches {reach:.0f} px beside an edge {fit.fwhm:.0f} px wide"], fit)
    if gathered.thinnest < MIN_FILLED:
        return _gated([f"at {abs(fit.angle_deg):.1f}° the rows repeat each other and leave gaps"], fit)
    frequency, mtf = edge.response(edge.smooth_tails(gathered.values, fit.fwhm), gathered.box)
    mtf50 = edge.crossing(frequency, mtf, 0.5)
    if mtf50 is None or mtf50 > NYQUIST:
        return _gated(["the response is still above 50 % at the Nyquist frequency"], fit)
    inside = frequency <= NYQUIST
    keep = frequency <= _REPORTED
    return SfrResult(
        mtf50=mtf50,
        mtf30=_within(edge.crossing(frequency, mtf, 0.3)),
        mtf10=_within(edge.crossing(frequency, mtf, 0.1)),
        mtf_nyquist=float(np.interp(NYQUIST, frequency, mtf)),
        peak=float(mtf[inside].max()),
        angle_deg=fit.angle_deg,
        U_mtf50=2 * mtf50 * _relative_u(mtf50, image.shape[0], fit, gathered.box, rounded=rounded),
        frequencies=frequency[keep],
        mtf=mtf[keep],
        fwhm=fit.fwhm,
        contrast=fit.bright - fit.dark,
        noise=fit.noise,
        rms=fit.rms,
    )


def _relative_u(mtf50: float, rows: int, fit: edge.EdgeFit, box: float, *, rounded: bool) -> float:
    """Relative standard uncertainty of one edge's MTF50."""
    contrast = fit.bright - fit.dark
    # the point spread without the pixel's own box, whose variance is 1/12 px²
    sigma = math.sqrt(max((_SIGMA / mtf50) ** 2 - 1 / 12, 0.1))
    noise = math.hypot(fit.noise, math.sqrt(1 / 12) if rounded else 0.0)
    random = _NOISE_FACTOR * noise / contrast * math.sqrt(_NOISE_ROWS / (rows * sigma))
    rounding = _ROUNDING / contrast if rounded else 0.0
    bias = _BIAS + _SIMPLE_SLOPE * (1 - box)
    return math.hypot(random, rounding, bias / math.sqrt(3))


def _within(value: float | None) -> float | None:
    """A crossing beyond the Nyquist frequency is aliased and not told."""
    return value if value is not None and value <= NYQUIST else None


def _size_gate(image: Floats) -> list[str]:
    short, long = sorted(image.shape)
    if short >= MIN_ROWS and long >= MIN_COLUMNS:
        return []
    return [
        f"the region of {image.shape[1]} x {image.shape[0]} px is smaller than {MIN_COLUMNS} x {MIN_ROWS}"
    ]


def _clip_gate(image: Floats, clip: tuple[float, float] | None) -> list[str]:
    if clip is None or image.size == 0:
        return []
    share = float(np.mean((image <= clip[0]) | (image >= clip[1])))
    return (
        [f"{share:.1%} of the pixels are clipped (at most {MAX_CLIPPED:.1%})"] if share > MAX_CLIPPED else []
    )


def _edge_gates(image: Floats, fit: edge.EdgeFit) -> list[str]:
    gates = []
    contrast = fit.bright - fit.dark
    total = fit.bright + fit.dark
    modulation = contrast / total if total > 0 else 0.0
    if modulation < MIN_CONTRAST:
        gates.append(f"the contrast is {modulation:.0%} (at least {MIN_CONTRAST:.0%})")
    if contrast < MIN_CNR * fit.noise:
        gates.append(f"the noise is {fit.noise / contrast:.0%} of the edge's height")
    if not MIN_ANGLE <= abs(fit.angle_deg) <= MAX_ANGLE:
        gates.append(f"the edge stands at {abs(fit.angle_deg):.1f}° (from {MIN_ANGLE:g}° to {MAX_ANGLE:g}°)")
    if not fit.rms <= MAX_RMS:
        gates.append(f"the edge is not straight (rms {fit.rms:.1f} px)")
    if min(np.polyval(fit.coefficients, (-image.shape[0] / 2, image.shape[0] / 2))) < 0:
        gates.append("the edge leaves the region at its side")
    return gates


def _gated(gates: list[str], fit: edge.EdgeFit | None = None) -> SfrResult:
    angle = fit.angle_deg if fit is not None and math.isfinite(fit.angle_deg) else None
    return SfrResult(None, None, None, None, None, angle, None, tuple(gates))


def _looks_rounded(image: Floats) -> bool:
    return bool(np.all(image == np.round(image)))


def _from_srgb(image: Floats) -> Floats:
    """Light, 0–255, of sRGB codes 0–255 (IEC 61966-2-1)."""
    code = np.clip(image / 255.0, 0.0, 1.0)
    return 255.0 * np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004
