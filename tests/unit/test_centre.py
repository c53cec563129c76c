# SPDX-License-Identifier: Apache-2.0
"""The receiving centre: answers by the rules and by a test's policy, stamps, supervision, and bad input."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest

from tests.support.patience import HUNG_S
from yanshou.acquisition.centre import Account, Centre, CentreAnswer, ReceivedMessage
from yanshou.acquisition.centre.ports import CentreConnection
from yanshou.acquisition.centre.rules import Rulebook
from yanshou.acquisition.centre.supervision import Supervision
from yanshou.model import Instant, RigFault, now
from yanshou.protocols import dc09
from yanshou.protocols.dc09 import Dc09Token, Header

_KEY = bytes(range(16))
_PLAIN, _SECRET = Account("LINK-1", "1001"), Account("LINK-2", "00A2", _KEY)
_SOON = 2.0


@pytest.fixture(scope="module")
def shared() -> Iterator[Centre]:
    with Centre([("127.0.0.1", 0), ("127.0.0.1", 0)], [_PLAIN, _SECRET], ordinary=True) as opened:
        yield opened


@pytest.fixture
def centre(shared: Centre) -> Iterator[Centre]:
    yield shared
    for account in (_PLAIN, _SECRET):
        shared.answer(account.device, None)
        shared.supervise(account.device, None)


class Sender:
    """A panel as plain as can be: one connection, and what comes back on it."""

    def __init__(self, centre: Centre, path: int = 1) -> None:
        self.socket = socket.create_connection(("127.0.0.1", centre.ports[path - 1]))
        self.socket.settimeout(_SOON)
        self._framer = dc09.Framer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.socket.sendall(piece)
            time.sleep(0.01 if len(pieces) > 1 else 0)

    def answers(self, count: int = 1) -> list[dc09.Dc09Message]:
        found: list[dc09.Dc09Message] = []
        while len(found) < count:
            data = self.socket.recv(4096)
            assert data, "the receiver hung up"
            found += [dc09.read_message(frame.body, _KEY) for frame in self._framer.feed(data, Instant(0, 0))]
        return found

    def token(self) -> str:
        return self.answers()[0].header.token

    def silent(self, seconds: float = 0.2) -> bool:
        self.socket.settimeout(seconds)
        try:
            return not self.socket.recv(1)
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(_SOON)


def _plain(sequence: int = 1, zone: int = 7, code: str = "1130") -> bytes:
    return dc09.compose(Header(Dc09Token.CID, sequence, "1001"), f"#1001|{code} 01 {zone:03d}".encode())


def _secret(sequence: int = 1, zone: int = 7, *, late_s: float = 0.0, key: bytes = _KEY) -> bytes:
    stamp = datetime.now(UTC) - timedelta(seconds=late_s)
    header = Header(Dc09Token.CID, sequence, "00A2", encrypted=True, receiver="1", prefix="2")
    return dc09.compose(header, f"#00A2|1130 01 {zone:03d}".encode(), key=key, stamp=stamp)


def _last(centre: Centre, after: int) -> ReceivedMessage:
    return centre.received(after)[-1]


def test_an_event_in_clear_and_one_encrypted(centre: Centre) -> None:
    after = centre.mark()
    with Sender(centre) as sender:
        sender.send(_plain())
        sender.send(_secret())
        first, second = sender.answers(2)
    assert first.header == Header("ACK", 1, "1001", prefix="0")
    assert second.header == Header("ACK", 1, "00A2", encrypted=True, receiver="1", prefix="2")
    one, other = centre.received(after)
    assert (one.kind, one.account, one.event_class, one.qualifier, one.zone) == (
        "message",
        "LINK-1",
        "alarm",
        "new",
        7,
    )
    assert (other.account, other.encrypted, other.skew_s is not None) == ("LINK-2", True, True)


def test_split_and_joined_segments(centre: Centre) -> None:
    after = centre.mark()
    with Sender(centre) as sender:
        whole = b"".join(_plain(number) for number in range(1, 6))
        sender.send(*(whole[at : at + 11] for at in range(0, len(whole), 11)))
        assert [answer.header.sequence for answer in sender.answers(5)] == [1, 2, 3, 4, 5]
    assert [one.sequence for one in centre.received(after)] == [1, 2, 3, 4, 5]


def test_udp(centre: Centre) -> None:
    after = centre.mark()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.settimeout(_SOON)
        sender.sendto(_plain(3), ("127.0.0.1", centre.ports[1]))
        answer = dc09.read_message(sender.recv(4096)[9:-1])
    assert answer.header.token == "ACK"
    assert (_last(centre, after).transport, _last(centre, after).path) == ("udp", 2)


def test_a_wrong_crc_gets_no_answer(centre: Centre) -> None:
    after = centre.mark()
    with Sender(centre) as sender:
        sender.send(b"\n0000" + _plain()[5:])
        assert sender.silent()
    assert (_last(centre, after).kind, _last(centre, after).reason) == ("refused", "wrong CRC")


@pytest.mark.parametrize(
    ("frame", "token"),
    [
        (dc09.compose(Header(Dc09Token.CID, 1, "BEEF"), b"#BEEF|1130 01 001"), "NAK"),
        (_secret(key=bytes(16)), "NAK"),
        (dc09.compose(Header(Dc09Token.CID, 1, "00A2"), b"#00A2|1130 01 001"), "NAK"),
        (dc09.compose(Header("XYZ", 1, "1001"), b"1"), "DUH"),
        (dc09.compose(Header(Dc09Token.CID, 1, "1001"), b"#1001|nonsense"), "DUH"),
        (dc09.frame_of(b'"no header at all'), "DUH"),
        (dc09.frame_of(b'"*ADM-CID"0001L0#00A2[no hex at all'), "NAK"),
    ],
)
def test_what_is_refused_how(centre: Centre, frame: bytes, token: str) -> None:
    after = centre.mark()
    with Sender(centre) as sender:
        sender.send(frame)
        (answer,) = sender.answers()
    assert answer.header.token == token
    assert not answer.header.encrypted
    if token == "NAK":
        assert answer.stamp is not None
        assert abs((answer.stamp - datetime.now(UTC)).total_seconds()) < 3.0
    assert _last(centre, after).kind == "refused"


@pytest.mark.parametrize(("late", "token"), [(41.5, "NAK"), (38.5, "ACK"), (-18.5, "ACK"), (-22.0, "NAK")])
def test_the_time_window_of_encrypted_messages(centre: Centre, late: float, token: str) -> None:
    with Sender(centre) as sender:
        sender.send(_secret(late_s=late))
        assert sender.token() == token


def test_a_repeated_message_is_acknowledged_and_no_new_event(centre: Centre) -> None:
    after = centre.mark()
    replayed = _secret(20)
    with Sender(centre) as sender:
        for frame in (replayed, replayed, _secret(21), replayed, _secret(23)):
            sender.send(frame)
        assert [one.header.token for one in sender.answers(5)] == ["ACK"] * 5
    assert [one.repeated for one in centre.received(after)] == [False, True, False, True, False]


def test_a_gap_in_the_sequence_is_noted() -> None:
    rules = Rulebook([_PLAIN])
    seen = []
    for at, sequence in enumerate((9998, 9999, 1, 2, 4)):
        body = _plain(sequence)[9:-1]
        frame = dc09.Dc09Frame(body, Instant(at, at), Instant(at, at), crc_right=True)
        seen.append(rules.rule(frame, datetime.now(UTC), float(at)).out_of_sequence)
    assert seen == [False, False, False, False, True]


def test_the_policy_of_a_test_replaces_the_ack(centre: Centre) -> None:
    after = centre.mark()
    with Sender(centre) as sender:
        centre.answer("LINK-1", CentreAnswer.NAK, count=1)
        sender.send(_plain(31))
        assert sender.token() == "NAK"
        sender.send(_plain(31))
        assert sender.token() == "ACK"
        centre.answer("LINK-1", CentreAnswer.DUH)
        sender.send(_plain(32))
        assert sender.token() == "DUH"
        centre.answer("LINK-1", CentreAnswer.NONE)
        sender.send(_plain(33))
        assert sender.silent()
        centre.answer("LINK-1", CentreAnswer.ACK, delay_s=0.3)
        sender.send(_plain(34))
        assert sender.token() == "ACK"
    entries = centre.received(after)
    assert [one.answer for one in entries] == ["nak", "ack", "duh", "none", "ack"]
    assert [one.repeated for one in entries] == [False, True, False, False, False]
    delayed = entries[-1]
    assert delayed.answered is not None
    assert delayed.answered.earliest - delayed.complete.latest >= 0.29


def test_link_tests_may_be_left_alone_and_one_path_blocked(centre: Centre) -> None:
    poll = dc09.compose(Header(Dc09Token.NULL, 0, "1001"))
    centre.answer("LINK-1", CentreAnswer.NONE, events_only=True)
    with Sender(centre) as sender:
        sender.send(poll)
        assert sender.token() == "ACK"
    centre.answer("LINK-1", CentreAnswer.NONE, paths=[1])
    with Sender(centre, 1) as one, Sender(centre, 2) as two:
        one.send(poll)
        two.send(poll)
        assert two.token() == "ACK"
        assert one.silent()


def test_supervision_tells_the_loss_and_the_return(centre: Centre) -> None:
    after = centre.mark()
    poll = dc09.compose(Header(Dc09Token.NULL, 0, "1001"))
    with Sender(centre) as sender:
        centre.supervise("LINK-1", 0.4)
        begun = now()
        for _ in range(4):
            sender.send(poll)
            time.sleep(0.2)
        lost = centre.wait(after, {"kind": "lost"}, until=now() + _SOON)
        assert lost is not None
        assert 0.6 + 0.4 - 0.05 <= lost.first.earliest - begun <= 0.8 + 0.4 + 0.05
        assert centre.wait(lost.number, {"kind": "back"}, until=now() + 0.1) is None
        sender.send(poll)
        back = centre.wait(lost.number, {"kind": "back"}, until=now() + _SOON)
        assert back is not None
    kinds = [one.kind for one in centre.received(after, {"kind": ["lost", "back"]})]
    assert kinds == ["lost", "back"]


def test_time_in_which_the_receiver_did_not_run_is_nobody_s_loss() -> None:
    supervision = Supervision()
    supervision.supervise("A", 30.0, (1, 2), 0.0)
    supervision.forgive(100.0)
    assert not list(supervision.check(129.0))
    assert [(one.path, one.lost) for one in supervision.check(130.5)] == [(1, True), (2, True)]
    assert not list(supervision.check(200.0))
    assert [one.lost for one in supervision.heard("A", 2, 201.0)] == [False]


def test_the_arrival_lies_in_its_bracket_while_the_test_is_busy(centre: Centre) -> None:
    """A thread that computes beside the sender must not touch the stamps: they are another process's."""
    after, done = centre.mark(), threading.Event()

    def burn() -> None:
        while not done.is_set():
            sum(range(2000))

    burner = threading.Thread(target=burn)
    burner.start()
    sent = []
    try:
        with Sender(centre) as sender:
            for number in range(60):
                frame = _plain(100 + number)
                before = now()
                sender.socket.sendall(frame)
                sent.append((before, now()))
                time.sleep(random.uniform(0.001, 0.008))
            sender.answers(60)
    finally:
        done.set()
        burner.join()
    entries = centre.received(after)
    assert len(entries) == 60
    for (before, behind), entry in zip(sent, entries, strict=True):
        assert entry.first.earliest <= behind
        assert entry.first.latest >= before
        assert entry.first.latest <= entry.complete.latest


