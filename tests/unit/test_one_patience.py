# SPDX-License-Identifier: Apache-2.0
"""Several things that are waited for together share one patience, as the journal and the report say."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from yanshou.equipment import panel as module
from yanshou.equipment.panel import CLASSES, Panel
from yanshou.equipment.zone import Zone
from yanshou.model import Device, DeviceKind, Instant, RigFault
from yanshou.model.signal import ZoneSignal

PATIENCE_S = 6.0
OPENED = Instant(100.0, 100.0)


class Clock:
    """The time of a test: it passes only by sleeping, and a little with each look."""

    def __init__(self) -> None:
        self.t = OPENED.latest

    def now(self) -> float:
        return self.t

    def sleep(self, seconds: float) -> None:
        self.t += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "now", clock.now)
    monkeypatch.setattr(module.time, "sleep", clock.sleep)
    return clock


class Shown:
    """A panel whose zones show each class from one moment to another, in seconds after the stimulus."""

    def __init__(self, clock: Clock, shows: Mapping[ZoneSignal, tuple[float, float]]) -> None:
        self.clock, self.spans = clock, shows
        self.resets = 0

    def reports(self, signal: ZoneSignal) -> bool:
        return signal is not ZoneSignal.FAULT

    def shows(self, _number: int, signal: ZoneSignal) -> bool:
        self.clock.t += 0.001
        begin, end = self.spans.get(signal, (1e9, 1e9))
        return OPENED.latest + begin <= self.clock.t < OPENED.latest + end

    def wait_for(self, _number: int, signal: ZoneSignal, *, since: Instant, within: float) -> Instant | None:
        begin = since.latest + self.spans.get(signal, (1e9, 1e9))[0]
        self.clock.t = max(self.clock.t, min(begin, since.latest + within))
        return Instant(begin, begin) if begin <= since.latest + within else None

    def reset(self) -> None:
        self.resets += 1

    def is_armed(self, _partition: int) -> bool:
        return False


def panel_of(inner: Shown) -> tuple[Panel, list[str]]:
    notes: list[str] = []
    journal: Any = SimpleNamespace(
        item="event_classes_distinguished[PANEL-1]",
        observation=lambda what, _via, instant, value=None: notes.append(f"{what} {instant is not None}"),
        note=lambda *_, **__: None,
    )
    given: Any = inner
    return Panel(Device("PANEL-1", DeviceKind.PANEL, "S", "", ""), given, journal, PATIENCE_S), notes


def zone_of(number: int = 3, **attributes: object) -> Zone:
    inner: Any = SimpleNamespace()
    device = Device(
        f"Z{number}", DeviceKind.ZONE, "S", "PANEL-1", "", number=number, attributes=dict(attributes)
    )
    return Zone(device, inner, inner)


def test_a_zone_that_shows_no_class_is_waited_for_once_and_once_more(clock: Clock) -> None:
    panel, notes = panel_of(Shown(clock, {}))
    assert panel.wait_any(zone_of(), CLASSES, since=OPENED) is None
    assert clock.t - OPENED.latest == pytest.approx(2 * PATIENCE_S, abs=0.2)
    assert notes == [f"{one.value} False" for one in CLASSES]


def test_an_entry_time_is_added_once(clock: Clock) -> None:
    panel, _ = panel_of(Shown(clock, {}))
    assert panel.wait_any(zone_of(type="entry", entry_s="30s"), CLASSES, since=OPENED) is None
    assert clock.t - OPENED.latest == pytest.approx(30.0 + 2 * PATIENCE_S, abs=0.2)


def test_the_class_that_came_first_is_told_though_another_stands_before_it_in_the_list(clock: Clock) -> None:
    shows = {ZoneSignal.TAMPER: (1.0, 1e9), ZoneSignal.ALARM: (1.01, 1e9)}
    panel, notes = panel_of(Shown(clock, shows))
    assert panel.wait_any(zone_of(), CLASSES, since=OPENED) is ZoneSignal.TAMPER
    assert clock.t - OPENED.latest < 1.2
    assert notes == ["zone_tamper True"]


def test_a_class_that_was_shown_for_a_moment_between_two_looks_is_told(clock: Clock) -> None:
    panel, _ = panel_of(Shown(clock, {ZoneSignal.TAMPER: (1.0, 1.0)}))
    assert panel.wait_any(zone_of(), CLASSES, since=OPENED) is ZoneSignal.TAMPER
    assert clock.t - OPENED.latest == pytest.approx(PATIENCE_S, abs=0.2)


def test_what_comes_after_the_patience_is_told_as_late_and_is_none(clock: Clock) -> None:
    panel, notes = panel_of(Shown(clock, {ZoneSignal.TAMPER: (8.0, 1e9)}))
    assert panel.wait_any(zone_of(), CLASSES, since=OPENED) is None
    assert "zone_tamper too late True" in notes


def test_many_zones_that_stay_in_alarm_after_a_reset_are_waited_for_together(clock: Clock) -> None:
    inner = Shown(clock, dict.fromkeys(ZoneSignal, (0.0, 1e9)))
    panel, _ = panel_of(inner)
    with pytest.raises(RigFault, match="zone 1 still shows"):
        panel.clear(*(zone_of(number) for number in range(1, 13)))
    assert inner.resets == 2
    assert clock.t - OPENED.latest < 2.2 * PATIENCE_S


def test_a_zone_that_stays_bypassed_is_not_tested_whoever_bypassed_it(clock: Clock) -> None:
    stays, _ = panel_of(Shown(clock, {ZoneSignal.BYPASS: (0.0, 1e9)}))
    with pytest.raises(RigFault, match="zone 3 is bypassed"):
        stays.bring_to_rest(zone_of())
    clock.t = OPENED.latest
    soon_over, _ = panel_of(Shown(clock, {ZoneSignal.BYPASS: (0.0, PATIENCE_S / 2)}))
    soon_over.bring_to_rest(zone_of())
    assert clock.t < OPENED.latest + PATIENCE_S
