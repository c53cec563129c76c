# SPDX-License-Identifier: Apache-2.0
"""The drivers of a small site over real sockets, against a panel made of a few lines here."""

from __future__ import annotations

import importlib.resources
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.field_bus import BRANCH, TcpSlave, mbap
from tests.support.patience import HUNG_S
from yanshou.acquisition import Acquisition
from yanshou.drivers.capabilities import (
    AlarmPanel,
    ContactInput,
    ContactOutput,
    CredentialStimulus,
    DeviceClock,
    DoorController,
    InspectionGate,
    ZoneStimulus,
)
from yanshou.drivers.field.bench import Bench
from yanshou.drivers.field.credential import ProfileCredential
from yanshou.drivers.field.wiring import check_wiring, parse_terminal, profiles_of, site_mistakes
from yanshou.model import Connection, Device, DeviceKind, Instant, RigFault, Site, System, UsageError, now
from yanshou.model.signal import Card, DoorSignal, ZoneSignal
from yanshou.site import load_site

PANEL_12, RELAY_32 = "yanshou-emulated-panel-12", "yanshou-emulated-relay-32"


def device(name: str, kind: DeviceKind, **more: object) -> Device:
    return Device(name, kind, System.INTRUSION, name, place=f"inventory.csv:{len(name)}", **more)  # type: ignore[arg-type]


def tcp(slave: TcpSlave, **options: object) -> Connection:
    return Connection("modbus-tcp", "127.0.0.1", slave.port, options={"unit": 1, **options})


class World:
    """A relay board and a panel whose zones alarm, when armed, as soon as their relay opens the loop."""

    def __init__(self) -> None:
        self.board, self.panel, self.doors = TcpSlave(), TcpSlave(), TcpSlave()
        self.lines = TcpSlave(lambda _, request: self._card(request))
        self.cards: list[str] = []
        self.deaf = False
        self.goes_since: float | None = None  # its clock stands until then
        self.board.manner = self._board
        self.panel.manner = self._panel
        self.panel.memory.registers[3][200:206] = [2026, 11, 23, 9, 14, 3]

    def close(self) -> None:
        for slave in (self.board, self.panel, self.doors, self.lines):
            slave.close()

    def _card(self, request: bytes) -> bytes:
        self.cards.append(request.decode())
        return b"OK\r\n"

    def _board(self, _: int, request: bytes) -> bytes:
        answer = self.board.good(request)
        coils, shown = self.board.memory.bits[1], self.panel.memory.bits
        for zone in range(12):
            if coils[zone] and shown[2][64]:
                shown[2][16 + zone] = 1
        return answer

    def _panel(self, _: int, request: bytes) -> bytes:
        memory = self.panel.memory
        if self.goes_since is not None:
            memory.registers[3][204:206] = divmod(14 * 60 + 3 + int(now() - self.goes_since), 60)
        answer = self.panel.good(request)
        if not self.deaf:
            memory.bits[2][64] = memory.bits[1][100]
        if memory.bits[1][110]:
            memory.bits[2][16:28], memory.bits[1][110] = [0] * 12, 0
        return answer


@pytest.fixture(scope="module")
def acquisition() -> Iterator[Acquisition]:
    with Acquisition(ordinary=True) as running:
        yield running


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.close()


def site_of(world: World, tmp_path: Path) -> Site:
    line = Connection("serial-line", "127.0.0.1", world.lines.port)
    devices = [
        device("RELAY-1", DeviceKind.RELAY_BOARD, profile=RELAY_32, connection=tcp(world.board)),
        device("PANEL-1", DeviceKind.PANEL, profile=PANEL_12, connection=tcp(world.panel)),
        device("ACS-1", DeviceKind.DOOR_CONTROLLER, profile="yanshou-emulated-door-controller",
               connection=tcp(world.doors)),
        device("CARD-1", DeviceKind.READER, profile="yanshou-credential-injector", connection=line,
               attributes={"authorised": "1A2B", "unauthorised": "DEAD"}),
        device("Z01", DeviceKind.ZONE, parent="PANEL-1", number=1,
               wiring={"loop": "RELAY-1/0", "tamper": "RELAY-1/12"}),
        device("Z02", DeviceKind.ZONE, parent="PANEL-1", number=2, wiring={"loop": "RELAY-1/1"}),
        device("D01", DeviceKind.DOOR, parent="ACS-1", number=1,
               wiring={"reader": "CARD-1/1", "lock_coil": "RELAY-1/di0"}),
        device("GATE-1", DeviceKind.GATE, wiring={"pass": "RELAY-1/26", "alarm": "RELAY-1/di2"}),
    ]  # fmt: skip
    return Site("s", "s", tmp_path, "Asia/Shanghai", {}, {}, {one.id: one for one in devices})


