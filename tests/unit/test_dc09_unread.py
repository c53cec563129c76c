# SPDX-License-Identifier: Apache-2.0
"""What our DC-09 receiver could not read never counts against a panel: it is kept and told."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support.patience import HUNG_S
from yanshou.acquisition.centre import Account, Centre, CentreAnswer, ReceivedMessage
from yanshou.drivers.alarm_link.dialler import Dialler
from yanshou.drivers.alarm_link.receiver import CentreLink
from yanshou.equipment.reporting import Reporting
from yanshou.model import Device, DeviceKind, Instant, RigFault, now
from yanshou.protocols.dc09 import Framer, crc_of, frame_of, read_message

BODY = b'"ADM-CID"0003L0#1001[#1001|1130 01 012]'
MOMENT = Instant(1.0, 1.0)
UNANSWERED_S = 0.2


class Notes:
    """Stands for the journal of an item: keeps what was observed."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, object]] = []

    def observation(self, what: str, _via: str, _instant: Instant | None, value: object = None) -> None:
        self.seen.append((what, value))


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    accounts = [Account("LINK-1", "1001"), Account("LINK-2", "1002")]
    with Centre([("127.0.0.1", 0)], accounts, ordinary=True) as opened:
        yield opened


@pytest.fixture
def reporting(centre: Centre) -> Reporting:
    device = Device("LINK-1", DeviceKind.ALARM_LINK, "S", "", "")
    made = Reporting(device, CentreLink(device, centre, [1]), cast("Any", Notes()), patience=0.6)
    settle(centre)
    made.begin()
    return made


def settle(centre: Centre) -> None:
    """Until all that an earlier test sent was told: on a busy machine a closed line is noticed late."""
    reported = -1
    while reported != (reported := len(centre.received(0)) + len(centre.unread("LINK-1", 0))):
        time.sleep(0.4)


def send(centre: Centre, *frames: bytes, stay_s: float = HUNG_S) -> bytes:
    """The first answer; what may get none is waited for ``UNANSWERED_S``."""
    with socket.create_connection(("127.0.0.1", centre.ports[0])) as line:
        for frame in frames:
            line.sendall(frame)
        line.settimeout(stay_s)
        try:
            return line.recv(200)
        except TimeoutError:
            return b""


def last(centre: Centre, after: int) -> ReceivedMessage:
    return centre.received(after)[-1]


@pytest.mark.parametrize(
    "text",
    [
        b"Lobby",
        "大厅东门".encode(),
        "大厅东门".encode("gbk"),
        "Küche".encode("latin-1"),
        b"[east]",
        "廬".encode("gbk"),
    ],
)
@pytest.mark.parametrize("tail", [b"]", b"][X12^a]b^]_12:00:00,11-29-2026"])
def test_a_zone_bears_its_name_in_any_coding(centre: Centre, text: bytes, tail: bytes) -> None:
    after = centre.mark()
    number = sum(text + tail) % 9999
    answer = send(centre, frame_of(b'"SIA-DCS"%04dL0#1001[#1001|Nri1/BA012^%b^%b' % (number, text, tail)))
    event = last(centre, after)
    assert (event.kind, event.event_class, event.code, event.partition, event.zone) == (
        "message",
        "alarm",
        "BA",
        1,
        12,
    )
    assert b'"ACK"' in answer


@pytest.mark.parametrize("order", ["big", "little"])
def test_a_crc_of_two_bytes_is_read(centre: Centre, order: Any) -> None:
    after = centre.mark()
    body = BODY.replace(b"0003", b"0011" if order == "big" else b"0012")
    send(centre, b"\n" + crc_of(body).to_bytes(2, order) + b"0%03X" % len(body) + body + b"\r")
    assert (last(centre, after).kind, last(centre, after).zone) == ("message", 12)


def framed(body: bytes, *, off: int = 0, line_feed: bytes = b"\n", crc_off: int = 0) -> bytes:
    return line_feed + b"%04X0%03X%b\r" % (crc_of(body) ^ crc_off, len(body) + off, body)


