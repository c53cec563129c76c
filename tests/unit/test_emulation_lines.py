# SPDX-License-Identifier: Apache-2.0
"""The lines of the emulated site: meter, time server, RTU slave, and devices that misbehave on their bus."""

from __future__ import annotations

import json
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import pytest
import serial
from pyModbusTCP.client import ModbusClient

from tests.support.patience import HUNG_S
from yanshou.emulation.modbus.pdu import crc16
from yanshou.emulation.site.process import EmulatedSite, private_copy
from yanshou.model import Connection, Site
from yanshou.site import load_site

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
VAULT_STATE, VAULT_UNIT = 40000, 7
ALARM, ARMED, DISARMED = 3, 24, 109
QUIET_S = 0.3
"""So long nothing may come."""


def script(*faults: tuple[object, ...]) -> str:
    """A fault script: (device, kind), (device, kind, value) or (device, kind, value, every)."""
    names = ("device", "kind", "value", "every")
    tables = (
        "\n".join(f"{key} = {json.dumps(item)}" for key, item in zip(names, f, strict=False)) for f in faults
    )
    return "".join(f"[[fault]]\n{table}\n" for table in tables)


DEFECTS = script(
    ("PANEL-2", "arm_refused"),
    ("PANEL-2", "supply_current", 2.6),
    ("NTP-1", "ntp_offset", 5.0),
    ("LINK-1", "linkage_dead"),
    ("GATE-1", "gate_delay", 0.6),
    ("D02", "grants_unauthorised"),
)
LINE_FAULTS = script(
    ("RELAY-1", "relay_dies", 3),
    ("RELAY-2", "panel_silent", 2),
    ("PANEL-1", "panel_garbage"),
    ("PANEL-2", "panel_late", 2.0, 2),
    ("ACS-1", "panel_refuses"),
    ("NTP-1", "ntp_silent"),
)


class Place:
    """Where the emulated devices are reached, and the truth of them."""

    def __init__(self, site: Site, truth: Path) -> None:
        self.site = site
        self._truth = truth

    def connection(self, device: str) -> Connection:
        connection = self.site.devices[device].connection
        assert connection
        return connection

    def path(self, device: str) -> Path:
        return self.site.folder / self.connection(device).path

    def port(self, device: str) -> int:
        connection = self.connection(device)
        return connection.port or int(connection.path.split("::")[2])

    def write_coil(self, device: str, coil: int, *, on: bool) -> bool:
        client = ModbusClient("127.0.0.1", self.port(device), unit_id=1, timeout=HUNG_S, auto_close=True)
        return bool(client.write_single_coil(coil, on))

    def _lines(self, device: str, what: str) -> list[dict[str, object]]:
        whole = self._truth.read_text(encoding="utf-8").rpartition("\n")[
            0
        ]  # the last line may be half written
        lines = [json.loads(line) for line in whole.splitlines()]
        return [line for line in lines if line["device"] == device and line["what"] == what]

    def events(self, device: str, what: str) -> list[object]:
        return [line.get("value") for line in self._lines(device, what)]

    def last(self, device: str, what: str) -> float:
        """When it did so last; what is shown is written down a moment later."""
        assert wait(lambda: bool(self._lines(device, what))), what
        return float(str(self._lines(device, what)[-1]["t"]))


def place_of(folder: Path, faults: str) -> Iterator[Place]:
    site = private_copy(BRANCH, folder / "site")
    (folder / "faults.toml").write_text(faults, encoding="utf-8")
    truth = folder / "truth.jsonl"
    with EmulatedSite(site, folder / "faults.toml", truth, video=False, deadline_s=HUNG_S):
        yield Place(load_site(site), truth)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from place_of(tmp_path_factory.mktemp("healthy"), "")


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from place_of(tmp_path_factory.mktemp("faulty"), DEFECTS)


@pytest.fixture(scope="module")
def mute_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from place_of(tmp_path_factory.mktemp("mute"), LINE_FAULTS)


def wait(ready: Callable[[], bool], within: float = 10.0) -> bool:
    end = time.perf_counter() + within
    while time.perf_counter() < end:
        if ready():
            return True
    return False


# -- meter and time -----------------------------------------------------------------------------------------


def scpi(place: Place, *lines: str) -> list[str]:
    with (
        socket.create_connection(("127.0.0.1", place.port("DMM-1")), 2) as meter,
        meter.makefile("rb") as answers,
    ):
        replies = []
        for line in lines:
            meter.sendall(line.encode() + b"\n")
            replies += [answers.readline().decode().strip()] if "?" in line else []
        return replies


