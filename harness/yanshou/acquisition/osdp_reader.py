# SPDX-License-Identifier: Apache-2.0
"""The bench in place of a reader: a peripheral device on a controller's OSDP line, by libosdp.

libosdp needs whole packets and forgets an event with its first sending. So the framing, the repetition of a
reply to a repeated command, and the proof that the controller took a credential are made here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from yanshou.acquisition.osdp_ear import ReaderEar
from yanshou.model import UsageError, now
from yanshou.protocols.card import Bits, Part
from yanshou.protocols.osdp import Packet, PacketFramer

GONE_S = 1.0  # a controller that has not asked for so long is gone
_TURNS = 4  # refreshes in which libosdp answers a command
_KEYPAD = {"*": 0x7F, "#": 0x0D}  # IEC 60839-11-5: the codes of these keys
_IDENTITY = {"version": 1, "model": 1, "vendor_code": 0, "serial_number": 1, "firmware_version": 1}


def library() -> ModuleType:
    """libosdp; ``UsageError`` names the extra that brings it. Another package has its name, ``osdp``."""
    try:
        import osdp_sys  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise UsageError(
            "OSDP needs the library libosdp, which is not installed.",
            "Install it: pip install 'yanshou[osdp]'.",
        ) from error
    found: ModuleType = osdp_sys
    return found


@dataclass(slots=True)
class _Channel:
    """libosdp's view of the line: one whole packet for each reading."""

    id: int = 0
    waiting: list[bytes] = field(default_factory=list)
    written: bytearray = field(default_factory=bytearray)

    def read(self, _most: int) -> bytes:
        return self.waiting.pop(0) if self.waiting else b""

    def write(self, data: bytes) -> int:
        self.written += data
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""


@dataclass(slots=True)
class Presented:
    """A credential on its way: when its packet was sent, and the controller's next command after it."""

    taken: asyncio.Future[tuple[float, float]]
    sent: float | None = None


class OsdpReader:
    """One address on the line. ``send`` writes to it; ``key`` is the secure channel base key, or none.

    With a key, nothing but the identity is told outside of a secure channel, and a new key is refused: the
    controller would no longer know the real reader. Without one the reader is in installation mode: the
    default key and a new key are accepted. Both are counted in ``ear.facts``. Address and speed never change.
    """

    def __init__(self, address: int, key: bytes | None, send: Callable[[bytes], None]) -> None:
        lib = library()
        self.ear = ReaderEar()
        self.key = key
        self.asked = 0.0  # receipt of the last command
        self._send = send
        self._lib = lib
        self._channel = _Channel()
        self._command = self._reply = b""
        self._presented: Presented | None = None
        lib.set_loglevel(lib.LOG_EMERG)
        flags = lib.FLAG_ENFORCE_SECURE if key else 0
        settings = {"name": f"PD-{address}", "address": address, "flags": flags, "scbk": key}
        self._device: Any = lib.PeripheralDevice(
            {**settings, "channel": self._channel, **_IDENTITY}, capabilities=_capabilities(lib)
        )
        self._device.set_command_callback(self._obeys)

    @property
    def is_asked(self) -> bool:
        """Whether the controller asks it now, in the way the site file wants it."""
        return self.is_ready and now() - self.asked < GONE_S

    @property
    def is_ready(self) -> bool:
        """Whether a credential can be reported now, in the way the site file wants it."""
        return bool(self._device.is_online()) and (self.key is None or bool(self._device.is_sc_active()))

    def refresh(self) -> None:
        """To be called at least every 50 ms: libosdp's times."""
        self._device.refresh()
        self._flush()

    def received(self, packet: Packet, idle: float) -> None:
        """A command to this reader: answer it."""
        self.ear.hear(packet, idle)
        self.asked = packet.ended
        if packet.sequence and packet.raw == self._command and self._reply:
            self._write(self._reply)  # the controller did not hear it: the same once more
            return
        self._taken(packet)
        self._command, self._reply = packet.raw, b""
        self._channel.waiting.append(packet.raw)
        for _ in range(_TURNS):
            self.refresh()
            if self._reply:
                return

    def present(self, part: Part) -> Presented:
        """Report a card or keys with the next answer; ``taken`` becomes [sent, next command]."""
        self._presented = Presented(asyncio.get_running_loop().create_future())
        self._device.submit_event(_event(self._lib, part))
        return self._presented

    def _obeys(self, command: dict[str, Any]) -> tuple[int, None]:
        """Accept what only lights a lamp; libosdp answers NAK to what is refused."""
        refused = {self._lib.CMD_COMSET} | ({self._lib.CMD_KEYSET} if self.key else set())
        return (-1 if command.get("command") in refused else 0), None

    def withdraw(self) -> None:
        """Report nothing that was not sent yet."""
        self._device.flush_events()
        self._presented = None

    def _taken(self, packet: Packet) -> None:
        """A new command in turn proves that the controller received the reply before it."""
        one = self._presented
        if one is None or one.sent is None:
            return
        self._presented = None
        if one.taken.done():
            return
        if packet.sequence:
            one.taken.set_result((one.sent, max(one.sent, packet.ended)))
        else:
            one.taken.set_exception(ConnectionResetError("began the connection anew"))

    def _flush(self) -> None:
        if not self._channel.written:
            return
        reply = bytes(self._channel.written)
        self._channel.written.clear()
        self._reply = reply
        sending = now()
        for packet in PacketFramer().feed(reply, sending):
            self.ear.hear(packet, sending)
            if packet.is_report and self._presented is not None and self._presented.sent is None:
                self._presented.sent = sending
        self._write(reply)

    def _write(self, reply: bytes) -> None:
        self._send(reply)


def _capabilities(lib: ModuleType) -> list[dict[str, int]]:
    codes = [lib.CAP_CARD_DATA_FORMAT, lib.CAP_READER_LED_CONTROL, lib.CAP_READER_AUDIBLE_OUTPUT]
    codes += [lib.CAP_CHECK_CHARACTER_SUPPORT, lib.CAP_COMMUNICATION_SECURITY]
    return [{"function_code": code, "compliance_level": 1, "num_items": 1} for code in codes]


def _event(lib: ModuleType, part: Part) -> dict[str, object]:
    if isinstance(part, Bits):
        form = {"format": lib.CARD_FMT_RAW_UNSPECIFIED, "direction": 0, "length": part.bits}
        return {"event": lib.EVENT_CARDREAD, "reader_no": 0, **form, "data": part.left_aligned}
    keys = bytes(_KEYPAD.get(key, ord(key)) for key in part.pressed)
    return {"event": lib.EVENT_KEYPRESS, "reader_no": 0, "data": keys}
