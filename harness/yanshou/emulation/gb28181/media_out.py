# SPDX-License-Identifier: Apache-2.0
"""How RTP leaves an emulated device: over UDP, or over TCP behind two bytes of length (RFC 4571)."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import Callable, Iterable, Sequence

from yanshou.emulation.video.transports import PlantedLoss, port_pair

RECONNECT_S = 1.5
"""Between two attempts to open a media connection again (2022, annex D: at least 1 s, three times)."""
ATTEMPTS = 3
_BACKLOG = 4 << 20
_ACCEPTED_S = 10.0


class DatagramMedia:
    """RTP by UDP to one port, RTCP to the next (RFC 3550, 11); what comes back is not read."""

    header = "RTP/AVP"

    def __init__(
        self, transport: asyncio.DatagramTransport, control: asyncio.DatagramTransport, loss: PlantedLoss
    ) -> None:
        self._transport, self._control, self._loss = transport, control, loss
        self.own: tuple[str, int] = transport.get_extra_info("sockname")[:2]

    def rtp(self, packets: Sequence[bytes]) -> None:
        """Send the packets of one frame."""
        if not self._transport.is_closing():
            for packet in self._loss.keep(packets):
                self._transport.sendto(packet)

    def rtcp(self, packet: bytes) -> None:
        """Send one compound RTCP packet."""
        if not self._control.is_closing():
            self._control.sendto(packet)

    @property
    def clogged(self) -> bool:
        """Whether the receiver is far behind."""
        return False

    async def drain(self) -> None:
        """Wait a moment, so that the receiver is not flooded."""
        await asyncio.sleep(0.001)

    def close(self) -> None:
        """Free the ports."""
        self._transport.close()
        self._control.close()


class FramedMedia:
    """RTP by TCP. A connection that the device opened and that broke is opened again, a few times."""

    header = "TCP/RTP/AVP"

    def __init__(self, loss: PlantedLoss, again_s: float | None, report: Callable[[str], None]) -> None:
        self._loss, self._again_s, self._report = loss, again_s, report
        self._writer: asyncio.StreamWriter | None = None
        self._server: asyncio.Server | None = None
        self._task: asyncio.Task[None] | None = None
        self._open = asyncio.Event()
        self.given_up = False
        self.own = ("", 0)

    async def listen(self, host: str) -> None:
        """Wait for the platform, which connects."""
        self._server = await asyncio.start_server(self._accepted, host, 0)
        self.own = self._server.sockets[0].getsockname()[:2]

    def call(self, address: tuple[str, int]) -> None:
        """Connect to the platform, now and again when the connection breaks."""
        self._task = asyncio.ensure_future(self._stay(address))

    async def ready(self) -> bool:
        """Wait until it is connected for the first time; False if that takes too long or it gave up."""
        try:
            await asyncio.wait_for(self._open.wait(), _ACCEPTED_S)
        except TimeoutError:
            return False
        return not self.given_up

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._serve(reader, writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._open.set()
        with contextlib.suppress(OSError):
            while await reader.read(65536):
                pass
        self._open.clear()
        writer.close()

    async def _stay(self, address: tuple[str, int]) -> None:
        left = ATTEMPTS
        while True:
            try:
                reader, writer = await asyncio.open_connection(*address)
            except OSError:  # refused, or reset before it was there
                self._report("media_refused")
            else:
                left = ATTEMPTS
                self._report("media_connected")
                await self._serve(reader, writer)
                self._report("media_broken")
            if self._again_s is None or not left:
                break
            left -= 1
            await asyncio.sleep(self._again_s)
        self.given_up = True
        self._open.set()  # nobody waits any longer

    def rtp(self, packets: Sequence[bytes]) -> None:
        """Send the packets of one frame."""
        self._write(self._loss.keep(packets))

    def rtcp(self, packet: bytes) -> None:
        """Send one compound RTCP packet in the same connection (RFC 5761)."""
        self._write([packet])

    def _write(self, packets: Iterable[bytes]) -> None:
        writer = self._writer
        if writer is not None and self._open.is_set() and not writer.is_closing():
            writer.write(b"".join(struct.pack(">H", len(packet)) + packet for packet in packets))

    @property
    def clogged(self) -> bool:
        """Whether the receiver is far behind."""
        return self._writer is not None and self._writer.transport.get_write_buffer_size() > _BACKLOG

    async def drain(self) -> None:
        """Wait until the receiver has taken most of what was sent."""
        if self._writer is not None and self._open.is_set():
            with contextlib.suppress(OSError):
                await self._writer.drain()
        await asyncio.sleep(0)

    def close(self) -> None:
        """Close the connection and the port."""
        if self._task is not None:
            self._task.cancel()
        if self._server is not None:
            self._server.close()
        if self._writer is not None:
            self._writer.close()


async def open_datagrams(own: str, address: tuple[str, int], loss: PlantedLoss) -> DatagramMedia:
    """RTP by UDP from a free even port, RTCP from the next; OSError if there is no way to the address."""
    host, port = address
    loop = asyncio.get_running_loop()

    async def opened(number: int, stream: int) -> asyncio.DatagramTransport:
        transport, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, local_addr=(own, number), remote_addr=(host, port + stream)
        )
        return transport

    return DatagramMedia(*await port_pair(opened), loss)
