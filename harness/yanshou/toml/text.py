# SPDX-License-Identifier: Apache-2.0
"""A TOML file that a person wrote, together with the lines its tables and keys stand on.

``tomli`` keeps no positions, but a mistake needs its line. When a line is asked for (most files never need
one), a scan of the text finds the headers and keys again. Paths are tuples of keys and indices, e.g.
``("device", "CAM-1", "connection")`` or ``("instrument", 0, "due")``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli

from yanshou.model import limited
from yanshou.model.trouble import Mistake

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Step = str | int

_PART = r"(?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_\-]+)"
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"^\s*(\[\[?)\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(rf"^\s*({_DOTTED})\s*=")
_TOKEN = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*|[\[\]{}]')
_SMALL = "Such files are small: look what wrote it."
_AT_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True)
class TomlText:
    """Parsed content and where everything stands.  ``name`` is what messages call the file.

    ``sound`` is false for a file that could not be read or is not TOML; its mistake is noted and its data are
    empty.
    """

    name: str
    text: str
    data: Mapping[str, Any]
    sound: bool = True

    @cached_property
    def places(self) -> Mapping[tuple[Step, ...], int]:
        """The line of each header and key, from 1."""
        return _Scan().run(self.text) if self.sound else {}

    def line(self, *path: Step) -> int | None:
        """The line, from 1, of the deepest part of ``path`` that the text shows; None when it shows none."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return None

    def line_of_text(self, text: str, *path: Step) -> int | None:
        """The first line at or below ``path`` that holds ``text`` in quotes, else the line of ``path``."""
        start = self.line(*path)
        if start is None:
            return None
        for number, line in enumerate(self.text.split("\n")[start - 1 :], start=start):
            if f'"{text}"' in line or f"'{text}'" in line:
                return number
        return start


def read_toml(path: Path | Traversable, mistakes: list[Mistake], name: str = "") -> TomlText:
    """Read a UTF-8 TOML file, with or without byte order mark.

    A file that cannot be read gives one mistake and empty data. ``name`` is what messages call it: the name
    of the file when none is given.
    """
    name = name or path.name
    try:
        raw = limited.limited_bytes(path)
    except limited.BeyondLimitsError as error:
        return _unsound(mistakes, Mistake(name, None, str(error), _SMALL))
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}."
        return _unsound(mistakes, Mistake(name, None, what, "Name a file that is there and can be read."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unsound(mistakes, Mistake(name, line, "is not UTF-8 text.", "Save the file as UTF-8."))
    return parse_toml(name, text.replace("\r\n", "\n"), mistakes)


def parse_toml(name: str, text: str, mistakes: list[Mistake]) -> TomlText:
    """Parse ``text``; bad TOML becomes one mistake with its line and an empty file."""
    try:
        return TomlText(name, text, limited.parse_toml(text))
    except limited.BeyondLimitsError as error:
        return _unsound(mistakes, Mistake(name, None, str(error), _SMALL))
    except tomli.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        what = f"is not valid TOML: {error}."
        return _unsound(mistakes, Mistake(name, line, what, "Mend the syntax there."))


def _unsound(mistakes: list[Mistake], mistake: Mistake) -> TomlText:
    mistakes.append(mistake)
    return TomlText(mistake.path, "", {}, sound=False)


@dataclass(slots=True)
class _Scan:
    """Walks the lines of a valid TOML text; lines inside arrays and multi-line strings hold no keys."""

    places: dict[tuple[Step, ...], int] = field(default_factory=dict)
    arrays: dict[tuple[Step, ...], int] = field(default_factory=dict)
    table: tuple[Step, ...] = ()
    quote: str = ""
    depth: int = 0

    def run(self, text: str) -> dict[tuple[Step, ...], int]:
        for number, line in enumerate(text.split("\n"), start=1):
            if self.quote or self.depth:
                self._follow(line)
            elif header := _HEADER.match(line):
                self._enter(_parts(header[2]), number, array=header[1] == "[[")
            elif key := _KEY.match(line):
                self._note(self.table, _parts(key[1]), number)
                self._follow(line[key.end() :])
        return self.places

    def _enter(self, parts: list[str], number: int, *, array: bool) -> None:
        table: tuple[Step, ...] = ()
        for part in parts[:-1]:
            table = self._latest((*table, part))
        table = (*table, parts[-1])
        self.places.setdefault(table, number)
        if array:
            self.arrays[table] = self.arrays.get(table, -1) + 1
        self.table = self._latest(table)
        self.places.setdefault(self.table, number)

    def _latest(self, table: tuple[Step, ...]) -> tuple[Step, ...]:
        return (*table, self.arrays[table]) if table in self.arrays else table

    def _note(self, table: tuple[Step, ...], parts: list[str], number: int) -> None:
        for length in range(1, len(parts) + 1):
            self.places.setdefault((*table, *parts[:length]), number)

    def _follow(self, line: str) -> None:
        """Track which multi-line quotes and brackets are still open at the end of the line."""
        at = 0
        while at < len(line):
            if self.quote:
                end = line.find(self.quote, at)
                if end < 0:
                    return
                at, self.quote = end + len(self.quote), ""
            elif found := _TOKEN.search(line, at):
                at = found.end()
                self._open_or_close(found[0])
            else:
                return

    def _open_or_close(self, mark: str) -> None:
        if mark in {'"""', "'''"}:
            self.quote = mark
        elif mark in "[{":
            self.depth += 1
        elif mark in "]}":
            self.depth -= 1


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_PART, dotted)]
