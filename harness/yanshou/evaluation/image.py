# SPDX-License-Identifier: Apache-2.0
"""From one capture of the test chart to the measurements of picture quality, with budgets, gates and figures.

Every function takes a :class:`ChartShot`: the chart read once from the key frames of one session. A closed
gate makes the measurement invalid with its reason; the value, where there is one, is kept beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from yanshou.imaging import Certificate, ChartReading, Frame, layout, read_chart
from yanshou.imaging.chart import Resolution
from yanshou.imaging.colour import Colours
from yanshou.imaging.frame import FULL, LIMITED
from yanshou.imaging.grey import range_shown
from yanshou.metrology import evaluated, rectangular
from yanshou.model import Component, FigureKind, Measurement, Quantity, UncertaintyStatus
from yanshou.model.stream import StreamCapture

_TVL: Final = "水平清晰度由 e-SFR 的 MTF10 换算（机构自编方法），不是标准的楔形目视判读"
_MIDDLE_UNKNOWN: Final = "画面中央的响应在可测频率内未降至 10 %，边缘与中央之比未知"
_VIDEO_SNR: Final = "信噪比按 20 lg（白黑码值差 ÷ 时域噪声）计，与 ISO 15739 的输入端信噪比不同"
_NO_CERTIFICATE: Final = "图卡无有效校准证书，灰阶与颜色仅供参考"
_CHROMA_STEP: Final = 0.35  # CIELAB per half a code of chroma
_LIGHT_CAST: Final = 0.9  # CIELAB
_CERTIFICATE_CAST: Final = 0.5
_HD_ROWS: Final = 720
_CORNERS: Final = ("left-top", "right-top", "left-bottom", "right-bottom")
_CURVE: Final = np.linspace(0.0, 0.5, 26)


@dataclass(frozen=True, slots=True, eq=False)
class ChartShot:
    """One capture of the chart: ``reading`` or the reasons in ``gates``; where and when it was taken.

    ``sha256``: the picture kept as evidence; ``instrument``: the chart's entry of the register.
    """

    device: str
    reading: ChartReading | None
    gates: tuple[str, ...]
    taken: Mapping[str, object]
    instrument: str = ""
    sha256: str = ""
    notes: tuple[str, ...] = field(default=())


def frames_of(capture: StreamCapture) -> list[Frame]:
    """The decoded key frames of a session with their range and matrix as the stream states them."""
    black, white = FULL if capture.full_range else LIMITED
    matrix = capture.matrix or ("bt709" if capture.height >= _HD_ROWS else "bt601")
    return [
        Frame(
            luma,
            black,
            white,
            chroma=capture.chroma.get(index),
            matrix=matrix,
            qp=capture.qp,
            qp_exact=capture.qp_exact,
            bits_per_pixel=8 * capture.frames[index].size / luma.size,
        )
        for index, luma in capture.pictures
    ]


def chart_shot(
    device: str,
    capture: StreamCapture,
    certificate: Certificate,
    taken: Mapping[str, object],
    instrument: str = "",
) -> ChartShot:
    """Find the chart in a session's key frames."""
    if not capture.pictures:
        reason = capture.stopped_early or "没有可解码的画面"
        return ChartShot(device, None, (reason,), taken, instrument)
    reading, gates = read_chart(frames_of(capture), certificate)
    notes = () if reading is None else reading.view.notes
    return ChartShot(device, reading, gates, taken, instrument, notes=notes)


def esfr_mtf50(shot: ChartShot) -> Measurement:
    """MTF50 of the chart's slanted edges in cycles per pixel (ISO 12233:2023), over edges and key frames."""
    found = _resolution(shot, lambda reading: reading.mtf50)
    return _made(shot, "esfr_mtf50", "cy/px", found, figure=_mtf_figure(shot))


