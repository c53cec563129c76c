# SPDX-License-Identifier: Apache-2.0
"""Where a receiving process listens: its address on TCP and UDP, and the connections that come in."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Final, Generic, TypeVar, cast

from yanshou.model import RigFault

_TRIES: Final = 5  # the port that the system chose for TCP may be taken on UDP


class AnsweringConnection(asyncio.Protocol):
    """A TCP connection whose answers go back over itself."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @property
    def is_open(self) -> bool:
        """Whether the connection still stands."""
        return self._transport is not None and not self._transport.is_closing()

    def send(self, data: bytes) -> None:
        """Send, unless the connection is gone."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def abort(self) -> None:
        """End at once."""
        if self._transport is not None:
            self._transport.abort()


class AnsweringDatagrams(asyncio.DatagramProtocol):
    """A UDP socket whose answers go back to where a datagram came from."""

    def __init__(self) -> None:
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def sender(self, addr: tuple[str, int]) -> Callable[[bytes], None]:
        """What sends an answer to ``addr``."""
        transport = self._transport
        assert transport is not None
        return lambda answer: transport.sendto(answer, addr)


_Connection = TypeVar("_Connection", bound=AnsweringConnection)


class Listening(Generic[_Connection]):
    """What listens at one address; a connection adds itself to ``open_ones`` and takes itself out."""

    def __init__(self) -> None:
        self.open_ones: set[_Connection] = set()
        self._server: asyncio.Server | None = None
        self._datagrams: asyncio.DatagramTransport | None = None

    async def open(
        self,
        address: tuple[str, int],
        connection: Callable[[], _Connection],
        fault: Callable[[str], RigFault],
        datagrams: Callable[[], AnsweringDatagrams] | None = None,
        *,
        held: int = 0,
    ) -> int:
        """Listen on TCP, and on UDP at the same number if there are ``datagrams``.

        Returns the port, which the system chose if it was 0. An address that cannot be had raises ``fault``
        of the reason. ``held`` bytes of datagrams may wait to be read, where the system grants that.
        """
        tries = _TRIES if address[1] == 0 and datagrams is not None else 1
        for left in reversed(range(tries)):
            try:
                return await self._opened(address, connection, datagrams, held)
            except OSError as error:
                self.close()
                if not left:
                    raise fault(error.strerror or str(error)) from error
        raise AssertionError

    async def _opened(
        self,
        address: tuple[str, int],
        connection: Callable[[], _Connection],
        datagrams: Callable[[], AnsweringDatagrams] | None,
        held: int,
    ) -> int:
        host, port = address
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(connection, host, port, backlog=512)
        number = int(self._server.sockets[0].getsockname()[1])
        if datagrams is not None:
            self._datagrams, _ = await loop.create_datagram_endpoint(datagrams, local_addr=(host, number))
            if held:
                line: socket.socket = self._datagrams.get_extra_info("socket")
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, held)
        return number

    def close(self) -> None:
        """Stop listening and close open connections."""
        if self._server is not None:
            self._server.close()
        for connection in tuple(self.open_ones):
            connection.abort()
        if self._datagrams is not None:
            self._datagrams.close()


def peer_of(address: object) -> str:
    """``host:port`` of an address of the other side."""
    return f"{address[0]}:{address[1]}" if isinstance(address, tuple) and len(address) > 1 else str(address)
