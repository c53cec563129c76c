# SPDX-License-Identifier: Apache-2.0
"""RTSP and RTP bytes: known answers, and no crash and no unbounded memory on any others."""

from __future__ import annotations

import base64
import itertools
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanshou.protocols.credentials import Credentials
from yanshou.protocols.rtsp import Depacketiser, RtpPacket, Sequencer, clock_range, replay_headers, sdp
from yanshou.protocols.rtsp.depacketise import MAX_FRAME
from yanshou.protocols.rtsp.message import (
    BrokenStream,
    Interleaved,
    RtspRequest,
    RtspResponse,
    RtspWire,
    request,
)
from yanshou.protocols.rtsp.replay import replay_stamp
from yanshou.protocols.rtsp.rtp import parse_rtcp, parse_rtp, unwrap

START = b"\x00\x00\x00\x01"


def rtp(sequence, payload, *, ts=1000, marker=False, extension=b"", csrc=0, padding=0):
    first = 0x80 | (0x10 if extension else 0) | csrc | (0x20 if padding else 0)
    head = struct.pack("!BBHII", first, (0x80 if marker else 0) | 96, sequence & 0xFFFF, ts & 0xFFFFFFFF, 7)
    pad = bytes(padding - 1) + bytes([padding]) if padding else b""
    return head + bytes(4 * csrc) + extension + payload + pad


def packet(sequence, payload, **kwargs):
    found = parse_rtp(rtp(sequence, payload, **kwargs), 1.5)
    assert found is not None
    return found


# --- control connection


def test_responses_frames_and_requests_in_any_pieces():
    data = (
        b"RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Length: 4\r\n\r\nbody"
        b"$\x00\x00\x03abc"
        b"OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n"
        b"RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\nWWW-Authenticate: Digest y\r\n\r\n"
    )
    for size in (1, 2, 3, 7, 1000):
        wire = RtspWire()
        found = [m for at in range(0, len(data), size) for m in wire.feed(data[at : at + size])]
        assert [type(m) for m in found] == [RtspResponse, Interleaved, RtspRequest, RtspResponse]
        assert found[0].body == b"body"
        assert found[0].cseq == 3
        assert found[1] == Interleaved(0, b"abc")
        assert found[3].headers["www-authenticate"].count("\n") == 1


def test_stray_bytes_are_skipped_and_counted():
    wire = RtspWire()
    found = list(wire.feed(b"\x00\x01\r\n$\x01\x00\x01zRTSP/1.0 200 OK\r\n\r\n"))
    assert [type(m) for m in found] == [Interleaved, RtspResponse]
    assert wire.skipped == 4


@pytest.mark.parametrize(
    "hostile",
    [
        b"RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"RTSP/1.0 200 OK\r\n" + b"X: y\r\n" * 20000,
        b"HELLO WORLD\r\n\r\n",
    ],
)
def test_hostile_messages_end_the_connection(hostile):
    with pytest.raises(BrokenStream):
        list(RtspWire().feed(hostile))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.binary(max_size=200) | st.sampled_from([b"RTSP/1.0 200 OK\r\n", b"\r\n", b"$\x00\x00\x05", b"C: "])
    )
)
def test_any_bytes_are_survived(pieces):
    wire = RtspWire()
    try:
        for piece in pieces:
            list(wire.feed(piece))
    except BrokenStream:
        return
    assert len(wire._buffer) <= sum(map(len, pieces))


def test_no_header_breaks_out_of_its_line():
    with pytest.raises(ValueError, match="line break"):
        request("PLAY", "rtsp://h/x", {"Range": "a\r\nB: c"})


# --- authentication


def test_digest_of_rfc_2617():
    """The worked example of RFC 2617 3.5, without qop."""
    who = Credentials("Mufasa", "Circle Of Life")
    assert who.learn('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"')
    answer = who.authorization("GET", "/dir/index.html")
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in answer
    assert "Circle" not in repr(who)