def horizontal_tvl(shot: ChartShot) -> Measurement:
    """Limiting resolution in the middle of the picture, upright edges, in lines per picture height."""
    found = _resolution(shot, lambda reading: reading.lines("centre"))
    made = _made(shot, "horizontal_resolution_tvl", "TVL", found, figure=_mtf_figure(shot))
    return _with(made, deviations=(*made.deviations, _TVL))


def resolution_lw_ph(shot: ChartShot) -> Measurement:
    """Mean limiting resolution of middle and corners; the value is horizontal, vertical is in the details."""
    found = _resolution(shot, lambda reading: reading.lines("centre", *_CORNERS))
    upright = _resolution(shot, lambda reading: reading.lines("centre", *_CORNERS, horizontal=False))
    alone = [_resolution(shot, lambda reading, at=name: reading.lines(at)) for name in ("centre", *_CORNERS)]
    missing = tuple(dict.fromkeys(gate for one in alone for gate in one.gates))
    if missing and not found.gates:  # a mean without its worst corner would be too good
        found = Resolution(None, None, None, gates=missing)
    made = _made(shot, "resolution_lw_ph", "LW/PH", found, figure=_mtf_figure(shot))
    return _with(made, deviations=(*made.deviations, _TVL), details={"vertical": upright.value})


def edge_centre_ratio(shot: ChartShot) -> Measurement:
    """The lowest of the four corners' limiting resolutions over that of the middle, in percent.

    It is not cut off at the Nyquist frequency, because a cut-off middle would make the corners look better.
    """
    middle = _resolution(shot, lambda reading: reading.lines("centre", uncut=True))
    corners = {
        name: _resolution(shot, lambda reading, at=name: reading.lines(at, uncut=True)) for name in _CORNERS
    }
    gates = [gate for one in (middle, *corners.values()) for gate in one.gates]
    if middle.at_least:  # nothing shows how much better the middle is than a corner
        gates.append(_MIDDLE_UNKNOWN)
    if gates or not middle.value:
        found = Resolution(None, None, None, gates=tuple(dict.fromkeys(gates)))
        return _made(shot, "edge_centre_resolution_ratio", "%", found)
    ratios = {name: 100 * (one.value or 0.0) / middle.value for name, one in corners.items()}
    worst = min(ratios, key=lambda name: ratios[name])
    parts = (middle, corners[worst])
    relative = math.hypot(*((one.U or 0.0) / (one.k or 2.0) / (one.value or 1.0) for one in parts))
    budget = (
        Component("middle and corner", "A", "normal", ratios[worst] * relative, math.inf, "their budgets"),
    )
    found = Resolution(ratios[worst], 2 * ratios[worst] * relative, 2.0, tuple(ratios.values()), budget)
    made = _made(shot, "edge_centre_resolution_ratio", "%", found)
    return _with(made, details={"corners": ratios})


def grey_steps(shot: ChartShot) -> Measurement:
    """How many of the eleven grey steps can be distinguished; all eleven are a lower bound."""
    scale = None if shot.reading is None else shot.reading.greys
    gates = shot.gates if scale is None else scale.gates
    if shot.reading is not None:  # light that flickers hides steps as noise does
        gates = (*gates, *filter(None, (shot.reading.strip.gate, shot.reading.bands.noise_gate)))
    steps = None if scale is None or scale.steps is None else float(scale.steps)
    figure = {} if scale is None or gates else _grey_figure(shot)
    made = Measurement(
        "grey_steps",
        shot.device,
        Quantity.COUNT,
        steps,
        "1",
        layout.GREYS,
        at_least=steps if steps == layout.GREYS else None,  # the chart shows no more steps
        invalid=_reason(shot, gates, certified=_greys_certified(shot)),
    )
    return _with(made, **_common(shot, figure))


