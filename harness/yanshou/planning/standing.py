# SPDX-License-Identifier: Apache-2.0
"""Which results of one plan stand under a later one: on a later day, or in the report over several runs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from yanshou.model import Plan, PlanItem
from yanshou.planning.facts import ChangedFact, stands
from yanshou.planning.frozen import freeze

INSTRUMENTS = "instruments."


def sorted_out(
    items: Iterable[PlanItem],
    then: Plan,
    now: Plan,
    used: Mapping[str, Collection[str]],
    changed: Iterable[ChangedFact],
    reached: Mapping[str, str],
) -> tuple[list[PlanItem], list[str]]:
    """The items of ``then`` that stand under the plan of ``now``, and the ids of those that do not.

    ``used`` are the instruments each item used, ``changed`` those of the register that are others now,
    ``reached`` the devices that instruments were read through (``reached_through``): one at another address
    is another one, too.
    """
    planned = {item.id: item for item in now.items}
    other = {one.what.removeprefix(INSTRUMENTS) for one in changed if one.rests}
    before, after = (_facts(plan).get("devices", {}) for plan in (then, now))
    other |= {name for name, device in reached.items() if before.get(device) != after.get(device)}
    kept, anew = [], []
    for item in items:
        touched = (set(item.instruments) | set(used.get(item.id, ()))) & other
        same = stands(item.device, _facts(then), _facts(now)) and _alike(
            item, planned.get(item.id), then, now
        )
        if same and not touched:
            kept.append(item)
        else:
            anew.append(item.id)
    return kept, anew


def _facts(plan: Plan) -> Mapping[str, Any]:
    found = plan.parameters.get("rests_on")
    return found if isinstance(found, Mapping) else {}


def _alike(item: PlanItem, now: PlanItem | None, then: Plan, plan: Plan) -> bool:
    """Whether the item asks for the same: requirements, repetitions, rule, and the criteria of its test."""
    if now is None:
        return True  # it cannot be tested today, e.g. without its instrument
    if replace(now, instruments=item.instruments) != item:
        return False
    return all(
        _plain(_of(then, key).get(item.measurand)) == _plain(_of(plan, key).get(item.measurand))
        for key in ("method", "largest_u_of")
    )


def _of(plan: Plan, key: str) -> Mapping[str, Any]:
    found = plan.parameters.get(key)
    return found if isinstance(found, Mapping) else {}


def with_kept(now: Plan, then: Plan, kept: Iterable[PlanItem], anew: Iterable[str]) -> Plan:
    """The new plan with the items that stand as they were, also those that cannot be tested today.

    An item that is to be done again and cannot be tested today stays in the plan, too.
    """
    old = {item.id: item for item in kept}
    again = {item.id: item for item in then.items if item.id in set(anew)}
    items = [old.get(item.id, item) for item in now.items]
    planned = {item.id for item in items}
    items += [item for item in (old | again).values() if item.id not in planned]
    answered = {(name, item.device) for item in old.values() for name in item.requirements}
    untestable = tuple(one for one in now.untestable if (one.requirement, one.device) not in answered)
    return freeze(replace(now, items=tuple(items), untestable=untestable))


def instruments_changed(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[ChangedFact]:
    """The instruments that came, went or have another record.

    Results rest on a record that is another one now, not on an instrument that is merely absent today.
    """
    old, new = ({str(one["id"]): one for one in side.get("instruments", ())} for side in (then, now))
    for name in dict.fromkeys((*old, *new)):
        before, after = _plain(_bare(old.get(name))), _plain(_bare(new.get(name)))
        if before != after:
            changed = name in old and name in new
            yield ChangedFact(
                f"{INSTRUMENTS}{name}", _certificate(old.get(name)), _certificate(new.get(name)), changed
            )


def reached_through(site: Mapping[str, Any]) -> dict[str, str]:
    """The device of the inventory that each instrument of a run's ``site.json`` was read through."""
    return {str(one["id"]): str(one.get("uses") or one["id"]) for one in site.get("instruments", ())}


def _bare(record: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The record without the name, on which nothing rests."""
    return None if record is None else {key: record[key] for key in record if key != "name"}


def _certificate(record: Mapping[str, Any] | None) -> str:
    if record is None:
        return ""
    return " ".join(str(record[key]) for key in ("model", "serial", "certificate", "due") if record.get(key))


def _plain(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
