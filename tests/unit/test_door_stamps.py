# SPDX-License-Identifier: Apache-2.0
"""A door as a test sees it: what stamps a credential, what the bench lacks, and who goes out again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest

from yanshou.equipment.doors import Door
from yanshou.model import Device, DeviceKind, Instant, RigFault, System, UsageError, now
from yanshou.model.signal import Card, DoorCommand

DEVICE = Device("D01", DeviceKind.DOOR, System.ACCESS_CONTROL, "前门", number=1)


@dataclass
class Source:
    """Presents what it is asked for; its word comes ``takes`` seconds later."""

    takes: float = 0.0
    presented: list[Card] = field(default_factory=list)

    def has(self, _card: Card) -> bool:
        return True

    def credential(self, _card: Card) -> str:
        raise UsageError("a person presents it")

    def present(self, card: Card) -> Instant:
        self.presented.append(card)
        begun = now()
        return Instant(begun, begun + self.takes)


@dataclass
class Line:
    """The input on the reader's line: active for the first looks, and what it saw of the credential."""

    seen: Instant | None = None
    busy: float = 0

    def is_active(self) -> bool:
        self.busy -= 1
        return self.busy >= 0

    def wait_active(self, **_: object) -> Instant | None:
        return self.seen


def door(source: Any = None, line: Any = None, **more: Any) -> Door:
    nothing: Any = SimpleNamespace(reset=lambda: None)
    journal: Any = SimpleNamespace(
        stimulus=lambda _what, _via, instant: instant,
        observation=lambda _what, _via, instant, _value=None: instant,
    )
    lock: Any = more.pop("lock", SimpleNamespace(is_active=lambda: False))
    return Door(DEVICE, nothing, source, more.pop("contact", None), lock, journal, 6.0, line=line, **more)


def test_a_credential_by_hand_is_stamped_by_the_line_of_the_reader() -> None:
    """Between the question and the answer lie ten seconds; the line saw the first bit to a millisecond."""
    begun = Instant(now() + 3.0, now() + 3.001, "RELAY-1/di2:on", 0.0)
    stamped = door(Source(takes=10.0), Line(begun)).present_authorised()
    assert stamped.earliest == begun.earliest
    assert begun.latest < stamped.latest <= begun.latest + 0.2
    assert stamped.bound_s == pytest.approx(stamped.latest - begun.latest)
    assert stamped.via == begun.via


def test_the_word_of_a_source_ends_the_instant_earlier_than_the_longest_frame() -> None:
    begun = Instant(now(), now() + 0.001)
    stamped = door(Source(takes=0.03), Line(begun)).present_authorised()
    assert stamped.half_width < 0.03


def test_a_card_that_never_ran_on_the_line_is_a_fault_of_the_bench() -> None:
    with pytest.raises(RigFault, match="no credential ran on the line"):
        door(Source(), Line(None)).present_unauthorised()


def test_a_line_that_is_polled_cannot_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source()
    monkeypatch.setattr("yanshou.equipment.doors._ON_LINE_S", 0.0)
    with pytest.raises(RigFault, match="never at rest"):
        door(source, Line(busy=float("inf"))).present_authorised()
    assert source.presented == []


def test_without_a_source_or_a_contact_the_item_stays_untested() -> None:
    for act in (door().present_authorised, door().force_open):
        with pytest.raises(RigFault, match="the bench is not wired to its") as caught:
            act()
        assert caught.value.final


def test_whoever_went_in_goes_out_before_he_goes_in_again_but_not_for_a_second_entry() -> None:
    inside, outside = Source(), Source()
    lock: Any = SimpleNamespace(
        is_active=lambda: False, wait_active=lambda **_: None, wait_inactive=lambda **_: None
    )
    passing = door(inside, leaving=outside, lock=lock)
    passing.present_authorised()
    passing.present(Card.AUTHORISED, again=True)
    assert outside.presented == []
    passing.present_authorised()
    passing.present_unauthorised()
    assert outside.presented == [Card.AUTHORISED]
    passing.bring_to_rest()
    assert len(outside.presented) == 2
    passing.bring_to_rest()
    assert len(outside.presented) == 2


def test_the_way_out_begins_when_the_lock_is_at_rest_again() -> None:
    states = iter([True, True, False, False])
    watched: list[str] = []
    lock: Any = SimpleNamespace(
        is_active=lambda: next(states, False),
        wait_active=lambda **_: watched.append("released"),
        wait_inactive=lambda **_: None,
    )
    outside = Source()
    passing = door(Source(), leaving=outside, lock=lock)
    passing.present_authorised()
    passing.go_out()
    assert watched == ["released"]
    assert outside.presented == [Card.AUTHORISED]


def test_the_end_of_a_fire_signal_lets_the_locks_of_all_doors_rest() -> None:
    states = iter([True, True, False])
    beside: Any = SimpleNamespace(is_active=lambda: next(states))
    own: Any = SimpleNamespace(is_active=lambda: False)
    at = now()
    relay: Any = SimpleNamespace(operate=lambda: Instant(at, at), release=lambda: Instant(at, at))
    burning = door(lock=own, others=(beside,), circuits={"fire": relay, "exit": relay})
    burning.restore("exit")
    assert next(states)
    burning.restore("fire")
    assert next(states, None) is None


def test_a_relay_at_the_button_of_the_centre_gives_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yanshou.equipment.doors._PRESS_S", 0.0)
    moved: list[str] = []
    at = Instant(1.0, 1.001)
    relay: Any = SimpleNamespace(
        operate=lambda: moved.append("pressed") or at, release=lambda: moved.append("let go") or at
    )
    centre = door(circuits={"command": relay})
    assert centre.can(DoorCommand.UNLOCK)
    assert centre.command(DoorCommand.UNLOCK) == at
    assert moved == ["pressed", "let go"]


@dataclass
class Typed(Source):
    """A card, and keys after it: the last was out between 2.0 s and 2.01 s after the first bit."""

    sent: str = "26:2123458+pin:1234#"

    def credential(self, _card: Card) -> str:
        return self.sent

    def present(self, card: Card) -> Instant:
        begun = super().present(card).earliest
        return Instant(begun + 2.0, begun + 2.01)


@pytest.mark.parametrize("sent", ["26:2123458+pin:1234#", "pin:1234#", "26:2123458+26:0000001"])
def test_a_code_is_complete_with_its_last_key_however_long_the_line_knew_of_it(sent: str) -> None:
    begun = Instant(now(), now() + 0.001)
    stamped = door(Typed(sent=sent), Line(begun)).present_authorised()
    assert stamped.earliest > begun.earliest + 1.9
    assert stamped.latest <= begun.latest + 2.1


def test_a_code_that_somebody_types_is_complete_at_any_time_until_he_says_so() -> None:
    """The line shows the first key alone; 0.2 s later the code need not be complete."""
    begun = Instant(now(), now() + 0.001)
    by_code = replace(DEVICE, attributes={"credential": "pin"})
    stamped = replace(door(Source(takes=10.0), Line(begun)), device=by_code).present_authorised()
    assert begun.earliest <= stamped.earliest < begun.latest + 1.0
    assert stamped.latest > begun.latest + 9.0