def temporal_snr(shot: ChartShot) -> Measurement:
    """ISO 15739 signal-to-temporal-noise ratio at the grey nearest 13 % of saturation, in dB."""
    found = None if shot.reading is None else shot.reading.snr()
    gates = shot.gates if found is None else (*found.gates, *((found.iso_gate,) if found.iso_gate else ()))
    value = None if found is None else found.iso_db
    budget = [] if found is None or value is None else list(found.budget)
    if found is not None and value is not None:
        budget.append(rectangular("densities of the chart", 0.17, "0.02 D between two steps"))
        budget.append(rectangular("light that saturates", found.saturation_db, "tone curve drawn on to it"))
        budget.append(rectangular("light on the greys", found.glare_db, "paper beside them"))
    details: dict[str, Any] = {}
    if found is not None:
        details = {
            "video_snr_db": found.video_db,
            "field_snr_db": found.field_db,
            "temporal_codes": found.temporal,
            "fixed_codes": found.fixed,
            "grey_step": None if found.step is None else found.step + 1,
            "pictures": found.pictures,
            "coarse_noise": found.coarse,
        }
    made = _quantity(shot, "temporal_snr", "dB", value, found.pictures if found else 0, budget, gates)
    figure = {} if found is None or value is None else _snr_figure(shot)
    invalid = _reason(shot, gates, certified=_greys_certified(shot))
    return _with(made, invalid=invalid, **_common(shot, figure, details))


def low_light_snr(shot: ChartShot, illuminance_lx: float) -> Measurement:
    """White minus black over the noise in time, in dB: what a video analyser reads, at the stated light."""
    found = None if shot.reading is None else shot.reading.snr()
    gates = shot.gates if found is None else found.gates
    value = None if found is None else found.video_db
    budget = [] if found is None or value is None else list(found.budget)
    made = _quantity(shot, "low_light_snr", "dB", value, found.pictures if found else 0, budget, gates)
    details = {"illuminance_lx": illuminance_lx, "formula": "20 lg((white - black) / temporal noise)"}
    figure = {} if found is None or value is None else _snr_figure(shot)
    made = _with(made, invalid=_reason(shot, gates), **_common(shot, figure, details))
    return _with(made, deviations=(*made.deviations, _VIDEO_SNR))


def white_balance(shot: ChartShot, light_k: float) -> Measurement:
    """Chroma distance of the middle greys from their certificate, in CIELAB (D50).

    The picture does not show whether a cast is of the camera or of the lamps: ``light_k`` is the colour
    temperature somebody states for them, which the result says.
    """
    found = None if shot.reading is None else shot.reading.colours
    gates = shot.gates if found is None else found.gates
    value = None if found is None else found.white_balance
    budget = [] if found is None or value is None else _cast_budget(found)
    certified = shot.reading is not None and shot.reading.certificate.colours
    made = _quantity(shot, "white_balance_error", "1", value, 4, budget, gates)
    details: dict[str, Any] = {}
    figure: dict[str, Any] = {}
    if found is not None and value is not None:
        details = {
            "a_b": list(found.cast),
            "delta_e00_mean": float(found.delta.mean()),
            "delta_e00_max": float(found.delta.max()),
            "delta_e00_exposure_matched_mean": float(found.matched.mean()),
            "delta_c00_mean": float(found.chroma.mean()),
            "clipped_patches": list(found.clipped),
            "light_k": light_k,
        }
        figure = _colour_figure(shot)
    made = _with(made, invalid=_reason(shot, gates, certified=certified), **_common(shot, figure, details))
    light = f"图卡处光源色温 {light_k:g} K 为声明值，未经本台测量；偏色含光源与其标称之差"
    return _with(made, deviations=(*made.deviations, light))


def _cast_budget(found: Colours) -> list[Component]:
    """The budget of the mean cast of the middle greys: scatter of greys and key frames, and assumptions."""
    greys, frames = found.scatter_greys, found.scatter_frames
    return [
        Component("scatter of the greys", "A", "t", greys.u, greys.dof, "middle greys against each other"),
        Component("scatter of the key frames", "A", "t", frames.u, frames.dof, "key frames of the session"),
        rectangular("rounding of chroma", _CHROMA_STEP, "half a code of U and V"),
        rectangular("colour of the light", _LIGHT_CAST, "assumed: lamp beside its stated colour temperature"),
        rectangular("colour of the light over the chart", found.light_apart, "bare paper over the sheet"),
        rectangular("certificate of the chart", _CERTIFICATE_CAST, "assumed: its U is not in the register"),
    ]


