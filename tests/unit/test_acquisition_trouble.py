# SPDX-License-Identifier: Apache-2.0
"""The acquisition on bad lines: stimuli given once, brackets that stay honest, nothing concluded unseen."""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.field_bus import RtuSlave, TcpSlave, crc16
from yanshou.acquisition import ON, Acquisition, Area, Bus
from yanshou.acquisition.blocks import Span
from yanshou.acquisition.station import Station
from yanshou.evidence.journal import Journal, read_events
from yanshou.model import Instant, RigFault, clock, now
from yanshou.protocols.modbus import Master, Read, Reply

TIMEOUT_S = 0.2


@pytest.fixture
def acquisition() -> Iterator[Acquisition]:
    with Acquisition(ordinary=True) as running:
        yield running


def serial(slave: RtuSlave, **more: object) -> Bus:
    settings = {"baud": 115200, "timeout_s": TIMEOUT_S, "devices": {"1": "PANEL-2"}, **more}
    return Bus("modbus-rtu", path=slave.path, **settings)  # type: ignore[arg-type]


def moment() -> Instant:
    return Instant(now(), now())


class RtuOverTcp(TcpSlave):
    """RTU frames in a TCP stream; ``manner(number, answer frame)`` gives what is sent, None for silence."""

    def __init__(self, manner: Callable[[int, bytes], bytes | None]) -> None:
        super().__init__(lambda number, request: manner(number, self.frame(request)))

    def frame(self, request: bytes) -> bytes:
        reply = request[:1] + self.memory.answer(request[1:-2])
        return reply + crc16(reply)


def written(requests: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    return [request for request in requests if request[0] in (5, 6, 15, 16)]


# -- a stimulus is on the wire exactly once -----------------------------------------------------------------


def test_an_unanswered_stimulus_is_sent_once_on_a_serial_line(acquisition: Acquisition) -> None:
    with RtuSlave() as slave:
        bus = serial(slave)
        acquisition.read(bus, 1, Area.COIL, 0)
        slave.manner = lambda _, _frame: []
        with pytest.raises(RigFault, match="whether the command was carried out is not known"):
            acquisition.write(bus, 1, Area.COIL, 3, [1])
        time.sleep(3 * TIMEOUT_S)  # a library that repeats would have done it by now
        assert written(slave.memory.requests) == [(5, 3, 0xFF00)]


def test_an_unanswered_stimulus_is_sent_once_over_a_device_server(acquisition: Acquisition) -> None:
    with RtuOverTcp(lambda number, frame: None if number else frame) as slave:
        bus = Bus("modbus-rtu-over-tcp", host="127.0.0.1", port=slave.port, timeout_s=TIMEOUT_S)
        acquisition.read(bus, 1, Area.COIL, 0)
        with pytest.raises(RigFault, match="not known"):
            acquisition.write(bus, 1, Area.COIL, 3, [1])
        time.sleep(3 * TIMEOUT_S)
        assert written(slave.memory.requests) == [(5, 3, 0xFF00)]


def test_a_block_of_relays_that_is_not_answered_is_written_once(acquisition: Acquisition) -> None:
    with RtuSlave() as slave:
        bus = serial(slave)
        acquisition.read(bus, 1, Area.COIL, 0)
        slave.manner = lambda _, _frame: []
        with pytest.raises(RigFault, match="not known"):
            acquisition.write(bus, 1, Area.COIL, 0, [1] * 8)
        time.sleep(3 * TIMEOUT_S)
        assert written(slave.memory.requests) == [(15, 0, 8)]


# -- the wire keeps its distances ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("baud", "asked", "gap"),
    [
        (9600, 0.0, 3.5 * 11 / 9600),
        (19200, 0.0, 3.5 * 11 / 19200),
        (115200, 0.0, 1.75e-3),
        (115200, 0.02, 0.02),
        (9600, 0.001, 3.5 * 11 / 9600),
    ],
)
def test_frames_are_apart_by_the_longer_of_the_standard_and_the_profile(baud, asked, gap) -> None:
    """Modbus over Serial Line V1.02, 2.5.1.1: 3.5 characters, 1.750 ms above 19200 Bd."""
    assert Bus("modbus-rtu", path="x", baud=baud, gap_s=asked).frame_gap_s == pytest.approx(gap)


