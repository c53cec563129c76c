# SPDX-License-Identifier: Apache-2.0
"""An emulated Satel INTEGRA behind its ETHM-1 or INT-RS module.

It answers the reads of its profile's points with bitmaps, obeys the commands for the right user code, and
sends what was subscribed to (7F) whenever it changes, as the independent client ``satel-integra`` expects. As
in an INTEGRA 256 PLUS, zones take 32 bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from yanshou.emulation.messages.lines import CODE
from yanshou.emulation.messages.port import Partner
from yanshou.emulation.messages.reported import ReportedChange, ReportedImage
from yanshou.emulation.modbus.unit import ModbusUnit

_ZONE_BYTES = 32
_PARTITION_BYTES = 4
_CODE_BYTES = 8
_NEW_DATA = 0x7F
_ZONE_COMMANDS = frozenset({*range(0x09), 0x17, 0x26, 0x28})  # answered with a bit for each zone or output
_DONE, _TAKEN_IN, _NO_SUCH_CODE, _OTHER_ERROR = b"\xef\x00", b"\xef\xff", b"\xef\x01", b"\xef\x08"
_LONGEST = 1024


def crc(body: bytes) -> bytes:
    """The check bytes, high byte first: rotate left by one, invert, add the high byte and the next one."""
    value = 0x147A
    for byte in body:
        value = (value * 2 + value // 0x8000) % 0x10000
        value = 0xFFFF - value
        value = (value + value // 0x100 + byte) % 0x10000
    return bytes(divmod(value, 0x100))


def framed(body: bytes) -> bytes:
    """A frame as it goes over the wire."""
    stuffed = b"".join(b"\xfe\xf0" if byte == 0xFE else bytes([byte]) for byte in body + crc(body))  # noqa: PLR2004 - the mark
    return b"\xfe\xfe" + stuffed + b"\xfe\x0d"


def unframed(buffer: bytes) -> tuple[list[bytes], bytes]:
    """The bodies of all complete frames with good check bytes, and the rest of the buffer."""
    bodies = []
    while (start := buffer.find(b"\xfe\xfe")) >= 0 and (end := buffer.find(b"\xfe\x0d", start + 2)) >= 0:
        frame, buffer = buffer[start + 2 : end], buffer[end + 2 :]
        inside = frame.rpartition(b"\xfe\xfe")[2].replace(b"\xfe\xf0", b"\xfe")
        if len(inside) > 2 and crc(inside[:-2]) == inside[-2:]:  # noqa: PLR2004 - the check bytes
            bodies.append(inside[:-2])
    return bodies, buffer[-_LONGEST:]


class IntegraSession:
    """One connection to the emulated panel."""

    def __init__(self, unit: ModbusUnit, partner: Partner) -> None:
        assert isinstance(unit.image, ReportedImage)
        self._unit = unit
        self._image = unit.image
        self._partner = partner
        self._buffer = b""
        self._subscribed: frozenset[int] = frozenset()
        document = unit.profile.document
        self._roles = {int(one["request"][:2], 16): str(one["role"]) for one in document.get("point", ())}
        self._commands = {int(one["send"][:2], 16): str(one["name"]) for one in document.get("command", ())}

    def begin(self) -> None:
        """Such a panel sends nothing by itself."""

    def received(self, data: bytes) -> None:
        """Take bytes in; each whole frame is answered."""
        bodies, self._buffer = unframed(self._buffer + data)
        for body in bodies:
            for answer in self._answers(body):
                self._partner.answer(framed(answer))

    def tell(self, changes: list[ReportedChange]) -> None:
        """Send each subscribed bitmap that has changed."""
        changed = {change.role for change in changes}
        for command, role in self._roles.items():
            if role in changed and command in self._subscribed:
                self._partner.say(framed(self._bitmap(command)))

    def _answers(self, body: bytes) -> Iterator[bytes]:
        command, data = body[0], body[1:]
        if command == _NEW_DATA:
            self._subscribed = frozenset(
                place * 8 + bit for place, byte in enumerate(data) for bit in range(8) if byte >> bit & 1
            )
            yield _TAKEN_IN
            for wanted in sorted(self._subscribed):
                yield self._bitmap(wanted)
        elif command in self._roles:
            yield self._bitmap(command)
        elif command in self._commands:
            yield self._obeyed(self._commands[command], data)
        else:
            yield _OTHER_ERROR

    def _bitmap(self, command: int) -> bytes:
        """The command's number and a bit for each zone or partition, number 1 first and lowest."""
        role = self._roles.get(command)
        length = _ZONE_BYTES if command in _ZONE_COMMANDS else _PARTITION_BYTES
        bits = sum(1 << (number - 1) for number in (self._image.numbers(role) if role else ()))
        return bytes([command]) + bits.to_bytes(length, "little")

    def _obeyed(self, name: str, data: bytes) -> bytes:
        code = data[:_CODE_BYTES].hex().upper().rstrip("F")
        if code != CODE:
            return _NO_SUCH_CODE
        wanted = int.from_bytes(data[_CODE_BYTES : _CODE_BYTES + _PARTITION_BYTES], "little")
        for number in range(1, 8 * _PARTITION_BYTES + 1):
            if wanted >> (number - 1) & 1:
                self._unit.obey(name, number)
        return _DONE
