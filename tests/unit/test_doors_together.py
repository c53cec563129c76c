# SPDX-License-Identifier: Apache-2.0
"""Doors of one controller that are tested over the same time: what came at one of them is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from test_suites.access_control import test_doors

from tests.support.made_up_door import CRITERIA, Kept, MadeUpDoor, Untested, at_the, reported
from yanshou.equipment.refusals import Presenting, Refusal, each_refused, refuse
from yanshou.equipment.right_openings import RightOpening, each_opened
from yanshou.model.signal import Card


def alone(door: MadeUpDoor) -> Callable[[Card, int], Refusal]:
    """The door by itself, in its own time."""
    between, within = CRITERIA["between_s"], CRITERIA["opens_within_s"]
    return lambda card, tries: refuse([door], Presenting(card, tries, between, within))["D01"]  # type: ignore[list-item]


def refused(door: MadeUpDoor) -> Kept:
    return reported(test_doors.test_unauthorised_credential_refused, refusal_of=alone(door))


@pytest.mark.parametrize("nth", [1, 2, 29, 30])
def test_a_card_without_a_right_that_opens_once_in_thirty_is_found(nth: int) -> None:
    said = refused(MadeUpDoor(at_the(nth))).said
    assert (said["conforms"], said["n"]) == (False, nth)
    assert f"第 {nth} 次" in said["because"]


def test_a_lock_that_opens_between_two_presentations_is_found() -> None:
    slow = MadeUpDoor(lambda card, number: 0.1 if card is Card.AUTHORISED else 0.45 if number == 9 else None)
    assert refused(slow).said["conforms"] is False


def test_thirty_refusals_conform_only_where_the_way_to_the_lock_is_proven() -> None:
    right = MadeUpDoor(at_the(99))
    said = refused(right).said
    assert (said["conforms"], said["n"], right.presented) == (True, 30, 32)
    with pytest.raises(Untested, match="无从证实"):  # nothing reaches the reader: refused for ever
        refused(MadeUpDoor(lambda *_: None))
    locked_out = MadeUpDoor(lambda card, number: 0.1 if card is Card.AUTHORISED and number < 5 else None)
    with pytest.raises(Untested, match="可能已锁定"):
        refused(locked_out)


def numbered(*doors: MadeUpDoor) -> None:
    for number, door in enumerate(doors, 1):
        door.device = replace(door.device, id=f"D0{number}", number=number)


def in_turn(*doors: MadeUpDoor) -> dict[str, Refusal]:
    """Thirty refusals at doors of one controller, each in its own time."""
    numbered(*doors)

    def wait(seconds: float) -> None:
        for door in doors:
            door.lock.clock += seconds

    how = Presenting(Card.UNAUTHORISED, 30, CRITERIA["between_s"], CRITERIA["opens_within_s"], wait)
    return each_refused(doors, how)  # type: ignore[arg-type]


def test_two_doors_are_refused_in_turn_each_as_often_as_by_itself() -> None:
    doors = MadeUpDoor(at_the(99)), MadeUpDoor(at_the(99))
    assert in_turn(*doors) == {"D01": Refusal(30, beside=("D02",)), "D02": Refusal(30, beside=("D01",))}
    assert [one.presented for one in doors] == [32, 32]


def test_a_lock_that_opens_in_turn_counts_whether_or_not_it_does_so_alone() -> None:
    once = in_turn(MadeUpDoor(at_the(99)), MadeUpDoor(at_the(7)))
    assert once == {"D01": Refusal(30), "D02": Refusal(7, opened=7, beside=("D01",))}
    each_tenth = MadeUpDoor(lambda card, n: 0.1 if card is Card.AUTHORISED or n % 10 == 0 else None)
    again = in_turn(each_tenth, MadeUpDoor(at_the(99)))
    assert again["D01"] == Refusal(9, opened=9), "by itself, at the twentieth of all"
    assert again["D02"].quiet


def test_what_opens_elsewhere_while_two_are_in_turn_is_looked_for_at_each_alone() -> None:
    door = MadeUpDoor(at_the(99))
    door.opened_too = lambda _others, *, since: ["RELAY-1/di1"] if door.presented == 5 else []  # type: ignore[method-assign]
    assert in_turn(door, MadeUpDoor(at_the(99))) == {"D01": Refusal(30), "D02": Refusal(30)}


def test_a_payment_card_is_no_key_and_a_bench_without_one_says_so() -> None:
    pays = MadeUpDoor(lambda card, _: 0.1 if card in {Card.AUTHORISED, Card.PAYMENT} else None)
    test = partial(test_doors.test_payment_card_gives_no_access, refusal_of=alone(pays))
    assert reported(test, door=pays).said["conforms"] is False
    pays.cards = frozenset({Card.AUTHORISED})
    with pytest.raises(Untested, match="payment"):
        reported(test, door=pays)


def opened(*doors: MadeUpDoor) -> dict[str, RightOpening]:
    numbered(*doors)
    return each_opened(doors, CRITERIA["told_within_s"])  # type: ignore[arg-type]


def test_two_doors_opened_by_right_over_the_same_time_are_not_shown_as_forced() -> None:
    found = opened(MadeUpDoor(at_the(99)), MadeUpDoor(at_the(99)))
    assert found == {"D01": RightOpening(True, beside=("D02",)), "D02": RightOpening(True, beside=("D01",))}


def test_a_door_that_is_shown_as_forced_is_found_and_the_other_is_opened_by_itself() -> None:
    found = opened(MadeUpDoor(at_the(99)), MadeUpDoor(at_the(99), by_right_too=True))
    assert found == {"D01": RightOpening(True), "D02": RightOpening(True, forced=True)}
    found = opened(MadeUpDoor(at_the(99)), MadeUpDoor(lambda *_: None))
    assert found == {"D01": RightOpening(True), "D02": RightOpening(False)}


def test_a_door_shown_as_forced_only_beside_another_was_shown_so() -> None:
    once = MadeUpDoor(at_the(99))
    once.wait_for = lambda _signal, *, since, **_: since if once.presented == 1 else None  # type: ignore[method-assign]
    found = opened(MadeUpDoor(at_the(99)), once)
    assert found == {"D01": RightOpening(True), "D02": RightOpening(True, forced=True, beside=("D01",))}
