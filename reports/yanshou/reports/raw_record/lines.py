# SPDX-License-Identifier: Apache-2.0
"""What a raw record lists: every finding of every attempt with its measurement, by family of items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from yanshou.model import Finding, Limit, Measurement
from yanshou.reports.messages import Messages
from yanshou.reports.records import ItemAttempt
from yanshou.reports.view import RunView


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One finding, or a measurement without one.

    ``attempt`` is None for a measurement of no item; ``stands`` says whether the report uses the finding.
    """

    name: str
    measurement: Measurement
    finding: Finding | None
    attempt: ItemAttempt | None
    limit: Limit | None
    stands: bool


def families(view: RunView, messages: Messages) -> Mapping[str, list[RecordLine]]:
    """The lines by the title of what was tested, in the order of the plan."""
    found: dict[str, list[RecordLine]] = {}
    titles: dict[str, str] = {}
    for line in _lines(view):
        measurand = line.measurement.measurand
        row = view.catalogue.get(line.finding.requirement) if line.finding else None
        named = titles.setdefault(measurand, messages.pick(row.title) if row else measurand)
        found.setdefault(named, []).append(line)
    return found


def _lines(view: RunView) -> Iterator[RecordLine]:
    standing = {(row.item, row.finding.requirement, row.finding.measurement) for row in view.rows}
    used: set[str] = set()
    for item, attempts in view.attempts.items():
        for attempt in attempts:
            for finding in attempt.findings:
                measured = view.measurements.get(finding.measurement)
                if measured is not None:
                    used.add(finding.measurement)
                    row = view.catalogue.get(finding.requirement)
                    stands = (item, finding.requirement, finding.measurement) in standing
                    yield RecordLine(
                        finding.measurement, measured, finding, attempt, row.limit if row else None, stands
                    )
    for name, measured in view.measurements.items():
        if name not in used:
            yield RecordLine(name, measured, None, None, None, stands=False)


def tester(view: RunView, at: datetime, measurement: str) -> str:
    """Who tested at a moment: the operator of the session, and the witness."""
    named = view.sessions_at(at, measurement)
    return " / ".join(filter(None, [named[-1].operator, named[-1].witness])) if named else ""


def environment(view: RunView, at: datetime, measurement: str) -> str:
    """What was noted of the environment in the session of a moment, else what the site file says."""
    named = [one.environment for one in view.sessions_at(at, measurement) if one.environment]
    return named[-1] if named else str(view.site.laboratory.get("environment") or "")
