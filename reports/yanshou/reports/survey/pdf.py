# SPDX-License-Identifier: Apache-2.0
"""The results of a survey as PDF: figures, heat map, findings; the same bytes for the same results."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from yanshou.reports.glyphs import Printer
from yanshou.reports.survey.heatmap import HeatmapLine, lines_of, svg
from yanshou.reports.survey.messages import SurveyMessages
from yanshou.reports.survey.results import Record
from yanshou.reports.survey.tables import finding_rows, lines
from yanshou.reports.typeset import typeset

_A_PAGE: Final = 42
_MOST_ROWS: Final = 500


def pdf_bytes(results: Record, messages: SurveyMessages) -> bytes:
    """Typeset it; RigFault with Typst's own message if that fails."""
    printer = Printer()
    shown = [HeatmapLine(printer.text(line.label), line.levels) for line in lines_of(results)]
    pages = [shown[at : at + _A_PAGE] for at in range(0, len(shown), _A_PAGE)]
    files = {f"heat-{number}.svg": svg(part, messages).encode() for number, part in enumerate(pages)}
    content = printer.clean(_content(results, messages, list(files)))
    moment = datetime.fromisoformat(results["settings"]["now"]).astimezone(UTC)
    return typeset("survey", content, files, moment)


def _content(results: Record, messages: SurveyMessages, pictures: list[str]) -> dict[str, Any]:
    counts, settings = results["summary"], results["settings"]
    rows = lines(list(finding_rows(results, messages)))
    states = [[messages.state(state), str(count)] for state, count in counts["states"].items()]
    return {
        "language": messages.language,
        "title": messages("title"),
        "site": results["site"]["name"],
        "emulated": messages("emulated") if settings["emulated"] else "",
        "when": messages.when(settings),
        "screening": messages("screening"),
        "figures": [[messages(key), str(counts[key])] for key in ("devices", "clean", "against", "unknown")]
        + states,
        "recordings": messages("recordings"),
        "no_recordings": messages("no_recordings"),
        "pictures": pictures,
        "findings": messages("findings"),
        "rows": [[row[0], row[1], row[4], row[6]] for row in rows[: _MOST_ROWS + 1]],
        "nothing": messages("nothing"),
        "more": messages("more", count=len(rows) - 1) if len(rows) > _MOST_ROWS + 1 else "",
    }
