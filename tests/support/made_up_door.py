# SPDX-License-Identifier: Apache-2.0
"""A door in a time of its own, and a record that keeps what a suite of access control says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from types import SimpleNamespace
from typing import Any, NoReturn

from yanshou.model import Device, DeviceKind, Instant, System
from yanshou.model.signal import Card, DoorCommand, DoorSignal

CRITERIA = {
    "opens_within_s": 2.5,
    "between_s": 0.4,
    "tries": 3,
    "locks_late_s": 1.0,
    "settles_s": 0.0,
    "offline_s": 0.0,
    "still_s": 0.0,
    "arrive_within_s": 1.0,
    "late_s": 5.0,
    "unapproved_s": 1.0,
    "told_within_s": 0.8,
    "ageing": 0.8,
    "ageing_spread": 0.05,
}


class Untested(Exception):
    """What ``cannot`` ends an item with."""


@dataclass
class Kept:
    """A record that keeps what a test says."""

    said: dict[str, Any] = field(default_factory=dict)
    deviations: list[str] = field(default_factory=list)
    plan: Mapping[str, float] = field(default_factory=dict)
    patience: float = 6.0
    device: str = "D01"
    allowed: bool = True
    passing: dict[str, list[str]] = field(default_factory=dict)

    planned_repetitions = 3

    @property
    def repetitions(self) -> Iterator[int]:
        return iter(range(1, 4))

    def criterion(self, name: str) -> float:
        return CRITERIA[name]

    def criterion_of(self, _measurand: str, name: str) -> float:
        return CRITERIA[name]

    def parameter(self, name: str, default: float) -> float:
        return self.plan.get(name, default)

    def times(self, name: str, usual: int, _what: str) -> int:
        return round(self.plan.get(name, usual))

    def may(self, _action: str) -> bool:
        return self.allowed

    def logical(self, *, conforms: bool, n: int = 1, because: str = "") -> None:
        self.said |= {"conforms": conforms, "n": n, "because": because}

    def number(self, value: float, *, at_least: float | None = None, n: int = 1) -> None:
        self.said |= {"value": value, "at_least": at_least, "n": n}

    def latency(self, stimulus: Instant, seen: Instant | None, **_: object) -> None:
        self.said.setdefault("latencies", []).append(None if seen is None else (seen - stimulus).middle)

    def count(self, hits: int, trials: int, **_: object) -> None:
        self.said |= {"hits": hits, "trials": trials}

    def values(self, values: list[float], unit: str, _components: object) -> None:
        self.said |= {"values": values, "unit": unit}

    def at_least(self, value: float, unit: str) -> None:
        self.said |= {"at_least": value, "unit": unit}

    def quotient(self, amount: float, readings: list[Any], _meter: object, unit: str, **more: Any) -> None:
        self.said |= {"quotient": amount / readings[0].value, "unit": unit, "method": more["method"]}

    def deviation(self, expected: str) -> None:
        self.deviations.append(expected)

    def seen_in_passing(self, strays: Iterable[str], *, of: str = "") -> None:
        seen = list(strays)
        self.deviations += seen
        if of and seen:
            self.passing.setdefault(of, []).extend(seen)

    def invalid(self, reason: str) -> None:
        self.said["invalid"] = reason

    def cannot(self, reason: str) -> NoReturn:
        raise Untested(reason)


def at_the(nth: int) -> Callable[[Card, int], float | None]:
    """Opens for cards that may pass, and at the n-th presentation without a right."""
    return lambda card, number: 0.1 if card is Card.AUTHORISED or number == nth + 1 else None


@dataclass
class Coil:
    """A lock in a time of its own: when it was released and for how long."""

    releases: list[tuple[float, float]] = field(default_factory=list)
    clock: float = 0.0

    def is_active(self) -> bool:
        return any(at <= self.clock < at + long for at, long in self.releases)

    def wait_active(self, *, since: Instant, within: float) -> Instant | None:
        end = since.latest + within
        found = [at for at, _ in self.releases if since.earliest <= at <= end]
        self.clock = max(self.clock, min(found, default=end))
        return Instant(found[0], found[0]) if found else None

    def wait_inactive(self, *, since: Instant, within: float) -> Instant | None:
        end = since.latest + within
        found = [at + long for at, long in self.releases if at <= self.clock and at + long >= since.earliest]
        if not found or max(found) > end:
            self.clock = max(self.clock, end)
            return None
        self.clock = max(self.clock, *found)
        return Instant(self.clock, self.clock)


@dataclass
class MadeUpDoor:
    """A door whose controller decides by ``opens``: seconds to the lock for a card, None: refused."""

    opens: Callable[[Card, int], float | None]
    long_s: float = 1.0
    longer: Mapping[int, float] = field(default_factory=dict)  # by the presentation, where it is another time
    opens_for: float | None = 1.0
    lock: Coil = field(default_factory=Coil)
    cards: frozenset[Card] = frozenset(Card)
    presented: int = 0
    circuits: dict[str, object] = field(default_factory=dict)
    device: Device = field(
        default_factory=lambda: Device(
            "D01", DeviceKind.DOOR, System.ACCESS_CONTROL, "前门", number=1, attributes={"battery_ah": 18}
        )
    )
    number = 1
    others: tuple[()] = ()
    shown_at: list[str] = field(default_factory=list)  # the other doors that show it, too
    credential: object | None = "reader"
    by_right_too: bool = False  # an opening by a credential that may pass is shown as forced
    wrong_by_right: bool = False  # a credential that may pass is shown as a wrong one
    shown_as: frozenset[DoorSignal] = frozenset()  # what a forced opening is shown as, besides
    shown: set[DoorSignal] = field(default_factory=set)  # what is shown now
    last: Card | None = None
    opens_beside: list[str] = field(default_factory=list)  # locks that are released with its own

    def has(self, card: Card) -> bool:
        return card in self.cards

    def present(self, card: Card, **_: object) -> Instant:
        self.presented += 1
        self.last = card
        at = self.lock.clock
        if (after := self.opens(card, self.presented)) is not None:
            self.lock.releases.append((at + after, self.longer.get(self.presented, self.long_s)))
        return Instant(at, at)

    def present_authorised(self) -> Instant:
        return self.present(Card.AUTHORISED)

    def present_unauthorised(self) -> Instant:
        return self.present(Card.UNAUTHORISED)

    def wait_released(self, *, since: Instant) -> Instant | None:
        return self.lock.wait_active(since=since, within=6.0)

    def wait_locked(self, *, since: Instant) -> Instant | None:
        return self.lock.wait_inactive(since=since, within=15.0)

    def opened_since(self, since: Instant, within: float) -> bool:
        return self.lock.wait_active(since=since, within=within) is not None

    def released_within(self, seconds: float, *, since: Instant) -> Instant | None:
        return self.lock.wait_active(since=since, within=seconds)

    def others_at_rest(self) -> tuple[()]:
        return ()

    def others_without(self, _signal: DoorSignal) -> Any:
        return SimpleNamespace(showing=lambda *_: self.shown_at)

    def watch_others(self) -> Any:
        wrong = [f"同时释放了其他门锁：{one}" for one in self.opens_beside]
        return SimpleNamespace(released=lambda: self.opens_beside, wrong=lambda: wrong)

    @property
    def controller(self) -> Any:
        return SimpleNamespace(reports=lambda _: True)

    def shows(self, signal: DoorSignal) -> bool:
        return signal in self.shown

    def wait_for(self, signal: DoorSignal, *, since: Instant, **_: object) -> Instant | None:
        if signal is DoorSignal.WRONG_CREDENTIAL and self.last is Card.AUTHORISED:
            return since if self.wrong_by_right else None
        by_right = signal is DoorSignal.FORCED and self.lock.is_active()
        return since if self.by_right_too or not by_right else None

    def let_lock(self, *, since: Instant) -> None:
        self.wait_locked(since=since)

    def bring_to_rest(self) -> None:
        ends = [at + long for at, long in self.lock.releases if at <= self.lock.clock and isfinite(long)]
        self.lock.clock = max(self.lock.clock, *ends, 0.0)

    def open(self) -> Instant:
        return Instant(self.lock.clock, self.lock.clock)

    def force_open(self) -> Instant:
        self.shown |= self.shown_as
        return Instant(self.lock.clock, self.lock.clock)

    def close(self) -> None: ...

    def opened_too(self, _others: object, *, since: Instant) -> list[str]:
        return []

    def can(self, _command: DoorCommand) -> bool:
        return True

    def command(self, _command: DoorCommand) -> Instant:
        at = self.lock.clock
        if (after := self.opens(Card.APPROVED, -1)) is not None:
            self.lock.releases.append((at + after, self.long_s))
        return Instant(at, at)

    def disturb(self, _role: str) -> Instant:
        return Instant(self.lock.clock, self.lock.clock)

    restore = disturb


def reported(test: Callable[..., None], **given: Any) -> Kept:
    record: Kept = given.setdefault("record", Kept())
    test(**given)
    return record
