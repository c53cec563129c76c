# SPDX-License-Identifier: Apache-2.0
"""How a requirement was tested, as the journal shows it: the method printed beside the clause."""

from __future__ import annotations

from collections.abc import Sequence

from yanshou.reports.messages import Messages
from yanshou.reports.records import ReportRow

_TIMES = frozenset({"s", "ms", "min", "h"})


def method_text(rows: Sequence[ReportRow], messages: Messages) -> str:
    """The means used on these devices, the largest n and the statistic; empty if nothing was measured."""
    measured = [row for row in rows if row.measurement is not None and row.measurement.n > 0]
    if not measured:
        return ""
    means = dict.fromkeys(one for row in measured for one in _means(row, messages))
    most = max(row.measurement.n for row in measured if row.measurement)
    parts = [messages("and").join(means)]
    if most > 1:
        parts.append(messages("method.repeated", n=most))
        names = {messages.statistic(row.measurement.statistic) for row in measured if row.measurement} - {""}
        parts += [messages("method.statistic", statistic=name) for name in sorted(names)]
    return messages("method", how=messages("comma").join(filter(None, parts)))


def _means(row: ReportRow, messages: Messages) -> list[str]:
    """By the steps of the attempts: instruments first, then stimuli, then what devices or persons said."""
    kinds = {step.kind for attempt in row.attempts for step in attempt.steps}
    measured, made = row.measurement, []
    if measured is not None and measured.instruments:
        made.append(messages("method.instrument", names=messages("and").join(measured.instruments)))
    if kinds & {"stimulus", "shared_stimulus"}:
        timed = measured is not None and measured.unit in _TIMES
        made.append(messages("method.timed" if timed else "method.stimulus"))
    elif "observation" in kinds and not made:
        made.append(messages("method.device"))
    if kinds & {"prompt", "answer"}:
        made.append(messages("method.person"))
    return made or [messages("method.device")]
