# SPDX-License-Identifier: Apache-2.0
"""RTSP sessions against servers that refuse, hang, lie and break off, and against the emulated camera."""

from __future__ import annotations

import itertools
import re
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import contextmanager

import pytest

from tests.support.patience import HUNG_S
from tests.support.video_bench import Planted, running
from yanshou.model import RigFault, now
from yanshou.protocols.rtsp import RtspRefused, RtspSession

SDP = b"v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:t\r\n"


def answer(number, status="200 OK", body=b"", **headers):
    lines = [f"RTSP/1.0 {status}", f"CSeq: {number}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def usual(method, number, _text):
    if method == "DESCRIBE":
        return answer(number, body=SDP)
    if method == "SETUP":
        return answer(number, Session="1;timeout=60", Transport="RTP/AVP/TCP;unicast;interleaved=0-1")
    return answer(number, Public="OPTIONS, GET_PARAMETER")


def frame(number, *, marker=True, ts=None, payload=b"\x65abcd"):
    ts = 3600 * number if ts is None else ts
    rtp = struct.pack("!BBHII", 0x80, (0x80 if marker else 0) | 111, number, ts, 1) + payload
    return b"$\x00" + struct.pack("!H", len(rtp)) + rtp


@contextmanager
def server(reply: Callable[[str, str, str], bytes | None]):
    """One RTSP server on loopback; ``reply(method, cseq, request)`` gives the bytes, None closes."""
    listener = socket.create_server(("127.0.0.1", 0))
    seen: list[str] = []

    def serve():
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            buffer = b""
            while True:
                try:
                    data = connection.recv(4096)
                except OSError:
                    return
                if not data:
                    return
                buffer += data
                while b"\r\n\r\n" in buffer:
                    head, _, buffer = buffer.partition(b"\r\n\r\n")
                    text = head.decode()
                    seen.append(text)
                    number = re.search(r"CSeq: (\d+)", text)
                    out = reply(text.split()[0], number[1] if number else "0", text)
                    if out is None:
                        return
                    connection.sendall(out)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"rtsp://127.0.0.1:{listener.getsockname()[1]}/live", seen
    finally:
        listener.close()
        thread.join(5)


def session(uri, **kwargs):
    return RtspSession(uri, device="CAM-9", **({"timeout_s": 0.5} | kwargs))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("404 Not Found", "no such stream or recording"),
        ("454 Session Not Found", "forgotten the session"),
        ("457 Invalid Range", "no picture in the asked range"),
        ("551 Option not supported", "does not support the asked option"),
        ("453 Not Enough Bandwidth", "other clients are connected"),
        ("299 Whatever", "refused"),
    ],
)
def test_refusals_are_told_in_words(status, expected):
    def reply(method, number, text):
        return answer(number, status) if method == "PLAY" else usual(method, number, text)

    with server(reply) as (uri, _), session(uri) as rtsp:
        rtsp.setup()
        with pytest.raises(RtspRefused, match=expected) as caught:
            rtsp.play()
    assert caught.value.status == int(status[:3])
    assert caught.value.device == "CAM-9"


def test_a_wrong_password_is_tried_once():
    def reply(method, number, _text):
        return answer(number, "401 Unauthorized", WWW_Authenticate='Digest realm="r", nonce="n"')

    with (
        server(reply) as (uri, seen),
        session(uri, user="u", password="wrong") as rtsp,
        pytest.raises(RtspRefused, match="user name or password refused"),
    ):
        rtsp.describe()
    asked = [text for text in seen if text.startswith("DESCRIBE")]
    assert sum("Authorization" in text for text in seen) <= 2
    assert len(asked) <= 2
    assert not any("wrong" in text for text in seen)


def test_a_server_that_hangs_is_left():
    with server(lambda *_: b"") as (uri, _), session(uri) as rtsp:
        began = now()
        with pytest.raises(RigFault, match="no answer within"):
            rtsp.describe()
        assert now() - began < HUNG_S


@pytest.mark.parametrize("garbage", [b"\x00" * 100, b"HTTP/1.1 400 Bad\r\n\r\n", None])
def test_garbage_and_hang_up_are_rig_faults(garbage):
    with server(lambda *_: garbage) as (uri, _), session(uri) as rtsp, pytest.raises(RigFault):
        rtsp.describe()


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(RigFault, match="no RTSP connection"):
        session(f"rtsp://127.0.0.1:{port}/live")
    with pytest.raises(RigFault, match="no address"):
        session("http://127.0.0.1/live")


