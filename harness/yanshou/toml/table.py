# SPDX-License-Identifier: Apache-2.0
"""Reading one TOML table key by key: each mistake is noted with its line, and reading goes on."""

from __future__ import annotations

import difflib
import math
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yanshou.model.person import names_somebody
from yanshou.model.trouble import Mistake
from yanshou.toml.text import Step, TomlText

_READABLE = 20
_COMPARED = 1000
_LONGEST_WORD = 64
_SHOWN = 60


def near(word: str, known: Iterable[object]) -> str:
    """``Did you mean …?`` for a misspelt word, else what is allowed, else nothing."""
    names = sorted(str(one) for one in known)
    if len(names) > _COMPARED:
        return ""  # comparing a word with every entry would take longer than looking it up
    cutoff = 0.6 if word.isascii() else 0.5  # Chinese words are short: one of two characters may be wrong
    misspelt = len(word) <= _LONGEST_WORD
    close = difflib.get_close_matches(word, names, n=3, cutoff=cutoff) if misspelt else []
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return f"Known are: {', '.join(names)}." if 0 < len(names) <= _READABLE else ""


def shown(value: object) -> str:
    """A value as messages show it: on one line, shortened if long; for tables and lists only the type."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int) and abs(value) > sys.maxsize:
        return "a number of very many digits"
    text = repr(value) if isinstance(value, str | bool | int | float) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class Table:
    """One table and where it is in the file.

    If a key is wrong, a getter notes a mistake and returns a harmless value. ``data`` may hold more keys than
    the text when a file is laid over another; mistakes in those are reported at the line of the table.
    """

    toml: TomlText
    path: tuple[Step, ...]
    data: Mapping[str, Any]
    mistakes: list[Mistake]
    label: str

    def wrong(self, what: str, remedy: str, *keys: Step) -> None:
        """Note a mistake at the line of ``keys`` below this table, or at its header."""
        line = self.toml.line(*self.path, *keys)
        self.mistakes.append(Mistake(self.toml.name, line, f"{self.label}: {what}", remedy))

    def place(self, *keys: Step) -> str:
        """``file:line`` of ``keys`` below this table, else of its header."""
        return f"{self.toml.name}:{self.toml.line(*self.path, *keys) or 1}"

    def only(self, known: Collection[str]) -> None:
        """Note a mistake for each key that is not in ``known``."""
        self._each(
            [key for key in self.data if key not in known],
            lambda key: self.wrong(f"{shown(key)} is not a key of this table.", near(key, known), key),
        )

    def require(self, *keys: str) -> None:
        """Note a mistake for each of ``keys`` that is missing."""
        for key in keys:
            if key not in self.data:
                self.wrong(f"{key} is missing.", f"Add {key} = … there.")

    def text(self, key: str, default: str = "", *, required: bool = False, exact: bool = False) -> str:
        """A text, stripped of blanks unless ``exact``; a required text must be present and not blank."""
        value = self.data.get(key, default)
        if not isinstance(value, str):
            self.wrong(f"{key} must be a text, not {shown(value)}.", "Put it in quotation marks.", key)
            return default
        if required and not value.strip():
            self.wrong(f"{key} is missing.", f'Add {key} = "…" there.', key)
        return value if exact else value.strip()

    def person(self, key: str, *, required: bool = False) -> str:
        """The name of a person, with letters and no control characters; empty when absent or wrong."""
        name = self.text(key, required=required)
        if name and not names_somebody(name):
            self.wrong(f"{key} = {shown(name)} names nobody.", "Write the name of a person, in letters.", key)
            return ""
        return name

    def choice(self, key: str, allowed: Collection[str], default: str = "") -> str:
        """One word of a closed list; it must be there when there is no ``default``."""
        found = len(self.mistakes)
        value = self.text(key, default, required=not default)
        if len(self.mistakes) > found or value == default:
            return default
        if value not in allowed:
            self.wrong(f"{key} cannot be {shown(value)}.", near(value, allowed), key)
            return default
        return value

    def number(
        self, key: str, low: float = -math.inf, high: float = math.inf, *, whole: bool = False
    ) -> float | None:
        """A finite number in [low, high]; None when absent or wrong."""
        value = self.data.get(key)
        if value is None:
            return None
        if is_number(value) and (not whole or isinstance(value, int)) and low <= value <= high:
            return value if whole else float(value)
        kind = "whole number" if whole else "number"
        self.wrong(f"{key} = {shown(value)} is not a {kind}{_span(low, high)}.", "Correct it.", key)
        return None

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.data.get(key, default)
        if isinstance(value, bool):
            return value
        what = f"{key} must be true or false, not {shown(value)}."
        self.wrong(what, "Write it without quotation marks.", key)
        return default

    def day(self, key: str) -> date | None:
        """A date; None when absent or wrong."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        what = f"{key} must be a date, not {shown(value)}."
        self.wrong(what, "Write it as 2026-11-23, without quotation marks.", key)
        return None

    def texts(self, key: str, *, or_one: bool = False) -> tuple[str, ...]:
        """A list of texts, in their order; with ``or_one`` a single text is a list of one."""
        value = self.data.get(key, [])
        if or_one and isinstance(value, str):
            value = [value]
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.wrong(f"{key} must be a list of texts.", f'Write {key} = ["…"].', key)
        return ()

    def choices(self, key: str, allowed: Collection[str], *, or_one: bool = False) -> tuple[str, ...]:
        """A list of words of a closed list; each wrong word is reported with its line."""
        given = self.texts(key, or_one=or_one)

        def unknown(word: str) -> None:
            self.wrong_text(word, f"{key} cannot hold {shown(word)}.", near(word, allowed), key)

        self._each([word for word in given if word not in allowed], unknown)
        return tuple(word for word in given if word in allowed)

    def wrong_text(self, text: str, what: str, remedy: str, *keys: Step) -> None:
        """Note a mistake at the line at or below ``keys`` that holds ``text`` in quotation marks."""
        line = self.toml.line_of_text(text, *self.path, *keys)
        self.mistakes.append(Mistake(self.toml.name, line, f"{self.label}: {what}", remedy))

    def inner(self, key: str, label: str = "") -> Table:
        """The table under ``key``; an empty one when it is absent or is no table."""
        label = label or key
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            what = f"{key} must be a table, not {shown(value)}."
            self.wrong(what, f"Write [{label}] or {key} = {{ … }}.", key)
            value = {}
        return Table(self.toml, (*self.path, key), value, self.mistakes, label)

    def rows(self, name: str) -> list[Table]:
        """The tables ``[[name]]``, or ``name = [{ … }]``; anything else under that name is a mistake."""
        found = self.data.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            remedy = f"Head each with [[{name}]]." if not self.path else f"Write {name} = [{{ … }}]."
            self.wrong(f"{name} must be a list of tables.", remedy, name)
            return []
        return [
            Table(self.toml, (*self.path, name, at), one, self.mistakes, self._row_label(name, at, one))
            for at, one in enumerate(found)
        ]

    def _row_label(self, name: str, at: int, row: Mapping[str, Any]) -> str:
        own = row.get("id")
        word = own.strip() if isinstance(own, str) and len(own) <= _LONGEST_WORD else ""
        return f"{name if not self.path else f'{self.label} {name}'} {word or at + 1}"

    def _each(self, wrong: Collection[str], note: Callable[[str], None]) -> None:
        """Note each of the wrong words, or the first one and the number of the others."""
        for word in list(wrong)[:_READABLE]:
            note(word)
        if len(wrong) > _READABLE:
            self.wrong(f"{len(wrong) - _READABLE} more are wrong in the same way.", "Mend these, too.")


def is_number(value: object) -> bool:
    """Whether it is a finite number; true and false are not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= sys.float_info.max  # false for inf, nan, and a whole number that no float can hold


def root(toml: TomlText, mistakes: list[Mistake]) -> Table:
    """The whole file as a table."""
    return Table(toml, (), toml.data, mistakes, "the file")


def _span(low: float, high: float) -> str:
    if math.isinf(high):
        return "" if math.isinf(low) else f" of at least {low:g}"
    return f" up to {high:g}" if math.isinf(low) else f" from {low:g} to {high:g}"
