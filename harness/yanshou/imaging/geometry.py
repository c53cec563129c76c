# SPDX-License-Identifier: Apache-2.0
"""Geometry from the chart: distortion of the lens, pixels per metre and what they are called, evenness."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from yanshou.imaging import layout
from yanshou.imaging.chart import EdgeReading, Light
from yanshou.imaging.edge import find_edges, oriented
from yanshou.imaging.finder import ChartView
from yanshou.imaging.frame import Floats, Frame
from yanshou.imaging.gates import of_place
from yanshou.imaging.patches import read_patch, rougher

LEAST_COVER: Final = 0.55
_LEAST_CORNERS: Final = 12
_MOST_RMS: Final = 0.75

DORI_2014: Final = (
    ("monitor", "监视", 12.5),
    ("detect", "探测", 25.0),
    ("observe", "观察", 62.5),
    ("recognise", "辨认", 125.0),
    ("identify", "识别", 250.0),
    ("inspect", "检验", 1000.0),
)
"""IEC 62676-4:2014, in px/m."""
OODPCVS_2025: Final = (
    ("overview", "概览", 20.0),
    ("outline", "轮廓", 40.0),
    ("discern", "辨别", 80.0),
    ("perceive", "感知", 125.0),
    ("characterise", "特征", 250.0),
    ("validate", "确认", 500.0),
    ("scrutinise", "细查", 1500.0),
)
"""IEC 62676-4:2025 (earlier drafts 2024), in px/m."""


def level_reached(density: float, levels: Sequence[tuple[str, str, float]]) -> str:
    """The highest level whose pixel density is reached, by its English name; empty if none is."""
    reached = [name for name, _, least in levels if density >= least]
    return reached[-1] if reached else ""


@dataclass(frozen=True, slots=True)
class Distortion:
    """The lens fitted to the corners of the squares: one radial coefficient about the picture's middle.

    ``percent`` is the displacement of the picture's corner as a part of picture height, barrel below zero;
    ``u_percent`` its standard uncertainty; ``rms_px`` the deviation of the corners from the fit; ``cover``
    how far from the middle they reach, as a share of the corner's distance. ``px_per_mm`` is of the A3
    drawing, along the larger principal direction and free of distortion.
    """

    percent: float | None
    u_percent: float | None
    rms_px: float
    cover: float
    px_per_mm: float
    gates: tuple[str, ...] = ()


def square_corners(
    frames: Sequence[Frame], edges: Sequence[EdgeReading], light: Light
) -> dict[tuple[str, int], tuple[float, float]]:
    """Corners of the squares in px, each where the lines of its two edges cross."""
    lines: dict[tuple[str, str], tuple[Floats, Floats]] = {}
    for one in edges:
        if one.result.gates:
            continue
        region = np.mean([light(one.roi.of(frame.luma), frame) for frame in frames], axis=0)
        lines[one.roi.square, one.roi.side] = _line(region, one)
    found = {}
    for square in layout.SQUARES:
        for number in range(4):
            sides = (layout.SIDES[number - 1], layout.SIDES[number])  # they meet at corner `number`
            if all((square, side) in lines for side in sides):
                (p, u), (q, v) = (lines[square, side] for side in sides)
                share = np.linalg.solve(np.column_stack((u, -v)), q - p)[0]
                x, y = p + share * u
                found[square, number] = (float(x), float(y))
    return found


def _line(region: Floats, one: EdgeReading) -> tuple[Floats, Floats]:
    """A point of an edge in px of the picture, and its direction."""
    turned, lying = oriented(region)
    fit = find_edges(np.ascontiguousarray(turned)[None], order=1)
    centre = fit.centre[0]
    plain = region.T if lying else region
    if not np.shares_memory(turned, plain) or turned.strides[1] < 0:  # it was mirrored
        centre = plain.shape[1] - 1 - centre
    rows = np.arange(len(centre), dtype=np.float64)
    ends = [np.array([centre[row], rows[row]]) for row in (0, -1)]
    if lying:
        ends = [end[::-1] for end in ends]
    shift = np.array([one.roi.x0, one.roi.y0], np.float64)
    first, last = (end + shift for end in ends)
    return first, last - first


def distortion(
    view: ChartView, corners: dict[tuple[str, int], tuple[float, float]], width: int, height: int
) -> Distortion:
    """Fit position, tilt, one radial coefficient and the growth of the squares in print to their corners.

    Spreading ink makes all squares larger or smaller by the same amount, which a lens does not do.
    """
    scale = view.width_px / layout.WIDTH
    if len(corners) < _LEAST_CORNERS:
        en = f"only {len(corners)} corners of squares were found"
        return Distortion(None, None, math.nan, 0.0, scale, (f"方块角点仅 {len(corners)} 个 / {en}",))
    places = np.array([layout.square_corners(square)[number] for square, number in corners])
    centres = np.array([layout.SQUARES[square] for square, _ in corners])
    seen = np.array([*corners.values()])
    middle, far = np.array([(width - 1) / 2, (height - 1) / 2]), math.hypot(width, height) / 2
    start = (view.homography / view.homography[2, 2]).ravel()[:8]

    def projected(values: Floats) -> Floats:
        printed = places + values[9] * (places - centres)
        flat = np.column_stack((printed, np.ones(len(places)))) @ np.append(values[:8], 1.0).reshape(3, 3).T
        plain = flat[:, :2] / flat[:, 2:] - middle
        r2 = np.sum(plain**2, axis=1, keepdims=True) / far**2
        return np.asarray(middle + plain * (1 + values[8] * r2), np.float64)

    from scipy.optimize import least_squares  # noqa: PLC0415 - takes a third of a second

    fit = least_squares(
        lambda values: (projected(values) - seen).ravel(),
        np.append(start, (0.0, 0.0)),
        x_scale="jac",
        method="lm",
    )
    residual = fit.fun.reshape(-1, 2)
    rms = float(np.sqrt(np.mean(np.sum(residual**2, axis=1))))
    freedom = max(1, residual.size - len(fit.x))
    covariance = np.linalg.pinv(fit.jac.T @ fit.jac) * float(np.sum(residual**2)) / freedom
    cover = float(np.max(np.linalg.norm(seen - middle, axis=1))) / far
    per_height = 100 * far / height
    matrix = np.append(fit.x[:8], 1.0).reshape(3, 3)
    gates = []
    if rms > _MOST_RMS:
        en = f"the corners stand {rms:.1f} px off the fit (at most {_MOST_RMS})"
        gates.append(f"方块角点与拟合相差 {rms:.1f} px / {en}")
    if cover < LEAST_COVER:
        en = f"the chart reaches {cover:.0%} of the way to the corner (at least {LEAST_COVER:.0%})"
        gates.append(f"图卡只占到画面角距的 {cover:.0%}，不足以推算畸变 / {en}")
    return Distortion(
        None if gates else float(fit.x[8]) * per_height,
        math.sqrt(max(0.0, float(covariance[8, 8]))) * per_height,
        rms,
        cover,
        _density(matrix),
        tuple(gates),
    )


def _density(homography: Floats) -> float:
    """Pixels per mm at the sheet's middle, along the larger direction: a tilt shortens the other."""
    x, y = layout.WIDTH / 2, layout.HEIGHT / 2
    step = 1e-3

    def at(px: float, py: float) -> Floats:
        u, v, w = homography @ np.array([px, py, 1.0])
        return np.array([u / w, v / w])

    jacobian = np.column_stack(((at(x + step, y) - at(x, y)) / step, (at(x, y + step) - at(x, y)) / step))
    return float(np.linalg.svd(jacobian, compute_uv=False)[0])


