# SPDX-License-Identifier: Apache-2.0
"""Makes the check sheet of a finished report."""

from __future__ import annotations

from yanshou.model import Requirement, System, Text
from yanshou.reports.messages import Messages
from yanshou.reports.self_check.checks import CHECKS
from yanshou.reports.self_check.printed import Printed
from yanshou.reports.self_check.records import CheckLine, Part, Subject, by_hand
from yanshou.reports.view import RunView


def check_sheet(view: RunView, pdf: bytes, language: str = "zh") -> tuple[CheckLine, ...]:
    """Hold the printed report against every rule of the laboratory in the catalogue of the run.

    A rule the software has no check for is left to the laboratory by name; it is never taken as met.
    """
    subject = Subject(view, Printed(pdf), Messages(language))
    rules = [row for row in view.catalogue.values() if row.system == System.LABORATORY and _here(row, view)]
    return tuple(CheckLine(rule, _parts(rule.measurand, rule.asks, subject)) for rule in rules)


def _parts(measurand: str, asks: Text, subject: Subject) -> tuple[Part, ...]:
    check = CHECKS.get(measurand)
    return check(subject) if check else (by_hand(asks.zh, asks.en),)


def _here(rule: Requirement, view: RunView) -> bool:
    """Whether a rule of one province is asked for at a site there."""
    province = str(rule.applies.get("province", ""))
    return str(view.site.attributes.get("province", "")).startswith(province)
