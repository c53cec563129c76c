# SPDX-License-Identifier: Apache-2.0
"""Whether two plans of a site judge alike: the same rows, rules, classes, criteria and agreements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

from yanshou.model import Plan, Requirement

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


def otherwise_agreed(then: Plan, now: Plan) -> list[str]:
    """What was agreed otherwise: decision rule, largest U, estimates, criteria of methods, classes."""
    changed = []
    if now.decision_rule is not then.decision_rule:
        changed.append(f"decision_rule (was {then.decision_rule}, is {now.decision_rule})")
    changed += [
        f"{name} of [plan]"
        for name in ("largest_u", "accepted_estimates")
        if _plain(then.parameters.get(name)) != _plain(now.parameters.get(name))
    ]
    changed += [
        f"{what} {name}"
        for key, what in (("largest_u_of", "largest_u_of"), ("method", "the criteria of"))
        for name in _otherwise(then, now, key)
    ]
    return changed + _other_classes(then, now)


def other_rows(
    names: Iterable[str], then: Mapping[str, Requirement], now: Mapping[str, Requirement]
) -> Iterator[str]:
    """The requirements that are judged otherwise now, each with what differs, or that are not there any more.

    A limit that was only confirmed since is the same limit.
    """
    for name in names:
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
    agreed = ("by", "date", "document")
    return {
        (one["measurand"], one["name"]): _plain({key: one[key] for key in one if key not in agreed})
        for one in classes
    }


def left_out(then: Plan, now: Plan) -> list[str]:
    """What only the earlier plan has: devices of the inventory, and requirements it asks for.

    A plan over both would drop them quietly. Both plans hold the facts they rest on.
    """
    old, new = (_devices(plan) for plan in (then, now))
    excluded = {one.requirement for one in now.not_applicable} | set(now.out_of_scope)
    return [
        *(f"device {name}" for name in sorted(old - new)),
        *(f"requirement {name}" for name in sorted(_asked(then) - _asked(now) - excluded)),
    ]


def sampled_otherwise(then: Plan, now: Plan) -> Iterator[str]:
    """The rule of sampling, if it is another one now by which something planned before is left out.

    More devices under another rule (``sample_all``) are no reason to begin anew.
    """
    old, new = ({one.rule for one in plan.sampling} for plan in (then, now))
    if old != new and no_longer_planned(then, now):
        was, is_ = (", ".join(sorted(rules)) or "none" for rules in (old - new, new - old))
        yield f"the sampling (was {was}, is {is_})"


def no_longer_planned(then: Plan, now: Plan) -> tuple[str, ...]:
    """The items of a plan that a later one neither has nor lists with the reason why they cannot be done."""
    planned = {item.id for item in now.items}
    listed = {(one.requirement, one.device) for one in now.untestable}
    return tuple(
        item.id
        for item in then.items
        if item.id not in planned and any((name, item.device) not in listed for name in item.requirements)
    )


def _asked(plan: Plan) -> set[str]:
    planned = {name for item in plan.items for name in item.requirements}
    return planned | {one.requirement for one in plan.untestable}


def _devices(plan: Plan) -> set[str]:
    found = plan.parameters.get("rests_on")
    return {str(name) for name in found["devices"]} if isinstance(found, Mapping) and found else set()


def _otherwise(then: Plan, now: Plan, key: str) -> list[str]:
    """The measurands of both plans about which a table of the parameters says something else now."""
    old, new = then.parameters.get(key) or {}, now.parameters.get(key) or {}
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return [key]
    both_have = {item.measurand for item in then.items} & {item.measurand for item in now.items}
    return [name for name in sorted(both_have) if _plain(old.get(name)) != _plain(new.get(name))]


def _plain(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
