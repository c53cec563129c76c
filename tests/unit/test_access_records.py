# SPDX-License-Identifier: Apache-2.0
"""Records of an access controller beside the events that were made: lost, doubled, displaced, misnamed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_suites.access_control import test_access_records

from yanshou.equipment.access_records import AccessRecords, WantedRecord, cards
from yanshou.evaluation.access import MadeEvent, arrived, nobody_made, record_faults, unclear_times
from yanshou.model import Instant, RigFault, now
from yanshou.model.local_time import readings_of
from yanshou.model.signal import LogEntry
from yanshou.protocols.card import card_number

AT = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)


def events(count: int, door: int = 1) -> list[MadeEvent]:
    """A storm: a hundred cards in a few seconds, each with its number."""
    return [
        MadeEvent("denied", door, user, AT + timedelta(seconds=user / 25), AT + timedelta(seconds=user / 25))
        for user in range(1, count + 1)
    ]


def records(made: list[MadeEvent]) -> list[LogEntry]:
    return [
        LogEntry(number, one.kind, one.door, one.user, one.latest.replace(microsecond=0))
        for number, one in enumerate(made, start=1)
    ]


@pytest.mark.parametrize("count", [33, 100, 1001])
def test_all_events_that_were_made_arrive_once_and_in_order(count: int) -> None:
    seen = arrived(events(count), records(events(count)))
    assert (seen.kept, seen.faults()) == (count, [])


@given(st.integers(2, 60), st.randoms(use_true_random=False))
def test_one_that_is_lost_doubled_displaced_or_strange_is_told(count: int, chance: random.Random) -> None:
    made = events(count)
    found = records(made)
    place = chance.randrange(count)
    assert arrived(made, found[:place] + found[place + 1 :]).lost == (made[place],)
    assert arrived(made, [*found[:place], found[place], *found[place:]]).doubled == 1
    other = chance.choice([one for one in range(count) if one != place])
    swapped = list(found)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    assert arrived(made, swapped).out_of_order > 0
    misplaced = [*found[:place], replace(found[place], target=2), *found[place + 1 :]]
    seen = arrived(made, misplaced)
    assert (seen.lost, seen.strange) == ((made[place],), 1)


def test_events_that_look_alike_are_counted() -> None:
    made = [replace(events(1)[0], user=0)] * 3
    assert arrived(made, records(made)).faults() == []
    assert len(arrived(made, records(made)[:2]).lost) == 1
    assert arrived(made, records([*made, made[0]])).doubled == 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ""),
        ({"target": 2}, "记于门 2"),
        ({"user": 0}, "记为卡 0"),
        ({"kind": "granted"}, "无记录"),
        ({"at": AT + timedelta(hours=1)}, "偏差至少"),
        ({"at": AT - timedelta(days=365)}, "偏差至少"),
        ({"at": AT + timedelta(seconds=4)}, ""),
    ],
)
def test_a_record_says_who_where_when_and_what(change: dict[str, Any], expected: str) -> None:
    made = MadeEvent("denied", 1, 77, AT, AT + timedelta(seconds=0.2))
    entry = replace(LogEntry(9, "denied", 1, 77, AT), **change)
    said = "；".join(record_faults(made, [entry], late_s=5.0))
    assert expected in said
    assert bool(said) is bool(expected)


@pytest.mark.parametrize("happened", [0, 1])
@pytest.mark.parametrize("local", ["2026-10-25 02:30:00", "2026-03-29 02:30:00"], ids=["twice", "skipped"])
def test_a_record_in_the_hour_of_summer_time_may_mean_two_moments(local: str, happened: int) -> None:
    """Neither is held against the controller; that an hour's error would not be seen is said."""
    readings = readings_of(datetime.fromisoformat(local), ZoneInfo("Europe/Berlin"))
    assert readings[1] - readings[0] == timedelta(hours=1)
    entry = LogEntry(9, "denied", 1, 77, readings[1], earlier=readings[:1])
    at = readings[happened]
    made = MadeEvent("denied", 1, 77, at, at + timedelta(seconds=0.2))
    assert record_faults(made, [entry], late_s=5.0) == []
    assert "两个时刻" in unclear_times([entry])
    for off in (timedelta(minutes=30), timedelta(hours=2)):
        moved = replace(made, earliest=at + off, latest=at + off)
        assert record_faults(moved, [entry], late_s=5.0)


def test_both_moments_of_a_record_are_set_right_by_the_clock_of_its_controller() -> None:
    entry = replace(records(events(1))[0], earlier=(AT - timedelta(hours=1),))
    (found,) = access(Log([entry])).since(0, ahead_s=10.0)
    assert found.earlier == (AT - timedelta(hours=1, seconds=10),)
    assert unclear_times([replace(found, earlier=())]) == ""


