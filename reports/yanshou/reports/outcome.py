# SPDX-License-Identifier: Apache-2.0
"""The final word on every requirement and device of the plan.

Three rules keep a report from saying more than was measured.

The first non-conforming finding stands, whatever a later attempt found.

A finding for the system counts only from the last attempt, and only if that ended properly.

A planned item without such a finding is ``not_tested``, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from yanshou.model import (
    Finding,
    Limit,
    Measurement,
    Obligation,
    Plan,
    PlanItem,
    Requirement,
    Untestable,
    Verdict,
)
from yanshou.reports.calibrations import Checked, held
from yanshou.reports.events import SUPERSEDED
from yanshou.reports.records import ItemAttempt, ReportRow

NOT_RUN = "not run"
CORRECTED = (
    "检测后现场文件中本项所依据的内容有更正，尚未重新检测 / "
    "what it rests on was corrected in the site file since, and it was not tested again"
)
INTERRUPTED = "interrupted before it was finished"
NO_FINDING = "finished without a finding"


@dataclass(frozen=True, slots=True)
class Material:
    """The data from which the rows are made."""

    plan: Plan
    catalogue: Mapping[str, Requirement]
    attempts: Mapping[str, tuple[ItemAttempt, ...]]
    measurements: Mapping[str, Measurement]
    checked: Checked = field(default_factory=Checked)


def rows_of(material: Material) -> tuple[ReportRow, ...]:
    """One row per plan item and requirement, then untestable ones, then those that do not apply."""
    items = (*material.plan.items, *_unplanned(material))
    rows = [row for item in items for row in _item_rows(material, item)]
    rows += [_listed(material, entry, Verdict.NOT_TESTED) for entry in material.plan.untestable]
    rows += [_listed(material, entry, Verdict.NOT_APPLICABLE) for entry in material.plan.not_applicable]
    return tuple(rows)


def _item_rows(material: Material, item: PlanItem) -> Iterable[ReportRow]:
    attempts = material.attempts.get(item.id, ())
    found = {finding.requirement for attempt in attempts for finding in attempt.findings}
    for name in (*item.requirements, *sorted(found - set(item.requirements))):
        yield _row(material, item, name, attempts)


def _row(material: Material, item: PlanItem, name: str, attempts: Sequence[ItemAttempt]) -> ReportRow:
    finding = final(attempts, name)
    if finding is not None:
        return _found(material, item.id, finding, attempts)
    verdict, reason, rig_fault = _why_not(attempts)
    row = material.catalogue.get(name)
    made = _without_value(row, name, item.device, item.measurand, verdict, reason)
    return ReportRow(
        item.id, row.system if row else "", made, row, None, tuple(attempts), rig_fault, made=True
    )


def _found(material: Material, item: str, finding: Finding, attempts: Sequence[ItemAttempt]) -> ReportRow:
    row = material.catalogue.get(finding.requirement)
    measurement = material.measurements.get(finding.measurement)
    finding = held(finding, material.checked)
    return ReportRow(item, row.system if row else "", finding, row, measurement, tuple(attempts))


def final(attempts: Sequence[ItemAttempt], requirement: str) -> Finding | None:
    """The finding that counts for a requirement, or None if there is none."""
    of_it = [
        (attempt, [finding for finding in attempt.findings if finding.requirement == requirement])
        for attempt in attempts
    ]
    against = [finding for _, found in of_it for finding in found if finding.verdict.against]
    if against:
        return max(against, key=attrgetter("verdict.severity"))
    if not attempts or not attempts[-1].complete:
        return None
    last = of_it[-1][1]
    return max(last, key=attrgetter("verdict.severity")) if last else None


def _why_not(attempts: Sequence[ItemAttempt]) -> tuple[Verdict, str, bool]:
    """Why no finding counts: verdict, reason, and whether our own bench was the cause."""
    if not attempts:
        return Verdict.NOT_TESTED, NOT_RUN, False
    last = attempts[-1]
    reason = "; ".join(_trouble_texts(last)) or last.reason
    if last.outcome == "rig_fault":
        return Verdict.NOT_TESTED, reason or "rig fault", True
    if last.outcome == "not_applicable":
        return Verdict.NOT_APPLICABLE, reason or "no object on this device", False
    if last.outcome == SUPERSEDED:
        return Verdict.NOT_TESTED, CORRECTED, False
    if last.outcome in {"", "interrupted"}:
        return Verdict.NOT_TESTED, "; ".join(part for part in (INTERRUPTED, reason) if part), False
    return Verdict.NOT_TESTED, "; ".join(part for part in (NO_FINDING, reason) if part), False


def _trouble_texts(attempt: ItemAttempt) -> list[str]:
    return [
        " ".join(part for part in (f"{one.device}:" if one.device else "", one.what, one.remedy) if part)
        for one in attempt.troubles
    ]


def _unplanned(material: Material) -> list[PlanItem]:
    """Items that were run but not planned, whose findings are shown too."""
    planned = {item.id for item in material.plan.items}
    strays = []
    for item, attempts in material.attempts.items():
        found = [finding for attempt in attempts for finding in attempt.findings]
        if item not in planned and found:
            names = tuple(dict.fromkeys(finding.requirement for finding in found))
            strays.append(PlanItem(item, found[0].measurand, found[0].device, names))
    return strays


def _listed(material: Material, entry: Untestable, verdict: Verdict) -> ReportRow:
    row = material.catalogue.get(entry.requirement)
    measurand = row.measurand if row else ""
    made = _without_value(row, entry.requirement, entry.device, measurand, verdict, entry.reason)
    return ReportRow("", row.system if row else "", made, row, None, made=True)


def _without_value(
    row: Requirement | None, name: str, device: str, measurand: str, verdict: Verdict, reason: str
) -> Finding:
    return Finding(
        requirement=name,
        standard=_standard(row) if row else "",
        clause=row.clause if row else "",
        device=device,
        measurand=measurand,
        value=None,
        unit=row.limit.unit if row and row.limit else "",
        U=None,
        k=None,
        n=0,
        limit=str(row.limit or Limit()) if row else "",
        limit_status=row.limit_status.value if row else "",
        decision_rule="",
        verdict=verdict,
        reason=reason,
        obligation=row.obligation if row else Obligation.REQUIREMENT,
    )


def _standard(row: Requirement) -> str:
    """``GB 55029-2022``, ``EN 50131-1:2006``, ``…条例（2007）``: each family has its own way."""
    if not row.edition or row.standard.endswith(row.edition):
        return row.standard
    if not row.standard.isascii():
        return f"{row.standard}（{row.edition}）"
    foreign = row.standard.split(" ")[0] in {"EN", "IEC", "ISO", "BS", "ITU", "AS"}
    return f"{row.standard}{':' if foreign else '-'}{row.edition}"
