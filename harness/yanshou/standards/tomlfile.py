# SPDX-License-Identifier: Apache-2.0
"""A TOML file together with the lines its tables and keys stand on.

``tomllib`` keeps no positions, and a mistake without its line is half told; a small scan of the text finds
the headers and keys again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from yanshou.model import limited
from yanshou.model.trouble import Mistake

_HEADER = re.compile(r"^\s*\[\[?\s*([A-Za-z0-9_.\-]+)\s*\]?\]\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*\"?([A-Za-z0-9_\-]+)\"?\s*[=.]")
_AT_LINE = re.compile(r"at line (\d+)")


@dataclass(slots=True)
class Block:
    """One table of the text: its header's line and the line of each of its keys, from 1."""

    name: str
    line: int
    keys: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class TomlFile:
    """Parsed content, and where each table stands; ``text`` is None when it could not be read.

    ``name`` is what messages call the file.
    """

    name: str
    data: Mapping[str, Any]
    text: str | None

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The tables of the text; looked for when somebody asks for a line, which most files never need."""
        return tuple(_scan(self.text)) if self.text is not None else ()

    def line_of(self, table: str, index: int = 0, key: str = "") -> int | None:
        """Line of ``key`` in the ``index``-th table of that name, else of its header, else None."""
        same = [block for block in self.blocks if block.name == table]
        if index >= len(same):
            return None
        return same[index].keys.get(key, same[index].line)


def parse(name: str, text: str, mistakes: list[Mistake]) -> TomlFile:
    """Parse ``text``; bad TOML becomes one mistake and an empty file."""
    try:
        data = limited.parse_toml(text)
    except limited.BeyondLimitsError as error:
        mistakes.append(Mistake(name, None, str(error), "Such files are small: look what wrote it."))
        return TomlFile(name, {}, None)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        mistakes.append(Mistake(name, line, f"is not valid TOML: {error}.", "Mend the syntax there."))
        return TomlFile(name, {}, None)
    return TomlFile(name, data, text)


def _scan(text: str) -> list[Block]:
    """Headers and keys with their lines; lines inside multi-line strings are passed over."""
    blocks = [Block("", 1)]
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside:
            _note(blocks, line, number)
        inside = _string_state(line, inside)
    return blocks


def _note(blocks: list[Block], line: str, number: int) -> None:
    if header := _HEADER.match(line):
        parent, _, child = header[1].partition(".")
        owner = next((block for block in reversed(blocks) if block.name == parent), None)
        if child and owner is not None:
            owner.keys.setdefault(child.partition(".")[0], number)
        blocks.append(Block(header[1], number))
    elif key := _KEY.match(line):
        blocks[-1].keys.setdefault(key[1], number)


def _string_state(line: str, inside: str) -> str:
    """Follow the multi-line quote still open at the end of ``line``, or nothing."""
    for quote in re.findall(r'"""|\'\'\'', line):
        inside = "" if inside == quote else (inside or quote)
    return inside
