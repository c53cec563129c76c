# SPDX-License-Identifier: Apache-2.0
"""Events and remote commands of a door controller over ISAPI, played by a small server of its own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from yanshou.acquisition import Acquisition
from yanshou.drivers.field.bench import Bench
from yanshou.equipment.access_records import AccessRecords
from yanshou.model import RigFault
from yanshou.model.signal import DoorCommand, LogEntry
from yanshou.protocols.card import card_number
from yanshou.site import load_site
from yanshou.wires import LANGUAGES

SITE = """
[site]
id = "isapi"
name = "isapi"
time_zone = "Asia/Shanghai"
rig = "emulated"

[device.ACS-1]
profile = "hikvision-acs-isapi"
connection = {{ protocol = "isapi", host = "127.0.0.1", port = {port} }}

[device.MCU-1]
profile = "wiegand-injector"
connection = {{ protocol = "serial-line", path = "mcu.pty", baud = 115200 }}
attributes = {{ unauthorised = "26:0A2468A" }}
"""
INVENTORY = """\
id,kind,system,name,parent,number,attributes,wiring
ACS-1,door_controller,access_control,controller,,1,,
MCU-1,reader,site,card source,,,,
D02,door,access_control,two,ACS-1,2,,
"""


def event(number: int, minor: int, **more: object) -> dict[str, Any]:
    reported = {"major": 5, "minor": minor, "time": f"2026-11-29T10:00:{number % 60:02d}+08:00", "type": 0}
    return {**reported, "serialNo": number, "currentVerifyMode": "card Or face", **more}


class Controller(ThreadingHTTPServer):
    """Keeps events and hears commands."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.events = [event(n, 9, doorNo=2, cardNo=str(n)) for n in range(41, 51)]
        self.events += [event(51, 1, doorNo=2, cardNo="1193049"), event(52, 27, doorNo=2), event(53, 1024)]
        self.heard: list[str] = []
        self.status: dict[str, Any] = {"statusCode": 1, "statusString": "OK"}
        self.beside = 0  # answers another record than the one asked for
        self.pictures = False  # sends a picture with each record
        self.forward_only = False  # does not understand timeReverseOrder

    def found(self, wanted: dict[str, Any]) -> list[dict[str, Any]]:
        low, high = wanted.get("beginSerialNo", 0), wanted.get("endSerialNo", 1 << 32)
        kept = [one for one in self.events if low + self.beside <= one["serialNo"] <= high + self.beside]
        turned = wanted.get("timeReverseOrder") and not self.forward_only
        return (kept[::-1] if turned else kept)[: wanted["maxResults"]]


