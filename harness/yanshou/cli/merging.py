# SPDX-License-Identifier: Apache-2.0
"""Puts several runs of one order (days, laptops, testers) under one folder, for one report over all.

The plan of the run begun last holds. A result of another run stands if nothing it rests on is otherwise in
that plan's site file; a non-conformity always stands. The runs stay whole, and are never changed.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from yanshou.cli.rejudging import TALLIED
from yanshou.evidence import Journal, RunFolder, VerifyResult, frozen_digests, seal, verify
from yanshou.evidence.run import write_frozen
from yanshou.model import Plan, PlanItem, UsageError
from yanshou.model.version import version
from yanshou.planning import freeze, to_json
from yanshou.planning.agreements import left_out, other_rows, otherwise_agreed, sampled_otherwise
from yanshou.planning.standing import instruments_changed, reached_through, sorted_out
from yanshou.reports import load
from yanshou.reports.merged import KIND, joined
from yanshou.reports.messages import Messages
from yanshou.reports.view import RunView
from yanshou.reports.wording import full_result

_SHOWN: Final = 3
_WHOLE: Final = ("journal.jsonl.lock",)
"""What of a run folder is not taken along: it says only that somebody has it open."""


@dataclass(frozen=True, slots=True)
class OneRun:
    """One of the runs: its folder and what was checked and read of it."""

    folder: RunFolder
    checked: VerifyResult
    view: RunView
    events: tuple[dict[str, Any], ...]

    @property
    def name(self) -> str:
        """As it is named in messages."""
        return str(self.folder.path)

    @property
    def items(self) -> tuple[PlanItem, ...]:
        """The items that were begun."""
        begun = {str(one["item"]) for one in self.events if one["kind"] == "item_started"}
        return tuple(item for item in self.view.plan.items if item.id in begun)

    @property
    def used(self) -> dict[str, set[str]]:
        """The instruments each item used."""
        found: dict[str, set[str]] = {}
        for one in self.events:
            if one["kind"] == "measurement":
                found.setdefault(str(one["item"]), set()).update(one.get("instruments") or ())
        return found


def merge(paths: Sequence[Path], out: Path, as_named: str = "") -> None:
    """Write the folder over these runs; UsageError if they are not intact runs of one order.

    They follow one another by the clocks of their computers; if these were wrong, in the order of ``paths``,
    with ``as_named`` as the reason.
    """
    from yanshou.cli.recounting import recounted  # noqa: PLC0415 - brings the imaging in

    if out.exists() and any(out.iterdir()):
        raise UsageError("is not empty.", "Name a new folder with --out.", path=out)
    if len(paths) < 2:  # noqa: PLR2004 - one run is its own report
        raise UsageError("there is one run only.", "Name two runs or more.")
    named = [_read(path) for path in paths]
    runs = named if as_named else sorted(named, key=attrgetter("view.started"))
    _require_one_order(runs)
    if not as_named:
        _require_order_as_named(named)
    last = runs[-1]
    plan = _plan(runs)
    for number, one in enumerate(runs, 1):
        ignore = shutil.ignore_patterns(*_WHOLE)
        shutil.copytree(one.folder.path, out / f"merged/{number}", ignore=ignore)
    write_frozen(
        out,
        plan=to_json(plan),
        catalogue=_catalogue(runs),
        site=_site(runs),
        site_folder=last.folder.site_copy,
    )
    rows = {row.id: row for one in runs for row in one.view.catalogue.values()}
    with Journal(out / "journal.jsonl") as journal:
        first = journal.append(
            "merged", **_first_line(runs, plan), order=as_named, frozen=frozen_digests(out)
        )
        for line in recounted(plan, rows, joined(out, (first,))):
            journal.append(**line)
    seal(out)


def _read(path: Path) -> OneRun:
    folder = RunFolder.existing(path)
    checked = verify(path)
    if not checked.intact:
        shown = "; ".join(f"{one.path} ({one.kind})" for one in checked.problems)
        raise UsageError(f"is not intact: {shown}.", "Take an intact copy of it.", path=path)
    events = tuple(folder.events())
    if not events:
        raise UsageError("nothing was tested in it.", "Leave it out.", path=path)
    kinds = {event["kind"] for event in events}
    if why := next((reason for kind, reason in _REFUSED.items() if kind in kinds), ""):
        raise UsageError(why, "Name the runs as they were made.", path=path)
    if events[0].get("limits_confirmed"):
        raise UsageError("is a run of the selftest, which took every limit as confirmed.", path=path)
    if events[0].get("retest_of"):
        raise UsageError(
            "is a re-test: its report has both rounds already.", "Merge the runs of one round.", path=path
        )
    return OneRun(folder, checked, load(path), events)


_REFUSED: Final = {
    KIND: "is a folder over several runs.",
    "rejudged": "was judged again under a later overlay.",
}


def _require_one_order(runs: Sequence[OneRun]) -> None:
    last = runs[-1]
    for one in runs[:-1]:
        differences = list(_differences(one, last))
        if differences:
            raise UsageError(
                f"{one.name} and {last.name} are not of one order: {'; '.join(differences)}.",
                "Merge runs of one site, rig, order, draw and catalogue.",
            )
    for one, other in combinations(runs, 2):
        if one.events[0] == other.events[0]:
            raise UsageError(
                f"{one.name} and {other.name} are copies of one run that was begun once.",
                "Name the one that was gone on with; on another computer begin a run of its own.",
            )


def _require_order_as_named(named: Sequence[OneRun]) -> None:
    """Raise where the clocks give another order than the command line, and the order decides about results.

    A pass counts only from the last attempt, and the site file of the run begun last holds.
    """
    for one, other in combinations(named, 2):
        if one.view.started <= other.view.started:
            continue
        both = {item.id for item in one.items} & {item.id for item in other.items}
        facts = [run.view.plan.parameters.get("rests_on") for run in (one, other)]
        if both or facts[0] != facts[1]:
            decides = [*sorted(both)[:_SHOWN], *(["..."] if len(both) > _SHOWN else [])] or ["the site file"]
            raise UsageError(
                f"{one.name} is named before {other.name}, but was begun after it by its computer's clock. "
                f"Their order decides about {', '.join(decides)}.",
                "Name the runs in the order in which they were made; if a clock was wrong, add --as-named "
                "and the reason, which the report states.",
            )


def _differences(one: OneRun, last: OneRun) -> Iterator[str]:
    then, now = one.view, last.view
    if then.site.id != now.site.id:
        yield f"site {then.site.id} and {now.site.id}"
    if then.emulated != now.emulated:
        yield "one rig is emulated"
    orders = [str(view.site.laboratory.get("report_no") or "") for view in (then, now)]
    if all(orders) and orders[0] != orders[1]:
        yield f"report_no {orders[0]} and {orders[1]}"
    if then.plan.seed != now.plan.seed:
        yield "another draw (draw.json)"
    if not then.plan.parameters.get("rests_on") or not now.plan.parameters.get("rests_on"):
        yield "a plan of an earlier version"
    if one.folder.site().get("scope") != last.folder.site().get("scope"):
        yield "another scope"
    yield from otherwise_agreed(then.plan, now.plan)
    yield from sampled_otherwise(then.plan, now.plan)
    yield from (f"only the first has {name}" for name in left_out(then.plan, now.plan))
    shared = then.catalogue.keys() & now.catalogue.keys()
    yield from other_rows(sorted(shared), then.catalogue, now.catalogue)
    for name in sorted(shared):
        old, new = then.catalogue[name].limit_status, now.catalogue[name].limit_status
        if old is not new:
            yield f"{name} (limit {old.value} and {new.value})"


def _plan(runs: Sequence[OneRun]) -> Plan:
    """The plan of the run begun last, with the items that only others could begin, or only others planned.

    What another run planned and nobody tested stays in the report as not tested.
    """
    last = runs[-1].view.plan
    planned = {item.id for item in last.items}
    more = {
        item.id: item
        for one in runs[:-1]
        for item in one.items
        if item.id not in planned and item.id not in set(_anew(one, runs, last))
    }
    open_ones = _planned_by_others(runs, {*planned, *more})
    answered = {(name, item.device) for item in more.values() for name in item.requirements}
    return freeze(
        replace(
            last,
            items=(*last.items, *more.values(), *open_ones.values()),
            untestable=tuple(one for one in last.untestable if (one.requirement, one.device) not in answered),
            not_applicable=tuple(
                one for one in last.not_applicable if one.requirement not in {name for name, _ in answered}
            ),
        )
    )


def _planned_by_others(runs: Sequence[OneRun], taken: Collection[str]) -> dict[str, PlanItem]:
    """The items of earlier plans that the last one neither has nor lists as untestable or not applicable."""
    last = runs[-1].view.plan
    listed = {(one.requirement, one.device) for one in last.untestable}
    excluded = {one.requirement for one in last.not_applicable} | set(last.out_of_scope)
    return {
        item.id: item
        for one in runs[:-1]
        for item in one.view.plan.items
        if item.id not in taken
        and any(
            name not in excluded and not {(name, item.device), (name, "")} & listed
            for name in item.requirements
        )
    }


def _anew(one: OneRun, runs: Sequence[OneRun], plan: Plan) -> list[str]:
    """The items of a run whose results do not stand beside the others."""
    last = runs[-1]
    found: list[str] = []
    if one is not last:
        site = one.folder.site()
        changed, reached = instruments_changed(site, last.folder.site()), reached_through(site)
        _, found = sorted_out(one.items, one.view.plan, plan, one.used, changed, reached)
    found += [item.id for item in one.items if item.measurand in TALLIED]
    found += [
        item
        for other in runs
        if other is not one and _overlap(one, other)
        for item in _left_unfinished(other) & {mine.id for mine in one.items}
    ]
    return list(dict.fromkeys(found))


def _left_unfinished(one: OneRun) -> set[str]:
    return {item.id for item in one.items} - one.folder.finished().keys()


def _overlap(one: OneRun, other: OneRun) -> bool:
    """Whether two runs were made at the same time by their computers' clocks."""
    return any(
        mine.started < theirs.ended and theirs.started < mine.ended
        for mine in one.view.sessions
        for theirs in other.view.sessions
    )


