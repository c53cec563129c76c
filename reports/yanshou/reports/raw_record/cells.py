# SPDX-License-Identifier: Apache-2.0
"""Cells of a workbook whose texts come from devices, files and persons: none of them is a formula."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any, Final

from openpyxl import Workbook

from yanshou.reports.office import FORBIDDEN, steady

_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_NO_NAME: Final = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_LONGEST_NAME: Final = 31
_LONGEST_TEXT: Final = 32_000


def put(cell: Any, value: object) -> None:
    """Write a number, a truth value or a text; a text that looks like a formula stays a text."""
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = FORBIDDEN.sub("\ufffd", value)[:_LONGEST_TEXT]
    cell.data_type = "s"
    if value.startswith(_STARTS):
        cell.quotePrefix = True


def put_formula(cell: Any, formula: str) -> None:
    """Write one of our own formulas."""
    cell.value = formula


def csv_text(value: object) -> object:
    """A cell of a CSV: a text that a spreadsheet would take for a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(_STARTS):
        return f"'{value}"
    return value


def sheet_name(title: str, taken: set[str]) -> str:
    """A name a spreadsheet accepts (31 signs, none of those it forbids), not given before in any case."""
    base = _NO_NAME.sub(" ", title).strip()[:_LONGEST_NAME] or "—"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        end = f" {number}"
        name = base[: _LONGEST_NAME - len(end)] + end
    taken.add(name.lower())
    return name


def saved(book: Workbook, moment: datetime) -> bytes:
    """The bytes of the workbook, the same for the same content: its dates are those of the run."""
    made = io.BytesIO()
    book.save(made)
    return steady(made.getvalue(), moment)
