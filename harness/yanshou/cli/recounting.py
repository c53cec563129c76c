# SPDX-License-Identifier: Apache-2.0
"""Counts the pass rate of the sample anew over several runs, and judges it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from yanshou.evaluation import pass_rate
from yanshou.evaluation.pass_rate import count_passed
from yanshou.fixtures.judged import finding_of
from yanshou.metrology import judge
from yanshou.model import Finding, Measurement, Plan, PlanItem, Requirement

RATE: Final = "sample_pass_rate"
COUNTED: Final = "按合并的各次检测的判定重新统计 / counted anew from the verdicts of all runs"


def recounted(
    plan: Plan, rows: Mapping[str, Requirement], events: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The lines of the journal for each item that counts the pass rate; none where nothing was sampled."""
    for item in plan.items:
        if item.measurand != RATE or (rate := count_passed(plan, events, RATE)) is None:
            continue
        measured = pass_rate(RATE, item.device, rate)
        measured = replace(measured, deviations=(*measured.deviations, COUNTED))
        name = f"count-{item.device}"
        began = {"test": "", "measurand": item.measurand, "device": item.device}
        yield {"kind": "item_started", "item": item.id, "attempt": 1, **began}
        yield {"kind": "measurement", "item": item.id, "id": name, **_fields(measured)}
        found = [_finding(plan, item, rows[one], measured, name) for one in item.requirements if one in rows]
        for one in found:
            yield {"kind": "finding", "item": item.id, **asdict(one)}
        outcome = "non_conform" if any(one.verdict.against for one in found) else "done"
        yield {"kind": "item_finished", "item": item.id, "attempt": 1, "outcome": outcome, "seconds": None}


def _fields(measured: Measurement) -> dict[str, Any]:
    fields = asdict(measured)
    del fields["reservations"]  # none: they would stand by their reason
    return fields


def _finding(plan: Plan, item: PlanItem, row: Requirement, measured: Measurement, name: str) -> Finding:
    from yanshou.fixtures.prepare import conditions_of  # noqa: PLC0415 - brings the imaging in

    conditions = conditions_of(plan, limits_confirmed=False)
    decision = judge(measured, row, replace(conditions, rule=item.decision_rule, device=item.device))
    return finding_of(item, row, measured, decision, name=name)
