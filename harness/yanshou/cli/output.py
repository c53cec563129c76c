# SPDX-License-Identifier: Apache-2.0
"""Tables and JSON on standard output."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

_SHORT = 12  # columns of a terminal


def console() -> Console:
    """Standard output; colours only where a person looks."""
    return Console(highlight=False, soft_wrap=True)


def print_json(answer: object) -> None:
    """An answer for a program."""
    print(json.dumps(answer, ensure_ascii=False, indent=2))


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
    """An answer for a person."""
    cells = list(rows)
    table = Table(title=title or None, title_justify="left", header_style="bold", box=box.SIMPLE_HEAD)
    for number, head in enumerate(heads):  # names and short words stay whole; no cell is ever cut short
        widest = max((cell_len(row[number]) for row in cells), default=0)
        table.add_column(head, overflow="fold", no_wrap=number == 0 or widest <= _SHORT)
    for row in cells:
        table.add_row(*row)
    Console(highlight=False).print(table)
