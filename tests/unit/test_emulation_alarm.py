# SPDX-License-Identifier: Apache-2.0
"""The emulated alarm, access and inspection side, asked by raw clients: what is healthy, and each defect."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial
from pyModbusTCP.client import ModbusClient

from tests.support.patience import HUNG_S
from yanshou.emulation.site.process import EmulatedSite, private_copy
from yanshou.model import Site
from yanshou.site import load_site

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
ROLES = {"open": 0, "alarm": 16, "tamper": 32}
DOOR_ROLES = {"state": 0, "forced": 8, "wrong": 24, "granted": 32, "denied": 40}


def script(*faults: tuple[object, ...]) -> str:
    """A fault script: (device, kind), (device, kind, value) or (device, kind, value, every)."""
    names = ("device", "kind", "value", "every")
    tables = (
        "\n".join(f"{key} = {json.dumps(item)}" for key, item in zip(names, f, strict=False)) for f in faults
    )
    return "".join(f"[[fault]]\n{table}\n" for table in tables)


ZONE_FAULTS = script(
    ("Z01", "alarm_delay", 0.9),
    ("Z02", "miss_every", 2),
    ("Z03", "self_reset", 0.3),
    ("Z04", "answers_when_unset"),
    ("Z05", "tamper_dead_armed"),
    ("Z06", "tamper_dead_unset"),
    ("Z07", "wrong_zone_shown", 9),
    ("Z08", "alarm_lost_on_restore"),
    ("Z10", "alarm_delay", [0.02, 0.06]),
    ("Z11", "hold_up_unsettable"),
    ("Z12", "hold_up_not_latching"),
    ("LINK-1", "linkage_wrong_camera", "CAM-3"),
    ("PANEL-1", "clock_offset", 7200),
    ("PANEL-1", "siren_dead"),
    ("D01", "lock_delay", 0.6),
    ("D01", "forced_door_silent"),
    ("D01", "wrong_credential_limit", 8),
    ("D02", "forced_door_delay", 0.7),
    ("D02", "lock_dead"),
    ("GATE-1", "gate_silent"),
)


class Bench:
    """Raw clients at the emulated site; knows the bank branch's wiring from its inventory."""

    def __init__(self, site: Site, truth: Path) -> None:
        self.site = site
        self._truth = truth
        self._begun = 0.0
        self._clients: dict[str, ModbusClient] = {}

    def client(self, device: str) -> ModbusClient:
        if device not in self._clients:
            connection = self.site.devices[device].connection
            assert connection
            self._clients[device] = ModbusClient(connection.host, connection.port, unit_id=1, timeout=HUNG_S)
        return self._clients[device]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    def path(self, device: str) -> Path:
        connection = self.site.devices[device].connection
        assert connection
        return self.site.folder / connection.path

    def switch(self, device: str, role: str, *, on: bool) -> None:
        board, _, channel = self.site.devices[device].wiring[role].partition("/")
        assert self.client(board).write_single_coil(int(channel), on)

    def input(self, device: str, role: str) -> bool:
        board, _, channel = self.site.devices[device].wiring[role].partition("/di")
        return bool(self.bits(board, int(channel))[0])

    def bits(self, device: str, address: int, count: int = 1) -> list[bool]:
        bits = self.client(device).read_discrete_inputs(address, count)
        assert bits is not None
        return list(bits)

    def shows(self, zone: str, role: str = "alarm") -> bool:
        number = self.site.devices[zone].number
        assert number
        return self.bits("PANEL-1", ROLES[role] + number - 1)[0]

    def door(self, door: str, role: str) -> bool:
        number = self.site.devices[door].number
        assert number
        return self.bits("ACS-1", DOOR_ROLES[role] + number - 1)[0]

    def arm(self, *, on: bool = True) -> None:
        assert self.client("PANEL-1").write_single_coil(100, on)

    def begin(self) -> None:
        """Put the site to rest; what it did before is no longer looked at."""
        self.rest()
        self._begun = time.perf_counter()

    def rest(self) -> None:
        """Every relay off, the panel and the doors reset and unset."""
        for board, count in (("RELAY-1", 8), ("RELAY-2", 32)):
            assert self.client(board).write_multiple_coils(0, [False] * count)
        self.arm(on=False)
        for device in ("PANEL-1", "ACS-1"):
            assert self.client(device).write_single_coil(110, True)

    def events(self, device: str, what: str) -> list[dict[str, object]]:
        whole = self._truth.read_text(encoding="utf-8").rpartition("\n")[
            0
        ]  # the last line may be half written
        lines = [json.loads(line) for line in whole.splitlines()]
        return [line for line in lines if line["device"] == device and line["what"] == what]

    def last(self, device: str, what: str) -> float:
        """When it did so last in this test; what is shown is written down a moment later."""
        assert wait(lambda: bool(self._times(device, what))), what
        return self._times(device, what)[-1]

    def _times(self, device: str, what: str) -> list[float]:
        return [t for t in (float(str(one["t"])) for one in self.events(device, what)) if t >= self._begun]

    def card(self, line: str) -> str:
        with serial.Serial(str(self.path("CARD-1")), 9600, timeout=HUNG_S) as port:
            port.write(line.encode() + b"\r\n")
            return port.read_until(b"\r\n").decode().strip()


