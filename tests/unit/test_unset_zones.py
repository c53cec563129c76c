# SPDX-License-Identifier: Apache-2.0
"""Unset zones triggered over the same time have the answers each would have had alone, and no other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from yanshou.equipment import around, panel, unset_zones
from yanshou.equipment.panel import Panel, PanelWires
from yanshou.equipment.unset_zones import UnsetAnswer
from yanshou.equipment.zone import Zone
from yanshou.fixtures.unset import unset_answer
from yanshou.model import Device, DeviceKind, Instant, RigFault
from yanshou.model.signal import Watched, ZoneSignal
from yanshou.session.session import Session

WATCH_S = 3.0
ANSWER_S = 0.4
SCAN_S = 0.1

Brings = Callable[[int, frozenset[int]], set[int]]
"""The zones that alarm when a zone opens, by its number and the others that are open already."""


@dataclass
class Unset:
    """An unset panel that answers as ``brings`` says; loops that open in one scan are one event to it."""

    brings: Brings
    stuck: frozenset[int] = frozenset()
    t: float = 1000.0
    opened: dict[int, float] = field(default_factory=dict)
    windows: list[frozenset[int]] = field(default_factory=list)
    alarms: dict[int, float] = field(default_factory=dict)
    triggers: list[int] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.t += seconds

    def open(self, number: int) -> Instant:
        if number in self.stuck:
            raise RigFault("did not move.", device="RELAY-1")
        lost = any(self.t - at < SCAN_S for at in self.opened.values())
        self.triggers.append(number)
        for one in () if lost else self.brings(number, frozenset(self.opened)):
            self.alarms[one] = self.t + ANSWER_S
        self.opened[number] = self.t
        return Instant(self.t, self.t)

    def close(self, number: int) -> Instant:
        if self.opened:
            self.windows.append(frozenset(self.opened))
        self.opened.pop(number, None)
        return Instant(self.t, self.t)

    def reports(self, signal: ZoneSignal) -> bool:
        return signal is ZoneSignal.ALARM

    def is_armed(self, _partition: int = 1) -> bool:
        return False

    def alarmed_partitions(self) -> frozenset[int]:
        return frozenset()

    def armed(self) -> frozenset[int]:
        return frozenset()

    def reset(self) -> None:
        self.alarms.clear()

    def shows(self, number: int, _signal: ZoneSignal) -> bool:
        return number in self.alarms and self.alarms[number] <= self.t

    def shown(self, signal: ZoneSignal) -> frozenset[int]:
        return frozenset(number for number in self.alarms if self.shows(number, signal))

    def wait_for(self, number: int, _signal: ZoneSignal, *, since: Instant, within: float) -> Instant | None:
        at = self.alarms.get(number)
        came = at is not None and since.earliest <= at <= since.latest + within
        return Instant(at, at) if came and at is not None else None

    def watch(
        self, number: int, signal: ZoneSignal, *, shown: bool, seconds: float, since: Instant
    ) -> Watched:
        assert not shown
        assert seconds >= WATCH_S, "each zone is watched for the whole time"
        came = self.wait_for(number, signal, since=since, within=seconds)
        return Watched(came is None, seconds, 9, 0.1, came)


def device(name: str, kind: DeviceKind, parent: str = "", number: int | None = None) -> Device:
    return Device(name, kind, "S", name, "", parent=parent, number=number)  # type: ignore[arg-type]


class Site:
    """Zones on panels, each with its item; ``answers`` does the items in turn."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, panels: dict[str, tuple[Unset, range]]) -> None:
        self.panels = panels
        self.stopped: list[str] = []
        clock = next(iter(panels.values()))[0]
        for module in (around, panel, unset_zones):
            monkeypatch.setattr(module, "now", lambda: clock.t)
        monkeypatch.setattr(unset_zones, "time", SimpleNamespace(sleep=self.sleep))

    def sleep(self, seconds: float) -> None:
        for inner, _ in self.panels.values():
            inner.sleep(seconds)

    def answers(self, *, one_by_one: bool = False) -> dict[str, bool | str]:
        """By zone: whether anything came, or why that cannot be told."""
        self.session = self._session(one_by_one=one_by_one)
        return {name: self._item(name) for name in self._names()}

    def _names(self) -> dict[str, tuple[str, int]]:
        return {f"{name}/{n}": (name, n) for name, (_, numbers) in self.panels.items() for n in numbers}

    def _session(self, *, one_by_one: bool) -> Any:
        names = self._names()
        quiet = SimpleNamespace(
            item="x",
            note=lambda *_, **__: None,
            observation=lambda *a, **_: a[2],
            stimulus=lambda _w, _d, at: at,
        )

        def zone(name: str) -> Zone:
            inner, number = self.panels[names[name][0]][0], names[name][1]
            moves: Any = SimpleNamespace(
                has=lambda role: role == "loop",
                disturb=lambda _: inner.open(number),
                restore=lambda _: inner.close(number),
            )
            return Zone(devices[name], moves, quiet)  # type: ignore[arg-type]

        def at(name: str) -> Panel:
            inner: Any = self.panels[name][0]
            numbers = frozenset(range(1, 20))
            kind = device(name, DeviceKind.PANEL)
            return Panel(kind, inner, quiet, 3.0, PanelWires(), numbers)  # type: ignore[arg-type]

        @contextmanager
        def resting(rest: Callable[[], None]) -> Any:
            rest()
            yield
            rest()

        devices = {name: device(name, DeviceKind.ZONE, where, n) for name, (where, n) in names.items()}
        due = [SimpleNamespace(measurand="m", device=name, intrusive=("siren",)) for name in names]
        session: Any = SimpleNamespace(
            unset_answers=None,
            one_by_one=one_by_one,
            due=due,
            site=SimpleNamespace(devices=devices),
            zone=zone,
            panel=at,
            resting=resting,
            item_journal=quiet,
            interlock=SimpleNamespace(release=self._release),
        )
        session.due_beside = partial(Session.due_beside, session)
        return session

    def _release(self, _action: str, device: str) -> None:
        if device in self.stopped:
            raise RigFault("not released.", device=device, final=True)

    def _item(self, name: str) -> bool | str:
        made: Any = unset_answer.__wrapped__  # type: ignore[attr-defined]
        zone = self.session.zone(name)
        record = SimpleNamespace(duration=lambda *_: WATCH_S)
        there = self.session.panel(zone.device.parent)
        try:
            found: UnsetAnswer = made(self.session, SimpleNamespace(measurand="m"), zone, there, record)()
        except RigFault as fault:
            return fault.what
        if found.unexplained and not found.answered:
            return "unexplained"
        return found.answered or bool(found.strays)