@pytest.fixture
def bench(world: World, acquisition: Acquisition, tmp_path: Path) -> Bench:
    return Bench(site_of(world, tmp_path), acquisition)


def test_every_driver_gives_its_capability(bench: Bench) -> None:
    assert isinstance(bench.panel("PANEL-1"), AlarmPanel)
    assert isinstance(bench.clock("PANEL-1"), DeviceClock)
    assert isinstance(bench.zone("Z01"), ZoneStimulus)
    assert isinstance(bench.door_controller("ACS-1"), DoorController)
    assert isinstance(bench.credential("D01"), CredentialStimulus)
    assert isinstance(bench.input("RELAY-1/di0"), ContactInput)
    assert isinstance(bench.output("RELAY-1/3"), ContactOutput)
    assert isinstance(bench.gate("GATE-1"), InspectionGate)


def test_an_alarm_from_stimulus_to_indication(bench: Bench, world: World) -> None:
    world.goes_since = now()
    panel, zone = bench.panel("PANEL-1"), bench.zone("Z02")
    panel.arm(1)
    assert panel.is_armed(1)
    opened = zone.open_loop()
    shown = panel.wait_for(2, ZoneSignal.ALARM, since=opened, within=HUNG_S)
    assert shown is not None
    assert (shown - opened).least <= 0 <= (shown - opened).most, "this panel shows it at once"
    assert panel.shows(2, ZoneSignal.ALARM)
    assert panel.shown(ZoneSignal.ALARM) == {2}
    watched = panel.watch(2, ZoneSignal.ALARM, shown=True, seconds=0.5)
    assert watched.held
    assert watched.polls > 5
    assert 0 < watched.longest_gap_s < watched.seconds
    zone.close_loop()
    panel.reset()
    assert not panel.shows(2, ZoneSignal.ALARM)
    panel.disarm(1)
    assert not panel.is_armed(1)


def test_an_unarmed_panel_shows_nothing(bench: Bench, world: World) -> None:
    world.goes_since = now()
    panel, zone = bench.panel("PANEL-1"), bench.zone("Z01")
    assert panel.wait_for(1, ZoneSignal.ALARM, since=zone.open_loop(), within=0.2) is None


def test_watching_tells_when_the_state_left(bench: Bench, world: World) -> None:
    panel = bench.panel("PANEL-1")
    threading.Timer(0.15, lambda: world.panel.memory.bits[2].__setitem__(17, 1)).start()
    watched = panel.watch(2, ZoneSignal.ALARM, shown=False, seconds=HUNG_S)
    assert not watched.held
    assert watched.changed is not None
    assert 0 < watched.seconds < HUNG_S
    assert not panel.watch(2, ZoneSignal.ALARM, shown=False, seconds=HUNG_S).held


def test_a_panel_that_does_not_arm_is_named_with_what_it_shows(
    world: World, acquisition: Acquisition, tmp_path: Path
) -> None:
    profile = Path(tmp_path / "panel.toml")
    text = (importlib.resources.files("yanshou.drivers") / "profiles" / f"{PANEL_12}.toml").read_text("utf-8")
    profile.write_text(text.replace("within_s = 5.0", "within_s = 0.3"), encoding="utf-8")
    site = site_of(world, tmp_path)
    site = with_device(site, replace(site.devices["PANEL-1"], profile="panel.toml"))
    world.deaf = True
    with pytest.raises(RigFault, match=r"PANEL-1 .*arm was not confirmed.*partition_armed 1 shows 0, not 1"):
        Bench(site, acquisition).panel("PANEL-1").arm(1)


