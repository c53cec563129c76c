# SPDX-License-Identifier: Apache-2.0
"""A code that no profile has a word for is unknown: it never counts as "shows nothing"."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from tests.support.field_bus import TcpSlave
from yanshou.acquisition import Acquisition, Area, Bus
from yanshou.drivers.field.log import ProfileLog
from yanshou.drivers.field.panel import ProfilePanel
from yanshou.drivers.field.points import ModbusLink
from yanshou.drivers.profile import load_profile
from yanshou.model import Device, DeviceKind, Instant, RigFault, System, now
from yanshou.model.signal import ZoneSignal

NORMAL, ALARM, UNKNOWN = 109, 3, 77


@pytest.fixture
def slave() -> Iterator[TcpSlave]:
    with TcpSlave() as made:
        yield made


@pytest.fixture
def link(slave: TcpSlave) -> Iterator[ModbusLink]:
    profile = load_profile("yanshou-emulated-panel-8-rtu", Path())
    slave.memory.registers = {code: [NORMAL] * 0x10000 for code in (3, 4)}
    device = Device("PANEL-1", DeviceKind.PANEL, System.INTRUSION, "x", profile=profile.name)
    with Acquisition(ordinary=True) as acquisition:
        bus = Bus("modbus-tcp", host="127.0.0.1", port=slave.port, devices={"1": "PANEL-1"})
        yield ModbusLink(device, profile, acquisition, bus, 1)


def show(slave: TcpSlave, link: ModbusLink, number: int, code: int) -> None:
    point = link.profile.point("zone_state")
    shift = (point.mask & -point.mask).bit_length() - 1
    area = 3 if point.area is Area.HOLDING else 4
    slave.memory.registers[area][point.address + point.offset(number)] = code << shift


@pytest.fixture
def panel(slave: TcpSlave, link: ModbusLink) -> ProfilePanel:
    for number in range(1, 9):
        show(slave, link, number, NORMAL)
    return ProfilePanel(link, {1: (1, 2)})


def test_known_codes_are_told_as_before(panel: ProfilePanel, slave: TcpSlave, link: ModbusLink) -> None:
    assert not panel.shows(1, ZoneSignal.ALARM)
    begun = Instant(now(), now())
    assert panel.wait_for(1, ZoneSignal.ALARM, since=begun, within=0.3) is None
    show(slave, link, 2, ALARM)
    assert panel.shown(ZoneSignal.ALARM) == {2}
    show(slave, link, 7, UNKNOWN)  # no zone of the inventory
    assert panel.shown(ZoneSignal.ALARM) == {2}


@pytest.mark.parametrize("stays", [True, False])
def test_an_unknown_code_is_neither_an_alarm_nor_none(
    panel: ProfilePanel, slave: TcpSlave, link: ModbusLink, stays: bool
) -> None:
    begun = Instant(now(), now())
    Timer(0.2, show, (slave, link, 1, UNKNOWN)).start()
    if not stays:
        Timer(0.6, show, (slave, link, 1, NORMAL)).start()
    with pytest.raises(RigFault, match="no word for"):
        panel.wait_for(1, ZoneSignal.ALARM, since=begun, within=1.0)


def test_nor_does_it_pass_a_look_or_a_watch(panel: ProfilePanel, slave: TcpSlave, link: ModbusLink) -> None:
    show(slave, link, 1, UNKNOWN)
    for poll in (
        lambda: panel.shows(1, ZoneSignal.ALARM),
        lambda: panel.shown(ZoneSignal.ALARM),
        lambda: panel.watch(1, ZoneSignal.ALARM, shown=False, seconds=0.2),
        lambda: panel.watch(1, ZoneSignal.ALARM, shown=True, seconds=0.2),
    ):
        with pytest.raises(RigFault, match="code 77"):
            poll()


def test_a_log_that_answers_another_record_is_no_lost_record(slave: TcpSlave) -> None:
    device = Device("PANEL-1", DeviceKind.PANEL, System.INTRUSION, "x")
    profile = load_profile("yanshou-emulated-panel-16", Path())
    place = profile.point("event_record").address
    slave.memory.registers[3] = registers = [0] * 0x10000
    with Acquisition(ordinary=True) as acquisition:
        bus = Bus("modbus-tcp", host="127.0.0.1", port=slave.port, devices={"1": "PANEL-1"})
        log = ProfileLog(ModbusLink(device, profile, acquisition, bus, 1), "UTC")
        assert log.read(5) is None
        registers[place : place + 10] = [4, 1, 1, 0, 2026, 1, 1, 0, 0, 0]
        with pytest.raises(RigFault, match="record 4 of its log when asked for 5"):
            log.read(5)
        registers[place : place + 4] = [5, 1, 7, 2]
        entry = log.read(5)
        assert entry is not None
        assert (entry.kind, entry.target, entry.user, entry.at.year) == ("alarm", 7, 2, 2026)
