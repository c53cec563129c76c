# SPDX-License-Identifier: Apache-2.0
"""The style of all figures: the vendored font, inks that print in black and white, reproducible bytes.

Figures are drawn without pyplot, so no global state remains; the same data give the same bytes.
"""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, cast

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from yanshou.reports.glyphs import FAMILY, font_folder

INK, LIMIT, BAD, PALE = "#1f4e79", "#c00000", "#c00000", "#9db7d0"
_STYLE = {
    "font.family": FAMILY,
    "font.size": 8,
    "axes.unicode_minus": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "yanshou",
}
_known: list[str] = []


@dataclass(frozen=True, slots=True)
class FigureFile:
    """A drawn figure: file name, bytes and caption."""

    name: str
    data: bytes
    caption: str


def style() -> AbstractContextManager[None]:
    """Use the style while the context lasts; the fonts are registered once."""
    if not _known:
        _known.extend(str(path) for path in sorted(font_folder().glob("*.ttf")))
        for path in _known:
            fontManager.addfont(path)
    return mpl.rc_context(cast("Any", _STYLE))


def saved(figure: Figure, form: str) -> bytes:
    """Give the figure as SVG (text kept as text) or PNG at 150 dpi."""
    buffer = io.BytesIO()
    if form == "svg":
        with mpl.rc_context({"svg.fonttype": "none"}):
            figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    else:
        figure.savefig(buffer, format="png", dpi=150, metadata={"Software": None})
    return buffer.getvalue()
