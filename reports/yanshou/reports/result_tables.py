# SPDX-License-Identifier: Apache-2.0
"""The results in print: a line for each requirement, every device in the annex, and what results rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from yanshou.model import Verdict
from yanshou.reports.by_requirement import RequirementResult, Rests, by_requirement, numbers_of, rests_on
from yanshou.reports.merged_tables import tested_in
from yanshou.reports.messages import Messages
from yanshou.reports.method import method_text
from yanshou.reports.records import Deviation, ReportRow
from yanshou.reports.round_tables import first_note
from yanshou.reports.view import RunView, system_order
from yanshou.reports.wording import (
    NOTHING,
    acceptance,
    clause,
    device_line,
    expanded,
    requires,
    status_mark,
    title,
    tone,
    value_text,
)

OUTSIDE = "※"
"""Marks an item outside the qualified scope of the laboratory (SAMR 2026 no. 14)."""
_EVERYWHERE = "*"


def systems(view: RunView, messages: Messages) -> list[dict[str, Any]]:
    """One table per system with one line per requirement, numbered through the report."""
    results = by_requirement(view)
    return [
        {
            "title": messages.system(system),
            "rows": [_line(view, one, messages) for one in results if one.system == system],
        }
        for system in dict.fromkeys(one.system for one in results)
    ]


def annex(view: RunView, messages: Messages) -> list[dict[str, Any]]:
    """Every device, under the requirement it was tested for."""
    return [
        {
            "title": f"{one.number}  {title(one.rows[0], messages)}",
            "rows": [
                _device(view, row, device_number(one, place), messages)
                for place, row in enumerate(one.rows, 1)
            ],
        }
        for one in by_requirement(view)
    ]


def device_number(result: RequirementResult, place: int) -> str:
    """The number of a device's line in the annex: line of its requirement, and place under it."""
    return f"{result.number}-{place}"


def _line(view: RunView, result: RequirementResult, messages: Messages) -> dict[str, Any]:
    worst, mark = result.worst, status_mark(result.worst, messages)
    device = worst.finding.device
    counted = Counter(row.finding.verdict for row in result.rows)
    several = len(result.rows) > 1
    return {
        "no": str(result.number),
        "item": title(worst, messages),
        "id": worst.finding.requirement,
        "outside": "" if view.in_scope(worst.finding.requirement) else OUTSIDE,
        "clause": clause(worst),
        "method": method_text(result.rows, messages),
        "requires": requires(worst, messages),
        "status": messages("status", status=mark) if mark else "",
        "sample": sample_text(result),
        "result": worst_text(worst, messages),
        "device": device_line(view.device(device), messages)
        if several and device not in ("", view.site.id)
        else "",
        "notes": notes(view, result.rows, messages),
        "verdict": messages.verdict(result.verdict),
        "counts": _counted(counted, messages) if len(counted) > 1 else "",
        "tone": tone(result.verdict),
    }


def sample_text(result: RequirementResult) -> str:
    """``N / n``; a dash for a requirement on the site itself."""
    return f"{result.N} / {result.n}" if result.n else NOTHING


def worst_text(row: ReportRow, messages: Messages) -> str:
    """``2.4123 s ± 0.0031 s``: the worst value with its U, if it has one."""
    text, U = value_text(row, messages), expanded(row, messages)
    estimate = messages("estimate") if row.measurement and row.measurement.estimate else ""
    if row.finding.U is not None and U != NOTHING:
        return f"{text} ± {U}{estimate}"
    return f"{text} {U}{estimate}" if U.startswith("[") else f"{text}{estimate}"


def _counted(counted: Counter[Verdict], messages: Messages) -> str:
    """``不合格 1，合格 11``: how many devices have each verdict, the gravest first."""
    gravest = sorted(counted, key=lambda one: one.severity, reverse=True)
    return messages("comma").join(f"{messages.verdict(one)} {counted[one]}" for one in gravest)


def _device(view: RunView, row: ReportRow, number: str, messages: Messages) -> dict[str, Any]:
    U = expanded(row, messages)
    return {
        "no": number,
        "device": device_text(view, row, messages),
        "notes": notes(view, (row,), messages),
        "result": value_text(row, messages),
        "U": f"± {U}" if row.finding.U is not None and U != NOTHING else U,
        "verdict": messages.verdict(row.finding.verdict),
        "tone": tone(row.finding.verdict),
    }


