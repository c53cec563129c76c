# SPDX-License-Identifier: Apache-2.0
"""The pulses of a search for the shortest processed signal, in the order they were given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import BAD, INK, LIMIT


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """Each pulse with the bounds of its length: filled when the panel alarmed, hollow when it did not."""
    messages, pulses = canvas.messages, data["pulses"]
    figure = Figure(figsize=(4.6, 2.3), layout="constrained")
    axes = figure.subplots()
    for processed, label in ((True, "fig.pulses.processed"), (False, "fig.pulses.lost")):
        chosen = [(place, one) for place, one in enumerate(pulses, start=1) if bool(one[2]) is processed]
        if not chosen:
            continue
        axes.errorbar(
            [place for place, _ in chosen],
            [(one[0] + one[1]) / 2 for _, one in chosen],
            yerr=[(one[1] - one[0]) / 2 for _, one in chosen],
            fmt="o",
            color=INK if processed else BAD,
            fillstyle="full" if processed else "none",
            markersize=4.5,
            capsize=2,
            linewidth=0.8,
            label=messages(label),
        )
    limit = canvas.row.requirement.limit if canvas.row.requirement else None
    if limit is not None and limit.max is not None:
        axes.axhline(
            limit.max,
            color=LIMIT,
            linestyle="--",
            linewidth=1.1,
            label=f"{messages('fig.limit')} {limit.max:g}",
        )
    axes.set_xlabel(messages("fig.pulses.order"))
    axes.set_ylabel("ms")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(fontsize=7, frameon=False)
    return figure