@pytest.mark.parametrize("step", [1, 7, 1000])
@pytest.mark.parametrize(
    ("how", "form"),
    [
        ({"off": -1}, "length 38 announced, 39 sent"),
        ({"off": 1}, "length 40 announced, 39 sent"),
        ({"off": 200}, "length 239 announced, 39 sent"),
        ({"off": -39}, "length 0 announced, 39 sent"),
        ({"line_feed": b""}, "no LF before it"),
        ({"line_feed": b"", "off": 8}, "no LF before it, length 47 announced, 39 sent"),
    ],
)
def test_an_odd_form_that_leaves_no_doubt_is_read_and_told(how: Any, form: str, step: int) -> None:
    good = BODY.replace(b"0003", b"0004")
    stream = framed(BODY, **how) + framed(good) + framed(BODY, **how)
    framer, frames = Framer(), []
    for begin in range(0, len(stream), step):
        frames += framer.feed(stream[begin : begin + step], MOMENT)
    assert [(one.body, one.crc_right, one.odd) for one in frames] == [
        (BODY, True, form),
        (good, True, ""),
        (BODY, True, form),
    ]
    assert framer.noise(ended=True) is None


@pytest.mark.parametrize(
    "data",
    [
        framed(BODY, off=1, crc_off=1),
        framed(BODY, line_feed=b"", crc_off=1),
        framed(b'"?"', off=1),
        framed(b'"?"', line_feed=b""),
        framed(BODY[:20] + b"\r" + BODY[20:], off=1),
        b"x" + framed(BODY, line_feed=b""),
    ],
)
def test_an_odd_form_in_doubt_is_kept_as_bytes(data: bytes) -> None:
    framer = Framer()
    assert [one for one in framer.feed(data, MOMENT) if one.crc_right] == []
    noise = framer.noise(ended=True)
    assert noise is not None
    assert noise.data == data.strip()[:64]


def test_an_odd_message_is_acknowledged_and_its_form_told(centre: Centre, reporting: Reporting) -> None:
    body = BODY.replace(b"0003", b"0017")
    assert b'"ACK"0017' in send(centre, framed(body, off=1))
    found = reporting.wait_sent(answered=CentreAnswer.ACK, after=reporting._after)
    assert found is not None
    assert (found.kind, found.zone, found.form) == ("message", 12, "length 40 announced, 39 sent")
    assert reporting.odd_forms() == ["length 40 announced, 39 sent"]


NEARLY = {
    "length and CRC": framed(BODY, off=-1, crc_off=1),
    "no LF, wrong CRC": framed(BODY, line_feed=b"", crc_off=1),
    "another protocol": b"D#1001\x92",
    "wrong CRC": b"\n00000%03X" % len(BODY) + BODY + b"\r",
    "of another account": frame_of(BODY.replace(b"[#1001", b"[#5678")),
    "unknown account": frame_of(BODY.replace(b"1001", b"7777")),
    "no such event": frame_of(b'"ADM-CID"0021L0#1001[#1001|what is this]'),
    "half a frame": frame_of(BODY)[:20],
}


@pytest.mark.parametrize("name", NEARLY)
def test_a_wait_in_vain_tells_what_could_not_be_read(centre: Centre, reporting: Reporting, name: str) -> None:
    send(centre, NEARLY[name], stay_s=UNANSWERED_S)
    with pytest.raises(RigFault, match="cannot be read") as fault:
        reporting.wait_sent(answered=CentreAnswer.ACK, after=reporting._after)
    assert "127.0.0.1" in fault.value.what
    notes = cast("Any", reporting.item_journal).seen
    assert notes[0][0] == "not readable at the centre"
    assert notes[0][1]["bytes"]


def test_a_frame_that_stays_unfinished_on_an_open_line_is_told(centre: Centre, reporting: Reporting) -> None:
    reporting.patience = 2.0
    sender = threading.Thread(target=send, args=(centre, frame_of(BODY)[:20]), kwargs={"stay_s": 3.0})
    sender.start()
    with pytest.raises(RigFault, match="cannot be read"):
        reporting.wait_sent(answered=CentreAnswer.ACK, after=reporting._after)
    sender.join()


def test_silence_and_what_idles_a_line_stay_a_missing_event(centre: Centre, reporting: Reporting) -> None:
    send(centre, b"\r\n\0\n", stay_s=UNANSWERED_S)
    assert reporting.wait_sent(answered=CentreAnswer.ACK, after=reporting._after) is None


def test_what_is_plainly_from_another_account_hides_no_missing_event(
    centre: Centre, reporting: Reporting
) -> None:
    send(centre, frame_of(b'"ADM-CID"0031L0#1002[#1002|what is this]'))
    assert reporting.wait_sent(answered=CentreAnswer.ACK, after=reporting._after) is None


