# SPDX-License-Identifier: Apache-2.0
"""The sheets of a file as a person sees them, hidden ones too: CSV in any encoding and separator, or XLSX."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from yanshou.model import UsageError
from yanshou.model.limited import BeyondLimitsError, limited_bytes, why
from yanshou.model.trouble import Mistake
from yanshou.site.inventory import decoded, numbered
from yanshou.site.schedule.heads import TITLE_ROWS, heads_at
from yanshou.site.schedule.terms import plain
from yanshou.site.workbook import (
    LARGEST_BYTES,
    LARGEST_ROWS,
    NO_WORKBOOK,
    Sheet,
    TooLargeError,
    read_workbook,
)
from yanshou.vocabulary.spelling import trimmed

_SEPARATORS = (",", ";", "\t", "，", "；", "|")
_UNIT = re.compile(r"\(?(?:台|个|只|套|对|部|块|组|副|付|把|樘|点|路|米|m|处|支)\)?")
_TEXTS = frozenset({".docx", ".doc", ".wps", ".pdf", ".odt", ".rtf", ".jpg", ".png", ".dwg"})


def read_sheets(path: Path) -> list[Sheet]:
    """Every sheet of the file; the one of a CSV file has no name.  Raises UsageError if it is unreadable."""
    suffix = path.suffix.lower()
    if suffix in {".csv", ".txt", ".tsv"}:
        return [_without_units(Sheet("", _csv(path), ()))]
    if suffix not in {".xlsx", ".xlsm"}:
        remedy = "Copy its table into a spreadsheet, and save that as .xlsx."
        raise _unread(
            path, "is neither CSV nor XLSX.", remedy if suffix in _TEXTS else "Save it as .xlsx or .csv."
        )
    try:
        return list(map(_without_units, read_workbook(path, hidden=True)))
    except OSError as error:
        raise _unread(path, f"cannot be read: {error.strerror or error}.", "") from None
    except TooLargeError as error:
        raise _unread(path, str(error), "Make a site of each part.") from None
    except NO_WORKBOOK as error:
        what = f"is not a readable XLSX file ({type(error).__name__})."
        raise _unread(path, what, "Save it again as .xlsx, without a password.") from None


def _without_units(sheet: Sheet) -> Sheet:
    """The sheet with the line of units below its head left blank: (只) | (台)."""

    def is_unit(cells: Sequence[str]) -> bool:
        filled = [cell for cell in cells if trimmed(cell)]
        return len(filled) > 1 and all(_UNIT.fullmatch(plain(cell)) for cell in filled)

    return replace(sheet, grid=[(line, [] if is_unit(cells) else cells) for line, cells in sheet.grid])


def _unread(path: Path, what: str, remedy: str, line: int | None = None) -> UsageError:
    return UsageError([Mistake(path.name, line, what, remedy)])


def _csv(path: Path) -> list[tuple[int, list[str]]]:
    try:
        text = decoded(limited_bytes(path, LARGEST_BYTES))
    except OSError as error:
        raise _unread(path, f"cannot be read: {why(error)}.", "") from None
    except BeyondLimitsError as error:
        raise _unread(path, str(error), "Make a site of each part.") from None
    if text is None:
        raise _unread(path, "is neither UTF-8, UTF-16 nor GB18030 text.", "Save it as CSV UTF-8.")
    if (lines := text.count("\n")) > LARGEST_ROWS:
        raise _unread(
            path, f"has {lines} lines, at most {LARGEST_ROWS} are read.", "Make a site of each part."
        )
    text = text.removeprefix("\ufeff")
    try:
        return _records(text, max(_SEPARATORS, key=lambda one: _columns(text, one)))
    except csv.Error as error:
        what = f"is not valid CSV: {error}."
        raise _unread(path, what, "Look for a quotation mark that is not closed.") from None


def _records(text: str, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return [(line, cells) for line, cells in numbered(reader) if not _says_separator(cells)]


def _says_separator(cells: Sequence[str]) -> bool:
    """Whether a line is the note ``sep=;`` that a spreadsheet program puts first."""
    return bool(cells) and cells[0].startswith("sep=")


def _columns(text: str, separator: str) -> tuple[int, int]:
    """How many columns the best head names if the cells are divided so, then how wide the lines are."""
    rows = [[cell.strip('"') for cell in line.split(separator)] for line in text.splitlines()[:TITLE_ROWS]]
    heads = [heads_at(rows, at) for at in range(len(rows))]
    best = max((sum(bool(one.name) for head in found for one in head.columns) for found in heads), default=0)
    return best, _shared_width(rows)


def _shared_width(rows: Sequence[Sequence[str]]) -> int:
    """How many cells the lines have, if most of them have as many; 0 if the separator does not part them."""
    widths = [len(cells) for cells in rows if any(cells)]
    usual = max(set(widths), key=widths.count, default=0)
    return usual if usual > 1 and widths.count(usual) * 2 > len(widths) else 0