def with_device(site: Site, *changed: Device) -> Site:
    return replace(site, devices={**site.devices, **{one.id: one for one in changed}})


def test_the_clock_is_read_in_the_sites_zone(bench: Bench) -> None:
    reading = bench.clock("PANEL-1").read_clock()
    assert reading.shown_utc == datetime(2026, 11, 23, 1, 14, 3, tzinfo=UTC)
    assert reading.resolution_s == 1.0
    assert reading.asked.half_width > 0


def test_an_impossible_date_is_a_rig_fault(bench: Bench, world: World) -> None:
    world.panel.memory.registers[3][200:206] = [2026, 13, 40, 0, 0, 0]
    with pytest.raises(RigFault, match="clock shows no date"):
        bench.clock("PANEL-1").read_clock()


def test_a_credential_is_one_line_on_the_right_output(bench: Bench, world: World) -> None:
    instant = bench.credential("D01").present(Card.AUTHORISED)
    bench.credential("D01").present(Card.UNAUTHORISED)
    assert world.cards == ["CARD 1 1A2B\r\n", "CARD 1 DEAD\r\n"]
    assert instant.earliest < instant.latest


def test_a_door_and_its_lock(bench: Bench, world: World) -> None:
    controller, lock = bench.door_controller("ACS-1"), bench.input("RELAY-1/di0")
    since = Instant(now(), now())
    world.doors.memory.bits[2][8] = 1
    world.board.memory.bits[2][0] = 1
    assert controller.wait_for(1, DoorSignal.FORCED, since=since, within=2) is not None
    assert controller.shows(1, DoorSignal.FORCED)
    assert not controller.shows(1, DoorSignal.HELD)
    assert lock.wait_active(since=since, within=2) is not None
    assert lock.is_active()
    since = Instant(now(), now())
    world.board.memory.bits[2][0] = 0
    assert lock.wait_inactive(since=since, within=2) is not None


def test_a_gate_by_its_contacts(bench: Bench, world: World) -> None:
    gate = bench.gate("GATE-1")
    since = gate.pass_object()
    assert world.board.memory.bits[1][26] == 1
    world.board.memory.bits[2][2] = 1
    assert gate.wait_alarm(since=since, within=2) is not None
    gate.end_pass()
    assert world.board.memory.bits[1][26] == 0


def test_rest_restores_every_circuit_in_one_write(bench: Bench, world: World) -> None:
    bench.zone("Z01").open_loop()
    bench.zone("Z01").open_tamper()
    bench.rest()
    assert not any(world.board.memory.bits[1])
    assert (15, 0, 32) in world.board.memory.requests
    assert len(bench.relays()) == 32
    assert {rest.value for rest in bench.relays()} == {0}


def test_a_board_that_dies_is_told_when_it_cannot_be_restored(bench: Bench, world: World) -> None:
    bench.zone("Z01").open_loop()
    world.board.close()
    with pytest.raises(RigFault, match=r"RELAY-1.*Cut the supply"):
        bench.rest()


def test_wrong_questions_are_usage_errors(bench: Bench) -> None:
    with pytest.raises(UsageError, match=r"Z02.*no relay is in its tamper"):
        bench.zone("Z02").open_tamper()
    with pytest.raises(UsageError, match="zone 9 of PANEL-1 is not in the inventory"):
        bench.panel("PANEL-1").shows(9, ZoneSignal.ALARM)
    with pytest.raises(UsageError, match="is a relay, not an input"):
        bench.input("RELAY-1/3")
    with pytest.raises(UsageError, match="not in the inventory"):
        bench.zone("Z99")
    with pytest.raises(UsageError, match="cannot be reached over a field bus"):
        bench.panel("GATE-1")


def test_a_bus_in_use_is_told_before_anything_moves(bench: Bench, world: World) -> None:
    with Acquisition(ordinary=True) as other, pytest.raises(UsageError, match="in use by another run"):
        Bench(bench.site, other)
    assert not any(request[0] in (5, 15) for request in world.board.memory.requests)


