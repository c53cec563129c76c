# SPDX-License-Identifier: Apache-2.0
"""How evenly frames came: the gap before each by arrival and by RTP time, and the frequency of each gap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import BAD, INK, PALE

_ROOM = 0.15  # of the range shown, above and below what was seen
_LEAST = 0.1  # of the longest gap: an even stream is shown as even, not as noise that fills the picture


def _span(gaps: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float]:
    """The range of the axis: every gap lies inside, none on the edge."""
    low, high = float(gaps.min()), float(gaps.max())
    room = max(_ROOM * (high - low), _LEAST * high)
    return max(0.0, low - room), high + room


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """``at_s``, ``gap_ms``, ``step_ms`` of every frame but the first.

    ``lost``: when incomplete frames came.
    """
    at, gap, step = (np.asarray(data[key], float) for key in ("at_s", "gap_ms", "step_ms"))
    messages = canvas.messages
    figure = Figure(figsize=(5.6, 2.4), layout="constrained")
    line, bars = figure.subplots(1, 2, sharey=True, width_ratios=(4, 1))
    line.plot(at, gap, ".", color=INK, markersize=2.5, label=messages("fig.by_arrival"))
    line.plot(at, step, "-", color=PALE, linewidth=1.2, label=messages("fig.by_rtp"), zorder=0)
    lost = np.asarray(data.get("lost", []), float)
    if len(lost):
        top = float(max(gap.max(), step.max()))
        line.plot(lost, np.full(len(lost), top), "x", color=BAD, markersize=4, label=messages("fig.in_part"))
    line.set_xlabel(messages("fig.time_s"))
    line.set_ylabel(messages("fig.gap_ms"))
    line.set_ylim(*_span(np.concatenate((gap, step))))
    line.legend(fontsize=6.5, frameon=False, ncols=3, loc="upper left", bbox_to_anchor=(0, 1.16))
    bars.hist(gap, bins=40, orientation="horizontal", color=PALE, edgecolor=INK, linewidth=0.4)
    bars.set_xlabel(messages("fig.how_many"))
    return figure
