# SPDX-License-Identifier: Apache-2.0
"""An RS-485 adapter that gives back what it sends: a write is confirmed by the board alone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from tests.support.field_bus import RtuSlave, TcpSlave, mbap
from yanshou.acquisition import Acquisition, Area, Bus
from yanshou.drivers.field.relay import RelayRest
from yanshou.model import RigFault, now
from yanshou.protocols.modbus.echo import Echo
from yanshou.protocols.modbus.frames import Read, Write
from yanshou.reports.events import attempts_of
from yanshou.rig.watchdog import restore

TURN_S = 0.03


class EchoingSlave(RtuSlave):
    """Its adapter gives every frame back ``copies`` times; the board moves and answers a little later."""

    copies = 1
    supply = True
    together = False

    def _answer(self, frame: bytes) -> None:
        if not self.together:
            os.write(self._master, self.copies * frame)
        time.sleep(TURN_S)
        if self.supply:
            self.manner = lambda _, reply: [(0.0, (self.copies * frame if self.together else b"") + reply)]
            super()._answer(frame)


@pytest.fixture
def slave() -> Iterator[EchoingSlave]:
    with EchoingSlave() as made:
        yield made


@pytest.fixture
def reported() -> list[RigFault]:
    return []


@pytest.fixture
def acquisition(reported: list[RigFault]) -> Iterator[Acquisition]:
    with Acquisition(ordinary=True, doubted=reported.append) as opened:
        yield opened


def bus_of(slave: RtuSlave) -> Bus:
    return Bus("modbus-rtu", path=slave.path, baud=115200, timeout_s=0.3, devices={"1": "RELAY-1"})


@pytest.mark.parametrize("copies", [0, 1, 2])
@pytest.mark.parametrize("together", [False, True])
def test_the_instant_of_a_write_reaches_to_the_answer_of_the_board(
    acquisition: Acquisition, slave: EchoingSlave, copies: int, together: bool
) -> None:
    slave.copies, slave.together = copies, together
    bus = bus_of(slave)
    for values in ([1], [0], [1, 1, 0]):
        instant = acquisition.write(bus, 1, Area.COIL, 3, values)
        assert instant.latest - instant.earliest >= TURN_S
        assert slave.memory.bits[1][3] == values[0]
    assert acquisition.read(bus, 1, Area.COIL, 3, 3).values == (1, 1, 0)


def test_a_dead_board_behind_an_echo_confirms_nothing(
    acquisition: Acquisition, slave: EchoingSlave, reported: list[RigFault]
) -> None:
    bus = bus_of(slave)
    acquisition.write(bus, 1, Area.COIL, 3, [1])
    slave.supply = False
    before = now()
    with pytest.raises(RigFault, match="only gave back what was sent; whether the command"):
        acquisition.write(bus, 1, Area.COIL, 3, [0])
    (doubt,) = reported
    assert doubt.since is not None
    assert before <= doubt.since <= now()
    with pytest.raises(RigFault, match="gave back"):
        acquisition.read(bus, 1, Area.COIL, 0, 8)


def test_a_board_that_was_dead_from_the_first_is_not_written_to(
    acquisition: Acquisition, slave: EchoingSlave, reported: list[RigFault]
) -> None:
    slave.supply = False
    with pytest.raises(RigFault, match="nothing was written"):
        acquisition.write(bus_of(slave), 1, Area.COIL, 3, [1])
    assert reported == []


def test_an_answer_as_long_as_its_question_waits_for_a_decisive_one(
    acquisition: Acquisition, slave: EchoingSlave
) -> None:
    """24 bits from 0x0300 on are answered by 8 bytes that may begin like the question."""
    slave.memory.bits[1] = [0] * 1024
    slave.memory.bits[1][0x300] = 1
    assert acquisition.read(bus_of(slave), 1, Area.COIL, 0x300, 24).values[0] == 1


def test_the_echo_of_a_line_is_learnt_by_reads_and_cut_off_writes() -> None:
    echo, question, command = Echo(), b"\1\1\0\0\0\1\xfd\xca", b"\1\5\0\3\xff\0\x7c\x3a"
    assert echo.hides(Write(1, Area.COIL, 3, (1,)))
    echo.asks(Read(1, Area.COIL, 0, 1))
    echo.sent(question)
    assert [echo.cut(question[:n]) for n in (1, 5, 8)] == [b"", b"", b""]
    assert echo.only
    answer = b"\1\1\1\0\x51\x88"
    assert echo.cut(question + answer) == answer
    echo.answered()
    echo.asks(Write(1, Area.COIL, 3, (1,)))
    echo.sent(command)
    assert echo.cut(command) == b""
    assert echo.only
    assert echo.cut(2 * command) == command


def test_a_possible_stimulus_is_told_for_every_code_but_a_refusal(
    acquisition: Acquisition, slave: RtuSlave, reported: list[RigFault]
) -> None:
    code = [0]

    def answer(_: int, request: bytes) -> bytes:
        good = server.good(request)
        return mbap(request[:2], request[6], bytes([0x85, code[0]])) if request[7] == 5 and code[0] else good

    with TcpSlave(answer) as server:
        bus = Bus("modbus-tcp", host="127.0.0.1", port=server.port, timeout_s=0.5)
        remedies = set()
        for code[0] in (4, 5, 6, 10, 11):
            with pytest.raises(RigFault, match="whether the command was carried out is not known") as caught:
                acquisition.write(bus, 1, Area.COIL, 3, [1])
            assert "profile" not in caught.value.remedy
            remedies.add(caught.value.remedy)
        assert len(remedies) == len(reported) == 5
        written = [request for request in server.memory.requests if request[0] == 5]
        assert len(written) == 5  # none was sent again
        code[0] = 2
        with pytest.raises(RigFault, match="refused"):
            acquisition.write(bus, 1, Area.COIL, 3, [1])
        assert len(reported) == 5


def test_a_busy_device_is_read_again(acquisition: Acquisition) -> None:
    def answer(number: int, request: bytes) -> bytes:
        busy = mbap(request[:2], request[6], bytes([0x81, 5 + number % 2]))
        return busy if number < 2 else server.good(request)

    with TcpSlave(answer) as server:
        bus = Bus("modbus-tcp", host="127.0.0.1", port=server.port, timeout_s=0.5)
        assert acquisition.read(bus, 1, Area.COIL, 0, 2).values == (0, 0)


def test_a_read_opens_a_new_connection_where_a_gateway_forgot_the_old(acquisition: Acquisition) -> None:
    forgotten = [False]
    with TcpSlave(lambda _, request: server.good(request) if fresh() else None) as server:

        def fresh() -> bool:
            return not forgotten[0] or server.connections > 1

        bus = Bus("modbus-tcp", host="127.0.0.1", port=server.port, timeout_s=0.3)
        acquisition.read(bus, 1, Area.COIL, 0)
        time.sleep(0.8)
        forgotten[0] = True
        assert acquisition.read(bus, 1, Area.COIL, 0, 2).values == (0, 0)
        assert server.connections == 2


def test_the_watchdog_believes_no_echo_either(slave: EchoingSlave, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yanshou.rig.watchdog._PATIENCE_S", 3.0)
    rest = [RelayRest("RELAY-1", bus_of(slave), 1, Area.COIL, number) for number in range(4)]
    slave.memory.bits[1][2] = 1
    assert restore(rest)
    assert slave.memory.bits[1][:4] == [0, 0, 0, 0]
    slave.supply = False
    assert not restore(rest)


def test_a_possible_stimulus_stands_in_the_report_with_an_open_end() -> None:
    common = {"item": "i", "utc": "2026-11-29T00:00:00Z"}
    events = [
        {**common, "kind": "item_started", "attempt": 1},
        {**common, "kind": "stimulus", "what": "possible: x.", "via": "RELAY-1", "instant": [1.5, None]},
    ]
    (attempt,) = attempts_of(events)["i"]
    assert attempt.steps[0].instant == "[1.500000, …] s"
