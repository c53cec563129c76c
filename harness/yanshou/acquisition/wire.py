# SPDX-License-Identifier: Apache-2.0
"""One connection to a device that answers questions and also reports by itself.

A report gets two stamps: when the line was last proven idle, and when the message was complete. If the device
had begun to send it earlier, its first byte would have arrived by the first stamp.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from yanshou.acquisition.idle import Idle, polled_s
from yanshou.acquisition.opening import open_wire
from yanshou.model import now
from yanshou.protocols.bus import Bus
from yanshou.protocols.modbus import LinkFault, Unreachable, Unsure
from yanshou.protocols.serial_line import LineEcho, said_before
from yanshou.protocols.speech import Speech
from yanshou.wires import Heard

TICK_S = 0.002
_SLOW_TICK_S = 0.02
_REMEMBERED = 256  # bytes


UNSENDABLE_REMEDY = "Check its password, user code and user name."


class Denied(LinkFault):
    """The device refused our login; asking again would only lock the account."""


@dataclass(frozen=True, slots=True)
class MessageAnswer:
    """A message with two stamps: the sending of the question and its own last byte (``model.now``)."""

    text: str
    tx: float
    rx: float


Hearing = Callable[[Heard, float, float], None]
"""Called with each report, when the line was last idle before it, and when it was complete."""


class MessageChannel(Protocol):
    """A connection to one device."""

    @property
    def is_up(self) -> bool: ...
    async def open(self) -> None: ...
    async def ask(self, text: str, expect: str, within: float) -> MessageAnswer: ...
    async def wait(self, expect: str, within: float) -> MessageAnswer: ...
    def send(self, text: str) -> None: ...
    def poll_closely(self, *, closely: bool) -> None: ...
    def close(self) -> None: ...


class StreamWire(asyncio.Protocol):
    """Messages over a serial line or TCP: one question at a time; all other messages go to ``hearing``."""

    def __init__(self, bus: Bus, speech: Speech, hearing: Hearing, lost: Callable[[str, str], None]) -> None:
        self._bus = bus
        self._framing = speech.language.framing(speech.eol, speech.checksum, speech.coding)
        self._delay_s = speech.delay_s + polled_s(bus)
        self._hearing = hearing
        self._lost = lost
        self._transport: asyncio.WriteTransport | None = None
        self._idle = Idle()
        self._tick_s = _SLOW_TICK_S
        self._ticking: asyncio.TimerHandle | None = None
        self._expected: tuple[re.Pattern[str], asyncio.Future[tuple[str, float]]] | None = None
        self._quiet_until = 0.0
        self._speech = speech
        self._echo = LineEcho()
        self._sent = self._farewell = b""
        # what arrived since the last good answer, to show what a device sends before it hangs up
        self._raw = b""
        self._garbled: Heard | None = None  # what came instead of the answer that is waited for

    @property
    def is_up(self) -> bool:
        return self._transport is not None

    async def open(self) -> None:
        """Connect; raises ``Unreachable``."""
        self.close()
        self._framing.clear()
        self._farewell, self._raw = self._raw or self._farewell, b""
        try:
            self._transport = await open_wire(self._bus, lambda: self)
        except (OSError, ValueError) as error:
            said, remedy = said_before(self._raw or self._farewell)
            raise Unreachable(
                f"cannot be opened: {error or 'no connection within 2 s'}{said}",
                remedy or f"Check power, cable and the address {self._bus.address}.",
            ) from error
        self._idle = Idle()
        self._tick()

    async def ask(self, text: str, expect: str, within: float) -> MessageAnswer:
        """Send ``text`` once and wait for a message that matches ``expect``; raises ``Unsure``."""
        await self._fall_silent()
        future = self._expect(expect)
        tx = now()
        self.send(text)
        answer = await self._awaited(future, tx, within)
        self._echo.answered(text, answer.text)
        return answer

    async def wait(self, expect: str, within: float) -> MessageAnswer:
        """Wait for a message that matches ``expect`` without asking for it; raises ``Unsure``."""
        return await self._awaited(self._expect(expect), now(), within)

    def send(self, text: str) -> None:
        """Send ``text``; raises ``Unreachable`` if the connection is lost."""
        if self._transport is None:
            said, remedy = said_before(self._raw or self._farewell)
            raise Unreachable(
                f"has closed the connection{said}",
                remedy or "Check the device and its limit of connections.",
            )
        try:
            self._sent = self._framing.encode(text)
        except UnicodeEncodeError:  # never shown: it may hold a password
            what = f"cannot be sent a text with signs that {self._speech.coding} does not have"
            raise Unreachable(what, UNSENDABLE_REMEDY) from None
        self._echo.sent(text)
        self._transport.write(self._sent)

    def poll_closely(self, *, closely: bool) -> None:
        """Tick often while a caller waits for an event."""
        wanted = TICK_S if closely else _SLOW_TICK_S
        if wanted != self._tick_s:
            self._tick_s = wanted
            if self._ticking is not None:
                self._ticking.cancel()
                self._ticking = asyncio.get_running_loop().call_later(wanted, self._tick)

    def close(self) -> None:
        """Close without calling ``lost``."""
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    # -- asyncio's side -------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        rx = now()
        idle = self._idle.since - self._delay_s
        self._idle.received()
        self._raw = (self._raw + data)[-_REMEMBERED:]
        if self._sent:  # never shown: it may hold a password
            self._raw = self._raw.replace(self._sent, b"")
        for heard in self._framing.feed(data):
            if not heard.fault and self._echo.holds(heard.text):
                if not self._speech.reports(heard.text):
                    continue
                heard = Heard(heard.text, "its words are those just sent, an echo or its own")  # noqa: PLW2901
            if not self._answered(heard, rx):
                self._hearing(heard, idle, rx)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the signature is asyncio's
        if self._transport is None:
            return  # closed by this side
        self.close()
        said, remedy = said_before(self._raw or self._farewell)
        if self._expected and not self._expected[1].done():
            gone = Unsure(f"closed the connection instead of answering{said}", remedy or "Check the device.")
            self._expected[1].set_exception(gone)
        self._lost(said, remedy)

    # -- within ---------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        self._idle.tick(pending=self._framing.pending)
        self._ticking = asyncio.get_running_loop().call_later(self._tick_s, self._tick)

    def _expect(self, expect: str) -> asyncio.Future[tuple[str, float]]:
        future: asyncio.Future[tuple[str, float]] = asyncio.get_running_loop().create_future()
        self._expected, self._garbled = (re.compile(expect), future), None
        return future

    async def _awaited(
        self, future: asyncio.Future[tuple[str, float]], tx: float, within: float
    ) -> MessageAnswer:
        try:
            async with asyncio.timeout(within):
                text, rx = await future
        except TimeoutError:
            self._quiet_until = now() + within
            said, remedy = said_before(self._raw or self._farewell)
            if self._garbled is not None:
                said, remedy = f"; {self._garbled.fault}", self._garbled.remedy
            if self._echo.seen:
                said += "; what was sent only came back"
                remedy = "Check power and wiring of the device; switch off the echo of the adapter."
            raise Unsure(
                f"did not answer within {within:g} s{said}",
                remedy or "Check power, wiring, line settings and profile.",
            ) from None
        finally:
            self._expected = None
        return MessageAnswer(text, tx, rx)

    def _answered(self, heard: Heard, rx: float) -> bool:
        if self._expected is None:
            return False
        if heard.fault:
            self._garbled = heard
            return False
        pattern, future = self._expected
        if future.done() or pattern.search(heard.text) is None:
            return False
        future.set_result((heard.text, rx))
        self._raw = self._farewell = b""
        return True

    async def _fall_silent(self) -> None:
        """After a missing answer, wait so long that a late one cannot be taken for the next answer."""
        if (wait := self._quiet_until - now()) > 0:
            await asyncio.sleep(wait)


__all__ = ["Denied", "Hearing", "LinkFault", "MessageAnswer", "MessageChannel", "StreamWire"]
