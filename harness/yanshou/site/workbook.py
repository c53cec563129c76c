# SPDX-License-Identifier: Apache-2.0
"""The sheets of an XLSX workbook as a person sees them: merged cells filled, hidden lines reported."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

Grid = Sequence[tuple[int, Sequence[str]]]

LARGEST_ROWS = 20_000
LARGEST_BYTES = 64_000_000  # of all parts, unpacked: some seconds of reading
_WIDE = 4  # so many cells merged in one row are the title of a section, not a cell of a device
DATE_MARK = "\ue000date "
FORMULA_MARK = "\ue000formula"
"""Stands in place of a cell whose text is unknown; it begins with a private-use character."""

NO_WORKBOOK = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    NotImplementedError,
)
"""Exceptions openpyxl lets through for a damaged file, from zipfile, zlib, the XML parser and itself."""


class TooLargeError(Exception):
    """The workbook is larger than any list of devices; the message says by what."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows of texts by line number, and the lines that are hidden though not empty.

    ``titles`` are the texts of lines that are one wide merged cell; in the grid these lines are empty.
    """

    name: str
    grid: Grid
    hidden: tuple[int, ...]
    titles: Mapping[int, str] = field(default_factory=dict)
    shown: bool = True


def read_workbook(path: Path, *, hidden: bool = False) -> list[Sheet]:
    """The visible sheets of a workbook, or all; TooLargeError, OSError, or one of ``NO_WORKBOOK``.

    The stored size of a sheet is not used: some programs store it too small, and the last lines would be
    lost.
    """
    import openpyxl  # noqa: PLC0415 - takes longer to load than most sites take to read

    with zipfile.ZipFile(path) as archive:
        if (size := sum(one.file_size for one in archive.infolist())) > LARGEST_BYTES:
            what = f"holds {size // 1_000_000} MB unpacked, at most {LARGEST_BYTES // 1_000_000} are read."
            raise TooLargeError(what)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and validations it leaves out
        with closing(openpyxl.load_workbook(path)) as book:
            seen = [one for one in book.worksheets if hidden or one.sheet_state == "visible"]
            formulas = {one.title: set(_formulas(one)) for one in seen}
            if any(formulas.values()):
                with closing(openpyxl.load_workbook(path, data_only=True)) as shown:
                    return [_sheet(shown[one.title], formulas[one.title]) for one in seen]
            return [_sheet(one, set()) for one in seen]


def _formulas(sheet: Any) -> Iterator[tuple[int, int]]:
    if sheet.max_row > LARGEST_ROWS:
        what = f"reaches to row {sheet.max_row} (sheet {sheet.title}), at most {LARGEST_ROWS} are read."
        raise TooLargeError(what)
    for cells in sheet.iter_rows():
        yield from ((one.row, one.column) for one in cells if one.data_type == "f")


def _sheet(sheet: Any, formulas: set[tuple[int, int]]) -> Sheet:
    rows: dict[int, list[str]] = {}
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        rows[number] = [
            FORMULA_MARK if one.value is None and (number, at) in formulas else _text(one.value)
            for at, one in enumerate(cells, start=1)
        ]
    titles = {area.min_row: text for area in sheet.merged_cells.ranges if (text := _fill(rows, area))}
    hidden = [
        number
        for number, cells in rows.items()
        if any(cells) and (sheet.row_dimensions[number].hidden if number in sheet.row_dimensions else False)
    ]
    return Sheet(sheet.title, list(rows.items()), tuple(hidden), titles, sheet.sheet_state == "visible")


def _fill(rows: Mapping[int, list[str]], area: Any) -> str:
    """The value of a merged range holds for all of it; a wide range in one row is a title, and returned."""
    if area.min_row not in rows:
        return ""
    if area.min_row == area.max_row and area.max_col - area.min_col + 1 >= _WIDE:
        if not any(rows[area.min_row][: area.min_col - 1] + rows[area.min_row][area.max_col :]):
            title = str(rows[area.min_row][area.min_col - 1])
            rows[area.min_row][:] = [""] * len(rows[area.min_row])
            return title
        return ""
    value = rows[area.min_row][area.min_col - 1]
    for number in range(area.min_row, area.max_row + 1):
        cells = rows.get(number, [])
        for at in range(area.min_col - 1, min(area.max_col, len(cells))):
            cells[at] = value
    return ""


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return f"{DATE_MARK}{cell.isoformat()}"
    return str(cell)
