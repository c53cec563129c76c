# SPDX-License-Identifier: Apache-2.0
"""Colour of the 24 patches: CIEDE2000 against their certificate, and the white balance of the greys."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from yanshou.imaging import layout
from yanshou.imaging.finder import ChartView
from yanshou.imaging.frame import Floats, Frame
from yanshou.imaging.gates import of_place
from yanshou.imaging.grey import LEAST_RISE, GreyScale, reflectance, rises
from yanshou.imaging.patches import Patch, read_patch
from yanshou.imaging.strip import ONE_COLOUR, LightColour
from yanshou.imaging.tone import to_light

# Linear sRGB (D65) to XYZ (D50): IEC 61966-2-1 and the Bradford adaptation
_TO_XYZ_D50: Final = np.array(
    [[0.4360747, 0.3850649, 0.1430804], [0.2225045, 0.7168786, 0.0606169], [0.0139322, 0.0971045, 0.7141733]]
)
_WHITE_D50: Final = np.array([0.96422, 1.0, 0.82521])
_MID_GREYS: Final = (19, 20, 21, 22)  # neither clipped nor dominated by noise
_EXPOSURE_GREYS: Final = (20, 21)
_COLOURED: Final = range(18)
_LEAST_SATURATION: Final = 0.25  # of the certificate's; cameras keep 0.5 or more as long as they show colour
_ROUNDED: Final = 1.5 / 255  # of R, G and B by half a code of chroma
_DARKEST, _LIGHTEST = 0.005, 0.995  # of the code range
_EVEN_CODES: Final = 4.0  # standard deviation in a patch of a bare chart
_UNLIKE: Final = 6.0  # noise of the darkest patch over that of the quietest one stays below this


def lab_of(linear_rgb: npt.ArrayLike) -> Floats:
    """CIELAB (D50, 2°) of linear sRGB (…, 3), 0…1; returns (…, 3)."""
    xyz = np.asarray(linear_rgb, np.float64) @ _TO_XYZ_D50.T / _WHITE_D50
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack(
        (116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])), axis=-1
    )


def ciede2000(first: npt.ArrayLike, second: npt.ArrayLike, *, lightness: bool = True) -> Floats:
    """CIEDE2000 of CIELAB pairs (…, 3), k_L = k_C = k_H = 1; optionally without the lightness term (ΔC00).

    Source: ISO/CIE 11664-6, with the mean hue after Sharma, Wu and Dalal (2005). Returns (…).
    """
    one, two = np.asarray(first, np.float64), np.asarray(second, np.float64)
    chroma = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(two[..., 1], two[..., 2])) / 2
    g = 0.5 * (1 - np.sqrt(chroma**7 / (chroma**7 + 25.0**7)))
    a1, a2 = (1 + g) * one[..., 1], (1 + g) * two[..., 1]
    c1, c2 = np.hypot(a1, one[..., 2]), np.hypot(a2, two[..., 2])
    h1 = np.degrees(np.arctan2(one[..., 2], a1)) % 360
    h2 = np.degrees(np.arctan2(two[..., 2], a2)) % 360
    grey = c1 * c2 == 0
    turn = (h2 - h1 + 180) % 360 - 180
    turn = np.where((np.abs(turn) == 180) & (h2 > h1), 180.0, turn)  # noqa: PLR2004 - half a turn counts upwards
    dh = np.where(grey, 0.0, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)))
    dl, dc = two[..., 0] - one[..., 0], c2 - c1
    far = np.abs(h1 - h2) > 180  # noqa: PLR2004 - half a turn
    total = h1 + h2
    mean_h = np.where(far, np.where(total < 360, total + 360, total - 360), total) / 2  # noqa: PLR2004
    mean_h = np.where(grey, total, mean_h)
    mean_l, mean_c = (one[..., 0] + two[..., 0]) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(mean_h - 30))
        + 0.24 * np.cos(np.radians(2 * mean_h))
        + 0.32 * np.cos(np.radians(3 * mean_h + 6))
        - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    )
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    r_c = 2 * np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7))
    r_t = -np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2)))) * r_c
    light = (dl / s_l) ** 2 if lightness else 0.0
    return np.asarray(
        np.sqrt(light + (dc / s_c) ** 2 + (dh / s_h) ** 2 + r_t * (dc / s_c) * (dh / s_h)), np.float64
    )


@dataclass(frozen=True, slots=True)
class Scatter:
    """Standard uncertainty of a mean by the scatter of its parts (type A), and its degrees of freedom."""

    u: float = 0.0
    dof: float = math.inf


@dataclass(frozen=True, slots=True, eq=False)
class Colours:
    """The 24 patches: ``measured`` and ``reference`` CIELAB (24, 3), ``delta`` (24,) as photographed.

    ``matched`` is ΔE with the exposure taken out by the middle greys, ``chroma`` ΔC00 without lightness.
    ``white_balance`` is the chroma distance of the middle greys from their reference and ``cast`` its a* and
    b*. ``scatter_greys`` and ``scatter_frames`` are the standard uncertainty of the cast from the differences
    between middle greys and between pictures. ``clipped`` names patches with a colour at black or white,
    which have no colour difference. ``light_apart``: by how much the cast may differ elsewhere on the sheet,
    as the light has another colour there. ``gates`` say why there is no figure.
    """

    measured: Floats
    reference: Floats
    delta: Floats
    matched: Floats
    chroma: Floats
    white_balance: float | None
    cast: tuple[float, float]
    gates: tuple[str, ...] = ()
    scatter_greys: Scatter = Scatter()
    scatter_frames: Scatter = Scatter()
    clipped: tuple[str, ...] = ()
    light_apart: float = 0.0


def colours(
    frames: Sequence[Frame],
    view: ChartView,
    reference: npt.ArrayLike | None = None,
    ceiling: float | None = None,
    greys: GreyScale | None = None,
    light: LightColour = ONE_COLOUR,
) -> Colours:
    """Read the 24 patches in their places on the chart; ``reference`` is the certificate's CIELAB.

    ``ceiling`` is the code above which the tone curve is compressed towards white, where every colour turns
    grey. ``greys`` show where the curve of R, G or B alone is pressed together.
    """
    patches = [read_patch(frames, view, layout.colour(number)) for number in range(24)]
    gates = (*_gates(patches, ceiling), *_pressed(patches, greys), *filter(None, [light.gate]))
    found = compared([patch.rgb for patch in patches], reference, gates)
    if found.gates:
        return found
    alone = [
        compared([read_patch([one], view, layout.colour(number)).rgb for number in range(24)], reference).cast
        for one in frames
    ]
    return replace(
        found,
        scatter_frames=_scatter(np.array(alone)),
        clipped=_clipped(patches),
        light_apart=_apart_by(light, [patches[number].rgb for number in _MID_GREYS]),
    )


def _apart_by(light: LightColour, greys: Sequence[Floats | None]) -> float:
    """By how much a cast of these greys would differ in another light of the sheet, in CIELAB."""
    linear = to_light(np.array([one for one in greys if one is not None]))
    seen = lab_of(linear)[:, 1:]
    ways = ((1 + light.red, 1.0, 1 + light.blue), (1 + light.red, 1.0, 1 - light.blue))
    return max(float(np.hypot(*(lab_of(linear * way)[:, 1:] - seen).mean(axis=0))) for way in ways)


def compared(
    rgb: Sequence[Floats | None], reference: npt.ArrayLike | None = None, gates: tuple[str, ...] = ()
) -> Colours:
    """Non-linear R, G, B (0…1) of 24 patches against their CIELAB."""
    wanted = np.asarray([lab for _, lab in layout.COLOURS] if reference is None else reference, np.float64)
    known = [one for one in rgb if one is not None]
    if len(known) < 24:  # noqa: PLR2004
        gates = (*gates, "画面没有颜色 / the picture has no colour")
    elif not gates and any(_at_an_end(known[number]) for number in _MID_GREYS):
        gates = (_cut_text("R, G, B"),)
    if gates:
        return _without_figure(wanted, gates)
    linear = to_light(np.array(known))
    measured = lab_of(linear)
    gain = _luminance(wanted[list(_EXPOSURE_GREYS)]) / _luminance(measured[list(_EXPOSURE_GREYS)])
    even = lab_of(linear * gain)
    greys = list(_MID_GREYS)
    cast = (even[greys, 1:] - wanted[greys, 1:]).mean(axis=0)
    if gate := _colourless(even[_COLOURED, 1:] - cast, wanted[_COLOURED, 1:]):
        return _without_figure(wanted, (gate,))
    return Colours(
        measured,
        wanted,
        ciede2000(measured, wanted),
        ciede2000(even, wanted),
        ciede2000(even, wanted, lightness=False),
        float(np.hypot(*cast)),
        (float(cast[0]), float(cast[1])),
        scatter_greys=_scatter(even[greys, 1:] - wanted[greys, 1:]),
    )


def _without_figure(wanted: Floats, gates: tuple[str, ...]) -> Colours:
    nothing = np.zeros((0, 3))
    return Colours(nothing, wanted, np.zeros(0), np.zeros(0), np.zeros(0), None, (0.0, 0.0), gates)


def _colourless(shown: Floats, wanted: Floats) -> str:
    """Why patches with these a* and b*, the cast taken out, have no colour of which a cast could be told.

    A camera in its night mode sends chroma planes as well; every grey is neutral in them, whatever the light.
    """
    saturation = float((shown * wanted).sum() / np.square(wanted).sum())
    if saturation >= _LEAST_SATURATION:
        return ""
    en = f"the patches have {max(0.0, saturation):.0%} of the certificate's saturation: hardly any colour"
    return f"色块的饱和度仅为证书值的 {max(0.0, saturation):.0%}，画面几乎没有颜色 / {en}"


def _scatter(casts: Floats) -> Scatter:
    """The uncertainty of the mean of (N, 2) casts, both directions together."""
    if len(casts) < 2:  # noqa: PLR2004
        return Scatter()
    variance = float(casts.var(axis=0, ddof=1).mean())
    return Scatter(math.sqrt(variance / len(casts)), 2.0 * (len(casts) - 1))


def _clipped(patches: Sequence[Patch]) -> tuple[str, ...]:
    return tuple(
        layout.COLOURS[number][0]
        for number, one in enumerate(patches)
        if one.cut or (one.rgb is not None and _at_an_end(one.rgb))
    )


def _at_an_end(rgb: Floats) -> bool:
    return bool(rgb.min() <= _DARKEST or rgb.max() >= _LIGHTEST)


def _luminance(lab: Floats) -> float:
    return float(np.mean(((lab[:, 0] + 16) / 116) ** 3))


def _gates(patches: Sequence[Patch], ceiling: float | None) -> tuple[str, ...]:
    reasons = [
        of_place(f"色块 {number + 1} {layout.COLOURS[number][0]}", f"colour patch {number + 1}", gate)
        for number, one in enumerate(patches)
        for gate in one.gates
    ]
    if any(patches[number].clipped_bright or patches[number].clipped_dark for number in _MID_GREYS):
        reasons.append("中灰色块削波 / the middle greys are clipped")
    if ceiling is not None and any(patches[number].mean >= ceiling for number in _MID_GREYS):
        en = "the middle greys lie where the tone curve is pressed together: every light is grey there"
        reasons.append(f"中灰色块处于被压平的亮部 / {en}")
    if cut := sorted({name for number in _MID_GREYS for name in patches[number].cut}):
        reasons.append(_cut_text(", ".join(cut)))
    return tuple(reasons)


def _cut_text(channels: str) -> str:
    en = f"{channels} of the middle greys lies at black or white: the cast goes on beyond it"
    return f"中灰色块的 {channels} 分量处于黑或白电平，偏色被截断，无法测得 / {en}"


def _pressed(patches: Sequence[Patch], greys: GreyScale | None) -> list[str]:
    """Why R, G or B of the middle greys cannot be trusted: its tone curve is pressed together there.

    A colour that is cut off below full scale, or above black, differs less from the others than its light
    does. The paper and the greys, whose light is known, show where that is.
    """
    if greys is None:
        return []
    steps = [
        (patch.rgb, lightness)
        for patch, lightness in zip(
            (greys.paper, *greys.patches), (100.0, *layout.GREY_LIGHTNESS), strict=True
        )
        if patch.rgb is not None and not patch.gates
    ]
    middle = [rgb for number in _MID_GREYS if (rgb := patches[number].rgb) is not None]
    if len(steps) < 2 or not middle:  # noqa: PLR2004
        return []
    codes = np.array([rgb for rgb, _ in steps])
    rise = rises(codes, np.array([reflectance(lightness) for _, lightness in steps]))
    return [
        _cut_text(name)
        for channel, name in enumerate("RGB")
        if any(
            low - _ROUNDED <= rgb[channel] <= high + _ROUNDED
            for rgb in middle
            for (high, low), steep in zip(pairwise(codes[:, channel]), rise[channel], strict=True)
            if steep < LEAST_RISE
        )
    ]


def bare_checker(bgr: npt.NDArray[np.uint8]) -> tuple[list[Floats], tuple[str, ...]] | None:
    """Non-linear R, G, B of the 24 patches of a bare ColorChecker (OpenCV's finder); None if not found.

    With the reasons why they must not be used: there is a second one, or the patches run into one another.
    """
    detector = cv2.mcc.CCheckerDetector.create()
    detector.setColorChartType(cv2.mcc.MCC24)
    if not detector.process(np.ascontiguousarray(bgr), 2):
        return None
    first, *others = detector.getListColorChecker()
    gates = ["画面中不止一张色卡 / there is more than one colour chart"] if _apart(first, others) else []
    means = first.getChartsRGB(True)
    # rows of (count, mean, deviation, smallest, largest) for R, G and B of each patch
    table = np.asarray(means, np.float64).reshape(24, 3, -1)
    mean, deviation = table[:, :, 1], table[:, :, 2].max(axis=1)
    if deviation.max() > max(_EVEN_CODES, _UNLIKE * float(deviation.min())):
        gates.append("色块内不均（离焦、反光） / a patch is not even: out of focus, or a gloss")
    return [one / 255.0 for one in mean], tuple(gates)


def _apart(first: Any, others: Sequence[Any]) -> bool:
    """Whether one of the others is another chart, and not the first one found twice."""
    box = np.asarray(first.getBox())
    half = float(np.ptp(box, axis=0).max()) / 2
    return any(np.hypot(*(np.mean(one.getBox(), axis=0) - box.mean(axis=0))) > half for one in others)