def wait(ready: Callable[[], bool], within: float = 10.0) -> bool:
    """Whether it comes; a busy machine takes its time.  What must not come is given a shorter ``within``."""
    end = time.perf_counter() + within
    while time.perf_counter() < end:
        if ready():
            return True
    return False


def bench_of(folder: Path, script: str) -> Iterator[Bench]:
    site = private_copy(BRANCH, folder / "site")
    inventory = site / "inventory.csv"
    listed = inventory.read_text(encoding="utf-8")
    inventory.write_text(listed.replace("lock_open_s=0.5", "lock_open_s=3"), encoding="utf-8")
    faults = folder / "faults.toml"
    faults.write_text(script, encoding="utf-8")
    with EmulatedSite(site, faults, folder / "truth.jsonl", video=False, deadline_s=20):
        bench = Bench(load_site(site), folder / "truth.jsonl")
        yield bench
        bench.close()


@pytest.fixture(scope="module")
def healthy_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    yield from bench_of(tmp_path_factory.mktemp("healthy"), "")


@pytest.fixture(scope="module")
def faulty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    yield from bench_of(tmp_path_factory.mktemp("faulty"), ZONE_FAULTS)


@pytest.fixture
def healthy(healthy_site: Bench) -> Bench:
    healthy_site.begin()
    return healthy_site


@pytest.fixture
def faulty(faulty_site: Bench) -> Bench:
    faulty_site.begin()
    return faulty_site


# -- a healthy panel ----------------------------------------------------------------------------------------


def test_alarm_latches_sounds_and_stays_until_reset(healthy: Bench) -> None:
    healthy.arm()
    healthy.switch("Z07", "loop", on=True)
    assert healthy.shows("Z07", "open")
    assert wait(lambda: healthy.shows("Z07"))
    assert healthy.input("PANEL-1", "siren")
    healthy.client("PANEL-1").write_single_coil(110, True)
    assert healthy.shows("Z07"), "a reset must not clear an alarm whose loop is open"
    healthy.switch("Z07", "loop", on=False)
    assert not healthy.shows("Z07", "open")
    assert healthy.shows("Z07")
    healthy.client("PANEL-1").write_single_coil(110, True)
    assert not healthy.shows("Z07")
    assert not healthy.input("PANEL-1", "siren")
    assert healthy.bits("PANEL-1", 64) == [True], "a reset leaves the panel set"


def test_truth_is_in_order_of_cause(healthy: Bench) -> None:
    healthy.arm()
    healthy.switch("Z03", "loop", on=True)
    assert wait(lambda: healthy.shows("Z03"))
    healthy.switch("Z03", "loop", on=False)
    healthy.client("PANEL-1").write_single_coil(110, True)
    steps = ["loop_open", "alarm_shown", "loop_closed", "alarm_cleared"]
    stamps = [healthy.last("Z03", step) for step in steps]
    assert stamps == sorted(stamps)
    assert stamps[1] - stamps[0] >= 0.02
    assert healthy.last("RELAY-2", "relay_on") == healthy.last("Z03", "loop_open")


def test_unset_panel_shows_open_and_no_alarm(healthy: Bench) -> None:
    healthy.switch("Z02", "loop", on=True)
    assert healthy.shows("Z02", "open")
    assert not wait(lambda: healthy.shows("Z02"), 0.6)


@pytest.mark.parametrize("is_set", [True, False])
def test_hold_up_alarms_silently_whether_set_or_not(healthy: Bench, is_set: bool) -> None:
    healthy.arm(on=is_set)
    healthy.switch("Z11", "loop", on=True)
    assert wait(lambda: healthy.shows("Z11"))
    healthy.switch("Z11", "loop", on=False)
    assert not healthy.input("PANEL-1", "siren")
    assert healthy.shows("Z11")


@pytest.mark.parametrize("is_set", [True, False])
def test_tamper_latches_whether_set_or_not(healthy: Bench, is_set: bool) -> None:
    healthy.arm(on=is_set)
    healthy.switch("Z05", "tamper", on=True)
    assert wait(lambda: healthy.shows("Z05", "tamper"))
    healthy.switch("Z05", "tamper", on=False)
    assert healthy.shows("Z05", "tamper")
    assert not healthy.shows("Z05")
    healthy.client("PANEL-1").write_single_coil(110, True)
    assert not healthy.shows("Z05", "tamper")


