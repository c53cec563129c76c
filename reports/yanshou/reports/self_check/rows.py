# SPDX-License-Identifier: Apache-2.0
"""Finds the line of each result on the pages, and the numbers in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from yanshou.model import Verdict
from yanshou.reports.by_requirement import RequirementResult, by_requirement
from yanshou.reports.messages import Messages
from yanshou.reports.method import method_text
from yanshou.reports.records import ReportRow
from yanshou.reports.result_tables import OUTSIDE, device_number, device_text, notes, sample_text
from yanshou.reports.self_check.printed import Printed, squeezed
from yanshou.reports.view import RunView
from yanshou.reports.wording import clause, requires, status_mark, title

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


@dataclass(frozen=True, slots=True)
class PrintedRequirement:
    """A requirement and its line: ``text`` is the worst result, None if the line is incomplete."""

    result: RequirementResult
    text: str | None

    @property
    def name(self) -> str:
        """The requirement."""
        return self.result.rows[0].finding.requirement

    @property
    def worst(self) -> PrintedNumber | None:
        """The first number of the line's result."""
        found = _NUMBER.search(self.text or "")
        return _number(found[0]) if found else None


def printed_rows(view: RunView, printed: Printed, messages: Messages) -> tuple[PrintedRow, ...]:
    """Each device's row that applies, with what the annex prints between device and verdict."""
    found: dict[int, PrintedRow] = {}
    for result in by_requirement(view):
        for place, row in enumerate(result.rows, start=1):
            said = notes(view, (row,), messages)
            number, device = device_number(result, place), device_text(view, row, messages)
            start = squeezed(f"{number}{device}{said}")
            head = squeezed(title(row, messages))
            text = _upto((start,), row.finding.verdict, messages, printed.text, head)
            found[id(row)] = PrintedRow(row, text)
    return tuple(found[id(row)] for row in view.rows if id(row) in found)


def printed_requirements(
    view: RunView, printed: Printed, messages: Messages
) -> tuple[PrintedRequirement, ...]:
    """Each requirement, with what its line prints between its sample and the gravest of its verdicts."""
    return tuple(
        PrintedRequirement(one, _upto(_asked(view, one, messages), _gravest(one), messages, printed.text))
        for one in by_requirement(view)
    )


def _asked(view: RunView, result: RequirementResult, messages: Messages) -> tuple[str, str]:
    """The start of a line, without and with the mark of an item outside the scope.

    It has title, notes, clause, method, what is asked, and the sample.
    """
    row = result.worst
    mark = status_mark(row, messages)
    status = messages("status", status=mark) if mark else ""
    item = f"{result.number}{title(row, messages)}{notes(view, result.rows, messages)}"
    named = f"{item}{clause(row)}{row.finding.requirement}"
    asks = f"{method_text(result.rows, messages)}{requires(row, messages)}{status}{sample_text(result)}"
    return squeezed(f"{named}{asks}"), squeezed(f"{named}{OUTSIDE}{asks}")


def _gravest(result: RequirementResult) -> Verdict:
    """The gravest verdict, taken from the rows themselves and not from the line."""
    return max((row.finding.verdict for row in result.rows), key=lambda one: one.severity)


def _upto(
    starts: Sequence[str], verdict: Verdict, messages: Messages, pages: str, head: str = ""
) -> str | None:
    """What stands between one of the starts and a verdict on the same page, None if another verdict does.

    With a ``head`` no figure may stand before the start (``1-2`` is no ``11-2``), except as the end of the
    head itself.
    """
    for start in starts:
        at = pages.find(start)
        while at >= 0:
            if not head or not pages[at - 1 : at].isdigit() or pages.endswith(head, 0, at):
                return _result(pages, at + len(start), verdict, messages)
            at = pages.find(start, at + 1)
    return None


def _result(pages: str, at: int, verdict: Verdict, messages: Messages) -> str | None:
    page = pages[at:end] if (end := pages.find("\n", at)) >= 0 else pages[at:]
    text, found, _ = page.partition(squeezed(messages.verdict(verdict)))
    if not found or text.endswith(_UNFINISHED):
        return None
    return None if any(squeezed(messages.verdict(one)) in text for one in Verdict) else text


def _number(text: str) -> PrintedNumber:
    mantissa, _, power = text.replace("−", "-").partition("×10^")
    number = Decimal(mantissa)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # a pattern of digits is never infinite
    shift = int(power or 0)
    return PrintedNumber(number.scaleb(shift), exponent + shift, len(str(abs(int(number.scaleb(-exponent))))))
