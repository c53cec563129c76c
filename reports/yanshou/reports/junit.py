# SPDX-License-Identifier: Apache-2.0
"""junit.xml for CI: a testsuite per system, a testcase per finding.

Only ``conform`` passes silently; a conditional conformity passes with an explanation in ``system-out``; not
judged, not tested and not applicable are skipped; invalid and rig fault are errors.
"""

from __future__ import annotations

import re

from lxml import etree

from yanshou.model import Verdict
from yanshou.reports.issued import issue_short
from yanshou.reports.messages import Messages
from yanshou.reports.naming import zone_name
from yanshou.reports.records import ReportRow
from yanshou.reports.view import RunView, system_order
from yanshou.reports.wording import clause, item_title, reason, requires, result

_SKIPPED = (Verdict.NOT_TESTED, Verdict.NOT_APPLICABLE, Verdict.UNJUDGED)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(view: RunView, language: str = "zh") -> bytes:
    """The bytes of the file; test names are ASCII ids, titles are in the properties."""
    messages = Messages(language)
    root = etree.Element("testsuites", name=_clean(f"yanshou {view.run}"))
    for system in system_order(view):
        _suite(root, view, system or "other", [row for row in view.rows if row.system == system], messages)
    _count(root, view.rows)
    tree: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return tree


def _suite(
    root: etree._Element, view: RunView, system: str, rows: list[ReportRow], messages: Messages
) -> None:
    stamp = view.local(view.started).replace(tzinfo=None).isoformat(timespec="seconds")
    suite = etree.SubElement(root, "testsuite", name=f"yanshou.{system}", timestamp=stamp)
    _count(suite, rows)
    facts = {"site": view.site.id, "run": view.run, "emulated": str(view.emulated).lower()}
    facts |= {"zone": zone_name(view, messages), "issue": issue_short(view, messages)}
    _properties(suite, facts | {"plan_sha256": view.plan_sha256})
    seen: set[str] = set()
    for row in rows:
        _case(suite, view, row, messages, seen)


def _count(element: etree._Element, rows: tuple[ReportRow, ...] | list[ReportRow]) -> None:
    kinds = [_kind(row) for row in rows]
    element.set("tests", str(len(kinds)))
    for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(kinds.count(kind)))
    element.set("time", f"{sum(_seconds(row) for row in rows):.3f}")


def _kind(row: ReportRow) -> str:
    verdict = row.finding.verdict
    if verdict.against:
        return "failure"
    if verdict is Verdict.INVALID or row.rig_fault:
        return "error"
    return "skipped" if verdict in _SKIPPED else ""


def _seconds(row: ReportRow) -> float:
    """The seconds of the item, divided among the requirements its measurement was judged by."""
    spent = sum(attempt.seconds or 0.0 for attempt in row.attempts)
    judged = {finding.requirement for attempt in row.attempts for finding in attempt.findings}
    return spent / max(len(judged), 1)


def _case(suite: etree._Element, view: RunView, row: ReportRow, messages: Messages, seen: set[str]) -> None:
    finding = row.finding
    name = f"{finding.requirement}[{finding.device}]" if finding.device else finding.requirement
    name = f"{name}#{row.item}" if name in seen else name
    seen.add(name)
    owner = f"yanshou.{row.system or 'other'}.{finding.measurand or 'none'}"
    case = etree.SubElement(
        suite, "testcase", classname=_clean(owner), name=_clean(name), time=f"{_seconds(row):.3f}"
    )
    _properties(case, _facts(view, row, messages))
    _outcome(case, view, row, messages)


def _facts(view: RunView, row: ReportRow, messages: Messages) -> dict[str, str]:
    finding = row.finding
    facts = {
        "title": item_title(view, row, messages),
        "verdict": finding.verdict.value,
        "clause": clause(row),
        "limit": finding.limit,
        "limit_status": finding.limit_status,
        "decision_rule": finding.decision_rule,
        "value": "" if finding.value is None else repr(finding.value),
        "unit": finding.unit,
        "U": "" if finding.U is None else repr(finding.U),
        "k": "" if finding.k is None else repr(finding.k),
        "attempts": str(len(row.attempts)),
        "first_verdict": row.first.verdict.value if row.first else "",
    }
    return {key: value for key, value in facts.items() if value}


def _outcome(case: etree._Element, view: RunView, row: ReportRow, messages: Messages) -> None:
    verdict, kind = row.finding.verdict, _kind(row)
    why = reason(row, messages)
    if kind:
        message = "：".join(part for part in (messages.verdict(verdict), why) if part)
        element = etree.SubElement(case, kind, message=_clean(message))
        if kind != "skipped":
            element.set("type", "RigFault" if row.rig_fault else verdict.value)
            lines = (
                item_title(view, row, messages),
                result(row, messages),
                requires(row, messages),
                clause(row),
            )
            element.text = _clean("  ".join(lines))
    elif verdict is not Verdict.CONFORM:
        etree.SubElement(case, "system-out").text = _clean(f"{messages.verdict(verdict)}：{why}")


def _properties(element: etree._Element, facts: dict[str, str]) -> None:
    holder = etree.SubElement(element, "properties")
    for name, value in facts.items():
        etree.SubElement(holder, "property", name=name, value=_clean(value))


def _clean(text: str) -> str:
    """The text without characters that XML 1.0 cannot contain, such as control characters of a device."""
    return _FORBIDDEN.sub("\ufffd", text)
