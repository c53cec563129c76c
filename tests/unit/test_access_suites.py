# SPDX-License-Identifier: Apache-2.0
"""The suites of access control at a door, a log and a person that are made up: what each is recorded as."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from math import inf
from types import SimpleNamespace
from typing import Any

import pytest
from test_suites.access_control import (
    test_access_records,
    test_cards,
    test_centre,
    test_doors,
    test_faces,
    test_lock_supply,
    test_seen,
)

from tests.support.made_up_door import CRITERIA, Kept, MadeUpDoor, Untested, at_the, reported
from yanshou.equipment.readers import Reader
from yanshou.equipment.right_openings import each_opened
from yanshou.fixtures.entrances import ByHand
from yanshou.model import Device, DeviceKind, Instant, System, UsageError, now
from yanshou.model.reader_line import ReaderLineFacts
from yanshou.model.signal import Card, DoorSignal, LogEntry
from yanshou.operator import NumberQuestion, TextQuestion
from yanshou.operator.checks import checked
from yanshou.operator.questions import BadAnswerError


@pytest.mark.parametrize(
    ("long_s", "set_s", "conforms"),
    [(1.0, 1.0, True), (1.9, 1.0, True), (7.0, 1.0, False), (7.0, None, True)],
)
def test_a_lock_locks_again_in_the_time_that_is_set(
    long_s: float, set_s: float | None, conforms: bool
) -> None:
    door = MadeUpDoor(at_the(99), long_s=long_s, opens_for=set_s)
    kept = reported(test_doors.test_door_opens_alone_and_locks_again, door=door)
    assert kept.said["conforms"] is conforms
    assert bool(kept.deviations) is (set_s is None)


# -- what is shown at a door

NEXT = ["D02"]


def forced_alarm(door: MadeUpDoor) -> Kept:
    """The door by itself, in its own time."""
    opening = partial(each_opened, [door], CRITERIA["told_within_s"])
    return reported(test_doors.test_forced_door_alarm, door=door, right_opening=lambda: opening()["D01"])


@pytest.mark.parametrize(("elsewhere", "conforms"), [([], True), (NEXT, False)])
def test_a_forced_door_is_shown_at_its_own_place_alone(elsewhere: list[str], conforms: bool) -> None:
    door = MadeUpDoor(at_the(99), shown_at=elsewhere)
    assert forced_alarm(door).said["conforms"] is conforms


@pytest.mark.parametrize(("shown", "conforms"), [(False, True), (True, False)])
def test_a_controller_that_shows_every_opening_as_forced_tells_nothing_apart(
    shown: bool, conforms: bool
) -> None:
    door = MadeUpDoor(at_the(99), by_right_too=shown)
    kept = forced_alarm(door)
    assert (kept.said["conforms"], kept.deviations) == (conforms, [])


@pytest.mark.parametrize("door", [MadeUpDoor(at_the(99), credential=None), MadeUpDoor(lambda *_: None)])
def test_where_nobody_opened_it_by_right_the_report_says_that_this_was_not_tried(door: MadeUpDoor) -> None:
    kept = forced_alarm(door)
    assert (kept.said["conforms"], len(kept.deviations)) == (True, 1)


def test_the_lock_of_another_door_that_opens_with_a_command_of_the_centre_is_told() -> None:
    door = MadeUpDoor(lambda _, number: 0.1 if number < 0 else None, opens_beside=["RELAY-1/di1"])
    kept = reported(test_centre.test_remote_approval_to_lock_time, door=door)
    assert set(kept.deviations) == {"中心命令同时释放了 RELAY-1/di1"}


@pytest.mark.parametrize("before", [frozenset(), frozenset({DoorSignal.DURESS})])
def test_what_else_a_forced_door_is_shown_as_is_told(before: frozenset[DoorSignal]) -> None:
    door = MadeUpDoor(at_the(99), shown_as=frozenset({DoorSignal.DURESS}), shown=set(before))
    kept = forced_alarm(door)
    assert (kept.said["conforms"], kept.deviations) == (True, [] if before else ["强行开门另显示为胁迫"])


@pytest.mark.parametrize("always", [True, False])
def test_a_controller_that_alarms_at_every_credential_counts_no_wrong_ones(always: bool) -> None:
    kept = reported(
        test_doors.test_wrong_credentials_to_alarm, door=MadeUpDoor(at_the(99), wrong_by_right=always)
    )
    passing = {"wrong_credentials_to_alarm": ["有权凭证也报错误操作"]}
    assert (kept.said["value"], kept.passing) == (1, passing if always else {})


@dataclass
class SecondEntry(MadeUpDoor):
    """What the controller shows when somebody enters ``again``."""

    then: set[DoorSignal] = field(default_factory=set)
    contact = leaving = None

    def present(self, card: Card, *, again: bool = False) -> Instant:
        self.shown |= self.then if again else set()
        return super().present(card)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (set(), {DoorSignal.DENIED}, True),
        (set(), set(), False),
        ({DoorSignal.DENIED}, set(), None),  # shown before, and still
        ({DoorSignal.DENIED}, {DoorSignal.PASSBACK}, True),
    ],
)
def test_a_refusal_that_was_shown_before_is_no_record_of_this_one(
    before: set[DoorSignal], after: set[DoorSignal], expected: bool | None
) -> None:
    door = SecondEntry(lambda _, number: 0.1 if number == 1 else None, shown=set(before), then=after)
    if expected is None:
        with pytest.raises(Untested, match="已显示拒绝"):
            reported(test_cards.test_anti_passback_works, door=door, access_records=None)
        return
    kept = reported(test_cards.test_anti_passback_works, door=door, access_records=None)
    assert kept.said["conforms"] is expected


def test_wrong_credentials_shown_at_another_door_are_told() -> None:
    door = MadeUpDoor(at_the(99), shown_at=NEXT)
    kept = reported(test_doors.test_wrong_credentials_to_alarm, door=door)
    assert (kept.said["value"], kept.deviations) == (1, ["错误操作同时显示于 D02"])


class ShownAtDoors:
    """A controller that shows a signal at doors during the given times."""

    def __init__(self, **spans: tuple[float, float]) -> None:
        self.spans = {int(name.removeprefix("door")): span for name, span in spans.items()}

    def shows(self, door: int, _signal: DoorSignal) -> bool:
        begun, ended = self.spans.get(door, (inf, inf))
        return begun <= now() < ended

    def wait_for(self, door: int, _signal: DoorSignal, *, since: Instant, within: float) -> Instant | None:
        begun = self.spans.get(door, (inf, inf))[0]
        return Instant(begun, begun) if since.earliest <= begun <= since.latest + within else None


def test_what_another_door_showed_before_is_no_effect_and_a_flash_or_a_late_one_is() -> None:
    at = now()
    flash, late = (at + 0.01, at + 0.02), (at + 0.9, inf)
    reader = Reader(
        Device("R1", DeviceKind.READER, System.ACCESS_CONTROL, "读卡器", number=1),
        ShownAtDoors(door2=(0.0, inf), door3=flash, door4=late),
        {},
        {2: "D02", 3: "D03", 4: "D04", 5: "D05"},
        SimpleNamespace(),  # type: ignore[arg-type]
        1.0,
    )
    others = reader.others_without(DoorSignal.TAMPER)
    time.sleep(0.03)
    assert others.showing() == ["D03", "D04"]


# -- the time to the centre


@dataclass
class Delivered:
    """Records of the centre, each known by the presentation after which it can be read."""

    after: list[int]
    presented: int = 0

    def newest(self) -> int:
        return sum(one <= self.presented for one in self.after)

    def wait(self, number: int, *_: object, since: Instant, **__: object) -> Instant | None:
        return since if self.newest() > number else None

    def arrivals(self, *_: object, **__: object) -> int:
        self.presented += 10
        return self.newest()

    def since(self, number: int) -> list[LogEntry]:
        at = datetime.now(UTC)
        return [LogEntry(one, "denied", 1, 7, at) for one in range(number + 1, self.newest() + 1)]


@pytest.mark.parametrize(
    ("after", "invalid"),
    [
        ([1, 2, 3], False),
        ([1, 2, 3, 4], True),  # each is that of the card before: the last one's comes later
        ([1, 1, 2, 2, 3, 3], True),  # each twice
        ([0, 1, 2, 3], False),  # what was there before
    ],
)
def test_records_that_cannot_be_told_apart_are_not_timed(after: list[int], invalid: bool) -> None:
    records = Delivered(after)
    door = MadeUpDoor(lambda *_: None)

    def present() -> Instant:
        records.presented += 1
        return Instant(0.0, 0.0)

    door.present_unauthorised = present  # type: ignore[method-assign]
    door.log_user = lambda _card: 7  # type: ignore[attr-defined]
    said = reported(test_centre.test_access_event_transfer_time, door=door, access_records=records).said
    assert (len(said["latencies"]), "invalid" in said) == (3, invalid)


# -- approvals


def test_a_credential_that_opens_before_its_approval_does_not_conform() -> None:
    said = reported(test_centre.test_remote_approval_to_lock_time, door=MadeUpDoor(lambda *_: 0.2))
    assert said.said["latencies"] == [None]
    assert "未经核准" in said.deviations[0]


def test_the_time_from_the_approval_to_the_lock_is_recorded_each_time() -> None:
    door = MadeUpDoor(lambda _, number: 0.3 if number == -1 else None)
    said = reported(test_centre.test_remote_approval_to_lock_time, door=door).said
    assert said["latencies"] == pytest.approx([0.3] * 3)


# -- events that are kept while the link is cut


class Source:
    def credential(self, card: Card) -> str:
        return {"authorised": "DEADBE03"}.get(card.value, "DEADBE00")


@dataclass
class Centre:
    """The log of the centre: what ``lose`` makes of the events arrives when the link is back."""

    door: Any
    lose: Callable[[list[LogEntry]], list[LogEntry]]
    kept: list[LogEntry] = field(default_factory=list)
    through: bool = False

    def ahead_s(self) -> float:
        return 0.0

    def newest(self) -> int:
        return len(self.door.sent) if self.through else 0

    def arrivals(self, *_: object, **__: object) -> int:
        return 0

    def since(self, _number: int, **_: object) -> list[LogEntry]:
        return self.lose(self.door.sent)

    def made(self, kind: str, door: int, user: int, _since: Instant) -> Any:
        from yanshou.evaluation.access import MadeEvent

        at = self.door.sent[-1].at
        return MadeEvent(kind, door, user, at, at)

    def require_whole(self, number: int) -> None:
        assert number == 0

    def require_known(self, _door: int, _users: object, _found: object) -> None: ...

    def kept_(self, _entries: object) -> None: ...


class LateCentre(Centre):
    """A refusal of before the cut arrives when the link is cut, ours when it is back."""

    def __init__(self, door: Any) -> None:
        super().__init__(door, lambda sent: sent)
        at = datetime.now(UTC) - timedelta(seconds=3)
        self.late = LogEntry(1, "denied", 2, 0x7777, at)

    def newest(self) -> int:
        return int(bool(self.door.sent))

    def since(self, number: int, **_: object) -> list[LogEntry]:
        return [self.late][number:] + (self.door.sent if number else [])


def sending() -> Any:
    """A door that writes each card that is sent into a list."""
    from datetime import UTC, datetime

    door: Any = MadeUpDoor(lambda *_: None, circuits={"link": object()})
    door.sent = []
    door.source = Source()

    def send(credential: str) -> Instant:
        number = len(door.sent) + 1
        door.sent.append(LogEntry(number, "denied", 1, int(credential[-4:], 16), datetime.now(UTC)))
        return Instant(0.0, 0.0)

    door.send = send
    return door


def offline(
    lose: Callable[[list[LogEntry]], list[LogEntry]], fewest: int = 32, *, through: bool = False
) -> Kept:
    door = sending()
    centre: Any = Centre(door, lose, through=through)
    centre.kept = lambda _entries: None
    record = Kept(plan={"card_gap_s": 0.0})
    return reported(
        test_access_records.test_local_event_capacity,
        door=door, access_records=centre, fewest_asked=fewest, record=record,
    )  # fmt: skip


@pytest.mark.parametrize("fewest", [32, 1000])
def test_one_event_more_than_a_clause_asks_for_is_made_and_all_arrive(fewest: int) -> None:
    said = offline(lambda sent: sent, fewest).said
    assert said["at_least"] == said["n"] == fewest + 1


@pytest.mark.parametrize(
    ("lose", "value"),
    [
        (lambda sent: sent[17:], 16),  # the oldest are overwritten: so many are kept
        (lambda sent: sent[:5] + sent[6:], 0),  # one is lost in between
        (lambda sent: [*sent, sent[-1]], 0),  # even the last alone arrives twice
        (lambda sent: sent[::-1], 0),
        (lambda sent: [*sent[:-1], LogEntry(33, "denied", 2, sent[-1].user, sent[-1].at)], 0),
    ],
)
def test_events_that_are_lost_doubled_or_displaced_are_not_kept(lose: Any, value: int) -> None:
    kept = offline(lose)
    assert kept.said == {"value": value, "at_least": None, "n": 33}
    assert kept.deviations


def test_events_that_arrive_although_the_link_is_cut_prove_nothing() -> None:
    with pytest.raises(Untested, match="没有切断通信"):
        offline(lambda sent: sent, through=True)


def test_an_event_of_before_that_arrives_after_the_cut_is_none_of_those_that_were_made() -> None:
    door = sending()
    centre: Any = LateCentre(door)
    centre.kept = lambda _entries: None
    record = Kept(plan={"card_gap_s": 0.0})
    said = reported(
        test_access_records.test_local_event_capacity,
        door=door, access_records=centre, fewest_asked=32, record=record,
    ).said  # fmt: skip
    assert said["at_least"] == said["n"] == 33


# -- the supply of a lock


def meter(*amperes: float) -> Any:
    values = iter(amperes)
    return lambda _kind: SimpleNamespace(ask=lambda *_, **__: SimpleNamespace(value=next(values)))


def supplied(door: MadeUpDoor, fewest: int = 48, **plan: float) -> Kept:
    return reported(
        test_lock_supply.test_lock_backup_supply_duration,
        door=door, manual_meter=meter(0.2, 0.2, 0.2), fewest_asked=fewest, record=Kept(plan=plan),
    )  # fmt: skip


def test_a_lock_that_gives_up_without_mains_is_measured_and_not_estimated() -> None:
    door = MadeUpDoor(lambda *_: None, circuits={"mains": object()})
    door.lock.releases.append((90.0, 1000.0))
    said = supplied(door).said
    assert said["values"] == [pytest.approx(90.0 / 3600)]
    assert "quotient" not in said


def test_a_lock_that_is_watched_for_as_long_as_the_clause_asks_is_measured() -> None:
    door = MadeUpDoor(lambda *_: None, circuits={"mains": object()})
    assert supplied(door, lock_standby_s=48 * 3600.0).said["at_least"] == 48.0
    estimated = supplied(MadeUpDoor(lambda *_: None, circuits={"mains": object()})).said
    assert estimated["quotient"] == pytest.approx(0.8 * 18 / 0.2)
    assert "600 s" in estimated["method"]


# -- persons


class Answers:
    """A person who gives the answers of a list, in their order."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def _next(self, message: str, **fields: Any) -> Any:
        self.asked.append((message, fields))
        return self.answers.pop(0)

    yes = number = count = text = photo = done = _next