def test_credentials_in_an_address_are_not_passed_on():
    with server(usual) as (uri, seen):
        with session(uri.replace("rtsp://", "rtsp://admin:secret@")) as rtsp:
            rtsp.setup()
        assert not any("secret" in text for text in seen)


def test_media_before_the_answer_and_a_wrong_payload_type_are_taken():
    """Payload type 111 where the description says 96, and frames sent before PLAY is answered."""

    def reply(method, number, text):
        if method == "PLAY":
            return frame(1) + frame(2) + answer(number) + frame(3) + frame(4)
        return usual(method, number, text)

    with server(reply) as (uri, _), session(uri) as rtsp:
        rtsp.setup()
        rtsp.play()
        units = list(rtsp.frames(now() + 5, idle_s=0.3))
    assert [unit.rtp_ticks for unit in units] == [3600, 7200, 10800, 14400]
    assert all(unit.key and unit.complete for unit in units)


@pytest.mark.parametrize(
    "said", ["interleaved=4", "interleaved=4;ssrc=00000001", "interleaved=4-5;mode=play"]
)
def test_the_channel_is_the_one_the_device_chose(said):
    sent = b"".join(b"$\x04" + frame(number)[2:] for number in range(20))

    def reply(method, number, text):
        if method == "SETUP":
            return answer(number, Session="1", Transport=f"RTP/AVP/TCP;unicast;{said}")
        return usual(method, number, text) + (sent if method == "PLAY" else b"")

    with server(reply) as (uri, _), session(uri) as rtsp:
        rtsp.setup()
        rtsp.play()
        assert len(list(rtsp.frames(now() + HUNG_S, idle_s=1.0))) == 20


def test_a_stream_that_stops_says_why():
    def reply(method, number, text):
        if method == "PLAY":
            bye = struct.pack("!BBHI", 0x81, 203, 1, 1)
            return answer(number) + frame(1) + b"$\x01" + struct.pack("!H", len(bye)) + bye
        return usual(method, number, text)

    with server(reply) as (uri, _), session(uri) as rtsp:
        rtsp.setup()
        rtsp.play()
        assert len(list(rtsp.frames(now() + 5, idle_s=5))) == 1
        assert "BYE" in rtsp.ended


def test_losses_are_counted_and_the_end_of_the_session_is_none():
    def reply(method, number, text):
        if method == "PLAY":
            return answer(number) + b"".join(frame(n) for n in range(100) if n not in (10, 11))
        return usual(method, number, text)

    with server(reply) as (uri, _), session(uri) as rtsp:
        track = rtsp.setup()
        rtsp.play()
        units = list(rtsp.frames(now() + 5, idle_s=0.3))
        assert track.sequencer.lost == 2
        assert len(units) == 98


def test_keep_alive_is_sent_while_receiving():
    def reply(method, number, text):
        if method == "SETUP":
            return answer(number, Session="1;timeout=2", Transport="RTP/AVP/TCP;interleaved=0-1")
        return answer(number) + frame(1) if method == "PLAY" else usual(method, number, text)

    with server(reply) as (uri, seen), session(uri) as rtsp:
        rtsp.setup()
        rtsp.play()
        list(rtsp.frames(now() + 2.6, idle_s=5))
    assert [text.split()[0] for text in seen].count("GET_PARAMETER") >= 2
    assert seen[-1].startswith("TEARDOWN")


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_the_emulated_camera_over_both_transports(transport):
    with running() as site:
        host, port = site.rtsp("CAM-2")
        uri = f"rtsp://{host}:{port}/live/CAM-2"
        with RtspSession(uri, user="admin", password="demo-only", transport=transport) as rtsp:
            track = rtsp.setup()
            rtsp.play()
            units = list(rtsp.frames(now() + 1.5, idle_s=2))
    assert 30 <= len(units) <= 45
    steps = {b.rtp_ticks - a.rtp_ticks for a, b in itertools.pairwise(units)}
    assert steps == {3600}
    assert track.sequencer.lost == 0
    assert units[0].key
    assert track.reports


def test_losses_planted_over_udp_are_seen():
    with running(Planted("CAM-2", "drop", 0.2)) as site:
        host, port = site.rtsp("CAM-2")
        uri = f"rtsp://{host}:{port}/live/CAM-2"
        with RtspSession(uri, user="admin", password="demo-only", transport="udp") as rtsp:
            track = rtsp.setup()
            rtsp.play()
            units = list(rtsp.frames(now() + 2, idle_s=2))
    assert track.sequencer.lost > 0
    assert any(not unit.complete for unit in units)
