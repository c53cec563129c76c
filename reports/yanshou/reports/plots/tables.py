# SPDX-License-Identifier: Apache-2.0
"""Figures that are tables of signs: which class was shown as which, which role may do what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from yanshou.reports.glyphs import Printer
from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import BAD, INK, PALE

_CELL_INCH = (0.95, 0.34)
_EDGE_INCH = (1.3, 0.95)


def classes(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """Rows: what was stimulated; columns: what was shown. Only the diagonal may be marked."""
    names = [str(name) for name in data["classes"]]
    given = [name for name in names if name in data["shown"]]
    figure, axes = grid(given, names, canvas)
    for row, name in enumerate(given):
        for column, other in enumerate(names):
            if other in data["shown"][name]:
                _mark(axes, row, column, "●", right=other == name)
            elif other == name:
                _mark(axes, row, column, "○", right=False)
    axes.set_xlabel(canvas.messages("fig.classes.shown"), fontsize=8)
    axes.set_ylabel(canvas.messages("fig.classes.given"), fontsize=8)
    return figure


def rights(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """Rows: roles; columns: functions. Filled: it worked; deviations from the rights are framed."""
    attempts = data["attempts"]
    roles = list(dict.fromkeys(str(one["role"]) for one in attempts))
    functions = list(dict.fromkeys(str(one["function"]) for one in attempts))
    figure, axes = grid(roles, functions, canvas)
    for one in attempts:
        right = one["worked"] == one["allowed"] and (one["worked"] or one["logged"] is not False)
        sign = "●" if one["worked"] else "○"
        _mark(axes, roles.index(one["role"]), functions.index(one["function"]), sign, right=right)
    axes.set_xlabel(canvas.messages("fig.rights.signs"), fontsize=7)
    return figure


def grid(rows: list[str], columns: list[str], canvas: Canvas) -> tuple[Figure, Axes]:
    """An empty table with the names of its rows and columns, in the language of the page."""
    said, printed = canvas.messages.said, Printer()
    size = (
        _EDGE_INCH[0] + _CELL_INCH[0] * len(columns),
        _EDGE_INCH[1] + _CELL_INCH[1] * len(rows),
    )
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots()
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks(range(len(columns)), [printed.text(said(name)) for name in columns])
    axes.set_yticks(range(len(rows)), [printed.text(said(name)) for name in rows])
    axes.set_xticks([place - 0.5 for place in range(1, len(columns))], minor=True)
    axes.set_yticks([place - 0.5 for place in range(1, len(rows))], minor=True)
    axes.grid(visible=True, which="minor", color=PALE, linewidth=0.6)
    axes.tick_params(which="both", length=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(True)
    return figure, axes


def _mark(axes: Axes, row: int, column: int, sign: str, *, right: bool) -> None:
    filled = sign == "●"
    colour = INK if right else BAD
    axes.plot([column], [row], "o", markersize=7, color=colour, fillstyle="full" if filled else "none")
    if not right:
        axes.plot([column], [row], "s", markersize=17, color=BAD, fillstyle="none", markeredgewidth=1.2)