def geometric_distortion(shot: ChartShot) -> Measurement:
    """Greatest displacement by the lens, at the picture's corner, as a part of picture height in percent."""
    found = None if shot.reading is None else shot.reading.distortion
    gates = shot.gates if found is None else found.gates
    value = None if found is None or found.percent is None else abs(found.percent)
    budget = []
    if found is not None and found.u_percent is not None:
        budget = [
            Component("fit of the corners", "A", "normal", found.u_percent, math.inf, "residuals of the fit"),
            rectangular("model of one coefficient", 0.03, "simulated lenses"),
            rectangular("flatness of the chart", 0.1, "1 mm at 1 m"),
            rectangular("middle of the lens", 0.05, "taken as the picture's middle"),
        ]
    made = _quantity(shot, "geometric_distortion", "%", value, 1, budget if value is not None else [], gates)
    figure: dict[str, Any] = {}
    details: dict[str, Any] = {}
    if found is not None and found.percent is not None:
        details = {"signed": found.percent, "rms_px": found.rms_px, "cover": found.cover}
        figure = _distortion_figure(shot)
    return _with(made, invalid=_reason(shot, gates), **_common(shot, figure, details))


def pixel_density(shot: ChartShot) -> Measurement:
    """Pixels per metre in the plane of the chart."""
    found = None if shot.reading is None else shot.reading.density
    budget = []
    if found is not None:
        budget = [
            Component("fit, print, tilt and place of the plane", "B", "normal", found.u, math.inf, "chart")
        ]
    value = None if found is None else found.value
    made = _quantity(shot, "pixel_density", "px/m", value, 1, budget, shot.gates)
    details = {} if found is None else {"dori_2014": found.dori, "oodpcvs_2025": found.oodpcvs}
    return _with(made, invalid=_reason(shot, shot.gates), **_common(shot, {}, details))


def range_lower_bound(shot: ChartShot) -> float | None:
    """The dynamic range the reflective chart proves in dB: a lower bound."""
    if shot.reading is None or shot.reading.curve is None:
        return None
    found = range_shown(shot.reading.greys, shot.reading.curve)
    return None if found is None else found.at_least_db


def _resolution(shot: ChartShot, ask: Any) -> Resolution:
    if shot.reading is None:
        return Resolution(None, None, None, gates=shot.gates)
    found: Resolution = ask(shot.reading)
    return found


def _made(
    shot: ChartShot, measurand: str, unit: str, found: Resolution, figure: Mapping[str, Any] | None = None
) -> Measurement:
    tone = "" if shot.reading is None else shot.reading.tone_gate
    made = Measurement(
        measurand,
        shot.device,
        Quantity.CONTINUOUS,
        found.value,
        unit,
        len(found.raw),
        statistic="mean",
        U=found.U,
        k=found.k,
        uncertainty=UncertaintyStatus.EVALUATED,
        budget=found.budget,
        raw=found.raw,
        at_least=found.value if found.at_least else None,
        at_most=found.at_most,
        invalid=_reason(shot, (*((tone,) if tone else ()), *found.gates)),
    )
    details = {"peak": found.peak, "notes": [*shot.notes, *found.notes]}
    return _with(made, **_common(shot, figure or {}, details))


def _quantity(
    shot: ChartShot,
    measurand: str,
    unit: str,
    value: float | None,
    n: int,
    components: Iterable[Component],
    gates: Sequence[str],
) -> Measurement:
    return evaluated(measurand, shot.device, None if gates else value, unit, n, components)


