# SPDX-License-Identifier: Apache-2.0
"""No way out of a run leaves a loop open."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.field_bus import RtuSlave, TcpSlave, eventually, mbap
from tests.support.ports import free_port
from yanshou.acquisition import Acquisition, Area, Bus
from yanshou.drivers.field.relay import NotAtRest, RelayRest
from yanshou.model import RigFault
from yanshou.rig.watchdog import Watchdog, batches, restore

RUN = """
import os, signal, sys, time
from yanshou.acquisition import Acquisition, Area, Bus
from yanshou.drivers.field.relay import RelayRest
from yanshou.rig.watchdog import Watchdog

bus = Bus(**eval(sys.argv[1]))
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores it
relays = [RelayRest("RELAY-1", bus, 1, Area.COIL, address) for address in range(8)]
with Acquisition(ordinary=True) as acquisition, Watchdog(relays, log=sys.argv[2]) as dog:
    acquisition.write(bus, 1, Area.COIL, 3, [1])
    print(dog.pid, acquisition.pid, flush=True)
    time.sleep(60)
"""


def rests(bus: Bus, count: int = 8) -> list[RelayRest]:
    return [RelayRest("RELAY-1", bus, 1, Area.COIL, address) for address in range(count)]


def tcp(slave: TcpSlave) -> Bus:
    return Bus("modbus-tcp", host="127.0.0.1", port=slave.port, timeout_s=0.5)


@pytest.fixture
def slave() -> Iterator[TcpSlave]:
    with TcpSlave() as running:
        yield running


def start_run(settings: dict[str, object], log: Path) -> tuple[subprocess.Popen[str], int]:
    command = [sys.executable, "-c", RUN, repr(settings), str(log)]
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    assert run.stdout is not None
    dog = int(run.stdout.readline().split()[0])
    return run, dog


def end(run: subprocess.Popen[str]) -> None:
    assert run.stdout is not None
    run.stdout.close()
    run.wait(10)


@pytest.mark.skipif(sys.platform == "win32", reason="signals to a process group of POSIX")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGINT"])
def test_the_loop_is_closed_when_the_run_is_killed(slave: TcpSlave, tmp_path: Path, how: str) -> None:
    log = tmp_path / "watchdog.log"
    settings = {"protocol": "modbus-tcp", "host": "127.0.0.1", "port": slave.port}
    run, _ = start_run(settings, log)
    assert slave.memory.bits[1][3] == 1
    os.killpg(run.pid, signal.Signals[how])  # the run's whole group: the watchdog is not in it
    end(run)
    assert eventually(lambda: not any(slave.memory.bits[1]))
    assert eventually(lambda: log.exists() and "all relays at rest" in log.read_text("utf-8"))


def test_the_loop_is_closed_on_a_serial_line_the_dying_run_held(tmp_path: Path) -> None:
    with RtuSlave() as slave:
        log = tmp_path / "watchdog.log"
        run, _ = start_run({"protocol": "modbus-rtu", "path": slave.path, "baud": 115200}, log)
        assert slave.memory.bits[1][3] == 1
        run.kill()
        end(run)
        assert eventually(lambda: not any(slave.memory.bits[1]))


def test_the_watchdog_waits_for_a_board_that_is_away_for_a_moment(tmp_path: Path) -> None:
    with TcpSlave() as slave:
        settings = {"protocol": "modbus-tcp", "host": "127.0.0.1", "port": slave.port, "timeout_s": 0.3}
        run, _ = start_run(settings, tmp_path / "watchdog.log")
        slave.manner = lambda _, request: None
        run.kill()
        end(run)
        time.sleep(1.0)
        assert slave.memory.bits[1][3] == 1
        slave.manner = lambda _, request: slave.good(request)
        assert eventually(lambda: not any(slave.memory.bits[1]))


def test_a_run_that_ends_well_dismisses_it(slave: TcpSlave, tmp_path: Path) -> None:
    log = tmp_path / "watchdog.log"
    with Watchdog(rests(tcp(slave)), log=log) as dog:
        slave.memory.bits[1][5] = 1
    assert slave.memory.bits[1][5] == 1  # the run's own business
    assert not log.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(dog.pid, 0)


def test_an_error_on_the_way_out_makes_it_restore(slave: TcpSlave) -> None:
    dog = Watchdog(rests(tcp(slave)))
    slave.memory.bits[1][5] = 1
    dog.__exit__(KeyError, KeyError(), None)
    assert slave.memory.bits[1][5] == 0


def failed_rest() -> NotAtRest:
    return NotAtRest("the acquisition process has ended", device="RELAY-1", remedy="Cut the supply.")


def test_nobody_is_sent_to_the_boards_that_the_watchdog_has_put_to_rest(slave: TcpSlave) -> None:
    dog = Watchdog(rests(tcp(slave)))
    slave.memory.bits[1][5] = 1
    with pytest.raises(RigFault, match="has put every relay to rest") as fault, dog:
        raise failed_rest()
    assert slave.memory.bits[1][5] == 0
    assert "supply" not in str(fault.value)
    assert fault.value.device == "RELAY-1"


@pytest.mark.parametrize("killed", [False, True], ids=["board gone", "watchdog gone"])
def test_a_relay_that_nobody_put_to_rest_sends_a_person_there(slave: TcpSlave, killed: bool) -> None:
    bus = tcp(slave) if killed else Bus("modbus-tcp", host="127.0.0.1", port=free_port())
    dog = Watchdog(rests(bus))
    if killed:
        os.kill(dog.pid, signal.SIGKILL)
    with pytest.raises(RigFault, match="Cut the supply") as fault, dog:
        raise failed_rest()
    assert fault.value.device == "RELAY-1"


def test_it_says_when_it_could_not_restore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yanshou.rig.watchdog._PATIENCE_S", 0.5)
    bus, log = Bus("modbus-tcp", host="127.0.0.1", port=free_port()), tmp_path / "watchdog.log"
    assert not restore(rests(bus), log=log)
    assert "NOT at rest, does not accept a connection" in log.read_text("utf-8")


def test_a_new_run_on_the_bus_is_left_alone(slave: TcpSlave, tmp_path: Path) -> None:
    slave.memory.bits[1][2] = 1
    with Acquisition(ordinary=True) as new_run:
        new_run.claim(tcp(slave))
        log = tmp_path / "watchdog.log"
        assert restore(rests(tcp(slave)), owner=1, log=log)
        assert slave.memory.bits[1][2] == 1
        assert f"belongs to a new run (pid {os.getpid()})" in log.read_text("utf-8")
        assert restore(rests(tcp(slave)), owner=os.getpid())  # but not when it is the hanging owner's own
        assert slave.memory.bits[1][2] == 0


def test_boards_without_a_function_for_several_are_written_one_by_one(slave: TcpSlave) -> None:
    def no_fc15(_: int, request: bytes) -> bytes:
        return mbap(request[:2], request[6], b"\x8f\x01") if request[7] == 15 else slave.good(request)

    slave.manner = no_fc15
    slave.memory.bits[1][0:8] = [1] * 8
    assert restore(rests(tcp(slave)))
    assert not any(slave.memory.bits[1])


def test_touching_relays_are_written_together() -> None:
    one, other = (Bus("modbus-tcp", host="127.0.0.1", port=port) for port in (1, 2))
    relays = [*rests(one, 32), *rests(other, 8), RelayRest("RELAY-3", one, 2, Area.COIL, 5)]
    found = [(batch.bus.port, batch.unit, batch.address, len(batch.values)) for batch in batches(relays)]
    assert found == [(1, 1, 0, 32), (1, 2, 5, 1), (2, 1, 0, 8)]


def test_a_run_whose_messages_become_unreadable_has_ended_for_the_watchdog(slave: TcpSlave) -> None:
    dog = Watchdog(rests(tcp(slave)))
    slave.memory.bits[1][5] = 1
    stdin = dog._child._child.stdin
    assert stdin is not None
    stdin.write(b"{\n")
    stdin.flush()
    assert eventually(lambda: not any(slave.memory.bits[1]))
    dog.close()


def test_a_watchdog_that_does_not_start_stops_the_run(
    slave: TcpSlave, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yanshou.rig.watchdog.sys.executable", "/bin/false")
    with pytest.raises(RigFault, match="did not start"):
        Watchdog(rests(tcp(slave)))
