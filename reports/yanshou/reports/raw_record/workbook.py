# SPDX-License-Identifier: Apache-2.0
"""record.xlsx: a first sheet with the facts of the run, then one sheet for each family of items."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from yanshou.model import Measurement
from yanshou.reports.handwritten import SignatureLine, signature_lines
from yanshou.reports.issued import issue_short
from yanshou.reports.messages import Messages
from yanshou.reports.naming import day_and_time, zone_name
from yanshou.reports.raw_record.cells import put, put_formula, saved, sheet_name
from yanshou.reports.raw_record.formulas import CellRange, limit_formula, u_formula, value_formula
from yanshou.reports.raw_record.lines import RecordLine, environment, families, tester
from yanshou.reports.round_tables import round_text
from yanshou.reports.software import software_text
from yanshou.reports.tables import step_text
from yanshou.reports.view import RunView
from yanshou.reports.wording import NOTHING, device_line

_BOLD, _GREY = Font(bold=True), PatternFill("solid", fgColor="E8EDF3")
_THIN = Side(style="thin", color="8A94A0")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_RESULT: Final = (
    *("c.device", "rec.measurement", "c.clause", "c.attempt", "rec.n", "rec.statistic"),
    *("rec.value", "rec.U", "rec.k", "rec.unit", "rec.low", "rec.high", "rec.compared"),
    *("rec.stated", "rec.stated_u", "rec.same", "c.verdict", "rec.used", "rec.instruments"),
    *("c.time", "rec.tester", "rec.environment", "rec.note"),
)
_VALUE, _U, _K, _LOW, _HIGH, _STATED, _STATED_U = "G", "H", "I", "K", "L", "N", "O"
_READING: Final = ("c.device", "rec.measurement", "rec.number", "rec.reading", "rec.unit")
_BUDGET: Final = (
    *("c.device", "rec.measurement", "b.component", "b.kind", "b.u", "rec.unit", "b.dof", "b.source"),
)
_STEP: Final = ("c.device", "rec.measurement", "rec.step", "c.attempt", "c.time", "rec.kind")
_MOST_STEPS: Final = 500
_SIGNED_PT, _SIGNED_PX = 48.0, 60
_READING_COLUMN, _BUDGET_COLUMN = "D", "E"
_WIDTHS: Final = (24, 12, 30, 9, 16, 14, 16, 14, 8, 10, 10, 10, 12, 16, 14, 8, 12, 8, 18, 20, 16, 24, 44)


def raw_record_xlsx(view: RunView, language: str = "zh") -> bytes:
    """The workbook; the same run folder gives the same bytes."""
    messages = Messages(language)
    book, taken = Workbook(), set[str]()
    cover = book.active
    cover.title = sheet_name(messages("rec.cover"), taken)
    names = []
    for title, lines in families(view, messages).items():
        sheet = book.create_sheet(sheet_name(title, taken))
        names.append((sheet.title, len(lines)))
        _FamilySheet(view, messages, sheet).write(title, lines)
    _cover(view, messages, cover, names)
    return saved(book, view.ended)


def _cover(view: RunView, messages: Messages, sheet: Any, names: Iterable[tuple[str, int]]) -> None:
    dates = (
        f"{day_and_time(view, view.started)} – {day_and_time(view, view.ended)} ({zone_name(view, messages)})"
    )
    persons = dict.fromkeys(one.operator for one in view.sessions if one.operator)
    facts = [
        (messages("no"), str(view.site.laboratory.get("report_no") or NOTHING)),
        (messages("issue.label"), issue_short(view, messages)),
        (messages("run"), round_text(view, messages)),
        (messages("project"), view.site.name),
        (messages("place"), view.site.address),
        (messages("dates"), dates),
        (messages("software"), software_text(view, messages)),
        (messages("rec.head"), view.head),
        (messages("rec.persons"), messages("and").join(persons)),
        (messages("rec.reviewer"), ""),
        (messages("rec.about"), messages("rec.how")),
    ]
    if view.emulated:
        facts.insert(0, (messages("watermark"), messages("banner")))
    _put_row(sheet, 1, [messages("rec.title")], bold=True)
    for row, pair in enumerate(facts, start=2):
        _put_row(sheet, row, pair)
        sheet.cell(row, 1).font = _BOLD
    row = _sign(sheet, len(facts) + 2, signature_lines(view, messages), messages) + 1
    _put_row(sheet, row, [messages("rec.sheet"), messages("rec.lines")], bold=True)
    for name, count in names:
        row += 1
        _put_row(sheet, row, [name, count])
        sheet.cell(row, 1).hyperlink = f"#'{name}'!A1"
    heads = ("c.id", "c.name", "c.serial", "c.certificate", "c.due")
    row += 2
    _put_row(sheet, row, [messages(key) for key in heads], bold=True)
    for entry in view.instruments:
        row += 1
        _put_row(sheet, row, [_stated(entry, key) for key in ("id", "name", "serial", "certificate", "due")])
    for column, width in zip("ABCDE", (34, 70, 20, 30, 14), strict=True):
        sheet.column_dimensions[column].width = width


def _sign(sheet: Any, row: int, lines: Iterable[SignatureLine], messages: Messages) -> int:
    """The lines of the signatures, each with its picture; returns the next row."""
    for line in lines:
        _put_row(sheet, row, [messages(f"rec.hand.{line.role}"), line.text])
        sheet.cell(row, 1).font = _BOLD
        if line.picture is not None:
            picture = Image(io.BytesIO(line.picture))
            picture.width, picture.height = _fitted(picture.width, picture.height)
            sheet.add_image(picture, f"C{row}")
            sheet.row_dimensions[row].height = _SIGNED_PT
        row += 1
    return row


def _fitted(width: int, height: int) -> tuple[int, int]:
    """The size in pixels of a picture within its row."""
    scale = min(_SIGNED_PX / height, 4 * _SIGNED_PX / width)
    return round(width * scale), round(height * scale)


def _stated(entry: Any, key: str) -> str:
    return str(entry.get(key) or NOTHING)


class _FamilySheet:
    """Writes one sheet: results with formulas, below them the repetitions, below these the budgets."""

    def __init__(self, view: RunView, messages: Messages, sheet: Any) -> None:
        self.view, self.messages, self.sheet = view, messages, sheet

    def write(self, title: str, lines: Sequence[RecordLine]) -> None:
        """All blocks; the ranges of a measurement are known before its formulas are written."""
        messages, sheet = self.messages, self.sheet
        measured = {line.name: line for line in lines}
        first = 5 + len(lines) + 2
        readings = self._placed(measured, first, _READING_COLUMN, lambda line: len(line.measurement.raw))
        after = first + sum(len(line.measurement.raw) for line in measured.values()) + 3
        budgets = self._placed(measured, after, _BUDGET_COLUMN, lambda line: len(line.measurement.budget))
        _put_row(sheet, 1, [title], bold=True)
        _put_row(sheet, 2, [messages("rec.reviewed")])
        self._head(4, _RESULT)
        for row, line in enumerate(lines, start=5):
            self._result(row, line, readings.get(line.name), budgets.get(line.name))
        self._head(first - 1, _READING)
        self._readings(first, measured.values())
        self._head(after - 1, _BUDGET)
        self._budgets(after, measured.values())
        steps = after + sum(len(line.measurement.budget) for line in measured.values()) + 3
        self._head(steps - 1, _STEP)
        self._steps(steps, lines)
        self._set_up_print()

    def _placed(self, measured: Any, first: int, column: str, size: Any) -> dict[str, CellRange]:
        found, row = {}, first
        for name, line in measured.items():
            if count := size(line):
                found[name] = CellRange(column, row, row + count - 1)
                row += count
        return found

    def _head(self, row: int, keys: Iterable[str]) -> None:
        zone = zone_name(self.view, self.messages)
        names = [
            self.messages("timed", what=self.messages(key), zone=zone)
            if key == "c.time"
            else self.messages(key)
            for key in keys
        ]
        _put_row(self.sheet, row, names, bold=True)

    def _result(self, row: int, line: RecordLine, cells: CellRange | None, budget: CellRange | None) -> None:
        messages, measured, finding = self.messages, line.measurement, line.finding
        at = line.attempt.started if line.attempt else None
        value = value_formula(measured, cells)
        U = u_formula(measured, f"{_K}{row}", budget)
        compared = self._compared(line, row)
        check = self._check(row, measured, value=bool(value), U=bool(U))
        low, high = (line.limit.min, line.limit.max) if line.limit else (None, None)
        _put_row(self.sheet, row, [
            _device(self.view, measured.device, self.messages),
            line.name,
            f"{finding.standard} {finding.clause} {finding.requirement}".strip() if finding else NOTHING,
            line.attempt.number if line.attempt else None,
            f"=COUNTA({cells})" if cells and len(measured.raw) == measured.n else measured.n,
            messages.statistic(measured.statistic) or NOTHING,
            value or _number(measured.value),
            U or _number(measured.U),
            _number(measured.k),
            measured.unit,
            low,
            high,
            compared,
            _number(measured.value),
            _number(measured.U),
            check,
            messages.verdict(finding.verdict) if finding else NOTHING,
            messages("yes" if line.stands else "no."),
            " ".join(measured.instruments) or NOTHING,
            day_and_time(self.view, at) if at else NOTHING,
            tester(self.view, at, line.name) if at else NOTHING,
            environment(self.view, at, line.name) if at else NOTHING,
            self._note(line, value=bool(value), U=bool(U)),
        ], formulas={5, 7, 8, 13, 16})  # fmt: skip

    def _check(self, row: int, measured: Measurement, *, value: bool, U: bool) -> str:
        """Whether what the formulas give is what the journal says; nothing where there is no formula."""
        asked = []
        if value and isinstance(measured.value, bool):
            asked.append(f"{_VALUE}{row}={_STATED}{row}")
        elif value:
            asked.append(_close(f"{_VALUE}{row}", f"{_STATED}{row}"))
        asked += [_close(f"{_U}{row}", f"{_STATED_U}{row}")] if U else []
        if not asked:
            return ""
        test = asked[0] if len(asked) == 1 else f"AND({','.join(asked)})"
        return f'=IF({test},"{self.messages("rec.yes")}","{self.messages("rec.no")}")'

    def _compared(self, line: RecordLine, row: int) -> str:
        """The comparison with the limit, where value and limit are of one unit."""
        finding, limit, measured = line.finding, line.limit, line.measurement
        if finding is None or limit is None or isinstance(measured.value, str) or measured.value is None:
            return ""
        if limit.unit != measured.unit:
            return ""
        said = self.messages("rec.within"), self.messages("rec.beyond")
        return limit_formula(limit, f"{_VALUE}{row}", f"{_LOW}{row}", f"{_HIGH}{row}", said)

    def _note(self, line: RecordLine, *, value: bool, U: bool) -> str:
        """Why a figure is a number, and what the measurement states besides."""
        messages, measured = self.messages, line.measurement
        said = []
        if not value and measured.value is not None:
            said.append(messages("rec.not_from_raw" if measured.raw else "rec.from_steps"))
        said += [messages("rec.u_otherwise")] if measured.U is not None and not U else []
        said += [messages.said(text) for text in measured.deviations]
        said += [messages.reason(one.text) for one in measured.reservations]
        said += [messages.reason(line.finding.reason)] if line.finding and line.finding.reason else []
        said += [messages("estimate").strip()] if measured.estimate else []
        return messages("semicolon").join(filter(None, said))

    def _readings(self, first: int, lines: Iterable[RecordLine]) -> None:
        row = first
        for line in lines:
            device = _device(self.view, line.measurement.device, self.messages)
            for number, value in enumerate(line.measurement.raw, start=1):
                _put_row(self.sheet, row, [device, line.name, number, _number(value), line.measurement.unit])
                row += 1

    def _budgets(self, first: int, lines: Iterable[RecordLine]) -> None:
        row, messages = first, self.messages
        for line in lines:
            device = _device(self.view, line.measurement.device, self.messages)
            for one in line.measurement.budget:
                dof: float | str = "∞" if math.isinf(one.dof) else one.dof
                kind = f"{one.kind}, {messages.distribution(one.distribution)}"
                cells = [device, line.name, messages.component(one.name), kind, one.u, line.measurement.unit]
                _put_row(self.sheet, row, [*cells, dof, one.source])
                row += 1

    def _steps(self, first: int, lines: Iterable[RecordLine]) -> None:
        """What was done, seen, asked and answered in each attempt, in the order of the journal."""
        row, messages = first, self.messages
        tries = {id(line.attempt): line for line in lines if line.attempt}
        for line in tries.values():
            assert line.attempt is not None
            device, number = _device(self.view, line.measurement.device, self.messages), line.attempt.number
            for step in line.attempt.steps[:_MOST_STEPS]:
                at = day_and_time(self.view, step.at)
                text, kind = step_text(self.view, step, messages), messages.step(step.kind)
                _put_row(self.sheet, row, [device, line.name, text, number, at, kind])
                row += 1

    def _set_up_print(self) -> None:
        """Widths, a head that stays, and a page that fits its width, numbered."""
        sheet = self.sheet
        for place, width in enumerate(_WIDTHS, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.freeze_panes = "B5"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.center.text = self.messages("page", x="&P", y="&N")


def _close(found: str, stated: str) -> str:
    """Two cells agree to the last digits of a double."""
    return f"ABS({found}-{stated})<=1E-9*MAX(1,ABS({stated}))"


def _device(view: RunView, name: str, messages: Messages) -> str:
    return device_line(view.device(name), messages)


def _number(value: Any) -> Any:
    """A figure as it stands in the journal; one that is not finite as a text."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _put_row(
    sheet: Any, row: int, values: Iterable[Any], *, bold: bool = False, formulas: Iterable[int] = ()
) -> None:
    ours, style = set(formulas), None
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        if style is None:
            cell.border = _FRAME
            if bold:
                cell.font, cell.fill, cell.alignment = _BOLD, _GREY, Alignment(wrap_text=True)
            style = cell._style  # noqa: SLF001 - each style that is set by its name is hashed with all its parts
        cell._style = copy(style)  # noqa: SLF001
        if column in ours and isinstance(value, str) and value.startswith("="):
            put_formula(cell, value)
        else:
            put(cell, value)