def test_multimeter_speaks_scpi(healthy: Place, faulty: Place) -> None:
    identity, done, error, none = scpi(
        healthy, "*RST;*CLS", "*IDN?", "BOGUS;*OPC?", "SYST:ERR?", ":system:error?"
    )
    assert identity == "Example Instruments,EX-34401,EX0001234,1.00"
    assert (done, error, none) == ("1", '-113,"Undefined header"', '+0,"No error"')
    current, voltage = scpi(healthy, "measure:current:dc?", "MEAS:VOLT:DC?")
    assert float(current) == pytest.approx(0.35, abs=0.002)
    assert 12 < float(voltage) < 15
    assert float(scpi(faulty, "MEAS:CURR:DC?")[0]) == pytest.approx(2.6, abs=0.002)


def ask_ntp(place: Place, wait_s: float = HUNG_S) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(wait_s)
        client.sendto(
            b"\x23" + bytes(39) + struct.pack(">Q", 0x1122334455667788), ("127.0.0.1", place.port("NTP-1"))
        )
        return client.recv(512)


def test_time_server(healthy: Place, faulty: Place) -> None:
    for place, ahead in ((healthy, 0.0), (faulty, 5.0)):
        before = time.time()
        answer = ask_ntp(place)
        after = time.time()
        seconds, fraction = struct.unpack(">II", answer[40:48])
        assert answer[0] == 0x24
        assert answer[1] == 1
        assert answer[24:32] == struct.pack(">Q", 0x1122334455667788)
        assert before - 0.05 <= seconds + fraction / 2**32 - 2208988800 - ahead <= after + 0.05


# -- the vault panel on its serial line ---------------------------------------------------------------------


class Rtu:
    """A bare RTU master."""

    def __init__(self, path: Path) -> None:
        self._port = serial.Serial(str(path), 115200, timeout=HUNG_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._port.close()

    def send(self, *body: int, unit: int = VAULT_UNIT) -> None:
        frame = bytes([unit, *body])
        self._port.write(frame + crc16(frame))

    def ask(self, *body: int, length: int, unit: int = VAULT_UNIT) -> bytes:
        self.send(*body, unit=unit)
        reply: bytes = self._port.read(length)
        assert crc16(reply[:-2]) == reply[-2:]
        return reply

    def silent(self) -> bool:
        """Whether nothing comes for a while."""
        self._port.timeout = QUIET_S
        came = self._port.read(1)
        self._port.timeout = HUNG_S
        return not came

    def state(self, number: int) -> int:
        reply = self.ask(3, *struct.pack(">HH", VAULT_STATE + number - 1, 1), length=7)
        return reply[3]  # the high byte

    def order(self, coil: int, *, on: bool = True) -> bytes:
        return self.ask(5, *struct.pack(">HH", coil, 0xFF00 if on else 0), length=8)


def test_crc_is_modbus() -> None:
    assert crc16(bytes.fromhex("010300000001")) == bytes.fromhex("840a")


def test_vault_panel(healthy: Place) -> None:
    with Rtu(healthy.path("PANEL-2")) as vault:
        assert vault.state(1) == DISARMED
        assert vault.order(100) == bytes.fromhex("07050064ff00") + crc16(bytes.fromhex("07050064ff00"))
        assert vault.ask(1, 0, 100, 0, 1, length=6)[3] == 1
        assert [vault.state(1), vault.state(2)] == [ARMED, ARMED]
        healthy.write_coil("RELAY-1", 1, on=True)
        assert wait(lambda: vault.state(2) == ALARM)
        assert vault.state(1) == ARMED
        healthy.write_coil("RELAY-1", 1, on=False)
        assert vault.state(2) == ALARM
        vault.order(110)
        assert vault.state(2) == ARMED
        vault.order(100, on=False)
        assert vault.state(2) == DISARMED


def test_rtu_line_manners(healthy: Place) -> None:
    with Rtu(healthy.path("PANEL-2")) as vault:
        vault.send(3, 0x9C, 0x40, 0, 1, unit=9)
        assert vault.silent(), "an unknown unit does not answer"
        assert vault.ask(3, 0, 0, 0, 1, length=5)[1:3] == bytes([0x83, 2])
        assert vault.ask(0x2B, 0, 0, 0, 0, length=5)[1:3] == bytes([0xAB, 1])
        assert vault.ask(16, 0x9C, 0x40, 0, 1, 2, 0, 0, length=5)[1:3] == bytes([0x90, 2])
        assert vault.ask(15, 0, 100, 0, 1, 1, 0, length=8)[1:6] == bytes([15, 0, 100, 0, 1])
        frame = bytes([VAULT_UNIT, 3, 0x9C, 0x40, 0, 1])
        vault._port.write(frame + b"\0\0")
        assert vault.silent(), "a wrong CRC is not answered"
        assert vault.state(1) == DISARMED


def test_arm_refused(faulty: Place) -> None:
    with Rtu(faulty.path("PANEL-2")) as vault:
        vault.order(100)
        assert vault.ask(1, 0, 100, 0, 1, length=6)[3] == 0


def test_an_rtu_poller_sees_a_change_at_once(faulty: Place) -> None:
    with Rtu(faulty.path("PANEL-2")) as vault:
        for on, code in ((True, 45), (False, DISARMED)) * 5:
            before = time.perf_counter()
            faulty.write_coil("RELAY-1", 1, on=on)
            assert vault.state(2) == code, "the change is there for the very next poll"
            assert before < faulty.last("V02", "loop_open" if on else "loop_closed") < time.perf_counter()


def test_dead_linkage_late_gate_and_generous_door(faulty: Place) -> None:
    faulty.write_coil("PANEL-1", 100, on=True)
    faulty.write_coil("RELAY-2", 6, on=True)
    faulty.write_coil("RELAY-2", 26, on=True)
    with serial.Serial(str(faulty.path("CARD-1")), 9600, timeout=HUNG_S) as port:
        port.write(b"CARD 2 DEADBEEF\r\n")
        assert port.read_until(b"\r\n") == b"OK\r\n"
    assert wait(lambda: bool(faulty.events("GATE-1", "alarm_on")))
    assert faulty.last("GATE-1", "alarm_on") - faulty.last("GATE-1", "object_enters") >= 0.6
    assert faulty.events("D02", "granted")
    assert faulty.events("Z07", "alarm_shown") == [7]
    assert not faulty.events("CAM-2", "recording_started")


# -- lines that misbehave -----------------------------------------------------------------------------------


def tcp_raw(port: int, pdu: bytes, wait_s: float = HUNG_S) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 1) as line:
        line.sendall(struct.pack(">HHHB", 0x55AA, 0, len(pdu) + 1, 1) + pdu)
        ready, _, _ = select.select([line], [], [], wait_s)
        return line.recv(300) if ready else b""


