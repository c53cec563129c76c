# SPDX-License-Identifier: Apache-2.0
"""The plan of a re-test after repair (GB 50348-2018 9.1.6): what is tested again, and what must be as before.

What did not conform is tested on a doubled sample of its lot, with every device that failed in it. What had
no result (not tested, invalid) is tested on the same devices. Nothing of both is left out: what this site
file no longer asks for is listed as not tested, with that reason.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from yanshou.model import Device, Plan, Requirement, Site, Untestable, UsageError, Verdict
from yanshou.planning.covered import both
from yanshou.planning.frozen import freeze
from yanshou.planning.lots import Lots
from yanshou.planning.sampling import ALL

_ABOUT_RETESTS = "retest_sample_doubled"
_OPEN = frozenset({Verdict.NOT_TESTED, Verdict.INVALID})
_JUDGING = (
    "measurand",
    "statistic",
    "limit",
    "decision_rule",
    "obligation",
    "population",
    "applies",
    "sampling",
)


@dataclass(frozen=True, slots=True)
class FirstRun:
    """The run before a re-test: its plan, its catalogue rows as they stand, and every verdict of it.

    ``verdicts`` are (requirement, device, verdict); ``record`` is what the re-test keeps of it as
    ``first.json``; ``link`` names it in the first line of the journal.
    """

    plan: Plan
    rows: Mapping[str, Requirement]
    verdicts: Sequence[tuple[str, str, Verdict]]
    record: Mapping[str, Any] = field(default_factory=dict)
    link: Mapping[str, Any] = field(default_factory=dict)

    @property
    def repeated(self) -> TestedAgain:
        """What a re-test of this run has to repeat."""
        failed: dict[str, set[str]] = {}
        left: dict[str, set[str]] = {}
        for requirement, device, verdict in self.verdicts:
            if verdict.against:
                failed.setdefault(requirement, set()).add(device)
            elif verdict in _OPEN:
                left.setdefault(requirement, set()).add(device)
        return TestedAgain(
            {name: frozenset(ids) for name, ids in failed.items()},
            {name: frozenset(ids) for name, ids in left.items()},
            self.plan,
        )


@dataclass(frozen=True, slots=True)
class TestedAgain:
    """The devices that failed, and those left without a result, by requirement ("": no device was tested)."""

    __test__ = False  # the name is none of a test class

    failed: Mapping[str, frozenset[str]]
    left: Mapping[str, frozenset[str]]
    first: Plan

    def asks(self, row: Requirement) -> bool:
        """Whether the re-test repeats a requirement, or holds it against its own sample."""
        return row.id in self.failed or row.id in self.left or row.measurand == _ABOUT_RETESTS

    def draw(self, lots: Lots, row: Requirement, able: Sequence[Device]) -> list[Device]:
        """The devices that ``row`` is tested on again.

        A lot in which nothing failed is not drawn again. A requirement that speaks of each device, so that
        none was sampled, is tested again where it failed.
        """
        failed, left = self.failed.get(row.id, frozenset()), self.left.get(row.id, frozenset())
        if "" in left or not failed | left:  # it was tested nowhere
            drawn = lots.draw(row, able)
        elif row.sampling == ALL:
            drawn = []
        else:
            hit = {lots.lot(one) for one in able if one.id in failed}
            drawn = lots.draw(row, [one for one in able if lots.lot(one) in hit])
        chosen = {one.id for one in drawn} | failed | left
        return [one for one in able if one.id in chosen]

    @property
    def devices(self) -> frozenset[str]:
        """Every device that failed."""
        return frozenset().union(*self.failed.values())


def with_first_draws(site: Site, again: TestedAgain, drawn: Lots) -> Site:
    """The site with ``[plan] retest`` written from the first run, for each lot with failed devices.

    ``drawn`` holds the samples as one would draw them first. The size to be doubled is never smaller than
    that of the first run.
    """
    then = {one.population: one.n for one in again.first.sampling}
    tested = {item.device for item in again.first.items}
    entries = [
        {
            "population": record.population,
            "first_n": max(record.n, then.get(record.population, 0)),
            "failed": sorted(part & again.devices),
            "drawn": sorted(part & tested),
        }
        for part, record in drawn.parts()
        if part & again.devices
    ]
    return replace(site, plan={**site.plan, "retest": entries})


def as_first_drawn(site: Site, first: FirstRun) -> Site:
    """The site with the seed of the first run, and without a ``[plan] retest`` written by hand."""
    return replace(site, plan={**site.plan, "seed": first.plan.seed, "retest": []})


def completed(plan: Plan, first: FirstRun) -> Plan:
    """The plan of a re-test, in which nothing is left out that had not conformed or had no result."""
    planned = {(name, item.device) for item in plan.items for name in item.requirements}
    listed = {(one.requirement, one.device) for one in plan.untestable}
    again = first.repeated
    dropped = [
        Untestable(name, device, _dropped(failed=name in again.failed and device in again.failed[name]))
        for name, device in dict.fromkeys((*_pairs(again.failed), *_pairs(again.left)))
        if (name, device) not in planned | listed and (name, "") not in listed
    ]
    gone = {one.requirement for one in dropped}
    return freeze(
        replace(
            plan,
            untestable=(*plan.untestable, *dropped),
            not_applicable=tuple(one for one in plan.not_applicable if one.requirement not in gone),
            parameters={**plan.parameters, "retest_of": dict(first.link)},
        )
    )


def _pairs(found: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    for name, devices in found.items():
        for device in sorted(devices):
            yield name, device


def _dropped(*, failed: bool) -> str:
    if failed:
        return both(
            "首次检测不合格，现场文件不再包含该设备或该要求，未复检",
            "it did not conform in the first run, and the site file has this device or requirement no longer",
        )
    return both(
        "首次检测无结论，现场文件不再包含该设备或该要求，未检测",
        "it had no result in the first run, and the site file has this device or requirement no longer",
    )


def require_alike(first: FirstRun, plan: Plan, rows: Mapping[str, Requirement]) -> None:
    """UsageError if a re-test would judge by other limits or rules than the first run, or repeat less often.

    ``rows`` are the rows of the catalogue now. A limit that was only confirmed since is the same limit.
    """
    again = first.repeated
    told = list(_other_rows(again, first.rows, rows))
    if plan.decision_rule is not first.plan.decision_rule:
        told.append(f"decision_rule (was {first.plan.decision_rule}, is {plan.decision_rule})")
    told += [
        f"{name} of [plan]"
        for name in ("largest_u", "accepted_estimates")
        if _plain(first.plan.parameters.get(name)) != _plain(plan.parameters.get(name))
    ]
    told += [
        f"{words} {name}"
        for key, words in (("largest_u_of", "largest_u_of"), ("method", "the criteria of"))
        for name in _otherwise(first.plan, plan, key)
    ]
    told += _other_classes(first.plan, plan)
    before = {item.id: item.repetitions for item in first.plan.items}
    told += [
        f"repetitions of {item.id} (were {before[item.id]}, are {item.repetitions})"
        for item in plan.items
        if item.repetitions < before.get(item.id, 0)
    ]
    if told:
        raise UsageError(
            f"the re-test would be judged otherwise than the first run: {', '.join(told)}.",
            "Restore what the first run was judged by (overlays and [plan] of its site folder), "
            "or begin a new run without --retest.",
        )


def _other_rows(
    again: TestedAgain, then: Mapping[str, Requirement], now: Mapping[str, Requirement]
) -> Iterator[str]:
    for name in dict.fromkeys((*again.failed, *again.left)):
        if name not in now:
            yield f"{name} (no longer in the catalogue)"
        elif name in then:
            old, new = asdict(then[name]), asdict(now[name])
            other = [key for key in _JUDGING if _plain(old[key]) != _plain(new[key])]
            if other:
                yield f"{name} ({', '.join(other)})"


def _other_classes(then: Plan, now: Plan) -> list[str]:
    """The classes whose demands the laboratory states otherwise now."""
    old, new = _classes(then), _classes(now)
    return [
        f"class {name} of {of}"
        for of, name in sorted(old.keys() & new.keys())
        if old[of, name] != new[of, name]
    ]


def _classes(plan: Plan) -> dict[tuple[str, str], str]:
    stated = plan.parameters.get("classes", ())
    classes = stated if isinstance(stated, list | tuple) else ()
    told = ("by", "date", "document")
    return {
        (one["measurand"], one["name"]): _plain({key: one[key] for key in one if key not in told})
        for one in classes
    }


def _otherwise(then: Plan, now: Plan, key: str) -> list[str]:
    """The measurands of both plans about which a table of the parameters says something else now."""
    old, new = then.parameters.get(key) or {}, now.parameters.get(key) or {}
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return [key]
    both_have = {item.measurand for item in then.items} & {item.measurand for item in now.items}
    return [name for name in sorted(both_have) if _plain(old.get(name)) != _plain(new.get(name))]


def _plain(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