class Answers(BaseHTTPRequestHandler):
    server: Controller
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        """Write no log."""

    def body(self) -> str:
        return self.rfile.read(int(self.headers["Content-Length"])).decode()

    def answer(self, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        if self.server.pictures:
            self.send_header("Content-Type", 'multipart/form-data; boundary="part"')
            parts = (b"application/json", body), (b"image/jpeg", b"\xff\xd8\n{\xff\xd9")
            head = b"--part\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b\r\n"
            body = b"".join(head % (kind, len(part), part) for kind, part in parts) + b"--part--\r\n"
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        assert self.path == "/ISAPI/AccessControl/AcsEvent?format=json"
        wanted = json.loads(self.body())["AcsEventCond"]
        found = self.server.found(wanted)
        reported = {"searchID": wanted["searchID"], "responseStatusStrg": "OK" if found else "NO MATCH"}
        listed = {"InfoList": found} if found else {}
        self.answer(
            {"AcsEvent": {**reported, "totalMatches": len(found), "numOfMatches": len(found), **listed}}
        )

    def do_PUT(self) -> None:
        self.server.heard.append(f"{self.path} {self.headers['Content-Type']} {self.body()}")
        self.answer(self.server.status)


@pytest.fixture
def controller() -> Iterator[Controller]:
    with Controller() as made:
        threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def bench(controller: Controller, tmp_path: Path) -> Iterator[Bench]:
    (tmp_path / "site.toml").write_text(SITE.format(port=controller.server_address[1]), encoding="utf-8")
    (tmp_path / "inventory.csv").write_text(INVENTORY, encoding="utf-8")
    with Acquisition(ordinary=True) as acquisition:
        yield Bench(load_site(tmp_path), acquisition)


def test_events_are_read_one_by_one_with_class_door_card_and_time(bench: Bench, controller: Controller):
    log = bench.log("ACS-1")
    assert log is not None
    assert log.bounds() == (41, 53)
    at = datetime(2026, 11, 29, 10, 0, 51, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert log.read(51) == LogEntry(51, "granted", 2, 1_193_049, at)
    forced, strange = log.read(52), log.read(53)
    assert forced is not None
    assert (forced.kind, forced.target, forced.user) == ("forced", 2, 0)
    assert strange is not None
    assert (strange.kind, strange.target) == ("code 1024", 0)
    assert log.read(40) is None
    controller.beside = 1
    with pytest.raises(RigFault, match="answered record 43 of its log when asked for 42"):
        log.read(42)


@pytest.mark.parametrize(
    "stated",
    [
        "2026-11-29T02:00:00Z",
        "2026-11-29T10:00:00",
        "2026-11-28T23:30:00.250-0230",
        "2026-11-29T10:00:00+08:00",
    ],
)
def test_the_time_of_an_event_is_in_the_zone_that_it_states(
    bench: Bench, controller: Controller, stated: str
) -> None:
    controller.events.append(event(60, 1, doorNo=2) | {"time": stated})
    log = bench.log("ACS-1")
    assert log is not None
    found = log.read(60)
    assert found is not None
    assert found.at == datetime(2026, 11, 29, 2, tzinfo=UTC)
    assert not found.earlier


@pytest.mark.parametrize("wrong", [{"cardNo": "0051A2CX"}, {"cardNo": "****2345"}, {"doorNo": "1-2"}])
def test_a_card_or_a_door_that_cannot_be_read_is_not_left_out(
    bench: Bench, controller: Controller, wrong: dict[str, str]
) -> None:
    """The record would name nobody, and every card may be that of a record that names nobody."""
    controller.events.append(event(60, 9, **{"doorNo": 2, "cardNo": "7", **wrong}))
    controller.events.append(event(61, 9, doorNo=2, cardNo=""))
    log = bench.log("ACS-1")
    assert log is not None
    with pytest.raises(RigFault, match=f"has a {next(iter(wrong))} that cannot be read"):
        log.read(60)
    nobody = log.read(61)
    assert nobody is not None
    assert nobody.user == 0


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("5317445", 5_317_445),  # 0x512345, a card of the bench
        ("0005317445", 5_317_445),
        ("00512345", 0x512345),  # in hexadecimal
        ("0A512345", 0x0A512345),  # in hexadecimal for certain
        ("0a512345", 0x0A512345),
        ("08109029", 0x2345),  # its facility 0x51 and its number 0x2345
        ("12345678", 12_345_678),  # of somebody else
    ],
)
def test_digits_that_a_card_of_the_bench_may_be_written_with_mean_that_card(
    bench: Bench, controller: Controller, written: str, user: int
) -> None:
    controller.events.append(event(60, 9, doorNo=2, cardNo=written))
    log = bench.log("ACS-1")
    assert log is not None
    found = log.read(60)
    assert found is not None
    assert found.user == user
    assert (user & 0xFFFF == card_number("26:0A2468A")) is (written != "12345678")


def test_an_empty_log_has_no_newest_record_and_begins_anywhere(bench: Bench, controller: Controller) -> None:
    controller.events = []
    log = bench.log("ACS-1")
    assert log is not None
    nothing: Any = None
    records = AccessRecords("ACS-1", log, None, nothing, "Asia/Shanghai")
    before = records.newest()
    controller.events = [event(70_001, 1, doorNo=2, cardNo="7"), event(70_002, 27, doorNo=2)]
    assert [one.number for one in records.since(before)] == [70_001, 70_002]
    log.require_whole(before)


