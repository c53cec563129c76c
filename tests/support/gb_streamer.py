# SPDX-License-Identifier: Apache-2.0
"""A GB/T 28181 device that can be called: it sends program streams, rightly or as its habits have it."""

from __future__ import annotations

import contextlib
import io
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import repeat
from typing import Any

import av
import numpy as np

from tests.support.gb_device import Habits, LivingDevice
from tests.support.ps_text import AAC, AUDIO, H264, H265, VIDEO, pack, pes, program_map, system_header

FPS = 25
_GOP = 10
_FRAMES = 40


@dataclass
class MediaHabits:
    """How it answers a call and sends; a healthy one unless told otherwise."""

    codec: str = "h264"
    status: str = "200 OK"
    says_sdp: bool = True
    says_y: bool = True
    ssrc: int | None = None  # its own instead of the offered one
    beside: int | None = None  # a second source, whose packets are garbage
    payload_type: int = 96
    stream_type: int | None = None
    with_map: bool = True
    container: str = "ps"
    frames_per_stamp: int = 1
    sends: bool = True
    ends_on_bye: bool = True
    host: str = "127.0.0.1"
    write: int = 0  # TCP: bytes of one write, 0: whole packets
    hangs_up_after_s: float = 0.0
    lasts_s: float = 0.0  # the media end after so long
    notices: tuple[tuple[float, str], ...] = ()
    """MediaStatus 121, each so many seconds after the begin: in this call, in one before, or outside."""
    reconnects_s: float = 0.0  # over TCP: it connects again after so long
    follows_range: bool = True
    follows_pause: bool = True
    chunk: int = 1380  # bytes of the stream in one packet
    loses: int = 0  # every so many packets one is left out
    records: tuple[tuple[str, str], ...] = ()  # StartTime and EndTime as it states them
    record_code: str = ""  # another channel's code in its items
    sum_more: int = 0
    pages: Iterator[int] = field(default_factory=lambda: repeat(0))
    """Each list in turn has so many records at the most, as if they were all; the youngest if below 0."""
    plays: dict[str, str] = field(default_factory=dict)  # a status by the kind of call
    controls: list[str] = field(default_factory=list)


@cache
def coded(codec: str) -> tuple[bytes, ...]:
    """Access units of a moving picture, a key frame first and every ten frames."""
    context: Any = av.CodecContext.create({"h264": "libx264", "hevc": "libx265"}[codec], "w")
    context.width, context.height, context.pix_fmt = 320, 240, "yuv420p"
    context.framerate, context.gop_size, context.max_b_frames = FPS, _GOP, 0
    options = {"preset": "ultrafast", "tune": "zerolatency", "forced-idr": "1"}
    quiet = {"x265-params": f"log-level=none:keyint={_GOP}:min-keyint={_GOP}:scenecut=0:repeat-headers=1"}
    context.options = options | (
        quiet if codec == "hevc" else {"x264-params": f"keyint={_GOP}:repeat-headers=1"}
    )
    units = []
    for n in range(_FRAMES):
        luma = np.add.outer(np.arange(240), np.arange(320)).astype(np.uint8)
        luma[40:120, 6 * n : 6 * n + 80] = 235
        frame = av.VideoFrame.from_ndarray(np.vstack([luma, np.full((120, 320), 128, np.uint8)]), "yuv420p")
        frame.pts = n
        units += [bytes(one) for one in context.encode(frame)]
    units += [bytes(one) for one in context.encode(None)]
    return tuple(units)


def program(unit: bytes, n: int, habits: MediaHabits, *, key: bool) -> bytes:
    """One frame in a program stream."""
    kind = habits.stream_type or (H264 if habits.codec == "h264" else H265)
    head = pack(3600 * n)
    if key:
        head += system_header() + (program_map(((VIDEO, kind), (AUDIO, AAC))) if habits.with_map else b"")
    pieces = [unit[at : at + 60_000] for at in range(0, len(unit), 60_000)]
    return head + b"".join(pes(one, 3600 * n if at == 0 else None) for at, one in enumerate(pieces))


@cache
def transport(codec: str) -> bytes:
    """The same pictures in a transport stream, by FFmpeg's muxer."""
    file = io.BytesIO()
    with av.open(file, "w", format="mpegts") as container:
        stream = container.add_mux_stream(codec, rate=FPS)
        for n, unit in enumerate(coded(codec)):
            packet = av.Packet(unit)
            packet.stream, packet.pts, packet.dts, packet.is_keyframe = stream, n, n, n % _GOP == 0
            container.mux(packet)
    return file.getvalue()


