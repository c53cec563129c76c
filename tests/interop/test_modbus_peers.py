# SPDX-License-Identifier: Apache-2.0
"""Modbus against implementations nobody here wrote: pyModbusTCP's server, mbpoll as a second master."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyModbusTCP.server import ModbusServer

from tests.support.field_bus import BRANCH, RtuSlave, eventually
from tests.support.peers import require
from tests.support.ports import free_port
from yanshou.acquisition import ON, Acquisition, Area, Bus
from yanshou.model import Instant, RigFault, now


@pytest.fixture(scope="module")
def acquisition() -> Iterator[Acquisition]:
    with Acquisition(ordinary=True) as running:
        yield running


@pytest.fixture
def peer() -> Iterator[ModbusServer]:
    server = ModbusServer(host="127.0.0.1", port=free_port(), no_block=True)
    server.start()
    yield server
    server.stop()


def bus(peer: ModbusServer) -> Bus:
    return Bus("modbus-tcp", host="127.0.0.1", port=peer.port, timeout_s=1.0)


def test_every_area_is_read_and_written(acquisition: Acquisition, peer: ModbusServer) -> None:
    bank = peer.data_bank
    bank.set_discrete_inputs(4, [True, False, True])
    bank.set_input_registers(7, [0x1234, 0xFFFF])
    assert acquisition.read(bus(peer), 1, Area.DISCRETE, 3, 5).values == (0, 1, 0, 1, 0)
    assert acquisition.read(bus(peer), 1, Area.INPUT, 7, 2).values == (0x1234, 0xFFFF)
    acquisition.write(bus(peer), 1, Area.COIL, 5, [1])
    acquisition.write(bus(peer), 1, Area.COIL, 9, [1, 1, 0, 1])
    acquisition.write(bus(peer), 1, Area.HOLDING, 2, [513])
    acquisition.write(bus(peer), 1, Area.HOLDING, 3, [1, 2, 3])
    assert bank.get_coils(5, 8) == [True, False, False, False, True, True, False, True]
    assert bank.get_holding_registers(2, 4) == [513, 1, 2, 3]
    assert acquisition.read(bus(peer), 1, Area.COIL, 9, 4).values == (1, 1, 0, 1)
    assert acquisition.read(bus(peer), 1, Area.HOLDING, 2, 4).values == (513, 1, 2, 3)


def test_its_refusals_are_understood(acquisition: Acquisition, peer: ModbusServer) -> None:
    with pytest.raises(RigFault, match="illegal data address"):
        acquisition.read(bus(peer), 1, Area.HOLDING, 65530, 20)


def test_its_alarms_lie_in_their_brackets(acquisition: Acquisition, peer: ModbusServer) -> None:
    watch = acquisition.watch(bus(peer), 1, Area.DISCRETE, 16, 12)
    for zone in range(12):
        truth: list[float] = []

        def alarm(zone: int = zone, truth: list[float] = truth) -> None:
            truth.append(now())
            peer.data_bank.set_discrete_inputs(16 + zone, [True])
            truth.append(now())

        since = Instant(now(), now())
        timer = threading.Timer(0.02 + 0.003 * zone, alarm)
        timer.start()
        event = watch.wait(zone, ON, since=since, within=5)
        timer.join()
        assert event is not None
        assert event.earliest <= truth[1]
        assert event.latest >= truth[0]
    watch.close()


def test_a_server_that_goes_and_comes_back(acquisition: Acquisition) -> None:
    port = free_port()
    line = Bus("modbus-tcp", host="127.0.0.1", port=port, timeout_s=0.5)
    first = ModbusServer(host="127.0.0.1", port=port, no_block=True)
    first.start()
    assert acquisition.read(line, 1, Area.COIL, 0).values == (0,)
    first.stop()
    with pytest.raises(RigFault):
        acquisition.read(line, 1, Area.COIL, 0)
    again = ModbusServer(host="127.0.0.1", port=port, no_block=True)
    again.start()
    try:
        assert eventually(lambda: _reads(acquisition, line))
    finally:
        again.stop()


def _reads(acquisition: Acquisition, line: Bus) -> bool:
    try:
        return acquisition.read(line, 1, Area.COIL, 0).values == (0,)
    except RigFault:
        return False


RUN = """
import sys, time
from yanshou.acquisition import Acquisition, Area, Bus
from yanshou.drivers.field.relay import RelayRest
from yanshou.rig.watchdog import Watchdog
bus = Bus("modbus-tcp", host="127.0.0.1", port=int(sys.argv[1]))
rests = [RelayRest("RELAY-1", bus, 1, Area.COIL, n) for n in range(8)]
with Acquisition(ordinary=True) as run, Watchdog(rests):
    run.write(bus, 1, Area.COIL, 3, [1])
    print("open", flush=True)
    time.sleep(60)
