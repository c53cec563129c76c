# SPDX-License-Identifier: Apache-2.0
"""The linkage matrix: sources by targets, each designed pair with its time and its state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from yanshou.reports.glyphs import Printer
from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import PALE
from yanshou.reports.rounding import number, uncertainty

_CELL_INCH = (1.05, 0.42)
_EDGE_INCH = (1.5, 1.1)
_COLOURS = {"right": "#dcecd9", "unknown": "#eeeeee", "late": "#f9dfb1", "twice": "#f9dfb1"}
_MOST_ROWS, _MOST_COLUMNS = 14, 6
_AGAINST = "#f4c7c3"  # missing, wrong, and what nobody designed


def joined(figures: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The cells of many pairs in one matrix."""
    whole: dict[str, Any] = {"pairs": [], "beside": [], "words": {}}
    for one in figures:
        whole["pairs"] += one["pairs"]
        whole["beside"] += one["beside"]
        whole["words"] |= one["words"]
    return whole


def pages(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The matrix in pieces that fit a page; each cell is in exactly one of them."""
    rows = list(dict.fromkeys((one["source"], one["event"]) for one in data["pairs"]))
    columns = list(dict.fromkeys((one["target"], one["effect"]) for one in [*data["pairs"], *data["beside"]]))
    cut: list[dict[str, Any]] = []
    for top in range(0, len(rows), _MOST_ROWS):
        for left in range(0, len(columns), _MOST_COLUMNS):
            sources, targets = rows[top : top + _MOST_ROWS], columns[left : left + _MOST_COLUMNS]
            part = {
                key: [
                    one
                    for one in data[key]
                    if (one["source"], one["event"]) in sources and (one["target"], one["effect"]) in targets
                ]
                for key in ("pairs", "beside")
            }
            if part["pairs"] or part["beside"]:
                cut.append({**part, "words": data["words"]})
    return cut


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """Rows: source and event; columns: target and effect. Hatched: an effect that nobody designed."""
    pairs, beside = data["pairs"], data["beside"]
    rows = list(dict.fromkeys((one["source"], one["event"]) for one in [*pairs, *beside]))
    columns = list(dict.fromkeys((one["target"], one["effect"]) for one in [*pairs, *beside]))
    figure, axes = _grid(
        [_label(one, data, canvas) for one in rows], [_label(one, data, canvas) for one in columns]
    )
    for one in pairs:
        place = columns.index((one["target"], one["effect"])), rows.index((one["source"], one["event"]))
        state = str(one["state"])
        _box(axes, place, _COLOURS.get(state, _AGAINST), hatch="")
        _write(axes, place, f"{canvas.messages(f'fig.linkage.{state}')}\n{_timed(one)}")
    designed = {(one["source"], one["event"], one["target"], one["effect"]) for one in pairs}
    for one in beside:
        if (one["source"], one["event"], one["target"], one["effect"]) not in designed:
            place = columns.index((one["target"], one["effect"])), rows.index((one["source"], one["event"]))
            _box(axes, place, _AGAINST, hatch="////")
            _write(axes, place, canvas.messages("fig.linkage.undesigned"))
    return figure


def _label(end: tuple[str, str], data: Mapping[str, Any], canvas: Canvas) -> str:
    device, word = end
    said = data["words"].get(word, {}).get(canvas.messages.language, word)
    return "\n".join(Printer().text(line) for line in (device, str(said)))


def _timed(one: Mapping[str, Any]) -> str:
    """The time ± U over the time of the design, in seconds."""
    design = "" if one["deadline_s"] is None else f"≤ {one['deadline_s']:g} s"
    if one["latency_s"] is None:
        return design
    spread = float(one["U_s"])
    value = number(float(one["latency_s"]), spread)
    return f"{value} ± {uncertainty(spread)} s  {design}".strip()


def _grid(rows: list[str], columns: list[str]) -> tuple[Figure, Axes]:
    size = _EDGE_INCH[0] + _CELL_INCH[0] * len(columns), _EDGE_INCH[1] + _CELL_INCH[1] * len(rows)
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots()
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks(range(len(columns)), columns, fontsize=6)
    axes.set_yticks(range(len(rows)), rows, fontsize=6)
    axes.xaxis.tick_top()
    axes.tick_params(which="both", length=0)
    for place in range(1, len(columns)):
        axes.axvline(place - 0.5, color=PALE, linewidth=0.6)
    for place in range(1, len(rows)):
        axes.axhline(place - 0.5, color=PALE, linewidth=0.6)
    for side in ("top", "right"):
        axes.spines[side].set_visible(True)
    return figure, axes


def _box(axes: Axes, place: tuple[int, int], colour: str, *, hatch: str) -> None:
    corner = place[0] - 0.48, place[1] - 0.46
    axes.add_patch(
        Rectangle(corner, 0.96, 0.92, facecolor=colour, edgecolor=PALE, hatch=hatch, linewidth=0.4)
    )


def _write(axes: Axes, place: tuple[int, int], text: str) -> None:
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}  # small text on a screen of dots is lost
    axes.text(*place, text, fontsize=5.5, ha="center", va="center", linespacing=1.4, bbox=paper)
