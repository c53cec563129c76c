# SPDX-License-Identifier: Apache-2.0
"""The results as one flat table for a laboratory's LIMS: one line per result, fixed column names."""

from __future__ import annotations

import math
from collections.abc import Iterator

from openpyxl import Workbook

from yanshou.model.csv_text import csv_bytes
from yanshou.reports.messages import Messages
from yanshou.reports.raw_record.cells import csv_text, put, saved
from yanshou.reports.raw_record.lines import tester
from yanshou.reports.records import ReportRow
from yanshou.reports.view import RunView
from yanshou.reports.wording import reason, title

COLUMNS = (
    *("报告编号", "签发次数", "检测轮次", "检测编号", "仿真", "项目代码", "检测项目", "标准", "条款"),
    *("设备编号", "设备名称", "设备型号", "安装位置", "值", "单位", "U", "k", "n", "限值下限", "限值上限"),
    *("限值", "限值状态", "判定规则", "判定代码", "判定", "原因", "仪器编号", "时间", "检测员", "证据sha256"),
)
"""The columns; their names are the same in every language, so that an import is written once."""

Cell = str | float | None


def flat_csv(view: RunView, language: str = "zh") -> bytes:
    """UTF-8 with a byte order mark (utf-8-sig), RFC 4180."""
    return csv_bytes([COLUMNS, *([csv_text(cell) for cell in row] for row in _rows(view, language))])


def flat_xlsx(view: RunView, language: str = "zh") -> bytes:
    """The same as a workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    for row, cells in enumerate((COLUMNS, *_rows(view, language)), start=1):
        for column, value in enumerate(cells, start=1):
            put(sheet.cell(row, column), value)
    sheet.freeze_panes = "A2"
    return saved(book, view.ended)


def _rows(view: RunView, language: str) -> Iterator[list[Cell]]:
    messages = Messages(language)
    for row in view.rows:
        yield _row(view, row, messages)


def _row(view: RunView, row: ReportRow, messages: Messages) -> list[Cell]:
    finding, device = row.finding, view.device(row.finding.device)
    limit = row.requirement.limit if row.requirement else None
    last = row.attempts[-1] if row.attempts else None
    return [
        str(view.site.laboratory.get("report_no") or ""),
        view.issue.number if view.issue else 0,
        view.round,
        view.run,
        view.emulated,
        finding.requirement,
        title(row, messages),
        finding.standard,
        finding.clause,
        *(finding.device, device.name, device.model, device.location),
        _finite(finding.value),
        finding.unit,
        *(_finite(finding.U), _finite(finding.k), finding.n),
        *(limit.min if limit else None, limit.max if limit else None),
        *(finding.limit, finding.limit_status, finding.decision_rule),
        *(finding.verdict.value, messages.verdict(finding.verdict), reason(row, messages)),
        " ".join(row.measurement.instruments) if row.measurement else "",
        view.local(last.started).isoformat(timespec="seconds") if last else "",
        tester(view, last.started, finding.measurement) if last else "",
        " ".join(finding.evidence),
    ]


def _finite(value: Cell) -> Cell:
    return None if isinstance(value, float) and not math.isfinite(value) else value
