# SPDX-License-Identifier: Apache-2.0
"""The sockets of the receiver.

Bytes in, frames with their stamps out, answers back over the same connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from yanshou.acquisition.centre.event_loop import StampedSelector, StreamArrivals, acknowledge_at_once
from yanshou.model import RigFault
from yanshou.protocols.dc09 import Dc09Frame, Framer, Noise

_OVERDUE_S = 1.0  # a frame begun and not continued for so long is reported as noise


@dataclass(frozen=True, slots=True)
class Way:
    """The connection a frame came from and is answered over."""

    path: int
    transport: str  # tcp | udp
    peer: str
    send: Callable[[bytes], None]


Take = Callable[[Dc09Frame, Way], None]
TakeNoise = Callable[[Noise, Way], None]


class CentreConnection(asyncio.Protocol):
    """One TCP connection: its frames, when their bytes came, and the answers to them."""

    def __init__(
        self,
        path: int,
        selector: StampedSelector,
        take: Take,
        take_noise: TakeNoise,
        open_ones: set[CentreConnection],
    ) -> None:
        self._path = path
        self._selector = selector
        self._take = take
        self._take_noise = take_noise
        self._latest = 0.0
        self._open_ones = open_ones
        self._framer = Framer()
        self._arrivals: StreamArrivals | None = None
        self._way: Way | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._open_ones.add(self)
        self._arrivals = StreamArrivals(self._selector)
        self._way = Way(self._path, "tcp", _peer(transport.get_extra_info("peername")), self._send)
        self._acknowledge()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the shape of the protocol
        self._open_ones.discard(self)
        self._tell_noise(ended=True)

    def data_received(self, data: bytes) -> None:
        assert self._way is not None
        assert self._arrivals is not None
        at = self._arrivals.arrived(len(data))
        self._latest = at.latest
        for frame in self._framer.feed(data, at):
            self._take(frame, self._way)
        self._tell_noise()
        self._acknowledge()

    def tell_overdue(self, moment: float) -> None:
        """Report once what was begun and not ended; if the rest still arrives, it is read all the same."""
        if self._latest and moment - self._latest > _OVERDUE_S and self._way is not None:
            self._latest = 0.0
            if noise := self._framer.waiting():
                self._take_noise(noise, self._way)

    def _tell_noise(self, *, ended: bool = False) -> None:
        noise = self._framer.noise(ended=ended)
        if noise is not None and self._way is not None:
            self._take_noise(noise, self._way)

    def _send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _acknowledge(self) -> None:
        if self._transport is not None:
            acknowledge_at_once(self._transport)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, path: int, selector: StampedSelector, take: Take, take_noise: TakeNoise) -> None:
        self._path = path
        self._selector = selector
        self._take = take
        self._take_noise = take_noise
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        transport = self._transport
        assert transport is not None
        way = Way(self._path, "udp", _peer(addr), lambda answer: transport.sendto(answer, addr))
        framer = Framer()
        for frame in framer.feed(data, self._selector.arrived()):
            self._take(frame, way)
        if noise := framer.noise(ended=True):
            self._take_noise(noise, way)


def _peer(address: object) -> str:
    return f"{address[0]}:{address[1]}" if isinstance(address, tuple) and len(address) > 1 else str(address)


class Port:
    """One address, on TCP and UDP. ``path`` is its number among the receiver's addresses, from 1."""

    def __init__(
        self, path: int, host: str, port: int, selector: StampedSelector, take: Take, take_noise: TakeNoise
    ) -> None:
        self.path = path
        self.address = f"{host}:{port}"
        self._host = host
        self._port = port
        self._selector = selector
        self._take = take
        self._take_noise = take_noise
        self._open_ones: set[CentreConnection] = set()
        self._server: asyncio.Server | None = None
        self._datagrams: asyncio.DatagramTransport | None = None

    async def open(self) -> int:
        """Listen; returns the port, which the system chose if it was 0."""
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(self._connection, self._host, self._port, backlog=512)
            self._port = int(self._server.sockets[0].getsockname()[1])
            self._datagrams, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self.path, self._selector, self._take, self._take_noise),
                local_addr=(self._host, self._port),
            )
        except OSError as error:
            raise RigFault(
                f"cannot listen at {self.address}: {error.strerror or error}.",
                remedy="Free the port, or give the receiver an address of this computer.",
            ) from error
        return self._port

    def _connection(self) -> CentreConnection:
        return CentreConnection(self.path, self._selector, self._take, self._take_noise, self._open_ones)

    def tell_overdue(self, moment: float) -> None:
        """Report what was begun on an open connection and not ended in time."""
        for connection in tuple(self._open_ones):
            connection.tell_overdue(moment)

    async def close(self) -> None:
        """Stop listening and close open connections."""
        if self._server is not None:
            self._server.close()
        for connection in tuple(self._open_ones):
            connection.abort()
        if self._datagrams is not None:
            self._datagrams.close()
