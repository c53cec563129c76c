# SPDX-License-Identifier: Apache-2.0
"""The conclusion that the findings allow, as a proposal; there is none while anything is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from yanshou.model import Finding, Verdict
from yanshou.reports.by_requirement import RequirementResult, Rests, by_requirement, rests_on
from yanshou.reports.messages import Messages
from yanshou.reports.round_tables import other_retests
from yanshou.reports.rounds import still_standing
from yanshou.reports.software import is_validated
from yanshou.reports.view import RunView
from yanshou.reports.wording import clause, title

_OPEN = frozenset({Verdict.NOT_TESTED, Verdict.INVALID, Verdict.UNJUDGED})
_EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class ProposedConclusion:
    """``text`` with its tone; ``open`` names what has no result, ``settle`` what stands before the issue.

    ``verdict`` is None as long as anything is open.
    """

    verdict: Verdict | None
    text: str
    tone: str
    open: tuple[str, ...]
    settle: tuple[str, ...]


def proposed(view: RunView, messages: Messages) -> ProposedConclusion:
    """What the findings allow to conclude about the requirements tested, by requirement as in the results."""
    results = by_requirement(view)
    still_open = [one for one in results if _has_open(one)]
    against = [one for one in results if any(row.finding.verdict.against for row in one.rows)]
    verdict, said, tone = _verdict(results, still_open, against, messages)
    if (first := view.first) is not None:
        verdict, said, tone = _with_first(verdict, said, tone, still_standing(view.rows, first), messages)
    if still_open and against:
        said += _gap(messages) + messages("proposed.against", n=len(against), named=_named(against, messages))
    return ProposedConclusion(
        verdict,
        said + (_gap(messages) + messages("proposed.untried") if view.emulated else ""),
        tone,
        tuple(_open_line(one, messages) for one in still_open),
        tuple(to_settle(view, messages)),
    )


def _with_first(
    verdict: Verdict | None, said: str, tone: str, standing: Sequence[Finding], messages: Messages
) -> tuple[Verdict | None, str, str]:
    """The proposal of a re-test: it never says more than the findings of the round before that stand."""
    weak = {
        what: len({one.requirement for one in standing if one.verdict is what})
        for what in (Verdict.UNJUDGED, Verdict.CONDITIONAL_CONFORM)
    }
    if weak[Verdict.UNJUDGED] and verdict is not None and not verdict.against:
        verdict, tone = None, "open"
        said = messages("proposed.first_open", n=weak[Verdict.UNJUDGED])
    elif weak[Verdict.CONDITIONAL_CONFORM] and verdict is Verdict.CONFORM:
        verdict, tone = Verdict.CONDITIONAL_CONFORM, "open"
        said = messages("proposed.first_conditional", n=weak[Verdict.CONDITIONAL_CONFORM])
    return verdict, said + _gap(messages) + messages("proposed.round"), tone


def _gap(messages: Messages) -> str:
    """What stands between two sentences."""
    return "" if messages.language == "zh" else " "


def _has_open(one: RequirementResult) -> bool:
    """Whether a device of it has no result: also where another device already does not conform."""
    return any(row.finding.verdict in _OPEN for row in one.rows)


def _verdict(
    results: Sequence[RequirementResult],
    still_open: Sequence[RequirementResult],
    against: Sequence[RequirementResult],
    messages: Messages,
) -> tuple[Verdict | None, str, str]:
    if not results:
        return None, messages("proposed.nothing"), "open"
    if still_open:
        return None, messages("proposed.open", n=len(still_open)), "open"
    if against:
        return Verdict.NON_CONFORM, messages("proposed.fail", n=len(against)), "bad"
    conditional = [one for one in results if _conditional(one)]
    if conditional:
        return Verdict.CONDITIONAL_CONFORM, messages("proposed.conditional", n=len(conditional)), "open"
    return Verdict.CONFORM, messages("proposed.pass"), "good"


def _conditional(one: RequirementResult) -> bool:
    return any(row.finding.verdict is Verdict.CONDITIONAL_CONFORM for row in one.rows)


def _named(results: Sequence[RequirementResult], messages: Messages) -> str:
    return messages("and").join(f"{one.number} {title(one.rows[0], messages)}" for one in results)


def _open_line(one: RequirementResult, messages: Messages) -> str:
    counted = Counter(row.finding.verdict for row in one.rows if row.finding.verdict in _OPEN)
    said = messages("comma").join(f"{messages.verdict(verdict)} {n}" for verdict, n in counted.items())
    return messages("open.line", no=one.number, title=title(one.rows[0], messages), counts=said)


def to_settle(view: RunView, messages: Messages) -> list[str]:
    """What the laboratory must settle before it issues the report."""
    results, said = by_requirement(view), []
    used = {clause(row): None for one in results for row in one.rows if Rests.PROVISIONAL in rests_on(row)}
    if used:
        said.append(messages("settle.provisional", clauses=messages("and").join(used)))
    first = [one.rows[0].finding for one in results]
    without = dict.fromkeys(one.standard for one in first if one.standard and not one.clause)
    if without:
        said.append(messages("settle.clauses", standards=messages("and").join(without)))
    said += _deviations(view, results, messages)
    for what in (Rests.SHORTENED, Rests.UNPROVEN, Rests.ESTIMATE):
        if lines := _lines(results, what, messages):
            said.append(messages(f"settle.{what}", lines=lines))
    said += other_retests(view, messages)
    if view.sessions and not is_validated(view):
        said.append(messages("settle.software"))
    return said


def _lines(results: Sequence[RequirementResult], what: Rests, messages: Messages) -> str:
    return messages("and").join(str(one.number) for one in results if what in one.rests_on)


def _deviations(view: RunView, results: Sequence[RequirementResult], messages: Messages) -> list[str]:
    """The deviations by number: those of single lines, and those that concern every result."""
    numbered = [(f"D{place}", one) for place, one in enumerate(view.deviations, 1)]
    everywhere = messages("and").join(name for name, one in numbered if _EVERYWHERE in one.items)
    single = messages("and").join(name for name, one in numbered if _EVERYWHERE not in one.items)
    lines = _lines(results, Rests.DEVIATION, messages)
    said = [messages("settle.everywhere", which=everywhere)] if everywhere else []
    return [*said, messages("settle.deviation", which=single, lines=lines)] if single and lines else said
