# SPDX-License-Identifier: Apache-2.0
"""The sockets of the receiver.

Bytes in, frames with their stamps out, answers back over the same connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from yanshou.acquisition.centre.event_loop import StampedSelector, StreamArrivals, acknowledge_at_once
from yanshou.acquisition.listening import AnsweringConnection, AnsweringDatagrams, Listening, peer_of
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


class CentreConnection(AnsweringConnection):
    """One TCP connection: its frames, when their bytes came, and the answers to them."""

    def __init__(
        self,
        path: int,
        selector: StampedSelector,
        take: Take,
        take_noise: TakeNoise,
        open_ones: set[CentreConnection],
    ) -> None:
        super().__init__()
        self._path = path
        self._selector = selector
        self._take = take
        self._take_noise = take_noise
        self._latest = 0.0
        self._open_ones = open_ones
        self._framer = Framer()
        self._arrivals: StreamArrivals | None = None
        self._way: Way | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._open_ones.add(self)
        self._arrivals = StreamArrivals(self._selector)
        self._way = Way(self._path, "tcp", peer_of(transport.get_extra_info("peername")), self.send)
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

    def _acknowledge(self) -> None:
        if self._transport is not None:
            acknowledge_at_once(self._transport)


class _Datagrams(AnsweringDatagrams):
    def __init__(self, path: int, selector: StampedSelector, take: Take, take_noise: TakeNoise) -> None:
        super().__init__()
        self._path = path
        self._selector = selector
        self._take = take
        self._take_noise = take_noise

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        way = Way(self._path, "udp", peer_of(addr), self.sender(addr))
        framer = Framer()
        for frame in framer.feed(data, self._selector.arrived()):
            self._take(frame, way)
        if noise := framer.noise(ended=True):
            self._take_noise(noise, way)


class Port:
    """One address, on TCP and UDP. ``path`` is its number among the receiver's addresses, from 1."""

    def __init__(
        self, path: int, host: str, port: int, selector: StampedSelector, take: Take, take_noise: TakeNoise
    ) -> None:
        self.path = path
        self._address = (host, port)
        self._selector = selector
        self._take = take
        self._take_noise = take_noise
        self._listening: Listening[CentreConnection] = Listening()

    async def open(self) -> int:
        """Listen; returns the port, which the system chose if it was 0."""
        return await self._listening.open(
            self._address,
            self._connection,
            self._fault,
            lambda: _Datagrams(self.path, self._selector, self._take, self._take_noise),
        )

    def _fault(self, why: str) -> RigFault:
        host, port = self._address
        return RigFault(
            f"cannot listen at {host}:{port}: {why}.",
            remedy="Free the port, or give the receiver an address of this computer.",
        )

    def _connection(self) -> CentreConnection:
        return CentreConnection(
            self.path, self._selector, self._take, self._take_noise, self._listening.open_ones
        )

    def tell_overdue(self, moment: float) -> None:
        """Report what was begun on an open connection and not ended in time."""
        for connection in tuple(self._listening.open_ones):
            connection.tell_overdue(moment)

    def close(self) -> None:
        """Stop listening and close open connections."""
        self._listening.close()
