# SPDX-License-Identifier: Apache-2.0
"""The plan of a visit as PDF: what it takes, the work by system, and a work order per person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yanshou.model import Text
from yanshou.model.visit import Visit
from yanshou.reports.glyphs import Printer
from yanshou.reports.messages import Messages
from yanshou.reports.typeset import typeset
from yanshou.reports.visit.tables import VisitTable, time_needed, visit_tables

_TEXTS = {
    "title": Text("现场检测计划与派工单", "Plan of the visit and work orders"),
    "machine": Text("机器用时", "machine time"),
    "person": Text("人员用时", "people's time"),
    "devices": Text("检测项", "items"),
    "about": Text(
        "用时为用例估计值（或以往检测的用时）加本计划的等待时间；"
        "人员步骤每次至少计 1 min。机器用时内无须有人在场。",
        "Times are the estimates of the suites (or those of earlier runs) and the waits of this plan; a step "
        "of a person counts at least a minute. Nobody is needed during the machine's time.",
    ),
    "tester": Text("派工单：检测人员", "Work order: tester"),
    "tester_about": Text(
        "按位置逐一进行；读数、拍照与回答由软件逐步提示。",
        "Place by place; the program asks for each step.",
    ),
    "escort": Text("派工单：委托方配合人员", "Work order: the client's escort"),
    "escort_about": Text(
        "下列动作会惊动他人。检测开始前告知有关方；未经指名人员确认，软件不会触发。",
        "Others notice these actions. Warn them before the tests begin; nothing is set off before a named "
        "person has confirmed it.",
    ),
    "none": Text("无。", "None."),
    "done": Text("完成", "done"),
    "name": Text("姓名", "name"),
    "signed": Text("签字", "signature"),
    "day": Text("日期", "day"),
}


def visit_pdf(visit: Visit, language: str, moment: datetime) -> bytes:
    """The PDF; ``moment`` is printed and stands in the file. RigFault with Typst's message if it fails."""
    return typeset("visit", Printer().clean(_content(visit, Messages(language), moment)), {}, moment)


def _content(visit: Visit, messages: Messages, moment: datetime) -> dict[str, Any]:
    tables = {table.name: table for table in visit_tables(visit, messages)}
    return {
        "language": messages.language,
        "words": {name: messages.pick(text) for name, text in _TEXTS.items()},
        "site": visit.site,
        "address": visit.address,
        "on": f"{moment:%Y-%m-%d}",
        "machine": time_needed(visit.machine_s),
        "person": time_needed(visit.person_s),
        "items": str(sum(task.devices for task in visit.tasks)),
        **{name: _table(tables.get(name)) for name in ("work", "walk", "warn", "cannot")},
    }


def _table(table: VisitTable | None) -> dict[str, Any]:
    return {"title": table.title, "head": table.head, "rows": table.rows} if table else {"rows": []}
