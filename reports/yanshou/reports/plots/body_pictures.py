# SPDX-License-Identifier: Apache-2.0
"""Pictures of an X-ray test body with its features: what the assessor saw, what the picture shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.patches import Rectangle

from yanshou.reports.glyphs import Printer
from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import BAD, INK

_COLUMNS = 2
_MARGIN = 2.0  # mm around a feature
_SIGNS = {True: "●", False: "○", None: "–"}


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """``shots``: position, picture (evidence), features with box in mm, seen, visible, ratio."""
    shots = data["shots"]
    rows = -(-len(shots) // _COLUMNS)
    figure = Figure(figsize=(6.2, 2.4 * rows), layout="constrained")
    axes = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for place, one in zip(axes, shots, strict=False):
        _shot(place, one, data["size"], canvas)
    for place in axes[len(shots) :]:
        place.set_axis_off()
    figure.supxlabel(canvas.messages("fig.body_pictures.signs"), fontsize=7)
    return figure


def _shot(axes: Axes, shot: Mapping[str, Any], size: list[float] | None, canvas: Canvas) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title(canvas.messages("fig.body_pictures.position", position=str(shot["position"])), fontsize=7)
    if size is not None and shot["picture"]:
        path = canvas.blob(str(shot["picture"]))
        axes.imshow(imread(path, format="png"), cmap="gray", extent=(0, size[0], size[1], 0))
        for one in shot["features"]:
            if one["box"] is not None:
                _mark(axes, one)
    marks = [f"{one['name']} {_SIGNS[one['seen']]}{_SIGNS[one['visible']]}" for one in shot["features"]]
    axes.set_xlabel(Printer().text("  ".join(marks)), fontsize=6)


def _mark(axes: Axes, one: Mapping[str, Any]) -> None:
    left, top, right, bottom = one["box"]
    agreed = one["visible"] is None or one["seen"] is None or one["visible"] == one["seen"]
    axes.add_patch(
        Rectangle(
            (left - _MARGIN, top - _MARGIN),
            right - left + 2 * _MARGIN,
            bottom - top + 2 * _MARGIN,
            fill=False,
            linewidth=0.7,
            edgecolor=INK if agreed and one["seen"] else BAD,
        )
    )