def device_text(view: RunView, row: ReportRow, messages: Messages) -> str:
    """The device of a row; a requirement on the site has the site."""
    device = row.finding.device
    whole = device in ("", view.site.id) or view.device(device).kind == "site"
    return messages.kind("site") if whole else device_line(view.device(device), messages)


def notes(view: RunView, rows: Sequence[ReportRow], messages: Messages) -> str:
    """What these rows rest on, and the acceptance limit of a guard band."""
    found = {one for row in rows for one in rests_on(row)}
    said = [first_note(view, rows, messages)] if view.first else []
    said += [tested_in(rows[0], messages)] if view.merged and len(rows) == 1 else []
    said += [_note(view, rows, one, messages) for one in Rests if one in found]
    limits = dict.fromkeys(filter(None, (acceptance(row) for row in rows)))
    said += [messages("acceptance", limit=next(iter(limits)))] if len(limits) == 1 else []
    said += [messages("acceptance.each")] if len(limits) > 1 else []
    return messages("semicolon").join(filter(None, said))


def _note(view: RunView, rows: Sequence[ReportRow], what: Rests, messages: Messages) -> str:
    if what is not Rests.DEVIATION:
        return messages(f"rests.{what}")
    stated = {text for row in rows if row.measurement for text in row.measurement.deviations}
    places = [f"D{place}" for place, one in enumerate(view.deviations, 1) if one.text in stated]
    return messages("rests.deviation", which=messages("and").join(places))


def summary(view: RunView, messages: Messages) -> list[str]:
    """What a reader must know before the verdicts are used: the lines that rest on something weaker."""
    results = by_requirement(view)
    said = []
    for what in Rests:
        lines = [str(one.number) for one in results if what in one.rests_on]
        if lines:
            said.append(messages(f"summary.{what}", n=len(lines), lines=messages("and").join(lines)))
    everywhere = [f"D{place}" for place, one in enumerate(view.deviations, 1) if _EVERYWHERE in one.items]
    return [*said, *([messages("summary.all", which=messages("and").join(everywhere))] if everywhere else [])]


def total(view: RunView, messages: Messages) -> list[str]:
    """How many requirements, and how many devices under them, have each verdict."""
    results = by_requirement(view)
    of_requirements = Counter(one.verdict for one in results)
    return [
        messages("total", n=len(results), parts=_counted(of_requirements, messages)),
        messages("total.devices", n=len(view.rows), parts=_counted(_verdicts(view.rows), messages)),
    ]


def _verdicts(rows: Sequence[ReportRow]) -> Counter[Verdict]:
    return Counter(row.finding.verdict for row in rows)


def counts(view: RunView, messages: Messages) -> dict[str, Any]:
    """A table: one line per system, one column per verdict of a requirement that occurs."""
    results = by_requirement(view)
    shown = [verdict for verdict in Verdict if any(one.verdict is verdict for one in results)]
    lines = []
    for system in system_order(view):
        of_it = Counter(one.verdict for one in results if one.system == system)
        if of_it:
            lines.append([messages.system(system), *(str(of_it[verdict] or "") for verdict in shown)])
    return {
        "head": [messages("c.system"), *(messages.verdict(verdict) for verdict in shown)],
        "tones": [tone(verdict) for verdict in shown],
        "rows": lines,
    }


def deviations(view: RunView, messages: Messages) -> list[list[str]]:
    """Deviations from the method: number, text, and the lines of the results that rest on it."""
    numbers = numbers_of(by_requirement(view))
    return [
        [f"D{place}", messages.said(one.text), _lines(one, numbers, messages)]
        for place, one in enumerate(view.deviations, 1)
    ]


def _lines(one: Deviation, numbers: Any, messages: Messages) -> str:
    if _EVERYWHERE in one.items:
        return messages("all_lines")
    found = sorted({number for item in one.items for number in numbers.get(item, ())})
    return messages("and").join(str(number) for number in found) or NOTHING