def test_a_zone_that_is_open_keeps_the_panel_from_being_set(healthy: Bench) -> None:
    healthy.switch("Z04", "loop", on=True)
    healthy.arm()
    assert healthy.bits("PANEL-1", 64) == [False]


def test_panel_clock_is_local_time(healthy: Bench) -> None:
    registers = healthy.client("PANEL-1").read_holding_registers(200, 6)
    local = time.gmtime(time.time() + 8 * 3600)
    assert registers
    assert abs(time.mktime((*registers, 0, 0, 0)) - time.mktime(local)) <= 2


def test_addresses_the_device_lacks_are_refused(healthy: Bench) -> None:
    panel = healthy.client("PANEL-1")
    assert panel.read_discrete_inputs(70, 8) is None
    assert panel.last_except == 2
    assert not panel.write_single_register(200, 1)
    assert panel.last_except == 2


def test_truth_lies_inside_the_bracket_of_any_poller(faulty: Bench) -> None:
    faulty.arm()
    for _ in range(15):
        before = time.perf_counter()
        faulty.switch("Z10", "loop", on=True)
        after = time.perf_counter()
        asked = time.perf_counter()
        while not faulty.shows("Z10"):
            negative, asked = asked, time.perf_counter()
        seen = time.perf_counter()
        faulty.switch("Z10", "loop", on=False)
        faulty.client("PANEL-1").write_single_coil(110, True)
        assert before < faulty.last("Z10", "loop_open") < after
        assert negative < faulty.last("Z10", "alarm_shown") < seen


# -- planted defects of zones and panels --------------------------------------------------------------------


def test_alarm_delay(faulty: Bench) -> None:
    faulty.arm()
    faulty.switch("Z01", "loop", on=True)
    assert wait(lambda: faulty.shows("Z01"))
    assert faulty.last("Z01", "alarm_shown") - faulty.last("Z01", "loop_open") >= 0.9


def test_miss_every_second(faulty: Bench) -> None:
    faulty.arm()
    for shown in (True, False, True, False):
        faulty.switch("Z02", "loop", on=True)
        assert wait(lambda: faulty.shows("Z02"), HUNG_S if shown else 0.6) is shown
        faulty.switch("Z02", "loop", on=False)
        faulty.client("PANEL-1").write_single_coil(110, True)


def test_self_reset(faulty: Bench) -> None:
    faulty.arm()
    faulty.switch("Z03", "loop", on=True)
    assert wait(lambda: faulty.shows("Z03"))
    assert wait(lambda: not faulty.shows("Z03"))


def test_answers_when_unset(faulty: Bench) -> None:
    faulty.switch("Z04", "loop", on=True)
    assert wait(lambda: faulty.shows("Z04"))


@pytest.mark.parametrize(("zone", "is_set", "shown"), [
    ("Z05", True, False), ("Z05", False, True), ("Z06", True, True), ("Z06", False, False),
])  # fmt: skip
def test_tamper_dead(faulty: Bench, zone: str, is_set: bool, shown: bool) -> None:
    faulty.arm(on=is_set)
    faulty.switch(zone, "tamper", on=True)
    assert wait(lambda: faulty.shows(zone, "tamper"), HUNG_S if shown else 0.6) is shown


def test_wrong_zone_is_shown_and_the_siren_is_dead(faulty: Bench) -> None:
    faulty.arm()
    faulty.switch("Z07", "loop", on=True)
    assert wait(lambda: faulty.shows("Z09"))
    assert not faulty.shows("Z07")
    assert not faulty.input("PANEL-1", "siren")


def test_alarm_lost_on_restore(faulty: Bench) -> None:
    faulty.arm()
    faulty.switch("Z08", "loop", on=True)
    assert wait(lambda: faulty.shows("Z08"))
    faulty.switch("Z08", "loop", on=False)
    assert not faulty.shows("Z08")


def test_hold_up_that_can_be_unset(faulty: Bench) -> None:
    faulty.switch("Z11", "loop", on=True)
    assert not wait(lambda: faulty.shows("Z11"), 0.6)
    faulty.switch("Z11", "loop", on=False)
    faulty.arm()
    faulty.switch("Z11", "loop", on=True)
    assert wait(lambda: faulty.shows("Z11"))


def test_hold_up_that_does_not_latch(faulty: Bench) -> None:
    faulty.switch("Z12", "loop", on=True)
    assert wait(lambda: faulty.shows("Z12"))
    faulty.switch("Z12", "loop", on=False)
    assert not faulty.shows("Z12")


