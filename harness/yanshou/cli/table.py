# SPDX-License-Identifier: Apache-2.0
"""Prints a table on standard output, as wide as the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from yanshou.model.printable import printable

_GAP = 2  # between two columns of a table
_WHOLE = 12  # words up to this many columns of the terminal are not broken while there is room


def show(heads: Sequence[str], rows: Iterable[Sequence[str]], title: str) -> None:
    """Print the table; names stay in one piece and no cell is cut short."""
    cells = [heads, *([printable(cell) for cell in row] for row in rows)]
    console = Console(highlight=False, markup=False)  # what stands in [brackets] is printed too
    table = Table(title=title or None, title_justify="left", header_style="bold", box=box.SIMPLE_HEAD)
    table.show_edge, table.pad_edge, table.padding = False, False, (0, 1, 0, 0)
    widths = _widths(cells, console.width)
    for head, width in zip(heads, widths, strict=True):
        table.add_column(head, overflow="fold", width=width)
    console.print(table)
    for row in cells[1:]:  # a thousand rows drawn by rich take as long as the plan they show
        print(*_lines(console, row, widths), sep="\n", file=console.file)


def _lines(console: Console, row: Sequence[str], widths: Sequence[int]) -> list[str]:
    """The lines of one row, each cell as wide as its column; only what does not fit is wrapped."""
    columns = [
        [cell]
        if cell_len(cell) <= width and "\n" not in cell
        else [line.plain for line in Text(cell).wrap(console, width, overflow="fold")]
        for cell, width in zip(row, widths, strict=True)
    ]
    lines = zip_longest(*columns, fillvalue="")
    return [
        (" " * _GAP).join(set_cell_size(part, width) for part, width in zip(line, widths, strict=True))
        for line in lines
    ]


def _widths(cells: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return the width of each column: as needed, the widest reduced until all of them fit."""
    columns = list(zip(*cells, strict=True))
    widths = [max(1, *(cell_len(cell) for cell in column)) for column in columns]
    longest = [
        max((cell_len(word) for cell in column for word in cell.split()), default=1) for column in columns
    ]
    for whole in range(_WHOLE, 0, -1):
        least = [widths[0], *(min(one, whole) for one in longest[1:])]
        while sum(widths) + _GAP * len(widths) > room:
            spare = [(width, place) for place, width in enumerate(widths) if width > least[place]]
            if not spare:
                break
            widths[max(spare)[1]] -= 1
    return widths
