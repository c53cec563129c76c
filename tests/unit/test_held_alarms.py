# SPDX-License-Identifier: Apache-2.0
"""Alarms watched over the same time give each zone the result it would have had alone, and no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from yanshou.equipment import around, held_alarms, panel
from yanshou.equipment.alarm_stock import AlarmStock
from yanshou.equipment.held_alarms import HeldAlarm, hold_alarms
from yanshou.equipment.panel import Panel, PanelWires
from yanshou.equipment.zone import Zone
from yanshou.model import Device, DeviceKind, Instant, RigFault
from yanshou.model.signal import Watched, ZoneSignal

ANSWER_S = 0.5
STEP_S = 0.25
HOLD_S = 60.0


class Time:
    """It passes by sleeping only."""

    def __init__(self) -> None:
        self.t = 1000.0

    def now(self) -> float:
        return self.t

    def sleep(self, seconds: float) -> None:
        self.t += seconds


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    for module in (around, held_alarms, panel):
        monkeypatch.setattr(module, "now", made.now)
    monkeypatch.setattr(panel.time, "sleep", made.sleep)
    return made


@dataclass
class Memory:
    """A panel that keeps its alarms until the reset, but for what ``breaks`` says of a zone.

    ``breaks`` gets the seconds since the alarm began, those since the loop was restored (negative: open) and
    how many other zones show an alarm; it says whether the alarm has gone.
    """

    time: Time
    breaks: dict[int, Callable[[float, float, int], bool]] = field(default_factory=dict)
    never: set[int] = field(default_factory=set)
    silent: set[int] = field(default_factory=set)
    sticks: set[int] = field(default_factory=set)
    brings: dict[int, int] = field(default_factory=dict)  # the neighbour it shows as well
    after: dict[int, float] = field(default_factory=dict)  # so long after the loop it comes
    slow: float = 0.0  # seconds that pass after each reading
    stuck: set[int] = field(default_factory=set)  # zones whose relay does not move
    loops: list[tuple[float, int, bool]] = field(default_factory=list)
    resets: list[float] = field(default_factory=list)
    set_: set[int] = field(default_factory=set)
    stock: AlarmStock = field(default_factory=AlarmStock)

    def reports(self, signal: ZoneSignal) -> bool:
        return signal is ZoneSignal.ALARM

    def arm(self, partition: int) -> None:
        self.set_.add(partition)

    def disarm(self, partition: int) -> None:
        self.set_.discard(partition)

    def is_armed(self, partition: int = 1) -> bool:
        return partition in self.set_

    def is_unset(self, partition: int = 1) -> bool:
        return partition not in self.set_

    def alarmed_partitions(self) -> frozenset[int]:
        return frozenset()

    def armed(self) -> frozenset[int]:
        return frozenset(self.set_)

    def reset(self) -> None:
        self.resets.append(self.time.t)

    def began(self, number: int, at: float) -> float | None:
        """When the alarm of the zone began that is not reset yet."""
        source = {self.brings.get(number, number), number}
        opened = [when for when, zone, is_open in self.loops if zone in source and is_open and when <= at]
        done = [when for when in self.resets if when <= at and number not in self.sticks]
        kept = [when for when in opened if when > max(done, default=0.0)]
        answer = self.after.get(number, ANSWER_S)
        return kept[0] + answer if kept and number not in self.never and kept[0] + answer <= at else None

    def alarmed(self, number: int, at: float, *, alone: bool = False) -> bool:
        began = self.began(number, at)
        if began is None:
            return False
        if alone or number not in self.breaks:
            return True
        restored = [
            when for when, zone, is_open in self.loops if zone == number and not is_open and when <= at
        ]
        others = sum(self.alarmed(one, at, alone=True) for one in range(1, 9) if one != number)
        return not self.breaks[number](at - began, restored[-1] if restored else -1.0, others)

    def shows(self, number: int, _signal: ZoneSignal) -> bool:
        return self.alarmed(number, self.time.t)

    def shown(self, _signal: ZoneSignal) -> frozenset[int]:
        seen = frozenset(number for number in range(1, 9) if self.alarmed(number, self.time.t))
        self.time.t += self.slow
        return seen

    def wait_for(self, number: int, _signal: ZoneSignal, *, since: Instant, within: float) -> Instant | None:
        at = since.latest
        while at <= since.latest + within:
            if self.alarmed(number, at) and not self.alarmed(number, since.latest - STEP_S):
                self.time.t = max(self.time.t, at)
                return Instant(at, at)
            at += STEP_S
        self.time.t = max(self.time.t, since.latest + within) + self.slow
        return None

    def watch(
        self, number: int, _signal: ZoneSignal, *, shown: bool, seconds: float, since: Instant | None = None
    ) -> Watched:
        assert shown
        begin = since.latest if since else self.time.t
        assert self.time.t >= begin + seconds - 1e-6, "the panel was looked at for the whole time"
        steps = [begin + STEP_S * n for n in range(int(seconds / STEP_S) + 1)]
        left = next((at for at in steps if not self.alarmed(number, at)), None)
        changed = None if left is None else Instant(left, left)
        return Watched(left is None, seconds, len(steps), STEP_S, changed)


def bench(time: Time, inner: Memory, *, siren: bool = False) -> tuple[Panel, Callable[[int], Zone]]:
    quiet: Any = SimpleNamespace(
        item="x",
        note=lambda *_, **__: None,
        observation=lambda *a, **_: a[2],
        stimulus=lambda _w, _d, at: at,
        last_line=lambda _: 1,
    )

    class Contact:
        def is_active(self) -> bool:
            return any(n not in inner.silent and inner.alarmed(n, time.t) for n in range(1, 9))

        def wait_active(self, *, since: Instant, within: float) -> Instant | None:
            del within
            return since if self.is_active() else None

    wires: Any = PanelWires(siren=Contact if siren else None)  # type: ignore[arg-type, return-value]
    given: Any = inner

    def zone(number: int) -> Zone:
        def moved(role: str, *, is_open: bool) -> Instant:
            assert role == "loop"
            if number in inner.stuck:
                raise RigFault("did not move.", device="RELAY-1")
            inner.loops.append((time.t, number, is_open))
            return Instant(time.t, time.t)

        stimulus: Any = SimpleNamespace(
            has=lambda role: role == "loop",
            disturb=lambda role: moved(role, is_open=True),
            restore=lambda role: moved(role, is_open=False),
        )
        device = Device(f"Z{number}", DeviceKind.ZONE, "S", "PANEL-1", "", number=number)  # type: ignore[arg-type]
        return Zone(device, stimulus, quiet)

    device = Device("PANEL-1", DeviceKind.PANEL, "S", "", "")  # type: ignore[arg-type]
    return Panel(device, given, quiet, 3.0, wires, frozenset(range(1, 9))), zone


def watched(
    time: Time, inner: Memory, *numbers: int, restored: bool = True, siren: bool = False
) -> dict[str, HeldAlarm | RigFault]:
    there, zone = bench(time, inner, siren=siren)
    zones = [zone(number) for number in numbers]
    stock = AlarmStock()
    found = hold_alarms([(there, zones)], HOLD_S, restored=restored, stock=stock, wait=time.sleep)
    inner.stock = stock
    return found


def held(found: dict[str, HeldAlarm | RigFault]) -> dict[str, bool]:
    return {name: one.held for name, one in found.items() if isinstance(one, HeldAlarm)}


def test_each_zone_has_its_own_result(time: Time) -> None:
    drops = {2: lambda age, _closed, _others: age > 20, 3: lambda _age, closed, _others: closed > 0.5}
    found = watched(time, Memory(time, drops, never={4}), 1, 2, 3, 4, 5)
    assert held(found) == {"Z1": True, "Z2": False, "Z3": False, "Z4": False, "Z5": True}
    assert {name for name, one in found.items() if isinstance(one, HeldAlarm) and not one.shown} == {"Z4"}


def test_an_open_loop_does_not_hide_that_the_alarm_goes(time: Time) -> None:
    drops = {2: lambda _age, closed, _others: closed > 0.5, 3: lambda age, _closed, _others: age > 59}
    assert held(watched(time, Memory(time, drops), 1, 2, 3, restored=False)) == {
        "Z1": True, "Z2": True, "Z3": False,
    }  # fmt: skip


def test_every_zone_is_watched_for_the_whole_time_after_the_last_alarm(time: Time) -> None:
    late = {1: lambda age, _closed, _others: age > HOLD_S + 5 * ANSWER_S}
    assert held(watched(time, Memory(time, late), *range(1, 9)))["Z1"] is False


def test_an_alarm_that_leans_on_others_is_found_alone_and_only_there(time: Time) -> None:
    leans = {1: lambda age, _closed, others: age > 10 and not others}
    assert held(watched(time, Memory(time, leans), 1, 2))["Z1"] is True
    assert held(watched(time, Memory(time, leans), 1))["Z1"] is False


def test_a_stray_alarm_counts_against_the_zone_that_brought_it(time: Time) -> None:
    found = watched(time, Memory(time, brings={7: 2}), 1, 2, 3)
    strays = {name: one.strays for name, one in found.items() if isinstance(one, HeldAlarm)}
    assert strays == {"Z1": (), "Z2": ("7 防区报警",), "Z3": ()}


@pytest.mark.parametrize("tenths", range(5, 60, 3))
@pytest.mark.parametrize("restored", [False, True])
def test_a_stray_alarm_is_found_whenever_it_comes(time: Time, tenths: int, restored: bool) -> None:
    """Between two readings of a busy computer a second may pass, and nothing of it is lost."""
    slow = Memory(time, brings={7: 2}, after={7: tenths / 10}, slow=1.0)
    found = watched(time, slow, 1, 2, restored=restored)
    assert {stray for one in found.values() if isinstance(one, HeldAlarm) for stray in one.strays} == {
        "7 防区报警"
    }


def test_a_silent_zone_is_not_covered_by_the_siren_of_another(time: Time) -> None:
    found = watched(time, Memory(time, silent={2}), 1, 2, 3, restored=False, siren=True)
    assert {name for name, one in found.items() if isinstance(one, HeldAlarm) and one.silent} == {"Z2"}


def test_only_alarms_that_began_with_the_panel_at_rest_serve_other_items(time: Time) -> None:
    inner = Memory(time)
    watched(time, inner, 1, 2, 3, restored=False, siren=True)
    served = [one for name in ("Z1", "Z2", "Z3") for one in inner.stock.serving(name, "y", 3.0)]
    assert [(one.zone, one.sounded) for one in served] == [("Z1", True), ("Z2", True), ("Z3", True)]
    assert len(inner.stock.made) == 5


def test_an_alarm_that_the_reset_leaves_is_named(time: Time) -> None:
    found = watched(time, Memory(time, sticks={3}), 1, 2, 3, restored=False)
    assert {name: one.cleared for name, one in found.items() if isinstance(one, HeldAlarm)} == {
        "Z1": True, "Z2": True, "Z3": False,
    }  # fmt: skip


def test_a_relay_that_does_not_move_is_the_fault_of_its_zone(time: Time) -> None:
    found = watched(time, Memory(time, stuck={2}), 1, 2, 3)
    assert isinstance(found["Z2"], RigFault)
    assert held(found) == {"Z1": True, "Z3": True}