# -- wiring -------------------------------------------------------------------------------------------------


def test_the_bank_branch_is_wired_right() -> None:
    assert site_mistakes(load_site(BRANCH)) == []


def test_every_wiring_mistake_is_told_with_its_line(world: World, tmp_path: Path) -> None:
    site = site_of(world, tmp_path)
    wrong: Mapping[str, str] = {
        "ZA": "RELAY-1/32",
        "ZBB": "RELAY-9/1",
        "ZCCC": "RELAY-1",
        "ZDDDD": "RELAY-1/di4",
        "ZEEEEE": "RELAY-1/12",
        "ZFFFFFF": "PANEL-1/1",
    }
    zones = [device(name, DeviceKind.ZONE, wiring={"loop": text}) for name, text in wrong.items()]
    zones.append(device("ZGGGGGGG", DeviceKind.ZONE, parent="PANEL-1", number=13))
    reported = [str(one) for one in check_wiring(with_device(site, *zones), profiles_of(site)[0])]
    expected = [
        "inventory.csv:2  ZA: loop is wired to RELAY-1/32, but RELAY-1 (yanshou-emulated-relay-32) has",
        "inventory.csv:3  ZBB: loop is wired to RELAY-9, which is not listed. Boards of this site: RELAY-1.",
        "inventory.csv:4  ZCCC: loop is wired to 'RELAY-1', which names no channel.",
        "inventory.csv:5  ZDDDD: loop is wired to RELAY-1/di4. It takes a relay",
        "inventory.csv:6  ZEEEEE: loop is wired to RELAY-1/12, which is already the tamper of Z01.",
        "inventory.csv:7  ZFFFFFF: loop is wired to PANEL-1/1, but PANEL-1 has no relays.",
        "inventory.csv:8  ZGGGGGGG: its number is 13, but PANEL-1 (yanshou-emulated-panel-12) has 1-12.",
    ]
    assert [line[: len(start)] for line, start in zip(reported, expected, strict=True)] == expected


def test_a_wire_nobody_uses_is_a_mistake(world: World, tmp_path: Path) -> None:
    """A misspelt role, and one at a device without such a circuit: items would be left out."""
    site = site_of(world, tmp_path)
    zone = device("ZA", DeviceKind.ZONE, wiring={"lop": "RELAY-1/30"})
    reader = device("READER-9", DeviceKind.READER, wiring={"fire": "RELAY-1/31"})
    reported = [str(one) for one in check_wiring(with_device(site, zone, reader), profiles_of(site)[0])]
    assert reported == [
        "inventory.csv:2  ZA: a zone has no wire 'lop'. Did you mean loop?",
        (
            "inventory.csv:8  READER-9: the wire fire is one of a door_controller, not of a reader."
            " Write it at the device it belongs to."
        ),
    ]


@pytest.mark.parametrize(
    ("cards", "wrong"),
    [
        ({"authorised": "1A2B3C4D", "unauthorised": "DEADBEEF"}, ""),
        ({"authorised": "1A2B3C4D", "duress": "001a2b3c4d"}, "authorised and duress are the same card"),
        ({"authorised": "pin:1234#", "unauthorised": "pin:1234"}, "authorised and unauthorised are the same"),
        ({"authorised": " "}, "authorised cannot be presented: it is empty"),
        ({"authorised": "26:2123458", "unauthorised": "26:0000001"}, ""),
        ({"authorised": "26:2123458", "unauthorised": "26:0000003"}, "unauthorised has a wrong parity"),
        ({"unauthorised": "26:2000001+pin:1#"}, "unauthorised has a wrong parity"),
        ({"authorised": "26:2123458", "payment": "34:200012345"}, "payment has a wrong parity"),
        (
            {"authorised": "26:0123459", "unauthorised": "26:0000003"},
            "",
        ),  # one that opens shows: not looked at
    ],
)
def test_credentials_a_controller_takes_for_one_card_are_a_mistake(
    world: World, tmp_path: Path, cards: dict[str, object], wrong: str
) -> None:
    """An authorised card that is the duress card, too, would call for help each time it is presented."""
    site = site_of(world, tmp_path)
    injector = device("CARD-9", DeviceKind.READER, attributes=cards)
    reported = "\n".join(map(str, check_wiring(with_device(site, injector), profiles_of(site)[0])))
    assert (wrong in reported) if wrong else not reported


