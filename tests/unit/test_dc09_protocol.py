# SPDX-License-Identifier: Apache-2.0
"""DC-09 bytes: frames in any pieces and among any noise, headers, AES, time stamps, event codes."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanshou.model import Instant
from yanshou.protocols import dc09
from yanshou.protocols.dc09 import Dc09Token, EventClass, Framer, Header, Qualifier

_KEY = bytes(range(16))
_NOW = datetime(2026, 11, 24, 5, 30, 12, tzinfo=UTC)


def _at(moment: float) -> Instant:
    return Instant(moment, moment)


def _bodies(framer: Framer, *pieces: bytes) -> list[bytes]:
    return [
        frame.body
        for number, piece in enumerate(pieces)
        for frame in framer.feed(piece, _at(float(number)))
        if frame.crc_right
    ]


def _frame(number: int = 1, account: str = "1001") -> bytes:
    return dc09.compose(
        Header(Dc09Token.CID, number, account, prefix="0"), f"#{account}|1130 01 {number:03d}".encode()
    )


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_frames_come_out_whole_however_they_are_cut(data: st.DataObject) -> None:
    frames = [_frame(number) for number in range(1, 6)]
    stream = b"".join(frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert _bodies(Framer(), *pieces) == [frame[9:-1] for frame in frames]


def test_no_valid_frame_is_lost_among_noise() -> None:
    """Noise with line feeds, carriage returns, quotes, and heads that announce more than ever comes."""
    source = random.Random(20261124)
    for _ in range(300):
        wanted, stream = [], b""
        for number in range(source.randint(1, 4)):
            noise = bytes(source.choice(b'\n\r"0129AFx\xff\x00') for _ in range(source.randint(0, 60)))
            lie = source.choice((b"", b'\n12340FFF"', b'\n00000010"', b"\n1234", _frame()[:-3]))
            wanted.append(_frame(number + 1))
            stream += noise + lie + wanted[-1]
        framer, found, at = Framer(), [], 0
        while at < len(stream):
            step = source.randint(1, 40)
            found += _bodies(framer, stream[at : at + step])
            at += step
        assert found == [frame[9:-1] for frame in wanted]


def test_the_buffer_stays_small() -> None:
    framer = Framer()
    for piece in (
        b"x" * 1_000_000,
        b"\n" * 1_000_000,
        b'\n12340FFF"' * 100_000,
        b'\n12340FFF"' + b"y" * 1_000_000,
    ):
        framer.feed(piece, _at(0.0))
        assert framer.held <= 4106
    assert _bodies(framer, b"\r", _frame()) == [_frame()[9:-1]]


def test_stamps_of_the_first_byte_and_of_the_whole() -> None:
    frame = _frame()
    framer = Framer()
    assert not framer.feed(b"noise" + frame[:1], _at(1.0))
    assert not framer.feed(frame[1:20], _at(2.0))
    (found,) = framer.feed(frame[20:] + _frame(2)[:5], _at(3.0))
    assert (found.first, found.complete) == (_at(1.0), _at(3.0))
    (after,) = framer.feed(_frame(2)[5:], _at(4.0))
    assert (after.first, after.complete) == (_at(3.0), _at(4.0))


def test_a_wrong_crc_is_told_once_and_hides_nothing() -> None:
    good = _frame()
    bad = good[:1] + b"0000" + good[5:]
    framer = Framer()
    found = framer.feed(b'\n12340FFF"' + bad, _at(0.0)) + framer.feed(good, _at(1.0))
    assert [frame.crc_right for frame in found] == [False, True]


@pytest.mark.parametrize("size", dc09.KEY_LENGTHS)
def test_encrypted_there_and_back(size: int) -> None:
    key = bytes(range(size))
    header = Header(Dc09Token.CID, 42, "00AB12", encrypted=True, receiver="1", prefix="7")
    frame = dc09.compose(header, b"#00AB12|3137 02 015", key=key, stamp=_NOW)
    assert b"3137 02 015" not in frame
    message = dc09.read_message(frame[9:-1], key)
    assert message.header == header
    assert message.stamp == _NOW
    assert message.event == dc09.AlarmEvent(EventClass.TAMPER, Qualifier.RESTORED, "137", 2, 15)


def test_another_key_is_never_taken_for_a_message() -> None:
    header = Header(Dc09Token.CID, 42, "1001", encrypted=True)
    for number in range(200):
        frame = dc09.compose(header, b"#1001|1130 01 001", key=_KEY, stamp=_NOW)
        with pytest.raises(dc09.UnreadableMessage):
            dc09.read_message(frame[9:-1], number.to_bytes(16, "big"))


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_body_is_read_or_refused(noise: bytes) -> None:
    for body in (noise, b'"*ADM-CID"0001L0#1001[' + noise, b'"SIA-DCS"0001L0#1001[' + noise + b"]"):
        dc09.read_header(body)
        try:
            dc09.read_message(body, _KEY)
        except dc09.UnreadableMessage:
            continue


@pytest.mark.parametrize(
    ("data", "event_class", "qualifier", "zone"),
    [
        (b"#1001|1130 01 012", EventClass.ALARM, Qualifier.NEW, 12),
        (b"#1001|3130 01 012", EventClass.ALARM, Qualifier.RESTORED, 12),
        (b"#1001|6130 01 012", EventClass.ALARM, Qualifier.STILL, 12),
        (b"1120 01 001", EventClass.HOLD_UP, Qualifier.NEW, 1),
        (b"#1001|1144 01 100", EventClass.TAMPER, Qualifier.NEW, 100),
        (b"#1001|1301 00 000", EventClass.POWER, Qualifier.NEW, 0),
        (b"#1001|1350 00 001", EventClass.COMMUNICATION, Qualifier.NEW, 1),
        (b"#1001|3401 01 005", EventClass.SETTING, Qualifier.RESTORED, 5),
        (b"#1001|1602 00 000", EventClass.TEST, Qualifier.NEW, 0),
    ],
)
def test_contact_id(data: bytes, event_class: EventClass, qualifier: Qualifier, zone: int) -> None:
    event = dc09.contact_id(data)
    assert event is not None
    assert (event.event_class, event.qualifier, event.zone) == (event_class, qualifier, zone)


@pytest.mark.parametrize(
    "data", [b"", b"#1001|2130 01 001", b"1130 01 01", b"1130-01-001", b"#1001|1130 01 0011"]
)
def test_what_is_no_contact_id(data: bytes) -> None:
    assert dc09.contact_id(data) is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"#1001|Nri1/BA012", dc09.AlarmEvent(EventClass.ALARM, Qualifier.NEW, "BA", 1, 12)),
        (b"#1001|Nri2/BR012", dc09.AlarmEvent(EventClass.ALARM, Qualifier.RESTORED, "BR", 2, 12)),
        (b"#1001|NTA003", dc09.AlarmEvent(EventClass.TAMPER, Qualifier.NEW, "TA", 0, 3)),
        (b"#1001|NHA001", dc09.AlarmEvent(EventClass.HOLD_UP, Qualifier.NEW, "HA", 0, 1)),
        (b"#1001|Ori1/BA012", dc09.AlarmEvent(EventClass.ALARM, Qualifier.OLD, "BA", 1, 12)),
        (b"#1001|OBR012", dc09.AlarmEvent(EventClass.ALARM, Qualifier.OLD, "BR", 0, 12)),
    ],
)
def test_sia_dcs(data: bytes, expected: dc09.AlarmEvent) -> None:
    assert dc09.sia_dcs(data) == (expected,)


@pytest.mark.parametrize(
    ("body", "zones"),
    [
        (b'"SIA-DCS"0001L0#1001[#1001|Nri1/BA012/BA013]', [12, 13]),
        (b'"SIA-DCS"0001L0#1001[#1001|Nri1/BA012/ri2/TA012]', [12, 12]),
        (b'"SIA-DCS"0001L0#1001[#1001|Nri1/BA012|Nri1/BA014]', [12, 14]),
        (b'"ADM-CID"0001L0#1001[#1001|1130 01 012 1130 01 013]', [12, 13]),
        (b'"ADM-CID"0001L0#1001[#1001|1130 01 012|3130 01 012]', [12, 12]),
        (b'"ADM-CID"0001L0#1001[#1001|1130 01 012 ^Hall 1130^]', [12]),
        (b'"ADM-CID"0001L0#1001[#1001|1130 01 012]', [12]),
    ],
)
def test_every_event_of_a_message_is_read(body: bytes, zones: list[int]) -> None:
    message = dc09.read_message(body)
    assert message.event is not None
    assert [one.zone for one in (message.event, *message.further)] == zones


def test_the_three_answers() -> None:
    header = Header(Dc09Token.CID, 77, "0AB1", encrypted=True, receiver="2", prefix="3")
    acknowledged = dc09.read_message(dc09.acknowledge(header, _KEY, _NOW)[9:-1], _KEY)
    assert acknowledged.header == Header("ACK", 77, "0AB1", encrypted=True, receiver="2", prefix="3")
    assert acknowledged.stamp == _NOW
    refused = dc09.read_message(dc09.refuse(_NOW + timedelta(seconds=1))[9:-1])
    assert (refused.header.token, refused.header.encrypted, refused.stamp) == (
        "NAK",
        False,
        _NOW + timedelta(seconds=1),
    )
    assert dc09.read_message(dc09.not_understood(header)[9:-1]).header.sequence == 77
    assert dc09.read_message(dc09.not_understood(None)[9:-1]).header.token == "DUH"


@pytest.mark.parametrize(
    "stamp", [b"_25:00:00,11-24-2026", b"_10:00:00,13-24-2026", b"_10:00,11-24-2026", b""]
)
def test_a_stamp_that_is_none(stamp: bytes) -> None:
    assert dc09.read_message(b'"ADM-CID"0001L0#1001[#1001|1130 01 001]' + stamp).stamp is None
