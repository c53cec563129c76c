# SPDX-License-Identifier: Apache-2.0
"""The connection of an emulated device to its platform: SIP over UDP or TCP, always opened by the device."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Protocol, cast

from yanshou.emulation.gb28181.sip_text import StreamCutter

SIGN_OF_LIFE = b"\r\n\r\n"
"""Keeps the path through a router open (RFC 5626 3.5.1), and shows whether anybody is there."""

Take = Callable[[bytes], None]
Lost = Callable[[], None]


class DeviceLink(Protocol):
    """One open connection; ``own`` is the device's address in it."""

    own: tuple[str, int]

    def send(self, data: bytes) -> None:
        """Send one message."""

    def close(self) -> None:
        """Close it."""


class _UdpLink(asyncio.DatagramProtocol):
    def __init__(self, take: Take, lost: Lost) -> None:
        self._take, self._lost = take, lost
        self._transport: asyncio.DatagramTransport | None = None
        self.own = ("", 0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)  # by shape alone in some versions
        self.own = transport.get_extra_info("sockname")[:2]

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - the shape of the protocol
        self._take(data)

    def error_received(self, exc: Exception) -> None:  # noqa: ARG002 - nobody is at the address
        self._lost()

    def send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class _TcpLink(asyncio.Protocol):
    def __init__(self, take: Take, lost: Lost) -> None:
        self._take, self._lost = take, lost
        self._cutter = StreamCutter()
        self._transport: asyncio.Transport | None = None
        self._closed = False
        self.own = ("", 0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.own = transport.get_extra_info("sockname")[:2]

    def data_received(self, data: bytes) -> None:
        for message in self._cutter.feed(data):
            self._take(message)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the shape of the protocol
        if not self._closed:
            self._lost()

    def send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        self._closed = True
        if self._transport is not None:
            self._transport.close()


async def open_link(transport: str, address: tuple[str, int], take: Take, lost: Lost) -> DeviceLink | None:
    """Connect to the platform; None if nobody is there (over UDP that shows only at the first message)."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError):
        if transport == "tcp":
            _, link = await loop.create_connection(lambda: _TcpLink(take, lost), *address)
            return link
        _, datagrams = await loop.create_datagram_endpoint(lambda: _UdpLink(take, lost), remote_addr=address)
        return datagrams
    return None