def test_the_strongest_offer_is_taken():
    who = Credentials("u", "p")
    offers = 'Basic realm="x"\nDigest realm="x", nonce="1"\n'
    offers += 'Digest realm="x", nonce="2", algorithm=SHA-256, qop="auth"'
    assert who.learn(offers)
    answer = who.authorization("DESCRIBE", "rtsp://h/x")
    assert "SHA-256" in answer
    assert "nc=00000001" in answer
    assert "nc=00000002" in who.authorization("SETUP", "rtsp://h/x")
    assert not Credentials("", "").learn(offers)
    assert not Credentials("u", "p").learn('Digest realm="x", nonce="1", algorithm=SHA-512-256')


# --- descriptions


def test_description():
    text = (
        b"v=0\r\na=control:rtsp://10.0.0.9/live/\r\nm=audio 0 RTP/AVP 0\r\nm=video 0 RTP/AVP 96\r\n"
        b"a=rtpmap:96 H265/90000\r\na=fmtp:96 sprop-vps=QAE=;sprop-sps=QgE=; sprop-pps=RAE=\r\n"
        b"a=control:trackID=1\r\n"
    )
    media, control = sdp.parse(text, "rtsp://h/live")
    assert control == "rtsp://10.0.0.9/live/"
    video = media[1]
    assert (video.codec, video.clock_rate, video.control) == ("hevc", 90000, "rtsp://10.0.0.9/live/trackID=1")
    assert [unit[0] >> 1 for unit in video.parameter_sets] == [32, 33, 34]


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=500) | st.text(max_size=300).map(lambda t: ("m=video 0 RTP/AVP 96\na=" + t).encode())
)
def test_descriptions_that_lie_are_survived(text):
    media, _ = sdp.parse(text, "rtsp://h/x")
    assert len(media) <= 32
    lying = b"m=video 0 RTP/AVP 96\na=fmtp:96 sprop-parameter-sets=!!!,Z0I\na=rtpmap:97 H264/0\n"
    assert sdp.parse(lying, "rtsp://h/x")[0][0].clock_rate == 90000


# --- RTP


def test_rtp_header_with_csrc_extension_and_padding():
    extension = struct.pack("!HHIIBBH", 0xABAC, 3, 3_913_056_000 + 5, 1 << 31, 0xA0, 7, 0)
    found = packet(5, b"pay", extension=extension, csrc=2, padding=3, marker=True)
    assert found.payload == b"pay"
    assert found.marker
    stamp = replay_stamp(found)
    assert stamp.utc == datetime(2024, 1, 1, 0, 0, 5, 500_000, tzinfo=UTC)
    assert (stamp.clean, stamp.end, stamp.broken, stamp.terminal, stamp.cseq) == (True, False, True, False, 7)
    assert replay_stamp(packet(5, b"pay")) is None


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=100))
def test_any_datagram_is_survived(data):
    found = parse_rtp(data, 0.0)
    assert found is None or len(found.payload) <= len(data)
    reports, _ = parse_rtcp(data, 0.0)
    assert len(reports) <= len(data) // 28 + 1


def test_sender_report_ties_rtp_to_utc():
    report = struct.pack("!BBHIIIIII", 0x80, 200, 6, 9, 3_913_056_000, 1 << 31, 4500, 10, 1000)
    goodbye = struct.pack("!BBHI", 0x81, 203, 1, 9)
    reports, bye = parse_rtcp(report + goodbye, 3.0)
    assert bye == {9}
    assert (reports[0].utc, reports[0].rtp_timestamp) == (1_704_067_200.5, 4500)


@given(st.integers(0, 2**40), st.integers(-30000, 30000))
def test_unwrap_finds_the_nearest(reference, step):
    value = max(0, reference + step)
    assert unwrap(value & 0xFFFF, reference, 16) == value


def numbers(sequencer, order):
    out = []
    for number in order:
        out += sequencer.push(packet(number, b"x"))
    return [found.sequence for found, _ in out + sequencer.flush()]


def test_reordered_packets_are_put_in_order_over_the_wrap():
    sequencer = Sequencer()
    assert numbers(sequencer, [65533, 65535, 65534, 1, 0, 2, 2]) == [65533, 65534, 65535, 0, 1, 2]
    assert (sequencer.lost, sequencer.reordered, sequencer.duplicates, sequencer.received) == (0, 2, 1, 6)


