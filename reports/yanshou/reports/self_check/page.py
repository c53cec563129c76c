# SPDX-License-Identifier: Apache-2.0
"""The check sheet as a page for the laboratory and as JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from yanshou.model import Text
from yanshou.reports.glyphs import Printer
from yanshou.reports.messages import Messages
from yanshou.reports.self_check.records import CheckAnswer, CheckLine
from yanshou.reports.typeset import typeset
from yanshou.reports.view import RunView

ANSWERS = {
    CheckAnswer.MET: Text("符合", "met"),
    CheckAnswer.MISSING: Text("缺", "missing"),
    CheckAnswer.BY_HAND: Text("由机构核对", "for the laboratory"),
    CheckAnswer.NOT_NEEDED: Text("不涉及", "no occasion"),
}
_TONES = {
    CheckAnswer.MET: "good",
    CheckAnswer.MISSING: "bad",
    CheckAnswer.BY_HAND: "open",
    CheckAnswer.NOT_NEEDED: "plain",
}


def sheet_json(lines: Sequence[CheckLine], view: RunView) -> bytes:
    """The sheet for programs: each rule with its answer and parts."""
    content = {
        "schema": "yanshou/laboratory-check-1",
        "run": view.run,
        "head": view.head,
        "summary": {answer.value: count for answer, count in _counts(lines).items()},
        "rules": [
            {
                "id": line.requirement.id,
                "standard": line.requirement.standard,
                "clause": line.requirement.clause,
                "answer": line.answer.value,
                "parts": [
                    {"asks": part.asks.zh, "answer": part.answer.value, "found": part.found}
                    for part in line.parts
                ],
            }
            for line in lines
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def sheet_pdf(lines: Sequence[CheckLine], view: RunView, language: str) -> bytes:
    """The sheet as a page; RigFault with Typst's own message if that fails."""
    return typeset("laboratory", Printer().clean(_content(lines, view, Messages(language))), {}, view.ended)


def _content(lines: Sequence[CheckLine], view: RunView, messages: Messages) -> dict[str, Any]:
    counted = _counts(lines)
    return {
        "language": messages.language,
        "title": messages("check.title"),
        "about": messages("check.about"),
        "site": f"{view.site.name}　{messages('run')}{messages('colon')}{view.run}",
        "emulated": messages("banner") if view.emulated else "",
        "counts": [[messages.pick(ANSWERS[answer]), str(count)] for answer, count in counted.items()],
        "head": [
            messages("c.clause"),
            messages("c.requires"),
            messages("check.answer"),
            messages("check.found"),
        ],
        "rules": [_rule(line, messages) for line in lines],
    }


def _rule(line: CheckLine, messages: Messages) -> dict[str, Any]:
    row = line.requirement
    return {
        "id": row.id,
        "title": messages.pick(row.title),
        "clause": f"{row.standard} {row.edition} {row.clause}".replace("  ", " "),
        "parts": [
            [messages.pick(part.asks), messages.pick(ANSWERS[part.answer]), _TONES[part.answer], part.found]
            for part in line.parts
        ],
    }


def _counts(lines: Sequence[CheckLine]) -> dict[CheckAnswer, int]:
    counted = Counter(line.answer for line in lines)
    return {answer: counted[answer] for answer in CheckAnswer if counted[answer]}
