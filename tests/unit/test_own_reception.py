# SPDX-License-Identifier: Apache-2.0
"""What this computer itself threw away is never held against a camera that lost nothing."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from types import SimpleNamespace
from typing import cast

import av
import numpy as np
import pytest

from yanshou import evaluation as evaluate
from yanshou.acquisition.host_counts import HostCounts
from yanshou.acquisition.receiver import PACKET_TABLE
from yanshou.drivers.onvif.replay import replayed
from yanshou.model import Instant, RigFault, now
from yanshou.model.recording import Playback
from yanshou.model.stream import FrameStamp, Reception, StreamCapture
from yanshou.protocols.rtsp import AccessUnit, Depacketiser, RtspSession, Track, datagrams
from yanshou.protocols.rtsp.datagrams import DatagramSocket
from yanshou.protocols.rtsp.sdp import Media

_SENT = 12_000  # packets of 700 bytes: more than any buffer that is granted holds
_MANY = 2000  # read: there is room again for the last packet
_HOST = ("127.0.0.1", 0)
_KERNEL_COUNTS = pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts by socket")


def packet(number: int) -> bytes:
    stamp = (3600 * (number // 10)).to_bytes(4)
    head = bytes((0x80, 96 | (number % 10 == 9) << 7)) + (number & 0xFFFF).to_bytes(2) + stamp
    return head + b"\0\0\0\1" + b"\x41" + bytes(687)


@contextmanager
def camera_that_loses_nothing() -> Iterator[tuple[str, threading.Event, threading.Event]]:
    """An RTSP server of one session: sends its packets at once, says so, and one more when asked for it."""
    listener = socket.create_server(_HOST)
    sent, end = threading.Event(), threading.Event()
    thread = threading.Thread(target=_serve, args=(listener, sent, end))
    thread.start()
    try:
        yield f"rtsp://127.0.0.1:{listener.getsockname()[1]}/s", sent, end
    finally:
        end.set()
        listener.close()
        thread.join()


def _serve(listener: socket.socket, sent: threading.Event, end: threading.Event) -> None:
    control, _ = listener.accept()
    port = 0
    with control, control.makefile("rb") as lines:
        while line := lines.readline().decode():
            headers: dict[str, str] = {}
            while (row := lines.readline().decode().strip()) != "":
                name, _, value = row.partition(":")
                headers[name.lower()] = value.strip()
            body = answer = ""
            if line.startswith("DESCRIBE"):
                body = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"
                answer = f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
            elif line.startswith("SETUP"):
                low = headers["transport"].partition("client_port=")[2]
                port = int(low.split("-")[0])
                answer = f"Session: 1\r\nTransport: RTP/AVP;unicast;client_port={low}\r\n"
            control.sendall(f"RTSP/1.0 200 OK\r\nCSeq: {headers['cseq']}\r\n{answer}\r\n{body}".encode())
            if line.startswith("PLAY"):
                _send(port, sent, end)


def _send(port: int, sent: threading.Event, end: threading.Event) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for number in range(_SENT):
            out.sendto(packet(number), ("127.0.0.1", port))
        sent.set()
        end.wait(20)
        out.sendto(packet(_SENT), ("127.0.0.1", port))


@_KERNEL_COUNTS
def test_a_receiver_that_slept_does_not_blame_the_camera():
    """The camera sends every packet; nobody reads until all are sent, so the kernel throws some away."""
    with (
        camera_that_loses_nothing() as (uri, sent, end),
        RtspSession(uri, transport="udp", timeout_s=20.0) as session,
    ):
        track = session.setup()
        came: list[tuple[float, int, int, int, int, bool]] = []
        session.tap = lambda one: came.append(
            (one.arrival, one.timestamp, one.ssrc, one.sequence, len(one.payload), one.marker)
        )
        session.play()
        assert sent.wait(20)  # paused as long
        numbers: set[int] = set()
        for one, _ in session.packets(float("inf"), idle_s=5.0):
            numbers.add(one.sequence)
            if one.sequence == _SENT:
                break
            if len(numbers) > _MANY:
                end.set()
        dropped, granted = session.dropped_here, session.buffer_bytes
    assert track.transport == "udp"
    assert granted is not None
    assert dropped == _SENT + 1 - len(numbers) > 0  # every one that is missing was thrown away here
    found = capture_of(came, track.sequencer.lost, dropped)
    judged = evaluate.network.packet_loss("CAM-1", found)
    assert "本机接收缓冲区溢出" in judged.invalid
    assert judged.details["dropped_here"] == dropped


def capture_of(
    came: list[tuple[float, int, int, int, int, bool]], lost: int, dropped: int | None
) -> StreamCapture:
    """A capture of these packets, a frame for each ten of them."""
    table = np.array(came, PACKET_TABLE)
    frames = [
        FrameStamp(int(row["timestamp"]), float(row["arrival"]), True, 7000, True) for row in table[::10]
    ]
    begun = Instant(float(table["arrival"][0]), float(table["arrival"][0]))
    ended = Instant(float(table["arrival"][-1]), float(table["arrival"][-1]))
    reception = Reception("udp", 0.0, table, dropped_here=dropped)
    return StreamCapture(
        "h264", 1280, 720, 90_000, frames, (), len(table), lost, begun, ended, reception=reception
    )


def steady(missing: range) -> list[tuple[float, int, int, int, int, bool]]:
    """4000 packets of a steady stream, some of them missing."""
    return [
        (number / 250, 3600 * (number // 10), 1, number, 700, number % 10 == 9)
        for number in range(4000)
        if number not in missing
    ]


@pytest.mark.parametrize(
    ("dropped", "missed", "said"),
    [
        (3, 0, "溢出"),
        (0, 5, "本机网卡或协议栈"),
        (None, 0, "不提供溢出计数"),
        (0, 0, ""),
    ],
)
def test_loss_jitter_errors_and_rate_close_by_what_was_lost_here(
    dropped: int | None, missed: int, said: str
) -> None:
    found = capture_of(steady(range(1000, 1003)), 3, dropped)
    assert found.reception is not None
    found = replace(found, reception=replace(found.reception, missed_here=missed, foreign=7, garbage=2))
    judged = [
        evaluate.network.packet_loss("C", found),
        evaluate.network.packet_errors("C", found, 0),
        evaluate.network.delay_jitter("C", found),
        evaluate.frame_rate("C", found),
    ]
    for one in judged:
        assert said in one.invalid
        assert bool(one.invalid) == bool(said)
        assert (one.details["foreign"], one.details["garbage"]) == (7, 2)
        assert "另有 7 个报文" in str(one.details["because"])  # printed beside the value


def test_nothing_missing_needs_nobody_to_blame():
    found = capture_of(steady(range(0)), 0, None)
    assert not evaluate.network.packet_loss("C", found).invalid


def test_what_was_lost_where_the_numbers_began_anew_is_unknown():
    """A device that starts again after each outage would show no loss at all."""
    rows = steady(range(0))
    anew = [(at, ticks, 1, number + 30_000 * (at > 8), *rest) for at, ticks, _, number, *rest in rows]
    found = evaluate.network.packet_loss("C", capture_of(anew, 0, 0))
    assert (found.value, found.details["restarts"]) == (0.0, 1)
    assert "是否丢失报文不明" in found.reservations[0].text
    assert not evaluate.network.packet_loss("C", capture_of(rows, 0, 0)).reservations


def test_without_a_count_a_buffer_that_was_never_full_lost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on systems that do not count by socket."""
    monkeypatch.setattr(DatagramSocket, "_ask_count", lambda _: False)
    monkeypatch.setattr(datagrams, "_ASKED", 64 * 1024)
    one = DatagramSocket(socket.AF_INET, _HOST)
    with one.wire, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(bytes(500), one.wire.getsockname())
        assert taken(one) == 1
        assert one.dropped == 0
        for _ in range(200):
            out.sendto(bytes(1000), one.wire.getsockname())
        assert 0 < taken(one) < 200
        assert one.dropped is None  # it was full: how many were thrown away is not known


