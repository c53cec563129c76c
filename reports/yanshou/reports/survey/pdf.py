# SPDX-License-Identifier: Apache-2.0
"""The results of a survey as PDF: figures, heat map, findings; the same bytes for the same results."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final

import typst

from yanshou.model import RigFault
from yanshou.reports.glyphs import Printer, font_folder
from yanshou.reports.survey.heatmap import HeatmapLine, lines_of, svg
from yanshou.reports.survey.messages import SurveyMessages
from yanshou.reports.survey.results import Record
from yanshou.reports.survey.tables import finding_rows, lines

_A_PAGE: Final = 42
_MOST_ROWS: Final = 500


def pdf_bytes(results: Record, words: SurveyMessages) -> bytes:
    """Typeset it; RigFault with Typst's own words when it cannot be."""
    with tempfile.TemporaryDirectory(prefix="yanshou-survey-") as name:
        folder = Path(name)
        _lay_out(results, words, folder)
        try:
            made: bytes = typst.compile(
                str(folder / "survey.typ"),
                root=str(folder),
                font_paths=[str(font_folder())],
                ignore_system_fonts=True,
                timestamp=datetime.fromisoformat(results["settings"]["now"]).astimezone(UTC),
            )
        except (typst.TypstError, RuntimeError) as error:
            raise RigFault(f"the PDF could not be typeset: {getattr(error, 'diagnostic', error)}") from error
        return made


def _lay_out(results: Record, words: SurveyMessages, folder: Path) -> None:
    printer = Printer()
    shown = [HeatmapLine(printer.text(line.label), line.levels) for line in lines_of(results)]
    pages = [shown[at : at + _A_PAGE] for at in range(0, len(shown), _A_PAGE)]
    names = []
    for number, part in enumerate(pages):
        names.append(f"heat-{number}.svg")
        (folder / names[-1]).write_text(svg(part, words), encoding="utf-8")
    content = printer.clean(_content(results, words, names))
    (folder / "survey.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    source = resources.files("yanshou.reports") / "template" / "survey.typ"
    with resources.as_file(source) as template:
        shutil.copyfile(template, folder / "survey.typ")


def _content(results: Record, words: SurveyMessages, pictures: list[str]) -> dict[str, Any]:
    counts, settings = results["summary"], results["settings"]
    rows = lines(list(finding_rows(results, words)))
    states = [[words.state(state), str(count)] for state, count in counts["states"].items()]
    return {
        "language": words.language,
        "title": words("title"),
        "site": results["site"]["name"],
        "emulated": words("emulated") if settings["emulated"] else "",
        "when": words.when(settings),
        "screening": words("screening"),
        "figures": [[words(key), str(counts[key])] for key in ("devices", "clean", "against", "unknown")]
        + states,
        "recordings": words("recordings"),
        "no_recordings": words("no_recordings"),
        "pictures": pictures,
        "findings": words("findings"),
        "rows": [[row[0], row[1], row[4], row[6]] for row in rows[: _MOST_ROWS + 1]],
        "nothing": words("nothing"),
        "more": words("more", count=len(rows) - 1) if len(rows) > _MOST_ROWS + 1 else "",
    }