class StreamingDevice(LivingDevice):
    """Answers INVITE and sends until it is told to stop."""

    def __init__(self, *args: object, media: MediaHabits | None = None, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        self.media = media or MediaHabits()
        self.sending: list[threading.Event] = []
        self.offers: list[str] = []
        self.calls: list[str] = []

    def __exit__(self, *exc: object) -> None:
        for one in self.sending:
            one.set()
        super().__exit__(*exc)

    def _answer(self, data: bytes) -> None:
        method = data.split(b" ", 1)[0]
        if method == b"INVITE":
            self._called(data)
        elif method == b"BYE":
            self._send(self._reply_to(data, "200 OK"))
            for one in self.sending if self.media.ends_on_bye else []:
                one.set()
        elif method == b"INFO":
            self.media.controls.append(data.split(b"\r\n\r\n", 1)[1].decode())
            self._send(self._reply_to(data, "200 OK"))
        else:
            super()._answer(data)

    def _reply_to(self, data: bytes, status: str, body: str = "") -> bytes:
        found = data.split(b"\r\n\r\n")[0].decode().split("\r\n")
        heads = [one for one in found if re.match(r"(Via|From|To|Call-ID|CSeq):", one)]
        heads = [one + ";tag=99" if one.startswith("To:") and "tag=" not in one else one for one in heads]
        kind = ["Content-Type: APPLICATION/SDP"] if body else []
        lines = [f"SIP/2.0 {status}", *heads, *kind, f"Content-Length: {len(body)}", "", body]
        return "\r\n".join(lines).encode()

    def _reply(self, command: str, sn: int, asked: str) -> None:
        if command != "RecordInfo":
            super()._reply(command, sn, asked)
            return
        media = self.media
        channel = re.findall(r"<DeviceID>(\d+)</DeviceID>", asked)[0]
        begin, end = (re.findall(f"<{name}>(\\S+)</{name}>", asked)[0] for name in ("StartTime", "EndTime"))
        found = [one for one in media.records if one[0] < end and one[1] > begin]
        if page := next(media.pages):
            found = found[:page] if page > 0 else found[page:]
        items = "".join(
            f"<Item><DeviceID>{media.record_code or channel}</DeviceID><Name>x</Name>"
            f"<StartTime>{start}</StartTime><EndTime>{stop}</EndTime></Item>"
            for start, stop in found
        )
        shown = f'<RecordList Num="{len(found)}">{items}</RecordList>' if found else ""
        total = len(found) + (media.sum_more if found else 0)
        body = (
            f'<?xml version="1.0" encoding="GB2312"?><Response><CmdType>{command}</CmdType><SN>{sn}</SN>'
            f"<DeviceID>{channel}</DeviceID><SumNum>{total}</SumNum>{shown}</Response>"
        )
        self._send(self.request("MESSAGE", ["Content-Type: Application/MANSCDP+xml"], body))

    def _called(self, data: bytes) -> None:
        offer = data.split(b"\r\n\r\n", 1)[1].decode()
        if self.offers and self.offers[-1] == offer:
            return  # the same INVITE again
        self.offers.append(offer)
        media = self.media
        kind = re.findall(r"s=(\w+)", offer)[0]
        status = media.plays.get(kind, media.status)
        if not status.startswith("200"):
            self._send(self._reply_to(data, status))
            return
        self._send(self._reply_to(data, "100 Trying"))
        listener = None
        if "a=setup:active" in offer:
            listener = socket.create_server((media.host, 0))
        port = listener.getsockname()[1] if listener else 30000
        self._send(self._reply_to(data, "200 OK", self._sdp(offer, port) if media.says_sdp else ""))
        if media.sends:
            stop = threading.Event()
            self.sending.append(stop)
            call = re.search(rb"Call-ID: *(\S+)", data)
            said = (call[1].decode() if call else "", data)
            self.calls.append(said[0])
            for after_s, where in media.notices:
                timer = threading.Timer(after_s, self._tell_end, (offer, where, len(self.calls)))
                timer.daemon = True
                timer.start()
            threading.Thread(target=self._stream, args=(offer, listener, stop, said), daemon=True).start()

    def _sdp(self, offer: str, port: int) -> str:
        media = self.media
        name = {96: "PS"}.get(media.payload_type if media.container == "ps" else 96, "PS")
        lines = ["v=0", f"o={self.code} 0 0 IN IP4 {media.host}", "s=Play", f"c=IN IP4 {media.host}", "t=0 0"]
        tcp = "TCP/" if "TCP/" in offer else ""
        lines += [f"m=video {port} {tcp}RTP/AVP 96", "a=sendonly", f"a=rtpmap:96 {name}/90000"]
        if media.says_y:
            lines.append("y=" + re.findall(r"y=(\d+)", offer)[0])
        return "\r\n".join([*lines, ""])

    def _stream(
        self, offer: str, listener: socket.socket | None, stop: threading.Event, said: tuple[str, bytes]
    ) -> None:
        media = self.media
        port = int(re.search(r"m=video (\d+)", offer)[1])  # type: ignore[index]
        begun = time.monotonic()
        while media.reconnects_s and not stop.is_set():
            with contextlib.suppress(OSError), self._media_line(offer, listener, port) as line:
                line.recv(1)
            time.sleep(media.reconnects_s)
        if media.reconnects_s:
            return
        line = self._media_line(offer, listener, port)
        with contextlib.suppress(OSError), line:
            for n, packet in enumerate(self._packets(offer, stop)):
                if stop.is_set():
                    return
                if media.loses and n % media.loses == media.loses - 1:
                    continue
                self._put(line, packet)
                if media.hangs_up_after_s and time.monotonic() - begun > media.hangs_up_after_s:
                    self._bye(said)
                    return

    def _media_line(self, offer: str, listener: socket.socket | None, port: int) -> socket.socket:
        if listener is not None:
            line, _ = listener.accept()
            listener.close()
            return line
        if "a=setup:passive" in offer:
            return socket.create_connection(("127.0.0.1", port))
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        line.bind((self.media.host, 0))
        line.connect(("127.0.0.1", port))
        return line

    def _put(self, line: socket.socket, packet: bytes) -> None:
        if line.type == socket.SOCK_DGRAM:
            line.send(packet)
            return
        data = len(packet).to_bytes(2, "big") + packet
        step = self.media.write or len(data)
        for at in range(0, len(data), step):
            line.sendall(data[at : at + step])

    def _bye(self, said: tuple[str, bytes]) -> None:
        call, _ = said
        body = self.request("BYE")
        self._send(re.sub(rb"Call-ID: \S+", b"Call-ID: " + call.encode(), body))

    def _tell_end(self, offer: str, where: str, nth: int) -> None:
        channel = re.findall(r"u=(\d+):", offer)[0]
        body = (
            '<?xml version="1.0" encoding="GB2312"?><Notify><CmdType>MediaStatus</CmdType><SN>8</SN>'
            f"<DeviceID>{channel}</DeviceID><NotifyType>121</NotifyType></Notify>"
        )
        data = self.request("MESSAGE", ["Content-Type: Application/MANSCDP+xml"], body)
        if where != "outside":
            call = self.calls[nth - 1 if where == "call" else nth - 2]
            data = re.sub(rb"Call-ID: \S+", b"Call-ID: " + call.encode(), data)
        self._send(data)

    def _packets(self, offer: str, stop: threading.Event) -> Iterator[bytes]:
        media, sequence, begun = self.media, 100, time.monotonic()
        ssrc = media.ssrc if media.ssrc is not None else int(re.search(r"y=(\d+)", offer)[1])  # type: ignore[index]
        units = coded(media.codec)
        n = 0
        while not stop.is_set() and not (media.lasts_s and time.monotonic() - begun > media.lasts_s):
            stamp = 3600 * (n - n % media.frames_per_stamp)
            data = self._frame(units, n)
            for at in range(0, len(data), media.chunk):
                last = at + media.chunk >= len(data)
                head = (0x80, media.payload_type | (0x80 if last else 0), sequence % 65536, stamp)
                yield struct.pack("!BBHII", *head, ssrc) + data[at : at + media.chunk]
                sequence += 1
            if media.beside is not None:
                yield struct.pack("!BBHII", 0x80, 96, n, stamp, media.beside) + b"\0\0\1\xba garbage"
            n += 1
            time.sleep(max(0.0, begun + n / FPS - time.monotonic()))

    def _frame(self, units: tuple[bytes, ...], n: int) -> bytes:
        if self.media.container == "ts":
            whole = transport(self.media.codec)
            step = 188 * 8
            at = n * step % (len(whole) - step)
            return whole[at - at % 188 :][:step]
        return program(units[n % len(units)], n, self.media, key=n % _GOP == 0)


__all__ = ["Habits", "MediaHabits", "StreamingDevice", "coded", "program"]