def test_a_lost_packet_of_a_slow_stream_is_not_waited_for_longer_than_half_a_second():
    """With 25 packets a second 32 later ones took 1.3 s, and at the end of a window for ever."""
    sequencer, out = Sequencer(), []
    for number in (*range(10), *range(11, 40)):
        out += sequencer.push(RtpPacket(number, 3600 * number, True, 96, 1, b"\x41\x9a", number / 25))
    assert [one.sequence for one, _ in out] == [*range(10), *range(11, 40)]
    assert [one.sequence for one, gap in out if gap] == [11]
    assert sequencer.lost == 1


def test_lost_packets_are_counted_and_marked():
    sequencer = Sequencer(window=4)
    out = [row for number in (1, 2, 5, 6, 7, 8, 9) for row in sequencer.push(packet(number, b"x"))]
    out += sequencer.flush()
    assert sequencer.lost == 2
    assert [(p.sequence, gap) for p, gap in out if gap] == [(5, True)]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 65535), max_size=200))
def test_any_sequence_numbers_are_survived_in_bounds(order):
    sequencer = Sequencer()
    given_out = 0
    for number in order:
        given_out += len(sequencer.push(packet(number, b"x")))
        assert len(sequencer._held) <= sequencer.window
    given_out += len(sequencer.flush())
    assert given_out + sequencer.duplicates == len(order)
    assert sequencer.lost >= 0


# --- frames


def test_h264_single_stap_and_fragments():
    depacketiser = Depacketiser("h264")
    sps, pps, idr = b"\x67abc", b"\x68de", b"\x65" + bytes(range(1, 60))
    stap = b"\x78" + b"".join(struct.pack("!H", len(unit)) + unit for unit in (sps, pps))
    cut = [idr[1:20], idr[20:40], idr[40:]]
    fragments = [b"\x7c" + bytes([flag | 5]) + part for flag, part in zip((0x80, 0, 0x40), cut, strict=True)]
    out = []
    for number, payload in enumerate([stap, *fragments]):
        out += depacketiser.push(packet(number, payload, marker=number == 3))
    (unit,) = out + depacketiser.flush()
    assert unit.data == START + sps + START + pps + START + idr
    assert unit.key
    assert unit.complete
    assert unit.arrival == 1.5


def test_h265_aggregate_and_fragments():
    depacketiser = Depacketiser("hevc")
    vps, idr = b"\x40\x01v", b"\x26\x01" + bytes(range(1, 40))
    aggregate = b"\x60\x01" + struct.pack("!H", len(vps)) + vps
    fragments = [b"\x62\x01" + bytes([0x80 | 19]) + idr[2:20], b"\x62\x01" + bytes([0x40 | 19]) + idr[20:]]
    out = []
    for number, payload in enumerate([aggregate, *fragments]):
        out += depacketiser.push(packet(number, payload, marker=number == 2))
    out += depacketiser.flush()
    assert out[0].data == START + vps + START + idr
    assert out[0].key


@pytest.mark.parametrize(
    ("codec", "message", "coded"),
    [("h264", b"\x06\x05x", b"\x41\x9a"), ("hevc", b"\x4e\x01x", b"\x02\x01\xd0")],
)
@pytest.mark.parametrize("apart", [0, 1800])
def test_a_marked_message_is_no_picture(codec, message, coded, apart):
    depacketiser, out = Depacketiser(codec), []
    for number in range(10):
        ticks = 7200 * (number + 1)
        out += depacketiser.push(packet(2 * number, message, marker=True, ts=ticks - apart))
        out += depacketiser.push(packet(2 * number + 1, coded, marker=True, ts=ticks))
    assert [unit.rtp_ticks for unit in out] == [7200 * number for number in range(1, 11)]
    assert all(unit.complete and unit.data == START + message + START + coded for unit in out)
    assert depacketiser.push(packet(20, message, marker=True, ts=90_000)) + depacketiser.flush() == []


def test_a_marker_on_every_fragment_does_not_cut_a_picture():
    depacketiser, out = Depacketiser("h264"), []
    for number, flag in enumerate((0x81, 0x01, 0x41)):
        out += depacketiser.push(packet(number, b"\x5c" + bytes([flag]) + b"xy", marker=True))
    out += depacketiser.flush()
    assert [(unit.data, unit.complete) for unit in out] == [(START + b"\x41xyxyxy", True)]


