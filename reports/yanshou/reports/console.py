# SPDX-License-Identifier: Apache-2.0
"""The result of a run in a few lines: totals, non-conformities, open items, and the report files."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from yanshou.model import Verdict
from yanshou.reports.messages import Messages
from yanshou.reports.records import ReportRow
from yanshou.reports.view import RunView
from yanshou.reports.wording import beyond, clause, full_result, item_title, reason, requires, result, title

_ALWAYS = (Verdict.CONFORM, Verdict.NON_CONFORM, Verdict.NOT_TESTED, Verdict.NOT_APPLICABLE)
_GROUPED = (
    Verdict.INVALID,
    Verdict.NOT_TESTED,
    Verdict.CONDITIONAL_CONFORM,
    Verdict.ADVICE_NOT_FOLLOWED,
    Verdict.UNJUDGED,
)
_SHOWN = 4


def console_summary(view: RunView, language: str = "zh", made: Mapping[str, Path] | None = None) -> list[str]:
    """Lines for the terminal, the most urgent first.

    ``made`` are the files written now, by format; without it, the files in the run folder are named.
    """
    messages = Messages(language)
    lines = [messages("console.not_intact")] if view.not_intact else []
    lines.append(_totals(view, messages))
    against = view.of(Verdict.NON_CONFORM, Verdict.CONDITIONAL_NON_CONFORM)
    lines += [_line(messages.verdict(row.finding.verdict), *_failure(view, row, messages)) for row in against]
    for verdict in _GROUPED:
        lines += list(_grouped(view, verdict, messages))
    return [*lines, *(_line(messages("console.report"), _short(path)) for path in _reports(view, made))]


def _reports(view: RunView, made: Mapping[str, Path] | None) -> list[Path]:
    """The formal report, else whatever was made instead; never a file that does not exist."""
    found = {"pdf": view.folder / "report" / "report.pdf"} if made is None else dict(made)
    there = {name: path for name, path in found.items() if path.exists()}
    return [there["pdf"]] if "pdf" in there else list(there.values())


def _totals(view: RunView, messages: Messages) -> str:
    counted = Counter(view.summary)
    parts = [
        f"{messages.verdict(verdict)} {counted[verdict]}"
        for verdict in Verdict
        if counted[verdict] or verdict in _ALWAYS
    ]
    mark = f"（{messages('console.emulated')}）" if view.emulated else ""
    head = f"{messages('console.title')} {view.local(view.started):%Y-%m-%d}  {view.site.name}{mark}"
    return "   ".join([f"{head}   ", *parts])


def _failure(view: RunView, row: ReportRow, messages: Messages) -> tuple[str, ...]:
    asked = "" if beyond(row) else requires(row, messages)
    return (
        row.finding.requirement,
        item_title(view, row, messages),
        full_result(row, messages),
        asked,
        clause(row),
        reason(row, messages),
    )


def _grouped(view: RunView, verdict: Verdict, messages: Messages) -> Iterable[str]:
    """One line per requirement and reason, with its devices."""
    groups: dict[tuple[str, str], list[ReportRow]] = {}
    for row in view.of(verdict):
        groups.setdefault((row.finding.requirement, reason(row, messages)), []).append(row)
    for (requirement, why), rows in groups.items():
        devices = _devices(view, rows, messages)
        subject = f"{devices} {title(rows[0], messages)}".strip()
        value = result(rows[0], messages) if len(rows) == 1 and rows[0].finding.value is not None else ""
        yield _line(messages.verdict(verdict), requirement, subject, value, why)


def _devices(view: RunView, rows: list[ReportRow], messages: Messages) -> str:
    names = [row.finding.device for row in rows if row.finding.device and row.finding.device != view.site.id]
    if len(names) <= _SHOWN:
        return " ".join(names)
    return f"{' '.join(names[:_SHOWN])} {messages('console.more', n=len(names))}"


def _line(*parts: str) -> str:
    label, *rest = parts
    return _padded(label, 10) + "  ".join(part for part in rest if part)


def _padded(text: str, width: int) -> str:
    """Pad to columns of a terminal, where a Chinese character takes two."""
    shown = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(width - shown, 2)


def _short(path: Path) -> str:
    """Give the path as one would type it from here."""
    try:
        near = os.path.relpath(path)
    except ValueError:
        return str(path)  # another drive on Windows
    return str(path) if near.startswith("..") else near
