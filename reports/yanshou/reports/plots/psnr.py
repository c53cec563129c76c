# SPDX-License-Identifier: Apache-2.0
"""PSNR of each received picture over the picture of the reference sequence that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import INK, LIMIT


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """A dot for each picture; the limit, where there is one, as a broken line."""
    figure = Figure(figsize=(4.6, 2.3), layout="constrained")
    axes = figure.subplots()
    axes.plot(data["aligned"], data["db"], "o", color=INK, markersize=3, linestyle="none")
    limit = canvas.row.requirement.limit if canvas.row.requirement else None
    if limit is not None and limit.min is not None:
        label = f"{canvas.messages('fig.limit')} {limit.min:g}"
        axes.axhline(limit.min, color=LIMIT, linestyle="--", linewidth=1.1, label=label)
        axes.legend(fontsize=7, frameon=False)
    axes.set_xlabel(canvas.messages("fig.psnr.picture"))
    axes.set_ylabel("PSNR / dB")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return figure
