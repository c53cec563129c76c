# SPDX-License-Identifier: Apache-2.0
"""The master of one Modbus bus: one request at a time, stamped, never repeated by itself.

An RTU frame has no transaction number, so a late answer could be taken for the answer to the next question.
After a missing or odd answer the line is kept quiet. Then the unit must answer a question with *another*
function code before its answers are accepted again: slaves answer in order, so no old answer can follow that
one.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

from pymodbus import FramerType, ModbusException
from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.pdu import ModbusPDU
from pymodbus.pdu.bit_message import WriteSingleCoilRequest

from yanshou.model import now
from yanshou.protocols.bus import Bus
from yanshou.protocols.modbus.area import Area
from yanshou.protocols.modbus.echo import Echo
from yanshou.protocols.modbus.frames import (
    READ_CODES,
    Read,
    Refused,
    Request,
    Unreachable,
    Unsure,
    Write,
    checked,
)
from yanshou.protocols.serial_line import said_before
from yanshou.wires.modbus import RTU, TCP

_SHORTEST_FRAME = 5  # bytes of the shortest RTU answer; fewer stray bytes cannot be one
_PROBES = 3
_REMEMBERED = 256  # bytes
_LONG_QUIET_S = 2.0

Client = AsyncModbusTcpClient | AsyncModbusSerialClient


class RawCoil(WriteSingleCoilRequest):
    """Function 05 with any word as its value; the library itself sends only 0xFF00 and 0."""

    def __init__(self, address: int, word: int, dev_id: int) -> None:
        super().__init__(address=address, bits=[bool(word)], dev_id=dev_id)
        self.word = word

    def encode(self) -> bytes:
        """Address and word."""
        return struct.pack(">HH", self.address, self.word)


@dataclass(frozen=True, slots=True)
class Reply:
    """Values with the stamps of the question's sending and of the answer's last byte (``model.now``)."""

    values: tuple[int, ...]
    tx: float
    rx: float


@dataclass(slots=True)
class _Doubt:
    """The late answers a unit may still send: their function codes, and how many probes had no answer."""

    functions: set[int] = field(default_factory=set)
    unanswered: int = 0


class Master:
    """One bus.  Every method runs in one asyncio loop; the caller keeps requests apart with a lock."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.last_rx = 0.0
        self._client: Client | None = None
        self._tx = self._rx = self._opened = self._heard_before = 0.0
        self._received = b""
        self._echo = Echo()
        self._unasked = b""  # words of a device before it was asked: why it will not serve
        self._asking = False
        self._quiet_since: float | None = None
        self._doubts: dict[int, _Doubt] = {}
        self._spoken: dict[int, dict[int, Read]] = {}
        self._last: Request | None = None

    async def exchange(self, request: Request) -> Reply:
        """Ask once and return the checked answer.

        Raises ``Unreachable`` (it was not sent), ``Refused`` or ``Unsure``.
        """
        client = await self._connected()
        try:
            await self._make_sure(client, request)
        except Unsure as fault:
            if isinstance(request, Write):
                raise Unreachable(f"{fault.what}; nothing was written", fault.remedy) from fault
            raise
        return await self._ask(client, request)

    async def _make_sure(self, client: Client, request: Request) -> None:
        """Send harmless reads until an answer to ``request`` can be trusted; raises ``Unsure``."""
        if request.unit in self._doubts:
            await self._believe_again(client, request)
        if self.bus.wire.framed_by_silence and self._echo.hides(request):
            with suppress(Refused):  # as good as a value: it is not the echo
                await self._ask(client, Read(request.unit, request.area, request.address, 1))

    @property
    def idled_s(self) -> float:
        """Seconds without any byte on the connection before the last request was sent."""
        return self._tx - max(self._opened, self._heard_before)

    def close(self) -> None:
        """Close the connection; the next exchange opens it again."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def _connected(self) -> Client:
        if self._client is not None and self._client.connected:
            return self._client
        self.close()
        client = self._build()
        self._echo.forget()
        self._unasked = b""
        try:
            reached = await client.connect()
        except (OSError, ValueError) as error:
            raise Unreachable(f"cannot be opened: {error}", self._reach_hint()) from error
        if not reached:
            client.close()
            raise Unreachable("does not accept a connection", self._reach_hint())
        self._client, self._opened = client, now()
        return client

    def _reach_hint(self) -> str:
        if self.bus.host:
            return f"Check power, cable and the address {self.bus.address}."
        return f"Check that the serial port {self.bus.path} exists and no other program holds it."

    def _build(self) -> Client:
        bus = self.bus
        if bus.wire is RTU:
            return AsyncModbusSerialClient(
                bus.path,
                baudrate=bus.baud,
                bytesize=bus.bits,
                parity=bus.parity,
                stopbits=bus.stop,
                timeout=bus.timeout_s,
                retries=0,
                reconnect_delay=0,  # the library must not reconnect, so that no two connections race
                trace_packet=self._trace,
            )
        return AsyncModbusTcpClient(
            bus.host,
            port=bus.port,
            framer=FramerType.SOCKET if bus.wire is TCP else FramerType.RTU,
            timeout=bus.timeout_s,
            retries=0,
            reconnect_delay=0,
            trace_packet=self._trace,
        )

    def _trace(self, sending: bool, data: bytes) -> bytes:  # noqa: FBT001 - pymodbus calls it so
        """Stamp at the border of the library: just before sending and just after receiving."""
        moment = now()
        if sending:
            self._tx, self._heard_before = moment, self.last_rx
            self._echo.sent(data)
            return data
        self._rx = self.last_rx = moment
        self._received = data
        if not self.bus.wire.framed_by_silence:
            self._unasked = b"" if self._asking else data[:_REMEMBERED]
            return data
        if not self._asking:
            self._distrust_line(moment)
        self._received = self._echo.cut(data)
        return self._trimmed(self._received)

    def _trimmed(self, data: bytes) -> bytes:
        """Remove bytes, fewer than a frame, that a line driver adds before the answer."""
        if self._last is None:
            return data
        unit, function = self._last.unit, self._last.function
        heads = (bytes([unit, function]), bytes([unit, function | 0x80]))
        return next((data[n:] for n in range(_SHORTEST_FRAME) if data[n : n + 2] in heads), data)

    def _distrust_line(self, moment: float) -> None:
        """After unrequested bytes (a late or second answer) the unit asked last is doubted."""
        self._quiet_since = moment
        if not self._doubts and self._last is not None:
            self._doubt(self._last)

    def _doubt(self, request: Request) -> None:
        self._doubts.setdefault(request.unit, _Doubt()).functions.add(request.function)

    async def _ask(self, client: Client, request: Request) -> Reply:
        await self._silence()
        self._received, self._asking, self._last = b"", True, request
        self._echo.asks(request)
        try:
            answer = await self._send(client, request)
            self._refuse_strangers(client, request, answer)
            values = checked(request, answer)
        except ModbusException as error:
            self._lost(request)
            raise self._unanswered() from error
        except Unsure:
            self._lost(request)
            raise
        except Refused:
            self._echo.answered()
            raise
        finally:
            self._asking = False
        self._echo.answered()
        if isinstance(request, Read):
            self._spoken.setdefault(request.unit, {})[request.function] = request
        return Reply(values, self._tx, self._rx)

    def _send(self, client: Client, request: Request) -> Awaitable[ModbusPDU]:
        unit, address = request.unit, request.address
        if isinstance(request, Read):
            read = {
                Area.COIL: client.read_coils,
                Area.DISCRETE: client.read_discrete_inputs,
                Area.HOLDING: client.read_holding_registers,
                Area.INPUT: client.read_input_registers,
            }[request.area]
            return read(address, count=request.count, device_id=unit)
        values = list(request.values)
        if request.raw:
            raw = RawCoil(address=address, word=values[0], dev_id=unit)
            return cast("Awaitable[ModbusPDU]", client.execute(no_response_expected=False, request=raw))
        if request.area is Area.COIL:
            bits = [bool(value) for value in values]
            if not request.by_several:
                return client.write_coil(address, bits[0], device_id=unit)
            return client.write_coils(address, bits, device_id=unit)
        if not request.by_several:
            return client.write_register(address, values[0], device_id=unit)
        return client.write_registers(address, values, device_id=unit)

    def _refuse_strangers(self, client: Client, request: Request, answer: ModbusPDU) -> None:
        """Refuse another transaction number (the library accepts 0), or two RTU frames: one is old."""
        if not self.bus.wire.framed_by_silence:
            if answer.transaction_id != client.ctx.request_transaction_id:
                raise Unsure("answered with another transaction number")
            return
        surplus = len(self._received) - request.rtu_length
        if surplus >= _SHORTEST_FRAME:
            raise Unsure(
                f"answered with {surplus} bytes too many",
                "Look for a second device with the same unit number.",
            )

    def _lost(self, request: Request) -> None:
        if self.bus.wire.framed_by_silence:
            self._quiet_since = now()
            self._doubt(request)

    def _unanswered(self) -> Unsure:
        if self._echo.only:
            return Unsure(
                f"did not answer within {self.bus.timeout_s:g} s; the adapter only gave back what was sent",
                "Check power, wiring and unit number; switch off the echo of the adapter where that can be.",
            )
        if said := self._received or self._unasked:
            answer, remedy = said_before(said)
            return Unsure(
                f"answered with {len(said)} bytes that are no answer to the question{answer}",
                remedy or "Check baud rate, parity, unit number and wiring.",
            )
        self._echo.answered()  # an adapter echoes whether the device lives or not
        return Unsure(
            f"did not answer within {self.bus.timeout_s:g} s",
            "Check power, wiring and unit number, or allow a longer timeout in the profile.",
            silent=True,
        )

    async def _silence(self) -> None:
        """Keep the gap between frames, and the long silence after trouble, counted from the last byte."""
        patience = now() + _LONG_QUIET_S + 10 * max(self.bus.quiet_s, self.bus.timeout_s)
        while (wait := self._quiet_until() - now()) > 0:
            if now() > patience:
                raise Unsure(
                    "the line never falls silent", "Look for a device that sends without being asked."
                )
            await asyncio.sleep(wait)
        self._quiet_since = None

    def _quiet_until(self) -> float:
        gap_end = self.last_rx + self.bus.frame_gap_s
        if self._quiet_since is None:
            return gap_end
        return max(gap_end, self._quiet_since + max(self.bus.quiet_s, self.bus.timeout_s))

    async def _believe_again(self, client: Client, request: Request) -> None:
        """Ask a question that no late answer can fit; raises ``Unsure`` while the unit does not answer."""
        doubt = self._doubts[request.unit]
        if doubt.unanswered < _PROBES:
            probe = self._probe(request, doubt)
            try:
                await self._ask(client, probe)
            except Refused:
                pass  # an exception response carries the probe's own function code: as good as a value
            except Unsure:
                doubt.unanswered += 1
                raise
        else:  # a unit that ignores unknown functions: no answer can be this late
            await asyncio.sleep(max(_LONG_QUIET_S, 5 * self.bus.timeout_s))
        self._doubts.pop(request.unit, None)

    def _probe(self, request: Request, doubt: _Doubt) -> Read:
        """Choose a read whose function code is not awaited, preferably one this unit answered."""
        spoken = self._spoken.get(request.unit, {})
        for function, read in spoken.items():
            if function not in doubt.functions:
                return read
        free = [area for area, code in READ_CODES.items() if code not in doubt.functions]
        area = free[doubt.unanswered % len(free)] if free else Area.COIL
        return Read(request.unit, area, request.address, 1)


__all__ = ["Master", "Read", "Reply", "Write"]
