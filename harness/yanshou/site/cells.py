# SPDX-License-Identifier: Apache-2.0
"""The syntax of inventory cells: attributes and wiring."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from yanshou.site.vocabulary import NO, YES

_NAME = re.compile(r"[^\W\d]\w*")
_WIDE = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF0E: ".", 0xFF0D: "-"}
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,14})")
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)\.\d+")
_NAMES = frozenset({"serial", "firmware", "epr", "mac", "vlan"})
_TARGET = re.compile(r"(?P<board>[A-Za-z0-9][A-Za-z0-9_.\-]*)(?:/(?P<input>di)?(?P<channel>\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a wire ends: a relay channel ``RELAY-2/6``, an input ``RELAY-1/di0``, or an instrument.

    Channels count from 0 as on the wire; a reader's ports from 1, as its profile says.
    """

    board: str
    channel: int | None
    input: bool

    def __str__(self) -> str:
        if self.channel is None:
            return self.board
        return f"{self.board}/{'di' if self.input else ''}{self.channel}"


class CellError(ValueError):
    """A cell does not follow its grammar; the message says which part of it."""


def parse_attributes(text: str) -> dict[str, object]:
    """``technology=wired; battery_ah=17; networked=true`` with numbers and yes/no as such.

    Digits with a leading zero stay text: they are numbers of cards, not quantities.  So do serial numbers
    and versions: firmware 1.10 is not 1.1.
    Raises CellError naming the part that is wrong.
    """
    return {key: attribute_value(key, value) for key, value in _pairs(text)}


def attribute_value(key: str, text: str) -> object:
    """The value of the attribute ``key`` as a cell has it."""
    return text if key in _NAMES else typed(text)


def parse_wiring(text: str) -> dict[str, str]:
    """``loop=RELAY-2/6; siren=RELAY-1/di0``: role to target.  Raises CellError naming the wrong part."""
    return {role: str(parse_target(target, role)) for role, target in _pairs(text)}


def parse_target(text: str, role: str = "wire") -> Target:
    """The board and channel of a wire's end.  Raises CellError."""
    found = _TARGET.fullmatch(text)
    if found is None:
        raise CellError(f"{role}={text} is neither BOARD/3 (relay), BOARD/di0 (input) nor an instrument's id")
    channel = found["channel"]
    return Target(found["board"], int(channel) if channel else None, found["input"] is not None)


def typed(text: str) -> object:
    """The value of a cell: a whole number, a decimal, yes or no, else the text itself."""
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    number = text.translate(_WIDE)
    if _WHOLE.fullmatch(number):
        return int(number)
    if _DECIMAL.fullmatch(number):
        return float(number)
    return text


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for part in text.replace("；", ";").split(";"):  # often typed on a Chinese keyboard
        if not part.strip():
            continue
        key, equals, value = (one.strip() for one in part.replace("＝", "=").partition("="))
        key = unicodedata.normalize("NFKC", key)
        if not equals or not value or not _NAME.fullmatch(key):
            raise CellError(f"{part.strip()!r} is not of the form name=value")
        if key in seen:
            raise CellError(f"{key} is given twice")
        seen.add(key)
        yield key, value