def _catalogue(runs: Sequence[OneRun]) -> list[dict[str, Any]]:
    rows = {row["id"]: row for one in runs for row in one.folder.catalogue()}
    return list(rows.values())


def _site(runs: Sequence[OneRun]) -> dict[str, Any]:
    """``site.json`` of the run begun last, with the instruments of all."""
    last = runs[-1].folder.site()
    instruments = {str(one["id"]): one for run in runs for one in run.folder.site().get("instruments", ())}
    return {**last, "instruments": list(instruments.values())}


def _first_line(runs: Sequence[OneRun], plan: Plan) -> dict[str, Any]:
    last = runs[-1].view
    return {
        "site": {"id": last.site.id, "name": last.site.name, "sha256": plan.site_sha256},
        "plan_sha256": plan.sha256,
        "catalogue_sha256": plan.catalogue_sha256,
        "software": f"yanshou {version()}",
        "emulated": last.emulated,
        "decision_rule": plan.decision_rule,
        "limits_confirmed": False,
        "runs": [
            {
                "number": number,
                "run": one.view.run,
                "head": one.checked.head,
                "seal": one.checked.seal,
                "software": one.view.software,
                "anew": _anew(one, runs, plan),
            }
            for number, one in enumerate(runs, 1)
        ],
        "conflicts": list(_conflicts(runs)),
        "overlaps": [
            [number, other]
            for (number, one), (other, two) in combinations(enumerate(runs, 1), 2)
            if _overlap(one, two)
        ],
    }


def _conflicts(runs: Sequence[OneRun]) -> Iterator[dict[str, Any]]:
    """What was tested in several runs with different verdicts."""
    messages = Messages("zh")
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for number, one in enumerate(runs, 1):
        for row in one.view.rows:
            if row.item and not row.made:
                side = {
                    "number": number,
                    "verdict": row.finding.verdict.value,
                    "value": full_result(row, messages),
                }
                found.setdefault((row.finding.requirement, row.finding.device), []).append(side)
    for (requirement, device), sides in found.items():
        if len({side["verdict"] for side in sides}) > 1:
            yield {"requirement": requirement, "device": device, "verdicts": sides}


def voided(runs: Iterable[Mapping[str, Any]]) -> int:
    """How many items of the runs do not stand."""
    return sum(len(one["anew"]) for one in runs)
