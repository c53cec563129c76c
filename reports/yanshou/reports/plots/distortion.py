# SPDX-License-Identifier: Apache-2.0
"""The distortion of a grid by the lens, drawn five times too strong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import INK

_STRONGER = 5.0


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """Dotted: the ideal grid; solid: the grid as the lens shows it."""
    width, height = data["size"]
    figure = Figure(figsize=(3.8, 2.3), layout="constrained")
    axes = figure.subplots()
    far = np.hypot(width, height) / 2
    share = _STRONGER * data["percent"] / 100 * height / far
    along = np.linspace(-1, 1, 41)
    for line in np.linspace(-1, 1, 9):
        for x, y in (
            (along * width / 2, line * height / 2 + 0 * along),
            (line * width / 2 + 0 * along, along * height / 2),
        ):
            stretch = 1 + share * (x**2 + y**2) / far**2
            axes.plot(x, y, ":", color="#808080", linewidth=0.6)
            axes.plot(x * stretch, y * stretch, "-", color=INK, linewidth=0.9)
    axes.set_aspect("equal")
    axes.axis("off")
    axes.set_title(canvas.messages("fig.distortion").format(percent=f"{data['percent']:+.2f}"), fontsize=8)
    return figure
