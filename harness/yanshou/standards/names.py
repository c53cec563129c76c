# SPDX-License-Identifier: Apache-2.0
"""The names in the shipped catalogue without their rows, since reading all rows takes ten times as long."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from importlib import resources
from typing import Final

_ID: Final = re.compile(r'^id = "([^"]+)"$', re.MULTILINE)
_MEASURAND: Final = re.compile(r"^\[([A-Za-z0-9_]+)\]$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Names:
    """The ids of all requirements and measurands, under the same names as in a ``Catalogue``."""

    requirements: Collection[str]
    measurands: Collection[str]


def shipped_names() -> Names:
    """The names of ``load()``, found in the text of its files."""
    return Names(tuple(_found("data", "requirement", _ID)), tuple(_found("measurands", "", _MEASURAND)))


def _found(folder: str, table: str, pattern: re.Pattern[str]) -> list[str]:
    names: list[str] = []
    files = (resources.files("yanshou.standards") / folder).iterdir()
    for file in sorted(files, key=lambda one: one.name):
        if file.name.endswith(".toml"):
            text = file.read_text("utf-8")
            rows = text[max(0, text.find(f"[[{table}]]")) :] if table else text
            names += pattern.findall(rows) if not table or f"[[{table}]]" in text else []
    return names