@pytest.mark.skipif(sys.platform != "linux", reason="acknowledges at once where the system can be told to")
def test_what_nobody_answers_holds_back_no_message_of_a_sender_that_gathers_small_ones(
    centre: Centre,
) -> None:
    after, sent = centre.mark(), []
    with Sender(centre) as sender:
        for number in range(60):
            if number == 30:  # a system waits with acknowledgements where it was answered before
                centre.answer(_PLAIN.device, CentreAnswer.NONE)
            sender.socket.sendall(_plain(100 + number))
            sent.append(now())
            time.sleep(0.003)
        time.sleep(0.2)
        entries = centre.received(after)
    assert len(entries) == 60
    assert all(entry.first.earliest <= behind for behind, entry in zip(sent, entries, strict=True))


class HeldTransport:
    """Stands for a connection's transport."""

    def __init__(self, line: socket.socket) -> None:
        self._known: dict[str, object] = {"socket": line, "peername": ("127.0.0.1", 9)}

    def get_extra_info(self, name: str) -> object:
        return self._known[name]

    def is_closing(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("read_at", "next_at", "earliest"),
    [(20.03, 20.032, 20.0), (20.03, 20.2, 20.199), (20.004, 20.006, 20.005)],
    ids=["late, and what it held back", "late, and nothing held back", "in time"],
)
def test_what_waited_for_a_late_acknowledgement_may_have_come_since_then(
    read_at: float, next_at: float, earliest: float
) -> None:
    """A sender's system keeps a small message back until the last one is acknowledged."""
    looked = iter([Instant(20.0, read_at), Instant(next_at - 0.001, next_at)])
    selector: Any = SimpleNamespace(opened=lambda: 0.0, polls=0, arrived=lambda: next(looked))
    frames: list[dc09.Dc09Frame] = []
    with socket.socket() as line:
        connection = CentreConnection(
            1, selector, lambda frame, _: frames.append(frame), lambda *_: None, set()
        )
        connection.connection_made(cast("asyncio.Transport", HeldTransport(line)))
        selector.polls = 9
        connection.data_received(_plain(71))
        connection.data_received(_plain(72))
    assert [one.first.latest for one in frames] == [read_at, next_at]
    assert frames[0].first.earliest == 20.0
    assert frames[1].first.earliest == pytest.approx(earliest)


