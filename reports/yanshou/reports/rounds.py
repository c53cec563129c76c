# SPDX-License-Identifier: Apache-2.0
"""The rounds of a test: what the first run found, what was mended, and what the re-test found.

``first.json`` of a re-test is what the first run found, frozen with the plan. The first verdict is never
hidden: each row of the re-test carries it, and what had not conformed, or had no result, and has no row in
the re-test gets one: not tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from yanshou.model import Finding, UsageError, Verdict
from yanshou.reports.events import finding_of
from yanshou.reports.frozen import read_json
from yanshou.reports.journal import Event
from yanshou.reports.records import ReportRow

SCHEMA = "yanshou-first/1"
FILE = "first.json"
LEFT_OUT = "首次检测未合格或无结论，复检未列入 / left out of the re-test"
NO_OBJECT = "首次检测不合格，复检时无检测对象 / did not conform in the first run, and had no object now"
_OPEN = frozenset({Verdict.NOT_TESTED, Verdict.INVALID})
Key = tuple[str, str]
"""Requirement and device."""


@dataclass(frozen=True, slots=True)
class FirstRound:
    """The run before this one: its name, the head of its journal, its findings, what changed at the site.

    ``number`` is the round of *this* run: 2 for the first re-test.
    """

    number: int
    run: str
    head: str
    started: str
    report_no: str
    findings: Mapping[Key, Finding]
    items: Mapping[Key, str]
    changes: tuple[Mapping[str, Any], ...] = ()
    others: tuple[Mapping[str, Any], ...] = ()  # other re-tests of the same run: run, started

    @property
    def repeated(self) -> tuple[Finding, ...]:
        """The findings that asked for the re-test: what did not conform, and what had no result."""
        found = self.findings.values()
        return tuple(one for one in found if one.verdict.against or one.verdict in _OPEN)


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done about a non-conformity: what, by whom, when (ISO date); ``photo`` is a SHA-256 or ""."""

    requirement: str
    device: str
    what: str
    person: str
    on: str
    photo: str = ""


def first_round(run: Path, opened: Mapping[str, Any]) -> FirstRound | None:
    """The round before this one; None in a first test. UsageError if the file and the journal differ."""
    link = opened.get("retest_of")
    path = run / FILE
    if not link and not path.exists():
        return None
    content = read_json(path)
    if not isinstance(link, Mapping) or content.get("schema") != SCHEMA or content["head"] != link["head"]:
        raise UsageError(
            "is not what the first line of the journal names.",
            "Run `yanshou verify` on the folder.",
            path=path,
        )
    findings: dict[Key, Finding] = {}
    items: dict[Key, str] = {}
    for entry in content["results"]["findings"]:
        found = finding_of(entry | {"acceptance": entry.get("acceptance_limit")})
        key = (found.requirement, found.device)
        if key not in findings or found.verdict.severity > findings[key].verdict.severity:
            findings[key], items[key] = found, str(entry.get("item") or "")
    return FirstRound(
        number=int(link["round"]),
        run=str(link["run"]),
        head=str(link["head"]),
        started=str(link["started"]),
        report_no=str(link.get("report_no") or ""),
        findings=findings,
        items=items,
        changes=tuple(link.get("changes") or ()),
        others=tuple(link.get("others") or ()),
    )


def with_first(rows: Sequence[ReportRow], first: FirstRound | None) -> tuple[ReportRow, ...]:
    """The rows of a re-test, each with the first finding of its requirement and device."""
    if first is None:
        return tuple(rows)
    made = [_with_first(row, first) for row in rows]
    found = {(row.finding.requirement, row.finding.device) for row in made}
    whole = {name for name, device in found if not device and (name, "") not in first.findings}
    open_as_a_whole = {
        row.finding.requirement
        for row in made
        if row.finding.requirement in whole and row.finding.verdict in _OPEN
    }
    missing = [
        one
        for one in first.repeated
        if (one.requirement, one.device) not in found and one.requirement not in open_as_a_whole
    ]
    return (*made, *(_left_out(one, rows) for one in missing))


def _with_first(row: ReportRow, first: FirstRound) -> ReportRow:
    """The row with its first finding; what had failed is not settled by being called not applicable."""
    before = first.findings.get((row.finding.requirement, row.finding.device))
    if before and before.verdict.against and row.finding.verdict is Verdict.NOT_APPLICABLE:
        reason = "; ".join(one for one in (row.finding.reason, NO_OBJECT) if one)
        row = replace(row, finding=replace(row.finding, verdict=Verdict.NOT_TESTED, reason=reason))
    if before and before.verdict.against and row.finding.verdict is Verdict.CONFORM:
        row = replace(row, finding=_under_other_facts(row.finding, first.changes))
    return replace(row, first=before)


def _under_other_facts(finding: Finding, changes: Sequence[Mapping[str, Any]]) -> Finding:
    """The finding of what had failed; conditional where the site file states other facts than before.

    An attribute or a setting chooses what is asked and how long is watched: that it was changed, and not the
    system, may be why it conforms now. A corrected address, name or model is no such fact.
    """
    heads = ("attributes.", "plan.", f"devices.{finding.device}.attributes.")
    named = [str(one["what"]) for one in changes if one.get("rests") and str(one["what"]).startswith(heads)]
    if not named:
        return finding
    said = "、".join(named)
    remark = f"上一轮不合格，其后现场文件更改了 {said} / the site file was changed since it did not conform"
    reason = "; ".join(one for one in (finding.reason, remark) if one)
    return replace(finding, verdict=Verdict.CONDITIONAL_CONFORM, reason=reason)


def _left_out(one: Finding, rows: Sequence[ReportRow]) -> ReportRow:
    alike = next((row for row in rows if row.finding.requirement == one.requirement), None)
    no_value: dict[str, Any] = {
        "value": None,
        "U": None,
        "k": None,
        "n": 0,
        "measurement": "",
        "evidence": (),
    }
    finding = replace(one, verdict=Verdict.NOT_TESTED, reason=LEFT_OUT, **no_value)
    row = alike.requirement if alike else None
    return ReportRow("", row.system if row else "", finding, row, None, made=True, first=one)


def still_standing(rows: Sequence[ReportRow], first: FirstRound | None) -> tuple[Finding, ...]:
    """The findings of the round before that the re-test did not repeat, so that they stand as they were."""
    if first is None:
        return ()
    again = {(row.finding.requirement, row.finding.device) for row in rows}
    repeated = {(one.requirement, one.device) for one in first.repeated}
    return tuple(one for key, one in first.findings.items() if key not in again | repeated)


def mended_of(events: Iterable[Event]) -> tuple[Mended, ...]:
    """The last list of what was mended, in the order of the journal; a later list takes the place of one."""
    listed = [event for event in events if event["kind"] == "rectified"]
    names = ("requirement", "device", "what", "person", "on", "photo")
    entries = listed[-1]["entries"] if listed else ()
    return tuple(Mended(**{name: str(one.get(name) or "") for name in names}) for one in entries)
