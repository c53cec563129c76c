# SPDX-License-Identifier: Apache-2.0
"""One RS-485 line with OSDP on it: its bytes become whole packets, each with its stamps."""

from __future__ import annotations

import asyncio

from yanshou.acquisition.idle import Idle, polled_s
from yanshou.acquisition.opening import open_wire
from yanshou.model import RigFault, now
from yanshou.protocols.bus import Bus
from yanshou.protocols.osdp import Packet, PacketFramer

_TORN_S = 0.1  # bytes of one packet follow each other; the standard allows 20 ms, a device server needs more


class OsdpLine(asyncio.Protocol):
    """``delay_s``: how long a byte may be on the way unseen. ``tick_s``: how often the line is looked at."""

    tick_s = 0.01

    def __init__(self, bus: Bus, delay_s: float) -> None:
        self.bus = bus
        self.asked: set[int] = set()  # addresses of all commands heard, for messages
        self.received_any = False
        self._delay_s = delay_s + polled_s(bus)
        self._framer = PacketFramer()
        self._idle = Idle()
        self._last_byte = 0.0
        self._transport: asyncio.WriteTransport | None = None
        self._ticking: asyncio.TimerHandle | None = None

    @property
    def garbled(self) -> int:
        """How often something on the line began like a packet and was none."""
        return self._framer.garbled

    async def open(self) -> None:
        """Open the line if it is not; raises ``RigFault``."""
        if self._transport is not None:
            return
        try:
            self._transport = await open_wire(self.bus, lambda: self)
        except (OSError, ValueError) as error:
            raise self.fault(
                f"cannot be opened: {error}.", "Check that it exists and no other program holds it."
            ) from error
        self._idle = Idle()
        if self._ticking is None:
            self._tick()

    async def close(self) -> None:
        """Close the line."""
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def write(self, data: bytes) -> None:
        """Send; a line that is gone shows as a controller that does not go on."""
        if self._transport is not None:
            self._transport.write(data)

    def fault(self, what: str, remedy: str, since: float | None = None) -> RigFault:
        """A fault that names the device and its line."""
        return RigFault(what, device=self.bus.device(0), remedy=remedy, since=since)

    def heard(self, packet: Packet, idle: float) -> None:
        """A whole packet, none of which was on the line at ``idle``."""
        raise NotImplementedError

    def noise(self, until: float) -> None:
        """Something that was no packet, or the loss of the line."""

    def turn(self) -> None:
        """Called at every tick."""

    # -- asyncio's side -------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        rx, garbled = now(), self.garbled
        idle = self._idle.since - self._delay_s
        self._idle.received()
        self._last_byte, self.received_any = rx, True
        self._take(self._framer.feed(data, rx), idle, garbled)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the signature is asyncio's
        self._transport = None
        self.noise(now())

    # -- within ---------------------------------------------------------------------------------------------

    def _take(self, packets: list[Packet], idle: float, garbled: int) -> None:
        if self.garbled != garbled:
            self.noise(now())
        for packet in packets:
            if not packet.is_reply:
                self.asked.add(packet.address)
            self.heard(packet, idle)

    def _tick(self) -> None:
        if self._framer.pending and now() - self._last_byte > _TORN_S:
            garbled = self.garbled
            self._take(self._framer.silence(), self._idle.since - self._delay_s, garbled)
        self._idle.tick(pending=self._framer.pending)
        self.turn()
        self._ticking = asyncio.get_running_loop().call_later(self.tick_s, self._tick)