"""


def test_a_killed_run_leaves_no_loop_open(peer: ModbusServer) -> None:
    command = [sys.executable, "-c", RUN, str(peer.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "open\n"
        assert peer.data_bank.get_coils(3) == [True]
        run.kill()
    assert eventually(lambda: peer.data_bank.get_coils(0, 8) == [False] * 8)


# -- mbpoll, a master of libmodbus --------------------------------------------------------------------------


def mbpoll(*arguments: str) -> dict[int, int]:
    """Run mbpoll once and return what it read, by address."""
    run = subprocess.run(
        [require("mbpoll"), *arguments], capture_output=True, text=True, timeout=30, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    lines = [line for line in run.stdout.splitlines() if line.startswith("[")]
    return {int(line[1 : line.index("]")]): int(line.split(":")[1].split()[0]) for line in lines}


def test_mbpoll_sees_what_we_wrote(acquisition: Acquisition, peer: ModbusServer) -> None:
    acquisition.write(bus(peer), 1, Area.COIL, 3, [1])
    seen = mbpoll(
        "-m", "tcp", "-p", str(peer.port), "-a", "1", "-0", "-1", "-t", "0", "-r", "0", "-c", "6", "127.0.0.1"
    )
    assert seen == {0: 0, 1: 0, 2: 0, 3: 1, 4: 0, 5: 0}


def test_we_see_what_mbpoll_wrote(acquisition: Acquisition, peer: ModbusServer) -> None:
    where = ["-m", "tcp", "-p", str(peer.port), "-a", "1", "-0", "-r"]
    mbpoll(*where, "12", "-t", "4", "127.0.0.1", "4711")
    mbpoll(*where, "7", "-t", "0", "127.0.0.1", "1")
    assert acquisition.read(bus(peer), 1, Area.HOLDING, 12).values == (4711,)
    assert acquisition.read(bus(peer), 1, Area.COIL, 7).values == (1,)


def test_our_slave_for_tests_is_a_slave_to_mbpoll_too() -> None:
    """The RTU slave the unit tests lean on is itself held against an independent master."""
    with RtuSlave(unit=7) as slave:
        slave.memory.registers[3][:3] = [1, 2, 40000]
        line = ["-m", "rtu", "-b", "115200", "-P", "none", "-a", "7", "-0"]
        assert mbpoll(*line, "-1", "-t", "4", "-r", "0", "-c", "3", slave.path) == {0: 1, 1: 2, 2: 40000}
        mbpoll(*line, "-t", "0", "-r", "5", slave.path, "1")
        assert slave.memory.bits[1][5] == 1


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The emulated bank branch, without cameras."""
    pytest.importorskip("yanshou.emulation.__main__")
    folder = tmp_path_factory.mktemp("emulated") / "site"
    shutil.copytree(BRANCH, folder)
    text = (folder / "site.toml").read_text("utf-8")
    for port in range(15501, 15517):
        text = text.replace(str(port), str(free_port()))
    (folder / "site.toml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "yanshou.emulation", str(folder), "--until-eof", "--without-video"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline().strip() == "ready"
        yield folder
        process.stdin.close()


def test_mbpoll_reads_the_emulated_panels(emulated: Path) -> None:
    text = (emulated / "site.toml").read_text("utf-8")
    port = text.split("[device.PANEL-1]")[1].split("port = ")[1].split(",")[0]
    tcp = ["-m", "tcp", "-p", port, "-a", "1", "-0", "-1", "-t", "1", "-r", "64", "-c", "2", "127.0.0.1"]
    assert mbpoll(*tcp) == {64: 0, 65: 0}
    rtu = [
        "-m",
        "rtu",
        "-b",
        "115200",
        "-P",
        "none",
        "-a",
        "7",
        "-0",
        "-1",
        "-t",
        "4",
        "-r",
        "40000",
        "-c",
        "8",
    ]
    codes = {value >> 8 for value in mbpoll(*rtu, str(emulated / "vault-panel.pty")).values()}
    assert codes <= {24, 109, 3, 45, 149}


def test_mbpoll_arms_the_emulated_vault_panel(emulated: Path) -> None:
    rtu = ["-m", "rtu", "-b", "115200", "-P", "none", "-a", "7", "-0", "-t", "0", "-r", "100"]
    path = str(emulated / "vault-panel.pty")
    mbpoll(*rtu, path, "1")
    time.sleep(0.2)
    assert eventually(lambda: mbpoll(*rtu, "-1", "-c", "1", path) == {100: 1})
    mbpoll(*rtu, path, "0")
