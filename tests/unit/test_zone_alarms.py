# SPDX-License-Identifier: Apache-2.0
"""One trigger of a zone serves every item whose needs it meets, and no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from yanshou.equipment import around, panel, triggers
from yanshou.equipment.alarm_stock import SILENT, AlarmStock, SirenCourse, Timed, ZoneAlarm
from yanshou.equipment.panel import Panel, PanelWires
from yanshou.equipment.zone import Zone
from yanshou.fixtures.zone_alarms import ALARM, ZoneAlarms
from yanshou.model import Device, DeviceKind, Instant, PlanItem, RigFault, Site
from yanshou.model.signal import ZoneSignal
from yanshou.planning import CoveredMeasurand
from yanshou.planning.covered import Alarms
from yanshou.planning.duration import own_repetitions

PATIENCE_S = 6.0


def at(t: float) -> Instant:
    return Instant(t, t)


def made(**over: Any) -> ZoneAlarm:
    given: dict[str, Any] = {"line": 7, "item": "held[Z1]", "zone": "Z1", "opened": at(1.0), "shown": at(1.5)}
    return ZoneAlarm(**{**given, "patience": PATIENCE_S, **over})


SERVES = {
    "another zone": ({"zone": "Z2"}, False),
    "the item itself, before a fault": ({"item": "timed[Z1]"}, False),
    "others of the panel in alarm": ({"alone": False}, False),
    "shown": ({"patience": 2.0}, True),
    "waited for long enough in vain": ({"shown": None}, True),
    "not waited for long enough": ({"shown": None, "patience": 5.0}, False),
}


@pytest.mark.parametrize("name", SERVES)
def test_an_alarm_serves_where_it_meets_what_the_item_needs(name: str) -> None:
    over, serves = SERVES[name]
    stock = AlarmStock()
    stock.add(made(**over))
    assert bool(stock.serving("Z1", "timed[Z1]", PATIENCE_S)) is serves


def test_what_a_fault_of_the_bench_ended_serves_nobody_but_a_slow_alarm_of_it_is_still_seen() -> None:
    stock = AlarmStock()
    stock.add(made())
    stock.timed.append(Timed("held[Z1]", "Z1", at(1.0), at(1.5)))
    assert stock.in_passing("Z1", "timed[Z1]", PATIENCE_S) == []
    stock.forget("held[Z1]")
    assert stock.serving("Z1", "timed[Z1]", PATIENCE_S) == []
    assert [one.shown for one in stock.in_passing("Z1", "timed[Z1]", PATIENCE_S)] == [at(1.5)]


def test_run_one_by_one_nothing_is_shared() -> None:
    stock = AlarmStock(shared=False)
    stock.add(made())
    stock.timed.append(Timed("held[Z1]", "Z1", at(1.0), at(1.5)))
    assert stock.serving("Z1", "timed[Z1]", PATIENCE_S) == []
    assert len(stock.in_passing("Z1", "timed[Z1]", PATIENCE_S)) == 1


def test_an_alarm_after_the_patience_of_the_item_is_none_to_it() -> None:
    late = made(shown=at(9.0), patience=20.0)
    assert late.shown_within(PATIENCE_S) is None
    assert late.shown_within(10.0) == at(9.0)


class Answering:
    """A panel whose n-th alarm comes after ``after(n)`` seconds, or never; time passes by sleeping only."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, after: Callable[[int], float | None]) -> None:
        self.after = after
        self.t = 100.0
        self.triggers = self.resets = 0
        self.open = self.set = False
        for module in (around, panel):
            monkeypatch.setattr(module, "now", lambda: self.t)
        monkeypatch.setattr(triggers, "pause_at_random", lambda: None)

    def has(self, role: str) -> bool:
        return role == "loop"

    def disturb(self, _role: str) -> Instant:
        assert self.set, "an alarm needs a set zone"
        assert not self.open, "a trigger begins with a closed loop"
        self.triggers += 1
        self.open = True
        self.t += 30.0
        return at(self.t)

    def restore(self, _role: str) -> Instant:
        self.open = False
        return at(self.t)

    def reports(self, signal: ZoneSignal) -> bool:
        return signal is ZoneSignal.ALARM

    def arm(self, _partition: int) -> None:
        self.set = True

    def is_armed(self, _partition: int = 1) -> bool:
        return self.set

    def is_unset(self, _partition: int = 1) -> bool:
        return not self.set

    def alarmed_partitions(self) -> frozenset[int]:
        return frozenset()

    def armed(self) -> frozenset[int]:
        return frozenset({1} if self.set else ())

    def reset(self) -> None:
        self.resets += 1

    def shows(self, *_: object) -> bool:
        return False

    def shown(self, _signal: ZoneSignal) -> frozenset[int]:
        return frozenset()

    def wait_for(self, _number: int, _signal: object, *, since: Instant, within: float) -> Instant | None:
        after = self.after(self.triggers)
        return None if after is None or after > within else at(since.latest + after)


