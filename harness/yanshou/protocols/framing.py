# SPDX-License-Identifier: Apache-2.0
"""From bytes to messages and back: lines with an optional checksum, and the frames of INTEGRA panels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from yanshou.protocols import satel
from yanshou.protocols.serial_line import LineReader
from yanshou.protocols.speech import SATEL, Speech


@dataclass(frozen=True, slots=True)
class Heard:
    """One message; with a ``fault`` it came garbled, and what it said is not known."""

    text: str
    fault: str = ""


class Framing(Protocol):
    """Cuts a stream of bytes into messages."""

    @property
    def pending(self) -> bool:
        """Whether a message has begun and not ended."""
        ...

    def feed(self, data: bytes) -> list[Heard]: ...
    def encode(self, text: str) -> bytes: ...
    def clear(self) -> None: ...


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
"""Hexadecimal digits behind the text of a line, by name: the closed set a profile may choose from."""


class LineFraming:
    """Lines that end with ``eol``; with a checksum its digits stand before that."""

    def __init__(self, eol: str, checksum: str = "") -> None:
        self._eol = eol.encode("ascii")
        self._sum = CHECKSUMS.get(checksum)
        self._reader = LineReader(self._eol)

    @property
    def pending(self) -> bool:
        return bool(self._reader.pending.strip(b"\r\n\x00"))

    def feed(self, data: bytes) -> list[Heard]:
        lines = (line.strip("\r\n\x00") for line in self._reader.feed(data))
        return [self._checked(line) for line in lines if line]

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


class SatelFraming:
    """Frames of INTEGRA panels; their bodies are spoken of as hexadecimal digits."""

    def __init__(self) -> None:
        self._reader = satel.FrameReader()

    @property
    def pending(self) -> bool:
        return self._reader.pending

    def feed(self, data: bytes) -> list[Heard]:
        return [Heard(frame.body.hex().upper(), frame.fault) for frame in self._reader.feed(data)]

    def encode(self, text: str) -> bytes:
        return satel.encode(bytes.fromhex(text))

    def clear(self) -> None:
        self._reader = satel.FrameReader()


def framing_of(speech: Speech) -> Framing:
    """The framing a speech asks for."""
    return SatelFraming() if speech.framing == SATEL else LineFraming(speech.eol, speech.checksum)
