# SPDX-License-Identifier: Apache-2.0
"""The drift of a clock over a watch: its offset at each reading with U, and a line from first to last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from yanshou.reports.plots.style import INK, LIMIT

if TYPE_CHECKING:
    from yanshou.reports.plots.canvas import Canvas

_HOUR_S, _LONG_S = 3600.0, 7200.0


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """``data["looks"]``: rows [seconds since the first, device minus reference in s, U in s]."""
    readings = [(float(at), float(offset), float(U)) for at, offset, U in data["looks"]]
    long = readings[-1][0] > _LONG_S
    per = _HOUR_S if long else 1.0
    figure = Figure(figsize=(6.7, 2.1), layout="constrained")
    axes = figure.subplots()
    axes.errorbar(
        [at / per for at, _, _ in readings],
        [offset for _, offset, _ in readings],
        yerr=[U for _, _, U in readings],
        fmt="o",
        color=INK,
        markersize=3.5,
        capsize=2.5,
        linewidth=0.9,
    )
    (first, begun, _), (last, ended, _) = readings[0], readings[-1]
    axes.plot([first / per, last / per], [begun, ended], linestyle="--", color=LIMIT, linewidth=0.9)
    axes.set_xlabel(canvas.messages("fig.drift.hours" if long else "fig.drift.seconds"), fontsize=7)
    axes.set_ylabel(canvas.messages("fig.drift.offset"), fontsize=7)
    axes.tick_params(labelsize=7)
    axes.grid(color="#dddddd", linewidth=0.4)
    return figure
