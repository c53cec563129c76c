# SPDX-License-Identifier: Apache-2.0
"""Bursts, pulse sweeps, rights and logs: what is concluded from instants and answers, and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanshou.equipment import zones as zones_module
from yanshou.equipment.log_numbers import numbers_after, numbers_from
from yanshou.equipment.panel_records import PanelLog, Reach
from yanshou.equipment.pulses import ContactOfDoor, PulseSweep, ZoneInput
from yanshou.equipment.zones import BURST_S, Burst, Triggered, Zones
from yanshou.fixtures.disturber import Disturber
from yanshou.fixtures.users import UserAttempt, Users
from yanshou.model import Device, DeviceKind, Instant, RigFault, System
from yanshou.model.signal import LogEntry, ZoneSignal
from yanshou.operator import message


def at(least: float, most: float | None = None) -> Instant:
    return Instant(least, least + 0.001 if most is None else most)


def triggered(name: str, opened: float, shown: float | None) -> Triggered:
    zone: Any = SimpleNamespace(device=SimpleNamespace(id=name))
    return Triggered(zone, at(opened), None if shown is None else at(shown))


# -- bursts -------------------------------------------------------------------------------------------------


def test_a_zone_that_is_never_shown_is_lost_and_the_others_are_not() -> None:
    burst = Burst((triggered("Z1", 0.0, 0.2), triggered("Z2", 0.01, None), triggered("Z3", 0.02, 0.3)), 0.1)
    assert burst.lost == ["Z2"]
    assert burst.span_s == pytest.approx(0.021)
    assert burst.figure()["shown"][1] is None  # type: ignore[index]


def test_an_order_is_judged_only_where_the_stamps_and_the_scan_of_the_panel_prove_it() -> None:
    early_shown_late = (triggered("Z1", 0.0, 0.30), triggered("Z2", 0.05, 0.20))
    assert Burst(early_shown_late, 0.01).disordered == ["Z1"]
    assert Burst(early_shown_late, 0.1).disordered == []  # opened within one scan: no order to be kept
    overlapping = (
        Triggered(early_shown_late[0].zone, at(0.0), at(0.19, 0.21)),
        Triggered(early_shown_late[1].zone, at(0.05), at(0.20, 0.22)),
    )
    assert Burst(overlapping, 0.01).disordered == []


@dataclass
class Wired:
    """A zone whose relay answers after ``takes`` seconds of a clock of its own."""

    name: str
    clock: list[float]
    takes: float
    device: Device = field(init=False)

    def __post_init__(self) -> None:
        self.device = Device(
            self.name, DeviceKind.ZONE, System.INTRUSION, self.name, wiring={"loop": f"R/{self.name[1:]}"}
        )

    @property
    def number(self) -> int:
        return int(self.name[1:])

    def open_in_burst(self) -> Instant:
        begun = self.clock[0]
        self.clock[0] += self.takes
        return Instant(begun, self.clock[0])

    def opened_with_others(self, instant: Instant) -> Instant:
        return instant


def burst_of(
    count: int, takes: float, monkeypatch: pytest.MonkeyPatch, group_takes: float = 0.002, gone: int = 0
) -> Burst:
    clock = [0.0]
    monkeypatch.setattr(zones_module, "now", lambda: clock[0])
    monkeypatch.setattr(zones_module.time, "sleep", lambda s: clock.__setitem__(0, clock[0] + s))

    def together(texts: list[str]) -> list[Instant]:
        begun = clock[0]
        clock[0] += group_takes
        return [Instant(begun, clock[0])] * len(texts)

    panel: Any = SimpleNamespace(
        device=Device("P", DeviceKind.PANEL, System.INTRUSION, "P"),
        wait_for=lambda _zone, _signal, since: Instant(since.latest + 0.2, since.latest + 0.201),
        shown=lambda _signal: frozenset(range(count - gone)),
        scan_s=0.1,
    )
    zones: Any = tuple(Wired(f"Z{n}", clock, takes) for n in range(count))
    return Zones(panel, zones, together).open_together(zones)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("count", "takes"), [(2, 0.0003), (8, 0.0003), (8, 0.016), (64, 0.001), (256, 0.0003)]
)
def test_a_burst_stays_within_a_tenth_of_a_second_on_quick_and_slow_buses(
    count: int, takes: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    burst = burst_of(count, takes, monkeypatch)
    assert len(burst.zones) == count
    assert burst.span_s <= BURST_S
    assert burst.lost == burst.vanished == []


def test_alarms_that_others_took_the_place_of_are_no_longer_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    burst = burst_of(4, 0.0003, monkeypatch, gone=2)
    assert (burst.lost, burst.vanished) == ([], ["Z2", "Z3"])


def test_a_burst_that_took_too_long_is_a_fault_of_the_bench_and_no_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(RigFault, match="超过 100 ms"):
        burst_of(4, 0.06, monkeypatch, group_takes=0.08)


# -- the pulse sweep ----------------------------------------------------------------------------------------


@dataclass
class Input:
    """A zone at a panel that processes pulses from ``threshold_ms`` on; every command may come late."""

    threshold_ms: float
    late_ms: list[float]
    clock: float = 0.0
    opened: float = 0.0
    alarmed: bool = False

    def _command(self) -> Instant:
        begun = self.clock
        self.clock += (self.late_ms.pop() if self.late_ms else 0.5) / 1000
        return Instant(begun, self.clock)

    def open_loop(self) -> Instant:
        instant = self._command()
        self.opened = instant.latest
        return instant

    def close_loop(self) -> Instant:
        instant = self._command()
        self.alarmed = (instant.latest - self.opened) * 1000 >= self.threshold_ms
        return instant

    def arm(self, _zone: object) -> None: ...
    def clear(self, _zone: object) -> None: ...

    def wait_within(self, _zone: object, _signal: ZoneSignal, **_: Any) -> Instant | None:
        return Instant(self.clock, self.clock) if self.alarmed else None


def sweep_of(one: Input, monkeypatch: pytest.MonkeyPatch) -> PulseSweep:
    monkeypatch.setattr("yanshou.equipment.pulses.now", lambda: one.clock)
    monkeypatch.setattr("yanshou.equipment.pulses.time.sleep", lambda s: setattr(one, "clock", one.clock + s))
    stand_in: Any = one
    return PulseSweep(ZoneInput(stand_in, stand_in), trials=1, seconds=0.1)


@settings(max_examples=60, deadline=None)
@given(
    threshold=st.floats(5, 780),
    late=st.lists(st.floats(0.1, 40.0), max_size=30),
)
def test_the_true_threshold_lies_within_what_the_sweep_says(threshold: float, late: list[float]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        found = sweep_of(Input(threshold, late), monkeypatch).search(50.0, 800.0, 25.0)
    assert found is not None
    assert found.lost_ms <= threshold <= found.processed_ms


def test_a_panel_that_processes_no_pulse_yields_no_threshold(monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = sweep_of(Input(5000.0, []), monkeypatch)
    assert sweep.search(50.0, 800.0, 25.0) is None
    assert [one.processed for one in sweep.pulses] == [False]


@pytest.mark.parametrize("threshold", [120.0, 400.0, 650.0])
def test_a_slow_contact_of_a_door_is_cleared_before_its_next_pulse(
    threshold: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Input(threshold, [])
    cleared = iter([True, True, False] * 200)  # the alarm stays while the input takes note of the contact
    door: Any = SimpleNamespace(
        patience=6.0,
        force_open=one.open_loop,
        close=one.close_loop,
        wait_for=lambda *_, **__: one.wait_within(None, ZoneSignal.ALARM),
        shows=lambda _signal: next(cleared),
        bring_to_rest=lambda: None,
    )
    sweep = sweep_of(one, monkeypatch)
    sweep.input = ContactOfDoor(door)
    found = sweep.search(50.0, 800.0, 25.0)
    assert found is not None
    assert found.lost_ms <= threshold <= found.processed_ms


# -- rights -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allowed", "worked", "logged", "wrong"),
    [
        (True, True, None, []),
        (True, False, None, ["guard 设防：有权限而无效"]),
        (False, True, None, ["guard 设防：无权限而有效"]),
        (False, False, True, []),
        (False, False, False, ["guard 设防：拒绝未记录"]),
    ],
)
def test_an_attempt_is_held_against_the_rights(
    allowed: bool, worked: bool, logged: bool | None, wrong: list[str]
) -> None:
    assert UserAttempt("guard", "arm", allowed, worked, logged).wrong == wrong


def users_of(rights: str | None) -> Users:
    attributes: Mapping[str, object] = {} if rights is None else {"rights": rights}
    device = Device("P", DeviceKind.PANEL, System.INTRUSION, "P", attributes=attributes)
    stand_in: Any = SimpleNamespace(device=device)
    return Users(stand_in, stand_in, stand_in, stand_in)


def test_the_rights_are_those_of_the_inventory_and_nothing_is_assumed_without() -> None:
    users = users_of("master: arm disarm bypass / guard: arm / cleaner:")
    assert users.roles == ["master", "guard", "cleaner"]
    assert users.rights["cleaner"] == frozenset()
    with pytest.raises(RigFault, match="rights"):
        _ = users_of(None).rights


# -- the log ------------------------------------------------------------------------------------------------


@dataclass
class Records:
    """A log of one record a day; ``days`` of them, the last ``gone`` cannot be read any more."""

    days: int
    gone: set[int] = field(default_factory=set)

    def bounds(self) -> tuple[int, int]:
        return (1, self.days) if self.days else (0, 0)

    def read(self, number: int) -> LogEntry | None:
        if number in self.gone or not 1 <= number <= self.days:
            return None
        return LogEntry(number, "set", 1, 1, datetime.now(UTC) - timedelta(days=self.days - number))


def log_of(records: Records, commissioned_d: float, asked_d: float = 90.0) -> PanelLog:
    panel: Any = SimpleNamespace(
        wires=SimpleNamespace(log=records),
        device=SimpleNamespace(id="P"),
        item_journal=SimpleNamespace(note=lambda *_, **__: None),
    )
    return PanelLog(panel, datetime.now(UTC) - timedelta(days=commissioned_d), asked_d)


def reached(records: Records) -> Reach:
    return log_of(records, commissioned_d=200).reach()


def test_the_age_of_the_log_is_that_of_its_oldest_record() -> None:
    records = Records(41)
    reach, newest = reached(records), records.read(41)
    assert newest is not None
    assert reach.days(newest) == pytest.approx(40, abs=0.01)
    assert (reach.kept, reach.stated) == (41, 41)
    assert log_of(records, commissioned_d=200).doubts(reach, 40.0) == []


@pytest.mark.parametrize("kept", [1, 2, 40, 61, 62, 399])
def test_a_log_that_states_more_than_it_can_give_reaches_back_as_far_as_it_gives(kept: int) -> None:
    records = Records(400, set(range(1, 401 - kept)))
    reach, newest = reached(records), records.read(400)
    assert newest is not None
    assert (reach.kept, reach.stated) == (kept, 400)
    assert reach.days(newest) == pytest.approx(kept - 1, abs=0.01)


def written(*kinds: str, twice: bool = False, apart_s: float = 1.0) -> Any:
    """A log with these classes of records, ``apart_s`` from one event to the next."""
    events = [one for one in enumerate(kinds) for _ in range(2 if twice else 1)]
    begun = datetime.now(UTC)
    kept = {
        number: LogEntry(number, kind, 1, 1, begun + timedelta(seconds=place * apart_s))
        for number, (place, kind) in enumerate(events, start=1)
    }
    return SimpleNamespace(bounds=lambda: (1, len(kept)), read=kept.get)


def test_an_event_that_a_log_keeps_twice_is_one() -> None:
    everyday = ("power", "power", *("set", "alarm", "unset") * 20)
    once = written(*everyday, apart_s=0.2)
    assert log_of(once, commissioned_d=200).events(62) == 62  # mains and battery at once are two events
    assert log_of(once, commissioned_d=200).events(0) == 0
    twice = written(*everyday, twice=True)
    assert log_of(twice, commissioned_d=200).events(124) == 61  # and so few of a log that counts so
    assert log_of(written("set", "unset", twice=True), commissioned_d=200).events(4) == 2


def test_a_log_of_which_nothing_can_be_read_reaches_nowhere() -> None:
    assert reached(Records(300, set(range(1, 301)))).kept == 0
    assert reached(Records(0)).kept == 0


def test_dates_that_run_backwards_or_jump_and_an_age_beyond_the_system_are_doubted() -> None:
    whole = reached(Records(100)).entries
    log = log_of(Records(100), commissioned_d=200)
    early = tuple(replace(one, at=one.at - timedelta(days=9000)) for one in whole[:10])
    jumped = Reach((*early, *whole[10:]), 100, 100)
    assert [one[:4] for one in log.doubts(jumped, 9090.0)] == ["相邻记录"]
    turned = Reach((whole[0], *early, *whole[10:]), 100, 100)
    assert any("颠倒" in one for one in log.doubts(turned, 99.0))
    assert log.doubts(jumped, 89.0) == []  # not conforming either way
    assert any("投入使用" in one for one in log_of(Records(100), 30).doubts(reached(Records(100)), 99.0))


def test_running_numbers_begin_anew_after_the_largest_word() -> None:
    assert numbers_from(65_534, 2) == [65_534, 65_535, 1, 2]
    assert numbers_from(0, 7) == []
    assert numbers_after(65_535, 65_535) == []
    assert numbers_from(70_000, 70_002) == [70_000, 70_001, 70_002]


@pytest.mark.parametrize("number", [70_000, 40_000, 500])
def test_a_log_that_began_anew_is_no_log_that_went_on(number: int) -> None:
    """Else its new records are not looked for, or ten thousands of others are."""
    with pytest.raises(RigFault, match=f"numbered to {number}, and now to 3: it began anew"):
        numbers_after(number, 3)
    if number > 65_535:
        with pytest.raises(RigFault, match="begins with record 70000 and ends with record 3"):
            numbers_from(number, 3)


def test_a_young_system_proves_nothing_but_one_that_lost_records_is_judged() -> None:
    assert log_of(Records(20), commissioned_d=19.5).young(19.0)
    assert not log_of(Records(10), commissioned_d=60).young(9.0)


def test_records_that_vanish_or_change_are_found() -> None:
    records = Records(30)
    log = log_of(records, commissioned_d=200)
    before = {number: entry for number in (28, 29, 30) if (entry := records.read(number))}
    assert len(log.newest(3)) == 3
    same = dict(before)
    records.read = same.get  # type: ignore[method-assign, assignment]  # the very records read before
    assert log.changed(before) == []
    same.pop(29)
    assert log.changed(before) == [29]


# -- a person in the place of a relay -----------------------------------------------------------------------


@dataclass
class Asked:
    """Takes down what a person was asked to do."""

    done_: list[str] = field(default_factory=list)

    def done(self, text: str, *, key: str, **fields: object) -> Instant:
        self.done_.append(f"{key} {message(text, **fields).zh}")
        return at(1.0, 9.0)


@dataclass
class Thing:
    """A zone with a relay in its loop and in nothing else."""

    device: Any = field(default_factory=lambda: SimpleNamespace(id="Z01", name="站厅"))

    def wired(self, role: str) -> bool:
        return role == "loop"

    def disturb(self, _role: str) -> Instant:
        return at(0.0)

    def mend(self, _role: str) -> Instant:
        return at(0.5)


def test_a_person_is_asked_only_where_the_bench_has_no_relay_and_his_instant_is_wide() -> None:
    asked: Any = Asked()
    thing: Any = Thing()
    gated: list[tuple[object, str]] = []
    gate: Any = SimpleNamespace(require_circuit=lambda device, role: gated.append((device, role)))
    disturber = Disturber(asked, gate)
    assert disturber.disturb(thing, "loop") == at(0.0)
    assert asked.done_ == []
    assert disturber.disturb(thing, "supply") == at(1.0, 9.0)
    assert gated == [(thing.device, "supply")]  # what he is asked to do is released as a relay's work is
    disturber.mend(thing, "supply")
    assert [text.split()[0] for text in asked.done_] == ["Z01.supply", "Z01.supply.restored"]
    assert "切断 Z01 站厅 探测器的电源线" in asked.done_[0]
