# SPDX-License-Identifier: Apache-2.0
"""The plan of a re-test after repair (GB 50348-2018 9.1.6): what is tested again, and what must be as before.

What did not conform is tested on a doubled sample of its lot, with every device that failed in it. What had
no result (not tested, invalid) is tested on the same devices. Nothing of both is left out: what this site
file no longer asks for is listed as not tested, with that reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from yanshou.model import Device, Plan, Requirement, Site, Untestable, UsageError, Verdict
from yanshou.planning.agreements import other_rows, otherwise_agreed
from yanshou.planning.covered import both
from yanshou.planning.frozen import freeze
from yanshou.planning.lots import Lots
from yanshou.planning.sampling import ALL

_ABOUT_RETESTS = "retest_sample_doubled"
_OPEN = frozenset({Verdict.NOT_TESTED, Verdict.INVALID})


@dataclass(frozen=True, slots=True)
class FirstRun:
    """The run before a re-test: its plan, its catalogue rows as they stand, and every verdict of it.

    ``verdicts`` are (requirement, device, verdict); ``record`` is what the re-test keeps of it as
    ``first.json``; ``link`` names it in the first line of the journal. ``saw`` are (requirement, device) by
    whose test, in passing, another requirement of the device was found not to be met.
    """

    plan: Plan
    rows: Mapping[str, Requirement]
    verdicts: Sequence[tuple[str, str, Verdict]]
    record: Mapping[str, Any] = field(default_factory=dict)
    link: Mapping[str, Any] = field(default_factory=dict)
    saw: Sequence[tuple[str, str]] = ()

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
            frozenset(self.saw),
        )


@dataclass(frozen=True, slots=True)
class TestedAgain:
    """The devices that failed, and those left without a result, by requirement ("": no device was tested).

    ``saw``: what is tested again because its repetitions showed what the failed requirement alone may not.
    """

    __test__ = False  # the name is none of a test class

    failed: Mapping[str, frozenset[str]]
    left: Mapping[str, frozenset[str]]
    first: Plan
    saw: frozenset[tuple[str, str]] = frozenset()

    def asks(self, row: Requirement) -> bool:
        """Whether the re-test repeats a requirement, or holds it against its own sample."""
        known = {*self.failed, *self.left, *(name for name, _ in self.saw)}
        return row.id in known or row.measurand == _ABOUT_RETESTS

    def draw(self, lots: Lots, row: Requirement, able: Sequence[Device]) -> list[Device]:
        """The devices that ``row`` is tested on again.

        A lot in which nothing failed is not drawn again. A requirement that speaks of each device, so that
        none was sampled, is tested again where it failed.
        """
        failed, left = self.failed.get(row.id, frozenset()), self.left.get(row.id, frozenset())
        left |= {device for name, device in self.saw if name == row.id}
        if "" in left or not failed | left:  # it was tested nowhere
            drawn = lots.draw(row, able)
        elif row.sampling == ALL:
            drawn = []
        else:
            mates = failed | self.drawn_beside(failed)
            hit = {lots.lot(one) for one in able if one.id in mates}
            drawn = lots.draw(row, [one for one in able if lots.lot(one) in hit])
        chosen = {one.id for one in drawn} | failed | left
        return [one for one in able if one.id in chosen]

    @property
    def devices(self) -> frozenset[str]:
        """Every device that failed."""
        return frozenset().union(*self.failed.values())

    def drawn_beside(self, failed: Collection[str]) -> frozenset[str]:
        """The devices of the first run's samples in which one of ``failed`` was drawn.

        Their lot is tested again even where the failed device has another model, another id or no line in
        the inventory now.
        """
        hit = (one.drawn for one in self.first.sampling if not set(failed).isdisjoint(one.drawn))
        return frozenset().union(*hit)


def with_first_draws(site: Site, again: TestedAgain, drawn: Lots) -> Site:
    """The site with ``[plan] retest`` written from the first run, for each lot with failed devices.

    ``drawn`` holds the samples as one would draw them first. The size to be doubled is never smaller than
    that of the first run.
    """
    mates = again.devices | again.drawn_beside(again.devices)
    tested = {item.device for item in again.first.items}
    entries = [
        {
            "population": record.population,
            "first_n": max(record.n, _first_size(again.first, record.population, part)),
            "failed": sorted(part & again.devices),
            "drawn": sorted(part & tested),
        }
        for part, record in drawn.parts()
        if part & mates
    ]
    return replace(site, plan={**site.plan, "retest": entries})


def _first_size(first: Plan, population: str, part: Collection[str]) -> int:
    """The sample of a population in the first run; of one not named there the largest of its devices."""
    named = [one.n for one in first.sampling if one.population == population]
    return max(named or [one.n for one in first.sampling if not set(part).isdisjoint(one.drawn)], default=0)


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
    asked = dict.fromkeys((*again.failed, *again.left))
    differences = [*other_rows(asked, first.rows, rows), *otherwise_agreed(first.plan, plan)]
    before = {item.id: item.repetitions for item in first.plan.items}
    differences += [
        f"repetitions of {item.id} (were {before[item.id]}, are {item.repetitions})"
        for item in plan.items
        if item.repetitions < before.get(item.id, 0)
    ]
    if differences:
        raise UsageError(
            f"the re-test would be judged otherwise than the first run: {', '.join(differences)}.",
            "Restore what the first run was judged by (overlays and [plan] of its site folder), "
            "or begin a new run without --retest.",
        )
