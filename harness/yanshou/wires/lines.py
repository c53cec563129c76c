# SPDX-License-Identifier: Apache-2.0
"""Lines of text in a stated coding, with a checksum or none, on a serial line or by a device server."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from yanshou.wires.wire import NETWORK, SECRET, SERIAL, Framing, Heard, Language, Wire


def _sum8(data: bytes) -> str:
    return f"{sum(data) & 0xFF:02X}"


def _xor8(data: bytes) -> str:
    value = 0
    for byte in data:
        value ^= byte
    return f"{value:02X}"


def _crc16_arc(data: bytes) -> str:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return f"{crc:04X}"


CHECKSUMS: Mapping[str, Callable[[bytes], str]] = {"sum8": _sum8, "xor8": _xor8, "crc16-arc": _crc16_arc}
"""The checksums a profile may choose, by name; their hexadecimal digits follow the text of a line."""


CODINGS: Mapping[str, str] = {"ascii": "ascii", "utf-8": "utf-8", "gbk": "gb18030", "gb18030": "gb18030"}
"""The codings of text a profile may choose, and the codec that reads each; GB 18030 contains GBK."""

_ENDS = re.compile(b"[\r\n]")
_LONGEST = 4096  # longest line; a device that sends more without an end of line does not send lines


@dataclass(slots=True)
class LineReader:
    """Cuts a stream of bytes into lines at ``eol``."""

    eol: bytes = b"\r\n"
    pending: bytes = field(default=b"")

    def feed(self, data: bytes) -> list[bytes]:
        """Add received bytes; returns the lines completed by them, without their ends."""
        *lines, self.pending = (self.pending + data).split(self.eol)
        self.pending = self.pending[-_LONGEST:]
        return lines

    def clear(self) -> None:
        """Discard an incomplete line."""
        self.pending = b""


class LineFraming:
    """Lines that end with ``eol``; checksum digits, if any, stand before it.

    A device may end what it reports by itself with a single CR or LF: what stands before such an end is a
    line of its own, and no part of the next answer.
    """

    def __init__(self, eol: str, checksum: str = "", coding: str = "ascii") -> None:
        self._eol = eol.encode("ascii")
        self._sum = CHECKSUMS.get(checksum)
        self._coding, self._codec = coding, CODINGS[coding]
        self._reader = LineReader(self._eol)

    @property
    def pending(self) -> bool:
        return bool(self._reader.pending.strip(b"\r\n\x00"))

    def feed(self, data: bytes) -> list[Heard]:
        whole = (line for one in self._reader.feed(data) for line in _ENDS.split(one))
        return [self._checked(line) for one in whole if (line := one.strip(b"\x00"))]

    def encode(self, text: str) -> bytes:
        data = text.encode(self._codec)
        return data + (self._sum(data).encode("ascii") if self._sum else b"") + self._eol

    def clear(self) -> None:
        self._reader.clear()

    def _checked(self, line: bytes) -> Heard:
        if self._sum is None:
            return self._decoded(line)
        digits = len(self._sum(b""))
        data, given = line[:-digits], line[-digits:].decode("ascii", "replace")
        if given.upper() != self._sum(data):
            fault = f"a line with a wrong checksum came ({line.decode('ascii', 'replace')!r})"
            return Heard(data.decode("ascii", "replace"), fault)
        return self._decoded(data)

    def _decoded(self, data: bytes) -> Heard:
        """The text of a line; one with other bytes than its coding has is shown as it is likely meant."""
        if (text := _text(data, self._codec)) is not None:
            return Heard(text)
        for meant in ("utf-8", "gb18030"):
            if (text := _text(data, meant)) is not None:
                fault = f"a line came whose bytes are no {self._coding} (in {meant} it is {text!r})"
                return Heard(text, fault, f'If that is right, write coding = "{meant}" in its profile.')
        fault = f"a line came whose bytes are no {self._coding}"
        return Heard(data.decode(self._codec, "replace"), fault)


def _text(data: bytes, codec: str) -> str | None:
    """The text that bytes are in a codec; None if they are none."""
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


class LineLanguage(Language):
    """The line protocol of plain text: any text may be sent."""

    name = "lines"
    profiles = ("serial-line", "dc09")
    plain = True

    def framing(self, eol: str, checksum: str, coding: str) -> Framing:
        """Lines that end with ``eol``."""
        return LineFraming(eol, checksum, coding)


SERIAL_LINE = Wire("serial-line", SERIAL | SECRET, "serial-line", serial=True)
WIRES = (SERIAL_LINE, Wire("tcp-line", NETWORK | SECRET, "serial-line", 4025))
LANGUAGES = (LineLanguage(),)