def test_the_gap_is_kept_on_the_wire(acquisition: Acquisition) -> None:
    with RtuSlave() as slave:
        bus = serial(slave, gap_s=0.05)
        instants = [acquisition.read(bus, 1, Area.COIL, 0).instant for _ in range(5)]
        silent = [b.earliest - a.latest for a, b in itertools.pairwise(instants)]
        assert min(silent) >= 0.05


# -- late, missing and foreign answers under a watch --------------------------------------------------------


def shows(slave: RtuSlave, after: float, truth: list[float]) -> threading.Timer:
    """Let input 0 come on in a while, and write down when."""

    def come() -> None:
        slave.memory.bits[2][0] = 1
        truth.append(now())

    timer = threading.Timer(after, come)
    timer.start()
    return timer


def late_every(slave: RtuSlave, every: int, delay: float) -> None:
    slave.manner = lambda number, frame: [(delay if number % every == 0 else 0.0, frame)]


def test_late_answers_widen_the_bracket_and_never_move_the_event(acquisition: Acquisition) -> None:
    with RtuSlave() as slave:
        watch = acquisition.watch(serial(slave), 1, Area.DISCRETE, 0, 8)
        late_every(slave, 7, 1.5 * TIMEOUT_S)
        for _ in range(3):
            truth: list[float] = []
            since = moment()
            timer = shows(slave, 0.11, truth)
            event = watch.wait(0, ON, since=since, within=5.0)
            timer.join()
            assert event is not None
            # the slave reads its memory before the delay: the value it sent late is an old one
            assert event.earliest <= truth[0] <= event.latest
            slave.memory.bits[2][0] = 0
            watch.current()
        watch.close()


def test_a_slave_that_goes_silent_is_a_fault_and_never_a_missed_alarm(acquisition: Acquisition) -> None:
    with RtuSlave() as slave:
        watch = acquisition.watch(serial(slave), 1, Area.DISCRETE, 0, 8)
        slave.manner = lambda _, _frame: []
        with pytest.raises(RigFault, match="PANEL-2") as caught:
            watch.wait(0, ON, since=moment(), within=1.5)
        assert caught.value.remedy
        watch.close()


def test_an_event_while_nobody_looked_is_refused(acquisition: Acquisition) -> None:
    """Longer than a second without an answer: the alarm may have come and gone, or come at any time."""
    with RtuSlave() as slave:
        watch = acquisition.watch(serial(slave), 1, Area.DISCRETE, 0, 8)
        since = moment()
        slave.manner = lambda _, _frame: []
        time.sleep(1.8)
        slave.manner = lambda _, frame: [(0.0, frame)]
        with pytest.raises(RigFault, match=r"nobody looked|did not answer"):
            watch.wait(0, ON, since=since, within=2.5)
        watch.close()


def foreign(frame: bytes) -> bytes:
    """The same answer from another unit."""
    other = bytes([frame[0] + 4]) + frame[1:-2]
    return other + crc16(other)


def test_the_answer_of_another_unit_is_nobodys_value(acquisition: Acquisition) -> None:
    with RtuSlave() as slave:
        slave.memory.bits[2][0] = 1
        slave.manner = lambda _, frame: [(0.0, foreign(frame))]
        with pytest.raises(RigFault, match="PANEL-2"):
            acquisition.read(serial(slave), 1, Area.DISCRETE, 0, 8)


def test_the_chatter_of_another_unit_does_not_move_an_event(acquisition: Acquisition) -> None:
    """Every fifth answer comes from a second slave with the wrong address that says "alarm" at once."""
    with RtuSlave() as slave:
        watch = acquisition.watch(serial(slave), 1, Area.DISCRETE, 0, 8)

        def manner(number: int, frame: bytes) -> list[tuple[float, bytes]]:
            if number % 5:
                return [(0.0, frame)]
            on = frame[:3] + b"\x01" + frame[4:-2]
            return [(0.0, foreign(on + crc16(on)))]

        slave.manner = manner
        truth: list[float] = []
        since = moment()
        timer = shows(slave, 0.4, truth)
        event = watch.wait(0, ON, since=since, within=5.0)
        timer.join()
        assert event is not None
        assert event.earliest <= truth[0] <= event.latest
        watch.close()


