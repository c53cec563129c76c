# SPDX-License-Identifier: Apache-2.0
"""A table of what a camera declares of its stream and what it sends; differences are framed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from yanshou.reports.glyphs import Printer
from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import BAD, PALE

_ROW_INCH, _WIDTH_INCH = 0.27, 5.2
_LEFT = (0.02, 0.30, 0.58, 0.88)  # of the columns
_HALF = 0.43
_SIGNS = {True: "＝", False: "≠", None: "—"}
_LIMIT_SIGNS = {True: "≤", False: ">", None: "—"}
_LIMITS = ("rate", "bitrate")


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """``rows``: what (a word of the messages), declared, sent, same (null: nothing to compare)."""
    rows, messages = list(data["rows"]), canvas.messages
    figure = Figure(figsize=(_WIDTH_INCH, _ROW_INCH * (len(rows) + 1) + 0.1))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) + 0.5, -0.6)
    heads = ("", messages("fig.stream.said"), messages("fig.stream.sent"), "")
    table = [
        heads,
        *(
            (messages(f"fig.stream.{what}"), said, sent, _sign(what, same=same))
            for what, said, sent, same in rows
        ),
    ]
    for line, cells in enumerate(table):
        differs = line > 0 and rows[line - 1][3] is False
        for left, text in zip(_LEFT, cells, strict=True):
            shown = Printer().text(str(text) or ("—" if line else ""))
            axes.text(
                left, line, shown, va="center", fontsize=7.5,
                fontweight="bold" if differs or line == 0 else "normal",
            )  # fmt: skip
        if differs:
            frame = [line - _HALF, line - _HALF, line + _HALF, line + _HALF, line - _HALF]
            axes.plot([0.005, 0.99, 0.99, 0.005, 0.005], frame, color=BAD, linewidth=1.2)
        else:
            axes.plot([0.005, 0.99], [line + 0.5, line + 0.5], color=PALE, linewidth=0.5)
    return figure


def _sign(what: str, *, same: bool | None) -> str:
    return (_LIMIT_SIGNS if what in _LIMITS else _SIGNS)[same]
