# SPDX-License-Identifier: Apache-2.0
"""Figures of one measurement that are more than its list of observations (an MTF curve, a burst's timeline).

The measuring side puts plain numbers and a ``FigureKind`` into ``details["figure"]`` of the measurement; one
module of this package draws each kind.  Numbers only: a picture is a view of the journal like every report.

    details={"figure": {"kind": FigureKind.BURST, "opened": [...], "shown": [...]}}   # the measuring side
    def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure                        # plots/burst.py
    DRAWERS = {FigureKind.BURST: burst.draw}                                           # here
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from yanshou.model import FigureKind, Verdict
from yanshou.reports.glyphs import Printer
from yanshou.reports.messages import Messages
from yanshou.reports.plots import (
    body_pictures,
    burst,
    clock_drift,
    clock_offsets,
    declared_stream,
    delay_histogram,
    delta_e,
    detections,
    distortion,
    frame_intervals,
    greys,
    linkage,
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


DRAWERS: Mapping[FigureKind, Drawer] = {
    FigureKind.BURST: burst.draw,
    FigureKind.DELAY_HISTOGRAM: delay_histogram.draw,
    FigureKind.DECLARED_STREAM: declared_stream.draw,
    FigureKind.FRAME_INTERVALS: frame_intervals.draw,
    FigureKind.CLASSES: tables.classes,
    FigureKind.CLOCK_DRIFT: clock_drift.draw,
    FigureKind.CLOCK_OFFSETS: clock_offsets.draw,
    FigureKind.RECORDING_GAPS: recording_gaps.draw,
    FigureKind.RETENTION_MAP: retention_map.draw,
    FigureKind.RIGHTS: tables.rights,
    FigureKind.PULSES: pulses.draw,
    FigureKind.MTF: mtf.draw,
    FigureKind.PSNR: psnr.draw,
    FigureKind.GREY_STEPS: greys.steps,
    FigureKind.SNR: greys.noise,
    FigureKind.DELTA_E: delta_e.draw,
    FigureKind.DISTORTION: distortion.draw,
    FigureKind.LINKAGE: linkage.draw,
    FigureKind.DETECTIONS: detections.draw,
    FigureKind.BODY_PICTURES: body_pictures.draw,
}


def kind_figure(view: RunView, row: ReportRow, language: str = "zh", form: str = "png") -> bytes | None:
    """Draw the figure of a measurement; None if it has none.

    For a figure of an unknown kind a note is drawn, so that no report leaves one out without saying so.
    """
    data = row.measurement.details.get("figure") if row.measurement else None
    if not isinstance(data, Mapping):
        return None
    with style():
        return saved(_drawn(data, Canvas(Messages(language), view.blob, row)), form)


def kind_figures(view: RunView, language: str = "zh") -> list[FigureFile]:
    """Draw for the PDF: at most three figures of each measurand, non-conforming ones first.

    All pairs of the linkage matrix are one figure.
    """
    groups: dict[str, list[ReportRow]] = {}
    for row in {row.finding.measurement: row for row in reversed(view.rows) if _has(row)}.values():
        groups.setdefault(row.finding.measurand, []).append(row)
    made: list[FigureFile] = []
    for rows in groups.values():
        if matrix := _matrix(view, rows, language):
            made += [FigureFile(f"measured-{len(made) + n}.svg", *one) for n, one in enumerate(matrix, 1)]
            continue
        rows.sort(key=lambda row: (row.finding.verdict not in _AGAINST, row.finding.device))
        for row in rows[:_MOST_IN_PRINT]:
            if data := kind_figure(view, row, language, "svg"):
                caption = Printer().text(f"{row.finding.device} {title(row, Messages(language))}")
                made.append(FigureFile(f"measured-{len(made) + 1}.svg", data, caption))
    return made


def _matrix(view: RunView, rows: list[ReportRow], language: str) -> list[tuple[bytes, str]]:
    """All pairs of the linkage matrix in pictures with captions; none if the rows are of other kinds."""
    brought = [row.measurement.details["figure"] for row in rows if row.measurement]
    figures = [one for one in brought if isinstance(one, Mapping)]
    if any(one.get("kind") != FigureKind.LINKAGE for one in figures):
        return []
    messages = Messages(language)
    with style():
        return [
            (
                saved(
                    _drawn({"kind": FigureKind.LINKAGE, **one}, Canvas(messages, view.blob, rows[0])), "svg"
                ),
                messages("fig.linkage"),
            )
            for one in linkage.pages(linkage.joined(figures))
        ]


def _has(row: ReportRow) -> bool:
    return row.measurement is not None and isinstance(row.measurement.details.get("figure"), Mapping)


def _drawn(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """Draw; numbers that do not fit the kind give a note in the picture and do not stop the report."""
    kind = str(data.get("kind"))
    if kind not in DRAWERS:
        return _said(canvas.messages("fig.undrawn", kind=kind))
    try:
        return DRAWERS[FigureKind(kind)](data, canvas)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        return _said(f"{kind}: {type(error).__name__}: {error}")


def _said(text: str) -> Figure:
    figure = Figure(figsize=(4.6, 1.0))
    figure.text(0.02, 0.5, text, fontsize=7)
    return figure