@pytest.mark.parametrize(
    ("extra", "unmade"),
    [
        ([], 0),
        ([LogEntry(9, "granted", 2, 5, AT)], 1),  # our card, also under another door
        ([LogEntry(9, "granted", 1, 5, AT)], 1),  # the same event again
        ([LogEntry(9, "denied", 1, 5, AT)], 1),  # let in and refused at once
        ([LogEntry(9, "forced", 2, 0, AT)], 1),
        ([LogEntry(9, "granted", 2, 41, AT)], 0),  # somebody else passes
        ([LogEntry(9, "held", 1, 0, AT), LogEntry(10, "restore", 1, 5, AT)], 0),
    ],
)
def test_a_record_of_an_event_that_nobody_made_is_told(extra: list[LogEntry], unmade: int) -> None:
    made = [MadeEvent(kind, 1, user, AT, AT) for kind, user in (("granted", 5), ("denied", 6), ("forced", 0))]
    assert len(nobody_made(made, [*records(made), *extra])) == unmade
    assert nobody_made(made[:2], [LogEntry(9, "forced", 2, 0, AT)]) == []


@pytest.mark.parametrize(
    ("unauthorised", "duress"),
    [
        ("26:3D0900", "26:3d0905"),
        ("DEADBE00", "deadbe03"),
        ("32:DEADBE00", "deadbe03"),
        ("DEADBE00", "34:DEADBE03"),
    ],
)
def test_no_card_of_a_series_is_the_duress_card_in_another_spelling(unauthorised: str, duress: str) -> None:
    series = cards(unauthorised, 33, other_than={duress})
    assert len(set(series)) == 33
    assert int(duress.rpartition(":")[2], 16) not in [int(one.rpartition(":")[2], 16) for one in series]


def test_no_record_at_all_is_told() -> None:
    assert record_faults(events(1)[0], [], late_s=5.0) == ["门 1 拒绝（卡 1）无记录"]


# -- the log over its wire


class Log:
    """The log of a centre: entries that have arrived until now, by number."""

    def __init__(self, entries: list[LogEntry], newest: int = 0) -> None:
        self.entries = {one.number: one for one in entries}
        self.last = newest or max(self.entries, default=0)

    def bounds(self) -> tuple[int, int]:
        return min(self.entries, default=0), self.last

    def read(self, number: int) -> LogEntry | None:
        return self.entries.get(number)

    def require_whole(self, since: int) -> None:
        assert since <= self.last


def access(log: Log) -> AccessRecords:
    nothing: Any = SimpleNamespace(
        note=lambda *_, **__: None, observation=lambda _what, _via, instant, _value=None: instant
    )
    inner: Any = log
    return AccessRecords("ACS-1", inner, None, nothing, "Asia/Shanghai")


def test_running_numbers_begin_again_after_the_largest() -> None:
    entries = [replace(one, number=number) for one, number in
               zip(records(events(4)), (65_534, 65_535, 1, 2), strict=True)]  # fmt: skip
    assert [one.number for one in access(Log(entries, newest=2)).since(65_534)] == [65_535, 1, 2]


def test_a_record_of_another_door_is_not_the_one_that_is_waited_for() -> None:
    here, there = records(events(2))
    begun = Instant(now(), now())
    log = access(Log([replace(here, target=2), there]))
    assert log.wait(0, WantedRecord(1), since=begun, within=0.3) is not None
    assert log.wait(0, WantedRecord(1, there.user), since=begun, within=0.3) is not None
    assert log.wait(0, WantedRecord(1, here.user), since=begun, within=0.1) is None
    alone = access(Log([replace(here, target=2)]))
    assert alone.wait(0, WantedRecord(1), since=begun, within=0.1) is None


def test_a_record_of_an_unknown_class_may_be_the_one_that_is_waited_for() -> None:
    """A controller tells card and code by another code than a card; nothing is missing that may be there."""
    made = records(events(2))
    strange, soon = replace(made[1], kind="code 1024"), Instant(now(), now())
    wanted = WantedRecord(strange.target, strange.user, frozenset({"denied"}))
    log = access(Log([replace(made[0], user=77), strange]))
    with pytest.raises(RigFault, match=f"record {strange.number} of the card has a class .*: code 1024"):
        log.wait(0, wanted, since=soon, within=0.05)
    other = WantedRecord(strange.target, 1234, frozenset({"denied"}))
    assert log.wait(0, other, since=soon, within=0.05) is None


