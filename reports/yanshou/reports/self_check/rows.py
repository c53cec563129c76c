# SPDX-License-Identifier: Apache-2.0
"""Finds the line of each result on the pages, and the numbers in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from yanshou.model import Verdict
from yanshou.reports.messages import Messages
from yanshou.reports.records import ReportRow
from yanshou.reports.self_check.printed import Printed, squeezed
from yanshou.reports.tables import OUTSIDE
from yanshou.reports.view import RunView
from yanshou.reports.wording import clause, device_line, requires, status_mark

_NUMBER = re.compile(r"[-−]?\d+(?:\.\d+)?(?:×10\^-?\d+)?")
_UNFINISHED = ("不", "条件", "conditional", "doesnot", "not")
"""Text before a shorter verdict that is part of a longer one: 合格 in 不合格."""


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as it is printed: its value, the place of its last digit as a power of ten, its digits."""

    value: Decimal
    place: int
    digits: int


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row of the run and its line on the pages: ``text`` is result and U, None if incomplete."""

    row: ReportRow
    text: str | None

    @property
    def name(self) -> str:
        """Requirement and device."""
        return row_name(self.row)

    @property
    def numbers(self) -> tuple[PrintedNumber, ...]:
        """The numbers of result and U, in the order they stand."""
        return tuple(_number(one) for one in _NUMBER.findall(self.text or ""))


def row_name(row: ReportRow) -> str:
    """Requirement and device of a row."""
    return f"{row.finding.requirement} {row.finding.device}".strip()


def printed_rows(view: RunView, printed: Printed, words: Messages) -> tuple[PrintedRow, ...]:
    """Each row that applies, with what is printed between its requirement and its verdict."""
    return tuple(
        PrintedRow(row, _between(view, row, printed.text, words))
        for row in view.rows
        if row.finding.verdict is not Verdict.NOT_APPLICABLE
    )


def _between(view: RunView, row: ReportRow, pages: str, words: Messages) -> str | None:
    finding = row.finding
    named = finding.device and finding.device != view.site.id
    device = device_line(view.device(finding.device)) if named else ""
    mark = status_mark(row, words)
    status = words("status", status=mark) if mark else ""
    named_by = squeezed(f"{device}{clause(row)}{finding.requirement}")
    asks = squeezed(f"{requires(row, words)}{status}")
    verdict = squeezed(words.verdict(finding.verdict))
    found = re.search(f"{re.escape(named_by)}{OUTSIDE}?{re.escape(asks)}(.*?){re.escape(verdict)}", pages)
    return found[1] if found and not found[1].endswith(_UNFINISHED) else None


def _number(text: str) -> PrintedNumber:
    mantissa, _, power = text.replace("−", "-").partition("×10^")
    number = Decimal(mantissa)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # a pattern of digits is never infinite
    shift = int(power or 0)
    return PrintedNumber(number.scaleb(shift), exponent + shift, len(str(abs(int(number.scaleb(-exponent))))))
