# SPDX-License-Identifier: Apache-2.0
"""Modbus slaves that stick for ever, answer for somebody else, or refuse a function."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.field_bus import RtuSlave, crc16
from yanshou.acquisition import ON, Acquisition, Area, Bus
from yanshou.model import Instant, RigFault, now

UNKNOWN = 4  # the function this slave chokes on


@pytest.fixture(scope="module")
def acquisition() -> Iterator[Acquisition]:
    with Acquisition(ordinary=True) as opened:
        yield opened


@pytest.fixture
def slave() -> Iterator[RtuSlave]:
    with RtuSlave() as made:
        yield made


def bus_of(slave: RtuSlave) -> Bus:
    return Bus("modbus-rtu", path=slave.path, baud=115200, timeout_s=0.15, devices={"1": "PANEL-1"})


def test_a_slave_that_sticks_after_a_function_it_does_not_know(
    acquisition: Acquisition, slave: RtuSlave
) -> None:
    """As some libraries do: their buffer is stuck, and nothing is answered any more, whatever is asked."""
    slave.manner = lambda _, frame: (
        [] if any(function == UNKNOWN for function, _, _ in slave.memory.requests) else [(0.0, frame)]
    )
    bus = bus_of(slave)
    watch = acquisition.watch(bus, 1, Area.DISCRETE, 0, 8)
    assert watch.current().values == (0,) * 8
    begun = now()
    with pytest.raises(RigFault, match="did not answer"):
        acquisition.read(bus, 1, Area.INPUT, 0)
    with pytest.raises(RigFault):
        watch.wait(3, ON, since=Instant(now(), now()), within=1.5)  # never "no alarm came"
    with pytest.raises(RigFault):
        acquisition.write(bus, 1, Area.COIL, 0, [1])
    assert now() - begun < 20.0


def test_a_function_that_is_refused_leaves_the_others_alone(
    acquisition: Acquisition, slave: RtuSlave
) -> None:
    def refuse(_: int, frame: bytes) -> list[tuple[float, bytes]]:
        if frame[1] != UNKNOWN:
            return [(0.0, frame)]
        refusal = bytes([1, UNKNOWN | 0x80, 1])
        return [(0.0, refusal + crc16(refusal))]

    slave.manner = refuse
    bus = bus_of(slave)
    with pytest.raises(RigFault, match="illegal function"):
        acquisition.read(bus, 1, Area.INPUT, 0)
    assert acquisition.read(bus, 1, Area.COIL, 0, 4).values == (0, 0, 0, 0)


def test_an_answer_for_another_unit_is_nobodys(acquisition: Acquisition, slave: RtuSlave) -> None:
    def stranger(_: int, frame: bytes) -> list[tuple[float, bytes]]:
        other = bytes([9]) + frame[1:-2]
        return [(0.0, other + crc16(other))]

    slave.manner = stranger
    with pytest.raises(RigFault):
        acquisition.read(bus_of(slave), 1, Area.DISCRETE, 0, 8)
