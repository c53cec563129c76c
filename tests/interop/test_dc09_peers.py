# SPDX-License-Identifier: Apache-2.0
"""DC-09 against implementations that nobody here wrote: pysiaalarm, dc09-spt, siadc09.

pysiaalarm (a receiver) takes the characters of a key for its bytes, knows no DUH, and loses a frame that is
split over two segments: its answers are read with that in mind.  dc09-spt (a dialler) can do plain only.
siadc09 is the codec our receiver stands on; here it judges the emulation's codec, which does not.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from siadc09.message import parse_frame

from tests.support.ports import free_port
from yanshou.acquisition.centre import Account, Centre
from yanshou.drivers.alarm_link.dialler import Dialler
from yanshou.emulation.dc09 import codec
from yanshou.model import now
from yanshou.protocols import dc09
from yanshou.protocols.dc09 import Dc09Token, EventClass, Header, Qualifier

pysiaalarm = pytest.importorskip("pysiaalarm")
_KEY = b"0123456789ABCDEF"
_FULL = 5.0


@pytest.fixture(scope="module")
def heard() -> Iterator[tuple[int, list[object]]]:
    """A pysiaalarm receiver with one account in clear and one with a key; what it took for events."""
    events: list[object] = []
    port = free_port()
    accounts = [pysiaalarm.SIAAccount("1001"), pysiaalarm.SIAAccount("2002", _KEY.decode())]
    client = pysiaalarm.SIAClient("127.0.0.1", port, accounts, events.append)
    client.start()
    time.sleep(0.2)
    yield port, events
    client.stop()


def _ask(port: int, frame: bytes, key: bytes = b"") -> dc09.Dc09Message | None:
    with socket.create_connection(("127.0.0.1", port), timeout=_FULL) as line:
        line.sendall(frame)
        line.settimeout(1.0)
        try:
            data = line.recv(4096)
        except TimeoutError:
            return None
    try:
        return dc09.read_message(data[9:-1], key)
    except dc09.UnreadableMessage:
        return None


def _frame(
    account: str, data: bytes, *, key: bytes = b"", token: str = Dc09Token.CID, late_s: float = 0.0
) -> bytes:
    header = Header(token, 1, account, encrypted=bool(key), receiver="1", prefix="0")
    stamp = datetime.now(UTC) - timedelta(seconds=late_s)
    return dc09.compose(header, data, key=key, stamp=stamp)


@pytest.mark.parametrize(
    ("token", "data", "code"),
    [
        (Dc09Token.CID, b"|1130 01 015", "BA"),  # it brings Contact ID to SIA codes
        (Dc09Token.CID, b"|3130 01 015", "BH"),
        (Dc09Token.SIA, b"|Nri1/BA015", "BA"),
    ],
)
@pytest.mark.parametrize(("account", "key"), [("1001", b""), ("2002", _KEY)])
def test_pysiaalarm_reads_our_frames(
    heard: tuple[int, list[object]], token: str, data: bytes, code: str, account: str, key: bytes
) -> None:
    port, events = heard
    events.clear()
    answer = _ask(port, _frame(account, f"#{account}".encode() + data, key=key, token=token), key)
    assert answer is not None
    assert answer.header.token == "ACK"
    assert answer.header.encrypted is bool(key)
    end = time.monotonic() + _FULL
    while not events and time.monotonic() < end:
        time.sleep(0.02)
    (event,) = events
    assert event.account == account  # type: ignore[attr-defined]
    assert event.code == code  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("late", "tokens"), [(41.5, {"NAK", ""}), (38.0, {"ACK"}), (-18.0, {"ACK"}), (-22.5, {"NAK", ""})]
)
def test_pysiaalarm_keeps_the_time_window_we_keep(
    heard: tuple[int, list[object]], late: float, tokens: set[str]
) -> None:
    answer = _ask(heard[0], _frame("2002", b"#2002|1602 00 000", key=_KEY, late_s=late), _KEY)
    assert (answer.header.token if answer else "") in tokens


def test_pysiaalarm_drops_a_frame_with_a_wrong_crc(heard: tuple[int, list[object]]) -> None:
    frame = _frame("1001", b"#1001|1130 01 001")
    answer = _ask(heard[0], frame[:1] + b"0000" + frame[5:])
    assert answer is None or answer.header.token != "ACK"


def test_our_dialler_finds_its_way_with_pysiaalarm(heard: tuple[int, list[object]]) -> None:
    dialler = Dialler(("127.0.0.1", heard[0]), "2002", _KEY)
    assert dialler.report().acknowledged
    assert dialler.report(age_s=39.0).acknowledged
    assert not dialler.report(age_s=41.0).acknowledged
    assert dialler.link_test().acknowledged


def test_dc09_spt_reports_to_our_receiver() -> None:
    spt = pytest.importorskip("dc09_spt.dc09_spt")
    account = Account("LINK-1", "4242")
    with Centre([("127.0.0.1", 0)], [account], ordinary=True) as centre:
        sender = spt.dc09_spt("4242", line=0)
        sender.set_path("main", "primary", "127.0.0.1", centre.ports[0], account="4242")
        after = centre.mark()
        for zone in (3, 4):
            sender.send_msg("ADM-CID", {"code": 130, "q": 1, "area": 1, "zone": zone})
        until = now() + _FULL
        first = centre.wait(after, {"zone": 3}, until=until)
        second = centre.wait(after, {"zone": 4}, until=until)
        assert first is not None
        assert second is not None
        assert (first.event_class, first.qualifier, first.answer) == ("alarm", "new", "ack")


def test_siadc09_reads_what_the_emulation_writes() -> None:
    at = datetime(2026, 11, 24, 5, 6, 7, tzinfo=UTC)
    for key in (b"", _KEY, _KEY * 2):
        for word, data in (("ADM-CID", "#1001|3144 01 012"), ("NULL", ""), ("SIA-DCS", "#1001|Nri1/TA012")):
            line = codec.write(word, 17, "1001", data, key=key, at=at)
            read = parse_frame(line, key or None)
            assert (read.idtoken, read.seq, read.timestamp) == (word, 17, at)
            ours = dc09.read_message(line[9:-1], key)
            assert ours.data.decode() == data
            assert ours.stamp == at


def test_the_emulation_reads_what_we_answer() -> None:
    at = datetime(2026, 11, 24, 5, 6, 7, tzinfo=UTC)
    header = Header(Dc09Token.CID, 9, "1001", encrypted=True)
    line, rest = codec.read(dc09.acknowledge(header, _KEY, at) + dc09.refuse(at), _KEY)
    assert line is not None
    assert (line.word, line.sequence, line.time, line.crc_right) == ("ACK", 9, at, True)
    refused, rest = codec.read(rest, _KEY)
    assert refused is not None
    assert (refused.word, refused.time, rest) == ("NAK", at, b"")


def test_both_codecs_name_an_event_alike() -> None:
    line = codec.write("ADM-CID", 1, "1001", "#1001|3130 01 012", at=datetime.now(UTC))
    event = dc09.read_message(line[9:-1]).event
    assert event is not None
    assert (event.event_class, event.qualifier, event.zone) == (EventClass.ALARM, Qualifier.RESTORED, 12)
