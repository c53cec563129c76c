# SPDX-License-Identifier: Apache-2.0
"""Packets of OSDP (IEC 60839-11-5): cut out of the bytes of an RS-485 line, checked, and read.

Nothing is deciphered here. The code of a command or reply, and the kind of secure block, stand outside of the
ciphered part, so whoever listens to the line sees when a card was reported and how the line is protected.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass, field
from enum import IntEnum

SOM = 0x53
BROADCAST = 0x7F
GREATEST_ADDRESS = 0x7E
SCBK_D = bytes(range(0x30, 0x40))
"""The published key that readers leave the factory with (IEC 60839-11-5, annex D)."""
KEY_BYTES = 16
_REPLY, _SEQUENCE, _CRC, _SECURE = 0x80, 0x03, 0x04, 0x08
_HEAD, _LEAST, _MOST = 5, 7, 1440  # bytes; the longest packet of the standard
_BLOCK_LEAST = 2


class OsdpCode(IntEnum):
    """Commands of a control panel and replies of a reader that are told apart here."""

    POLL = 0x60
    KEYSET = 0x75
    CHLNG = 0x76  # the same number is the reply CCRYPT
    SCRYPT = 0x77  # and RMAC_I is 0x78
    ACK = 0x40
    NAK = 0x41
    LSTATR = 0x48
    RAW = 0x50
    FMT = 0x51
    KEYPAD = 0x53
    BIOREADR = 0x57
    PIVDATAR = 0x80
    XRD = 0xB1
    RMAC_I = 0x78


REPORTS = frozenset({OsdpCode.RAW, OsdpCode.FMT, OsdpCode.KEYPAD})
"""Replies that report a credential."""
_OF_CREDENTIALS = REPORTS | {OsdpCode.BIOREADR, OsdpCode.PIVDATAR}
_SMART_CARD = b"\x01"  # mode of XRD: traffic with a card; others are settings


class Block(IntEnum):
    """Kinds of secure block."""

    CHALLENGE = 0x11
    CLIENT = 0x12
    SERVER = 0x13
    INITIAL = 0x14
    CIPHERED_COMMAND = 0x17
    CIPHERED_REPLY = 0x18


@dataclass(frozen=True, slots=True)
class Packet:
    """One whole packet whose check was right; ``began`` and ``ended``: receipt of its first and last byte."""

    raw: bytes
    began: float
    ended: float

    @property
    def address(self) -> int:
        """The reader it goes to, or comes from."""
        return self.raw[1] & ~_REPLY

    @property
    def is_reply(self) -> bool:
        """Whether a reader sent it."""
        return bool(self.raw[1] & _REPLY)

    @property
    def sequence(self) -> int:
        """0 begins a connection; otherwise 1 to 3 in turn, the same again when a packet is repeated."""
        return self.raw[4] & _SEQUENCE

    @property
    def block(self) -> bytes:
        """The secure block, from its kind on; empty on a packet without protection."""
        return self.raw[_HEAD + 1 : _HEAD + self.raw[_HEAD]] if self.raw[4] & _SECURE else b""

    @property
    def is_ciphered(self) -> bool:
        """Whether its contents cannot be read without the key of the session; a signature hides nothing."""
        return self.block[:1] in (bytes([Block.CIPHERED_COMMAND]), bytes([Block.CIPHERED_REPLY]))

    @property
    def code(self) -> int:
        """The command or reply."""
        return self.raw[_HEAD + (self.raw[_HEAD] if self.raw[4] & _SECURE else 0)]

    @property
    def data(self) -> bytes:
        """What follows the code, up to the check; ciphered and signed in a session."""
        begin = _HEAD + (self.raw[_HEAD] if self.raw[4] & _SECURE else 0) + 1
        return self.raw[begin : len(self.raw) - (2 if self.raw[4] & _CRC else 1)]

    @property
    def is_report(self) -> bool:
        """Whether a reader reports a credential with it."""
        return self.is_reply and self.code in REPORTS

    @property
    def holds_credential(self) -> bool:
        """Whether a reader tells with it what identifies somebody, be it only a part of a dialogue."""
        smart = self.code == OsdpCode.XRD and (self.is_ciphered or self.data[:1] == _SMART_CARD)
        return self.is_reply and (self.code in _OF_CREDENTIALS or smart)


@dataclass(slots=True)
class PacketFramer:
    """Cuts a stream of bytes into whole packets and never hands on a part of one.

    ``garbled`` counts the bytes that could have begun a packet and did not.
    """

    garbled: int = 0
    _bytes: bytearray = field(default_factory=bytearray)
    _stamps: list[tuple[int, float]] = field(default_factory=list)  # bytes of each receipt, and its time

    @property
    def pending(self) -> bool:
        """Whether a packet has begun and not ended."""
        return bool(self._bytes)

    def feed(self, data: bytes, rx: float) -> list[Packet]:
        """Add bytes received at ``rx``; returns the packets that end in them."""
        self._bytes += data
        self._stamps.append((len(data), rx))
        found = []
        while self._to_packet():
            size = self._size()
            if size is None or len(self._bytes) < size:
                break
            raw = bytes(self._bytes[:size])
            if not _is_sound(raw):
                self._garbage()
                continue
            began = self._stamps[0][1]
            found.append(Packet(raw, began, self._drop(size)))
        return found

    def silence(self) -> list[Packet]:
        """The line has been silent: a packet that has not ended never will; whole ones after it are kept."""
        found: list[Packet] = []
        while self._bytes and not found:
            self._garbage()
            found = self.feed(b"", self._stamps[-1][1] if self._stamps else 0.0)
        return found

    def _to_packet(self) -> bool:
        """Drop bytes before the next start of a packet, which are noise or the mark before a packet."""
        at = self._bytes.find(SOM)
        self._drop(len(self._bytes) if at < 0 else at)
        return bool(self._bytes)

    def _size(self) -> int | None:
        """The length of the packet that has begun; None while its head is not complete."""
        if len(self._bytes) < _HEAD:
            return None
        size = int.from_bytes(self._bytes[2:4], "little")
        return size if _LEAST <= size <= _MOST else 1  # one byte is never sound

    def _garbage(self) -> None:
        self.garbled += 1
        self._drop(1)

    def _drop(self, count: int) -> float:
        """Drop bytes at the front; returns when the last of them was received."""
        del self._bytes[:count]
        last = self._stamps[0][1] if self._stamps else 0.0
        while count and self._stamps:
            size, last = self._stamps[0]
            if size > count:
                self._stamps[0] = size - count, last
                return last
            count -= size
            self._stamps.pop(0)
        return last


def _is_sound(raw: bytes) -> bool:
    """Whether the check at its end is right, and the secure block lies inside of the packet."""
    if len(raw) < _LEAST or raw[0] != SOM:
        return False
    check = 2 if raw[4] & _CRC else 1
    body, given = raw[:-check], raw[-check:]
    right = crc16(body).to_bytes(2, "little") if check == 2 else bytes([-sum(body) & 0xFF])  # noqa: PLR2004
    if given != right:
        return False
    room = len(body) - _HEAD
    return room >= 1 and (not raw[4] & _SECURE or _BLOCK_LEAST <= raw[_HEAD] < room)


def crc16(data: bytes) -> int:
    """The CRC of IEC 60839-11-5, 5.9: polynomial 0x1021, begun with 0x1D0F."""
    return binascii.crc_hqx(data, 0x1D0F)


def uses_default_key(panel_random: bytes, client: bytes) -> bool:
    """Whether a reader answered a challenge with the published default key (IEC 60839-11-5, annex D).

    ``panel_random``: the 8 bytes of CHLNG; ``client``: the data of CCRYPT, that is the reader's identity and
    random number (8 bytes each) and its cryptogram (16 bytes).
    """
    derived = bytes([0x01, 0x82]) + panel_random[:6] + bytes(8)
    both = panel_random + client[8:16]
    if len(derived) != KEY_BYTES or len(both) != KEY_BYTES:
        return False
    from Cryptodome.Cipher import AES  # noqa: PLC0415 - a site without OSDP does without

    session = AES.new(SCBK_D, AES.MODE_ECB).encrypt(derived)
    return AES.new(session, AES.MODE_ECB).encrypt(both) == client[16:32]


def read_key(text: str) -> bytes:
    """A secure channel base key from 32 hexadecimal digits; ValueError, which does not quote it."""
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError("its key is not 32 hexadecimal digits")
    return key
