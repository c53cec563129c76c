# SPDX-License-Identifier: Apache-2.0
"""The 24 patches side by side: outside as certified, inside as photographed, with their ΔE00."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from yanshou.reports.plots.canvas import Canvas

_COLUMNS = 6
_FROM_XYZ_D50 = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
)
_LIGHT = 60.0  # L* above which a label is black


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """Colours are for the eye; the numbers are in the patches, readable in black and white too."""
    figure = Figure(figsize=(5.6, 3.3), layout="constrained")
    axes = figure.subplots()
    for number, name in enumerate(data["names"]):
        row, column = divmod(number, _COLUMNS)
        wanted, seen = data["reference"][number], data["measured"][number]
        axes.add_patch(
            Rectangle((column, row), 0.94, 0.94, facecolor=_rgb(wanted), edgecolor="black", linewidth=0.4)
        )
        axes.add_patch(Rectangle((column + 0.3, row + 0.3), 0.64, 0.64, facecolor=_rgb(seen), linewidth=0))
        ink = "black" if wanted[0] > _LIGHT else "white"
        axes.text(column + 0.05, row + 0.16, canvas.messages.said(name), fontsize=6, color=ink, va="center")
        ink = "black" if seen[0] > _LIGHT else "white"
        axes.text(
            column + 0.62,
            row + 0.64,
            f"{data['delta'][number]:.1f}",
            fontsize=8,
            color=ink,
            ha="center",
            va="center",
        )
    axes.set_xlim(0, _COLUMNS)
    axes.set_ylim(4, 0)
    axes.set_aspect("equal")
    axes.axis("off")
    mean = sum(data["delta"]) / len(data["delta"])
    a, b = data["cast"]
    axes.set_title(
        canvas.messages("fig.delta_e").format(mean=f"{mean:.2f}", a=f"{a:+.1f}", b=f"{b:+.1f}"), fontsize=7
    )
    return figure


def _rgb(lab: Sequence[float]) -> tuple[float, float, float]:
    """Non-linear sRGB 0…1 of CIELAB (D50), cut off at the gamut."""
    fy = (lab[0] + 16) / 116
    f = np.array([fy + lab[1] / 500, fy, fy - lab[2] / 200])
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * [0.96422, 1.0, 0.82521]
    linear = np.clip(_FROM_XYZ_D50 @ xyz, 0.0, 1.0)
    code = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)  # noqa: PLR2004
    return float(code[0]), float(code[1]), float(code[2])
