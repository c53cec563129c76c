# SPDX-License-Identifier: Apache-2.0
"""Frames of Satel INTEGRA panels: INT-RS at 19200 Bd, ETHM-1 on TCP port 7094.

``FE FE  command data…  crc.high crc.low  FE 0D``; a byte FE between head and tail is sent as FE F0.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field

from yanshou.wires.wire import NETWORK, SECRET, SERIAL, Framing, Heard, Language, Wire

_HEAD, _TAIL = b"\xfe\xfe", b"\xfe\x0d"
_STUFFED = b"\xfe\xf0"
_MARK, _END, _STUFFING = 0xFE, 0x0D, 0xF0
_LONGEST = 512  # bytes without an end: more than any frame has
_SHORTEST = 3  # a command and the two bytes of the checksum
_SEED = 0x147A
# commands 0x80 to 0x8F control the panel, except for the event log
_READS = frozenset({*range(0x80), 0x8C, 0xEE})
_HEX = frozenset(string.hexdigits + " ")


def checksum(body: bytes) -> int:
    """The 16-bit sum of a body: for each byte rotate left, invert, add the high byte and the byte."""
    crc = _SEED
    for byte in body:
        crc = (crc << 1 & 0xFFFF | crc >> 15) ^ 0xFFFF
        crc = crc + (crc >> 8) + byte & 0xFFFF
    return crc


def encode(body: bytes) -> bytes:
    """The frame that carries ``body``."""
    checked = body + checksum(body).to_bytes(2, "big")
    return _HEAD + checked.replace(_HEAD[:1], _STUFFED) + _TAIL


@dataclass(frozen=True, slots=True)
class IntegraFrame:
    """The body of one frame; if ``fault`` is set, it must not be used."""

    body: bytes
    fault: str = ""


@dataclass(slots=True)
class FrameReader:
    """Cuts a stream into frames; noise between frames is skipped, a broken-off frame is reported."""

    _body: bytearray | None = None
    _marked: bool = False
    _found: list[IntegraFrame] = field(default_factory=list)

    @property
    def pending(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._body)

    def feed(self, data: bytes) -> list[IntegraFrame]:
        """Add received bytes; returns the frames that end in them."""
        self._found = []
        for byte in data:
            self._take(byte)
        return self._found

    def _take(self, byte: int) -> None:
        if self._marked:
            self._marked = False
            self._after_mark(byte)
        elif byte == _MARK:
            self._marked = True
        elif self._body is not None:
            self._body.append(byte)
            if len(self._body) > _LONGEST:
                self._give_up("a frame without an end came")

    def _after_mark(self, byte: int) -> None:
        if byte == _MARK:  # a frame begins with two or more marks
            if self._body:
                self._give_up("a frame broke off")
            self._body, self._marked = bytearray(), False
        elif self._body is None:
            return
        elif byte == _STUFFING:
            self._body.append(_MARK)
        elif byte == _END:
            self._finish(bytes(self._body))
        else:
            self._give_up("a frame with a wrong byte came")

    def _finish(self, checked: bytes) -> None:
        self._body = None
        body, given = checked[:-2], int.from_bytes(checked[-2:], "big")
        right = len(checked) >= _SHORTEST and checksum(body) == given
        self._found.append(
            IntegraFrame(body, "" if right else f"a frame with a wrong checksum came ({checked.hex()})")
        )

    def _give_up(self, fault: str) -> None:
        self._found.append(IntegraFrame(bytes(self._body or b""), fault))
        self._body = None


class SatelFraming:
    """Frames of INTEGRA panels; their bodies are given as hexadecimal digits."""

    def __init__(self) -> None:
        self._reader = FrameReader()

    @property
    def pending(self) -> bool:
        return self._reader.pending

    def feed(self, data: bytes) -> list[Heard]:
        return [Heard(frame.body.hex().upper(), frame.fault) for frame in self._reader.feed(data)]

    def encode(self, text: str) -> bytes:
        return encode(bytes.fromhex(text))

    def clear(self) -> None:
        self._reader = FrameReader()


class Integra(Language):
    """The line protocol of INTEGRA panels: texts are the hexadecimal digits of frame bodies."""

    name = "satel"
    profiles = ("satel",)

    def framing(self, eol: str, checksum: str, coding: str) -> Framing:  # noqa: ARG002 - the frames bring their own
        """INTEGRA frames."""
        return SatelFraming()

    def fault_in_question(self, text: str) -> tuple[str, str] | None:
        """What is wrong with a ``request``, which must be a frame with a reading command."""
        if not text or (wrong := self.fault_in_text(text)):
            return wrong if text else None
        if int(text[:2], 16) not in _READS:
            return f"{text[:2]} is a command.", ""
        return None

    def fault_in_text(self, text: str) -> tuple[str, str] | None:
        """What is wrong with a text, which must consist of hexadecimal bytes."""
        bare = re.sub(r"\{[^}]*\}", "", text)
        if set(bare) <= _HEX and len(bare.replace(" ", "")) % 2 == 0:
            return None
        return f"{text!r} is not made of hexadecimal bytes.", "Write it like 02 or 84{code_bcd}."


WIRES = (
    Wire("satel", NETWORK | SECRET, "satel", 7094),
    Wire("satel-serial", SERIAL | SECRET, "satel", serial=True),
)
LANGUAGES = (Integra(),)