def taken(one: DatagramSocket) -> int:
    count = 0
    while found := sum(1 for _ in one.read()):
        count += found
    return count


def test_wrong_checksums_are_no_full_buffers(monkeypatch: pytest.MonkeyPatch) -> None:
    later = HostCounts(full=12, missed=4)
    monkeypatch.setattr("yanshou.acquisition.host_counts.host_counts", lambda: later)
    assert HostCounts(full=12).full_buffers(5) == 0  # all five had a wrong checksum
    assert HostCounts(full=10).full_buffers(5) == 2
    assert HostCounts(full=None).full_buffers(5) == 5
    assert HostCounts(full=12).full_buffers(None) is None
    assert HostCounts(missed=1).missed_since() == 3


# -- played back --------------------------------------------------------------------------------------------


class UdpReplay:
    """A replay over UDP: ``frames`` whole or torn ones, of which this computer dropped ``dropped_here``."""

    device, ended, late_s = "NVR-1", "", 0.0

    def __init__(self, *, whole: bool, dropped_here: int, data: bytes) -> None:
        self.track = Track(Media("video", (96,)), transport="udp", depacketiser=Depacketiser("h264"))
        self.track.sequencer.lost = dropped_here
        self.dropped_here = dropped_here
        self._units = [
            AccessUnit(data, 3600 * n, 0.04 * n, n == 0, len(data), whole or n == 0) for n in range(3)
        ]

    def describe(self) -> list[Media]:
        return [self.track.media]

    def setup(self, _offered: list[Media]) -> Track:
        return self.track

    def play(self, _headers: dict[str, str]) -> SimpleNamespace:
        return SimpleNamespace(headers={})

    def frames(self, *_until: float, **_waits: float) -> Iterator[AccessUnit]:
        yield from self._units

    def played(self, *, intra: bool) -> Playback:
        """One second of it."""
        at = datetime(2026, 11, 1, tzinfo=UTC)
        session = cast("RtspSession", self)
        return replayed(session, at, 1.0, now(), intra=intra, paced=False, note=lambda _: None)


def test_what_this_computer_dropped_of_a_playback_is_not_held_against_the_recorder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("yanshou.acquisition.host_counts.host_counts", HostCounts)
    coder = av.CodecContext.create("libx264", "w")
    coder.width, coder.height, coder.pix_fmt, coder.time_base = 64, 64, "yuv420p", Fraction(1, 25)
    frame = av.VideoFrame.from_ndarray(np.full((96, 64), 90, np.uint8), format="yuv420p")
    picture = b"".join(bytes(one) for one in [*coder.encode(frame), *coder.encode(None)])
    with pytest.raises(RigFault, match="溢出"):
        UdpReplay(whole=True, dropped_here=2, data=b"\0\0\0\1\x65").played(intra=True)
    with pytest.raises(RigFault, match="溢出"):
        UdpReplay(whole=False, dropped_here=2, data=picture).played(intra=False)
    assert UdpReplay(whole=False, dropped_here=2, data=picture).played(intra=True).decoded
    lost_on_the_way = UdpReplay(whole=False, dropped_here=0, data=picture).played(intra=False)
    assert not lost_on_the_way.frames_played[1].complete  # of which the evaluation tells the rest
