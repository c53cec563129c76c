# SPDX-License-Identifier: Apache-2.0
"""Heat map of recordings: cameras by days, dark where recording is missing, crosses where playback failed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from yanshou.reports.glyphs import Printer
from yanshou.reports.plots.style import BAD, LIMIT

if TYPE_CHECKING:
    from yanshou.reports.plots.canvas import Canvas

_MANY = 40
_STEPS = np.concatenate([np.linspace(0.05, 0.75, 63), [1.0]])  # complete is white, one second less is not


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """``covered``: rows of cameras, columns of days from ``first_day``, 0 to 1 or None."""
    messages, cameras = canvas.messages, [str(name) for name in data["cameras"]]
    table = np.array(
        [[np.nan if one is None else float(one) for one in row] for row in data["covered"]], float
    )
    days = table.shape[1]
    height = min(9.0, 1.3 + 0.16 * max(3, len(cameras)))
    figure = Figure(figsize=(6.7, height), layout="constrained")
    axes = figure.subplots()
    colours = ListedColormap([str(grey) for grey in _STEPS])
    colours.set_bad("#dfe8f0")
    image = axes.imshow(
        np.ma.masked_invalid(table), aspect="auto", cmap=colours, vmin=0, vmax=1, interpolation="nearest"
    )
    axes.set_xticks(np.arange(-0.5, days, 1), minor=True)
    axes.set_yticks(np.arange(-0.5, len(cameras), 1), minor=True)
    axes.grid(which="minor", color="#c8c8c8", linewidth=0.2)
    axes.tick_params(which="minor", length=0)
    _failed(data, cameras, axes, messages("fig.retention.failed"))
    first = date.fromisoformat(str(data["first_day"]))
    for required in data.get("required_d", []):
        at = max(-0.45, days - 1 - float(required) - 0.5 + _spare(days, data))
        if float(required) <= days:
            axes.axvline(at, color=LIMIT, linestyle="--", linewidth=0.9)
            axes.annotate(
                f"{required:g} d",
                (at, -0.6),
                fontsize=6,
                ha="left",
                va="bottom",
                annotation_clip=False,
            )
    places = np.linspace(0, days - 1, min(days, 7)).round().astype(int)
    axes.set_xticks(places, [f"{first + timedelta(days=int(place)):%m-%d}" for place in places], fontsize=7)
    step = 1 if len(cameras) <= _MANY else 2
    names = [Printer().text(name) for name in cameras]
    axes.set_yticks(range(0, len(names), step), names[::step], fontsize=7 if len(names) <= _MANY else 5)
    bar = figure.colorbar(image, ax=axes, fraction=0.025, pad=0.01)
    bar.set_label(messages("fig.retention.covered"), fontsize=7)
    bar.ax.tick_params(labelsize=6)
    return figure


def _spare(days: int, data: Mapping[str, Any]) -> float:
    """Days of the map beyond the longest window: today, which is incomplete."""
    longest = max((float(one) for one in data.get("required_d", [])), default=days - 1)
    return max(0.0, days - 1 - longest) if days - 1 - longest < 1 else 0.0


def _failed(data: Mapping[str, Any], cameras: list[str], axes: Any, label: str) -> None:
    points = [
        (float(day) - 0.5, cameras.index(str(camera)))
        for camera, day, _ in data.get("failed", [])
        if camera in cameras and float(day) >= 0
    ]
    if points:
        x, y = zip(*points, strict=True)
        axes.plot(x, y, "x", color=BAD, markersize=4, markeredgewidth=1.1, label=label)
        axes.legend(fontsize=6, loc="upper left", bbox_to_anchor=(0, -0.08), frameon=False)
