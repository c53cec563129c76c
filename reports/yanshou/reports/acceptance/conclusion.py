# SPDX-License-Identifier: Apache-2.0
"""What a group's tables and an inspection together allow to conclude.

K of a part is (lines passed + 0.6 lines basically passed) / lines that are not absent. Every K ≥ 0.8: passed;
every K ≥ 0.6: basically passed; else, or where a starred technical line failed: not passed. The formula stood
in GB 50348-2004, 8.3 and 8.4; whether GB 50348-2018 keeps it is not confirmed, so whatever rests on it is
marked as not confirmed (依据待核). An inspection that found a non-conformity was not passed, and then no
acceptance is held (regulation of Inner Mongolia of 2007, Art. 13).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from yanshou.model import Obligation, Text, Verdict
from yanshou.model.acceptance import (
    AcceptanceMeeting,
    AcceptancePart,
    AcceptanceTerm,
    LineResult,
)
from yanshou.reports.records import ReportRow
from yanshou.reports.view import RunView

PASSED_K, BASIC_K = Fraction(4, 5), Fraction(3, 5)
_WEIGHTS = {LineResult.PASSED: Fraction(1), LineResult.BASIC: Fraction(3, 5), LineResult.FAILED: Fraction(0)}
LEAST_SHARE = Fraction(1, 2)

PARTS = {
    AcceptancePart.CONSTRUCTION: Text("施工验收", "construction"),
    AcceptancePart.TECHNICAL: Text("技术验收", "technical"),
    AcceptancePart.DOCUMENT: Text("资料审查", "documents"),
}


@dataclass(frozen=True, slots=True)
class PartScore:
    """One table counted: lines by result, and K; None as long as no line counts."""

    part: AcceptancePart
    counts: dict[LineResult, int]
    k: Fraction | None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """``proposed`` is None as long as anything is ``open``; ``against`` says what speaks against a pass.

    ``expert_share`` is that of the members without an interest; ``group_wrong`` and ``wording_wrong`` say
    what GB 50348-2018, 10.1.4 and 10.1.5, ask of the group and do not find.
    """

    scores: tuple[PartScore, ...]
    open: tuple[Text, ...]
    against: tuple[Text, ...]
    proposed: AcceptanceTerm | None
    expert_share: Fraction | None
    group_wrong: tuple[Text, ...]
    wording_wrong: tuple[Text, ...]


def conclude(meeting: AcceptanceMeeting, view: RunView) -> Conclusion:
    """What can be concluded of the group's tables and the inspection in the run."""
    scores = tuple(_score(meeting, part) for part in AcceptancePart)
    still_open = (*_open_items(view), *_open_lines(meeting, scores))
    against = (*_failed_items(view), *_failed_lines(meeting))
    proposed = None if still_open else _proposed(scores, failed=bool(against))
    voting = [member for member in meeting.members if not member.interest]
    share = Fraction(sum(member.expert for member in voting), len(voting)) if voting else None
    return Conclusion(
        scores,
        still_open,
        against,
        proposed,
        share,
        tuple(_group_wrong(meeting, share)),
        tuple(_wording_wrong(meeting, proposed)),
    )


def _score(meeting: AcceptanceMeeting, part: AcceptancePart) -> PartScore:
    found = [line.result for line in meeting.of(part) if line.result is not None]
    counts = {result: found.count(result) for result in LineResult}
    checked = sum(counts[result] for result in _WEIGHTS)
    total = sum((_WEIGHTS[result] * counts[result] for result in _WEIGHTS), Fraction(0))
    return PartScore(part, counts, total / checked if checked else None)


def _proposed(scores: tuple[PartScore, ...], *, failed: bool) -> AcceptanceTerm:
    reached = min(score.k or Fraction(0) for score in scores)
    if failed or reached < BASIC_K:
        return AcceptanceTerm.FAILED
    return AcceptanceTerm.PASSED if reached >= PASSED_K else AcceptanceTerm.BASIC


