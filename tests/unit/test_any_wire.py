# SPDX-License-Identifier: Apache-2.0
"""Doors, users, log, clock and cards of devices that speak lines, played by a small server of its own."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.field_bus import TcpSlave
from yanshou.acquisition import Acquisition
from yanshou.drivers.field.bench import Bench
from yanshou.drivers.profile.file import read_profile
from yanshou.model import Instant, RigFault, UsageError, now
from yanshou.model.signal import Card, DoorSignal
from yanshou.site import load_site

PROFILE = r"""
schema = "yanshou-profile/1"

[device]
class = "door_controller"
vendor = "Line"
model = "Doors"
protocol = "serial-line"
document = "this test"

[transport]
timeout_s = 1.0
eol = "\n"

[[message]]
match = '^door (?P<number>\d) (?P<state>\w+)$'
map.state = { forced = "door_forced=1", closed = "door_forced=0" }

[[point]]
role = "door_forced"
count = 4
request = "door {number}?"
expect = '^door {number} '

[[point]]
role = "event_oldest"
request = "log?"
expect = '^log (?P<number>\d+) '

[[point]]
role = "event_pointer"
request = "log?"
expect = '^log \d+ (?P<number>\d+)$'

[[point]]
role = "event_record"
request = "record {number}?"
expect = '''(?x:
  ^record\ (?P<number>\d+)\ (?P<class>\w+)\ (?P<target>\d+)
  \ (?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d\d)\ (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)$)'''
absent = '^record {number} none$'
map = { BA = "alarm", CL = "set" }

[[point]]
role = "clock"
request = "time?"
expect = '^time (?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d) (?P<hour>..):(?P<minute>..):(?P<second>..)$'

[[command]]
name = "reset"
target = "panel"
send = "reset"
expect = '^done$'

[[command]]
name = "log_in"
target = "user"
send = "user {number}"
expect = '^done$'
take_back = "nobody"

[[command]]
name = "bypass"
target = "zone"
send = "bypass {number}"
expect = '^done$'
"""

INJECTOR = r"""
schema = "yanshou-profile/1"

[device]
class = "credential_injector"
vendor = "Line"
model = "Cards"
protocol = "serial-line"
document = "this test"

[transport]
timeout_s = 1.0
eol = "\n"

[[start]]
send = "hello"

[[command]]
name = "present_card"
target = "door"
send = "card {number} {credential}"
expect = '^done$'
refused = '^no '
"""

MODBUS_INJECTOR = """
schema = "yanshou-profile/1"

[device]
class = "credential_injector"
vendor = "Register"
model = "Cards"
protocol = "modbus"
document = "this test"

[[command]]
name = "present_card"
target = "door"
area = "holding"
address = 40
"""

SITE = """
[site]
id = "lines"
name = "lines"
time_zone = "Asia/Shanghai"
rig = "emulated"

[device.ACS-1]
profile = "line-doors.toml"
connection = {{ protocol = "tcp-line", host = "127.0.0.1", port = {port} }}

[device.CARD-1]
profile = "line-cards.toml"
connection = {{ protocol = "tcp-line", host = "127.0.0.1", port = {cards} }}

