# SPDX-License-Identifier: Apache-2.0
"""The timeline of a burst: when each zone was opened, and when the panel showed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from yanshou.reports.glyphs import Printer
from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import BAD, INK, LIMIT, PALE

_NAMED = 24  # more zones than that are drawn as rows without names
_ROW_INCH, _EDGE_INCH = 0.16, 0.9
_LEAST_INCH, _MOST_INCH = 1.7, 7.0
_THIN = 0.004  # drawn width of the narrowest bracket, as a share of the figure


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """One row for each zone: the bracket of its opening, and of its indication, or a cross for none."""
    messages, zones = canvas.messages, [str(name) for name in data["zones"]]
    height = min(_MOST_INCH, max(_LEAST_INCH, _EDGE_INCH + _ROW_INCH * len(zones)))
    figure = Figure(figsize=(6.4, height), layout="constrained")
    axes = figure.subplots()
    seen = [pair for pair in data["shown"] if pair]
    end = max([float(data["window_s"]), *(pair[1] for pair in seen)]) * 1000 * 1.05
    _rows(axes, data["opened"], INK, end, messages("fig.burst.opened"), filled=True)
    _rows(axes, data["shown"], PALE, end, messages("fig.burst.shown"), filled=False)
    lost = [place for place, pair in enumerate(data["shown"]) if pair is None]
    if lost:
        axes.plot([end * 0.98] * len(lost), lost, "x", color=BAD, label=messages("fig.burst.lost"))
    axes.axvline(data["window_s"] * 1000, color=LIMIT, linestyle="--", linewidth=1.0,
                 label=messages("fig.burst.window", ms=f"{data['window_s'] * 1000:g}"))  # fmt: skip
    axes.set_xlim(-end * 0.02, end)
    axes.set_ylim(len(zones) - 0.4, -0.6)
    _names(axes, zones)
    axes.set_xlabel(messages("fig.burst.time"))
    figure.legend(fontsize=7, frameon=False, loc="outside lower center", ncols=4)
    return figure


def _rows(axes: Axes, pairs: Any, colour: str, end: float, label: str, *, filled: bool) -> None:
    """A bar from the earliest to the latest moment of each; a thin one is widened to stay visible."""
    known = [(place, pair[0] * 1000, pair[1] * 1000) for place, pair in enumerate(pairs) if pair]
    if not known:
        return
    axes.barh(
        [place for place, _, _ in known],
        [max(most - least, end * _THIN) for _, least, most in known],
        left=[least for _, least, _ in known],
        height=0.62,
        color=colour if filled else "white",
        edgecolor=INK,
        linewidth=0.7,
        hatch=None if filled else "////",
        label=label,
    )


def _names(axes: Axes, zones: list[str]) -> None:
    if len(zones) <= _NAMED:
        axes.set_yticks(range(len(zones)), [Printer().text(name) for name in zones], fontsize=7)
    else:
        places = range(0, len(zones), max(1, len(zones) // _NAMED))
        axes.set_yticks(list(places), [Printer().text(zones[place]) for place in places], fontsize=6)
