# SPDX-License-Identifier: Apache-2.0
"""Lines that give back what is sent, and devices that say in plain text why they will not serve."""

from __future__ import annotations

import os
import random
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.field_bus import RtuSlave
from yanshou.acquisition import Acquisition, Area, Bus
from yanshou.drivers.profile import load_profile
from yanshou.model import RigFault
from yanshou.protocols.serial_line import LineEcho, plain_text
from yanshou.protocols.speech import Secrets

TURN_S = 0.03


class EchoingLine(RtuSlave):
    """A line whose adapter echoes; the device answers each line by ``reply`` a little later."""

    reply: Callable[[bytes], bytes] = staticmethod(lambda _: b"OK")
    supply = True

    def _run(self) -> None:
        pending = b""
        while not self._ended:
            if select.select([self._master], [], [], 0.05)[0]:
                data = os.read(self._master, 256)
                os.write(self._master, data)
                *lines, pending = (pending + data).split(b"\r\n")
                for line in lines:
                    time.sleep(TURN_S)
                    if self.supply:
                        os.write(self._master, type(self).reply(line) + b"\r\n")


@pytest.fixture
def acquisition() -> Iterator[Acquisition]:
    with Acquisition(ordinary=True) as opened:
        yield opened


@pytest.mark.parametrize("expect", ["^OK$", "^(OK|CARD)"])
def test_an_injector_behind_an_echo_is_believed_by_its_own_word(
    acquisition: Acquisition, expect: str
) -> None:
    with EchoingLine() as line:
        bus = Bus("serial-line", path=line.path)
        for number in range(3):
            instant, answer = acquisition.send_line(bus, f"CARD {number} AB", expect, 1.0)
            assert answer == "OK"
            assert instant.latest - instant.earliest >= TURN_S
        line.supply = False
        with pytest.raises(RigFault, match="only came back; whether it was carried out is not known"):
            acquisition.send_line(bus, "CARD 9 AB", expect, 0.3)


def test_a_panel_behind_an_echo_is_read_by_its_answers(acquisition: Acquisition) -> None:
    """What asks for a zone of this panel begins like its answer, so the echo fits what is expected."""
    speech = load_profile("paradox-prt3", Path()).speech
    assert speech is not None

    class Panel(EchoingLine):
        reply = staticmethod(lambda line: line + b"CAOOO")

    with Panel() as panel:
        bus = Bus("serial-line", path=panel.path)
        conversation = acquisition.converse(bus, replace(speech, eol="\r\n"), Secrets())
        conversation.follow([("zone_alarm", 1)])
        assert conversation.values([("zone_alarm", 1)]).values == (1,)
        panel.supply = False
        with pytest.raises(RigFault, match="what was sent only came back"):
            conversation.values([("zone_alarm", 1)])


def test_what_comes_back_is_an_echo_until_something_else_answers() -> None:
    echo = LineEcho()
    echo.sent("A")
    assert echo.holds("A")
    echo.answered("A", "OK")
    echo.sent("B")
    assert echo.holds("B")
    assert not echo.holds("B")  # one copy is known: this is the device
    quiet = LineEcho()
    quiet.sent("A")
    quiet.answered("A", "OK")
    quiet.sent("B")
    assert not quiet.holds("B")


@contextmanager
def refusing(expected: bytes, *, after_s: float = 0.1, asked: bool = False) -> Iterator[int]:
    """A device that says something and hangs up, at once or when it is asked."""

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                if asked:
                    line.recv(100)
                line.sendall(expected)
                time.sleep(after_s)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


SAID = [
    (b"\x10Busy!\r\n", "Busy!"),
    ("系统忙，请稍后".encode("gbk") + b"\r\n", "系统忙"),
    (b"HTTP/1.1 503 Service Unavailable\r\nServer: x\r\n\r\n", "503 Service"),
    (b"Too many connections, max 1 client allowed on this port\r\n", "Too many connections"),
]


@pytest.mark.parametrize(("expected", "shown"), SAID)
@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("name", ["satel-integra", "dsc-tpi", "paradox-prt3"])
def test_what_a_device_says_before_it_hangs_up_is_shown(
    acquisition: Acquisition, expected: bytes, shown: str, asked: bool, name: str
) -> None:
    profile = load_profile(name, Path())
    assert profile.speech is not None
    role = next(point.role for point in profile.points)
    with refusing(expected, asked=asked and name != "dsc-tpi") as port:
        bus = Bus("satel" if name.startswith("satel") else "tcp-line", host="127.0.0.1", port=port)
        conversation = acquisition.converse(bus, profile.speech, Secrets("secret", "1234"))
        with pytest.raises(RigFault, match=shown) as fault:
            conversation.follow([(role, 1)])
    assert "end the other client" in fault.value.remedy
    assert "secret" not in str(fault.value)


@pytest.mark.parametrize("asked", [False, True])
def test_also_by_modbus(acquisition: Acquisition, asked: bool) -> None:
    with refusing(b"Busy! One client only.\r\n", after_s=1.0, asked=asked) as port:
        bus = Bus("modbus-tcp", host="127.0.0.1", port=port, timeout_s=0.3)
        with pytest.raises(RigFault, match="Busy! One client only") as fault:
            acquisition.read(bus, 1, Area.COIL, 0)
    assert "end the other client" in fault.value.remedy


@pytest.mark.parametrize("data", [b"", b"\x01\x83\x02\xc0\xf1", bytes(range(20)), b"\xfe\xfe\x00\x80"])
def test_bytes_are_no_words(data: bytes) -> None:
    assert plain_text(data) == ""


def test_noise_is_no_words() -> None:
    """A wrong baud rate gives bytes of any kind, and no advice to do what they say."""
    draw = random.Random(5)
    noise = [draw.randbytes(draw.randint(5, 12)) for _ in range(20_000)]
    assert sum(plain_text(data) != "" for data in noise) < 40


@pytest.mark.parametrize(
    "said", ["Busy!", "BUSY", "error", "ERR\r\n", "NAK 3\r", "系统忙", "忙碌中", "Занято"]
)
def test_short_words_are_words(said: str) -> None:
    for coding in ("utf-8", "gb2312"):
        assert plain_text(said.encode(coding)) == said.strip()


def test_control_and_direction_marks_never_reach_a_terminal() -> None:
    assert plain_text("Busy\x1b[2J\u202eevil now".encode()) == "Busy [2J evil now"
