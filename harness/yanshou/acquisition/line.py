# SPDX-License-Identifier: Apache-2.0
"""One line device inside the acquisition process: a command out, its answer in, both stamped."""

from __future__ import annotations

import asyncio
import re

from yanshou.acquisition.opening import open_wire
from yanshou.model import RigFault, now
from yanshou.protocols.modbus import Bus
from yanshou.protocols.serial_line import LineReader


class _Wire(asyncio.Protocol):
    """Stamps what is received and cuts it into lines."""

    def __init__(self, eol: str) -> None:
        self.reader = LineReader(eol.encode("ascii"))
        self.lines: asyncio.Queue[tuple[str, float]] = asyncio.Queue()
        self.last_byte = 0.0
        self.lost = False

    def data_received(self, data: bytes) -> None:
        self.last_byte = now()
        for line in self.reader.feed(data):
            self.lines.put_nowait((line, self.last_byte))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the signature is asyncio's
        self.lost = True

    def discard(self) -> None:
        """Forget whatever came before the question."""
        self.reader.clear()
        while not self.lines.empty():
            self.lines.get_nowait()


class LineStation:
    """One serial line (or its device server): one command at a time, never repeated."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self._lock = asyncio.Lock()
        self._wire: _Wire | None = None
        self._transport: asyncio.WriteTransport | None = None
        self._doubtful_since: float | None = None

    async def send(self, text: str, expect: str, within: float) -> tuple[float, float, str]:
        """Send ``text``; returns (tx, rx, answer) when the answer matches ``expect``, else ``RigFault``."""
        async with self._lock:
            wire, transport = await self._connected()
            await self._fall_silent(wire, within)
            wire.discard()
            tx = now()
            transport.write((text + self.bus.eol).encode("ascii"))
            answer, rx = await self._answer(wire, text, within)
            if re.search(expect, answer) is None:
                raise self._fault(f"answered {answer!r} to {text!r}.", "Check the device and its profile.")
            return tx, rx, answer

    async def close(self) -> None:
        """Close the line."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    async def _answer(self, wire: _Wire, text: str, within: float) -> tuple[str, float]:
        try:
            async with asyncio.timeout(within):
                return await wire.lines.get()
        except TimeoutError:
            self._doubtful_since = now()
            raise self._fault(
                f"did not answer {text!r} within {within:g} s; whether it was carried out is not known.",
                "Check power, wiring and baud rate.",
            ) from None

    async def _fall_silent(self, wire: _Wire, within: float) -> None:
        """After a missing answer: wait until a late one must have come, lest it be taken for the next."""
        if self._doubtful_since is None:
            return
        quiet = max(within, self.bus.timeout_s)
        while (wait := max(self._doubtful_since, wire.last_byte) + quiet - now()) > 0:  # noqa: ASYNC110 - a clock is awaited
            await asyncio.sleep(wait)
        self._doubtful_since = None

    async def _connected(self) -> tuple[_Wire, asyncio.WriteTransport]:
        if self._wire is not None and self._transport is not None and not self._wire.lost:
            return self._wire, self._transport
        await self.close()
        self._wire = wire = _Wire(self.bus.eol)
        try:
            self._transport = await open_wire(self.bus, lambda: wire)
        except (OSError, ValueError) as error:  # a TimeoutError is an OSError
            raise self._fault(
                f"cannot be opened: {error}.", "Check that it exists and no other program holds it."
            ) from error
        return wire, self._transport

    def _fault(self, what: str, remedy: str) -> RigFault:
        return RigFault(what, device=self.bus.device(0), remedy=remedy)
