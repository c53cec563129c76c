# SPDX-License-Identifier: Apache-2.0
"""Several runs in one report, in print: which runs, who tested when and with what, and where they differ."""

from __future__ import annotations

from typing import Any

from yanshou.model import Verdict
from yanshou.reports.merged import Conflict, MergedRun, MergedRuns, number_of
from yanshou.reports.messages import Messages
from yanshou.reports.records import ReportRow
from yanshou.reports.view import RunView
from yanshou.reports.wording import NOTHING, device_line, title


def merged_section(view: RunView, messages: Messages) -> dict[str, Any] | None:
    """The section of a report over several runs; None of a run as it was made."""
    if (merged := view.merged) is None:
        return None
    return {
        "rows": [_run(view, one, messages) for one in merged.runs],
        "conflicts": [_conflict(view, one, messages) for one in merged.conflicts],
        "notes": _notes(merged, messages),
    }


def tested_in(row: ReportRow, messages: Messages) -> str:
    """The number of the run a row is of, for its notes; "" of a run as it was made."""
    number = number_of(row.finding.measurement)
    return messages("merged.in", n=number) if number else ""


def _run(view: RunView, one: MergedRun, messages: Messages) -> list[str]:
    names = [name for name in view.measurements if number_of(name) == one.number]
    sessions = [session for number, session in view.sessions_by_run if number == one.number]
    people = dict.fromkeys(
        name for session in sessions for name in (session.operator, session.witness) if name
    )
    times = [
        f"{view.local(session.started):%Y-%m-%d %H:%M}–{view.local(session.ended):%H:%M}"
        for session in sessions
    ]
    instruments = dict.fromkeys(
        name for measured in names for name in view.measurements[measured].instruments
    )
    items = {(measured.measurand, measured.device) for name in names if (measured := view.measurements[name])}
    return [
        str(one.number),
        one.run,
        "; ".join(times) or NOTHING,
        messages("and").join(people) or NOTHING,
        messages("and").join(instruments) or NOTHING,
        str(len(items)),
        one.head,
    ]


def _conflict(view: RunView, one: Conflict, messages: Messages) -> list[str]:
    row = next((row for row in view.rows if row.finding.requirement == one.requirement), None)
    on_site = one.device in ("", view.site.id)
    sides = [
        messages("merged.side", n=number, verdict=messages.verdict(Verdict(verdict)), value=value).strip()
        for number, verdict, value in one.verdicts
    ]
    stands = next(
        (
            row.finding.verdict
            for row in view.rows
            if (row.finding.requirement, row.finding.device) == (one.requirement, one.device)
        ),
        None,
    )
    return [
        f"{title(row, messages) if row else ''} {one.requirement}".strip(),
        messages.kind("site") if on_site else device_line(view.device(one.device), messages),
        messages("semicolon").join(sides),
        messages.verdict(stands) if stands else NOTHING,
    ]


def _notes(merged: MergedRuns, messages: Messages) -> list[str]:
    said = [messages("merged.order", reason=merged.order)] if merged.order else []
    said += [messages("merged.overlap", one=one, other=other) for one, other in merged.overlaps]
    said += [
        messages("merged.anew", n=one.number, items=messages("and").join(one.anew))
        for one in merged.runs
        if one.anew
    ]
    return said
