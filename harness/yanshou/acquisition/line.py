# SPDX-License-Identifier: Apache-2.0
"""One line device in the acquisition process: a command out, its answer in, both stamped."""

from __future__ import annotations

import asyncio
import re

from yanshou.acquisition.opening import open_wire
from yanshou.model import RigFault, now
from yanshou.protocols.bus import Bus
from yanshou.protocols.serial_line import LineEcho, said_before
from yanshou.wires.lines import LineReader

_REMEMBERED = 256  # bytes that are kept, to show what a device sends before it hangs up


class _Wire(asyncio.Protocol):
    """Stamps what is received and cuts it into lines."""

    def __init__(self, eol: str) -> None:
        self.reader = LineReader(eol.encode("ascii"))
        self.lines: asyncio.Queue[tuple[str, float]] = asyncio.Queue()
        self.last_byte = 0.0
        self.lost = False
        self.raw = b""
        self.gone = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        self.last_byte = now()
        self.raw = (self.raw + data)[-_REMEMBERED:]
        for line in self.reader.feed(data):
            self.lines.put_nowait((line.decode("ascii", "replace"), self.last_byte))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the signature is asyncio's
        self.lost = True
        self.gone.set()

    def discard(self) -> None:
        """Discard whatever arrived before the question."""
        self.raw = b""
        self.reader.clear()
        while not self.lines.empty():
            self.lines.get_nowait()


async def _next(wire: _Wire, gone: asyncio.Task[bool]) -> tuple[str, float] | None:
    """The next line; None if the connection is lost and no line is left."""
    line = asyncio.create_task(wire.lines.get())
    try:
        await asyncio.wait({line, gone}, return_when=asyncio.FIRST_COMPLETED)
        return line.result() if line.done() else None
    finally:
        line.cancel()


class LineStation:
    """One serial line (or its device server): one command at a time, never repeated."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self._lock = asyncio.Lock()
        self._wire: _Wire | None = None
        self._transport: asyncio.WriteTransport | None = None
        self._doubtful_since: float | None = None
        self._echo = LineEcho()

    async def send(self, text: str, expect: str, within: float) -> tuple[float, float, str]:
        """Send ``text``; returns (tx, rx, answer) when the answer matches ``expect``, else ``RigFault``."""
        async with self._lock:
            wire, transport = await self._connected()
            await self._fall_silent(wire, within)
            wire.discard()
            self._echo.sent(text)
            tx = now()
            transport.write((text + self.bus.eol).encode("ascii"))
            answer, rx = await self._answer(wire, text, within, tx)
            self._echo.answered(text, answer)
            if re.search(expect, answer) is None:
                raise self._fault(f"answered {answer!r} to {text!r}.", "Check the device and its profile.")
            return tx, rx, answer

    async def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    async def _answer(self, wire: _Wire, text: str, within: float, tx: float) -> tuple[str, float]:
        gone = asyncio.create_task(wire.gone.wait())
        try:
            async with asyncio.timeout(within):
                while (line := await _next(wire, gone)) is not None:
                    if not self._echo.holds(line[0]):
                        return line
            how = "closed the line instead of answering"
        except TimeoutError:
            how = f"did not answer within {within:g} s"
        finally:
            gone.cancel()
        self._doubtful_since = now()
        raise self._silent(wire, text, how, tx)

    def _silent(self, wire: _Wire, text: str, how: str, tx: float) -> RigFault:
        """The fault when no answer came: only an echo, or what the device says about itself."""
        said, remedy = said_before(wire.raw.replace(text.encode("ascii"), b""))
        if self._echo.seen:
            said += "; what was sent only came back"
            remedy = "Check power and wiring of the device; switch off the echo of the adapter."
        return self._fault(
            f"{how} to {text!r}{said}; whether it was carried out is not known.",
            remedy or "Check power, wiring and baud rate.",
            since=tx,
        )

    async def _fall_silent(self, wire: _Wire, within: float) -> None:
        """After a missing answer, wait so long that a late one cannot be taken for the next answer."""
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

    def _fault(self, what: str, remedy: str, since: float | None = None) -> RigFault:
        return RigFault(what, device=self.bus.device(0), remedy=remedy, since=since)
