# SPDX-License-Identifier: Apache-2.0
"""A second reader of a live stream over GB/T 28181: a call of its own, plain sockets, and FFmpeg's demuxer.

It shares the signalling with the first reader and nothing of the way of the media: not the reception process,
not the ordering of packets, not the walker of program streams. Times are those in the container (PTS), where
the first reader takes the RTP time stamps.
"""

from __future__ import annotations

import contextlib
import io
import socket
import struct
from collections.abc import Iterator
from typing import Final

from yanshou.drivers.gb28181.call import CallRefused, ChannelLine, Wanted, in_call, invite, next_ssrc
from yanshou.model import RigFault, now
from yanshou.model.stream import SecondReading
from yanshou.protocols.gb28181.media_offer import MediaWay

READER: Final = "FFmpeg"
_FIRST_S: Final = 10.0
_POLL_S: Final = 0.2
_BUFFER: Final = 8 * 1024 * 1024
_MOST: Final = 512 * 1024 * 1024
_HEAD: Final = 12
_DECODED: Final = 50  # frames that are decoded at most, to see the size
_FEW: Final = 2
_WRAP: Final = 0x10000


def read_by_ffmpeg(line: ChannelLine, way: MediaWay, seconds: float) -> SecondReading:
    """What FFmpeg reads of a call of ``seconds``; ``why`` says why it got nothing."""
    tcp = way is not MediaWay.UDP
    wanted = Wanted(way=MediaWay.TCP_PASSIVE if tcp else MediaWay.UDP)
    try:
        with _bound(line, tcp=tcp) as taking:
            ssrc = next_ssrc(line, wanted)
            answer, _ = invite(line, wanted, taking.getsockname()[1], ssrc)
            try:
                packets = list((_framed if tcp else _datagrams)(taking, seconds))
            finally:
                with contextlib.suppress(RigFault):  # it is not registered any more
                    in_call(line, answer, "BYE")
    except (CallRefused, OSError) as error:
        return _nothing(f"{READER}: the second call came to nothing ({error})")
    return demuxed(packets)


def _nothing(why: str) -> SecondReading:
    return SecondReading(0, None, 0, 0, why, READER)


def _bound(line: ChannelLine, *, tcp: bool) -> socket.socket:
    """A socket at one of the ports that media may come to."""
    ports = line.own.media_ports
    for port in [0] if ports is None else range(ports[0], ports[1] + 1):
        taken = socket.socket(type=socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM)
        try:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
            taken.bind((line.own.host, port))
            if tcp:
                taken.listen(1)
        except OSError:
            taken.close()
            continue
        taken.settimeout(_POLL_S)
        return taken
    raise OSError("none of media_ports is free")


def _datagrams(taken: socket.socket, seconds: float) -> Iterator[bytes]:
    until, held = now() + _FIRST_S, 0
    begun = False
    while now() < until and held < _MOST:
        with contextlib.suppress(TimeoutError):
            data = taken.recv(65_536)
            if not begun:
                begun, until = True, now() + seconds
            held += len(data)
            yield data


def _framed(listening: socket.socket, seconds: float) -> Iterator[bytes]:
    """The packets of the connection that the device opens, two bytes of length before each (RFC 4571)."""
    listening.settimeout(_FIRST_S)
    connection, _ = listening.accept()
    with connection, connection.makefile("rb") as stream:
        connection.settimeout(_FIRST_S)
        until, held = now() + seconds, 0
        while now() < until and held < _MOST:
            head = stream.read(2)
            data = stream.read(struct.unpack(">H", head)[0]) if len(head) == 2 else b""  # noqa: PLR2004
            if not data:
                return
            held += len(data)
            yield data


def demuxed(packets: list[bytes]) -> SecondReading:
    """What FFmpeg's demuxer finds in the payloads of RTP packets, in the order of their numbers."""
    import av  # noqa: PLC0415 - its codecs take a while to load

    payload = b"".join(_payloads(packets))
    if not payload:
        return _nothing(f"{READER}: no packet came")
    times: list[tuple[int, int]] = []  # the number of a frame and its time; some devices give few frames one
    count = 0
    size = (0, 0)
    try:
        with av.open(io.BytesIO(payload), "r", format="mpeg") as found:
            video = next((one for one in found.streams if one.type == "video"), None)
            if video is None or video.time_base is None:
                return _nothing(f"{READER} found no video in the stream")
            base = video.time_base
            for packet in found.demux(video):
                at = packet.pts if packet.dts is None else packet.dts
                if at is not None:
                    times.append((count, at))
                if size == (0, 0) and count < _DECODED:
                    size = _size_of(packet)
                count += packet.size > 0
    except av.FFmpegError as error:
        return _nothing(f"{READER} could not read the stream ({error})")
    span = float((times[-1][1] - times[0][1]) * base) if times else 0.0
    fps = (times[-1][0] - times[0][0]) / span if count > _FEW and span > 0 else None
    return SecondReading(count, fps, *size, "" if count else f"{READER} found no picture", READER)


def _size_of(packet: object) -> tuple[int, int]:
    import av  # noqa: PLC0415

    assert isinstance(packet, av.Packet)
    with contextlib.suppress(av.FFmpegError):
        for frame in packet.decode():
            if isinstance(frame, av.VideoFrame):
                return frame.width, frame.height
    return 0, 0


def _payloads(packets: list[bytes]) -> Iterator[bytes]:
    """Payloads of the source that sent most, in the order of their numbers (RFC 3550 5.1)."""
    heads = [(int.from_bytes(one[8:12]), one) for one in packets if _is_rtp(one)]
    sources = [ssrc for ssrc, _ in heads]
    ours = max(set(sources), key=sources.count, default=None)
    numbered: dict[int, bytes] = {}
    last = None
    for ssrc, one in heads:
        if ssrc != ours:
            continue
        number = int.from_bytes(one[2:4])
        if last is not None:
            number = last + ((number - last + _WRAP // 2) % _WRAP - _WRAP // 2)
        numbered[number] = one
        last = number if last is None else max(last, number)
    for _, one in sorted(numbered.items()):
        yield _payload(one)


def _is_rtp(data: bytes) -> bool:
    return len(data) > _HEAD and data[0] >> 6 == 2 and not 200 <= data[1] < 212  # noqa: PLR2004 - RTCP beside it


def _payload(data: bytes) -> bytes:
    start = _HEAD + 4 * (data[0] & 0x0F)
    if data[0] & 0x10 and len(data) >= start + 4:
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4])
    end = len(data) - (data[-1] if data[0] & 0x20 else 0)
    return data[start:end]
