# SPDX-License-Identifier: Apache-2.0
"""The secure channel of OSDP as a control panel makes it (IEC 60839-11-5, annex D)."""

from __future__ import annotations

import secrets
from typing import Any

_BLOCK = 16


def _encrypt(key: bytes, block: bytes) -> bytes:
    from Cryptodome.Cipher import AES  # noqa: PLC0415 - most sites have no OSDP, and it is slow to load

    return AES.new(key, AES.MODE_ECB).encrypt(block)


def _chaining(key: bytes, start: bytes) -> Any:
    """The cipher in CBC mode."""
    from Cryptodome.Cipher import AES  # noqa: PLC0415 - as above

    return AES.new(key, AES.MODE_CBC, start)


def _inverse(block: bytes) -> bytes:
    return bytes(byte ^ 0xFF for byte in block)


def _padded(data: bytes) -> bytes:
    return data + b"\x80" + bytes(-(len(data) + 1) % _BLOCK)


class PanelSession:
    """One session: begun with a random number, made from the reader's answer, chained packet by packet."""

    def __init__(self, key: bytes) -> None:
        self.random = secrets.token_bytes(8)
        self._cipher, self._mac1, self._mac2 = (self._derived(key, kind) for kind in (0x82, 0x01, 0x02))
        self._last_command = self._last_reply = bytes(_BLOCK)

    def _derived(self, key: bytes, kind: int) -> bytes:
        return _encrypt(key, bytes([0x01, kind]) + self.random[:6] + bytes(8))

    def answer(self, client: bytes) -> bytes | None:
        """The panel's cryptogram for what the reader sent; None if the reader has another key."""
        theirs, cryptogram = client[8:16], client[16:32]
        if _encrypt(self._cipher, self.random + theirs) != cryptogram:
            return None
        return _encrypt(self._cipher, theirs + self.random)

    def begin(self, initial: bytes) -> None:
        """The reader accepted; ``initial`` is the first link of the chain."""
        self._last_reply = initial

    def _mac(self, packet: bytes, start: bytes) -> bytes:
        blocks = packet if len(packet) % _BLOCK == 0 else _padded(packet)
        chained = start
        if len(blocks) > _BLOCK:
            chained = _chaining(self._mac1, chained).encrypt(blocks[:-_BLOCK])[-_BLOCK:]
        return bytes(_chaining(self._mac2, chained).encrypt(blocks[-_BLOCK:]))

    def sign(self, command: bytes) -> bytes:
        """The four bytes at the end of a command."""
        self._last_command = self._mac(command, self._last_reply)
        return self._last_command[:4]

    def is_signed(self, reply: bytes, mac: bytes) -> bool:
        """Whether a reply belongs to this session and follows the last command."""
        whole = self._mac(reply, self._last_command)
        if whole[:4] != mac:
            return False
        self._last_reply = whole
        return True

    def cipher(self, data: bytes) -> bytes:
        """The data of the next command."""
        return bytes(_chaining(self._cipher, _inverse(self._last_reply)).encrypt(_padded(data)))

    def decipher(self, data: bytes) -> bytes:
        """The data of a reply to the last command; to be called before ``is_signed``."""
        plain = bytes(_chaining(self._cipher, _inverse(self._last_command)).decrypt(data))
        return plain.rstrip(b"\x00")[:-1]
