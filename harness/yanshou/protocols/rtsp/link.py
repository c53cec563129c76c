# SPDX-License-Identifier: Apache-2.0
"""The sockets of one RTSP session: control over TCP, media interleaved in it or over UDP."""

from __future__ import annotations

import selectors
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from yanshou.model import RigFault, now
from yanshou.protocols.rtsp.arrival import POLL_S, Arrivals
from yanshou.protocols.rtsp.datagrams import DatagramSocket
from yanshou.protocols.rtsp.message import BrokenStream, Interleaved, RtspRequest, RtspResponse, RtspWire

_READ: Final = 256 * 1024
_REFUSED_TLS: Final = "Check the device's certificate, or set `tls_verify = false` in its connection."


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message or media packet and the moment (``model.now``) by which it had arrived."""

    message: RtspResponse | RtspRequest | Interleaved
    at: float


class RtspLink:
    """Connects to host:port within ``timeout_s`` seconds; every wait after that names its own deadline.

    ``tls``: the control connection, and what is interleaved in it, runs inside TLS (RTSPS).
    """

    def __init__(
        self, host: str, port: int, *, timeout_s: float, device: str, tls: ssl.SSLContext | None = None
    ) -> None:
        self.device = device
        self.closed = ""  # why nothing more will arrive, in words
        self._wire = RtspWire()
        self._udp: dict[DatagramSocket, int] = {}
        self._arrivals = Arrivals()
        self._late_s = 0.0  # of media in the control connection
        self._selector = selectors.DefaultSelector()
        try:
            self._control = _connected(host, port, timeout_s, tls)
        except OSError as error:
            self._selector.close()
            raise RigFault(
                f"no RTSP connection to {host}:{port}: {error.strerror or error}.",
                device=device,
                remedy=_REFUSED_TLS
                if isinstance(error, ssl.SSLError)
                else "Check that the device is on and that its RTSP port is right.",
            ) from None
        self._selector.register(self._control, selectors.EVENT_READ)
        self.peer = str(self._control.getpeername()[0])

    def send(self, data: bytes) -> None:
        """Send a request; RigFault if the connection is lost or stuck."""
        try:
            self._control.sendall(data)
        except OSError as error:
            self.closed = self.closed or f"the connection broke: {error.strerror or error}"
            raise RigFault(
                f"the RTSP connection broke: {error.strerror or error}.", device=self.device
            ) from None

    def open_udp(self, channel: int) -> tuple[int, int]:
        """Two neighbouring UDP ports (even, odd) for RTP and RTCP, read as ``channel`` and the next."""
        family = self._control.family
        own = self._control.getsockname()[0]
        for _ in range(64):
            first = DatagramSocket(family, (own, 0))
            port = first.port
            with suppress(OSError):
                if port % 2 == 0:
                    second = DatagramSocket(family, (own, port + 1))
                    self._register(first, channel)
                    self._register(second, channel + 1)
                    return port, port + 1
            first.wire.close()
        raise RigFault("no pair of UDP ports is free on this machine.", device=self.device)

    def _register(self, udp: DatagramSocket, channel: int) -> None:
        self._udp[udp] = channel
        self._selector.register(udp.wire, selectors.EVENT_READ, udp)

    @property
    def dropped(self) -> int | None:
        """Datagrams of media that this computer dropped unread; None if unknown."""
        counts = [udp.dropped for udp in self._udp]
        return None if None in counts else sum(count or 0 for count in counts)

    @property
    def buffer_bytes(self) -> int | None:
        """The smallest receive buffer that was granted; None without UDP."""
        return min((udp.granted for udp in self._udp), default=None)

    @property
    def late_s(self) -> float:
        """By how much the stamp of a media packet may be later than its arrival, at the most, in seconds."""
        return max([self._late_s, *(udp.late_s for udp in self._udp)])

    @property
    def _stamped(self) -> bool:
        """Whether the kernel stamps all media, so that this process may sleep until something comes."""
        return bool(self._udp) and all(udp.stamped for udp in self._udp)

    def receive(self, until: float) -> Iterator[Arrived]:
        """Whatever the next readable socket brings; nothing when ``until`` (``model.now``) or a look passes.

        Without stamps of the kernel it looks every few milliseconds, which brackets what arrives.
        """
        if self.closed and not self._udp:
            return
        asked = now()
        most = until if self._stamped else min(until, asked + POLL_S)
        ready = self._selector.select(max(0.0, most - asked))
        if not ready:
            for one in (self._arrivals, *(udp.arrivals for udp in self._udp)):
                one.seen_empty(asked)
        for key, _ in ready:
            if key.fileobj is self._control:
                yield from self._read_control()
            else:
                assert isinstance(key.data, DatagramSocket)
                yield from self._read_udp(key.data)

    def _read_control(self) -> Iterator[Arrived]:
        before = now()
        try:
            data = self._control.recv(_READ)
            while isinstance(self._control, ssl.SSLSocket) and self._control.pending():
                data += self._control.recv(_READ)  # already decrypted, so no selector would report it
        except OSError as error:
            data = b""
            self.closed = f"the connection broke: {error.strerror or error}"
        at, late_s = self._arrivals.stamp()
        if len(data) < _READ:
            self._arrivals.seen_empty(before)
        if not data:
            self.closed = self.closed or "the device closed the connection"
            self._selector.unregister(self._control)
            return
        try:
            for message in self._wire.feed(data):
                if isinstance(message, Interleaved):
                    self._late_s = max(self._late_s, late_s)
                yield Arrived(message, at)
        except BrokenStream as error:
            self.closed = f"the device sent {error}"
            self._selector.unregister(self._control)

    def _read_udp(self, udp: DatagramSocket) -> Iterator[Arrived]:
        for data, source, at in udp.read():
            if source == self.peer:
                yield Arrived(Interleaved(self._udp[udp], data), at)

    def greet(self, ports: tuple[int, int]) -> None:
        """Send one empty datagram to each port of the server, so that firewalls let the stream through."""
        for udp, port in zip(self._udp, ports, strict=False):
            with suppress(OSError):
                udp.wire.sendto(b"", (self.peer, port))

    def close(self) -> None:
        """Close every socket."""
        self._selector.close()
        for sock in (self._control, *(udp.wire for udp in self._udp)):
            with suppress(OSError):
                sock.close()


def _connected(host: str, port: int, timeout_s: float, tls: ssl.SSLContext | None) -> socket.socket:
    control = socket.create_connection((host, port), timeout_s)
    control.settimeout(timeout_s)
    control.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        return control if tls is None else tls.wrap_socket(control, server_hostname=host)
    except OSError:
        control.close()
        raise
