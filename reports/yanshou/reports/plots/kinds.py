# SPDX-License-Identifier: Apache-2.0
"""Figures of one measurement that are more than its list of observations (an MTF curve, a burst's timeline).

The measuring side puts plain numbers into ``details["figure"]`` of the measurement, with a ``kind``; one
module of this package draws each kind.  Numbers only: a picture is a view of the journal like every report.

    details={"figure": {"kind": "burst", "opened": [...], "shown": [...]}}     # the measuring side
    def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure                 # plots/burst.py
    DRAWERS = {"burst": burst.draw}                                             # here
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from yanshou.model import Verdict
from yanshou.reports.glyphs import Printer
from yanshou.reports.messages import Messages
from yanshou.reports.plots import (
    burst,
    clock_drift,
    clock_offsets,
    declared_stream,
    delay_histogram,
    delta_e,
    distortion,
    frame_intervals,
    greys,
    mtf,
    psnr,
    pulses,
    recording_gaps,
    retention_map,
    tables,
)
from yanshou.reports.plots.canvas import Canvas, Drawer
from yanshou.reports.plots.style import FigureFile, saved, style
from yanshou.reports.records import ReportRow
from yanshou.reports.view import RunView
from yanshou.reports.wording import title

_MOST_IN_PRINT = 3  # figures of one measurand in the PDF; the Allure page has them all
_AGAINST = (Verdict.NON_CONFORM, Verdict.CONDITIONAL_NON_CONFORM, Verdict.INVALID)


DRAWERS: Mapping[str, Drawer] = {
    "burst": burst.draw,
    "delay_histogram": delay_histogram.draw,
    "declared_stream": declared_stream.draw,
    "frame_intervals": frame_intervals.draw,
    "classes": tables.classes,
    "clock_drift": clock_drift.draw,
    "clock_offsets": clock_offsets.draw,
    "recording_gaps": recording_gaps.draw,
    "retention_map": retention_map.draw,
    "rights": tables.rights,
    "pulses": pulses.draw,
    "mtf": mtf.draw,
    "psnr": psnr.draw,
    "grey_steps": greys.steps,
    "snr": greys.noise,
    "delta_e": delta_e.draw,
    "distortion": distortion.draw,
}


def kind_figure(view: RunView, row: ReportRow, language: str = "zh", form: str = "png") -> bytes | None:
    """Draw the figure of a measurement; None if it has none of a known kind."""
    data = row.measurement.details.get("figure") if row.measurement else None
    drawer = DRAWERS.get(str(data.get("kind"))) if isinstance(data, Mapping) else None
    if drawer is None or not isinstance(data, Mapping):
        return None
    with style():
        return saved(_drawn(drawer, data, Canvas(Messages(language), view.blob, row)), form)


def kind_figures(view: RunView, language: str = "zh") -> list[FigureFile]:
    """Draw for the PDF: at most three figures of each measurand, non-conforming ones first."""
    groups: dict[str, list[ReportRow]] = {}
    for row in {row.finding.measurement: row for row in reversed(view.rows) if _has(row)}.values():
        groups.setdefault(row.finding.measurand, []).append(row)
    made: list[FigureFile] = []
    for rows in groups.values():
        rows.sort(key=lambda row: (row.finding.verdict not in _AGAINST, row.finding.device))
        for row in rows[:_MOST_IN_PRINT]:
            if data := kind_figure(view, row, language, "svg"):
                caption = Printer().text(f"{row.finding.device} {title(row, Messages(language))}")
                made.append(FigureFile(f"measured-{len(made) + 1}.svg", data, caption))
    return made


def _has(row: ReportRow) -> bool:
    return row.measurement is not None and isinstance(row.measurement.details.get("figure"), Mapping)


def _drawn(drawer: Drawer, data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """Draw; numbers that do not fit the kind give a note in the picture and do not stop the report."""
    try:
        return drawer(data, canvas)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        figure = Figure(figsize=(4.6, 1.0))
        figure.text(0.02, 0.5, f"{data.get('kind')}: {type(error).__name__}: {error}", fontsize=7)
        return figure
