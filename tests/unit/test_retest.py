# SPDX-License-Identifier: Apache-2.0
"""The re-test after repair: what is tested again, on which devices, and what must be as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from yanshou.instruments.registry import InstrumentRegistry
from yanshou.model import (
    DecisionRule,
    Device,
    DeviceKind,
    Limit,
    LimitStatus,
    Plan,
    PlanItem,
    Quantity,
    Requirement,
    Site,
    Statistic,
    System,
    Text,
    UsageError,
    Verdict,
)
from yanshou.planning.agreements import otherwise_agreed
from yanshou.planning.covered import CoveredMeasurand
from yanshou.planning.make import make_plan
from yanshou.planning.retest import FirstRun, as_first_drawn, completed, require_alike
from yanshou.standards.catalogue import Catalogue
from yanshou.standards.records import Measurand

DAY = date(2026, 11, 24)
LINK = {"run": "first", "round": 2, "head": "h" * 64}
N, C, NT, INV, U = (
    Verdict.NON_CONFORM,
    Verdict.CONFORM,
    Verdict.NOT_TESTED,
    Verdict.INVALID,
    Verdict.UNJUDGED,
)


def row(name: str, **changes: object) -> Requirement:
    fields: dict[str, object] = {
        "id": name,
        "standard": "GB 1",
        "edition": "2022",
        "clause": "1",
        "system": "video",
        "title": Text("题", "title"),
        "asks": Text("问", "asks"),
        "measurand": name.lower(),
        "statistic": Statistic.MAX,
        "limit": Limit("s", max=2.0),
        "limit_status": LimitStatus.VERIFIED,
        "applies": {"system": "video"},
        "population": ("camera",),
        "mandatory": True,
        "in_force": True,
        "rank": 2,
    }
    return Requirement(**{**fields, **changes})  # type: ignore[arg-type]


ROWS = (row("A"), row("B"), row("EACH", sampling="all"))


def cameras(number: int, model: str = "M", prefix: str = "C") -> dict[str, Device]:
    names = [f"{prefix}{place:02}" for place in range(1, number + 1)]
    return {name: Device(name, DeviceKind.CAMERA, System.VIDEO, name, model) for name in names}


def site(devices: Mapping[str, Device] | None = None, **plan: object) -> Site:
    found = {**cameras(20), **cameras(3, "OTHER", "K")} if devices is None else devices
    return Site("t", "t", Path(), "UTC", {}, {}, found, plan={"seed": 7, **plan})


def catalogue(rows: Iterable[Requirement]) -> Catalogue:
    rows = tuple(rows)
    measurands = {
        one.measurand: Measurand(one.measurand, "s", Quantity.CONTINUOUS, "量", "quantity", "")
        for one in rows
    }
    return Catalogue({one.id: one for one in rows}, measurands, {})


def planned(at: Site, rows: Iterable[Requirement] = ROWS, **again: object) -> Plan:
    rows = tuple(rows)
    covered = {
        one.measurand: CoveredMeasurand(one.measurand, repetitions=10) for one in rows if one.id != "BARE"
    }
    return make_plan(at, catalogue(rows), InstrumentRegistry({}), covered=covered, on=DAY, **again)  # type: ignore[arg-type]


def ran(at: Site, rows: Iterable[Requirement] = ROWS, **verdicts: Verdict) -> FirstRun:
    """A first run in which everything planned conformed, but for ``B_C02=N`` and the like."""
    rows = tuple(rows)
    plan = planned(at, rows)
    found = [
        (name, item.device, verdicts.get(f"{name}_{item.device}", C))
        for item in plan.items
        for name in item.requirements
    ]
    found += [(one.requirement, one.device, NT) for one in plan.untestable]
    return FirstRun(plan, {one.id: one for one in rows}, found, link=LINK)


def again(first: FirstRun, at: Site, rows: Iterable[Requirement] = ROWS) -> Plan:
    rows = tuple(rows)
    made = planned(as_first_drawn(at, first), rows, again=first.repeated)
    require_alike(first, made, {one.id: one for one in rows})
    return completed(made, first)


def items(plan: Plan, requirement: str) -> set[str]:
    return {item.device for item in plan.items if requirement in item.requirements}


def left(plan: Plan) -> set[tuple[str, str]]:
    return {(one.requirement, one.device) for one in plan.untestable}


def test_what_did_not_conform_is_drawn_twice_as_large_with_the_failed_devices_in_it():
    drawn = sorted(items(planned(site()), "A") - {"K01", "K02", "K03"})
    failed = drawn[2]
    made = again(ran(site(), **{f"A_{failed}": N}), site())
    tested = items(made, "A")
    assert len(drawn) == 5
    assert len(tested) == 10
    assert failed in tested
    assert len(tested & set(drawn)) == 1  # the others are drawn from those not tested before
    assert not items(made, "B")
    assert not items(made, "EACH")
    assert made.parameters["retest_of"] == LINK
    assert [one["failed"] for one in made.parameters["retest"]] == [[failed]]  # type: ignore[attr-defined]


def test_a_lot_in_which_nothing_failed_is_not_tested_again():
    made = again(ran(site(), A_K02=N), site())
    assert items(made, "A") == {"K01", "K02", "K03"}  # all of a lot of three: twice three is more than it has


def test_a_requirement_on_each_device_is_tested_again_where_it_failed():
    assert items(again(ran(site(), EACH_C07=N), site()), "EACH") == {"C07"}


def test_what_was_found_in_passing_is_looked_for_again_where_it_was_seen():
    """A siren was silent once in ten timed alarms: the one alarm of the failed item may well sound."""
    device = min(items(planned(site()), "A"))
    first = replace(ran(site(), **{f"A_{device}": N}), saw=[("B", device)])
    made = again(first, site())
    assert device in items(made, "A")
    assert items(made, "B") == {device}


@pytest.mark.parametrize("verdict", [NT, INV])
def test_what_had_no_result_is_tested_again_on_the_same_device_only(verdict: Verdict):
    device = min(items(planned(site()), "B"))
    made = again(ran(site(), **{f"B_{device}": verdict}), site())
    assert items(made, "B") == {device}
    assert made.parameters["retest"] == []


def test_a_measured_device_is_judged_by_every_requirement_on_the_measurand():
    rows = (row("A"), row("A2", measurand="a", limit=Limit("s", max=3.0)))
    device = min(items(planned(site(), rows), "A"))
    made = again(ran(site(), rows, **{f"A_{device}": N}), site(), rows)
    assert all(item.requirements == ("A", "A2") for item in made.items)


def test_a_failed_device_that_left_the_inventory_stays_open():
    device = min(items(planned(site()), "A") - {"K01", "K02", "K03"})
    without = {name: one for name, one in site().devices.items() if name != device}
    made = again(ran(site(), **{f"A_{device}": N}), site(without))
    assert ("A", device) in left(made)
    assert len(items(made, "A")) == 10  # its lot is tested again although the device is gone


def other_model(at: Site, *names: str) -> Site:
    return replace(
        at,
        devices={
            name: replace(one, model="M2") if name in names else one for name, one in at.devices.items()
        },
    )


def test_the_lot_of_a_failed_device_is_tested_again_although_the_device_is_of_another_model_now():
    device = min(items(planned(site()), "A") - {"K01", "K02", "K03"})
    made = again(ran(site(), **{f"A_{device}": N}), other_model(site(), device))
    assert device in items(made, "A")
    assert len(items(made, "A") - {device}) == 10


def test_a_lot_that_has_another_name_now_is_not_drawn_smaller():
    """All devices got another model and most of them left: the rule alone would ask for fewer."""
    large = site(cameras(200))
    failed = min(items(planned(large), "A"))
    kept = dict(list(cameras(200).items())[:60]) | {failed: cameras(200)[failed]}
    renamed = other_model(site(kept), *kept)
    assert len(items(again(ran(large, **{f"A_{failed}": N}), renamed), "A")) == 26


def test_a_failed_requirement_that_the_site_file_no_longer_asks_for_stays_open():
    first = ran(site(), A_K01=N, B_K02=NT)
    shrunk = replace(site(), scope=("EACH",))
    made = again(first, shrunk)
    assert {("A", "K01"), ("B", "K02")} <= left(made)
    rows = (*(replace(one, applies={"category": 1}) for one in ROWS),)
    first = ran(replace(site(), attributes={"category": 1}), rows, A_K01=N, B_K02=NT)
    made = again(first, replace(site(), attributes={"category": 3}), rows)
    assert {("A", "K01"), ("B", "K02")} <= left(made)
    assert not {one.requirement for one in made.not_applicable} & {"A", "B"}


def test_what_could_not_be_tested_the_first_time_is_not_dropped():
    rows = (*ROWS, row("BARE"))
    made = again(ran(site(), rows), site(), rows)
    assert ("BARE", "") in left(made)


def test_the_sample_is_never_smaller_than_twice_the_first_one():
    """The inventory lost devices in between, and the rule alone would ask for fewer."""
    large = site(cameras(200))
    first = ran(large)
    n = len(items(first.plan, "A"))
    assert n == 13
    failed = min(items(first.plan, "A"))
    first = ran(large, **{f"A_{failed}": N})
    kept = dict(list(cameras(200).items())[:60]) | {failed: cameras(200)[failed]}
    assert len(items(again(first, site(kept)), "A")) == 26


@pytest.mark.parametrize(
    "changes",
    [
        {"limit": Limit("s", max=4.0)},
        {"limit": Limit("s", max=1.0)},
        {"limit": None},
        {"statistic": Statistic.MIN},
        {"decision_rule": DecisionRule.NON_BINARY},
        {"population": ("recorder",)},
        {"applies": {"system": "video", "device": {"type": "dome"}}},
        {"sampling": "all"},
    ],
)
def test_a_retest_is_not_judged_by_another_row(changes: dict[str, object]):
    rows = (replace(ROWS[0], **changes), *ROWS[1:])  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"judged otherwise.*A \("):
        again(ran(site(), A_K01=N), site(), rows)


def test_a_limit_that_was_only_confirmed_since_is_the_same():
    before = (replace(ROWS[0], limit_status=LimitStatus.PROVISIONAL), *ROWS[1:])
    assert items(again(ran(site(), before, A_K01=N), site()), "A")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"decision_rule": "DR-GB"}, "decision_rule"),
        ({"largest_u": 0.9}, "largest_u"),
        ({"largest_u_of": {"a": 0.9}}, "largest_u_of a"),
        ({"accepted_estimates": ["a"]}, "accepted_estimates"),
        ({"repetitions": 3}, "repetitions of"),
    ],
)
def test_a_retest_is_not_judged_by_another_agreement(changed: dict[str, object], named: str):
    with pytest.raises(UsageError, match=named):
        again(ran(site(), A_K01=N), site(**changed))


def test_a_row_that_left_the_catalogue_is_named():
    with pytest.raises(UsageError, match="no longer in the catalogue"):
        again(ran(site(), A_K01=N), site(), ROWS[1:])


def test_another_seed_in_the_site_file_changes_nothing_about_the_draw():
    first = ran(site(), A_K01=N, A_C01=N)
    assert again(first, site()) == again(first, site(seed=99))


CLASS = {"measurand": "a", "name": "2", "passes": 10, "detected": 10, "by": "张三", "date": "2026-11-20"}


@pytest.mark.parametrize(
    ("then", "now", "named"),
    [
        ({"classes": [CLASS]}, {"classes": [CLASS | {"detected": 5}]}, "class 2 of a"),
        ({"method": {"a": {"share": 0.9}}}, {"method": {"a": {"share": 0.5}}}, "criteria of a"),
        ({}, {"largest_u_of": {"a": {"share": 0.9}}}, "largest_u_of a"),
    ],
)
def test_what_a_laboratory_states_otherwise_is_named(
    then: dict[str, object], now: dict[str, object], named: str
):
    item = PlanItem("a[K01]", "a", "K01", ("A",))
    old, new = (Plan("t", 1, (item,), parameters=stated) for stated in (then, now))
    assert any(named in one for one in otherwise_agreed(old, new))
    assert otherwise_agreed(old, old) == []
    signed = {"classes": [CLASS | {"by": "李四"}]}
    assert (
        otherwise_agreed(replace(old, parameters={"classes": [CLASS]}), replace(old, parameters=signed)) == []
    )
