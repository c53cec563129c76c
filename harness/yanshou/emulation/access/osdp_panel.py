# SPDX-License-Identifier: Apache-2.0
"""The OSDP port of an emulated door controller: it asks its readers in turn, with or without protection."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from yanshou.emulation.access.osdp_crypto import PanelSession

PUBLISHED_KEY = b"0123456789:;<=>?"
_ANSWER_S = 0.2  # IEC 60839-11-5, 5.7
_TRIES = 3
_POLL, _ID, _KEYSET, _CHALLENGE, _CRYPTOGRAM = 0x60, 0x61, 0x75, 0x76, 0x77
_ACK, _CARD, _KEYS, _CLIENT, _INITIAL = 0x40, 0x50, 0x53, 0x76, 0x78


class Line(Protocol):
    """The panel's end of the RS-485 line."""

    def read(self, timeout: float) -> bytes: ...
    def write(self, data: bytes) -> None: ...


@dataclass(slots=True)
class PanelReader:
    """A reader as the panel knows it. ``rekey``: what the panel gives a reader that has the published key."""

    address: int
    key: bytes | None = None
    rekey: bytes | None = None
    sequence: int = 0
    known: bool = False
    session: PanelSession | None = None
    on_card: Callable[[str], None] = lambda _bits: None
    on_keys: Callable[[str], None] = lambda _keys: None
    failures: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reply:
    code: int
    data: bytes
    kind: int = 0
    status: int = 0


class ReaderGone(Exception):
    """The reader did not answer, or not as it must."""


class OsdpPanel:
    """Asks each reader once in each round; a silent one is begun with anew."""

    def __init__(self, line: Line, readers: list[PanelReader]) -> None:
        self._line = line
        self.readers = readers
        self._buffer = b""
        self.last = b""  # the last command, for tests that send it again

    def round(self) -> None:
        """Ask every reader once."""
        for reader in self.readers:
            try:
                self._ask(reader)
            except ReaderGone as reason:
                reader.failures.append(str(reason))
                reader.known, reader.session, reader.sequence = False, None, 0

    def _ask(self, reader: PanelReader) -> None:
        if not reader.known:
            self._exchange(reader, _ID, b"\x00")
            reader.known = True
        if reader.key is not None and reader.session is None:
            self._secure(reader, reader.key)
        if reader.rekey is not None and reader.session is not None:
            self._exchange(reader, _KEYSET, bytes([1, 16]) + reader.rekey)
            reader.key, reader.rekey, reader.session = reader.rekey, None, None
            return
        reply = self._exchange(reader, _POLL)
        if reply.code == _CARD:
            count = int.from_bytes(reply.data[2:4], "little")
            reader.on_card("".join(f"{byte:08b}" for byte in reply.data[4:])[:count])
        elif reply.code == _KEYS:
            pressed = reply.data[2 : 2 + reply.data[1]]
            reader.on_keys(pressed.replace(b"\x7f", b"*").replace(b"\r", b"#").decode("ascii", "replace"))

    def _secure(self, reader: PanelReader, key: bytes) -> None:
        session = PanelSession(key)
        which = b"\x00" if key == PUBLISHED_KEY else b"\x01"
        reply = self._exchange(reader, _CHALLENGE, session.random, block=b"\x11" + which)
        cryptogram = session.answer(reply.data) if reply.kind == 0x12 else None  # noqa: PLR2004 - IEC 60839-11-5
        if reply.code != _CLIENT or cryptogram is None:
            raise ReaderGone("another key")
        reply = self._exchange(reader, _CRYPTOGRAM, cryptogram, block=b"\x13" + which)
        if reply.code != _INITIAL or reply.status != 1:
            raise ReaderGone("cryptogram refused")
        session.begin(reply.data)
        reader.session = session

    def _exchange(self, reader: PanelReader, code: int, data: bytes = b"", block: bytes = b"") -> _Reply:
        """Send a command, the same again while no answer comes; returns the answer."""
        command = self.last = self._packed(reader, code, data, block)
        for _ in range(_TRIES):
            self._buffer = b""
            self._line.write(command)
            raw = self._reply(reader.address)
            if raw is not None:
                reader.sequence = reader.sequence % 3 + 1
                return self._opened(reader, raw)
        raise ReaderGone("no answer")

    def _packed(self, reader: PanelReader, code: int, data: bytes, block: bytes) -> bytes:
        session = reader.session
        if session is not None and not block:
            block = b"\x17" if data else b"\x15"
            data = session.cipher(data) if data else b""
        signed = session is not None and block[0] >= 0x15  # noqa: PLR2004 - IEC 60839-11-5
        protection = bytes([len(block) + 1]) + block if block else b""
        size = 5 + len(protection) + 1 + len(data) + (4 if signed else 0) + 2
        control = reader.sequence | 0x04 | (0x08 if block else 0)
        packet = b"\x53" + bytes([reader.address]) + size.to_bytes(2, "little") + bytes([control])
        packet += protection + bytes([code]) + data
        if session is not None and signed:
            packet += session.sign(packet)
        return packet + _crc(packet).to_bytes(2, "little")

    def _reply(self, address: int) -> bytes | None:
        end = time.perf_counter() + _ANSWER_S
        while (left := end - time.perf_counter()) > 0:
            self._buffer += self._line.read(left)
            start = self._buffer.find(bytes([0x53, address | 0x80]))
            rest = self._buffer[start:] if start >= 0 else b""
            if len(rest) >= 4 and len(rest) >= (size := int.from_bytes(rest[2:4], "little")):  # noqa: PLR2004
                raw = rest[:size]
                right = _crc(raw[:-2]).to_bytes(2, "little") == raw[-2:]
                return raw if right else None
        return None

    def _opened(self, reader: PanelReader, raw: bytes) -> _Reply:
        body, kind, status = raw[5:-2], 0, 0
        if raw[4] & 0x08:
            kind, status = body[1], body[2] if body[0] > 2 else 0  # noqa: PLR2004
            body = body[body[0] :]
        session = reader.session
        if session is None:
            return _Reply(body[0], body[1:], kind, status)
        if kind not in {0x16, 0x18}:
            raise ReaderGone("an answer outside of the session")
        data = session.decipher(body[1:-4]) if kind == 0x18 else b""  # noqa: PLR2004
        if not session.is_signed(raw[:-6], raw[-6:-2]):
            raise ReaderGone("an answer with a wrong signature")
        return _Reply(body[0], data, kind)


def _crc(data: bytes) -> int:
    value = 0x1D0F
    for byte in data:
        value = value >> 8 | value << 8 & 0xFFFF
        value ^= byte
        value ^= (value & 0xFF) >> 4
        value ^= value << 12 & 0xFFFF
        value ^= (value & 0xFF) << 5
    return value & 0xFFFF
