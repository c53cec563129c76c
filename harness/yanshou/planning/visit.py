# SPDX-License-Identifier: Apache-2.0
"""The plan as a person reads it: what is done at which place, by whom, and who has to be warned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from yanshou.model import Plan, PlanItem, Site, Text
from yanshou.model.site import system_turn
from yanshou.model.visit import Places, Visit, VisitTask
from yanshou.planning.covered import CoveredMeasurand
from yanshou.planning.duration import machine_times, person_seconds
from yanshou.standards import Catalogue, standard_name


def make_visit(
    plan: Plan,
    site: Site,
    catalogue: Catalogue,
    covered: Mapping[str, CoveredMeasurand],
    *,
    lasted: Mapping[str, float] = MappingProxyType({}),
    rest: bool = False,
) -> Visit:
    """The visit for a plan; ``rest``: for what is left of one, which says nothing of what cannot be tested.

    ``lasted`` holds the seconds an item of a measurand took in an earlier run; they replace the estimate.

    Times are the suites' estimates with the waits of this plan. A step of a person counts at least a minute,
    also where a file answers in a rehearsal.
    """
    items: dict[str, list[PlanItem]] = {}
    machine = machine_times(site, plan.items, covered)
    for item in plan.items:
        items.setdefault(item.measurand, []).append(item)
    tasks = [
        _task(made, site, catalogue, _times(made, machine, covered[name], lasted.get(name)))
        for name, made in items.items()
    ]
    return Visit(
        site=site.name,
        address=str(site.attributes.get("address", "")),
        tasks=tuple(sorted(tasks, key=lambda task: system_turn(task.system))),
        warned=_warned(plan.items, site),
        cannot=() if rest else _cannot(plan, catalogue),
    )


def _times(
    items: Sequence[PlanItem],
    machine: Mapping[str, float],
    covered: CoveredMeasurand,
    lasted: float | None,
) -> tuple[float, float]:
    """The machine's and a person's seconds."""
    if lasted is not None:
        whole = lasted * len(items)
        return (0.0, whole) if covered.operator else (whole, 0.0)
    repeated = sum(item.repetitions for item in items)
    return sum(machine[item.id] for item in items), person_seconds(covered) * repeated


def _task(
    items: Sequence[PlanItem], site: Site, catalogue: Catalogue, times: tuple[float, float]
) -> VisitTask:
    name = items[0].measurand
    rows = [catalogue.requirements[one] for item in items for one in item.requirements]
    measurand = catalogue.measurands[name]
    return VisitTask(
        measurand=name,
        title=Text(measurand.zh, measurand.en),
        system=rows[0].system,
        clauses=_once(f"{standard_name(row.standard, row.edition)} {row.clause}".strip() for row in rows),
        places=_places((item.device for item in items), site),
        actions=_once(action for item in items for action in item.intrusive),
        instruments=_once(one for item in items for one in item.instruments),
        machine_s=times[0],
        person_s=times[1],
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _places(ids: Iterable[str], site: Site) -> Places:
    """Devices by place; the site itself, and what stands nowhere, by an empty place."""
    found: dict[str, list[str]] = {}
    for one in dict.fromkeys(ids):
        device = site.devices.get(one)
        found.setdefault(device.location if device else "", []).append(one)
    return {place: tuple(devices) for place, devices in found.items()}


def _warned(items: Sequence[PlanItem], site: Site) -> dict[str, Places]:
    """Each action that others notice, with the places where it is taken, in the order of the plan."""
    ids: dict[str, list[str]] = {}
    for item in items:
        for action in item.intrusive:
            ids.setdefault(action, []).append(item.device)
    return {action: _places(devices, site) for action, devices in ids.items()}


def _cannot(plan: Plan, catalogue: Catalogue) -> tuple[tuple[Text, str, int], ...]:
    """What the plan does not test: one entry per requirement and reason."""
    found: dict[tuple[str, str], int] = {}
    for one in plan.untestable:
        key = (one.requirement, one.reason)
        found[key] = found.get(key, 0) + bool(one.device)
    return tuple(
        (catalogue.requirements[name].title, reason, count) for (name, reason), count in found.items()
    )