def test_lines_that_misbehave(mute_site: Place) -> None:
    place = mute_site
    assert [place.write_coil("RELAY-1", 0, on=on) for on in (True, False, True)] == [True, True, True]
    assert tcp_raw(place.port("RELAY-1"), b"\x05\x00\x00\x00\x00", QUIET_S) == b"", "dead after three writes"
    assert tcp_raw(place.port("RELAY-1"), b"\x01\x00\x00\x00\x08", QUIET_S) == b""
    assert place.events("RELAY-1", "relay_on") == [0, 0]
    assert place.events("RELAY-1", "relay_off") == [0], "its coils stay as they were"

    read = b"\x02\x00\x00\x00\x08"
    assert [bool(tcp_raw(place.port("RELAY-2"), read)) for _ in range(2)] == [True, True]
    assert not any(tcp_raw(place.port("RELAY-2"), read, QUIET_S) for _ in range(2))

    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", place.port("ACS-1"))) != 0

    garbage = {tcp_raw(place.port("PANEL-1"), b"\x02\x00\x00\x00\x0c") for _ in range(3)}
    assert b"" not in garbage
    assert not any(answer.startswith(b"\x55\xaa\x00\x00") for answer in garbage)

    with pytest.raises(TimeoutError):
        ask_ntp(place, QUIET_S)


def test_late_answer_falls_into_the_next_request(mute_site: Place) -> None:
    with Rtu(mute_site.path("PANEL-2")) as vault:
        assert vault.state(2) == DISARMED
        vault.send(1, 0, 100, 0, 1)
        assert vault.silent(), "the second answer is late"
        vault.send(3, *struct.pack(">HH", VAULT_STATE, 1))
        replies = vault._port.read(7 + 6)
        assert len(replies) == 13, "the answer and, later, that of the request before it"


# -- the process --------------------------------------------------------------------------------------------


def test_pace_takes_the_time_of_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANSHOU_EMULATION_PACE", "1")
    for place in place_of(tmp_path, ""):
        start = time.perf_counter()
        with serial.Serial(str(place.path("CARD-1")), 9600, timeout=HUNG_S) as port:
            port.write(b"CARD 1 DEADBEEF\r\n")
            assert port.read_until(b"\r\n") == b"OK\r\n"
        characters = len("CARD 1 DEADBEEF\r\nOK\r\n")
        assert time.perf_counter() - start >= characters * 10 / 9600
