# SPDX-License-Identifier: Apache-2.0
"""The lab's slanted-edge card: found by its markers, its four edges measured, MTF50 with its uncertainty.

The card: ArUco markers DICT_4X4_50, 0 top left, 1 top right, 2 bottom right, 3 bottom left; in the middle
of the rectangle of their centres one dark square, its side 0.45 of the rectangle's height, turned by 5
degrees.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from yanshou.imaging.edge import Floats
from yanshou.imaging.sfr import SfrResult, sfr
from yanshou.model import Component

SIDE: Final = 0.45
_MARKERS: Final = (0, 1, 2, 3)
_EDGES: Final = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}
_ALONG: Final = 0.6  # of the side: the corners stay outside
_BESIDE: Final = 0.2  # of the side, to each side of the edge
_MOST_BESIDE: Final = 48
_MIN_EDGES: Final = 3
_LIMITED: Final = (16.0, 235.0)
_STRAY: Final = 0.001  # sharpening overshoots a little
_COVERAGE: Final = 0.9545


@dataclass(frozen=True, slots=True)
class Roi:
    """A region rows [y0, y1), columns [x0, x1) around one edge of the square."""

    edge: str
    y0: int
    y1: int
    x0: int
    x1: int

    def of(self, luma: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """That part of a picture."""
        return luma[self.y0 : self.y1, self.x0 : self.x1]


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """Where the card is: ``homography`` (3 x 3) takes card coordinates 0…1 to pixels; one region per edge."""

    homography: Floats
    centres: Floats
    rois: tuple[Roi, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ChartSfr:
    """MTF50 in cycles per pixel, mean over edges of their means over pictures, with U = k u.

    ``gates`` says in words why there is no figure (then ``mtf50`` is None), ``notes`` what limits its
    meaning. ``edges`` holds (picture, edge, result) of everything measured; ``budget`` is in cycles per
    pixel.
    """

    mtf50: float | None
    U: float | None
    k: float | None
    mtf10: float | None
    peak: float | None
    n_edges: int
    n_pictures: int
    budget: tuple[Component, ...] = ()
    gates: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    edges: tuple[tuple[int, str, SfrResult], ...] = ()


def find_chart(luma: npt.NDArray[np.uint8], *, aspect: float | None = None) -> Chart | None:
    """Find the card in a luma plane; None when not all four markers are seen.

    Marker centres are the crossings of the diagonals: corners are biased inwards by blur, centres are not.
    ``aspect`` is width over height of the rectangle of centres, estimated from the picture unless given.
    """
    centres = _centres(np.ascontiguousarray(luma))
    if centres is None:
        return None
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    homography = np.asarray(cv2.getPerspectiveTransform(unit, centres.astype(np.float32)), np.float64)
    wide = _length(centres[1] - centres[0]) + _length(centres[2] - centres[3])
    high = _length(centres[3] - centres[0]) + _length(centres[2] - centres[1])
    rois = _regions(homography, aspect or wide / high, luma.shape)
    return Chart(homography, centres, rois)


def measure_chart(
    pictures: Sequence[npt.NDArray[np.uint8]],
    *,
    qp: float | None = None,
    linear: bool = True,
    clip: tuple[float, float] | None = None,
) -> ChartSfr:
    """MTF50 of a card seen in ``pictures`` (luma planes of different key frames of one view).

    ``qp`` is the mean quantiser of an H.264 stream; above 28 the codec decides the figure and a gate closes.
    Without it (H.265, unknown) the codec's share is taken as that of 28.  ``linear``: the codes are
    proportional to light; if that is only assumed, say so in the record: an unlinearised 4:1 edge reads
    1.6 % low.  ``clip``: codes at which a pixel is clipped, told from the picture unless given.
    """
    if not pictures:
        return _none(["no picture was given"], 0)
    codec = _codec_share(qp)
    if codec is None:
        return _none(
            [f"the mean quantiser is {qp:.0f}: the codec, not the camera, decides (at most 28)"],
            len(pictures),
        )
    edges: list[tuple[int, str, SfrResult]] = []
    missing = 0
    for number, luma in enumerate(pictures):
        chart = find_chart(luma)
        if chart is None:
            missing += 1
            continue
        edges += [
            (number, roi.edge, sfr(roi.of(luma), linear=linear, clip=clip or coded_range(luma)))
            for roi in chart.rois
        ]
    if not edges:
        return _none(["the four markers of the chart were not found"], len(pictures))
    return _summed(edges, len(pictures) - missing, codec, _notes(qp, missing))


def coded_range(luma: npt.NDArray[np.uint8]) -> tuple[float, float]:
    """The codes at which this picture clips: 16 and 235 when it keeps to them (BT.709), else 0 and 255."""
    beyond = float(np.mean((luma < _LIMITED[0]) | (luma > _LIMITED[1])))
    return (0.0, 255.0) if beyond > _STRAY else _LIMITED


def _summed(
    edges: list[tuple[int, str, SfrResult]], n_pictures: int, codec: float, notes: list[str]
) -> ChartSfr:
    by_edge: dict[str, list[SfrResult]] = {}
    for _, name, result in edges:
        if not result.gates:
            by_edge.setdefault(name, []).append(result)
    reasons = dict.fromkeys(f"{name}: {gate}" for _, name, result in edges for gate in result.gates)
    if len(by_edge) < _MIN_EDGES:
        gates = [f"only {len(by_edge)} of 4 edges can be measured (at least {_MIN_EDGES})", *reasons]
        return _none(gates, n_pictures, tuple(edges))
    notes += [f"left out: {reason}" for reason in reasons]
    means = np.array([np.mean([_value(result) for result in results]) for results in by_edge.values()])
    value = float(means.mean())
    budget = _budget(value, means, list(by_edge.values()), codec)
    u = math.sqrt(sum(part.u**2 for part in budget))
    k = _coverage_factor(budget, u)
    good = [result for results in by_edge.values() for result in results]
    tenth = [result.mtf10 for result in good if result.mtf10 is not None]
    peak = float(np.mean([result.peak for result in good if result.peak is not None]))
    if peak > 1.1:  # noqa: PLR2004 - a response above 1 is made by sharpening
        notes.append(f"the picture is sharpened (peak response {peak:.2f}): MTF50 is not its resolution")
    mtf10 = float(np.mean(tenth)) if len(tenth) == len(good) else None
    return ChartSfr(
        value, k * u, k, mtf10, peak, len(by_edge), n_pictures, budget, (), tuple(notes), tuple(edges)
    )


def _budget(
    value: float, means: Floats, results: list[list[SfrResult]], codec: float
) -> tuple[Component, ...]:
    """Type A from the edges, which are independent; frames of one view are not, and only lower the noise.

    The noise of single edges is a floor: four edges may agree by chance.
    """
    count = len(means)
    scatter = float(np.std(means, ddof=1)) / math.sqrt(count)
    single = [max(result.U_mtf50 or 0.0 for result in edge) / 2 for edge in results]
    floor = math.sqrt(sum(u * u for u in single)) / count
    shares = (
        ("method bias", 0.002 / math.sqrt(3), "closed-form edges, |bias| ≤ 0.2 %"),
        ("tone curve (OECF)", 0.004, "residual after linearisation, 0.3–0.5 %"),
        ("codec", codec, "H.264 and H.265 simulations by quantiser"),
        ("print and edge of the chart", 0.005, "edge of the print ≤ 1/5 of a pixel's footprint"),
    )
    return (
        Component("scatter of the edges", "A", "t", scatter, count - 1.0, f"{count} edges"),
        Component("noise of the single edges", "B", "normal", floor, math.inf, "noise beside the edge"),
        *(
            Component(name, "B", "rectangular", share * value, math.inf, source)
            for name, share, source in shares
        ),
    )


def _coverage_factor(budget: tuple[Component, ...], u: float) -> float:
    """K for 95.45 % from the effective degrees of freedom (Welch–Satterthwaite, GUM G.4.1)."""
    weight = sum(part.u**4 / part.dof for part in budget if math.isfinite(part.dof) and part.dof > 0)
    if u == 0 or weight == 0:
        return 2.0
    return float(stdtrit(u**4 / weight, (1 + _COVERAGE) / 2))


def _codec_share(qp: float | None) -> float | None:
    """Relative standard uncertainty of MTF50 by compression; None when nothing can be said any more."""
    if qp is None or 23 < qp <= 28:  # noqa: PLR2004 - the rows of the simulation
        return 0.048
    if qp <= 20:  # noqa: PLR2004
        return 0.010
    return 0.022 if qp <= 23 else None  # noqa: PLR2004


def _notes(qp: float | None, missing: int) -> list[str]:
    notes = (
        [] if qp is not None else ["the stream's quantiser is not known; the codec's share is assumed large"]
    )
    if missing:
        notes.append(f"the chart was not found in {missing} pictures")
    return notes


def _value(result: SfrResult) -> float:
    assert result.mtf50 is not None
    return result.mtf50


def _none(gates: list[str], n_pictures: int, edges: tuple[tuple[int, str, SfrResult], ...] = ()) -> ChartSfr:
    return ChartSfr(None, None, None, None, None, 0, n_pictures, gates=tuple(gates), edges=edges)


def _centres(luma: npt.NDArray[np.uint8]) -> Floats | None:
    parameters = cv2.aruco.DetectorParameters()
    parameters.minMarkerPerimeterRate = 0.01
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    corners, ids, _ = cv2.aruco.ArucoDetector(dictionary, parameters).detectMarkers(luma)
    if ids is None:
        return None
    found = {int(number): _diagonals(quad[0]) for number, quad in zip(ids.ravel(), corners, strict=True)}
    if any(number not in found for number in _MARKERS):
        return None
    return np.array([found[number] for number in _MARKERS])


def _diagonals(quad: npt.NDArray[np.float32]) -> Floats:
    """Where the diagonals of a marker cross: the image of its centre under any perspective."""
    a, b, c, d = quad.astype(np.float64)
    across = np.column_stack((c - a, b - d))
    share = np.linalg.solve(across, b - a)[0] if abs(np.linalg.det(across)) > 1e-9 else 0.5  # noqa: PLR2004
    return np.asarray(a + share * (c - a), np.float64)


def _regions(homography: Floats, aspect: float, shape: tuple[int, ...]) -> tuple[Roi, ...]:
    """One axis-parallel region around the middle of each edge, inside the picture."""
    middle = _project(homography, 0.5, 0.5)
    rois = []
    for name, (right, down) in _EDGES.items():
        x, y = _project(homography, 0.5 + right * SIDE / 2 / aspect, 0.5 + down * SIDE / 2)
        side = 2 * _length(np.array([x, y]) - middle)
        along, beside = 0.5 * _ALONG * side, min(_BESIDE * side, _MOST_BESIDE)
        wide, high = (beside, along) if right else (along, beside)
        roi = Roi(name, round(y - high), round(y + high) + 1, round(x - wide), round(x + wide) + 1)
        if roi.y0 >= 0 and roi.x0 >= 0 and roi.y1 <= shape[0] and roi.x1 <= shape[1]:
            rois.append(roi)
    return tuple(rois)


def _project(homography: Floats, x: float, y: float) -> Floats:
    u, v, w = homography @ np.array([x, y, 1.0])
    return np.array([u / w, v / w])


def _length(vector: Floats) -> float:
    return float(np.hypot(vector[0], vector[1]))