[device.CARD-2]
profile = "modbus-cards.toml"
connection = {{ protocol = "modbus-tcp", host = "127.0.0.1", port = {registers} }}
"""

INVENTORY = """\
id,kind,system,name,parent,number,attributes,wiring
ACS-1,door_controller,access_control,controller,,1,,
CARD-1,reader,site,cards,,,authorised=1A{2B; unauthorised=nobody,
CARD-2,reader,site,cards,,,authorised=7; unauthorised=70000,
D01,door,access_control,one,ACS-1,1,,reader=CARD-1/2
D02,door,access_control,two,ACS-1,2,,reader=CARD-2/3
"""


ANSWERS = {
    "log?": "log 3 6",
    "record 3?": "record 3 BA 7 28.02.26 23:59:58",
    "record 4?": "record 4 none",
    "record 5?": "record 6 BA 7 28.02.26 23:59:58",
    "record 6?": "record 6 ZZ 7 31.02.26 23:59:58",
    "time?": "time 2026-03-01 07:30:05",
    "card 2 nobody": "no such card",
}


class Controller(socketserver.ThreadingTCPServer):
    """Doors by number, and every command it was given."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.forced: set[str] = set()
        self.said: list[str] = []


class Answers(socketserver.StreamRequestHandler):
    """Answers line by line."""

    server: Controller

    def handle(self) -> None:
        for line in self.rfile:
            text = line.decode("ascii").strip()
            number = text.removeprefix("door ").removesuffix("?")
            if text in ANSWERS:
                answer = ANSWERS[text]
            elif text == "hello":
                continue
            elif text.endswith("?"):
                answer = f"door {number} {'forced' if number in self.server.forced else 'closed'}"
            else:
                self.server.said.append(text)
                answer = "done"
            self.wfile.write(f"{answer}\n".encode("ascii"))


def serving() -> Iterator[Controller]:
    with Controller() as made:
        threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
        yield made
        made.shutdown()


controller, injector = pytest.fixture(serving, name="controller"), pytest.fixture(serving, name="injector")


@pytest.fixture
def slave() -> Iterator[TcpSlave]:
    with TcpSlave() as made:
        yield made


@pytest.fixture
def bench(controller: Controller, injector: Controller, slave: TcpSlave, tmp_path: Path) -> Iterator[Bench]:

    profiles = {"line-doors": PROFILE, "line-cards": INJECTOR, "modbus-cards": MODBUS_INJECTOR}
    for name, text in profiles.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    ports = {
        "port": controller.server_address[1],
        "cards": injector.server_address[1],
        "registers": slave.port,
    }
    (tmp_path / "site.toml").write_text(SITE.format(**ports), encoding="utf-8")
    (tmp_path / "inventory.csv").write_text(INVENTORY, encoding="utf-8")
    with Acquisition(ordinary=True) as acquisition:
        yield Bench(load_site(tmp_path), acquisition)


def test_a_forced_door_is_seen_over_lines_and_its_neighbour_is_not(
    bench: Bench, controller: Controller
) -> None:
    doors = bench.door_controller("ACS-1")
    assert not doors.shows(1, DoorSignal.FORCED)
    before = now()
    controller.forced.add("1")
    seen = doors.wait_for(1, DoorSignal.FORCED, since=Instant(before, before), within=5.0)
    assert seen is not None
    assert before <= seen.latest
    assert not doors.shows(2, DoorSignal.FORCED)
    doors.reset()
    assert controller.said == ["reset"]


def test_a_user_is_logged_in_and_out_over_lines(bench: Bench, controller: Controller) -> None:
    keypad = bench.keypad("ACS-1")
    assert keypad is not None
    keypad.log_in(3)
    keypad.ask_for("bypass", 7)
    keypad.log_out(3)
    assert controller.said == ["user 3", "bypass 7", "nobody"]


def test_what_a_profile_cannot_take_back_is_said_before_anything_is_sent(
    bench: Bench, controller: Controller
) -> None:
    keypad = bench.keypad("ACS-1")
    assert keypad is not None
    with pytest.raises(UsageError, match="cannot be taken back"):
        keypad.take_back("bypass", 7)
    assert controller.said == []


def test_a_log_is_read_over_lines_record_by_record(bench: Bench, controller: Controller) -> None:
    log = bench.log("ACS-1")
    assert log is not None
    assert log.bounds() == (3, 6)
    entry = log.read(3)
    assert entry is not None
    assert (entry.number, entry.kind, entry.target, entry.user) == (3, "alarm", 7, 0)
    assert entry.at.isoformat() == "2026-02-28T15:59:58+00:00"  # of a panel that shows local time
    assert log.read(4) is None  # it says so itself
    with pytest.raises(RigFault, match="record 6 of its log when asked for 5"):
        log.read(5)
    with pytest.raises(RigFault, match="has no date"):
        log.read(6)
    assert controller.said == []


def test_a_log_that_does_not_answer_is_not_an_empty_log(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = bench.log("ACS-1")
    assert log is not None
    monkeypatch.setitem(ANSWERS, "record 4?", "record 4 ?!")
    with pytest.raises(RigFault, match="did not answer"):
        log.read(4)
    monkeypatch.setitem(ANSWERS, "log?", "log none")
    with pytest.raises(RigFault, match="did not answer"):
        log.bounds()


def test_a_clock_is_read_over_lines(bench: Bench) -> None:
    clock = bench.clock("ACS-1")
    assert clock is not None
    before = now()
    reading = clock.read_clock()
    assert reading.shown_utc.isoformat() == "2026-02-28T23:30:05+00:00"
    assert before <= reading.asked.earliest <= reading.asked.latest <= now()


def test_a_card_is_presented_over_lines_with_a_greeting(bench: Bench, injector: Controller) -> None:
    credential = bench.credential("D01")
    credential.present(Card.AUTHORISED)
    assert injector.said == ["card 2 1A{2B"]
    with pytest.raises(RigFault, match="refused present_card"):
        credential.present(Card.UNAUTHORISED)


def test_a_card_is_presented_by_its_number_over_modbus(bench: Bench, slave: TcpSlave) -> None:
    credential = bench.credential("D02")
    credential.present(Card.AUTHORISED)
    assert slave.memory.registers[3][42] == 7
    with pytest.raises(UsageError, match="cannot be sent: one register holds"):
        credential.present(Card.UNAUTHORISED)


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("(?P<class>", "(?:", "expect has no group class"),
        ("record {number}?", "record?", "request does not say which record"),
        ("absent = '^record {number} none$'", "", "absent is missing"),
        ("none$'", "(?P<number>none)$'", "absent has a named group"),
        ("'^door {number} '", "'(?i)^door {number} '", "expect is no regular expression"),
        ('BA = "alarm"', 'BA = "burglary"', "map class 'burglary' is not known"),
        ('role = "event_oldest"', 'role = "clock"', "the log has no event_oldest"),
        ("(?P<month>\\d\\d)-", "", "expect has no group month"),
    ],
)
def test_a_profile_whose_log_or_clock_could_be_misread_is_refused(old: str, new: str, mistake: str) -> None:
    assert old in PROFILE
    with pytest.raises(UsageError) as found:
        read_profile("line-doors", PROFILE.replace(old, new))
    assert mistake in str(found.value)


def test_a_card_over_modbus_needs_a_register() -> None:
    with pytest.raises(UsageError, match="present_card writes the credential's number"):
        read_profile("modbus-cards", MODBUS_INJECTOR.replace("holding", "coil"))
