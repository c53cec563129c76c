# SPDX-License-Identifier: Apache-2.0
"""TOML and JSON written by others, read within limits of size and depth.

Deep nesting ends ``tomli`` and ``json`` in a RecursionError, and long dotted keys take all of the memory.
The functions here raise a ``ValueError`` with a plain sentence instead, as for any other damage.
"""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

LARGEST, DEEPEST = 5_000_000, 100
_STRINGS = r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:\\.|[^"\\\n])*+"|\'[^\'\n]*+\'|#[^\n]*+'
_NO_BRACKET = re.compile(rf"""{_STRINGS}|[^\[\]{{}}"'#]++|["'#]""")
_MANY_DIGITS = re.compile(r"[0-9a-fA-F_]{16}")
_LONG_KEY = re.compile(rf"(?:[A-Za-z0-9_\-\"']{{1,64}}[ \t]*\.[ \t]*){{{DEEPEST}}}")


LARGEST_KEPT = 200_000_000
"""Bytes of a file that the program itself keeps in a run folder: plan, catalogue, manifest."""


class BeyondLimitsError(ValueError):
    """The text is larger or deeper than any file a person writes; nothing of it was read."""


def limited_bytes(path: Path | Traversable, most: int = LARGEST) -> bytes:
    """The bytes of a file of at most ``most``; ``BeyondLimitsError`` for a larger one.

    OSError when it cannot be read; anything but a regular file (a folder, a pipe, a disk) is refused
    before it is opened.
    """
    if isinstance(path, Path):
        _require_file(path)
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise BeyondLimitsError(f"holds more than {most} bytes.")
    return data


def _require_file(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except ValueError:  # the path holds a NUL
        raise OSError("there can be no file of that name") from None
    if not stat.S_ISREG(mode):
        raise OSError("it is a folder" if stat.S_ISDIR(mode) else "it is no regular file")


def parse_toml(text: str) -> dict[str, Any]:
    """Read TOML; raises ``BeyondLimitsError``, or ``tomli.TOMLDecodeError`` for bad syntax."""
    import tomli  # noqa: PLC0415 - who verifies a run has the standard library alone

    if len(text) > LARGEST:
        raise BeyondLimitsError(f"holds {len(text)} characters, at most {LARGEST} are read.")
    if _nests(text) or _has_long_key(text):
        raise BeyondLimitsError(f"nests tables or lists more than {DEEPEST} deep.")
    try:
        data = tomli.loads(text)
    except RecursionError:
        raise BeyondLimitsError(f"nests tables or lists more than {DEEPEST} deep.") from None
    except tomli.TOMLDecodeError:
        raise
    except ValueError as error:  # an integer with thousands of digits
        raise BeyondLimitsError(f"holds a value that cannot be read: {error}.") from None
    if _MANY_DIGITS.search(text) and _has_wide_number(data):
        raise BeyondLimitsError("holds a whole number of more than 64 bits.")
    return data


def read_json(path: Path, most: int = LARGEST) -> Any:
    """The JSON of a file; OSError when it cannot be read, ``ValueError`` in plain words when it is none."""
    try:
        return parse_json(limited_bytes(path, most).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not valid JSON: {error}") from None


def unlike(error: Exception) -> str:
    """In plain words why the content of a file has not the shape it should have."""
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return str(error) if isinstance(error, ValueError) else "a value is of another kind than it should be"


def why(error: OSError | ValueError) -> str:
    """Why a file could not be read, without the full stop and the number of the system's error."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return reason.rstrip(".")


def _has_wide_number(value: object) -> bool:
    """Whether a whole number beyond 64 bits stands anywhere in it: TOML has none, and no float holds all."""
    match value:
        case dict():
            return any(_has_wide_number(one) for one in value.values())
        case list():
            return any(_has_wide_number(one) for one in value)
        case int():
            return not -(2**63) <= value < 2**63
    return False


def parse_json(text: str | bytes) -> Any:
    """Read JSON of any size; raises ``ValueError`` for bad syntax and for nesting that is too deep."""
    try:
        return json.loads(text)
    except RecursionError:
        raise BeyondLimitsError("it nests too deep") from None


def _has_long_key(text: str) -> bool:
    """Whether a line holds a key of more than ``DEEPEST`` parts; a key never spans two lines."""
    return any(line.count(".") >= DEEPEST and _LONG_KEY.search(line) for line in text.split("\n"))


def _nests(text: str) -> bool:
    """Whether brackets outside texts and comments stand within one another more than ``DEEPEST`` times."""
    depth = 0
    for bracket in _NO_BRACKET.sub("", text):
        depth = max(0, depth + (1 if bracket in "[{" else -1))
        if depth > DEEPEST:
            return True
    return False
