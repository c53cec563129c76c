# SPDX-License-Identifier: Apache-2.0
"""Detections of a gate or a hand-held detector: how many of how many tries, by object and position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import BAD, PALE
from yanshou.reports.plots.tables import grid

_NOT_TESTED = "–"


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """``cells``: row, column, hits, trials and whether the class is met there (null: open)."""
    cells = data["cells"]
    rows = list(dict.fromkeys(str(one["row"]) for one in cells))
    columns = list(dict.fromkeys(str(one["column"]) for one in cells))
    figure, axes = grid(rows, columns, canvas)
    for one in cells:
        place = columns.index(str(one["column"])), rows.index(str(one["row"]))
        counted = f"{one['hits']}/{one['trials']}"
        text = _NOT_TESTED if one["trials"] is None else f"({counted})" if one["met"] is None else counted
        bad = one["met"] is False
        axes.text(*place, text, ha="center", va="center", fontsize=7)
        if bad:
            axes.plot(*([value] for value in place), "s", markersize=21, color=BAD, fillstyle="none")
    blank = data["blank"]
    label = _NOT_TESTED if blank is None else f"{blank[0]}/{blank[1]}"
    axes.set_xlabel(
        canvas.messages("fig.detections.blank", count=label),
        fontsize=7,
        fontweight="bold" if data["quiet"] is False else "normal",
    )
    axes.spines["bottom"].set_color(PALE)
    return figure
