# SPDX-License-Identifier: Apache-2.0
"""What was sampled and tested by (检测依据), apart from what was judged against (判定依据)."""

from __future__ import annotations

from collections.abc import Iterable

from yanshou.model import Verdict
from yanshou.reports.messages import Messages
from yanshou.reports.view import RunView
from yanshou.reports.wording import NOTHING


def methods(view: RunView, messages: Messages) -> list[list[str]]:
    """Standards that rules of sampling name, with title and clauses."""
    found: dict[str, list[str]] = {}
    for record in view.plan.sampling:
        for rule in record.rule.split("; "):
            name, _, clause = rule.partition(" (")[0].rpartition(" ")
            if any(sign.isdigit() for sign in name):
                found.setdefault(name, []).append(clause)
    titles = _titles(view, messages)
    return [
        [name, titles.get(name, NOTHING), messages("sampled_by", clauses=_listed(clauses))]
        for name, clauses in sorted(found.items())
    ]


def judged(view: RunView, messages: Messages) -> list[list[str]]:
    """Standards whose rows were used, highest rank first: name, title, clauses and state."""
    standards: dict[tuple[int, str], tuple[set[str], set[bool]]] = {}
    for row in view.rows:
        if row.requirement and row.finding.verdict is not Verdict.NOT_APPLICABLE:
            key = (row.requirement.rank, row.finding.standard)
            clauses, in_force = standards.setdefault(key, (set(), set()))
            clauses.add(row.finding.clause)
            in_force.add(row.requirement.in_force)
    titles = _titles(view, messages)
    return [
        [
            name,
            titles.get(name, NOTHING),
            _listed(clauses),
            messages("in_force") if all(in_force) else messages("superseded"),
        ]
        for (_, name), (clauses, in_force) in sorted(standards.items())
    ]


def _titles(view: RunView, messages: Messages) -> dict[str, str]:
    """The title of each edition in the catalogue of the run, by name with edition."""
    named = {row.finding.requirement: row.finding.standard for row in view.rows}
    titles: dict[str, str] = {}
    for row in view.catalogue.values():
        if row.standard_title:
            name = named.get(row.id, f"{row.standard}-{row.edition}")
            titles.setdefault(name, messages.pick(row.standard_title))
    return titles


def _listed(clauses: Iterable[str]) -> str:
    return "；".join(sorted({clause for clause in clauses if clause}))