def test_how_many_faces_it_takes_is_told_before_and_refusals_stay_within_the_tries() -> None:
    ask = Answers("0.1 %", 59, 3, "sha")
    said = reported(test_faces.test_face_false_rejection_rate, ask=ask, tries_to_prove=59).said
    assert (said["hits"], said["trials"]) == (3, 59)
    tries, refused = (fields for name, fields in ask.asked if name in {"face.tries", "face.refused"})
    assert tries["needed"] == 59
    assert (refused["low"], refused["high"]) == (0, 59)


@pytest.mark.parametrize(
    ("off", "on", "whole", "hours"),
    [
        ("2026-11-20 09:00", "2026-11-21 15:30", True, 30.5),
        ("2026-11-20 09:00", "2026-11-21 15:30", False, 0.0),
        ("2026-11-21 15:30", "2026-11-20 09:00", True, None),  # the wrong way round
        ("2026-11-20 09:00", "2126-11-21 15:30", True, None),  # not yet
        ("2026-11-31 09:00", "2026-11-21 15:30", True, None),  # no such day
    ],
)
def test_the_time_without_power_is_that_between_two_real_moments(
    off: str, on: str, whole: bool, hours: float | None
) -> None:
    ask = Answers(off, on, whole, "sha")
    if hours is None:
        with pytest.raises(Untested):
            reported(test_access_records.test_access_log_kept_without_power, ask=ask)
        return
    assert reported(test_access_records.test_access_log_kept_without_power, ask=ask).said["values"] == [hours]