def test_a_loss_of_supervision_with_unreadable_bytes_is_no_loss(centre: Centre, reporting: Reporting) -> None:
    reporting.inner.supervise(0.2)
    send(centre, NEARLY["another protocol"], stay_s=UNANSWERED_S)
    with pytest.raises(RigFault, match="cannot be read"):
        reporting.wait_any_lost(within=2.0)
    reporting.inner.supervise(None)


def test_the_same_number_with_another_stamp_is_another_event(centre: Centre) -> None:
    begun = datetime.now(UTC)

    def said(number: int, seconds: float) -> bool:
        at = centre.mark()
        stamp = (begun + timedelta(seconds=seconds)).strftime("_%H:%M:%S,%m-%d-%Y")
        send(centre, frame_of(f'"ADM-CID"{number:04d}L0#1001[#1001|1130 01 007]{stamp}'.encode()))
        return last(centre, at).repeated

    asked = [(0, 0), (0, 0), (0, 8), (0, 16), (41, 20), (41, 60), (41, 60)]
    assert [said(*one) for one in asked] == [False, True, False, False, False, False, True]


def test_what_came_over_a_cut_path_is_no_repetition_over_the_other(centre: Centre) -> None:
    """A panel tries its first path, is not answered, and sends the same message over its second."""
    frame = frame_of(b'"ADM-CID"0052L0#1001[#1001|1130 01 007]')
    at = centre.mark()
    centre.answer("LINK-1", CentreAnswer.NONE, paths=[1], cut=True)
    send(centre, frame, stay_s=UNANSWERED_S)
    assert last(centre, at).kind == "cut"
    centre.answer("LINK-1", None)
    at = centre.mark()
    send(centre, frame)
    came = last(centre, at)
    assert (came.kind, came.repeated) == ("message", False)


def test_a_repetition_without_a_stamp_is_no_missing_event(centre: Centre, reporting: Reporting) -> None:
    frame = frame_of(b'"ADM-CID"0000L0#1001[#1001|1130 01 009]')
    send(centre, frame)
    reporting.begin()
    send(centre, frame)
    zone = cast("Any", SimpleNamespace(device=Device("Z09", DeviceKind.ZONE, "S", "PANEL-1", "", number=9)))
    with pytest.raises(RigFault, match="repeated without a time stamp"):
        reporting.wait_alarm(zone, since=Instant(now(), now()))


@pytest.mark.parametrize(
    ("header", "data", "another"),
    [
        (b"1001", b"#1001|", False),
        (b"001001", b"#1001|", False),
        (b"12", b"#0012|", False),
        (b"AB1001", b"#1001|", False),
        (b"ab1001", b"#AB1001|", False),
        (b"1001", b"", False),
        (b"1001", b"#1002|", True),
        (b"1001", b"#1001F|", True),
        (b"AB1001", b"#CD1001|", True),
    ],
)
def test_the_account_of_the_data_is_that_of_the_header(header: bytes, data: bytes, another: bool) -> None:
    message = read_message(b'"ADM-CID"0003L0#%b[%b1130 01 012]' % (header, data))
    assert message.names_another_account is another


def test_a_code_of_no_table_is_no_missing_event(centre: Centre, reporting: Reporting) -> None:
    zone = cast("Any", SimpleNamespace(device=Device("Z11", DeviceKind.ZONE, "S", "PANEL-1", "", number=11)))
    send(centre, frame_of(b'"ADM-CID"0071L0#1001[#1001|1199 01 012]'))
    assert reporting.wait_alarm(zone, since=Instant(now(), now())) is None  # of another zone
    send(centre, frame_of(b'"ADM-CID"0072L0#1001[#1001|1199 01 011]'))
    with pytest.raises(RigFault, match="code 199 for zone 11"):
        reporting.wait_alarm(zone, since=Instant(now(), now()))


@pytest.mark.parametrize(
    ("number", "stated", "seen"),
    [
        ("001", {}, True),
        ("002", {}, False),  # of the other path: what it says is wrong
        ("000", {}, None),  # of none: nobody said which number its paths have
        ("097", {}, None),
        ("000", {"comm_zone_1": 0}, True),
        ("097", {"comm_zone_1": 97}, True),
        ("001", {"comm_zone_1": 97}, None),
    ],
)
def test_a_fault_of_a_path_by_a_number_nobody_stated_is_not_missing(
    centre: Centre, number: str, stated: dict[str, int], seen: bool | None
) -> None:
    device = Device("LINK-1", DeviceKind.ALARM_LINK, "S", "", "", attributes=stated)
    reporting = Reporting(device, CentreLink(device, centre, [1, 2]), cast("Any", Notes()), patience=0.6)
    settle(centre)
    reporting.begin()
    since, sequence = Instant(now(), now()), 91 + len(centre.received(0))  # never twice
    send(centre, frame_of(f'"ADM-CID"{sequence:04d}L0#1001[#1001|1350 00 {number}]'.encode()))
    if seen is None:
        with pytest.raises(RigFault, match="350 with number"):
            reporting.wait_path_fault(1, since=since, within=0.5)
        return
    assert (reporting.wait_path_fault(1, since=since, within=0.5) is not None) == seen


