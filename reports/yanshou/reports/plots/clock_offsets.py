# SPDX-License-Identifier: Apache-2.0
"""Offsets of all clocks from the time reference, with U; linear about zero, logarithmic beyond."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from yanshou.reports.glyphs import Printer
from yanshou.reports.plots.style import BAD, INK, LIMIT

if TYPE_CHECKING:
    from yanshou.reports.plots.canvas import Canvas

_LINEAR_S = 0.01
_DECADES = (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0, 10_000.0, 100_000.0)


def draw(data: Mapping[str, Any], canvas: Canvas) -> Figure:
    """``clocks``: rows [device, device minus reference in s, U in s]; ``unread``: clocks not read."""
    messages = canvas.messages
    rows = [(Printer().text(str(name)), float(offset), float(U)) for name, offset, U in data["clocks"]]
    unread = [Printer().text(str(name)) for name in data.get("unread", [])]
    figure = Figure(
        figsize=(6.7, min(9.0, 1.2 + 0.17 * max(4, len(rows) + len(unread)))), layout="constrained"
    )
    axes = figure.subplots()
    limit = canvas.row.requirement.limit if canvas.row.requirement else None
    largest = limit.max if limit else None
    for place, (_, offset, U) in enumerate(rows):
        bad = largest is not None and abs(offset) > largest
        axes.errorbar(
            offset,
            place,
            xerr=U,
            fmt="D" if bad else "o",
            color=BAD if bad else INK,
            markersize=3.5,
            capsize=2.5,
            linewidth=0.9,
        )
        axes.annotate(
            f"{offset:+.3f} ± {U:.3f} s",
            (1.01, place),
            xycoords=("axes fraction", "data"),
            fontsize=6,
            va="center",
        )
    for place in range(len(rows), len(rows) + len(unread)):
        axes.annotate(
            messages("fig.clocks.unread"),
            (0.02, place),
            xycoords=("axes fraction", "data"),
            fontsize=6,
            va="center",
        )
    axes.axvline(0, color="black", linewidth=0.6)
    reach = max([abs(offset) + U for _, offset, U in rows] + [largest or 0.0, 0.02])
    if largest is not None:
        for side in (-largest, largest):
            axes.axvline(side, color=LIMIT, linestyle="--", linewidth=0.9)
    axes.set_xscale("symlog", linthresh=_LINEAR_S)
    ticks = [one for one in _DECADES if one <= reach * 2]
    axes.set_xticks(
        [*(-one for one in reversed(ticks)), 0, *ticks],
        [*(f"−{one:g}" for one in reversed(ticks)), "0", *(f"{one:g}" for one in ticks)],
        fontsize=7,
    )
    axes.minorticks_off()
    axes.set_xlim(-2 * reach, 2 * reach)
    axes.set_yticks(range(len(rows) + len(unread)), [*(name for name, _, _ in rows), *unread], fontsize=7)
    axes.set_ylim(len(rows) + len(unread) - 0.5, -0.5)
    axes.set_xlabel(messages("fig.clocks.axis"), fontsize=7)
    axes.grid(axis="x", color="#dddddd", linewidth=0.4)
    return figure