# -- the wall clock -----------------------------------------------------------------------------------------

JUMPING = """
import sys, time
real = time.time
time.time = lambda: real() + (3600.0 if time.perf_counter() > float(sys.argv[2]) else 0.0)
import datetime
from yanshou.acquisition.blocks import Span
from yanshou.acquisition.station import Station
from yanshou.acquisition import ON, Acquisition, Area, Bus
from yanshou.model import Instant, now
bus = Bus("modbus-tcp", host="127.0.0.1", port=int(sys.argv[1]), timeout_s=0.5)
with Acquisition(ordinary=True) as run:
    watch = run.watch(bus, 1, Area.DISCRETE, 0, 8)
    opened = run.write(bus, 1, Area.COIL, 0, [1])
    seen = watch.wait(0, ON, since=opened, within=5.0)
    print((seen - opened).least, (seen - opened).most)
"""


def test_a_wall_clock_that_jumps_touches_no_latency() -> None:
    """The clock of the measuring process goes an hour ahead between stimulus and alarm."""
    with TcpSlave() as slave:
        truth: list[float] = []

        def answer(_: int, request: bytes) -> bytes:
            if request[7] == 5:
                truth.append(now())
                threading.Timer(0.3, lambda: _on(slave, truth)).start()
            return slave.good(request)

        slave.manner = answer
        arguments = [sys.executable, "-c", JUMPING, str(slave.port), str(now() + 0.2)]
        output = subprocess.run(
            arguments, capture_output=True, text=True, timeout=60, check=True
        ).stdout.split()
        least, most = map(float, output)
        assert least <= truth[1] - truth[0] <= most
        assert most < 2.0


def _on(slave: TcpSlave, truth: list[float]) -> None:
    slave.memory.bits[2][0] = 1
    truth.append(now())


def test_a_wall_clock_that_jumps_breaks_no_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamps = iter(["2026-11-23T01:00:00.000Z", "2026-11-22T23:00:00.000Z", "2026-11-23T01:00:02.000Z"])
    monkeypatch.setattr("yanshou.evidence.journal.utc_now", lambda: next(stamps))
    with Journal(tmp_path / "journal.jsonl") as journal:
        for number in range(3):
            journal.append("observation", item="i", what=str(number))
    events = list(read_events(tmp_path / "journal.jsonl"))
    assert [event["seq"] for event in events] == [1, 2, 3]
    monotonic = [event["mono"] for event in events]
    assert monotonic == sorted(monotonic)


def test_the_one_clock_is_not_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    before = clock.now()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert 0.0 <= clock.now() - before < 60.0


# -- the end ------------------------------------------------------------------------------------------------


def test_polling_ends_even_when_the_first_word_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """``asyncio.wait_for`` of Python 3.11 loses a cancellation that comes with the answer."""
    lost: list[int] = []

    async def exchange(_self: Master, request: Read) -> Reply:
        try:
            await asyncio.sleep(0.02)
        except asyncio.CancelledError:
            if lost:
                raise
            lost.append(1)
        return Reply((0,) * request.count, now(), now())

    async def watch_and_close() -> None:
        station = Station(Bus("modbus-tcp", host="127.0.0.1", port=1))
        await station.add(Span(1, Area.DISCRETE, 0, 8), 0.0)
        await station.close()

    monkeypatch.setattr(Master, "exchange", exchange)
    asyncio.run(asyncio.wait_for(watch_and_close(), 5.0))
    assert lost


# -- what is recorded of the machine ------------------------------------------------------------------------

ASKED = """
import json
from yanshou.acquisition import Acquisition
with Acquisition() as one, Acquisition(ordinary=True) as other:
    print(json.dumps([one.note, other.note]))
"""


def test_the_process_says_which_scheduling_is_in_force() -> None:
    output = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True).stdout
    granted, ordinary = json.loads(output)
    assert granted.startswith(("SCHED_FIFO", "ordinary scheduling: "))
    assert ordinary == "ordinary scheduling: as asked"
