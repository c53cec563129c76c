# SPDX-License-Identifier: Apache-2.0
"""The rectification notice (整改通知书): each non-conformity of a run, and the form its repair is told in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from yanshou.model import UsageError, Verdict
from yanshou.reports.glyphs import Printer
from yanshou.reports.messages import Messages
from yanshou.reports.photos import photos
from yanshou.reports.records import ReportRow
from yanshou.reports.round_tables import round_text
from yanshou.reports.typeset import typeset
from yanshou.reports.view import RunView
from yanshou.reports.wording import (
    NOTHING,
    clause,
    device_line,
    full_result,
    item_title,
    reason,
    requires,
    status_mark,
    title,
)

STANDARD: Final = "a-3a"
_PICTURES = 2  # of each item
_OPEN = (Verdict.NOT_TESTED, Verdict.INVALID)


def failures(view: RunView) -> tuple[ReportRow, ...]:
    """The rows to be rectified; UsageError if there are none."""
    rows = tuple(row for row in view.rows if row.finding.verdict.against)
    if not rows:
        raise UsageError(
            "everything that was tested in this run conforms: there is nothing to rectify.",
            "Name the run in which something did not conform.",
            path=view.folder,
        )
    return rows


def notice_pdf(view: RunView, language: str = "zh", until: date | None = None) -> bytes:
    """The notice; without ``until`` the deadline is left to be filled in.

    UsageError if nothing did not conform; RigFault with Typst's own message if it cannot be typeset.
    """
    messages, files = Messages(language), dict[str, bytes]()
    rows = [_item(view, place, row, messages, files) for place, row in enumerate(failures(view), 1)]
    left = list(view.of(*_OPEN))
    parties, lab = view.site.parties, view.site.laboratory
    content = {
        "language": language,
        "t": {key: messages(key) for key in _KEYS},
        "run": round_text(view, messages),
        "banner": messages("banner") if view.emulated else "",
        "facts": [
            [messages("rectify.no"), f"{lab.get('report_no') or messages('fill')}-Z"],
            [messages("project"), view.site.name],
            [messages("place"), view.site.address or NOTHING],
            [messages("rectify.to"), _addressees(parties)],
            [messages("laboratory"), str(lab.get("name") or parties.get("laboratory") or NOTHING)],
            [messages("rectify.run"), f"{round_text(view, messages)}, {view.local(view.started):%Y-%m-%d}"],
            [messages("rectify.deadline"), until.isoformat() if until else messages("rectify.fill")],
        ],
        "about": messages("rectify.about", n=len(rows)),
        "rows": rows,
        "open": _open(view, left, messages),
        "head": messages("head", head=view.head, catalogue=view.catalogue_sha256 or NOTHING),
    }
    return typeset("rectification", Printer().clean(content), files, view.ended, (STANDARD,))


def form_toml(view: RunView, language: str = "zh") -> str:
    """The form to be filled in and given to ``yanshou rectify --mended``: one table per non-conformity."""
    messages = Messages(language)
    lines = [f"# {messages('rectify.form')}", f"# {view.run}  {view.head}"]
    for row in failures(view):
        lines += [
            "",
            f"# {item_title(view, row, messages)}: {full_result(row, messages)}".replace("\n", " "),
            "[[mended]]",
            f"requirement = {json.dumps(row.finding.requirement)}",
            f"device = {json.dumps(row.finding.device, ensure_ascii=False)}",
            'what = ""',
            'by = ""',
            "# on = 2026-12-01",
            '# photo = "photo.jpg"',
        ]
    return "\n".join(lines) + "\n"


_KEYS = (
    "colon",
    "page",
    "watermark",
    "c.no",
    "c.item",
    "c.clause",
    "c.device",
    "c.verdict",
    "c.reason",
    "rectify.title",
    "rectify.place",
    "rectify.found",
    "rectify.asked",
    "rectify.evidence",
    "rectify.reply",
    "rectify.person",
    "rectify.done",
    "rectify.signed",
    "rectify.received",
    "rectify.rest",
    "s.date",
)


def _addressees(parties: Any) -> str:
    named = [str(parties[key]) for key in ("client", "owner", "builder", "maintainer") if parties.get(key)]
    return " / ".join(dict.fromkeys(named)) or NOTHING


def _item(
    view: RunView, place: int, row: ReportRow, messages: Messages, files: dict[str, bytes]
) -> dict[str, Any]:
    device = view.device(row.finding.device)
    on_site = row.finding.device in ("", view.site.id)
    named = messages.kind("site") if on_site else f"{device_line(device, messages)}  {device.model}".rstrip()
    status = status_mark(row, messages)
    shown = list(photos(view, row.item)[:_PICTURES]) if row.item else []
    files |= {one.name: one.data for one in shown}
    return {
        "no": str(place),
        "title": title(row, messages),
        "verdict": messages.verdict(row.finding.verdict),
        "facts": [
            [messages("c.clause"), f"{clause(row)}  {row.finding.requirement}"],
            [messages("c.device"), named],
            [messages("rectify.place"), view.site.address if on_site else device.location or NOTHING],
            [messages("rectify.asked"), requires(row, messages) + (f"（{status}）" if status else "")],
            [messages("rectify.found"), full_result(row, messages)],
            *([[messages("c.reason"), reason(row, messages)]] if row.finding.reason else []),
            [messages("rectify.evidence"), "  ".join(sha[:16] for sha in row.finding.evidence) or NOTHING],
        ],
        "pictures": [one.name for one in shown],
    }


def _open(view: RunView, rows: list[ReportRow], messages: Messages) -> str:
    if not rows:
        return ""
    return messages("rectify.open", n=len(rows), items=messages("and").join(_named(view, rows, messages)))


def _named(view: RunView, rows: list[ReportRow], messages: Messages) -> Iterator[str]:
    yield from dict.fromkeys(item_title(view, row, messages) for row in rows)
