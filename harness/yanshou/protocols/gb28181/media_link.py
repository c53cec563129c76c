# SPDX-License-Identifier: Apache-2.0
"""The sockets that media comes to: RTP and RTCP over UDP, or RTP over TCP with its lengths (RFC 4571)."""

from __future__ import annotations

import random
import selectors
import socket
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from yanshou.model import RigFault, now
from yanshou.protocols.gb28181.media_offer import MediaWay
from yanshou.protocols.rtsp.arrival import POLL_S, Arrivals
from yanshou.protocols.rtsp.datagrams import DatagramSocket

_READ: Final = 256 * 1024
_PAIRS: Final = 64
_DISCARD: Final = 9  # the port that is offered where the platform itself connects (RFC 4145)
_RESET: Final = struct.pack("HH" if sys.platform == "win32" else "ii", 1, 0)  # close at once, by RST
_RTCP: Final = range(200, 212)  # payload types of RTCP beside RTP on one connection (RFC 5761)


@dataclass(frozen=True, slots=True)
class MediaPiece:
    """One RTP or RTCP packet: its bytes, the host it came from, and its arrival (``model.now``)."""

    data: bytes
    host: str
    at: float
    control: bool


class LengthFramer:
    """The packets of one TCP connection, two bytes of length before each; memory is bounded by one packet."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Take what arrived; returns the packets that are whole with it."""
        self._held += data
        found, at = [], 0
        while len(self._held) >= at + 2:
            end = at + 2 + int.from_bytes(self._held[at : at + 2])
            if len(self._held) < end:
                break
            found.append(self._held[at + 2 : end])
            at = end
        self._held = self._held[at:]
        return [one for one in found if one]


