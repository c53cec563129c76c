# SPDX-License-Identifier: Apache-2.0
"""The sockets of the platform: SIP over UDP and TCP; an answer goes back on the connection it belongs to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

from yanshou.acquisition.centre.event_loop import StampedSelector, StreamArrivals, acknowledge_at_once
from yanshou.model import Instant, RigFault
from yanshou.protocols.gb28181 import SipFrame, SipFramer, SipNoise

MOST_OPEN: Final = 4096
_HELD: Final = 4 * 1024 * 1024  # bytes that may wait to be read: after a restart all devices register at once


@dataclass(frozen=True, slots=True)
class SipArrival:
    """The bytes of one message and their arrival; ``framed`` says that they come from a stream."""

    data: bytes
    first: Instant
    complete: Instant
    framed: bool


@dataclass(frozen=True, slots=True)
class SipWay:
    """The connection or address that a message came from, and that its answer goes to."""

    transport: str  # tcp | udp
    peer: str
    send: Callable[[bytes], None]


TakeSip = Callable[[SipArrival, SipWay], None]
TakeSipNoise = Callable[[SipNoise, SipWay], None]


class _SipConnection(asyncio.Protocol):
    def __init__(self, port: SipPort) -> None:
        self._port = port
        self._framer = SipFramer()
        self._arrivals: StreamArrivals | None = None
        self._transport: asyncio.Transport | None = None
        self._way: SipWay | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._arrivals = StreamArrivals(self._port.selector)
        self._way = SipWay("tcp", _peer(transport.get_extra_info("peername")), self._send)
        if len(self._port.open_ones) >= MOST_OPEN:
            self._transport.abort()
            return
        self._port.open_ones.add(self)
        acknowledge_at_once(transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the shape of the protocol
        self._port.open_ones.discard(self)
        rest = self._framer.end(self._port.selector.arrived())
        if rest is not None and self._way is not None:
            self._port.take_noise(rest, self._way)

    def data_received(self, data: bytes) -> None:
        assert self._arrivals is not None
        assert self._way is not None
        assert self._transport is not None
        for one in self._framer.feed(data, self._arrivals.arrived(len(data))):
            if isinstance(one, SipFrame):
                arrival = SipArrival(one.data + one.tail, one.first, one.complete, framed=True)
                self._port.take(arrival, self._way)
            else:
                self._port.take_noise(one, self._way)
        acknowledge_at_once(self._transport)

    def _send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def abort(self) -> None:
        """End at once."""
        if self._transport is not None:
            self._transport.abort()


class _SipDatagrams(asyncio.DatagramProtocol):
    def __init__(self, port: SipPort) -> None:
        self._port = port
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        transport = self._transport
        assert transport is not None
        at = self._port.selector.arrived()
        if data.strip(b"\r\n\0 "):  # else a keep-alive of the path through a router
            way = SipWay("udp", _peer(addr), lambda answer: transport.sendto(answer, addr))
            self._port.take(SipArrival(data, at, at, framed=False), way)


def _peer(address: object) -> str:
    return f"{address[0]}:{address[1]}" if isinstance(address, tuple) and len(address) > 1 else str(address)


class SipPort:
    """One address, the same number on TCP and UDP."""

    def __init__(self, selector: StampedSelector, take: TakeSip, take_noise: TakeSipNoise) -> None:
        self.selector = selector
        self.take = take
        self.take_noise = take_noise
        self.open_ones: set[_SipConnection] = set()
        self._server: asyncio.Server | None = None
        self._datagrams: asyncio.DatagramTransport | None = None

    async def open(self, host: str, port: int) -> int:
        """Listen; returns the port, which the system chose if it was 0."""
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(lambda: _SipConnection(self), host, port, backlog=512)
            number = int(self._server.sockets[0].getsockname()[1])
            self._datagrams, _ = await loop.create_datagram_endpoint(
                lambda: _SipDatagrams(self), local_addr=(host, number)
            )
            line: socket.socket = self._datagrams.get_extra_info("socket")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _HELD)  # the system may grant less
        except OSError as error:
            raise RigFault(
                f"cannot listen for SIP at {host}:{port}: {error.strerror or error}.",
                remedy="Free the port, or give the platform an address of this computer.",
            ) from error
        return number

    async def close(self) -> None:
        """Stop listening and close open connections."""
        if self._server is not None:
            self._server.close()
        for connection in tuple(self.open_ones):
            connection.abort()
        if self._datagrams is not None:
            self._datagrams.close()