def test_a_connection_that_was_idle_does_not_widen_the_bracket(centre: Centre) -> None:
    """Only what the first look at a new connection finds may have come since it was opened."""
    after = centre.mark()
    with Sender(centre) as sender:
        time.sleep(0.5)
        before = now()
        sender.send(_plain(61))
        sender.answers()
        behind = now()
    (entry,) = centre.received(after)
    assert before - 0.25 < entry.first.earliest <= entry.first.latest <= behind


def test_noise_floods_and_long_lines_lose_no_event(centre: Centre) -> None:
    source = random.Random(9)
    after = centre.mark()
    with Sender(centre) as sender:
        for number in range(1, 41):
            noise = source.randbytes(source.randint(0, 400))
            sender.send(noise + source.choice((b"", b'\n12340FFF"', b"\n", b"\r")) + _plain(number))
        sender.send(b"x" * 1_000_000 + _plain(41))
        sender.answers(41)
    good = [one for one in centre.received(after) if one.kind == "message"]
    assert [one.sequence for one in good] == list(range(1, 42))


def test_mutated_frames_neither_break_nor_hang_it(centre: Centre) -> None:
    source = random.Random(11)
    with Sender(centre) as sender:
        for _ in range(150):
            frame = bytearray(source.choice((_plain, _secret))())
            for _ in range(source.randint(1, 4)):
                frame[source.randrange(len(frame))] = source.randrange(256)
            sender.send(bytes(frame))
        for length in range(60):
            sender.send(dc09.frame_of(b'"' + source.randbytes(length)))
        with contextlib.suppress(TimeoutError):
            while True:
                sender.socket.settimeout(0.2)
                sender.socket.recv(65536)
    with Sender(centre) as sender:
        sender.send(_plain(77))
        assert sender.answers()[0].header.sequence == 77


def test_an_address_that_is_taken_is_told(centre: Centre) -> None:
    with pytest.raises(RigFault, match="cannot listen"):
        Centre([("127.0.0.1", centre.ports[0])], [_PLAIN], ordinary=True)


def test_each_event_of_a_message_has_an_entry() -> None:
    """A panel that reports its neighbour in the same message would else seem to show its own zone alone."""
    with Centre([("127.0.0.1", 0)], [Account("LINK-1", "1001")], ordinary=True) as centre:
        after = centre.mark()
        with socket.create_connection(("127.0.0.1", centre.ports[0])) as link:
            link.sendall(dc09.frame_of(b'"SIA-DCS"0007L0#1001[#1001|Nri1/BA012/BA013]'))
            link.settimeout(HUNG_S)
            link.recv(200)
        came = centre.received(after)
    assert [(one.zone, one.sequence, one.event_class) for one in came] == [(12, 7, "alarm"), (13, 7, "alarm")]
