# SPDX-License-Identifier: Apache-2.0
"""The grey scale of the chart: distinguishable steps, the tone curve (OECF), the range it shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from yanshou.imaging import layout
from yanshou.imaging.finder import ChartView
from yanshou.imaging.frame import Floats, Frame
from yanshou.imaging.gates import of_place
from yanshou.imaging.patches import Patch, read_patch, rougher

_LEAST_DN: Final = 2.0  # of 8 bits, full range
_SIGMAS: Final = 2.0
_BEYOND: Final = 1.10  # permitted difference between the light on the sheet and that on the greys
LEAST_RISE: Final = 0.18
_UPPER: Final = 0.2  # of the paper's light: above the dark side of an edge


@dataclass(frozen=True, slots=True, eq=False)
class GreyScale:
    """The eleven steps from light to dark: ``patches``.

    ``resolved[i]``: step i is distinguishable from i + 1.

    ``paper``: the bare paper beside them, step 0; it is not counted. ``black``: the code of no light.
    ``steps`` counts the distinguishable greys: one more than the boundaries between falling codes that can be
    distinguishable. ``gates`` say why there is no count.
    """

    patches: tuple[Patch, ...]
    resolved: tuple[bool, ...]
    steps: int | None
    paper: Patch
    gates: tuple[str, ...] = ()
    black: float = 0.0


def grey_scale(frames: Sequence[Frame], view: ChartView) -> GreyScale:
    """Read and count the steps.

    Two neighbours are distinguishable if their codes differ by 2 codes of 8 bits and by twice the total noise
    of one pixel. That is a convention of this method; the standards let a person count.
    """
    patches = tuple(read_patch(frames, view, layout.grey(step)) for step in range(layout.GREYS))
    paper = read_patch(frames, view, layout.PAPER_STEP)
    gates = [
        of_place(f"灰阶 {step + 1}", f"grey step {step + 1}", gate)
        for step, patch in enumerate(patches)
        for gate in patch.gates
    ]
    gates += _spoilt(patches)
    if not gates and patches[0].mean <= patches[-1].mean:
        gates.append("灰阶不是由亮到暗 / the grey scale does not run from light to dark")
    if gates:
        return GreyScale(patches, (), None, paper, tuple(gates), frames[0].black)
    unit = (frames[0].white - frames[0].black) / 255.0
    resolved = tuple(_apart(a, b, unit) for a, b in pairwise(patches))
    return GreyScale(patches, resolved, 1 + sum(resolved), paper, black=frames[0].black)


def _spoilt(patches: Sequence[Patch]) -> list[str]:
    """Steps with a reflected light: clipped below a step that is not, or far rougher than the rest."""
    found = []
    for step, (patch, rough) in enumerate(zip(patches, rougher(patches), strict=True)):
        below = any(not lighter.clipped_bright for lighter in patches[:step])
        if (patch.clipped_bright and below) or rough:
            found.append(f"灰阶 {step + 1}：有反光或污损 / there is a gloss or a stain on step {step + 1}")
    return found


def _apart(lighter: Patch, darker: Patch, unit: float) -> bool:
    least = max(_LEAST_DN * unit, _SIGMAS * max(lighter.total, darker.total))
    return lighter.mean - darker.mean >= least


def rises(codes: Floats, light: Floats) -> Floats:
    """How the logarithm of codes (N,) or (N, colours) rises with that of ``light`` (N,), step by step.

    Shape (N - 1,), or (colours, N - 1).
    """
    return np.asarray(np.diff(np.log(np.maximum(codes, 1e-3)).T) / np.diff(np.log(light)), np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class ToneCurve:
    """The opto-electronic conversion function: codes and reflectances of the usable steps, dark to light.

    ``certified``: the reflectances come from a certificate, not from the drawing. ``paper``: bare paper is
    its lightest step.
    """

    codes: Floats
    reflectances: Floats
    certified: bool
    paper: bool = False

    def light(self, codes: npt.NDArray[np.generic], frame: Frame) -> Floats:
        """Light 0…255 of luma codes, monotone between the steps and straight beyond them."""
        del frame  # the curve is in the codes of its own picture
        from scipy.interpolate import PchipInterpolator  # noqa: PLC0415 - takes a third of a second

        curve = PchipInterpolator(self.codes, self.reflectances, extrapolate=False)
        x = np.asarray(codes, np.float64)
        low, high = self.codes[0], self.codes[-1]
        inner = curve(np.clip(x, low, high))
        slopes = (np.diff(self.reflectances)[[0, -1]] / np.diff(self.codes)[[0, -1]]).tolist()
        beyond = np.where(x < low, slopes[0] * (x - low), np.where(x > high, slopes[1] * (x - high), 0.0))
        return np.asarray(255.0 * (inner + beyond), np.float64)

    def covers(self, dark: float, bright: float) -> bool:
        """Whether light 0…255 is within the steps, or so near that only the light on the sheet differs."""
        low, high = 255.0 * self.reflectances[0], 255.0 * self.reflectances[-1]
        return bool(dark >= low / _BEYOND and bright <= high * _BEYOND)

    def bent(self, black: float) -> float | None:
        """The code above which the curve is compressed towards white; None if it is not.

        Along a gamma curve the logarithm of the code rises by 0.4 to 1 of that of the light; past a knee, or
        towards a white that is cut off below full scale, it hardly rises, and light cannot be derived from
        codes.
        """
        rise = rises(self.codes - black, self.reflectances)
        upper = self.reflectances[1:] > _UPPER * self.reflectances[-1]
        flat = np.flatnonzero(upper & (rise < LEAST_RISE))
        return float(self.codes[flat[0]]) if flat.size else None

    def slope(self, code: float) -> float:
        """Change of code per change of reflectance at a code."""
        from scipy.interpolate import PchipInterpolator  # noqa: PLC0415 - takes a third of a second

        per_code = float(PchipInterpolator(self.codes, self.reflectances).derivative()(code))
        return math.inf if per_code <= 0 else 1.0 / per_code


def tone_curve(
    scale: GreyScale, densities: Sequence[float] = (), paper: float | None = None
) -> ToneCurve | None:
    """The curve of a grey scale whose densities a certificate states; of the drawing's without.

    ``paper`` is the certified density of bare paper; without it nothing is known above the lightest step.
    Returns None if fewer than four steps rise, or their codes are clipped or not monotone.
    """
    certified = len(densities) == layout.GREYS
    values = [layout.PAPER * reflectance(lightness) for lightness in layout.GREY_LIGHTNESS]
    if certified:
        values = [10.0**-density for density in densities]
    steps = list(zip(scale.patches, values, strict=True))
    if paper is not None or not certified:
        steps = [(scale.paper, layout.PAPER if paper is None else 10.0**-paper), *steps]
    kept: list[tuple[float, float]] = []
    for patch, value in reversed(steps):
        if patch.gates or patch.clipped_dark or patch.clipped_bright:
            continue
        if not kept or patch.mean > kept[-1][0] + 1.0:
            kept.append((patch.mean, value))
    if len(kept) < 4:  # noqa: PLR2004
        return None
    codes, reflectances = np.array(kept).T
    if (np.diff(reflectances) <= 0).any():
        return None
    with_paper = bool(reflectances[-1] == steps[0][1]) and len(steps) > layout.GREYS
    return ToneCurve(codes, reflectances, certified, with_paper)


def reflectance(lightness: float) -> float:
    """Luminance factor Y of an L*."""
    root = (lightness + 16) / 116
    return root**3 if lightness > 8 else lightness * 27 / 24389  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class RangeShown:
    """The dynamic range a reflective chart proves: at least ``at_least_db`` (20 lg), no more."""

    at_least_db: float
    lightest: float
    darkest: float


def range_shown(scale: GreyScale, curve: ToneCurve) -> RangeShown | None:
    """The ratio of the lightest unclipped step to the darkest whose temporal SNR is above 1, in dB."""
    seen = [
        patch
        for patch in scale.patches
        if not patch.gates and not patch.clipped_bright and not patch.clipped_dark
    ]
    reflected = {id(patch): float(np.interp(patch.mean, curve.codes, curve.reflectances)) for patch in seen}
    loud = [
        value
        for patch in seen
        if (value := reflected[id(patch)]) * curve.slope(patch.mean)
        > max(1e-6, float(np.nan_to_num(patch.temporal)))
    ]
    if len(loud) < 2:  # noqa: PLR2004
        return None
    return RangeShown(20 * math.log10(max(loud) / min(loud)), max(loud), min(loud))
