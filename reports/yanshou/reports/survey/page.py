# SPDX-License-Identifier: Apache-2.0
"""The results of a survey as one HTML page that loads nothing from outside and runs no script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from yanshou.reports.survey.heatmap import lines_of, svg
from yanshou.reports.survey.messages import SurveyMessages
from yanshou.reports.survey.results import Record
from yanshou.reports.survey.tables import finding_rows, lines

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE: Final = """
body{font:15px/1.5 "Noto Sans SC","Microsoft YaHei","PingFang SC",sans-serif;color:#1c2733;margin:0 auto;
max-width:1200px;padding:1.2em}
h1{font-size:1.5em;margin:.2em 0}h2{font-size:1.15em;margin:1.6em 0 .5em}
p.note{color:#55606b;max-width:60em}p.emulated{background:#fff1d6;border:1px solid #9a5b00;padding:.2em .6em}
.tiles{display:flex;flex-wrap:wrap;gap:.8em;margin:1em 0}
.tiles div{border:1px solid #8a94a0;border-radius:6px;padding:.4em 1em;min-width:6em}
.tiles b{display:block;font-size:1.7em}.tiles .bad b{color:#b00000}.tiles .open b{color:#8a5200}
table{border-collapse:collapse;width:100%;font-size:.92em}
th,td{border:1px solid #c3cad1;padding:.25em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#eef1f4}tr.bad td:first-child{border-left:4px solid #b00000}
svg{width:100%;height:auto}
@media print{body{max-width:none;padding:0}tr{break-inside:avoid}}
"""
_MOST_ROWS: Final = 2000


def page(results: Record, messages: SurveyMessages) -> str:
    """The whole page."""
    return "\n".join(_parts(results, messages)) + "\n"


def _parts(results: Record, messages: SurveyMessages) -> Iterator[str]:
    name = escape(results["site"]["name"])
    settings = results["settings"]
    yield f'<!DOCTYPE html><html lang="{messages.language}"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>{messages('title')} {name}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{messages('title')}　{name}</h1>"
    if settings["emulated"]:
        yield f'<p class="emulated">{messages("emulated")}</p>'
    yield f"<p>{escape(messages.when(settings))}</p>"
    yield f'<p class="note">{messages("screening")}</p>'
    yield from _tiles(results, messages)
    yield f"<h2>{messages('recordings')}</h2>"
    shown = lines_of(results)
    yield svg(shown, messages) if shown else f"<p>{messages('no_recordings')}</p>"
    yield f"<h2>{messages('findings')}</h2>"
    yield from _findings(results, messages)
    yield "</body></html>"


def _tiles(results: Record, messages: SurveyMessages) -> Iterator[str]:
    counts = results["summary"]
    yield '<div class="tiles">'
    for key, tone in (("devices", ""), ("clean", ""), ("against", "bad"), ("unknown", "open")):
        yield f'<div class="{tone if counts[key] else ""}"><b>{counts[key]}</b>{messages(key)}</div>'
    for state, count in counts["states"].items():
        yield f"<div><b>{count}</b>{messages.state(state)}</div>"
    yield "</div>"


def _findings(results: Record, messages: SurveyMessages) -> Iterator[str]:
    head, *rows = lines(list(finding_rows(results, messages)))
    if not rows:
        yield f"<p>{messages('nothing')}</p>"
        return
    against = messages("against")
    yield "<table><thead><tr>" + "".join(f"<th>{escape(cell)}</th>" for cell in head) + "</tr></thead><tbody>"
    for row in rows[:_MOST_ROWS]:
        tone = ' class="bad"' if row[4] == against else ""
        yield f"<tr{tone}>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
    yield "</tbody></table>"
    if len(rows) > _MOST_ROWS:
        yield f"<p>{messages('more', count=len(rows))}</p>"
