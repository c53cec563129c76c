# SPDX-License-Identifier: Apache-2.0
"""What an answer and a repetition prove: an ACK has to be trusted, a clock followed, a repetition caused.

Sender and receiver here are written after SIA DC-09 with another cipher library, not with our codec.
"""

from __future__ import annotations

import binascii
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.support.patience import HUNG_S
from tests.unit.test_dc09_unread import Notes
from yanshou.acquisition.centre import Account, Centre, CentreAnswer
from yanshou.drivers.alarm_link.dialler import Dialler
from yanshou.drivers.alarm_link.receiver import CentreLink
from yanshou.equipment.reporting import Reporting
from yanshou.model import Device, DeviceKind

KEY, OTHER_KEY = bytes(range(16)), bytes(range(1, 17))


def crc(body: bytes) -> int:
    """CRC-16 with the polynomial A001, as the annex of the standard computes it."""
    value = 0
    for byte in body:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value


def framed(body: bytes) -> bytes:
    return b"\n%04X0%03X%b\r" % (crc(body), len(body), body)


def stamp_of(moment: float) -> bytes:
    return datetime.fromtimestamp(moment, UTC).strftime("_%H:%M:%S,%m-%d-%Y").encode()


def hidden(content: bytes, key: bytes) -> bytes:
    """Padding, a bar, the content, as one text of AES in hexadecimal."""
    padding = b"p" * (16 + -(len(content) + 1) % 16)
    cipher = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    return binascii.hexlify(cipher.update(padding + b"|" + content) + cipher.finalize()).upper()


def answering(answer: Callable[[bytes], bytes]) -> Dialler:
    """A sender to a receiver that answers each message by ``answer`` of its sequence number."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            line, _ = server.accept()
            with line:
                found = re.search(rb'"(\d{4})', line.recv(4096))
                assert found is not None
                line.sendall(framed(answer(found[1])))

    threading.Thread(target=serve, daemon=True).start()
    return Dialler(server.getsockname(), "1001", KEY, timeout_s=HUNG_S)


@pytest.mark.parametrize(
    ("form", "key", "word"),
    [
        (b'"*ACK"%bL0#1001[%b', KEY, "ACK"),
        (b'"*ACK"%bNoneL0#1001[%b', KEY, "ACK"),
        (b'"*ACK"%bL0#1001[%b', OTHER_KEY, "ACK 不能解密"),
        (b'"*ACK"%bNoneL0#1001[%b', OTHER_KEY, "ACK 不能解密"),
        (b'"ACK"%bL0#1001[]', b"", "ACK 明文"),
        (b'"ACK"%bNoneL0#1001[]', b"", "ACK 明文"),
    ],
)
def test_an_encrypted_message_is_acknowledged_by_its_own_key_alone(
    form: bytes, key: bytes, word: str
) -> None:
    """Anybody on the way could send an ACK in clear: a panel would drop an alarm that never arrived."""

    def answer(number: bytes) -> bytes:
        return form % ((number, hidden(b"]" + stamp_of(time.time()), key)) if key else number)

    found = answering(answer).report()
    assert (found.acknowledged, found.word) == (word == "ACK", word)


def test_a_receiver_that_takes_its_time_is_not_silent() -> None:
    """It may have to ask the computer behind it first; 20 s are waited for, by decision of the laboratory."""

    def answer(number: bytes) -> bytes:
        time.sleep(3.5)
        return b'"*ACK"%bL0#1001[%b' % (number, hidden(b"]" + stamp_of(time.time()), KEY))

    slow = answering(answer)
    assert Dialler(slow._address, "1001", KEY).report().acknowledged


class OwnPanel:
    """Sends one event over one line, and sends it again by ``again`` of the answer, until it is taken."""

    def __init__(self, centre: Centre, *, sets_its_clock: bool) -> None:
        self.line = socket.create_connection(("127.0.0.1", centre.ports[0]), timeout=HUNG_S)
        self.sets_its_clock = sets_its_clock
        self.ahead_s = 0.0

    def send(self, number: int, event: bytes) -> bytes:
        """The answer's token."""
        data = b"#1001|" + event + b"]" + stamp_of(time.time() + self.ahead_s)
        self.line.sendall(framed(b'"*ADM-CID"%04dL0#1001[%b' % (number, hidden(data, KEY))))
        answer = b""
        while not answer.endswith(b"\r"):
            answer += self.line.recv(400)
        if (time_of := re.search(rb'"NAK".*_(.{19})\r', answer)) and self.sets_its_clock:
            there = datetime.strptime(time_of[1].decode(), "%H:%M:%S,%m-%d-%Y").replace(tzinfo=UTC)
            self.ahead_s = there.timestamp() - time.time()
        found = re.search(rb'"\*?([A-Z]+)"', answer)
        assert found is not None
        return found[1]


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    with Centre([("127.0.0.1", 0), ("127.0.0.1", 0)], [Account("LINK-1", "1001", KEY)], ordinary=True) as one:
        yield one


@pytest.fixture
def reporting(centre: Centre) -> Reporting:
    class Kept(Notes):
        def stimulus(self, *_: object) -> None:
            """Nothing here is a contact."""

    device = Device("LINK-1", DeviceKind.ALARM_LINK, "S", "", "")
    return Reporting(device, CentreLink(device, centre, [1, 2]), cast("Any", Kept()), patience=HUNG_S)


@pytest.mark.parametrize("follows", [True, False])
def test_the_clock_of_a_panel_is_moved_to_see_it_follow(
    centre: Centre, reporting: Reporting, follows: bool
) -> None:
    panel, begun = OwnPanel(centre, sets_its_clock=follows), 10 if follows else 20
    with panel.line:
        answers = [panel.send(begun, b"1401 01 001")]
        with reporting.clock_ahead(300.0):
            answers += [panel.send(begun + 1, b"3401 01 001") for _ in range(2)]
        answers += [panel.send(begun + 2, b"1401 01 001") for _ in range(2)]
    right = [b"ACK", b"NAK", b"ACK", b"NAK", b"ACK"]
    assert answers == (right if follows else [b"ACK", b"NAK", b"NAK", b"ACK", b"ACK"])


@pytest.mark.parametrize("path", [0, 1])
def test_a_message_that_comes_again_though_acknowledged_is_told(
    centre: Centre, reporting: Reporting, path: int
) -> None:
    """Sent twice over one line, or over both paths at once."""
    number, mark = 31 + path, centre.mark()
    body = b'"*ADM-CID"%04dL0#1001[%b' % (
        number,
        hidden(b"#1001|1401 01 002]" + stamp_of(time.time()), KEY),
    )
    with socket.create_connection(("127.0.0.1", centre.ports[0]), timeout=HUNG_S) as one:
        one.sendall(framed(body))
        sent = reporting.wait_sent(answered=CentreAnswer.ACK, after=mark)
        assert sent is not None
        assert not reporting.comes_again(sent, 0.2)
        with socket.create_connection(("127.0.0.1", centre.ports[path]), timeout=HUNG_S) as other:
            other.sendall(framed(body))
            assert reporting.comes_again(sent, HUNG_S)