def _common(
    shot: ChartShot, figure: Mapping[str, Any], details: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    kept: dict[str, Any] = {"details": {**(details or {}), "chart": dict(shot.taken)}}
    if shot.reading is not None:
        coding = shot.reading.coding
        kept["details"] |= {
            "qp": coding.qp,
            "qp_of": "blocks" if coding.exact else "slices",
            "bits_per_pixel": coding.bits_per_pixel,
            "chart_width_px": shot.reading.view.width_px,
        }
    if figure:
        kept["details"]["figure"] = {**figure, "picture": shot.sha256}
    if shot.instrument:
        kept["instruments"] = (shot.instrument,)
    return kept


def _with(made: Measurement, **changes: Any) -> Measurement:
    details = {**made.details, **changes.pop("details", {})}
    return replace(made, details=details, **changes)


def _reason(shot: ChartShot, gates: Sequence[str], *, certified: bool = True) -> str:
    reasons = [*dict.fromkeys((*shot.gates, *gates))]
    if not reasons and not certified:
        reasons = [_NO_CERTIFICATE]
    return "; ".join(reasons)


def _greys_certified(shot: ChartShot) -> bool:
    return shot.reading is not None and shot.reading.certificate.greys


def _mtf_figure(shot: ChartShot) -> dict[str, Any]:
    """One curve per edge with its position in the picture."""
    if shot.reading is None:
        return {}
    edges = []
    for one in shot.reading.edges:
        result = one.result
        curve = np.interp(_CURVE, result.frequencies, result.mtf) if result.mtf.size else np.zeros(0)
        edges.append(
            {
                "square": one.roi.square,
                "side": one.roi.side,
                "roi": [one.roi.x0, one.roi.y0, one.roi.x1 - one.roi.x0, one.roi.y1 - one.roi.y0],
                "horizontal": result.horizontal,
                "mtf50": result.mtf50,
                "mtf": [round(float(value), 4) for value in curve],
                "gate": result.gates[0] if result.gates else "",
            }
        )
    frequency = [round(float(value), 3) for value in _CURVE]
    return {"kind": FigureKind.MTF, "frequency": frequency, "edges": edges, "size": list(shot.reading.size)}


def _grey_figure(shot: ChartShot) -> dict[str, Any]:
    assert shot.reading is not None
    scale = shot.reading.greys
    return {
        "kind": FigureKind.GREY_STEPS,
        "codes": [round(one.mean, 2) for one in scale.patches],
        "noise": [round(one.total, 3) for one in scale.patches],
        "resolved": list(scale.resolved),
        "steps": scale.steps,
    }


def _snr_figure(shot: ChartShot) -> dict[str, Any]:
    assert shot.reading is not None
    scale, curve = shot.reading.greys, shot.reading.curve
    assert curve is not None
    rows = [
        {
            "code": round(one.mean, 2),
            "temporal": round(float(np.nan_to_num(one.temporal)), 3),
            "fixed": round(one.fixed, 3),
            "reflectance": float(np.interp(one.mean, curve.codes, curve.reflectances)),
        }
        for one in scale.patches
    ]
    return {"kind": FigureKind.SNR, "steps": rows, "reference": shot.reading.snr().step}


def _colour_figure(shot: ChartShot) -> dict[str, Any]:
    assert shot.reading is not None
    found = shot.reading.colours
    return {
        "kind": FigureKind.DELTA_E,
        "names": [name for name, _ in layout.COLOURS],
        "reference": np.round(found.reference, 2).tolist(),
        "measured": np.round(found.measured, 2).tolist(),
        "delta": np.round(found.delta, 2).tolist(),
        "cast": list(found.cast),
    }


def _distortion_figure(shot: ChartShot) -> dict[str, Any]:
    assert shot.reading is not None
    found = shot.reading.distortion
    return {"kind": FigureKind.DISTORTION, "percent": found.percent, "size": list(shot.reading.size)}
