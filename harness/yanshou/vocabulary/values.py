# SPDX-License-Identifier: Apache-2.0
"""The kinds of value an attribute can have: how each is read, and which words a clause may ask for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NoReturn

from yanshou.model.unit import UnitError, factor, split_number
from yanshou.toml import near, shown
from yanshou.vocabulary.spelling import spellings, squeezed

_FLAGS = spellings(
    {True: ("yes", "y", "是", "有", "√", "✓", "对"), False: ("no", "n", "否", "无", "没有", "×", "✗")}
)


_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_INSTRUMENT = re.compile(r"[A-Z][A-Z0-9_.]*-?\d[A-Za-z0-9_.\-]*")


class Unfit(ValueError):
    """A name or value outside the vocabulary: what is wrong, and the remedy."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what} {remedy}")


@dataclass(frozen=True)
class WordValue:
    """One of a closed list; each value with its further spellings.  ``ids``: or the id of an instrument."""

    values: Mapping[str, tuple[str, ...]]
    ids: bool = False

    @property
    def allowed(self) -> tuple[object, ...]:
        """What a clause may ask for."""
        return tuple(self.values)

    @cached_property
    def _known(self) -> Mapping[str, str]:
        return spellings(self.values)

    def read(self, value: object) -> object:
        """The value as clauses spell it; raises Unfit with what is wrong and what may be meant."""
        text = "none" if value is False and "none" in self.values else str(value)
        if (found := self._known.get(squeezed(text))) is not None:
            return found
        if self.ids and _INSTRUMENT.fullmatch(text):
            return text
        every = [*self.values, *(one for more in self.values.values() for one in more)]
        hint = near(text.casefold(), [one for one in every if one.isascii() == text.isascii()])
        raise Unfit(f"cannot be {shown(value)}.", hint or f"Known are: {', '.join(self.values)}.")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in [low, high]."""

    low: float
    high: float
    whole: bool = False

    @property
    def allowed(self) -> tuple[object, ...]:
        """Nothing: any number in the range."""
        return ()

    def read(self, value: object) -> object:
        """The number; Unfit when it is none or outside."""
        good = (
            isinstance(value, int | float) and not isinstance(value, bool) and self.low <= value <= self.high
        )
        if good and (not self.whole or isinstance(value, int)):
            return value
        kind = "whole number" if self.whole else "number"
        raise Unfit(f"= {shown(value)} is not a {kind} from {self.low:g} to {self.high:g}.", "Correct it.")


@dataclass(frozen=True, slots=True)
class Duration:
    """A time from ``low`` to ``high`` seconds: a number of seconds, or one with its unit: ``500 ms``."""

    low: float
    high: float

    @property
    def allowed(self) -> tuple[object, ...]:
        """Nothing: any time in the range."""
        return ()

    def read(self, value: object) -> object:
        """The time in seconds; Unfit for another unit, no number, or one outside."""
        remedy = f"Write a time from {self.low:g} to {self.high:g} s, such as 4 s or 500 ms."
        try:
            figure, unit = split_number("" if isinstance(value, bool) else str(value))
            seconds = figure * (factor(unit, "s") if unit else 1.0)
        except UnitError as error:
            raise Unfit(f"cannot be {shown(value)}: {error}.", remedy) from None
        if not self.low <= seconds <= self.high:
            raise Unfit(f"cannot be {shown(value)}.", remedy)
        return seconds


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, kept as ``2026-10-01``; also written 2026/10/1, 2026.10.1, 2026年10月1日."""

    @property
    def allowed(self) -> tuple[object, ...]:
        """Nothing: any day."""
        return ()

    def read(self, value: object) -> object:
        """The day; Unfit where it does not exist, or has no year, month and day."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        found = _DAY.fullmatch(unicodedata.normalize("NFKC", str(value)).strip())
        try:
            return date(*map(int, found.groups())).isoformat() if found else self._refused(value)
        except ValueError:
            return self._refused(value)

    @staticmethod
    def _refused(value: object) -> NoReturn:
        raise Unfit(f"cannot be {shown(value)}, only a day.", "Write it as 2026-10-01.") from None


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    @property
    def allowed(self) -> tuple[object, ...]:
        """True and false."""
        return True, False

    def read(self, value: object) -> object:
        """True or false; Unfit for anything else."""
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and (found := _FLAGS.get(squeezed(value))) is not None:
            return found
        raise Unfit(f"cannot be {shown(value)}, only true or false.", "Write true or false (是, 否).")


@dataclass(frozen=True, slots=True)
class Free:
    """Text or a date that is not compared with a list."""

    @property
    def allowed(self) -> tuple[object, ...]:
        """Nothing: any."""
        return ()

    def read(self, value: object) -> object:
        """The value as it is."""
        return value


@dataclass(frozen=True, slots=True)
class Grade:
    """One of ``low`` to ``high``, as a number or an ordinal: ``三级``, ``第三类``, ``iii``."""

    low: int
    high: int

    @property
    def allowed(self) -> tuple[object, ...]:
        """The numbers."""
        return tuple(range(self.low, self.high + 1))

    def read(self, value: object) -> object:
        """The number; Unfit when it is none of them.  True is not grade 1."""
        found = _ordinal(squeezed(value)) if isinstance(value, str) else value
        if isinstance(found, int) and not isinstance(found, bool) and self.low <= found <= self.high:
            return found
        raise Unfit(f"cannot be {shown(value)}.", f"It is a whole number from {self.low} to {self.high}.")


Value = WordValue | Number | Duration | Day | Grade | Flag | Free
"""``read`` gives the value as clauses spell it; ``allowed`` are all that a clause may ask for, if few."""


_ORDINAL = re.compile(r"第?(?P<n>\d+|[一二三四五六七八九十]+|[ivx]+)(级|项|类|等|grade|款)?")
_CHINESE = "一二三四五六七八九十"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def _ordinal(text: str) -> int:
    """``3``, ``三级``, ``第三类``, ``iii``: three; 0 when it is no number."""
    found = _ORDINAL.fullmatch(text)
    if found is None:
        return 0
    n = found["n"]
    if n.isdigit():
        return int(n)
    if n in _ROMAN:
        return _ROMAN.index(n) + 1
    if n.startswith("十"):
        return 10 + (_CHINESE.index(n[1]) + 1 if len(n) > 1 else 0)
    return _CHINESE.index(n) + 1 if n in _CHINESE else 0