@dataclass(frozen=True, slots=True)
class PixelDensity:
    """Pixels per metre in the plane of the chart, its standard uncertainty, and the levels reached."""

    value: float
    u: float
    dori: str
    oodpcvs: str


def pixel_density(found: Distortion, *, sheet_scale: float, print_u: float = 0.001) -> PixelDensity:
    """``sheet_scale``: mm on the sheet per unit of the drawing (1 on A3) times the scale bar's factor."""
    value = found.px_per_mm * 1000 / sheet_scale
    # fit 0.02 %, print by the measured scale bar, plane tilted by up to 5° 0.2 %, place of the plane 0.3 %
    relative = math.sqrt(0.0002**2 + print_u**2 + 0.002**2 + 0.003**2)
    return PixelDensity(
        value, relative * value, level_reached(value, DORI_2014), level_reached(value, OODPCVS_2025)
    )


@dataclass(frozen=True, slots=True)
class Evenness:
    """Light of the bare paper over the picture: smallest over largest in percent, and the single zones."""

    percent: float | None
    zones: tuple[float, ...]
    gates: tuple[str, ...] = ()


def evenness(frames: Sequence[Frame], view: ChartView, light: Light) -> Evenness:
    """Light of twelve zones of bare paper.

    One picture cannot separate uneven light on the chart from the lens.
    """
    patches = [read_patch(frames, view, box) for box in layout.PAPER_ZONES]
    gates = tuple(
        of_place(f"白区 {n + 1}", f"white area {n + 1}", gate)
        for n, one in enumerate(patches)
        for gate in one.gates
    )
    if any(rougher(patches)):
        gates = (*gates, "白区上有污损或叠加字符 / there is a stain or overlay text on the paper")
    if any(one.clipped_bright for one in patches):
        gates = (*gates, "白纸区削波 / the paper is clipped")
    if gates:
        return Evenness(None, (), gates)
    codes = np.array([one.mean for one in patches])
    zones = light(codes, frames[0])
    return Evenness(100 * float(zones.min() / zones.max()), tuple(map(float, zones)))


@dataclass(frozen=True, slots=True)
class TurnedEvenness:
    """The evenness of ``camera`` and ``light`` separately, each smallest over largest in percent."""

    camera: float
    light: float


def turned_evenness(upright: Evenness, turned: Evenness) -> TurnedEvenness | None:
    """The camera's own evenness from two captures.

    Between them the chart *with its lamps* is turned by 180°.

    A zone that is lit less in one capture is at the opposite place in the other. So a gradient of the light
    and of the paper cancels in the geometric mean and remains in the ratio. A fall-off that is equal at
    opposite places (from the middle outwards) does not cancel. Only the ten zones at the edge are used,
    because those in the middle have no opposite. None if a capture has no zones.
    """
    if not upright.zones or not turned.zones:
        return None
    first, second = np.array(upright.zones), np.array(turned.zones)[::-1]
    ends = np.r_[0:5, 7:12]
    first, second = first[ends] / first[ends].mean(), second[ends] / second[ends].mean()
    camera, light = np.sqrt(first * second), np.sqrt(first / second)
    return TurnedEvenness(*(100 * float(part.min() / part.max()) for part in (camera, light)))
