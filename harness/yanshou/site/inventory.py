# SPDX-License-Identifier: Apache-2.0
"""Reads the inventory (点位表), CSV or XLSX, into rows of text with their line numbers."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yanshou.model.limited import BeyondLimitsError, limited_bytes, why
from yanshou.model.trouble import Mistake
from yanshou.site.vocabulary import COLUMNS
from yanshou.site.workbook import (
    DATE_MARK,
    FORMULA_MARK,
    LARGEST_BYTES,
    LARGEST_ROWS,
    NO_WORKBOOK,
    Grid,
    TooLargeError,
    read_workbook,
)
from yanshou.toml import near
from yanshou.vocabulary.spelling import trimmed

_TITLE_ROWS = 20
_TABLE = 4  # so many lines with so many cells are a table, not a cover sheet
_ERROR = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|UNKNOWN!|GETTING_DATA)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"#\d+[A-Za-z]?")  # an id as drawings write it, not a remark
REQUIRED = ("id", "kind", "name")


@dataclass(frozen=True, slots=True)
class InventoryRow:
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


def read_inventory(path: Path, mistakes: list[Mistake]) -> list[InventoryRow]:
    """The rows of a CSV (UTF-8, UTF-16, or GB18030) or XLSX inventory.

    The head is the first line that names the columns: a title above it is passed over, as are empty lines and
    lines that begin with ``#``. Every visible sheet of a workbook that has such a head is read. Mistakes are
    noted, and everything readable is returned.
    """
    if path.suffix.lower() in {".csv", ".txt", ".tsv"}:
        return _rows(path.name, _csv_grid(path, mistakes), mistakes)
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        return _xlsx_rows(path, mistakes)
    mistakes.append(
        Mistake(path.name, None, "is neither CSV nor XLSX.", "Save the inventory as .csv or .xlsx.")
    )
    return []


def _csv_grid(path: Path, mistakes: list[Mistake]) -> Grid:
    try:
        text = decoded(limited_bytes(path, LARGEST_BYTES))
    except OSError as error:
        mistakes.append(Mistake(path.name, None, f"cannot be read: {why(error)}.", _WHERE))
        return []
    except BeyondLimitsError as error:
        mistakes.append(Mistake(path.name, None, str(error), _SPLIT))
        return []
    if text is None:
        what = "is neither UTF-8, UTF-16 nor GB18030 text."
        mistakes.append(Mistake(path.name, None, what, "Save it as CSV UTF-8."))
        return []
    if (lines := text.count("\n")) > LARGEST_ROWS:
        what = f"has {lines} lines, at most {LARGEST_ROWS} are read."
        mistakes.append(Mistake(path.name, None, what, _SPLIT))
        return []
    delimiter = _delimiter(text)
    try:
        return list(numbered(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)))
    except csv.Error as error:
        mistakes.append(
            Mistake(path.name, _broken_line(text, delimiter), f"is not valid CSV: {error}.", _QUOTES)
        )
        return []


_WHERE = "site.toml says where it is: inventory = … in [site]."
_QUOTES = "Look for a quotation mark that is not closed there or above."
_SPLIT = "Make a site of each part, or delete the empty lines below the list."


def _encodings(raw: bytes) -> tuple[str, ...]:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if b"\n\0" in raw or b"\0\n" in raw:  # UTF-16 without its mark; no other text holds zeros
        return ("utf-16-le",) if raw.find(b"\n\0") % 2 == 0 else ("utf-16-be",)
    return ("utf-8-sig", "gb18030")


def decoded(raw: bytes) -> str | None:
    """The text of a CSV file in any encoding that office programs write; None if it is in none of them."""
    for encoding in _encodings(raw):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _delimiter(text: str) -> str:
    """The separator of the header's cells: a comma, a semicolon or a tab."""
    first = text.splitlines()[:_TITLE_ROWS]
    for delimiter in (",", ";", "\t"):
        if any(_is_head([cell.strip('"') for cell in line.split(delimiter)]) for line in first):
            return delimiter
    return ","


def numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
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
        pass  # only the line at which it stopped is needed
    return reader.line_num


