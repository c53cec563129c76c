# SPDX-License-Identifier: Apache-2.0
"""Gaps of recordings: their places on the time line of each camera, and their lengths."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from yanshou.reports.glyphs import Printer
from yanshou.reports.plots.style import BAD, INK, PALE

if TYPE_CHECKING:
    from yanshou.reports.plots.canvas import Canvas

_MANY = 40
_LEAST_SHARE = 0.002  # of the width: even a gap of seconds must be visible
_TICKS = ((1, "1 s"), (60, "1 min"), (3600, "1 h"), (86_400, "1 d"), (864_000, "10 d"))


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """``gaps``: rows [index of the camera, days from ``start``, seconds, excused], the longest first."""
    messages = canvas.messages
    cameras = [Printer().text(str(name)) for name in data["cameras"]]
    days, gaps = float(data["days"]), data["gaps"]
    start = datetime.fromisoformat(str(data["start"]))
    height = min(9.0, 1.5 + 0.15 * max(4, len(cameras)))
    figure = Figure(figsize=(6.7, height), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(2.4, 1))
    for number in range(len(cameras)):
        left.broken_barh([(0, days)], (number - 0.3, 0.6), facecolors="#eef3f8", linewidth=0)
    for number, since, seconds, excused in gaps:
        width = max(float(seconds) / 86_400, _LEAST_SHARE * days)
        left.broken_barh(
            [(float(since), width)],
            (int(number) - 0.3, 0.6),
            facecolors="white" if excused else BAD,
            edgecolors=INK if excused else BAD,
            linewidth=0.5,
            hatch="////" if excused else None,
        )
    left.set_ylim(len(cameras) - 0.4, -0.6)
    left.set_xlim(0, days)
    step = 1 if len(cameras) <= _MANY else 2
    left.set_yticks(range(0, len(cameras), step), cameras[::step], fontsize=7 if len(cameras) <= _MANY else 5)
    places = np.linspace(0, days, 6)
    left.set_xticks(places, [f"{start + timedelta(days=float(one)):%m-%d}" for one in places], fontsize=7)
    left.set_title(messages("fig.gaps.where"), fontsize=8)
    _lengths(right, gaps, messages)
    return figure


def _lengths(axes: Any, gaps: Any, messages: Any) -> None:
    """Histogram of the lengths over decades, excused ones separately."""
    bins = np.logspace(0, 6.2, 32)
    counting = [max(1.0, float(one[2])) for one in gaps if not one[3]]
    excused = [max(1.0, float(one[2])) for one in gaps if one[3]]
    axes.hist(
        [counting, excused],
        bins=bins,
        stacked=True,
        color=[INK, PALE],
        label=[messages("fig.gaps.counting"), messages("fig.gaps.excused")],
    )
    axes.set_xscale("log")
    axes.set_ylim(bottom=0, top=None if gaps else 1)
    axes.set_xticks([tick for tick, _ in _TICKS], [name for _, name in _TICKS], fontsize=6)
    axes.minorticks_off()
    axes.set_title(messages("fig.gaps.lengths", n=len(gaps)), fontsize=8)
    axes.yaxis.get_major_locator().set_params(integer=True)
    if gaps:
        axes.legend(fontsize=6, frameon=False)
