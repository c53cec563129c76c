# SPDX-License-Identifier: Apache-2.0
"""How RTP leaves an emulated device: interleaved in the RTSP connection, or over a pair of UDP ports."""

from __future__ import annotations

import asyncio
import random
import re
import struct
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from yanshou.emulation.video.rtsp_messages import RtspError

_PORT_TRIES = 64
_RTP_HEADER = 12
_BUCKET_S = 0.05  # packets a switch on the path can hold back
_BACKLOG = 4 << 20  # bytes waiting for a client that does not read


class MediaTransport(Protocol):
    """Where packets go; ``header`` is the Transport header of the SETUP answer."""

    header: str

    def rtp(self, packets: Sequence[bytes]) -> None:
        """Send the packets of one frame."""

    def rtcp(self, packet: bytes) -> None:
        """Send one compound RTCP packet."""

    @property
    def clogged(self) -> bool:
        """Whether the client is so far behind that a live frame is better left out."""

    async def drain(self) -> None:
        """Wait until the client has taken most of what was sent."""

    def close(self) -> None:
        """Free the ports."""


class PlantedLoss:
    """Loses a fraction of packets and corrupts others, the same ones in every run.

    ``damage`` turns a fraction of them into invalid RTP packets, ``garbage`` gives a fraction random
    contents; a path of ``mbit_s`` loses what exceeds it.
    """

    def __init__(
        self, fraction: float, damage: float = 0.0, garbage: float = 0.0, mbit_s: float = 0.0
    ) -> None:
        self._fraction, self._damage, self._garbage = fraction, damage, garbage
        self._rate = mbit_s * 1e6 / 8
        self._room, self._filled = self._rate * _BUCKET_S, time.perf_counter()
        self._random = random.Random(20261123)  # noqa: S311 - repeatable, no secret
        self.lost = self.damaged = 0

    def keep(self, packets: Sequence[bytes]) -> Sequence[bytes]:
        """The packets that are not lost, some of them corrupted."""
        if not (self._fraction or self._damage or self._garbage or self._rate):
            return packets
        kept = [
            packet for packet in packets if self._random.random() >= self._fraction and self._fits(packet)
        ]
        self.lost += len(packets) - len(kept)
        return [self._spoilt(packet) for packet in kept]

    def _fits(self, packet: bytes) -> bool:
        """Whether the path has room for the packet."""
        if not self._rate:
            return True
        now = time.perf_counter()
        self._room = min(self._rate * _BUCKET_S, self._room + self._rate * (now - self._filled))
        self._filled = now
        fits = len(packet) <= self._room
        self._room -= len(packet) if fits else 0
        return fits

    def _spoilt(self, packet: bytes) -> bytes:
        if self._damage and self._random.random() < self._damage:
            self.damaged += 1
            return bytes((packet[0] & 0x3F,)) + packet[1:]  # RTP version 0
        if self._garbage and self._random.random() < self._garbage:
            return packet[:_RTP_HEADER] + self._random.randbytes(len(packet) - _RTP_HEADER)
        return packet


class EmulatedInterleaved:
    """RTP and RTCP in the RTSP connection (RFC 2326, 10.12)."""

    def __init__(self, writer: asyncio.StreamWriter, channels: tuple[int, int], loss: PlantedLoss) -> None:
        self._writer, self._channels, self._loss = writer, channels, loss
        self.header = f"RTP/AVP/TCP;unicast;interleaved={channels[0]}-{channels[1]}"

    def rtp(self, packets: Sequence[bytes]) -> None:
        self._send(self._channels[0], self._loss.keep(packets))

    def rtcp(self, packet: bytes) -> None:
        self._send(self._channels[1], [packet])

    def _send(self, channel: int, packets: Sequence[bytes]) -> None:
        if packets and not self._writer.is_closing():
            framed = (struct.pack("!cBH", b"$", channel, len(packet)) + packet for packet in packets)
            self._writer.write(b"".join(framed))

    @property
    def clogged(self) -> bool:
        return self._writer.transport.get_write_buffer_size() > _BACKLOG

    async def drain(self) -> None:
        await self._writer.drain()
        await asyncio.sleep(0)  # drain alone does not yield while the buffer is low

    def close(self) -> None:
        """Nothing to free: the connection is the RTSP server's."""


