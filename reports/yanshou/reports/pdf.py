# SPDX-License-Identifier: Apache-2.0
"""The formal report as PDF/A-3 (ISO 19005-3), typeset by Typst with the vendored font, results.json embedded.

The time in the file is the end of the run and no system font is used: the same run folder gives the same
bytes on every machine.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from importlib import resources
from pathlib import Path
from typing import Final

import typst

from yanshou.model import RigFault
from yanshou.reports.document import document
from yanshou.reports.glyphs import Printer, font_folder
from yanshou.reports.photos import photos
from yanshou.reports.plots import figures, kind_figures
from yanshou.reports.results import results_json
from yanshou.reports.view import RunView

STANDARD: Final = "a-3a"


def pdf_bytes(view: RunView, language: str = "zh") -> bytes:
    """Typeset the report; RigFault with Typst's own words when it cannot be."""
    with tempfile.TemporaryDirectory(prefix="yanshou-pdf-") as name:
        folder = Path(name)
        lay_out(view, folder, language)
        return _typeset(view, folder)


def lay_out(view: RunView, folder: Path, language: str = "zh") -> None:
    """Put the template and everything it reads into ``folder``."""
    printer = Printer()
    content = printer.clean(document(view, language) | _pictures(view, folder, language))
    content["unprintable"] = printer.named()
    source = resources.files(__package__) / "template" / "report.typ"
    with resources.as_file(source) as template:
        shutil.copyfile(template, folder / "report.typ")
    (folder / "document.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    (folder / "results.json").write_bytes(results_json(view))


def _pictures(view: RunView, folder: Path, language: str) -> dict[str, list[dict[str, str]]]:
    drawn, shown = [*figures(view, language), *kind_figures(view, language)], photos(view)
    for name, data in [(one.name, one.data) for one in drawn] + [(one.name, one.data) for one in shown]:
        (folder / name).write_bytes(data)
    return {
        "figures": [{"name": picture.name, "caption": picture.caption} for picture in drawn],
        "photos": [
            {
                "name": picture.name,
                "caption": f"{picture.note.item} {picture.note.name} {picture.note.note}".strip(),
            }
            for picture in shown
        ],
    }


def _typeset(view: RunView, folder: Path) -> bytes:
    try:
        made: bytes = typst.compile(
            str(folder / "report.typ"),
            root=str(folder),
            font_paths=[str(font_folder())],
            ignore_system_fonts=True,
            pdf_standards=[STANDARD],
            timestamp=view.ended.replace(microsecond=0),
        )
    except (typst.TypstError, RuntimeError) as error:
        raise RigFault(
            f"the PDF could not be typeset: {getattr(error, 'diagnostic', error)}",
            remedy="Make the other reports with --only allure,json,junit and report this message.",
        ) from error
    return made