def _open_items(view: RunView) -> Iterator[Text]:
    """Clauses of the inspection without a result, each once with its devices."""
    for clause, devices in _by_clause(view, Verdict.NOT_TESTED, Verdict.INVALID):
        yield Text(f"检测未完成：{clause.zh}（{devices}）", f"not tested: {clause.en} ({devices})")


def _failed_items(view: RunView) -> Iterator[Text]:
    against = [verdict for verdict in Verdict if verdict.against]
    for clause, devices in _by_clause(view, *against):
        yield Text(
            f"检测不合格：{clause.zh}（{devices}）；条例第十三条：检测通过后方可组织验收",
            f"does not conform: {clause.en} ({devices}); Art. 13: an inspection is passed first",
        )


def _by_clause(view: RunView, *verdicts: Verdict) -> Iterator[tuple[Text, str]]:
    """The clauses with one of the verdicts, each once with its devices; advice is left out."""
    found: dict[str, list[ReportRow]] = {}
    for row in view.of(*verdicts):
        if row.finding.obligation is not Obligation.ADVICE:
            found.setdefault(row.finding.requirement, []).append(row)
    for rows in found.values():
        place = f"{rows[0].finding.standard} {rows[0].finding.clause}".strip()
        title = rows[0].requirement.title if rows[0].requirement else Text("", "")
        devices = ", ".join(dict.fromkeys(row.finding.device for row in rows))
        yield Text(f"{title.zh} {place}".strip(), f"{title.en} {place}".strip()), devices


def _open_lines(meeting: AcceptanceMeeting, scores: tuple[PartScore, ...]) -> Iterator[Text]:
    for score in scores:
        part = PARTS[score.part]
        undecided = [line.text for line in meeting.of(score.part) if line.result is None]
        if undecided:
            text = "；".join(undecided)
            yield Text(f"{part.zh}未填写结果：{text}", f"{part.en}: no result yet: {text}")
        elif score.k is None:
            yield Text(f"{part.zh}没有验收项目", f"{part.en}: no line was checked")


def _failed_lines(meeting: AcceptanceMeeting) -> Iterator[Text]:
    """Starred lines of the technical table that failed: not passed, whatever K is."""
    for line in meeting.of(AcceptancePart.TECHNICAL):
        if line.starred and line.result is LineResult.FAILED:
            yield Text(
                f"技术验收重要项目（*）不合格：{line.text}", f"starred technical line failed: {line.text}"
            )


def _group_wrong(meeting: AcceptanceMeeting, share: Fraction | None) -> Iterator[Text]:
    for member in meeting.members:
        if member.interest:
            yield Text(
                f"{member.name} 与工程有利害关系，应回避",
                f"{member.name} has an interest and must stand aside",
            )
    if share is None:
        yield Text("未列出验收组成员", "the group has no members")
    elif share < LEAST_SHARE:
        yield Text(
            f"技术专家占 {float(share):.0%}，不足一半", f"experts are {float(share):.0%}, less than half"
        )
    missing = [PARTS[part] for part in AcceptancePart if all(one.part is not part for one in meeting.members)]
    if share is not None and missing:
        yield Text(
            f"没有成员：{'、'.join(one.zh for one in missing)}",
            f"nobody for: {', '.join(one.en for one in missing)}",
        )


def _wording_wrong(meeting: AcceptanceMeeting, proposed: AcceptanceTerm | None) -> Iterator[Text]:
    given = meeting.conclusion
    if given is None:
        yield Text("验收组尚未给出结论", "the group has not concluded yet")
        return
    if given is not AcceptanceTerm.PASSED and not meeting.problems:
        yield Text(
            "结论不是“通过”，但未写明问题与整改", "not passed outright, and no problem or correction is named"
        )
    terms = list(AcceptanceTerm)
    if proposed is None and given is not AcceptanceTerm.FAILED:
        yield Text("尚有未决事项，不能得出此结论", "this conclusion was given while matters are open")
    elif proposed is not None and terms.index(given) < terms.index(proposed):
        yield Text(
            "验收组结论好于由结果得出的结论", "the group's conclusion is better than the results allow"
        )