def _xlsx_rows(path: Path, mistakes: list[Mistake]) -> list[InventoryRow]:
    try:
        sheets = read_workbook(path)
    except OSError as error:
        mistakes.append(Mistake(path.name, None, f"cannot be read: {error.strerror or error}.", _WHERE))
        return []
    except TooLargeError as error:
        mistakes.append(Mistake(path.name, None, f"{error}", _SPLIT))
        return []
    except NO_WORKBOOK as error:
        what = f"is not a readable XLSX file ({type(error).__name__})."
        mistakes.append(Mistake(path.name, None, what, "Save it again as .xlsx, without a password."))
        return []
    lists = [one for one in sheets if _head_of(one.grid) is not None]
    if not lists:
        return _rows(path.name, sheets[0].grid if sheets else [], mistakes)
    names = {one.name: path.name if len(lists) == 1 else f"{path.name}[{one.name}]" for one in lists}
    for one in sheets:
        if one not in lists and sum(_filled(cells) >= _TABLE for _, cells in one.grid) >= _TABLE:
            what = f"sheet {one.name} is a table without a head that names its columns."
            mistakes.append(
                Mistake(path.name, None, what, "Name them as in the other sheet, or hide the sheet.")
            )
    rows: list[InventoryRow] = []
    for one in lists:
        rows += _rows(names[one.name], one.grid, mistakes)
        for line in one.hidden:
            what = "is hidden, but not empty."
            mistakes.append(
                Mistake(names[one.name], line, what, "Show the line (clear the filter), or delete it.")
            )
    return rows


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(trimmed(cell)) for cell in cells)


def has_head(grid: Grid) -> bool:
    """Whether one of the first lines names the columns of an inventory."""
    return _head_of(grid) is not None


def _head_of(grid: Grid) -> int | None:
    return next((at for at, (_, cells) in enumerate(grid[:_TITLE_ROWS]) if _is_head(cells)), None)


def _rows(file: str, grid: Grid, mistakes: list[Mistake]) -> list[InventoryRow]:
    head = _head_of(grid)
    if head is None:
        if grid or not any(one.path == file for one in mistakes):
            remedy = "The head names at least id, kind and name (编号, 类型, 名称)."
            mistakes.append(Mistake(file, 1, "has no head line that names its columns.", remedy))
        return []
    columns = _columns(file, *grid[head], mistakes)
    return [
        InventoryRow(file, line, cells)
        for line, record in grid[head + 1 :]
        if (cells := _cells(file, line, record, columns, mistakes)) is not None
    ]


def _is_head(cells: Sequence[str]) -> bool:
    return {"id", "kind"} <= {COLUMNS.get(_squeezed(cell), "") for cell in cells}


def _columns(file: str, line: int, cells: Sequence[str], mistakes: list[Mistake]) -> list[str]:
    """The canonical name of each column; unnamed columns are skipped."""
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
    texts = [trimmed(cell) for cell in record]
    if not any(texts):
        return None
    good = True
    for at, text in enumerate(texts):
        column = columns[at] if at < len(columns) else ""
        if (what := unreadable(text)) and column != "note" and (column or at == 0):
            mistakes.append(Mistake(file, line, f"column {column or at + 1} {what}.", _CELL))
            texts[at], good = "", False
    if good and texts[0].startswith("#"):
        if _NUMBERED.fullmatch(texts[0]) and len([one for one in texts if one]) >= _TABLE:
            what = f"begins with {texts[0]}, and lines that begin with # are not read."
            mistakes.append(Mistake(file, line, what, "Write the id without #; a remark as '# …'."))
        return None
    if any(texts[len(columns) :]):
        what = f"has {len(texts)} cells, the head has {len(columns)}."
        mistakes.append(Mistake(file, line, what, "Put a cell that holds a comma in quotation marks."))
    return {column: text for column, text in zip(columns, texts, strict=False) if column}


_CELL = "Write the value itself into the cell, as text."


def unreadable(text: str) -> str:
    """What is wrong with a cell that looks filled but whose value is unknown; empty if nothing is."""
    if _ERROR.match(text):
        return f"holds the error {text}"
    if text.startswith(FORMULA_MARK):
        return "holds a formula whose result is not stored"
    if text.startswith(DATE_MARK):
        return f"holds the date {text.removeprefix(DATE_MARK)}"
    return ""


def _squeezed(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split()).casefold()
