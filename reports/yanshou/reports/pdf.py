# SPDX-License-Identifier: Apache-2.0
"""The formal report as PDF/A-3 (ISO 19005-3), typeset by Typst with the vendored font, results.json embedded.

The time in the file is the end of the run and no system font is used: the same run folder gives the same
bytes on every machine.
"""

from __future__ import annotations

from typing import Final

from yanshou.reports.document import document
from yanshou.reports.evidence_names import evidence_title
from yanshou.reports.glyphs import Printer
from yanshou.reports.handwritten import signature_lines
from yanshou.reports.latin_signs import latin_signs
from yanshou.reports.messages import Messages
from yanshou.reports.naming import item_name, item_names
from yanshou.reports.photos import photos
from yanshou.reports.plots import figures, kind_figures
from yanshou.reports.results import results_json
from yanshou.reports.typeset import typeset
from yanshou.reports.view import RunView

STANDARD: Final = "a-3a"


def pdf_bytes(view: RunView, language: str = "zh") -> bytes:
    """Typeset the report; RigFault with Typst's own message if that fails."""
    printer = Printer()
    shown, files = _pictures(view, language)
    content = printer.clean(document(view, language) | shown)
    content = content if language == "zh" else latin_signs(content)
    content["unprintable"] = printer.named()
    files["results.json"] = results_json(view)
    return typeset("report", content, files, view.ended, (STANDARD,))


def _pictures(view: RunView, language: str) -> tuple[dict[str, list[dict[str, str]]], dict[str, bytes]]:
    """The data of pictures for the layout, and their files by name."""
    drawn, shown = [*figures(view, language), *kind_figures(view, language)], photos(view)
    files = {one.name: one.data for one in drawn} | {one.name: one.data for one in shown}
    messages = Messages(language)
    signed = signature_lines(view, messages)
    files |= {one.name: one.picture for one in signed if one.picture is not None}
    names = item_names(view, messages)
    numbers = {note.sha256: f"E{place}" for place, note in reversed([*enumerate(view.evidence, start=1)])}
    notes = {
        one.name: " ".join(
            filter(
                None,
                [
                    numbers[one.note.sha256],
                    item_name(names, one.note.item),
                    evidence_title(view, one.note, messages),
                ],
            )
        )
        for one in shown
    }
    return {
        "figures": [{"name": picture.name, "caption": picture.caption} for picture in drawn],
        "photos": [{"name": name, "caption": caption} for name, caption in notes.items()],
    }, files