def test_a_record_with_a_picture_is_read(bench: Bench, controller: Controller) -> None:
    controller.pictures = True
    log = bench.log("ACS-1")
    assert log is not None
    assert log.bounds() == (41, 53)
    found = log.read(51)
    assert found is not None
    assert (found.kind, found.target, found.user) == ("granted", 2, 1_193_049)


def test_no_record_is_missing_from_a_log_whose_newest_is_not_the_newest(
    bench: Bench, controller: Controller
) -> None:
    log = bench.log("ACS-1")
    assert log is not None
    log.require_whole(50)
    controller.forward_only = True
    with pytest.raises(RigFault, match="names record 41 of its log as the newest, and keeps a later one"):
        log.require_whole(41)


def test_a_controller_that_shows_no_alarm_has_nothing_to_end(bench: Bench, controller: Controller) -> None:
    """Every test of its doors begins with that."""
    bench.door_controller("ACS-1").reset()
    assert controller.heard == []


def test_a_remote_command_is_one_request_with_its_body(bench: Bench, controller: Controller):
    doors, door = bench.door_controller("ACS-1"), bench.site.devices["D02"]
    assert doors.can(DoorCommand.UNLOCK)
    doors.command(door, DoorCommand.UNLOCK)
    doors.command(door, DoorCommand.HOLD_OPEN)
    doors.take_back(door, DoorCommand.HOLD_OPEN)
    head = "/ISAPI/AccessControl/RemoteControl/door/2 application/xml <RemoteControlDoor><cmd>"
    assert [one.removeprefix(head).partition("<")[0] for one in controller.heard] == [
        "open",
        "alwaysOpen",
        "close",
    ]


@pytest.mark.parametrize(
    "status",
    [
        {"statusCode": 4, "statusString": "Invalid Operation", "subStatusCode": "lowPrivilege"},
        {"ResponseStatus": {"statusCode": 2, "statusString": "Device Busy"}},
        {"statusCode": "?"},
    ],
)
def test_a_command_that_is_refused_with_status_200_was_not_given(
    bench: Bench, controller: Controller, status: dict[str, Any]
) -> None:
    controller.status = status
    with pytest.raises(RigFault, match="refused /ISAPI/AccessControl/RemoteControl/door/2"):
        bench.door_controller("ACS-1").command(bench.site.devices["D02"], DoorCommand.UNLOCK)
    assert len(controller.heard) == 1


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("/ISAPI/System/time", True),
        ("POST /ISAPI/AccessControl/AcsEvent?format=json {}", True),
        ("POST /ISAPI/AccessControl/UserInfo/Search?format=json {}", True),
        ("POST /ISAPI/AccessControl/UserInfo/Record?format=json {}", False),
        ("PUT /ISAPI/AccessControl/RemoteControl/door/1", False),
        ("POST /ISAPI/AccessControl/AcsEvent/../ClearEvent {}", False),
    ],
)
def test_only_a_search_is_a_question(asked: str, right: bool):
    assert (LANGUAGES["isapi"].fault_in_question(asked) is None) is right


@pytest.mark.parametrize("number", [0x00ABCDEF, 0xDEADBEEF])
def test_a_card_with_letters_is_no_other_that_its_decimal_digits_resemble(
    bench: Bench, controller: Controller, number: int
) -> None:
    """Digits may be decimal or hexadecimal; what has letters means one number alone."""
    controller.events.append(event(60, 1, doorNo=2, cardNo=f"{number:08X}"))
    log = bench.log("ACS-1")
    assert log is not None
    log._cards = frozenset({int(str(number), 16) & 0xFFFF})  # type: ignore[attr-defined]
    found = log.read(60)
    assert found is not None
    assert found.user == number
