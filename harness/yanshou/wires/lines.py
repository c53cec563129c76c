# SPDX-License-Identifier: Apache-2.0
"""Lines of text, with an optional checksum, on a serial line or through a device server."""

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


_ENDS = re.compile("[\r\n]")
_LONGEST = 4096  # longest line; a device that sends more without an end of line does not send lines


@dataclass(slots=True)
class LineReader:
    """Cuts a stream of bytes into lines at ``eol``.

    Bytes that are not ASCII become U+FFFD; nothing is raised.
    """

    eol: bytes = b"\r\n"
    pending: bytes = field(default=b"")

    def feed(self, data: bytes) -> list[str]:
        """Add received bytes; returns the lines completed by them, without their ends."""
        *lines, self.pending = (self.pending + data).split(self.eol)
        self.pending = self.pending[-_LONGEST:]
        return [line.decode("ascii", "replace") for line in lines]

    def clear(self) -> None:
        """Discard an incomplete line."""
        self.pending = b""


class LineFraming:
    """Lines that end with ``eol``; checksum digits, if any, stand before it.

    A device may end what it reports by itself with a single CR or LF: what stands before such an end is a
    line of its own, and no part of the next answer.
    """

    def __init__(self, eol: str, checksum: str = "") -> None:
        self._eol = eol.encode("ascii")
        self._sum = CHECKSUMS.get(checksum)
        self._reader = LineReader(self._eol)

    @property
    def pending(self) -> bool:
        return bool(self._reader.pending.strip(b"\r\n\x00"))

    def feed(self, data: bytes) -> list[Heard]:
        whole = (line for one in self._reader.feed(data) for line in _ENDS.split(one))
        return [self._checked(line) for one in whole if (line := one.strip("\x00"))]

    def encode(self, text: str) -> bytes:
        data = text.encode("ascii")
        return data + (self._sum(data).encode("ascii") if self._sum else b"") + self._eol

    def clear(self) -> None:
        self._reader.clear()

    def _checked(self, line: str) -> Heard:
        if self._sum is None:
            fault = "a line with bytes that are no ASCII came" if "\ufffd" in line else ""
            return Heard(line, fault)
        digits = len(self._sum(b""))
        text, given = line[:-digits], line[-digits:]
        right = self._sum(text.encode("ascii", "replace")) if "\ufffd" not in line else ""
        return Heard(text, "" if given.upper() == right else f"a line with a wrong checksum came ({line!r})")


class LineLanguage(Language):
    """The line protocol of plain text: any text may be sent."""

    name = "lines"
    profiles = ("serial-line", "dc09")
    plain = True

    def framing(self, eol: str, checksum: str) -> Framing:
        """Lines that end with ``eol``."""
        return LineFraming(eol, checksum)


SERIAL_LINE = Wire("serial-line", SERIAL | SECRET, "serial-line", serial=True)
WIRES = (SERIAL_LINE, Wire("tcp-line", NETWORK | SECRET, "serial-line", 4025))
LANGUAGES = (LineLanguage(),)