class Items:
    """Items of one zone in turn, each with its repetitions; ``run`` gives the alarms an item works with."""

    def __init__(self, inner: Answering, *, shared: bool = True) -> None:
        self.inner: Any = inner
        self.lines: list[dict[str, Any]] = []
        self.seen: list[tuple[str, list[str]]] = []
        self.siren: Callable[[], Any] | None = None
        self.journal: Any = SimpleNamespace(
            item="",
            note=lambda kind, **fields: self.lines.append({"kind": kind, **fields}),
            observation=lambda *given, **_: given[2],
            stimulus=lambda _what, _via, instant: instant,
            last_line=lambda _via: self.inner.triggers,
        )
        self.session: Any = SimpleNamespace(alarms=AlarmStock(shared=shared), item_journal=self.journal)

    def run(self, item: str, repetitions: int, patience: float = PATIENCE_S) -> list[ZoneAlarm]:
        self.journal.item = item
        device = Device("P", DeviceKind.PANEL, "S", "", "")  # type: ignore[arg-type]
        wires = PanelWires(siren=self.siren)
        there = Panel(device, self.inner, self.journal, patience, wires, timed=self.session.alarms.timed)
        device = Device("Z1", DeviceKind.ZONE, "S", "Z1", "", parent="P", number=1)  # type: ignore[arg-type]
        zone = Zone(device, self.inner, self.journal)
        record: Any = SimpleNamespace(
            planned_repetitions=repetitions,
            seen_in_passing=lambda seen, of="": self.seen.append((of, [*seen])),
        )
        return list(ZoneAlarms(self.session, zone, there, record).each())


def test_items_together_give_as_many_stimuli_as_the_one_that_asks_for_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    items = Items(Answering(monkeypatch, lambda _: 0.5))
    assert len(items.run("notified", 3)) == 3
    assert len(items.run("timed", 10)) == 10
    assert len(items.run("missed", 3)) == 10
    assert items.inner.triggers == 10
    assert items.inner.resets == 10, "the zone is reset after each"
    taken = [line["line"] for line in items.lines if line["kind"] == "shared_stimulus"]
    assert taken == [1, 2, 3, *range(1, 11)], "the journal of an item names each stimulus it takes"


def test_a_panel_that_unsets_itself_with_its_alarm_passes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = Answering(monkeypatch, lambda _: 0.5)

    def alarmed(*_: object, **__: object) -> Instant:
        inner.set = False
        return at(inner.t + 0.5)

    monkeypatch.setattr(inner, "wait_for", alarmed)
    with pytest.raises(RigFault, match="was unset during the test"):
        Items(inner).run("timed", 1)


def test_one_by_one_each_item_gives_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    items = Items(Answering(monkeypatch, lambda _: 0.5), shared=False)
    assert [len(items.run(name, 3)) for name in ("a", "b", "c")] == [3, 3, 3]
    assert items.inner.triggers == 9


def test_a_miss_of_one_item_is_a_miss_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    items = Items(Answering(monkeypatch, lambda n: None if n == 2 else 0.5))
    for name, repetitions in (("notified", 3), ("timed", 10), ("missed", 3)):
        assert sum(one.shown is None for one in items.run(name, repetitions)) == 1, name


@pytest.mark.parametrize(("sounds", "already", "silent"), [(3, False, 3), (99, False, 0), (3, True, 0)])
def test_each_alarm_is_heard_unless_the_siren_sounds_already(
    monkeypatch: pytest.MonkeyPatch, sounds: int, already: bool, silent: int
) -> None:
    """A siren that stays silent at each n-th alarm, in ten: the clause on alarms forbids it."""
    items = Items(Answering(monkeypatch, lambda _: 0.5))

    def wait_active(*, since: Instant, within: float) -> Instant | None:
        return None if items.inner.triggers % sounds == 0 else since

    siren: Any = SimpleNamespace(is_active=lambda: already, wait_active=wait_active)
    items.siren = lambda: siren
    items.run("timed", 10)
    assert [of for of, seen in items.seen if seen == [SILENT]] == [ALARM] * silent


def test_an_item_that_waits_longer_makes_its_own_where_nothing_came(monkeypatch: pytest.MonkeyPatch) -> None:
    items = Items(Answering(monkeypatch, lambda _: 8.0))
    assert [one.shown for one in items.run("hasty", 2)] == [None, None]
    assert all(one.shown is not None for one in items.run("patient", 2, patience=10.0))
    assert items.inner.triggers == 4
    assert all(one.shown is None for one in items.run("hasty too", 3))


def test_the_plan_counts_each_alarm_once() -> None:
    covered = {
        "held": CoveredMeasurand("held", waits={"hold_s": 600.0}, alarms=Alarms.GIVEN),
        "timed": CoveredMeasurand("timed", alarms=Alarms.SHARED),
        "missed": CoveredMeasurand("missed", alarms=Alarms.SHARED),
        "siren": CoveredMeasurand("siren", seconds=200.0, alarms=Alarms.HEARD),
    }
    asked = (
        ("held", "Z1", 1),
        ("siren", "P", 1),
        ("timed", "Z1", 10),
        ("timed", "Z2", 10),
        ("missed", "Z1", 3),
    )
    items = [PlanItem(f"{name}[{zone}]", name, zone, (), repetitions=n) for name, zone, n in asked]
    assert list(own_repetitions(site(600.0), items, covered).values()) == [1, 0, 9, 10, 0]
    assert list(own_repetitions(site(30.0), items, covered).values()) == [1, 1, 9, 10, 0]


def site(hold_s: float) -> Site:
    zone = Device("Z1", DeviceKind.ZONE, "S", "Z1", "", parent="P")  # type: ignore[arg-type]
    return Site("s", "s", Path(), "UTC", {}, {}, {"Z1": zone}, plan={"hold_s": hold_s})


COURSES = {
    "it sounded again": (SirenCourse(made(), 70.0, at(60.0), at(62.0)), True),
    "it was listened to for long enough": (SirenCourse(made(), 100.0, at(60.0)), True),
    "it was not": (SirenCourse(made(), 70.0, at(60.0)), False),
    "it did not end": (SirenCourse(made(), 600.0, None), False),
}


@pytest.mark.parametrize("name", COURSES)
def test_a_siren_heard_during_a_watch_serves_if_its_end_was_heard(name: str) -> None:
    course, serves = COURSES[name]
    assert course.serves(31.0) is serves
