# SPDX-License-Identifier: Apache-2.0
"""Values of a profile's tables, each mistake noted at its line."""

from __future__ import annotations

import re
from typing import Any

from yanshou.drivers.profile.records import STATES, Confirm, Point
from yanshou.protocols.serial_line import placeholders
from yanshou.protocols.speech import HOLES
from yanshou.standards.table import Table, near

LARGEST = 0xFFFF
STATE_CODES = {word: code for code, word in enumerate(sorted(STATES))}
"""The values of state words that have no code of their own."""


def number(table: Table, key: str, default: float, *, least: float = 0.0) -> float:
    """Read a number of at least ``least``."""
    value = table.data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value < float("inf"):
        table.wrong(key, f"{key} must be a number of at least {least:g}, not {value!r}.", "Give a number.")
        return default
    return float(value)


def integer(table: Table, key: str, default: int, *, least: int = 0, greatest: int = LARGEST) -> int:
    """Read a whole number in [least, greatest]."""
    value = table.data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= greatest:
        table.wrong(key, f"{key} must be a whole number {least}…{greatest}, not {value!r}.", "Correct it.")
        return default
    return value


def pattern(table: Table, key: str, *, required: bool = True) -> str:
    """Read a regular expression; what stands for a number in it may be ``{number}`` or ``{number:03d}``."""
    text = table.text(key, required=required)
    try:
        re.compile(re.sub(r"\{number(:[^}]*)?\}", "1", text))
    except re.error as error:
        table.wrong(key, f"{key} is no regular expression: {error}.", "Correct it.")
        return ""
    return text


def template(table: Table, key: str, *, required: bool = True, also: frozenset[str] = frozenset()) -> str:
    """Read a text with holes of the closed vocabulary, and those of ``also``."""
    text = table.text(key, required=required)
    known = HOLES | also
    try:
        strange = placeholders(text) - known
    except ValueError as error:
        table.wrong(key, f"{key} cannot be filled in: {error}.", "Balance the braces.")
        return ""
    for hole in sorted(strange):
        table.wrong(key, f"{key} has the unknown hole {{{hole}}}.", near(hole, known))
    return "" if strange else text


def confirmation(table: Table, points: dict[str, Point]) -> Confirm | None:
    """Read what a command must bring about."""
    data: Any = table.data.get("confirm")
    if data is None:
        return None
    if not isinstance(data, dict) or set(data) != {"role", "equals", "within_s"}:
        table.wrong("confirm", "confirm needs role, equals and within_s.", "Give these three.")
        return None
    inner = Table(table.file, table.name, table.index, data, table.mistakes)
    role, equals = inner.text("role"), data["equals"]
    if role not in points:
        table.wrong(
            "confirm", f"confirm reads {role}, which this profile has no point for.", "Add the point."
        )
    elif isinstance(equals, str) and equals not in points[role].states.values():
        table.wrong("confirm", f"confirm waits for {equals!r}, which {role} never shows.", "Correct its map.")
    elif not isinstance(equals, str) and equals not in (0, 1):
        table.wrong("confirm", "confirm equals must be 0, 1 or a state.", "Correct it.")
    within = data["within_s"]
    if isinstance(within, bool) or not isinstance(within, int | float) or within <= 0:
        table.wrong("confirm", "confirm within_s must be a number above 0.", "Correct it.")
        within = 1.0
    return Confirm(role, equals if isinstance(equals, str) else int(bool(equals)), float(within))
