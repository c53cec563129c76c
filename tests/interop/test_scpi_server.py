# SPDX-License-Identifier: Apache-2.0
"""The SCPI driver against sinstruments' TCP server, an implementation nobody here wrote."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.patience import HUNG_S
from tests.support.ports import free_port
from yanshou.instruments.scpi import Multimeter, ScpiInstrument, reading
from yanshou.model import RigFault

SERIAL = "SN20260817"

# Runs in the server's own process: what a small meter answers, and how it gets things wrong.
DEVICE = """
import time
from collections import deque

from sinstruments.simulator import BaseDevice

ANSWERS = {
    "*IDN?": "ACME,M-1,SN20260817,2.4",
    "MEAS:CURR:DC?": "+3.50100000E-01",
    "MEAS:VOLT:DC?": "+1.36500000E+01",
    "MEAS:VOLT:AC?": "+9.9E37",
    "MEAS:RES?": "+9.91E37",
    "MEAS:GARBAGE?": "\\x00\\x07?",
}


class Meter(BaseDevice):
    def __init__(self, name, **options):
        super().__init__(name, **options)
        self.errors = deque()

    def handle_message(self, line):
        asked = line.decode().strip()
        if asked == "*CLS":
            self.errors.clear()
        elif asked == "SYST:ERR?":
            return (self.errors.popleft() if self.errors else '0,"No error"').encode() + b"\\n"
        elif asked in ANSWERS:
            return ANSWERS[asked].encode() + b"\\n"
        elif asked == "MEAS:BURDEN?":
            self.errors.extend(['-222,"Data out of range"', '-350,"Queue overflow"'])
            return b"+1.0\\n"
        elif asked != "MEAS:NOTHING?":
            self.errors.append('-113,"Undefined header"')
        return None
"""


class Bench(ScpiInstrument):
    """A meter that is also asked for what it cannot do."""

    current = reading("MEAS:CURR:DC?", unit="A", within=(-10, 10))
    burden = reading("MEAS:BURDEN?", unit="V", within=(0, 10))
    nothing = reading("MEAS:NOTHING?", unit="V", within=(0, 10))
    garbage = reading("MEAS:GARBAGE?", unit="V", within=(0, 10))
    unknown = reading("MEAS:UNKNOWN?", unit="V", within=(0, 10))


@dataclass(frozen=True, slots=True)
class Server:
    port: int

    @property
    def resource(self) -> str:
        return f"TCPIP::127.0.0.1::{self.port}::SOCKET"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("sinstruments")
    (folder / "bench_meter.py").write_text(DEVICE, encoding="utf-8")
    port = free_port()
    device = {
        "name": "meter",
        "class": "Meter",
        "package": "bench_meter",
        "transports": [{"type": "tcp", "url": f"127.0.0.1:{port}"}],
    }
    (folder / "server.json").write_text(json.dumps({"devices": [device]}), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "sinstruments", "-c", str(folder / "server.json"), "--log-level", "error"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _await(port, process)
            yield Server(port)
        finally:
            process.kill()


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the SCPI server did not start")


def test_readings_come_through(server: Server):
    with Multimeter(server.resource, serial=SERIAL) as meter:
        assert meter.identity == ("ACME", "M-1", SERIAL, "2.4")
        assert [meter.dc_current for _ in range(50)] == [0.3501] * 50
        assert meter.dc_voltage == 13.65


@pytest.mark.parametrize(
    ("quantity", "expected"), [("ac_voltage", "overloaded"), ("resistance", "not a number")]
)
def test_overload_and_not_a_number_are_no_readings(server: Server, quantity: str, expected: str):
    with Multimeter(server.resource) as meter, pytest.raises(RigFault, match=expected):
        getattr(meter, quantity)


def test_the_error_queue_is_told_and_left_empty(server: Server):
    with Bench(server.resource) as bench:
        with pytest.raises(RigFault, match=r"MEAS:BURDEN\? was refused: -222"):
            _ = bench.burden
        assert bench.current == 0.3501


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [("nothing", "not answered"), ("unknown", "not answered"), ("garbage", "no number")],
)
def test_silence_and_garbage_are_told_and_the_next_reading_is_right(
    server: Server, quantity: str, expected: str
):
    with Bench(server.resource, timeout_s=0.5) as bench:
        began = time.monotonic()
        with pytest.raises(RigFault, match=expected) as fault:
            getattr(bench, quantity)
        assert time.monotonic() - began < HUNG_S
        assert fault.value.device == server.resource
        assert bench.current == 0.3501


def test_another_instrument_than_the_certificates_is_refused(server: Server):
    with pytest.raises(RigFault, match=f"serial number {SERIAL}, the certificate is for EX0001234"):
        Multimeter(server.resource, serial="EX0001234")
