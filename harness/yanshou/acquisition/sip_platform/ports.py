# SPDX-License-Identifier: Apache-2.0
"""The sockets of the platform: SIP over UDP and TCP; an answer goes back on the connection it belongs to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from yanshou.acquisition.centre.event_loop import StampedSelector, StreamArrivals, acknowledge_at_once
from yanshou.acquisition.listening import AnsweringConnection, AnsweringDatagrams, Listening, peer_of
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
    """The connection or address that a message came from, and that its answer goes to.

    ``open`` says whether it can still be used; an address always can.
    """

    transport: str  # tcp | udp
    peer: str
    send: Callable[[bytes], None]
    open: Callable[[], bool] = lambda: True


TakeSip = Callable[[SipArrival, SipWay], None]
TakeSipNoise = Callable[[SipNoise, SipWay], None]


class _SipConnection(AnsweringConnection):
    def __init__(self, port: SipPort) -> None:
        super().__init__()
        self._port = port
        self._framer = SipFramer()
        self._arrivals: StreamArrivals | None = None
        self._way: SipWay | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._arrivals = StreamArrivals(self._port.selector)
        self._way = SipWay(
            "tcp", peer_of(transport.get_extra_info("peername")), self.send, lambda: self.is_open
        )
        if len(self._port.listening.open_ones) >= MOST_OPEN:
            self.abort()
            return
        self._port.listening.open_ones.add(self)
        acknowledge_at_once(transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the shape of the protocol
        self._port.listening.open_ones.discard(self)
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


class _SipDatagrams(AnsweringDatagrams):
    def __init__(self, port: SipPort) -> None:
        super().__init__()
        self._port = port

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        at = self._port.selector.arrived()
        if data.strip(b"\r\n\0 "):  # else a keep-alive of the path through a router
            way = SipWay("udp", peer_of(addr), self.sender(addr))
            self._port.take(SipArrival(data, at, at, framed=False), way)


class SipPort:
    """One address, the same number on TCP and UDP."""

    def __init__(self, selector: StampedSelector, take: TakeSip, take_noise: TakeSipNoise) -> None:
        self.selector = selector
        self.take = take
        self.take_noise = take_noise
        self.listening: Listening[_SipConnection] = Listening()

    async def open(self, host: str, port: int) -> int:
        """Listen; returns the port, which the system chose if it was 0."""

        def fault(why: str) -> RigFault:
            return RigFault(
                f"cannot listen for SIP at {host}:{port}: {why}.",
                remedy="Free the port, or give the platform an address of this computer.",
            )

        return await self.listening.open(
            (host, port), lambda: _SipConnection(self), fault, lambda: _SipDatagrams(self), held=_HELD
        )

    def close(self) -> None:
        """Stop listening and close open connections."""
        self.listening.close()
