# SPDX-License-Identifier: Apache-2.0
"""What an item sees in passing and the clause of another forbids: a non-conformity of that other item."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from test_suites.access_control import test_doors

from tests.support import record_bench
from tests.support.made_up_door import MadeUpDoor, reported
from tests.support.record_bench import TWO_S, Bench, row, saw, verdicts
from yanshou.equipment.alarm_stock import SILENT
from yanshou.evidence import read_events
from yanshou.fixtures.api import ALARM
from yanshou.fixtures.record import Record
from yanshou.metrology import Conditions
from yanshou.model import Limit, Plan, PlanItem, Verdict
from yanshou.model.signal import Card
from yanshou.reports.events import attempts_of
from yanshou.reports.outcome import final

bench = record_bench.bench
_HELD = f"{ALARM}[Z07]"
_ALONE = "door_opens_alone_and_locks_again"
_LINE = {"seq", "kind", "utc", "mono", "item", "prev"}


def timed(bench: Bench, *, planned: bool = True) -> Record:
    """The record of a response time, in a run that also plans how an alarm is held."""
    given = row("IAS-FN-03", "value", Limit("", equals=True), measurand=ALARM)
    rows = {"IAS-RT-01": row("IAS-RT-01", limit=TWO_S), "IAS-FN-03": given}
    held = PlanItem(_HELD, ALARM, "Z07", ("IAS-FN-03",))
    own = PlanItem(bench.item_journal.item, "alarm_response_time", "Z07", ("IAS-RT-01",), repetitions=3)
    elsewhere = replace(held, id=f"{ALARM}[Z08]", device="Z08")
    plan = Plan("s", 1, (own, elsewhere, *([held] if planned else [])))
    session: Any = record_bench.FakeSession(bench.item_journal, rows, plan)
    return Record(session, own, Conditions())


def conclude(record: Record, *seen: str) -> dict[str, str]:
    record.begin()
    saw(record, 0.5, 0.4)
    record.seen_in_passing(seen, of=ALARM)
    return verdicts(record.conclude())


def test_a_silent_alarm_while_times_are_taken_breaks_the_clause_on_alarms(bench: Bench) -> None:
    own = conclude(timed(bench), SILENT, SILENT)
    assert own == {"IAS-RT-01": "conform"}
    (finding,) = [one for one in bench.events("finding") if one["item"] == _HELD]
    assert (finding["requirement"], finding["verdict"]) == ("IAS-FN-03", "non_conform")
    assert finding["reason"].endswith(SILENT)
    assert bench.item_journal.item == "alarm_response_time[Z07]"


@pytest.mark.parametrize("before", [True, False])
def test_it_stands_whether_the_other_item_was_done_before_or_is_done_after(
    bench: Bench, before: bool
) -> None:
    def other() -> None:
        with bench.item_journal.as_item(_HELD):
            bench.item_journal.note("item_started", attempt=1)
            found = next(one for one in bench.events("finding") if one["item"] == "alarm_response_time[Z07]")
            mine = {name: value for name, value in found.items() if name not in _LINE}
            bench.item_journal.note("finding", **(mine | {"requirement": "IAS-FN-03", "verdict": "conform"}))
            bench.item_journal.note("item_finished", attempt=1, outcome="done", seconds=1.0)

    record = timed(bench)
    conclude(record)
    if before:
        other()
    conclude(record, SILENT)
    if not before:
        other()
    attempts = attempts_of(read_events(bench.path))[_HELD]
    found = final(attempts, "IAS-FN-03")
    assert found is not None
    assert found.verdict is Verdict.NON_CONFORM


def test_what_no_clause_of_the_plan_forbids_is_only_told(bench: Bench) -> None:
    conclude(timed(bench, planned=False), SILENT)
    assert {one["item"] for one in bench.events("finding")} == {"alarm_response_time[Z07]"}
    (measured,) = bench.events("measurement")
    assert measured["deviations"] == [f"途中发现：{SILENT}"]


def test_an_unverified_profile_makes_it_indicative_too(bench: Bench) -> None:
    record = timed(bench)
    record.indicative("设备描述文件未经核对")
    conclude(record, SILENT)
    assert {one["verdict"] for one in bench.events("finding")} == {"invalid"}


# -- at doors


def opens(card: Card, number: int) -> float | None:
    """Opens for a card that may pass, and at the second presentation for any."""
    return 0.1 if card is Card.AUTHORISED or number == 2 else None


@pytest.mark.parametrize(
    ("door", "seen"),
    [
        ({}, None),
        ({"longer": {2: 5.0}}, "设定释放 1 s，5.0 s 后才锁闭"),
        ({"longer": {3: 99.0}}, "门锁释放后未再锁闭"),
        ({"opens_beside": ["RELAY-1/di1"]}, "同时释放了其他门锁：RELAY-1/di1"),
    ],
)
def test_each_opening_that_is_timed_is_held_to_what_one_opening_is(
    door: dict[str, Any], seen: str | None
) -> None:
    made_up = MadeUpDoor(opens, **door)
    kept = reported(test_doors.test_credential_to_lock_time, door=made_up)
    assert kept.said["latencies"] == pytest.approx([0.1] * 3)
    assert set(kept.passing.get(_ALONE, [])) == ({seen} if seen else set())


def test_each_forced_opening_that_is_timed_is_shown_at_its_own_place_alone() -> None:
    kept = reported(test_doors.test_forced_door_alarm_time, door=MadeUpDoor(opens, shown_at=["D02"]))
    assert set(kept.passing["forced_door_alarm"]) == {"同时显示于其他门：D02"}


def test_a_wrong_credential_that_opens_while_alarms_are_counted_is_no_refusal() -> None:
    door = MadeUpDoor(lambda *_: 0.1)
    kept = reported(test_doors.test_wrong_credentials_to_alarm, door=door)
    assert set(kept.passing) == {"unauthorised_credential_refused"}
