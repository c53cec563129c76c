# SPDX-License-Identifier: Apache-2.0
"""Judges the stored measurements of a run again, under the same rows with a later overlay.

Only the limit of a row, its status and its words may change; whatever decides what is measured, on which
devices and how it is judged needs a new run. Four rules keep a rejudgement from passing what the run would
not have passed:

A finding is judged again only if its stored measurement, under its own row, gives the verdict of the run.

A gate that closed (``invalid``, ``not_tested``) stays closed.

A non-conformity is never undone.

What had no verdict does not pass if its item was attempted more than once, because an answer may have been
missing in an earlier attempt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from yanshou.metrology import Conditions, as_asked, judge
from yanshou.model import (
    Finding,
    LimitStatus,
    Measurement,
    Plan,
    PlanItem,
    Requirement,
    Text,
    UsageError,
    Verdict,
)
from yanshou.model.trouble import Mistake
from yanshou.reports.events import finding_of
from yanshou.standards import Catalogue, Standard, is_looser
from yanshou.standards.overlay import lay_over
from yanshou.toml import read_toml

TALLIED = frozenset({"interfaces_tested_share", "sample_pass_rate"})
"""Measurands counted from the verdicts of the run, which a rejudgement does not count again."""
NO_MORE = "counted from verdicts before they were judged again"
ATTEMPTED = "an earlier attempt was not finished: it cannot be excluded that the system did not answer then"
_PASSES = frozenset({Verdict.CONFORM, Verdict.CONDITIONAL_CONFORM})
_CLOSED = frozenset({Verdict.INVALID, Verdict.NOT_TESTED, Verdict.NOT_APPLICABLE})
_SAID_LATER = frozenset({"quantity", "standard_title"})
"""Fields that older run folders do not have; no verdict rests on them."""
_MAY_CHANGE = frozenset({"limit", "limit_status", "title", "asks", "note", "source"})
_SHA_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Run:
    """What a run is judged again from: its plan, the rows and findings that stand now, its measurements."""

    plan: Plan
    rows: Mapping[str, Requirement]
    events: Sequence[Mapping[str, Any]]
    measurements: Mapping[str, Measurement]
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class Again:
    """A finding judged again: the line of the journal it replaces, before and after."""

    line: int
    item: str
    before: Finding
    after: Finding


@dataclass(frozen=True, slots=True)
class Left:
    """What was not judged again (``device`` empty: the whole row), and why."""

    requirement: str
    device: str
    why: str


@dataclass(frozen=True, slots=True)
class Rejudged:
    """The rows that changed, the findings judged again, and what was left as it is."""

    rows: tuple[Requirement, ...]
    findings: tuple[Again, ...]
    left: tuple[Left, ...]


def overlaid(shipped: Catalogue, rows: Mapping[str, Requirement], overlays: Sequence[Path]) -> Catalogue:
    """The rows of a run (over the shipped ones, which an overlay may name, too) with ``overlays`` over them.

    Rows of the laboratory's own are read anew from the overlay they came from.
    """
    own = {path.name for path in overlays}
    kept = {name: row for name, row in rows.items() if PurePath(row.source).name not in own}
    standards = dict(shipped.standards)
    for row in kept.values():  # of a standard that an earlier overlay brought in
        made = Standard(row.standard, row.edition, Text("", ""), row.rank, row.in_force)
        standards.setdefault(made.name, made)
    catalogue = replace(shipped, requirements={**shipped.requirements, **kept}, standards=standards)
    mistakes: list[Mistake] = []
    for path in overlays:
        catalogue = lay_over(catalogue, read_toml(path, mistakes), mistakes)
    if mistakes:
        raise UsageError(mistakes)
    return catalogue


def rejudge(run: Run, catalogue: Catalogue, under: str) -> Rejudged:
    """Judge the findings of ``run`` again whose rows ``catalogue`` changes; ``under`` names it in reasons."""
    found = [(event, finding_of(event)) for event in run.events if event["kind"] == "finding"]
    used = {finding.requirement for _, finding in found}
    changed, left = _changed_rows(run, catalogue, used)
    again: list[Again] = []
    for event, finding in found:
        if (row := changed.get(finding.requirement)) is None:
            continue
        after = _again(run, str(event["item"]), finding, row)
        if isinstance(after, str):
            left.append(Left(finding.requirement, finding.device, after))
        elif after != finding:
            recorded = replace(after, reason=_joined(after.reason, f"judged again under {under}"))
            again.append(Again(int(event["seq"]), str(event["item"]), finding, recorded))
    again += _no_longer_counted(found, again)
    return Rejudged(tuple(changed.values()), tuple(again), tuple(dict.fromkeys(left)))


def named(overlays: Sequence[tuple[str, str]]) -> str:
    """Overlays as reasons name them: file and the beginning of its SHA-256."""
    return ", ".join(f"{file} (SHA-256 {sha256[:_SHA_SHOWN]})" for file, sha256 in overlays)


def _changed_rows(
    run: Run, catalogue: Catalogue, used: set[str]
) -> tuple[dict[str, Requirement], list[Left]]:
    """The rows with findings that may be judged again, and those that may not."""
    changed: dict[str, Requirement] = {}
    left: list[Left] = []
    for name in sorted(used & run.rows.keys()):
        old, new = run.rows[name], catalogue.requirements.get(name)
        if new is None or _content(old) == _content(new):
            continue
        if why := _needs_a_new_run(old, new):
            left.append(Left(name, "", why))
        else:
            changed[name] = new
    mentioned = dict.fromkeys(one.requirement for one in catalogue.changes)
    left += [Left(name, "", "nothing of it was judged in this run") for name in mentioned if name not in used]
    return changed, left


def _content(row: Requirement) -> tuple[object, ...]:
    """What of a row a verdict or its report rests on; JSON and TOML have different sequences."""
    fields = asdict(row)
    return tuple(_plain(fields[key]) for key in sorted(fields.keys() - {"note", "source", *_SAID_LATER}))


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else value


def _needs_a_new_run(old: Requirement, new: Requirement) -> str:
    """Why a changed row cannot be judged from stored measurements; empty if it can."""
    before, after = asdict(old), asdict(new)
    fixed = sorted(before.keys() - _MAY_CHANGE - _SAID_LATER)
    if other := [key for key in fixed if _plain(before[key]) != _plain(after[key])]:
        return f"{', '.join(other)} changed: that needs a new run"
    if old.limit != new.limit and _logical(old, new):
        return "the limit is a yes or no that a test decided: that needs a new run"
    if old.limit_status is LimitStatus.UNVERIFIED:
        return ""
    if is_looser(new.limit, old.limit):
        return f"{new.limit or 'no limit'} is looser than {old.limit} of a {old.limit_status.value} row"
    if new.limit_status is LimitStatus.UNVERIFIED:
        return f"a {old.limit_status.value} row cannot be called less"
    return ""


def _logical(*rows: Requirement) -> bool:
    return any(row.limit is not None and isinstance(row.limit.equals, bool | str) for row in rows)


def _again(run: Run, item: str, finding: Finding, row: Requirement) -> Finding | str:
    """The finding under the changed row, or why it stays as it is."""
    planned = next((one for one in run.plan.items if one.id == item), None)
    measurement = run.measurements.get(finding.measurement)
    if planned is None or measurement is None:
        return "its item or its measurement is not stored"
    old = run.rows[finding.requirement]
    if _under(run, planned, measurement, old, finding).verdict is not finding.verdict:
        return "the stored measurement alone does not give the verdict of the run"
    after = _under(run, planned, measurement, row, finding)
    if finding.verdict in _CLOSED and not (finding.verdict is Verdict.NOT_TESTED and after.verdict.against):
        return f"it is {finding.verdict.value}: a gate that closed stays closed"
    if finding.verdict.against and after.verdict.severity < finding.verdict.severity:
        return "a non-conformity is not undone by judging again: test again"
    if after.verdict in _PASSES and finding.verdict not in _PASSES and _attempts(run, item) > 1:
        return replace(after, verdict=Verdict.INVALID, reason=_joined(ATTEMPTED, after.reason), acceptance="")
    return after


def _under(run: Run, item: PlanItem, measurement: Measurement, row: Requirement, finding: Finding) -> Finding:
    """The finding of one measurement under a row, as the run itself would have made it."""
    conditions = replace(run.conditions, rule=item.decision_rule, device=item.device)
    decision, stated = judge(measurement, row, conditions), as_asked(measurement, row)
    return replace(
        finding,
        value=stated.value,
        unit=stated.unit,
        U=stated.U,
        limit=str(row.limit) if row.limit else "",
        limit_status=row.limit_status.value,
        verdict=decision.verdict,
        reason=decision.reason_with(str(measurement.details.get("because", ""))),
        acceptance=decision.acceptance,
    )


def _attempts(run: Run, item: str) -> int:
    return sum(event["kind"] == "item_started" and event["item"] == item for event in run.events)


def _no_longer_counted(
    found: Iterable[tuple[Mapping[str, Any], Finding]], again: Sequence[Again]
) -> Iterator[Again]:
    """Figures counted from verdicts do not pass any more once one of these turned against the system."""
    worse = any(
        one.after.verdict not in _PASSES and one.after.verdict is not one.before.verdict for one in again
    )
    for event, finding in found:
        if worse and finding.measurand in TALLIED and finding.verdict in _PASSES | {Verdict.UNJUDGED}:
            after = replace(finding, verdict=Verdict.INVALID, reason=_joined(finding.reason, NO_MORE))
            yield Again(int(event["seq"]), str(event["item"]), finding, after)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
