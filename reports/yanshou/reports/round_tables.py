# SPDX-License-Identifier: Apache-2.0
"""Rectification and re-test in print: first finding, what was mended, result of the re-test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yanshou.model import Finding, Verdict
from yanshou.reports.events import moment
from yanshou.reports.messages import Messages
from yanshou.reports.records import ReportRow
from yanshou.reports.rounding import round_pair, with_unit
from yanshou.reports.rounds import FirstRound, Mended
from yanshou.reports.view import RunView
from yanshou.reports.wording import (
    NOTHING,
    beyond,
    clause,
    device_line,
    full_result,
    title,
    tone,
    value_text,
)

_SHOWN = 6


def round_text(view: RunView, messages: Messages) -> str:
    """``第 2 轮（复检）　2026-11-24-1``: the round by the journal, and the run."""
    named = messages("round.again", n=view.round) if view.first else messages("round.first")
    return messages("round.of", round=named, run=view.run)


def rounds(view: RunView, messages: Messages) -> dict[str, Any] | None:
    """The section of a re-test; None in a first test."""
    if (first := view.first) is None:
        return None
    mended = {(one.requirement, one.device): one for one in view.mended}
    rows = [row for row in view.rows if row.first in first.repeated]
    return {
        "about": [_about(view, first, messages), messages("rounds.sample"), *other_retests(view, messages)],
        "changes_title": messages("rounds.changes" if first.changes else "rounds.same"),
        "changes": [_change(one, messages) for one in first.changes],
        "rows": [_line(view, row, mended.get(_key(row)), messages) for row in rows if row.first],
    }


def other_retests(view: RunView, messages: Messages) -> list[str]:
    """One line for each other re-test of the same run that was known when this one was begun."""
    return [
        messages(
            "rounds.other",
            run=one["run"],
            started=f"{view.local(moment(str(one['started']))):%Y-%m-%d %H:%M}"
            if one.get("started")
            else "?",
        )
        for one in (view.first.others if view.first else ())
    ]


def first_note(view: RunView, rows: Sequence[ReportRow], messages: Messages) -> str:
    """What the round before found, for the notes of a line; "" if none of the rows had a result then."""
    before = [row for row in rows if row.first is not None]
    if not before:
        return ""
    if len(rows) == 1 and before[0].first:
        return messages("first.one", result=first_result(before[0], before[0].first, messages))
    found: dict[Verdict, list[str]] = {}
    for row in before:
        if row.first and row.first.verdict.severity > Verdict.CONFORM.severity:
            found.setdefault(row.first.verdict, []).append(row.finding.device)
    gravest = sorted(found, key=lambda one: one.severity, reverse=True)
    parts = [
        messages("first.of", verdict=messages.verdict(one), devices=_devices(view, found[one], messages))
        for one in gravest
    ]
    return messages("first.several", parts=messages("semicolon").join(parts)) if parts else ""


def first_result(row: ReportRow, first: Finding, messages: Messages) -> str:
    """``不合格 2.41 s ± 0.03 s``: verdict of the round before, and value with U if there was one."""
    said = messages.verdict(first.verdict)
    if first.value is None:
        return said
    before = ReportRow(row.item, row.system, first, row.requirement, None)
    U = first.U if isinstance(first.value, float | int) and not isinstance(first.value, bool) else None
    spread = f" ± {with_unit(round_pair(float(first.value or 0), U, first.unit)[1], first.unit)}" if U else ""
    missed = beyond(before)
    return f"{said} {value_text(before, messages)}{spread}{f'  {missed}' if missed else ''}"


def mended_text(one: Mended | None, messages: Messages) -> str:
    """What was mended, by whom and when; that nothing was told is said, too."""
    if one is None:
        return messages("rounds.unmended")
    what, person, on = messages.quoted(one.what), one.person or NOTHING, one.on or NOTHING
    said = messages("rounds.mended", what=what, person=person, on=on)
    return f"{said}; {messages('rounds.photo', sha=one.photo[:16])}" if one.photo else said


def _key(row: ReportRow) -> tuple[str, str]:
    return row.finding.requirement, row.finding.device


def _devices(view: RunView, names: Sequence[str], messages: Messages) -> str:
    named = [one for one in names if one not in ("", view.site.id)]
    more = f" … ({len(named)})" if len(named) > _SHOWN else ""
    return messages("comma").join(named[:_SHOWN]) + more


def _about(view: RunView, first: FirstRound, messages: Messages) -> str:
    return messages(
        "rounds.first",
        run=first.run,
        started=f"{view.local(moment(first.started)):%Y-%m-%d %H:%M}",
        head=first.head,
        report=messages("rounds.report", no=first.report_no) if first.report_no else "",
    )


def _change(one: Mapping[str, Any], messages: Messages) -> str:
    absent = messages("rounds.absent")
    return messages(
        "rounds.changed", what=one["what"], then=one.get("then") or absent, now=one.get("now") or absent
    )


def _line(view: RunView, row: ReportRow, mended: Mended | None, messages: Messages) -> dict[str, str]:
    device = row.finding.device
    named = (
        messages.kind("site") if device in ("", view.site.id) else device_line(view.device(device), messages)
    )
    assert row.first is not None
    value = full_result(row, messages) if row.finding.value is not None else ""
    return {
        "item": title(row, messages),
        "clause": clause(row),
        "id": row.finding.requirement,
        "device": named,
        "first": first_result(row, row.first, messages),
        "first_tone": tone(row.first.verdict),
        "mended": mended_text(mended, messages),
        "again": f"{messages.verdict(row.finding.verdict)} {value}".strip(),
        "tone": tone(row.finding.verdict),
    }
