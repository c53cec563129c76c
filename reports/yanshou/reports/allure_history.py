# SPDX-License-Identifier: Apache-2.0
"""The round before a re-test as Allure's history (``HistoryDataPoint`` of Allure 3).

The page then shows each result beside what the first run found for the same requirement and device. Issues of
one run are no points of it: Allure takes each point for a test done again, and an issue has the same tests.
"""

from __future__ import annotations

import hashlib
import json
import uuid

from yanshou.reports.allure_status import STATUS
from yanshou.reports.events import moment
from yanshou.reports.messages import Messages
from yanshou.reports.rounds import FirstRound
from yanshou.reports.view import RunView

_NAMES = uuid.UUID("8a3d5f0e-6c1f-4b7e-9a55-6f0c7d7f1c2b")


def case_id(item: str, requirement: str) -> str:
    """The same for one requirement on one device in every round."""
    return hashlib.sha256(f"{item}/{requirement}".encode()).hexdigest()[:32]


def _history_id(item: str, requirement: str) -> str:
    """By which Allure 3 finds a result of an earlier round: case and parameters, of which none is counted."""
    parts = (case_id(item, requirement), "")
    return ".".join(hashlib.md5(one.encode(), usedforsecurity=False).hexdigest() for one in parts)


def history(view: RunView, messages: Messages) -> str:
    """The line of the round before; "" in a first test."""
    return _line(view, view.first, messages) + "\n" if view.first else ""


def _line(view: RunView, first: FirstRound, messages: Messages) -> str:
    began = round(moment(first.started).timestamp() * 1000)
    results = {}
    for (requirement, device), finding in first.findings.items():
        item = first.items.get((requirement, device)) or f"{requirement}[{device}]"
        key = _history_id(item, requirement)
        row = view.catalogue.get(requirement)
        results[key] = {
            "id": str(uuid.uuid5(_NAMES, f"{first.run}/{item}/{requirement}")),
            "name": f"{messages.pick(row.title) if row else requirement} {device}".strip(),
            "fullName": item,
            "status": STATUS[finding.verdict],
            "message": f"{messages.verdict(finding.verdict)} {messages.reason(finding.reason)}".strip(),
            "start": began,
            "stop": began,
            "duration": 0,
            "labels": [],
            "url": "",
            "historyId": key,
            "reportLinks": [],
        }
    point = {
        "uuid": str(uuid.uuid5(_NAMES, f"{first.run}/{first.head}")),
        "name": f"{messages('round.first')} {first.run}" if first.number == 2 else first.run,  # noqa: PLR2004
        "timestamp": began,
        "knownTestCaseIds": [],
        "testResults": results,
        "metrics": {},
        "url": "",
    }
    return json.dumps(point, ensure_ascii=False)
