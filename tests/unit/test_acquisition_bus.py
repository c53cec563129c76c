# SPDX-License-Identifier: Apache-2.0
"""The acquisition process against slaves that behave, and slaves that do not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.field_bus import LinePty, RtuSlave, TcpSlave, eventually, mbap
from tests.support.ports import free_port
from yanshou.acquisition import OFF, ON, Acquisition, Area, Bus
from yanshou.model import Instant, RigFault, UsageError, now


@pytest.fixture(scope="module")
def acquisition() -> Iterator[Acquisition]:
    with Acquisition(ordinary=True) as running:
        yield running


def tcp(slave: TcpSlave, **more: object) -> Bus:
    settings = {"timeout_s": 0.3, "devices": {"1": "PANEL-1"}, **more}
    return Bus("modbus-tcp", host="127.0.0.1", port=slave.port, **settings)  # type: ignore[arg-type]


def rtu(slave: RtuSlave) -> Bus:
    return Bus("modbus-rtu", path=slave.path, baud=115200, timeout_s=0.3, devices={"1": "PANEL-2"})


def moment() -> Instant:
    return Instant(now(), now())


# -- reading, writing, watching -----------------------------------------------------------------------------


def test_reads_and_writes_carry_their_stamps(acquisition: Acquisition) -> None:
    with TcpSlave() as slave:
        before = now()
        instant = acquisition.write(tcp(slave), 1, Area.COIL, 3, [1])
        sample = acquisition.read(tcp(slave), 1, Area.COIL, 0, 5)
        assert sample.values == (0, 0, 0, 1, 0)
        assert before <= instant.earliest <= instant.latest <= sample.instant.earliest <= now()
        acquisition.write(tcp(slave), 1, Area.COIL, 8, [1, 0, 1])
        assert slave.memory.bits[1][8:11] == [1, 0, 1]


def test_a_watch_brackets_the_truth(acquisition: Acquisition) -> None:
    with TcpSlave() as slave:
        watch = acquisition.watch(tcp(slave), 1, Area.DISCRETE, 0, 8)
        truth: list[float] = []
        begun = moment()
        for number in range(8):
            since = moment()
            timer = threading.Timer(
                0.03 + number * 0.007,
                lambda n=number: _set(slave, 2, n, truth),  # type: ignore[misc]
            )
            timer.start()
            event = watch.wait(number, ON, since=since, within=2)
            timer.join()
            assert event is not None
            assert event.earliest <= truth[-1] <= event.latest
        assert watch.polls(begun).polls > 0
        watch.close()


def _set(slave: TcpSlave, function: int, address: int, truth: list[float]) -> None:
    slave.memory.bits[function][address] = 1
    truth.append(now())


def test_nothing_within_the_time_is_none_and_not_before_it(acquisition: Acquisition) -> None:
    with TcpSlave() as slave:
        watch = acquisition.watch(tcp(slave), 1, Area.DISCRETE, 0, 8)
        since = moment()
        assert watch.wait(0, ON, since=since, within=0.2) is None
        assert now() - since.latest >= 0.2
        watch.close()


def test_current_is_never_an_old_look(acquisition: Acquisition) -> None:
    with TcpSlave() as slave:
        watch = acquisition.watch(tcp(slave), 1, Area.DISCRETE, 0, 1, pace_s=0.5)
        for state in (1, 0, 1, 0):
            slave.memory.bits[2][0] = state
            assert watch.current().values == (state,)
        watch.close()


def test_several_watches_share_one_read_and_survive_a_device_that_refuses_holes(
    acquisition: Acquisition,
) -> None:
    with TcpSlave() as slave:
        slave.memory.illegal = {14}
        bus = tcp(slave)
        first = acquisition.watch(bus, 1, Area.DISCRETE, 0, 12)
        second = acquisition.watch(bus, 1, Area.DISCRETE, 16, 12)
        slave.memory.bits[2][17] = 1
        assert second.current().values[1] == 1
        assert first.current().values == (0,) * 12
        assert (2, 0, 28) in slave.memory.requests
        slave.memory.illegal = set()
        first.close()
        second.close()


def test_a_watch_longer_than_a_read_is_refused(acquisition: Acquisition) -> None:
    with TcpSlave() as slave, pytest.raises(UsageError, match="more than one read holds"):
        acquisition.watch(tcp(slave, max_read={"holding": 60}), 1, Area.HOLDING, 0, 61)


def test_only_writable_areas_are_written(acquisition: Acquisition) -> None:
    with TcpSlave() as slave, pytest.raises(UsageError, match="cannot be written"):
        acquisition.write(tcp(slave), 1, Area.DISCRETE, 0, [1])


# -- devices that do not behave -----------------------------------------------------------------------------


def test_nobody_listens(acquisition: Acquisition) -> None:
    bus = Bus("modbus-tcp", host="127.0.0.1", port=free_port(), devices={"1": "PANEL-1"})
    with pytest.raises(RigFault, match=r"PANEL-1.*does not accept a connection") as caught:
        acquisition.read(bus, 1, Area.COIL, 0)
    assert bus.address in caught.value.device
    assert "Check" in caught.value.remedy


def test_no_such_serial_port(acquisition: Acquisition, tmp_path: Path) -> None:
    bus = Bus("modbus-rtu", path=str(tmp_path / "no-such-port"))  # a bus of this test alone: it is locked
    with pytest.raises(RigFault, match="no-such-port"):
        acquisition.read(bus, 1, Area.COIL, 0)


def test_a_refusal_is_told_with_its_exception(acquisition: Acquisition) -> None:
    with TcpSlave() as slave:
        slave.memory.illegal = {7}
        with pytest.raises(RigFault, match="illegal data address"):
            acquisition.read(tcp(slave), 1, Area.HOLDING, 7)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda _request: None, id="hangs"),
        pytest.param(lambda _request: b"HTTP/1.1 400 Bad Request\r\n\r\n", id="garbage"),
        pytest.param(lambda r: mbap(b"\x7f\xff", r[6], b"\x02\x01\x01"), id="wrong transaction"),
        pytest.param(lambda r: mbap(b"\x00\x00", r[6], b"\x02\x01\x01"), id="transaction zero"),
        pytest.param(lambda r: mbap(r[:2], 9, b"\x02\x01\x01"), id="wrong unit"),
        pytest.param(lambda r: mbap(r[:2], r[6], b"\x01\x01\x01"), id="wrong function"),
        pytest.param(lambda r: mbap(r[:2], r[6], b"\x02\x02\x01\x01"), id="too long"),
        pytest.param(lambda r: mbap(r[:2], r[6], b"\x02\x01\x01")[:8], id="half a frame"),
    ],
)
def test_what_is_no_answer_is_never_taken_for_one(acquisition: Acquisition, answer) -> None:
    with TcpSlave(lambda _, request: answer(request)) as slave, pytest.raises(RigFault, match="PANEL-1"):
        acquisition.read(tcp(slave), 1, Area.DISCRETE, 0, 8)


def test_a_late_tcp_answer_is_not_the_next_answer(acquisition: Acquisition) -> None:
    with TcpSlave() as slave:

        def late(number: int, request: bytes) -> bytes:
            slave.memory.registers[3][0] = number
            if number == 0:
                time.sleep(0.45)
            return slave.good(request)

        slave.manner = late
        (answered,) = acquisition.read(tcp(slave), 1, Area.HOLDING, 0).values
        assert answered == len(slave.memory.requests) - 1 > 0  # on a busy computer further ones may be late


def test_a_stimulus_is_never_repeated(acquisition: Acquisition) -> None:
    with TcpSlave() as slave:
        bus = tcp(slave)
        acquisition.read(bus, 1, Area.COIL, 0)
        slave.manner = lambda _, request: (slave.good(request), None)[1]
        with pytest.raises(RigFault, match="whether the command was carried out is not known"):
            acquisition.write(bus, 1, Area.COIL, 0, [1])
        assert [request for request in slave.memory.requests if request[0] == 5] == [(5, 0, 0xFF00)]


def test_a_connection_that_broke_while_idle_is_renewed_before_the_stimulus(acquisition: Acquisition) -> None:
    with TcpSlave() as slave:
        bus = tcp(slave)
        acquisition.read(bus, 1, Area.COIL, 0)
        slave.drop()
        time.sleep(0.05)
        acquisition.write(bus, 1, Area.COIL, 2, [1])
        assert slave.memory.bits[1][2] == 1
        assert slave.connections == 2


def test_a_bus_that_dies_while_somebody_waits_is_no_missed_alarm(acquisition: Acquisition) -> None:
    slave = TcpSlave()
    watch = acquisition.watch(tcp(slave), 1, Area.DISCRETE, 0, 8)
    threading.Timer(0.1, slave.close).start()
    since = moment()
    with pytest.raises(RigFault, match="PANEL-1"):
        watch.wait(0, ON, since=since, within=20)
    assert now() - since.latest < 10
    with pytest.raises(RigFault):
        watch.current()
    watch.close()


def test_a_short_break_widens_the_bracket_and_keeps_it_honest(acquisition: Acquisition) -> None:
    with TcpSlave() as slave:
        watch = acquisition.watch(tcp(slave), 1, Area.DISCRETE, 0, 8)
        since = moment()
        truth: list[float] = []
        slave.manner = lambda _, request: None
        timer = threading.Timer(0.3, lambda: _set(slave, 2, 0, truth))
        back = threading.Timer(0.45, lambda: setattr(slave, "manner", lambda _, request: slave.good(request)))
        timer.start()
        back.start()
        event = watch.wait(0, ON, since=since, within=5)
        assert event is not None
        assert event.earliest <= truth[0] <= event.latest
        assert event.half_width > 0.1
        watch.close()


# -- RTU ----------------------------------------------------------------------------------------------------


@pytest.fixture
def fresh() -> Iterator[Acquisition]:
    """A process of its own: the system gives the same pty path to the next test."""
    with Acquisition(ordinary=True) as running:
        yield running


def test_rtu_reads_writes_and_watches(fresh: Acquisition) -> None:
    with RtuSlave() as slave:
        bus = rtu(slave)
        fresh.write(bus, 1, Area.COIL, 1, [1])
        fresh.write(bus, 1, Area.COIL, 4, [1, 1])
        assert fresh.read(bus, 1, Area.COIL, 0, 8).values == (0, 1, 0, 0, 1, 1, 0, 0)
        watch = fresh.watch(bus, 1, Area.DISCRETE, 0, 8)
        since = moment()
        threading.Timer(0.05, lambda: slave.memory.bits[2].__setitem__(3, 1)).start()
        assert watch.wait(3, ON, since=since, within=2) is not None
        watch.close()


def numbered(slave: RtuSlave, delays: dict[int, float]):
    """Each answer carries the number of its request; some come late."""

    def manner(number: int, frame: bytes) -> list[tuple[float, bytes]]:
        slave.memory.registers[3][0] = number + 1
        return [(delays.get(number, 0.0), frame)]

    return manner


@pytest.mark.parametrize("late", [0.4, 0.59, 0.7, 0.8, 1.6])
def test_a_late_rtu_answer_is_never_the_next_answer(fresh: Acquisition, late: float) -> None:
    """Timeout 0.3 s: the answer to the second question comes in the quiet time, or even after it."""
    with RtuSlave() as slave:
        bus = rtu(slave)
        slave.manner = numbered(slave, {1: late})
        assert fresh.read(bus, 1, Area.HOLDING, 0).values == (0,)
        seen: list[int] = []
        for _ in range(6):
            try:
                seen.append(fresh.read(bus, 1, Area.HOLDING, 0).values[0])
            except RigFault:
                continue
            assert seen[-1] == len(slave.memory.requests) - 1  # the last question, no older one
        assert seen


def test_an_answer_sent_twice_is_not_believed_twice(fresh: Acquisition) -> None:
    with RtuSlave() as slave:
        slave.manner = lambda number, frame: [(0.0, frame + frame if number == 0 else frame)]
        assert fresh.read(rtu(slave), 1, Area.HOLDING, 0).values == (0,)
        assert len(slave.memory.requests) >= 3  # doubted, probed, asked again


def test_a_stray_byte_of_the_line_driver_does_no_harm(fresh: Acquisition) -> None:
    with RtuSlave() as slave:
        slave.manner = lambda _, frame: [(0.0, b"\x00" + frame)]
        slave.memory.registers[3][0] = 77
        assert fresh.read(rtu(slave), 1, Area.HOLDING, 0).values == (77,)


def test_wrong_checksum_and_silence_are_faults(fresh: Acquisition) -> None:
    with RtuSlave() as slave:
        slave.manner = lambda _, frame: [(0.0, frame[:-1] + b"\x55")]
        with pytest.raises(RigFault, match="no answer to the question"):
            fresh.read(rtu(slave), 1, Area.HOLDING, 0)
        slave.manner = lambda _, frame: []
        with pytest.raises(RigFault, match="did not answer"):
            fresh.read(rtu(slave), 1, Area.HOLDING, 0)


def test_a_frame_in_pieces_is_one_answer(fresh: Acquisition) -> None:
    with RtuSlave() as slave:
        slave.memory.registers[3][0] = 5
        slave.manner = lambda _, frame: [(0.005, frame[n : n + 1]) for n in range(len(frame))]
        assert fresh.read(rtu(slave), 1, Area.HOLDING, 0).values == (5,)


# -- ownership and the process ------------------------------------------------------------------------------

OTHER_RUN = """
import sys
from yanshou.acquisition import Acquisition, Bus
from yanshou.model import UsageError
try:
    with Acquisition(ordinary=True) as other:
        other.claim(Bus("modbus-tcp", host="localhost", port=int(sys.argv[1])))
