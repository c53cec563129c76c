# SPDX-License-Identifier: Apache-2.0
"""Boards beyond the standard: pulses they time themselves, odd register values, latched inputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.field_bus import Memory, RtuSlave, eventually
from yanshou.acquisition import Acquisition, Area, Bus
from yanshou.drivers.field.points import ModbusLink
from yanshou.drivers.field.relay import ContactDelays, RelayOutput, rests_of
from yanshou.drivers.profile import load_profile
from yanshou.emulation.bench.relay_board import RelayBoard
from yanshou.emulation.faults import FaultBook
from yanshou.emulation.modbus.pdu import answer
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.profile import load_profile as emulated_profile
from yanshou.emulation.site.truth import Truth
from yanshou.emulation.site.world import World
from yanshou.model import Device, DeviceKind, System, UsageError

HERE = Path(__file__).parent
BOARD = Device("RELAY-1", DeviceKind.RELAY_BOARD, System.SITE, "board")


class Recorder(Memory):
    """Echoes a single write whatever its address and value."""

    def answer(self, pdu: bytes) -> bytes:
        if pdu[0] not in (5, 6):
            return bytes([pdu[0], 1 + (pdu[0] > 2), *bytes(1 + (pdu[0] > 2))])
        self.requests.append((pdu[0], int.from_bytes(pdu[1:3]), int.from_bytes(pdu[3:5])))
        return pdu[:5]


@pytest.fixture(scope="module")
def acquisition() -> Iterator[Acquisition]:
    with Acquisition(ordinary=True) as opened:
        yield opened


@pytest.fixture
def slave() -> Iterator[RtuSlave]:
    made = RtuSlave()
    made.memory = Recorder()
    with made:
        yield made


def link(acquisition: Acquisition, slave: RtuSlave, profile: str) -> ModbusLink:
    bus = Bus("modbus-rtu", path=slave.path, baud=115200, timeout_s=1.0)
    return ModbusLink(BOARD, load_profile(profile, HERE), acquisition, bus, 1)


def relay(acquisition: Acquisition, slave: RtuSlave, profile: str, channel: int) -> RelayOutput:
    return RelayOutput(link(acquisition, slave, profile), channel, ContactDelays(0.0, 0.0))


def writes(slave: RtuSlave) -> list[tuple[int, int, int]]:
    """The writes among the requests; an idle connection is tried with a read first."""
    return [request for request in slave.memory.requests if request[0] in (5, 6)]


def test_the_board_times_a_pulse_itself(acquisition: Acquisition, slave: RtuSlave) -> None:
    """The frame a maker prints for 'relay 2 on for 0.7 s': 01 05 02 02 00 07."""
    relay(acquisition, slave, "waveshare-relay-8ch", 2).pulse(0.7)
    assert writes(slave) == [(5, 0x0202, 7)]


@pytest.mark.parametrize("seconds", [0.05, 0.25, -1.0, 4000.0])
def test_a_pulse_the_board_cannot_time_is_refused(
    acquisition: Acquisition, slave: RtuSlave, seconds: float
) -> None:
    with pytest.raises(UsageError, match="cannot pulse"):
        relay(acquisition, slave, "waveshare-relay-8ch", 0).pulse(seconds)
    assert writes(slave) == []


def test_a_register_board_is_written_with_its_own_words(acquisition: Acquisition, slave: RtuSlave) -> None:
    one = relay(acquisition, slave, "eletechsup-n4d8b08", 4)
    one.operate()
    one.release()
    assert writes(slave) == [(6, 5, 0x0100), (6, 5, 0x0200)]


def test_a_panel_that_knows_only_function_15_is_set_by_it(acquisition: Acquisition, slave: RtuSlave) -> None:
    slave.memory = Memory()
    panel = link(acquisition, slave, "elmo-modbus-tcp")
    arm = replace(panel.profile.command("arm"), address=100)
    panel.write(arm, 3)
    assert slave.memory.requests[-1] == (15, 102, 1)
    assert slave.memory.bits[1][100:104] == [0, 0, 1, 0]


def test_the_watchdog_knows_the_word_that_opens_the_relay(acquisition: Acquisition, slave: RtuSlave) -> None:
    rests = rests_of(link(acquisition, slave, "eletechsup-n4d8b08"))
    assert [(rest.area, rest.address, rest.value) for rest in rests[:2]] == [
        (Area.HOLDING, 1, 0x0200),
        (Area.HOLDING, 2, 0x0200),
    ]


def emulated(profile: str) -> tuple[World, ModbusUnit]:
    world = World(FaultBook(), Truth(None))
    unit = ModbusUnit(emulated_profile(profile, HERE), world.lock)
    RelayBoard("RELAY-1", unit, world)
    return world, unit


def test_the_emulated_board_comes_back_from_a_pulse_by_itself() -> None:
    world, unit = emulated("waveshare-relay-8ch")
    world.clockwork.start()
    try:
        assert answer(unit, bytes.fromhex("05 0202 0001")) == bytes.fromhex("05 0202 0001")
        assert answer(unit, bytes.fromhex("01 0002 0001")) == bytes.fromhex("01 01 01")
        assert eventually(lambda: answer(unit, bytes.fromhex("01 0002 0001"))[-1] == 0, within=3.0)
    finally:
        world.clockwork.stop()


def test_a_pulse_where_none_is_known_is_an_illegal_value() -> None:
    _, unit = emulated("advantech-adam-6060")
    assert answer(unit, bytes.fromhex("05 0010 0007")) == bytes.fromhex("85 03")


def test_the_emulated_register_board_reads_back_one_and_zero() -> None:
    _, unit = emulated("eletechsup-n4d8b08")
    assert answer(unit, bytes.fromhex("06 0003 0100"))[0] == 6
    assert answer(unit, bytes.fromhex("03 0001 0004")) == bytes.fromhex("03 08 0000 0000 0001 0000")
    answer(unit, bytes.fromhex("06 0003 0200"))
    assert answer(unit, bytes.fromhex("03 0003 0001")) == bytes.fromhex("03 02 0000")


def test_a_latched_input_keeps_a_pulse_nobody_saw() -> None:
    world, unit = emulated("icpdas-et-7060")
    rose, clear = bytes.fromhex("02 0020 0006"), bytes.fromhex("05 0020 ff00")
    world.drive("RELAY-1/di2", active=True)
    world.drive("RELAY-1/di2", active=False)
    assert answer(unit, bytes.fromhex("02 0000 0006"))[-1] == 0
    assert answer(unit, rose)[-1] == 0b000100
    answer(unit, clear)
    assert answer(unit, rose)[-1] == 0
    assert answer(unit, bytes.fromhex("02 0040 0006"))[-1] == 0b000100  # what fell is cleared on its own