def quiet(_number: int, _others: frozenset[int]) -> set[int]:
    return set()


def only_beside(number: int, others: frozenset[int]) -> set[int]:
    return {number} if number == 4 and others else set()


def from_three(_number: int, others: frozenset[int]) -> set[int]:
    return {15} if len(others) > 2 else set()


def test_quiet_zones_of_all_panels_are_watched_twice_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = Unset(quiet), Unset(quiet)
    site = Site(monkeypatch, {"P1": (one, range(1, 9)), "P2": (other, range(1, 5))})
    assert set(site.answers().values()) == {False}
    assert one.windows[0] == {1}, "one zone of each panel is watched alone"
    assert max(map(len, one.windows)) == 7
    assert one.t - 1000.0 < 4 * WATCH_S + 12 * 0.5


BROKEN: dict[str, tuple[Brings, set[int]]] = {
    "a zone answers": (lambda n, _: {n} & {3}, {3}),
    "two zones answer": (lambda n, _: {n} & {1, 4}, {1, 4}),
    "a zone brings the alarm of its neighbour": (lambda n, _: {6} if n == 5 else set(), {5}),
    "a zone brings one that is not tested": (lambda n, _: {12} if n == 2 else set(), {2}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_verdicts_are_those_of_one_zone_after_the_other(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    brings, guilty = BROKEN[name]
    for one_by_one in (True, False):
        site = Site(monkeypatch, {"P1": (Unset(brings), range(1, 7))})
        found = site.answers(one_by_one=one_by_one)
        assert {int(zone[3:]) for zone, came in found.items() if came} == guilty, one_by_one


def test_a_zone_that_answers_only_beside_others_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(monkeypatch, {"P1": (Unset(only_beside), range(1, 7))})
    assert {zone for zone, came in site.answers().items() if came is True} == {"P1/4"}


def test_what_comes_beside_others_and_never_again_passes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(monkeypatch, {"P1": (Unset(from_three), range(1, 7))})
    found = site.answers()
    assert found["P1/1"] is False
    assert {found[f"P1/{n}"] for n in range(2, 7)} == {"unexplained"}


def test_a_relay_that_sticks_is_the_fault_of_its_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(monkeypatch, {"P1": (Unset(quiet, frozenset({3})), range(1, 6))})
    found = site.answers()
    assert found.pop("P1/3") == "did not move."
    assert set(found.values()) == {False}


def test_what_nobody_released_is_not_triggered_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = Unset(quiet)
    site = Site(monkeypatch, {"P1": (inner, range(1, 6))})
    site.stopped = ["P1/4"]
    site.session = site._session(one_by_one=False)
    assert site._item("P1/1") is False
    assert sorted(inner.triggers) == [1, 2, 3, 5]


def test_only_beside_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    del monkeypatch
    beside: Any = {"Z1": UnsetAnswer(answered=True), "Z2": UnsetAnswer(answered=False)}
    alone: Any = {"Z1": UnsetAnswer(answered=False), "Z2": UnsetAnswer(answered=False)}
    found = unset_zones.distinguished(beside, alone, {"Z1": 1, "Z2": 2})
    assert found["Z1"] == UnsetAnswer(answered=True, only_beside=True)
    assert found["Z2"] == UnsetAnswer(answered=False)
