# SPDX-License-Identifier: Apache-2.0
"""A gateway that answers from its memory: what did not come over it is not known to have stayed away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.field_bus import TcpSlave
from yanshou.acquisition import Acquisition, Bus
from yanshou.drivers.field import freshness
from yanshou.drivers.field.door import ProfileDoorController
from yanshou.drivers.field.freshness import Freshness
from yanshou.drivers.field.panel import ProfilePanel
from yanshou.drivers.field.points import FieldAnswer, ModbusLink
from yanshou.drivers.profile import load_profile
from yanshou.drivers.profile.records import TIME_FIELDS
from yanshou.model import Device, DeviceKind, Instant, RigFault, System, now
from yanshou.model.signal import DoorSignal, ZoneSignal

SET = datetime(2026, 11, 30, 1, 59, 50)  # noqa: DTZ001 - a panel states no zone
Gateway = Callable[[float], float]
"""Of which moment the answer given at a moment is, in seconds."""


def direct(moment: float) -> float:
    return moment


def renews_each(period: float) -> Gateway:
    return lambda moment: moment // period * period


def dead_from(end: float) -> Gateway:
    return lambda moment: min(moment, end)


class Line:
    """A panel with a clock behind a gateway, in a time of its own: a question takes 10 ms."""

    def __init__(self, gateway: Gateway = direct, *, clock: bool = True) -> None:
        self.moment, self.gateway, self.asked = 1000.3, gateway, 0
        self.profile = SimpleNamespace(has=lambda role: clock and role == "clock")
        self.ahead = 0.0
        self.reads: Callable[[datetime], datetime] = lambda at: at

    def fields(self, _role: str, _number: int = 1) -> FieldAnswer | None:
        self.asked += 1
        self.moment += 0.01
        shown = self.reads(SET + timedelta(seconds=int(self.gateway(self.moment) + self.ahead)))
        numbers = dict(zip(TIME_FIELDS, shown.timetuple()[:6], strict=True))
        return FieldAnswer(numbers, "", Instant(self.moment - 0.01, self.moment))

    def fault(self, what: str, remedy: str = "") -> RigFault:
        return RigFault(what, device="PANEL-1", remedy=remedy)

    def sleep(self, seconds: float) -> None:
        self.moment += seconds


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Callable[[Line], Freshness]:
    def of(line: Line) -> Freshness:
        monkeypatch.setattr(freshness, "now", lambda: line.moment)
        monkeypatch.setattr(freshness.time, "sleep", line.sleep)
        link: Any = line
        return Freshness(link)

    return of


Held = Callable[[Line], Freshness]


def waited(fresh: Freshness, line: Line, seconds: float) -> None:
    """Nothing came for so long, and that is concluded."""
    since = Instant(line.moment, line.moment)
    line.sleep(seconds)
    fresh.require_after(None, since=since, within=seconds)


def test_a_panel_that_answers_itself_is_believed_at_the_price_of_a_question(held: Held) -> None:
    line = Line()
    fresh = held(line)
    for _ in range(400):
        before = line.moment
        waited(fresh, line, 3.0)
        assert line.moment - before < 3.02
    since = Instant(line.moment - 3, line.moment - 3)
    for _ in range(12):  # the other zones of one trigger
        fresh.require_after(None, since=since, within=2.995)
    assert line.asked == 402  # and one when it was opened, one for the twelve


def test_short_waits_one_after_the_other_need_no_long_one(held: Held) -> None:
    line = Line()
    fresh = held(line)
    for _ in range(50):
        waited(fresh, line, 0.3)
    assert line.moment < 1000.3 + 50 * 0.35 + 4.0


@pytest.mark.parametrize("lasted", [0.4, 3.0, 600.0])
def test_a_gateway_whose_line_is_dead_proves_nothing(held: Held, lasted: float) -> None:
    line = Line(dead_from(1012.0))
    fresh = held(line)
    waited(fresh, line, 8.0)
    line.sleep(5.0)
    with pytest.raises(RigFault, match="stood still"):
        waited(fresh, line, lasted)
    with pytest.raises(RigFault, match="stood still"):
        waited(fresh, line, lasted)  # nor does it by being asked again
    line.gateway = direct
    waited(fresh, line, lasted)


def test_one_that_never_answered_of_now_is_found_at_the_first_wait(held: Held) -> None:
    line = Line(dead_from(1000.0))
    fresh = held(line)
    with pytest.raises(RigFault, match="stood still"):
        waited(fresh, line, 0.2)


@pytest.mark.parametrize("period", [3.0, 5.0, 30.0])
def test_an_alarm_that_came_late_over_a_gateway_that_seldom_asks_is_not_the_panels(
    held: Held, period: float
) -> None:
    line = Line(renews_each(period))
    fresh = held(line)
    since = Instant(line.moment, line.moment)
    line.sleep(2.4)
    seen = Instant(line.moment, line.moment)
    with pytest.raises(RigFault, match=r"stood still|went on by"):
        fresh.require_after(seen, since=since, within=5.0)


def test_an_alarm_that_came_late_over_a_direct_line_stays_late(held: Held) -> None:
    line = Line()
    fresh = held(line)
    for _ in range(3):
        since = Instant(line.moment, line.moment)
        line.sleep(2.4)
        fresh.require_after(Instant(line.moment, line.moment), since=since, within=5.0)
    assert line.moment < 1000.3 + 3 * 2.5 + 1.2  # once a second to see the clock step


def test_a_clock_that_was_set_or_gains_is_no_gateway(held: Held) -> None:
    line = Line()
    fresh = held(line)
    waited(fresh, line, 4.0)
    for ahead in (3600.0, -3600.0, 2.0, 0.0):
        line.ahead = ahead
        waited(fresh, line, 4.0)
    line.gateway = lambda moment: 1000 + (moment - 1000) * 1.04
    for _ in range(100):
        waited(fresh, line, 4.0)


def test_without_a_clock_and_with_one_that_shows_no_date_nothing_is_known(held: Held) -> None:
    line = Line(dead_from(1000.0), clock=False)
    waited(held(line), line, 3.0)
    assert line.asked == 0
    unset = Line(dead_from(1000.0))
    fresh = held(unset)
    answered = FieldAnswer(dict.fromkeys(TIME_FIELDS, 0), "", Instant(0.0, 0.0))
    unset.fields = lambda *_: answered  # type: ignore[method-assign]
    waited(fresh, unset, 3.0)


@pytest.fixture
def slave() -> Iterator[TcpSlave]:
    """A device whose clock and states never change again."""
    with TcpSlave() as made:
        made.memory.registers = {code: [1] * 0x10000 for code in (3, 4)}
        yield made


@pytest.mark.parametrize("name", ["yanshou-emulated-panel-16", "yanshou-emulated-door-controller"])
def test_neither_panel_nor_door_controller_is_said_to_have_shown_nothing(slave: TcpSlave, name: str) -> None:
    profile = load_profile(name, Path())
    device = Device("D-1", DeviceKind.PANEL, System.INTRUSION, "x", profile=profile.name)
    with Acquisition(ordinary=True) as acquisition:
        bus = Bus("modbus-tcp", host="127.0.0.1", port=slave.port, devices={"1": "D-1"})
        link = ModbusLink(device, profile, acquisition, bus, 1)
        begun = Instant(now(), now())
        wait: Callable[..., Instant | None]
        if "panel" in name:
            wait = partial(ProfilePanel(link, {1: (1, 2)}).wait_for, 1, ZoneSignal.ALARM)
        else:
            wait = partial(
                ProfileDoorController(link, [1, 2], lambda *_: None).wait_for, 1, DoorSignal.FORCED
            )
        with pytest.raises(RigFault, match="stood still"):
            wait(since=begun, within=0.3)


def test_nor_to_have_refused_or_held_anything(slave: TcpSlave) -> None:
    profile = load_profile("yanshou-emulated-panel-16", Path())
    device = Device("D-1", DeviceKind.PANEL, System.INTRUSION, "x", profile=profile.name)
    with Acquisition(ordinary=True) as acquisition:
        bus = Bus("modbus-tcp", host="127.0.0.1", port=slave.port, devices={"1": "D-1"})
        panel = ProfilePanel(ModbusLink(device, profile, acquisition, bus, 1), {1: (1, 2)})
        with pytest.raises(RigFault, match="stood still"):
            panel.watch(1, ZoneSignal.ALARM, shown=False, seconds=0.2)
        with pytest.raises(RigFault, match="stood still"):
            panel.try_arm(1, within=0.2)
