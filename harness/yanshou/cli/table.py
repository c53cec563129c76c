# SPDX-License-Identifier: Apache-2.0
"""Prints a table on standard output, as wide as the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from yanshou.model.printable import printable

_GAP = 2  # between two columns of a table
_WHOLE = 12  # words up to this many columns of the terminal are not broken while there is room


def show(heads: Sequence[str], rows: Iterable[Sequence[str]], title: str) -> None:
    """Print the table; names stay in one piece and no cell is cut short."""
    cells = [heads, *([printable(cell) for cell in row] for row in rows)]
    console = Console(highlight=False, markup=False)  # what stands in [brackets] is printed too
    table = Table(title=title or None, title_justify="left", header_style="bold", box=box.SIMPLE_HEAD)
    table.show_edge, table.pad_edge, table.padding = False, False, (0, 1, 0, 0)
    for head, width in zip(heads, _widths(cells, console.width), strict=True):
        table.add_column(head, overflow="fold", width=width)
    for row in cells[1:]:
        table.add_row(*row)
    console.print(table)


def _widths(cells: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return the width of each column: as needed, the widest reduced until all of them fit."""
    columns = list(zip(*cells, strict=True))
    widths = [max(1, *(cell_len(cell) for cell in column)) for column in columns]
    for whole in range(_WHOLE, 0, -1):
        least = [widths[0], *(max(1, *_words(column, whole)) for column in columns[1:])]
        while sum(widths) + _GAP * len(widths) > room:
            spare = [(width, place) for place, width in enumerate(widths) if width > least[place]]
            if not spare:
                break
            widths[max(spare)[1]] -= 1
    return widths


def _words(column: Sequence[str], whole: int) -> list[int]:
    return [min(cell_len(word), whole) for cell in column for word in cell.split()]
