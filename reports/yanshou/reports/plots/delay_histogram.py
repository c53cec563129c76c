# SPDX-License-Identifier: Apache-2.0
"""Delays of the picture: a histogram with every single delay below it, percentiles and the limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import INK, LIMIT, PALE

_MOST_BINS = 40
_PERCENTILES = (("p50_ms", "P50", ":"), ("p95_ms", "P95", "--"), ("p99_ms", "P99", "-."))


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """Milliseconds; ``values_ms`` in the order of the trials, ``p50_ms`` … ``reader_ms`` as measured."""
    values = np.asarray(data["values_ms"], float)
    messages = canvas.messages
    figure = Figure(figsize=(4.8, 2.6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    bins = min(_MOST_BINS, max(6, round(2 * np.sqrt(len(values)))))
    above.hist(values, bins=bins, color=PALE, edgecolor=INK, linewidth=0.6)
    for key, name, dashes in _PERCENTILES:
        above.axvline(
            float(data[key]), color=INK, linestyle=dashes, linewidth=1.1, label=f"{name} {data[key]:.1f}"
        )
    limit = _limit_ms(canvas)
    if limit is not None and limit < _SHOWN * float(values.max()):
        above.axvline(limit, color=LIMIT, linewidth=1.6, label=f"{messages('fig.limit')} {limit:g}")
    above.set_ylabel(messages("fig.how_many"))
    above.legend(fontsize=6.5, frameon=False)
    reader = float(data.get("reader_ms", 0.0))
    notes = [f"n = {len(values)}"]
    if reader > 0:
        notes.append(messages("fig.reader", ms=f"{reader:.1f}"))
    if limit is not None and limit >= _SHOWN * float(values.max()):
        notes.append(f"{messages('fig.limit')} {limit:g} ms")
    above.set_title("   ".join(notes), fontsize=7, loc="left")
    below.plot(values, np.linspace(0, 1, len(values)), "|", color=INK, markersize=6)
    below.set_yticks([])
    below.set_ylabel(messages("fig.each"), fontsize=6.5)
    below.set_xlabel(messages("fig.delay_ms"))
    return figure


_SHOWN = 1.5  # a limit further away than this would squeeze the histogram


def _limit_ms(canvas: Canvas) -> float | None:
    """The upper limit of the row in milliseconds."""
    limit = canvas.row.requirement.limit if canvas.row.requirement else None
    if limit is None or limit.max is None:
        return None
    return limit.max * {"s": 1e3, "ms": 1.0}.get(limit.unit, 1.0)
