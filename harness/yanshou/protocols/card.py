# SPDX-License-Identifier: Apache-2.0
"""What is presented at a reader, as a site file writes it: bits of a card, keys of a keypad, or both.

``26:0123456`` is a card of 26 bits with that value in hexadecimal; ``1A2B3C4D`` is one of four bits a digit.
``pin:1234#`` are keys. ``26:0123456+pin:1234#`` is the card and then the keys.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_CARD = re.compile(r"(?:(?P<bits>\d{1,4}):)?(?P<value>[0-9A-Fa-f]{1,256})")
_KEYS = re.compile(r"pin:(?P<keys>[0-9*#]{1,32})")
LOW_WORD: Final = 0xFFFF
_LONGEST = 1024  # bits; a card sends at most some hundreds


@dataclass(frozen=True, slots=True)
class Bits:
    """``bits`` of a card, the first one sent is the highest of ``value``."""

    bits: int
    value: int

    @property
    def left_aligned(self) -> bytes:
        """The bits in the order sent, the first one highest, the last byte filled with zeros."""
        size = -(-self.bits // 8)
        return (self.value << (8 * size - self.bits)).to_bytes(size, "big")


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys 0 to 9, ``*`` and ``#`` in the order pressed."""

    pressed: str


Part = Bits | Keys
WITH_PARITY: Final = frozenset({26, 34})
"""Lengths of the usual Wiegand cards, whose first and last bit are parity."""


def has_right_parity(card: Bits) -> bool:
    """Whether the first bit makes the first half even, and the last bit the last half odd.

    In a card of 37 bits both halves hold the bit in the middle.
    """
    half = (card.bits - 1) // 2
    first, last = card.value >> (card.bits - 1 - half), card.value & ((2 << half) - 1)
    return first.bit_count() % 2 == 0 and last.bit_count() % 2 == 1


def read_credential(text: str) -> tuple[Part, ...]:
    """The parts of a credential in the order presented; ValueError says what is wrong and does not quote it.

    A credential may be secret.
    """
    return tuple(_part(part.strip()) for part in text.split("+"))


def essence(text: str) -> tuple[int | str, ...]:
    """What a controller may know a credential by, the same for all its spellings.

    Zeros before a number, the number of bits, small and capital digits, and the key that ends a code make no
    difference. A text that is no credential is its own.
    """
    try:
        parts = read_credential(text)
    except ValueError:
        return (text.strip().casefold(),)
    return tuple(one.value if isinstance(one, Bits) else one.pressed.strip("*#") for one in parts)


def _part(text: str) -> Part:
    if keys := _KEYS.fullmatch(text):
        return Keys(keys["keys"])
    card = _CARD.fullmatch(text)
    if card is None:
        raise ValueError("it is neither 26:0123456 (bits and hexadecimal value) nor pin:1234#")
    value = int(card["value"], 16)
    bits = int(card["bits"]) if card["bits"] else 4 * len(card["value"])
    if not 1 <= bits <= _LONGEST:
        raise ValueError(f"{bits} bits are not 1 to {_LONGEST}")
    if value >> bits:
        raise ValueError(f"its value needs more than {bits} bits")
    return Bits(bits, value)


def card_number(credential: str) -> int:
    """The low 16 bits of the number that a log keeps of a credential.

    Of a card of 26 or 34 bits these lie before the last parity bit; of others they are its last bits, and of
    keys their digits.
    """
    try:
        first = read_credential(credential)[0]
    except ValueError:
        first = Keys(credential)
    if isinstance(first, Bits):
        return (first.value >> 1 if first.bits in WITH_PARITY else first.value) & LOW_WORD
    return int("".join(filter(str.isdecimal, first.pressed)) or "0") & LOW_WORD


def as_data(part: Part) -> list[object]:
    """Plain data for a pipe; ``as_part`` reads it back."""
    return [part.pressed] if isinstance(part, Keys) else [part.bits, f"{part.value:x}"]


def as_part(data: list[object]) -> Part:
    """A part from plain data."""
    return Keys(str(data[0])) if len(data) == 1 else Bits(int(str(data[0])), int(str(data[1]), 16))