def test_clock_offset(faulty: Bench) -> None:
    registers = faulty.client("PANEL-1").read_holding_registers(200, 6)
    local = time.gmtime(time.time() + 8 * 3600 + 7200)
    assert registers
    assert abs(time.mktime((*registers, 0, 0, 0)) - time.mktime(local)) <= 2


# -- linkage ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("site", "camera"), [("healthy", "CAM-2"), ("faulty", "CAM-3")])
def test_linkage_records_the_camera_while_the_alarm_lasts(
    site: str, camera: str, request: pytest.FixtureRequest
) -> None:
    bench: Bench = request.getfixturevalue(site)
    bench.arm()
    bench.switch("Z07", "loop", on=True)
    assert bench.last("Z07", "alarm_shown") < bench.last(camera, "recording_started")
    bench.rest()
    assert bench.last(camera, "recording_started") < bench.last(camera, "recording_stopped")


# -- doors --------------------------------------------------------------------------------------------------


def test_authorised_credential_releases_the_lock_for_three_seconds(healthy: Bench) -> None:
    assert healthy.card("CARD 1 1A2B3C4D") == "OK"
    assert wait(lambda: healthy.input("D01", "lock_coil"))
    assert healthy.door("D01", "granted")
    healthy.switch("D01", "contact", on=True)
    assert healthy.door("D01", "state")
    assert wait(lambda: not healthy.input("D01", "lock_coil"))
    assert not healthy.door("D01", "forced"), "a door opened after a grant is not forced"
    assert healthy.last("D01", "lock_energised") - healthy.last("D01", "credential") >= 0.08


def test_fifth_wrong_credential_alarms_until_reset(healthy: Bench) -> None:
    for _ in range(4):
        assert healthy.card("CARD 2 DEADBEEF") == "OK"
    assert wait(lambda: healthy.door("D02", "denied"))
    assert not wait(lambda: healthy.door("D02", "wrong"), 0.4)
    healthy.card("CARD 2 DEADBEEF")
    assert wait(lambda: healthy.door("D02", "wrong"))
    assert not healthy.input("D02", "lock_coil")
    healthy.client("ACS-1").write_single_coil(110, True)
    assert not healthy.door("D02", "wrong")


def test_forced_door_latches(healthy: Bench) -> None:
    healthy.switch("D02", "contact", on=True)
    assert wait(lambda: healthy.door("D02", "forced"))
    healthy.switch("D02", "contact", on=False)
    assert healthy.door("D02", "forced")
    healthy.client("ACS-1").write_single_coil(110, True)
    assert not healthy.door("D02", "forced")


@pytest.mark.parametrize("line", ["HELLO", "CARD 9 1A2B3C4D", "CARD x 1A2B3C4D", "CARD 1"])
def test_injector_refuses_what_it_does_not_understand(healthy: Bench, line: str) -> None:
    assert healthy.card(line) == "ERR"


def test_forced_door_defects(faulty: Bench) -> None:
    for door in ("D01", "D02"):
        faulty.switch(door, "contact", on=True)
    assert wait(lambda: faulty.door("D02", "forced"))
    assert faulty.last("D02", "forced_shown") - faulty.last("D02", "door_open") >= 0.7
    assert not faulty.door("D01", "forced")


def test_door_defects(faulty: Bench) -> None:
    faulty.card("CARD 1 1A2B3C4D")
    faulty.card("CARD 2 1A2B3C4D")
    assert wait(lambda: faulty.door("D02", "granted")), "for three seconds, as its lock is to stay open"
    assert wait(lambda: faulty.input("D01", "lock_coil"))
    assert wait(lambda: faulty.events("D01", "lock_energised"))  # told a moment after it is seen
    assert faulty.last("D01", "lock_energised") - faulty.last("D01", "credential") >= 0.6
    assert not faulty.input("D02", "lock_coil"), "lock_dead"


def test_wrong_credential_limit(faulty: Bench) -> None:
    for _ in range(7):
        faulty.card("CARD 1 DEADBEEF")
    assert not wait(lambda: faulty.door("D01", "wrong"), 0.4)
    faulty.card("CARD 1 DEADBEEF")
    assert wait(lambda: faulty.door("D01", "wrong"))


# -- the gate -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("site", "alarms"), [("healthy", True), ("faulty", False)])
def test_gate(site: str, alarms: bool, request: pytest.FixtureRequest) -> None:
    bench: Bench = request.getfixturevalue(site)
    bench.switch("GATE-1", "pass", on=True)
    assert wait(lambda: bench.input("GATE-1", "alarm"), HUNG_S if alarms else 0.4) is alarms
    bench.switch("GATE-1", "pass", on=False)
    assert wait(lambda: not bench.input("GATE-1", "alarm"))
