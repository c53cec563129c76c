# SPDX-License-Identifier: Apache-2.0
"""Reads a file of written answers: who gives them, and one table for each question."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yanshou.model import limited
from yanshou.model.trouble import Mistake
from yanshou.toml import Table, read_toml, root, shown

_MOST_DAYS = 36_600
_KEYS = frozenset({"value", "unit", "unable", "mistyped", "note", "days_ago", "later"})


@dataclass(frozen=True, slots=True)
class WrittenAnswers:
    """The content of an answers file; ``entries`` by the key of the question, ``sha256`` of the file."""

    person: str
    witness: str
    entries: Mapping[str, Mapping[str, Any]]
    sha256: str


def read_answers(path: Path, mistakes: list[Mistake]) -> WrittenAnswers:
    """Read the file at ``path``; everything wrong in it joins ``mistakes``."""
    top = root(read_toml(path, mistakes, str(path)), mistakes)
    if top.toml.sound:
        top.only({"person", "witness", "answer"})
        if not top.person("person"):
            what = "answers have no person who gives them."
            top.wrong(what, 'Write person = "…", in letters: somebody must answer for them.', "person")
    answers = top.inner("answer")
    tables = {key: answers.inner(key, f"answer {shown(key)}") for key in answers.data}
    for table in tables.values():
        _check(table)
    digest = ""
    with suppress(OSError, ValueError):  # reported above
        digest = hashlib.sha256(limited.limited_bytes(path)).hexdigest()
    entries = {key: table.data for key, table in tables.items()}
    return WrittenAnswers(top.text("person"), top.person("witness"), entries, digest)


def _check(table: Table) -> None:
    table.only(_KEYS)
    table.text("unit")
    table.text("unable")
    table.flag("later", default=False)
    ago = table.data.get("days_ago", [])
    if not all(
        type(one) is int and 0 <= one <= _MOST_DAYS for one in (ago if isinstance(ago, list) else [ago])
    ):
        what = f"days_ago cannot be {shown(ago)}."
        table.wrong(what, "Give a whole number of days, or a list of them.", "days_ago")
    for key in ("value", "mistyped"):
        value = table.data.get(key)
        if value is not None and not isinstance(value, str | bool | int | float):
            table.wrong(f"{key} cannot be {shown(value)}.", "Give a text, a number, true or false.", key)