def test_profiles_and_connections_are_checked_with_the_wiring(world: World, tmp_path: Path) -> None:
    site = site_of(world, tmp_path)
    board, panel = site.devices["RELAY-1"], site.devices["PANEL-1"]
    broken = with_device(
        site,
        replace(board, profile="no-such-board"),
        replace(panel, connection=tcp(world.panel, unit=900)),
        device("PANEL-2", DeviceKind.PANEL, profile=PANEL_12, connection=tcp(world.doors)),
    )
    found = "\n".join(map(str, site_mistakes(broken)))
    assert "profile 'no-such-board': there is no such device profile" in found
    assert "PANEL-1: unit must be 0…255, not 900" in found
    assert "PANEL-2: has the unit number of ACS-1" in found
    assert "wired" not in found  # nothing follows from the unread profile


def test_terminals() -> None:
    assert str(parse_terminal("RELAY-1/di0")) == "RELAY-1/di0"
    assert str(parse_terminal(" A/B/7 ")) == "A/B/7"
    for text in ("", "RELAY-1", "RELAY-1/", "RELAY-1/x", "/3", "RELAY-1/di"):
        assert parse_terminal(text) is None


def test_a_real_map_of_state_words_arms_zone_by_zone(acquisition: Acquisition, tmp_path: Path) -> None:
    """Bolid S2000-PP: the code of the wanted state goes to the zone's own register, base 40000."""
    with TcpSlave() as slave:
        text: dict[int, int] = {40000: 0x6D00, 40001: 0x6D00}

        def gateway(_: int, request: bytes) -> bytes:
            function, address, value = request[7], *_registers(request[8:12])
            if function == 6:
                text[address] = value << 8 | text[address] >> 8
                return request
            values = b"".join(text.get(address + n, 0).to_bytes(2, "big") for n in range(value))
            return mbap(request[:2], request[6], bytes([3, 2 * value]) + values)

        slave.manner = gateway
        devices = [
            device("PANEL-1", DeviceKind.PANEL, profile="bolid-s2000-pp", connection=tcp(slave)),
            device("Z01", DeviceKind.ZONE, parent="PANEL-1", number=1),
            device("Z02", DeviceKind.ZONE, parent="PANEL-1", number=2),
        ]
        site = Site("s", "s", tmp_path, "Asia/Shanghai", {}, {}, {one.id: one for one in devices})
        panel = Bench(site, acquisition).panel("PANEL-1")
        assert not panel.is_armed()
        panel.arm()
        assert text == {40000: 0x186D, 40001: 0x186D}
        assert panel.is_armed()
        since = Instant(now(), now())
        text[40001] = 0x0318
        assert panel.wait_for(2, ZoneSignal.ALARM, since=since, within=2) is not None
        assert panel.shown(ZoneSignal.ALARM) == {2}
        assert not panel.shows(2, ZoneSignal.TAMPER)
        panel.reset()
        assert not panel.shows(2, ZoneSignal.ALARM)
        with pytest.raises(UsageError, match="does not say how PANEL-1 shows zone_open"):
            panel.shows(1, ZoneSignal.OPEN)


def _registers(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")


@pytest.mark.parametrize("spelled", ["26:00abcd", "26:ABCD", "ABCD"])
def test_a_duress_card_in_another_spelling_calls_for_help_as_well(spelled: str) -> None:
    asked: list[str] = []
    device = Device("INJ-1", DeviceKind.READER, System.SITE, "", attributes={"duress": "26:00ABCD"})
    source = ProfileCredential(SimpleNamespace(device=device), 1, asked.append, lambda: asked.append("help"))  # type: ignore[arg-type]
    source.ask_permission(spelled)
    source.ask_permission("26:00ABCE")
    assert asked == ["INJ-1/1", "help", "INJ-1/1"]