except UsageError as error:
    print(error)
"""


def test_two_runs_never_share_a_bus(acquisition: Acquisition) -> None:
    with TcpSlave() as slave:
        acquisition.claim(tcp(slave))
        command = [sys.executable, "-c", OTHER_RUN, str(slave.port)]
        output = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout
        assert f"in use by another run (pid {os.getpid()})" in output


@pytest.mark.skipif(os.name != "posix", reason="links to serial devices")
def test_a_serial_device_is_one_resource_whatever_links_lead_to_it(tmp_path: Path) -> None:
    def resource(path: Path) -> str:
        return Bus("modbus-rtu", path=str(path)).resource

    (tmp_path / "adapter").touch()
    (tmp_path / "by-id").symlink_to("adapter")
    (tmp_path / "beside").symlink_to(tmp_path)
    assert resource(tmp_path / "by-id") == resource(tmp_path / "beside" / "adapter")
    (tmp_path / "panel.pty").symlink_to("/dev/pts/4071")  # one of a program that has ended, perhaps
    (tmp_path / "other.pty").symlink_to("/dev/pts/4071")
    assert resource(tmp_path / "panel.pty") == resource(tmp_path / "beside" / "panel.pty")
    assert resource(tmp_path / "panel.pty") != resource(tmp_path / "other.pty")


def test_a_bus_is_free_again_after_a_run() -> None:
    with TcpSlave() as slave:
        for _ in range(2):
            with Acquisition(ordinary=True) as run:
                run.claim(tcp(slave))


def test_one_bus_cannot_have_two_descriptions(acquisition: Acquisition) -> None:
    with TcpSlave() as slave:
        acquisition.claim(tcp(slave))
        with pytest.raises(UsageError, match="described twice"):
            acquisition.claim(tcp(slave, timeout_s=2.0))


def test_a_dead_process_is_a_rig_fault_also_for_who_waits() -> None:
    with TcpSlave() as slave, Acquisition(ordinary=True) as run:
        watch = run.watch(tcp(slave), 1, Area.DISCRETE, 0, 8)
        threading.Timer(0.2, lambda: os.kill(run.pid, signal.SIGKILL)).start()
        with pytest.raises(RigFault, match="acquisition process has ended"):
            watch.wait(0, OFF, since=moment(), within=30)
        with pytest.raises(RigFault, match="acquisition process has ended"):
            run.read(tcp(slave), 1, Area.COIL, 0)


def test_a_command_to_a_process_that_hangs_may_have_been_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yanshou.acquisition.process._SPARE_S", 0.3)
    monkeypatch.setattr("yanshou.acquisition.acquisition._REQUEST_S", 0.3)
    doubted: list[RigFault] = []
    with TcpSlave() as slave, Acquisition(ordinary=True, doubted=doubted.append) as run:
        with monkeypatch.context() as patient:
            patient.setattr("yanshou.acquisition.acquisition._REQUEST_S", 20.0)
            run.claim(tcp(slave))
        os.kill(run.pid, signal.SIGSTOP)
        before = now()
        try:
            for _ in range(2):
                with pytest.raises(RigFault, match="does not answer"):
                    run.read(tcp(slave), 1, Area.COIL, 0)
            assert not doubted
            with pytest.raises(RigFault, match="does not answer"):
                run.write(tcp(slave), 1, Area.COIL, 0, [1])
            assert [before < (fault.since or 0.0) < now() for fault in doubted] == [True]
        finally:
            os.kill(run.pid, signal.SIGCONT)


PARENT = """
import os, signal
from yanshou.acquisition import Acquisition
run = Acquisition(ordinary=True)
print(run.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_process_ends_with_its_parent() -> None:
    result = subprocess.run(
        [sys.executable, "-c", PARENT], capture_output=True, text=True, timeout=30, check=False
    )
    assert eventually(lambda: not _alive(int(result.stdout)))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"


# -- lines --------------------------------------------------------------------------------------------------


class LineDevice(TcpSlave):
    """Answers lines through ``say(number, text)``."""

    def __init__(self, say) -> None:
        super().__init__(lambda number, request: say(number, request.decode().strip()))


def line_bus(device: LineDevice) -> Bus:
    return Bus("serial-line", host="127.0.0.1", port=device.port, timeout_s=0.2, devices={"0": "CARD-1"})


def test_a_line_is_answered_and_stamped(acquisition: Acquisition) -> None:
    with LineDevice(lambda _, text: b"OK\r\n" if text == "CARD 1 AB" else b"ERR\r\n") as device:
        before = now()
        instant, answer = acquisition.send_line(line_bus(device), "CARD 1 AB", "^OK$", 1.0)
        assert answer == "OK"
        assert before <= instant.earliest < instant.latest <= now()
        with pytest.raises(RigFault, match=r"CARD-1.*answered 'ERR'"):
            acquisition.send_line(line_bus(device), "CARD 2 AB", "^OK$", 1.0)


def test_a_late_line_is_not_the_next_answer(acquisition: Acquisition) -> None:
    def say(number: int, _text: str) -> bytes:
        time.sleep(0.3 if number == 0 else 0.0)
        return b"OK %d\r\n" % number

    with LineDevice(say) as device:
        with pytest.raises(RigFault, match="not known"):
            acquisition.send_line(line_bus(device), "CARD 1 AB", "^OK", 0.15)
        assert acquisition.send_line(line_bus(device), "CARD 1 AB", "^OK", 0.25)[1] == "OK 1"


def test_lines_go_over_a_serial_port_too(fresh: Acquisition) -> None:
    with LinePty() as device:
        bus = Bus("serial-line", path=device.path, baud=9600, timeout_s=1.0)
        for number in range(3):
            assert fresh.send_line(bus, f"CARD {number}", "^OK", 2.0)[1] == f"OK CARD {number}"
