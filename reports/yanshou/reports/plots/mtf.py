# SPDX-License-Identifier: Apache-2.0
"""The responses of the chart's edges, and where in the picture each was measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.patches import Rectangle

from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import BAD, INK

_STYLES = {
    "centre": ("-", 1.4),
    "left-top": ("--", 0.9),
    "right-top": ("-.", 0.9),
    "left-bottom": (":", 1.1),
    "right-bottom": ((0, (5, 1, 1, 1, 1, 1)), 0.9),
}


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """Left the mean upright response of each square, right the picture with its regions and their MTF50."""
    figure = Figure(figsize=(6.4, 2.7), layout="constrained")
    curves, places = figure.subplots(1, 2, width_ratios=(1.0, 1.35))
    _curves(curves, data, canvas)
    _places(places, data, canvas)
    return figure


def _curves(axes: Axes, data: Mapping[str, Any], canvas: Canvas) -> None:
    messages = canvas.messages
    for square, (line, width) in _STYLES.items():
        chosen = [
            one["mtf"]
            for one in data["edges"]
            if one["square"] == square and one["horizontal"] and one["mtf"]
        ]
        if chosen:
            mean = [sum(values) / len(values) for values in zip(*chosen, strict=True)]
            label = messages(f"fig.mtf.{square}")
            axes.plot(data["frequency"], mean, linestyle=line, color=INK, linewidth=width, label=label)
    for level in (0.5, 0.1):
        axes.axhline(level, color="#808080", linewidth=0.6)
    axes.set_xlim(0, 0.5)
    axes.set_ylim(0, None)
    axes.set_xlabel(messages("fig.mtf.frequency"))
    axes.set_ylabel(messages("fig.mtf.response"))
    axes.legend(fontsize=6, frameon=False)


def _places(axes: Axes, data: Mapping[str, Any], canvas: Canvas) -> None:
    width, height = data["size"]
    if data.get("picture"):
        path = canvas.blob(str(data["picture"]))
        if path.is_file():
            axes.imshow(imread(path, format="png"), cmap="gray", alpha=0.55, extent=(0, width, height, 0))
    for one in data["edges"]:
        x, y, w, h = one["roi"]
        good = one["mtf50"] is not None
        frame = Rectangle((x, y), w, h, fill=False, edgecolor=INK if good else BAD, linewidth=0.7)
        frame.set_linestyle("-" if good else ":")
        axes.add_patch(frame)
        below = one["side"] in ("bottom", "right")
        at = (x + w / 2, y + h + 2 if below else y - 2)
        text = f"{one['mtf50']:.3f}" if good else "×"
        axes.text(*at, text, fontsize=4.5, ha="center", va="top" if below else "bottom", color="black")
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title(canvas.messages("fig.mtf.places"), fontsize=7)
