# SPDX-License-Identifier: Apache-2.0
"""Reading one TOML table key by key: each mistake is noted with its line, and reading goes on."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yanshou.model.trouble import Mistake
from yanshou.site.toml_text import Step, TomlText

_READABLE = 20
_COMPARED = 1000


def near(word: str, known: Iterable[object]) -> str:
    """``Did you mean …?`` for a misspelt word, else what is allowed, else nothing."""
    words = sorted(str(one) for one in known)
    if len(words) > _COMPARED:
        return ""  # to compare a word with each would take longer than to look
    cutoff = 0.6 if word.isascii() else 0.5  # Chinese words are short: one of two characters may be wrong
    close = difflib.get_close_matches(word, words, n=3, cutoff=cutoff)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return f"Known are: {', '.join(words)}." if 0 < len(words) <= _READABLE else ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table and its place.  A getter returns a harmless value and notes a mistake when a key is wrong."""

    toml: TomlText
    path: tuple[Step, ...]
    data: Mapping[str, Any]
    mistakes: list[Mistake]
    label: str

    def wrong(self, what: str, remedy: str, *keys: Step) -> None:
        """Note a mistake at the line of ``keys`` below this table, or at its header."""
        line = self.toml.line(*self.path, *keys)
        self.mistakes.append(Mistake(self.toml.name, line, f"{self.label}: {what}", remedy))

    def only(self, known: Collection[str]) -> None:
        """Each key outside ``known`` is a mistake."""
        for key in self.data:
            if key not in known:
                self.wrong(f"{key!r} is not a key of this table.", near(key, known), key)

    def require(self, *keys: str) -> None:
        """Each of ``keys`` that is not there is a mistake."""
        for key in keys:
            if key not in self.data:
                self.wrong(f"{key} is missing.", f"Add {key} = … there.")

    def text(self, key: str, default: str = "") -> str:
        """A text, without blanks around it."""
        value = self.data.get(key, default)
        if isinstance(value, str):
            return value.strip()
        self.wrong(f"{key} must be a text.", "Put it in quotation marks.", key)
        return default

    def choice(self, key: str, allowed: Collection[str], default: str) -> str:
        """One word of a closed list."""
        value = self.text(key, default)
        if key in self.data and value not in allowed:
            self.wrong(f"{key} cannot be {value!r}.", near(value, allowed), key)
            return default
        return value

    def number(self, key: str, low: float, high: float, *, whole: bool = False) -> float | None:
        """A finite number in [low, high]; None when absent or wrong."""
        value = self.data.get(key)
        if value is None:
            return None
        good = isinstance(value, int) if whole else isinstance(value, int | float)
        if not good or isinstance(value, bool) or not math.isfinite(value) or not low <= value <= high:
            kind = "whole number" if whole else "number"
            self.wrong(f"{key} = {value!r} is not a {kind} from {low:g} to {high:g}.", "Correct it.", key)
            return None
        return float(value) if not whole else value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.data.get(key, default)
        if isinstance(value, bool):
            return value
        self.wrong(f"{key} must be true or false.", "Write it without quotation marks.", key)
        return default

    def day(self, key: str) -> date | None:
        """A date; None when absent or wrong."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.wrong(f"{key} must be a date.", "Write it as 2026-11-23, without quotation marks.", key)
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, in their order."""
        value = self.data.get(key, [])
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.wrong(f"{key} must be a list of texts.", f'Write {key} = ["…"].', key)
        return ()

    def choices(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """A list of words out of a closed list; the wrong ones are named, each at its line."""
        words = self.texts(key)
        for word in words:
            if word not in allowed:
                line = self.toml.line_of_text(word, *self.path, key)
                what = f"{self.label}: {key} cannot hold {word!r}."
                self.mistakes.append(Mistake(self.toml.name, line, what, near(word, allowed)))
        return tuple(word for word in words if word in allowed)

    def inner(self, key: str, label: str) -> Table:
        """The table under ``key``; an empty one when it is absent or is no table."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self.wrong(f"{key} must be a table.", f"Write [{label}] or {key} = {{ … }}.", key)
            value = {}
        return Table(self.toml, (*self.path, key), value, self.mistakes, label)


def root(toml: TomlText, mistakes: list[Mistake]) -> Table:
    """The whole file as a table."""
    return Table(toml, (), toml.data, mistakes, "the file")


def rows(toml: TomlText, name: str, mistakes: list[Mistake]) -> Iterator[Table]:
    """The array of tables ``[[name]]``; anything else under that name is a mistake."""
    found = toml.data.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        mistakes.append(
            Mistake(
                toml.name, toml.line(name), f"{name} must be a list of tables.", f"Head each with [[{name}]]."
            )
        )
        return
    for index, one in enumerate(found):
        label = f"{name} {one.get('id', index + 1)}"
        yield Table(toml, (name, index), one, mistakes, label)