class MediaLink:
    """Bound to ``host``, at one of ``ports`` (first and last), before ``port`` is offered.

    ``closed`` says in words why no more will come; ``connections`` when each TCP connection was there
    (``model.now``), ``refused`` how many more were turned away. ``refuse``: each is reset at once.
    """

    def __init__(
        self,
        host: str,
        way: MediaWay,
        device: str,
        ports: Sequence[int] | None = None,
        *,
        refuse: bool = False,
    ) -> None:
        self.device, self.way, self.closed = device, way, ""
        self.connections: list[float] = []
        self.refused = 0
        self._refuse = refuse
        self._host = host
        self._ports = ports
        self._selector = selectors.DefaultSelector()
        self._udp: list[DatagramSocket] = []
        self._listener: socket.socket | None = None
        self._stream: socket.socket | None = None
        self._peer = ""
        self._framer = LengthFramer()
        self._arrivals = Arrivals()
        self._late_s = 0.0
        try:
            self.port = self._open()
        except OSError as error:
            self.close()
            raise RigFault(
                f"cannot receive media at {host}: {error.strerror or error}.",
                device=device,
                remedy="Give [gb28181] an address of this computer as host.",
            ) from None

    def _open(self) -> int:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        if self.way is MediaWay.TCP_ACTIVE:
            return _DISCARD
        open_at = self._open_pair if self.way is MediaWay.UDP else self._open_listener
        for port in self._candidates():
            with suppress(OSError):
                return open_at(family, port)
        raise OSError("no port is free")

    def _candidates(self) -> list[int]:
        """The ports to try: any (0), or those of the range, for UDP the even ones, in random order."""
        if self._ports is None:
            return [0] * _PAIRS
        ports = list(range(self._ports[0], self._ports[1] + 1))
        if self.way is MediaWay.UDP:
            ports = [port for port in ports if port % 2 == 0 and port < self._ports[1]]
        random.shuffle(ports)  # sessions in a row do not get each other's late packets
        return ports

    def _open_pair(self, family: int, port: int) -> int:
        """An even port for RTP and the next one for RTCP."""
        first = DatagramSocket(family, (self._host, port))
        while first.port % 2:  # RTP has the even port
            first.wire.close()
            first = DatagramSocket(family, (self._host, port))
        try:
            self._udp = [first, DatagramSocket(family, (self._host, first.port + 1))]
        except OSError:
            first.wire.close()
            raise
        for one in self._udp:
            self._selector.register(one.wire, selectors.EVENT_READ, one)
        return first.port

    def _open_listener(self, family: int, port: int) -> int:
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.bind((self._host, port))
            listener.listen(8)
        except OSError:
            listener.close()
            raise
        listener.setblocking(False)
        self._listener = listener
        self._selector.register(listener, selectors.EVENT_READ)
        return int(listener.getsockname()[1])

    def connect(self, host: str, port: int, timeout_s: float) -> None:
        """Connect to the device, where the platform does that; RigFault if it cannot."""
        try:
            stream = socket.create_connection((host, port), timeout_s, source_address=(self._host, 0))
        except OSError as error:
            what = f"no media connection to {host}:{port}: {error.strerror or error}."
            raise RigFault(what, device=self.device) from None
        self._take(stream, host)

    def _take(self, stream: socket.socket, host: str) -> None:
        stream.setblocking(False)
        self._stream, self._peer, self._framer = stream, host, LengthFramer()
        self.connections.append(now())
        self._arrivals.seen_empty(now())
        self._selector.register(stream, selectors.EVENT_READ)

    @property
    def dropped(self) -> int | None:
        """Datagrams that this computer dropped unread; None if unknown, 0 over TCP."""
        counts = [one.dropped for one in self._udp[:1]]
        return None if None in counts else sum(count or 0 for count in counts)

    @property
    def buffer_bytes(self) -> int | None:
        """The receive buffer that was granted for RTP; None without UDP."""
        return self._udp[0].granted if self._udp else None

    @property
    def late_s(self) -> float:
        """By how much a stamp may be later than the arrival at the most, in seconds."""
        return max([self._late_s, *(one.late_s for one in self._udp[:1])])

    def receive(self, until: float) -> Iterator[MediaPiece]:
        """Whatever the next readable socket brings; nothing when ``until`` or a look passes."""
        asked = now()
        stamped = bool(self._udp) and all(one.stamped for one in self._udp)
        most = until if stamped else min(until, asked + POLL_S)
        if not self._selector.get_map():
            time.sleep(max(0.0, min(until - asked, POLL_S)))
            return
        ready = self._selector.select(max(0.0, most - asked))
        if not ready:
            for one in (self._arrivals, *(udp.arrivals for udp in self._udp)):
                one.seen_empty(asked)
        for key, _ in ready:
            if isinstance(key.data, DatagramSocket):
                for data, host, at in key.data.read():
                    yield MediaPiece(data, host, at, key.data is not self._udp[0])
            elif key.fileobj is self._listener:
                self._accept()
            else:
                yield from self._read_stream()

    def _accept(self) -> None:
        assert self._listener is not None
        with suppress(OSError):
            stream, address = self._listener.accept()
            if self._refuse:
                self.connections.append(now())
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                stream.close()
                return
            if self._stream is not None:
                stream.close()
                self.refused += 1
                return
            self._take(stream, str(address[0]))

    def _read_stream(self) -> Iterator[MediaPiece]:
        assert self._stream is not None
        before = now()
        try:
            data = self._stream.recv(_READ)
        except BlockingIOError:
            return
        except OSError as error:
            data, self.closed = b"", f"the media connection broke: {error.strerror or error}"
        at, late_s = self._arrivals.stamp()
        if len(data) < _READ:
            self._arrivals.seen_empty(before)
        if not data:
            self.closed = self.closed or "the device closed the media connection"
            self._drop()
            return
        pieces = self._framer.feed(data)
        self._late_s = max(self._late_s, late_s) if pieces else self._late_s
        for one in pieces:
            yield MediaPiece(one, self._peer, at, len(one) > 1 and one[1] in _RTCP)

    def _drop(self) -> None:
        if self._stream is not None:
            self._selector.unregister(self._stream)
            self._stream.close()
            self._stream = None

    def close(self) -> None:
        """Close every socket."""
        self._selector.close()
        for one in (self._listener, self._stream, *(udp.wire for udp in self._udp)):
            if one is not None:
                with suppress(OSError):
                    one.close()
