# SPDX-License-Identifier: Apache-2.0
"""The plan held against its own rules: samples counted anew, certificates, re-tests; logs by the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.support.judging import verdict
from yanshou.evaluation import filing_delay, log_age, pass_rate
from yanshou.evaluation.pass_rate import count_passed
from yanshou.instruments.registry import Instrument, InstrumentRegistry, Range
from yanshou.model import Device, DeviceKind, Limit, Plan, PlanItem, SampleRecord, Site, System, Verdict
from yanshou.planning import sample_size
from yanshou.planning.audit import PlanAudit
from yanshou.planning.sampling import GB50339, GB50348

TODAY = date(2026, 11, 24)


def audit(drawn: int, N: int, *, items: bool = True, model: str = "M", **parameters: object) -> PlanAudit:
    names = [f"C{number:04}" for number in range(N)]
    devices = {name: Device(name, DeviceKind.CAMERA, System.VIDEO, name, model) for name in names}
    record = SampleRecord(f"camera/{model}", N, drawn, "r", tuple(names[:drawn]))
    planned = tuple(PlanItem(f"m[{name}]", "m", name, ("R",)) for name in names[:drawn] if items)
    plan = Plan("t", 1, planned, sampling=(record,), parameters=dict(parameters))
    return PlanAudit(plan, Site("t", "t", Path(), "UTC", {}, {}, devices), InstrumentRegistry({}), TODAY)


@pytest.mark.parametrize("N", [1, 2, 5, 6, 8, 15, 16, 25, 26, 90, 91, 150, 151, 500, 501, 1200, 3300])
def test_the_sample_of_the_planning_is_just_enough_and_one_less_is_not(N: int):
    """Two tables of the standard, written apart, agree; the audit is not looser than the rule."""
    n = sample_size(GB50348, N)
    assert audit(n, N).level_one().kept
    if n > 1:
        found = audit(n - 1, N).level_one()
        assert not found.kept
        assert f"抽 {n - 1}/{N}" in found.because
    fifth = sample_size(GB50339, N)
    assert audit(fifth, N).fifth().kept
    if fifth > 1:
        assert not audit(fifth - 1, N).fifth().kept


def test_small_lots_are_tested_whole():
    assert audit(5, 5).small_lots().kept
    assert not audit(4, 5).small_lots().kept
    assert audit(5, 90).small_lots() is None


def test_a_drawn_device_without_an_item_is_no_sample():
    found = audit(5, 5, items=False).level_one()
    assert not found.kept
    assert "没有检测项目" in found.because


def test_a_retest_doubles_the_sample_and_holds_what_had_failed():
    assert audit(5, 20).retest() is None
    first = {"population": "camera/M", "first_n": 5, "failed": ["C0001"]}
    enough, short = audit(10, 20, retest=[first]).retest(), audit(9, 20, retest=[first]).retest()
    assert enough is not None
    assert short is not None
    assert enough.kept
    assert not short.kept
    stranger = audit(10, 20, retest=[first | {"failed": ["C0019"]}]).retest()
    assert stranger is not None
    assert "C0019" in stranger.because
    # no more than there are
    whole = audit(7, 7, retest=[first]).retest()
    assert whole is not None
    assert whole.kept
    other = audit(10, 20, retest=[first | {"population": "door/X"}]).retest()
    assert other is not None
    assert not other.kept


def test_an_overdue_certificate_is_named():
    def registered(due: date) -> PlanAudit:
        one = Instrument(
            "DMM-1", "multimeter", "表", certificate="c", calibrated=date(2025, 1, 1), due=due,
            ranges=(Range("dc_current", 0.0, 1.0, "A", 0.01),),
        )  # fmt: skip
        made = audit(5, 5)
        return PlanAudit(made.plan, made.site, InstrumentRegistry({"DMM-1": one}), TODAY)

    assert registered(date(2027, 1, 1)).instruments().kept
    found = registered(date(2026, 11, 1)).instruments()
    assert not found.kept
    assert "DMM-1" in found.because


def test_a_rule_with_nothing_to_be_held_against_is_not_kept():
    empty = audit(0, 0)
    assert empty.small_lots() is empty.level_one() is empty.fifth() is empty.instruments() is None


def test_the_items_of_a_plan_are_counted_by_the_groups_of_an_inspection():
    made = audit(5, 50)
    items = tuple(
        replace(made.plan.items[0], requirements=(row,))
        for row in ("GND-03", "PWR-06", "NET-03", "IQ-18", "CTR-01")
    )
    groups = replace(made, plan=replace(made.plan, items=items)).groups()
    assert groups == {
        "architecture": 0, "protection": 1, "safety": 1, "supply": 1, "transmission": 1,
        "installation": 0, "centre": 1,
    }  # fmt: skip


def test_the_least_share_is_told():
    assert audit(5, 50).fraction() == (10.0, "camera 5/50")


def test_a_log_as_old_as_the_system_is_a_lower_bound():

    limit = Limit("d", min=180)
    old = log_age("m", "A", date(2026, 4, 1), TODAY, commissioned=date(2026, 1, 1))
    assert old.value == 237.0
    assert verdict(old, limit) is Verdict.CONFORM
    short = log_age("m", "A", date(2026, 7, 1), TODAY, commissioned=date(2026, 1, 1))
    assert verdict(short, limit) is Verdict.NON_CONFORM
    young = log_age("m", "A", date(2026, 7, 1), TODAY, commissioned=date(2026, 7, 1))
    assert verdict(young, limit) is Verdict.NOT_TESTED
    future = log_age("m", "A", date(2027, 1, 1), TODAY, commissioned=None)
    assert verdict(future, limit) is Verdict.INVALID


def test_a_filing_is_counted_in_days():
    assert filing_delay("SITE", date(2026, 3, 1), date(2026, 3, 31)).value == 30.0


def test_devices_no_requirement_speaks_of_are_no_part_of_a_lot():
    """A reference clock beside the clocks under test, of another model: not drawn, and rightly so."""
    made = audit(1, 1)
    other = Device("REF", DeviceKind.CAMERA, System.VIDEO, "基准", "OTHER")
    site = Site("t", "t", Path(), "UTC", {}, {}, {**made.site.devices, "REF": other})
    assert PlanAudit(made.plan, site, made.registry, TODAY).fifth().kept


def reported(item: str, *verdicts: Verdict, outcome: str = "done") -> list[dict[str, object]]:
    """The lines of a journal about one item that was measured once for each verdict."""
    found = [{"kind": "finding", "item": item, "requirement": "R", "verdict": one.value} for one in verdicts]
    return [*found, {"kind": "item_finished", "item": item, "outcome": outcome}]


def test_the_pass_rate_counts_devices_and_not_findings():
    plan = audit(10, 90).plan
    lines = [line for item in plan.items for line in reported(item.id, Verdict.CONFORM)]
    found = count_passed(plan, lines, "own")
    assert (found.n, found.percent, found.open) == (10, 100.0, ())
    against = [*lines, *reported("m[C0003]", Verdict.NON_CONFORM, outcome="non_conform")]
    found = count_passed(plan, against, "own")
    assert (found.percent, found.failed) == (90.0, ("C0003",))
    # the first non-conformity stands, whatever a second attempt finds
    again = count_passed(plan, [*against, *reported("m[C0003]", Verdict.CONFORM)], "own")
    assert again.failed == ("C0003",)


@pytest.mark.parametrize(
    "last",
    [
        [],
        reported("m[C0009]", Verdict.INVALID),
        reported("m[C0009]", Verdict.NOT_TESTED),
        reported("m[C0009]", outcome="rig_fault"),
    ],
    ids=["not begun", "invalid", "not tested", "fault of the bench"],
)
def test_a_device_without_a_result_has_not_passed(last: list[dict[str, object]]):
    plan = audit(10, 90).plan
    lines = [line for item in plan.items[:9] for line in reported(item.id, Verdict.CONFORM)]
    found = count_passed(plan, [*lines, *last], "own")
    assert (found.percent, found.open) == (90.0, ("C0009",))
    measured = pass_rate("sample_pass_rate", "SITE", found)
    assert measured.at_least == measured.value == 90.0
    assert verdict(measured, Limit("%", min=90)) is Verdict.CONFORM  # whatever the open one is found to be
    assert verdict(measured, Limit("%", min=95)) is Verdict.NOT_TESTED


@pytest.mark.parametrize(("failed", "expected"), [(1, Verdict.CONFORM), (2, Verdict.NON_CONFORM)])
def test_one_of_ten_may_fail_and_two_may_not(failed: int, expected: Verdict):
    plan = audit(10, 90).plan
    verdicts = [Verdict.NON_CONFORM] * failed + [Verdict.CONFORM] * (10 - failed)
    lines = [line for item, one in zip(plan.items, verdicts, strict=True) for line in reported(item.id, one)]
    measured = pass_rate("sample_pass_rate", "SITE", count_passed(plan, lines, "own"))
    assert verdict(measured, Limit("%", min=90)) is expected


def test_without_a_sample_there_is_no_pass_rate():
    assert count_passed(Plan("t", 1, ()), [], "own") is None
