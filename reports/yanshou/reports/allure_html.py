# SPDX-License-Identifier: Apache-2.0
"""The description of an Allure result: the rows that decide the verdict, the budget of U, the deviations."""

from __future__ import annotations

import math
from html import escape

from yanshou.model import Measurement
from yanshou.reports.messages import Messages
from yanshou.reports.naming import day_and_time, zone_name
from yanshou.reports.records import ReportRow
from yanshou.reports.rounding import uncertainty, with_unit
from yanshou.reports.view import RunView
from yanshou.reports.wording import clause, expanded, reason, requires, result, status_mark, title, tone

_COLOURS = {"good": "#1b6e3a", "bad": "#c00000", "open": "#9a5b00", "plain": "inherit"}
_CELL = "border:1px solid #8a94a0;padding:4px 8px;text-align:left;vertical-align:top"


def description(view: RunView, rows: list[ReportRow], messages: Messages) -> str:
    """HTML with inline styles only; every text escaped."""
    parts = [_banner(messages)] if view.emulated else []
    parts.append(_verdicts(rows, messages))
    if when := _when(view, rows[0], messages):
        parts.append(f"<p>{escape(when)}</p>")
    measurement = rows[0].measurement
    if measurement and measurement.budget:
        parts.append(_budget(measurement, messages))
    if measurement and measurement.deviations:
        listed = "".join(f"<li>{escape(messages.said(text))}</li>" for text in measurement.deviations)
        parts.append(f"<p><b>{escape(messages('h.deviations'))}</b></p><ul>{listed}</ul>")
    return "".join(parts)


def _when(view: RunView, row: ReportRow, messages: Messages) -> str:
    """The times of the attempts in the site's zone: the page itself shows the zone of whoever reads it."""
    if not row.attempts:
        return ""
    first, last = row.attempts[0], row.attempts[-1]
    times = f"{day_and_time(view, first.started)} – {day_and_time(view, last.ended or last.started)}"
    return f"{messages('timed', what=messages('dates'), zone=zone_name(view, messages))}: {times}"


def _banner(messages: Messages) -> str:
    return f'<p style="color:#9a5b00"><b>{escape(messages("banner"))}</b></p>'


def _verdicts(rows: list[ReportRow], messages: Messages) -> str:
    heads = ["c.item", "c.clause", "c.requires", "c.result", "c.U", "c.verdict"]
    body = [_row(row, messages) for row in rows]
    if any(row.finding.reason for row in rows):
        heads.append("c.reason")
        body = [[*cells, escape(reason(row, messages))] for cells, row in zip(body, rows, strict=True)]
    return _table([messages(key) for key in heads], body)


def _row(row: ReportRow, messages: Messages) -> list[str]:
    mark = status_mark(row, messages)
    asked = requires(row, messages)
    colour = _COLOURS[tone(row.finding.verdict)]
    cells = [
        title(row, messages),
        f"{clause(row)} ({row.finding.requirement})",
        f"{asked}（{messages('status', status=mark)}）" if mark else asked,
        result(row, messages),
        expanded(row, messages),
    ]
    verdict = f'<b style="color:{colour}">{escape(messages.verdict(row.finding.verdict))}</b>'
    return [*map(escape, cells), verdict]


def _budget(measurement: Measurement, messages: Messages) -> str:
    body = [
        [
            escape(messages.component(one.name)),
            escape(f"{one.kind}, {messages.distribution(one.distribution)}"),
            escape(with_unit(uncertainty(one.u), measurement.unit)),
            "∞" if math.isinf(one.dof) else f"{one.dof:.0f}",
            escape(one.source),
        ]
        for one in measurement.budget
    ]
    heads = [messages(key) for key in ("b.component", "b.kind", "b.u", "b.dof", "b.source")]
    return f"<p></p>{_table(heads, body)}"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f'<th style="{_CELL};background:#e8edf3">{escape(name)}</th>' for name in heads)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in row) + "</tr>" for row in rows
    )
    return f'<table style="border-collapse:collapse"><tr>{head}</tr>{body}</table>'
