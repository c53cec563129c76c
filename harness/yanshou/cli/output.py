# SPDX-License-Identifier: Apache-2.0
"""Tables and JSON on standard output."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence


def print_json(answer: object) -> None:
    """Print an answer for a program."""
    print(json.dumps(answer, ensure_ascii=False, indent=2))


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
    """Print a table for a person."""
    from yanshou.cli.table import show  # noqa: PLC0415 - most answers are no table, and rich is slow to import

    show(heads, rows, title)