def test_a_new_time_ends_the_frame_of_a_sender_without_markers():
    depacketiser = Depacketiser("h264")
    assert depacketiser.push(packet(1, b"\x41a", ts=100)) == []
    (unit,) = depacketiser.push(packet(2, b"\x41b", ts=3700))
    assert unit.complete
    assert (unit.rtp_ticks, unit.data) == (100, START + b"\x41a")


def test_loss_inside_a_fragment_throws_the_stump_away():
    depacketiser = Depacketiser("h264")
    depacketiser.push(packet(1, b"\x7c\x85aaaa"))
    (unit, *_) = depacketiser.push(packet(3, b"\x7c\x45cccc", marker=True), gap=True) or [None]
    assert unit is None
    assert depacketiser.dropped == 2
    (whole,) = depacketiser.push(packet(4, b"\x41next", ts=4600, marker=True))
    assert whole.complete


def test_timestamps_go_on_over_the_wrap():
    depacketiser = Depacketiser("h264")
    ticks = []
    for number in range(4):
        ticks += [
            u.rtp_ticks
            for u in depacketiser.push(packet(number, b"\x41a", ts=2**32 - 3600 + 3600 * number, marker=True))
        ]
    assert [b - a for a, b in itertools.pairwise(ticks)] == [3600] * 3


def test_a_frame_without_end_stays_bounded():
    depacketiser = Depacketiser("h264")
    body = bytes(60_000)
    for number in range(400):
        depacketiser.push(packet(number, b"\x7c" + (b"\x85" if number == 0 else b"\x05") + body))
        assert len(depacketiser._data) <= MAX_FRAME
    assert depacketiser.oversized == 1


PAYLOADS = st.binary(max_size=40) | st.sampled_from(
    [
        b"\x7c\x85ab",
        b"\x7c\x05ab",
        b"\x7c\x45ab",
        b"\x78\x00\x02\x67a",
        b"\x78\xff\xff",
        b"\x62\x01\x93a",
        b"\x62\x01\x53a",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["h264", "hevc"]),
    st.booleans(),
    st.lists(st.tuples(PAYLOADS, st.integers(0, 3), st.booleans(), st.booleans()), max_size=40),
)
def test_any_payloads_are_survived(codec, donl, rows):
    depacketiser = Depacketiser(codec, donl=donl)
    fed = units = 0
    for number, (payload, ts, marker, gap) in enumerate(rows):
        fed += len(payload)
        item = RtpPacket(number, ts * 3600, marker, 96, 1, payload, 0.0)
        units += sum(u.size for u in depacketiser.push(item, gap=gap))
    units += sum(u.size for u in depacketiser.flush())
    assert units <= 5 * fed + 8 * len(rows)


def test_replay_headers():
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 10, 500_000, tzinfo=UTC)
    assert clock_range(start, end) == "clock=20260101T000000.000Z-20260101T000010.500Z"
    headers = replay_headers(start, end, intra_only=True)
    assert (headers["Require"], headers["Rate-Control"], headers["Frames"]) == ("onvif-replay", "no", "intra")


def test_sprop_is_base64():
    line = b"m=video 0 RTP/AVP 96\na=fmtp:96 sprop-parameter-sets=" + base64.b64encode(b"\x67a") + b"\n"
    assert sdp.parse(line, "rtsp://h")[0][0].parameter_sets == (b"\x67a",)


@pytest.mark.parametrize("stray", [b"abc\r\n", b"\x00\x00", b"\r\n\r\n", b"RTSX"])
@pytest.mark.parametrize("cut", range(1, 6))
def test_an_answer_cut_within_its_first_word_after_stray_bytes_is_not_lost(stray: bytes, cut: int):
    wire, answer = RtspWire(), b"RTSP/1.0 200 OK\r\nCSeq: 7\r\n\r\n"
    found = [*wire.feed(stray + answer[:cut]), *wire.feed(answer[cut:])]
    assert [one.cseq for one in found if isinstance(one, RtspResponse)] == [7]