def test_codes_are_counted_and_their_ratio_is_exact() -> None:
    record: Any = Kept()
    record.measurement = lambda one: record.said.update(value=one.value, U=one.U)
    reported(test_cards.test_code_ratio, ask=Answers(10**6, 1200, "sha"), record=record)
    assert record.said["value"] == pytest.approx(833.3, abs=0.1)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ""),
        ({"protected_reports": 3, "sessions": 1, "rekeyed": 1}, ""),
        ({"plain_reports": 1}, "明文上报"),
        ({"default_key_sessions": 1}, "默认密钥"),
        ({"rekeyed_in_clear": 1}, "改换密钥"),
    ],
)
def test_what_anybody_can_read_on_the_line_of_a_reader_does_not_conform(
    facts: dict[str, int], expected: str
) -> None:
    line: Any = SimpleNamespace(facts=lambda: ReaderLineFacts(commands=9, **facts))
    ask = Answers(True, False, False, False, "TX-1", "sha")
    said = reported(test_seen.test_link_frames_protected, reader_lines={"前门": line}, ask=ask).said
    assert said["conforms"] is not bool(expected)
    assert expected in said["because"]


@pytest.mark.parametrize(
    ("typed", "wanted"), [("61", "0"), ("-1", "0"), ("三次", "1"), ("", "1"), ("1e9", "60")]
)
def test_nonsense_is_no_number_of_refusals(typed: str, wanted: str) -> None:
    question = NumberQuestion("READER-2.face.refused", "?", "1", 0, 60)
    with pytest.raises(BadAnswerError) as caught:
        checked(question, typed, "1")
    assert wanted in caught.value.wanted.en


@pytest.mark.parametrize("typed", ["昨天", "2026/11/20 09:00", "2026-11-20", "09:00"])
def test_nonsense_is_no_time_at_which_the_power_went(typed: str) -> None:
    question = TextQuestion("ACS-1.access_log.off", "?", test_access_records._MINUTE)
    with pytest.raises(BadAnswerError):
        checked(question, typed)


def test_a_person_presents_a_card_once_that_is_released_and_sends_no_numbers() -> None:
    device = Device("D01", DeviceKind.DOOR, System.ACCESS_CONTROL, "前门", number=1)
    released: list[str] = []
    gate: Any = SimpleNamespace(require_circuit=lambda _device, role: released.append(role))
    ask: Any = Answers(Instant(1.0, 9.0), Instant(2.0, 3.0))
    hand = ByHand(device, ask, gate)
    assert hand.present(Card.AUTHORISED) == Instant(1.0, 9.0)
    hand.present(Card.DURESS)
    assert released == ["reader", "duress"]
    with pytest.raises(UsageError, match="nothing at its reader can send"):
        hand.send("DEADBEEF")