class _Receiver(asyncio.DatagramProtocol):
    """Receives the client's RTCP, a sign of life."""

    def __init__(self, heard: Callable[[], None]) -> None:
        self._heard = heard

    def datagram_received(self, _data: bytes, _addr: object) -> None:
        self._heard()


class Udp:
    """RTP and RTCP from an even port and the next one."""

    def __init__(
        self,
        rtp: asyncio.DatagramTransport,
        rtcp: asyncio.DatagramTransport,
        client: tuple[str, int, int],
        loss: PlantedLoss,
    ) -> None:
        self._rtp, self._rtcp, self._client, self._loss = rtp, rtcp, client, loss
        port = rtp.get_extra_info("sockname")[1]
        self.header = f"RTP/AVP;unicast;client_port={client[1]}-{client[2]};server_port={port}-{port + 1}"

    def rtp(self, packets: Sequence[bytes]) -> None:
        host, port, _ = self._client
        for packet in self._loss.keep(packets):
            self._rtp.sendto(packet, (host, port))

    def rtcp(self, packet: bytes) -> None:
        host, _, port = self._client
        self._rtcp.sendto(packet, (host, port))

    @property
    def clogged(self) -> bool:
        return False

    async def drain(self) -> None:
        await asyncio.sleep(0.001)  # a replay without rate control must not flood the client's socket

    def close(self) -> None:
        self._rtp.close()
        self._rtcp.close()


async def open_transport(
    wanted: str, writer: asyncio.StreamWriter, loss: PlantedLoss, heard: Callable[[], None]
) -> MediaTransport:
    """Transport for the first of the client's alternatives that can be served; RtspError 461 if none."""
    for alternative in wanted.split(","):
        if "multicast" in alternative:
            continue
        if alternative.strip().startswith("RTP/AVP/TCP"):
            low, high = _pair("interleaved", alternative) or (0, 1)
            return EmulatedInterleaved(writer, (low & 0xFF, high & 0xFF), loss)
        ports = _pair("client_port", alternative)
        if ports:
            return await _open_udp(writer, ports, loss, heard)
    raise RtspError(461)


def _pair(name: str, text: str) -> tuple[int, int] | None:
    found = re.search(rf"{name}=(\d{{1,5}})(?:-(\d{{1,5}}))?", text)
    return (int(found[1]), int(found[2] or int(found[1]) + 1)) if found else None


async def port_pair(
    opened: Callable[[int, int], Awaitable[asyncio.DatagramTransport]],
) -> tuple[asyncio.DatagramTransport, asyncio.DatagramTransport]:
    """RTP at a free even port and RTCP at the next (RFC 3550, 11); OSError if no two are free.

    ``opened`` opens a port (0: any) of this side for the stream 0 (RTP) or 1 (RTCP).
    """
    for _ in range(_PORT_TRIES):
        rtp = await opened(0, 0)
        port = rtp.get_extra_info("sockname")[1]
        if port % 2 == 0:
            try:
                return rtp, await opened(port + 1, 1)
            except OSError:
                pass  # the next port is in use: try another pair
            except asyncio.CancelledError:
                rtp.close()
                raise
        rtp.close()
    raise OSError("no two ports are free")


async def _open_udp(
    writer: asyncio.StreamWriter, ports: tuple[int, int], loss: PlantedLoss, heard: Callable[[], None]
) -> Udp:
    loop = asyncio.get_running_loop()
    host, peer = writer.get_extra_info("sockname")[0], writer.get_extra_info("peername")[0]

    async def opened(port: int, _stream: int) -> asyncio.DatagramTransport:
        transport, _ = await loop.create_datagram_endpoint(lambda: _Receiver(heard), local_addr=(host, port))
        return transport

    try:
        return Udp(*await port_pair(opened), (peer, *ports), loss)
    except OSError:
        raise RtspError(461) from None
