# SPDX-License-Identifier: Apache-2.0
"""The grey scale: its codes as a staircase, and the noise of each step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from yanshou.reports.plots.canvas import Canvas
from yanshou.reports.plots.style import BAD, INK


def steps(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """Mean code of each step with twice its noise; a cross between two that cannot be distinguished."""
    messages, codes, noise = canvas.messages, data["codes"], data["noise"]
    figure = Figure(figsize=(4.6, 2.3), layout="constrained")
    axes = figure.subplots()
    numbers = np.arange(1, len(codes) + 1)
    axes.step(numbers, codes, where="mid", color=INK, linewidth=1.2)
    axes.errorbar(
        numbers,
        codes,
        yerr=[2 * one for one in noise],
        fmt="o",
        color=INK,
        markersize=3,
        capsize=2,
        linewidth=0.8,
    )
    for place, apart in enumerate(data["resolved"], start=1):
        if not apart:
            axes.plot(place + 0.5, (codes[place - 1] + codes[place]) / 2, "x", color=BAD, markersize=7)
    axes.set_xlabel(messages("fig.grey.step"))
    axes.set_ylabel(messages("fig.grey.code"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_title(messages("fig.grey.count").format(steps=data["steps"]), fontsize=8)
    return figure


def noise(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """Noise in time and fixed pattern of each step over its code; the step of the ratio is ringed."""
    messages, rows = canvas.messages, data["steps"]
    figure = Figure(figsize=(4.6, 2.3), layout="constrained")
    axes = figure.subplots()
    codes = [row["code"] for row in rows]
    axes.plot(
        codes,
        [row["temporal"] for row in rows],
        "o-",
        color=INK,
        markersize=4,
        label=messages("fig.snr.temporal"),
    )
    axes.plot(
        codes,
        [row["fixed"] for row in rows],
        "s--",
        color=INK,
        fillstyle="none",
        markersize=4,
        label=messages("fig.snr.fixed"),
    )
    if data.get("reference") is not None:
        row = rows[int(data["reference"])]
        axes.plot(
            row["code"],
            row["temporal"],
            "o",
            color=BAD,
            fillstyle="none",
            markersize=10,
            label=messages("fig.snr.here"),
        )
    axes.set_ylim(0, None)
    axes.set_xlabel(messages("fig.grey.code"))
    axes.set_ylabel(messages("fig.snr.noise"))
    axes.legend(fontsize=7, frameon=False)
    return figure