def test_a_record_that_names_no_door_is_there_and_its_place_is_missing() -> None:
    """Some controllers leave the door out; the card says whose record it is, and nobody's says nothing."""
    (made,), begun = records(events(1)), Instant(now(), now())
    wanted = WantedRecord(1, made.user, frozenset({made.kind}))

    def seen(entry: LogEntry) -> bool:
        return access(Log([entry])).wait(0, wanted, since=begun, within=0.05) is not None

    assert seen(replace(made, target=0))
    assert not seen(replace(made, target=2))
    assert not seen(replace(made, target=0, user=0))
    assert not seen(replace(made, target=0, user=made.user + 1))
    assert not seen(replace(made, target=0, kind="granted"))
    assert not access(Log([replace(made, target=0)])).wait(0, WantedRecord(1), since=begun, within=0.05)
    with pytest.raises(RigFault, match="has a class unknown"):
        seen(replace(made, target=0, kind="code 1024"))
    event = MadeEvent(made.kind, 1, made.user, made.at, made.at)
    assert record_faults(event, [replace(made, target=0)], late_s=5.0) == [f"{event}记于门 0"]


def test_a_record_of_the_lock_is_not_waited_for_instead_of_that_of_the_door() -> None:
    """Controllers keep records of nobody, too: that the lock has locked, just before the door is forced."""
    nobody = LogEntry(1, "code 22", 1, 0, datetime.now(UTC))
    forced = LogEntry(2, "forced", 1, 0, datetime.now(UTC))

    class Coming(Log):
        asked = 0

        def bounds(self) -> tuple[int, int]:
            self.asked += 1
            return 1, {1: 0, 2: 0, 3: 1, 4: 1}.get(self.asked, 2)

    door = SimpleNamespace(
        number=1, credential=None, contact=True, force_open=lambda: Instant(now(), now()), bring_to_rest=list
    )
    said = dict[str, Any]()
    record: Any = SimpleNamespace(criterion=lambda _: 5.0, logical=lambda **fields: said.update(fields))
    entrances: Any = SimpleNamespace(doors=[door])
    test_access_records.test_access_record_complete(
        entrances,
        access(Coming([nobody, forced])),
        None,
        record,  # type: ignore[arg-type]
    )
    assert said == {"conforms": True, "n": 1, "because": ""}


def test_a_record_cannot_arrive_before_what_it_tells_of() -> None:
    """Events are pulled: the pull that brought it may have been asked for long before the card."""
    (made,), since = records(events(1)), Instant(100.0, 100.1)
    log = access(Log([replace(made, arrived=Instant(98.0, 100.2))]))
    seen = log.wait(0, WantedRecord(made.target, made.user), since=since, within=5.0)
    assert seen is not None
    assert seen.as_pair() == [100.0, 100.2]


def test_a_late_record_of_another_event_is_no_answer_to_a_card() -> None:
    """It names nobody and stands at the same door, as the record of a forced door does."""
    begun, wanted = Instant(now(), now()), WantedRecord(1, 7, frozenset({"denied"}))
    late = [LogEntry(1, "forced", 1, 0, AT), LogEntry(2, "denied", 2, 7, AT), LogEntry(3, "denied", 1, 8, AT)]
    assert access(Log(late)).wait(0, wanted, since=begun, within=0.1) is None
    ours = LogEntry(4, "denied", 1, 0, AT)
    assert access(Log([*late, ours])).wait(0, wanted, since=begun, within=30.0) is not None


def test_the_time_of_a_record_is_set_right_by_the_clock_of_its_controller() -> None:
    entry = records(events(1))[0]
    assert access(Log([entry])).since(0, ahead_s=10.0)[0].at == entry.at - timedelta(seconds=10)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1A2B3C4D", 0x3C4D),
        ("DEADBEEF", 0xBEEF),
        ("26:123459", 0x1A2C),
        ("pin:1234#", 1234),
        ("卡 12", 12),
        ("", 0),
    ],
)
def test_a_log_in_registers_keeps_the_low_word_of_a_credential(text: str, number: int) -> None:
    assert card_number(text) == number


def test_a_series_of_cards_counts_on_and_keeps_its_head() -> None:
    made = cards("DEADFFFE", 4)
    assert made == ["DEADFFFE", "DEADFFFF", "DEAD0000", "DEAD0001"]
    with pytest.raises(RigFault, match="no card of 16 bits"):
        cards("前门卡", 2)


@pytest.mark.parametrize(("first", "bits"), [("26:0000001", 26), ("26:3FFFFFE", 26), ("34:200012345", 34)])
def test_a_series_of_wiegand_cards_keeps_its_parity_and_its_facility(first: str, bits: int) -> None:
    made = cards(first, 300)
    assert len({card_number(one) for one in made}) == 300
    for one in made:
        value = int(one.removeprefix(f"{bits}:"), 16)
        upper, lower = value >> bits // 2, value & ((1 << bits // 2) - 1)
        assert (upper.bit_count() % 2, lower.bit_count() % 2) == (0, 1)
        assert value >> 17 & 0x7F == int(first.split(":")[1], 16) >> 17 & 0x7F
