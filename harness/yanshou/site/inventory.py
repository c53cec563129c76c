# SPDX-License-Identifier: Apache-2.0
"""Reads the inventory (点位表), CSV or XLSX, into rows of text that know the line they stand on."""

from __future__ import annotations

import csv
import io
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from yanshou.model.trouble import Mistake
from yanshou.site.table import near
from yanshou.site.words import COLUMNS

_TITLE_ROWS = 20
REQUIRED = ("id", "kind", "name")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the inventory: the cells by canonical column, blanks stripped."""

    file: str
    line: int
    cells: Mapping[str, str]

    @property
    def place(self) -> str:
        """``inventory.csv:12``, for messages."""
        return f"{self.file}:{self.line}"

    def __getitem__(self, column: str) -> str:
        """The cell of a column; empty when the file has no such column."""
        return self.cells.get(column, "")


_Grid = Sequence[tuple[int, Sequence[str]]]


def read_inventory(path: Path, mistakes: list[Mistake]) -> list[Row]:
    """The rows of a CSV (UTF-8 with or without a byte order mark, or GB18030) or XLSX inventory.

    The head is the first line that names the columns: a title above it is passed over, as are empty lines
    and lines that begin with ``#``.  Trouble is noted, and what can be read is returned.
    """
    if path.suffix.lower() == ".csv":
        return _rows(path.name, _csv_grid(path, mistakes), mistakes)
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        return _rows(path.name, _xlsx_grid(path, mistakes), mistakes)
    mistakes.append(
        Mistake(path.name, None, "is neither CSV nor XLSX.", "Save the inventory as .csv or .xlsx.")
    )
    return []


def _csv_grid(path: Path, mistakes: list[Mistake]) -> _Grid:
    try:
        text = _decoded(path.read_bytes())
    except OSError as error:
        mistakes.append(Mistake(path.name, None, f"cannot be read: {error.strerror or error}.", _WHERE))
        return []
    if text is None:
        what = "is neither UTF-8 nor GB18030 text."
        mistakes.append(Mistake(path.name, None, what, "Save it as CSV UTF-8."))
        return []
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    try:
        return list(_numbered(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)))
    except csv.Error as error:
        mistakes.append(
            Mistake(path.name, _broken_line(text, delimiter), f"is not valid CSV: {error}.", _QUOTES)
        )
        return []


_WHERE = "site.toml says where it is: inventory = … in [site]."
_QUOTES = "Look for a quotation mark that is not closed there or above."


def _decoded(raw: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on; a quoted cell may span several."""
    before = 0
    for record in reader:
        yield before + 1, record
        before = reader.line_num  # type: ignore[attr-defined]  # csv.reader has it, its stub's type is private


def _broken_line(text: str, delimiter: str) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error:
        pass  # the line it stopped at is all that is asked
    return reader.line_num


def _xlsx_grid(path: Path, mistakes: list[Mistake]) -> _Grid:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations it leaves out
            return _first_sheet(path)
    except OSError as error:
        mistakes.append(Mistake(path.name, None, f"cannot be read: {error.strerror or error}.", _WHERE))
    except _NO_WORKBOOK as error:
        what = f"is not a readable XLSX file ({type(error).__name__})."
        mistakes.append(Mistake(path.name, None, what, "Save it again as .xlsx, without a password."))
    return []


# What openpyxl lets through from zipfile, zlib, the XML parser and its own reading of a damaged file.
_NO_WORKBOOK = (
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


def _first_sheet(path: Path) -> _Grid:
    import openpyxl  # noqa: PLC0415 - takes longer to load than most sites take to read

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        lines = enumerate(book.worksheets[0].iter_rows(values_only=True), start=1)
        return [(number, [_cell_text(cell) for cell in cells]) for number, cells in lines]
    finally:
        book.close()


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


def _rows(file: str, grid: _Grid, mistakes: list[Mistake]) -> list[Row]:
    head = next((at for at, (_, cells) in enumerate(grid[:_TITLE_ROWS]) if _is_head(cells)), None)
    if head is None:
        if grid or not any(one.path == file for one in mistakes):
            remedy = "The head names at least id, kind and name (编号, 类型, 名称)."
            mistakes.append(Mistake(file, 1, "has no head line that names its columns.", remedy))
        return []
    columns = _columns(file, *grid[head], mistakes)
    return [
        Row(file, line, cells)
        for line, record in grid[head + 1 :]
        if (cells := _cells(file, line, record, columns, mistakes)) is not None
    ]


def _is_head(cells: Sequence[str]) -> bool:
    return {"id", "kind"} <= {COLUMNS.get(_squeezed(cell), "") for cell in cells}


def _columns(file: str, line: int, cells: Sequence[str], mistakes: list[Mistake]) -> list[str]:
    """The canonical name of each column; an empty name is read over."""
    columns: list[str] = []
    for cell in cells:
        head = _squeezed(cell)
        column = COLUMNS.get(head, "")
        if head and not column and not head.startswith("#"):
            remedy = f"{near(head, COLUMNS)} A column for people only begins with '#'.".strip()
            mistakes.append(Mistake(file, line, f"column {cell.strip()!r} is not known.", remedy))
        if column in columns and column not in {"", "note"}:
            what = f"column {column} is there twice ({cell.strip()})."
            mistakes.append(Mistake(file, line, what, "Delete one, or begin its head with '#'."))
            column = ""
        columns.append(column)
    for column in REQUIRED:
        if column not in columns:
            remedy = f"Add it; {column} is needed for every device."
            mistakes.append(Mistake(file, line, f"column {column} is missing.", remedy))
    return columns


def _cells(
    file: str, line: int, record: Sequence[str], columns: Sequence[str], mistakes: list[Mistake]
) -> dict[str, str] | None:
    texts = [cell.strip() for cell in record]
    if not any(texts) or texts[0].startswith("#"):
        return None
    if any(texts[len(columns) :]):
        what = f"has {len(texts)} cells, the head has {len(columns)}."
        mistakes.append(Mistake(file, line, what, "Put a cell that holds a comma in quotation marks."))
    return {column: text for column, text in zip(columns, texts, strict=False) if column}


def _squeezed(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split()).casefold()
