# SPDX-License-Identifier: Apache-2.0
"""Doors and users of a device that speaks lines, played by a small server of its own."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from yanshou.acquisition import Acquisition
from yanshou.drivers.field.bench import Bench
from yanshou.model import Instant, UsageError, now
from yanshou.model.signal import DoorSignal
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

SITE = """
[site]
id = "lines"
name = "lines"
time_zone = "Asia/Shanghai"
rig = "emulated"

[device.ACS-1]
profile = "line-doors.toml"
connection = {{ protocol = "tcp-line", host = "127.0.0.1", port = {port} }}
"""

INVENTORY = """\
id,kind,system,name,parent,number
ACS-1,door_controller,access_control,controller,,1
D01,door,access_control,one,ACS-1,1
D02,door,access_control,two,ACS-1,2
"""


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
            if text.endswith("?"):
                answer = f"door {number} {'forced' if number in self.server.forced else 'closed'}"
            else:
                self.server.said.append(text)
                answer = "done"
            self.wfile.write(f"{answer}\n".encode("ascii"))


@pytest.fixture
def controller() -> Iterator[Controller]:
    with Controller() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def bench(controller: Controller, tmp_path: Path) -> Iterator[Bench]:

    (tmp_path / "line-doors.toml").write_text(PROFILE, encoding="utf-8")
    port = controller.server_address[1]
    (tmp_path / "site.toml").write_text(SITE.format(port=port), encoding="utf-8")
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