def test_an_old_event_is_no_alarm_of_now_and_no_missing_one(centre: Centre, reporting: Reporting) -> None:
    zone = cast("Any", SimpleNamespace(device=Device("Z12", DeviceKind.ZONE, "S", "PANEL-1", "", number=12)))
    send(centre, frame_of(b'"SIA-DCS"0081L0#1001[#1001|Ori1/BA013]'))
    assert reporting.wait_alarm(zone, since=Instant(now(), now())) is None  # of another zone
    assert reporting.strays(zone) == []
    since = Instant(now(), now())
    send(centre, frame_of(b'"SIA-DCS"0082L0#1001[#1001|Ori1/BA012]'))
    with pytest.raises(RigFault, match="BA for zone 12 as an old event"):
        reporting.wait_alarm(zone, since=since)
    since = Instant(now(), now())
    send(centre, frame_of(b'"SIA-DCS"0083L0#1001[#1001|Nri1/BA012]'))
    assert reporting.wait_alarm(zone, since=since) is not None


def test_line_feeds_cost_little_and_hide_no_frame() -> None:
    """Ratios, not speeds: eight times as many cost about eight times as much, not sixty-four times."""

    def cost(count: int) -> float:
        framer, begun = Framer(), time.process_time()
        framer.feed(b"\n" * count + b'\n00000FFF"' * (count // 10), MOMENT)
        framer.feed(frame_of(BODY), MOMENT)
        return time.process_time() - begun

    small = min(cost(50_000) for _ in range(3))
    assert cost(400_000) < 24 * small + 0.1
    framer = Framer()
    assert [one.body for one in framer.feed(b"\n" * 70_000 + frame_of(BODY), MOMENT)] == [BODY]


def test_heads_without_a_line_feed_cost_little() -> None:
    def cost(count: int) -> float:
        framer, begun = Framer(), time.process_time()
        framer.feed(b'\r00000FFF""ADM-CID"0001' * count + b'\t00000FFF"' * count, MOMENT)
        return time.process_time() - begun

    small = min(cost(5_000) for _ in range(3))
    assert cost(40_000) < 24 * small + 0.1


def answering(frame: bytes) -> Dialler:
    """A sender to a receiver that answers every message with ``frame``."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            line, _ = server.accept()
            with line:
                line.recv(4096)
                line.sendall(frame)

    threading.Thread(target=answer, daemon=True).start()
    return Dialler(server.getsockname(), "1001", b"", timeout_s=0.5)


def test_an_answer_of_a_receiver_that_cannot_be_read_is_no_silence() -> None:
    with pytest.raises(RigFault, match="cannot be read"):
        answering(frame_of(b'"ACK"0001L0#1001[]')[1:]).report()


@pytest.mark.parametrize(
    ("answer", "acknowledged", "word"),
    [
        (b'"ACK"0001L0#1001[]', True, "ACK"),
        (b'"ACK"0001NoneL0#1001[]', True, "ACK"),
        (b'"ACK"0001L0#01001[]', True, "ACK"),
        (b'"ACK"0001L0[]', True, "ACK"),
        (b'"ACK"0000L0#1001[]', False, "ACK 0000 ≠ 0001"),
        (b'"ACK"0002NoneL0#1001[]', False, "ACK 0002 ≠ 0001"),
        (b'"ACK"0001L0#2002[]', False, "ACK #2002 ≠ #1001"),
        (b'"NAK"0000R0L0A0[]', False, "NAK"),
    ],
)
def test_only_the_message_that_was_sent_is_acknowledged(answer: bytes, acknowledged: bool, word: str) -> None:
    """A panel would take an ACK of another number for none, and send again."""
    found = answering(frame_of(answer)).report()
    assert (found.acknowledged, found.word) == (acknowledged, word)
