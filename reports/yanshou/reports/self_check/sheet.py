# SPDX-License-Identifier: Apache-2.0
"""Makes the check sheet of a finished report."""

from __future__ import annotations

from yanshou.model import Requirement, Text
from yanshou.reports.messages import Messages
from yanshou.reports.self_check.checks import CHECKS
from yanshou.reports.self_check.printed import Printed
from yanshou.reports.self_check.records import CheckedReport, CheckLine, CheckPart, by_hand
from yanshou.reports.self_check.rows import printed_requirements, printed_rows
from yanshou.reports.view import RunView


def check_sheet(view: RunView, pdf: bytes, language: str = "zh") -> tuple[CheckLine, ...]:
    """Check the printed report against every rule of the laboratory in the catalogue of the run.

    A rule without a check is left to the laboratory by name and never counts as met.
    """
    printed, messages = Printed(pdf), Messages(language)
    rows, lines = printed_rows(view, printed, messages), printed_requirements(view, printed, messages)
    subject = CheckedReport(view, printed, messages, rows, lines)
    ours = (row for row in view.catalogue.values() if row.binds_laboratory)
    rules = sorted((row for row in ours if _here(row, view)), key=lambda row: row.id)
    return tuple(CheckLine(rule, _parts(rule.measurand, rule.asks, subject)) for rule in rules)


def _parts(measurand: str, asks: Text, subject: CheckedReport) -> tuple[CheckPart, ...]:
    check = CHECKS.get(measurand)
    return check(subject) if check else (by_hand(asks.zh, asks.en),)


def _here(rule: Requirement, view: RunView) -> bool:
    """Whether a rule of one province applies to a site."""
    province = str(rule.applies.get("province", ""))
    return str(view.site.attributes.get("province", "")).startswith(province)
