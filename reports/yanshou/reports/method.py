# SPDX-License-Identifier: Apache-2.0
"""How a requirement was tested, as the journal shows it: the method printed beside the clause."""

from __future__ import annotations

from collections.abc import Sequence

from yanshou.reports.messages import Messages
from yanshou.reports.records import ReportRow

_TIMES = frozenset({"s", "ms", "min", "h"})


def method_text(rows: Sequence[ReportRow], words: Messages) -> str:
    """The means used on these devices, the largest n and the statistic; empty if nothing was measured."""
    measured = [row for row in rows if row.measurement is not None and row.measurement.n > 0]
    if not measured:
        return ""
    means = dict.fromkeys(one for row in measured for one in _means(row, words))
    most = max(row.measurement.n for row in measured if row.measurement)
    parts = [words("and").join(means)]
    if most > 1:
        parts.append(words("method.repeated", n=most))
        names = {words.statistic(row.measurement.statistic) for row in measured if row.measurement} - {""}
        parts += [words("method.statistic", statistic=name) for name in sorted(names)]
    return words("method", how=words("comma").join(filter(None, parts)))


def _means(row: ReportRow, words: Messages) -> list[str]:
    """By the steps of the attempts: instruments first, then stimuli, then what devices or persons said."""
    kinds = {step.kind for attempt in row.attempts for step in attempt.steps}
    measured, made = row.measurement, []
    if measured is not None and measured.instruments:
        made.append(words("method.instrument", names=words("and").join(measured.instruments)))
    if "stimulus" in kinds:
        timed = measured is not None and measured.unit in _TIMES
        made.append(words("method.timed" if timed else "method.stimulus"))
    elif "observation" in kinds and not made:
        made.append(words("method.device"))
    if kinds & {"prompt", "answer"}:
        made.append(words("method.person"))
    return made or [words("method.device")]
