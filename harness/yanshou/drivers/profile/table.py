# SPDX-License-Identifier: Apache-2.0
"""Values of a profile's tables, each mistake noted at its line."""

from __future__ import annotations

import re

from yanshou.drivers.profile.records import STATES, Confirm, Point
from yanshou.protocols.serial_line import placeholders
from yanshou.protocols.speech import HOLES
from yanshou.toml import Table, near

LARGEST = 0xFFFF
_CONFIRM = ("role", "equals", "within_s")
_SHORTEST_S = 0.001
STATE_CODES = {word: code for code, word in enumerate(sorted(STATES))}
"""The values of state words that have no code of their own."""


def number(table: Table, key: str, default: float, *, least: float = 0.0) -> float:
    """Read a number of at least ``least``."""
    value = table.number(key, least)
    return default if value is None else value


def integer(table: Table, key: str, default: int, *, least: int = 0, greatest: int = LARGEST) -> int:
    """Read a whole number in [least, greatest]."""
    value = table.number(key, least, greatest, whole=True)
    return default if value is None else int(value)


def pattern(table: Table, key: str, *, required: bool = True) -> str:
    """Read a regular expression; a number in it may be written ``{number}`` or ``{number:03d}``."""
    text = table.text(key, required=required, exact=True)
    whole = text if key == "match" else f"(?:{text})"  # an answer is looked for beside its refusal
    try:
        re.compile(re.sub(r"\{number(:[^}]*)?\}", "1", whole))
    except (re.error, RecursionError, OverflowError) as error:
        table.wrong(f"{key} is no regular expression: {error}.", "Correct it.", key)
        return ""
    return text


def template(table: Table, key: str, *, required: bool = True, also: frozenset[str] = frozenset()) -> str:
    """Read a text with placeholders of the closed vocabulary and of ``also``."""
    text = table.text(key, required=required, exact=True)
    known = HOLES | also
    try:
        strange = placeholders(text) - known
    except ValueError as error:
        table.wrong(f"{key} cannot be filled in: {error}.", "Balance the braces.", key)
        return ""
    for hole in sorted(strange):
        table.wrong(f"{key} has the unknown hole {{{hole}}}.", near(hole, known), key)
    return "" if strange else text


def confirmation(table: Table, points: dict[str, Point]) -> Confirm | None:
    """Read what a command must bring about."""
    if "confirm" not in table.data:
        return None
    inner = table.inner("confirm", f"{table.label} confirm")
    inner.only(_CONFIRM)
    inner.require(*_CONFIRM)
    within = inner.number("within_s", _SHORTEST_S)
    if inner.data.keys() != set(_CONFIRM) or within is None:
        return None
    role, equals = inner.text("role"), inner.data["equals"]
    if role not in points:
        inner.wrong(f"confirm reads {role}, which this profile has no point for.", "Add the point.", "role")
    elif isinstance(equals, str) and equals not in points[role].states.values():
        what = f"confirm waits for {equals!r}, which {role} never shows."
        inner.wrong(what, "Correct its map.", "equals")
    elif not isinstance(equals, str) and equals not in (0, 1):
        inner.wrong("confirm equals must be 0, 1 or a state.", "Correct it.", "equals")
        equals = 1
    return Confirm(role, equals if isinstance(equals, str) else int(bool(equals)), within)
