# SPDX-License-Identifier: Apache-2.0
"""The conclusion that the findings allow, as a proposal; there is none while anything is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from yanshou.model import Finding, Verdict
from yanshou.reports.by_requirement import RequirementResult, Rests, by_requirement, rests_on
from yanshou.reports.messages import Messages
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


def proposed(view: RunView, words: Messages) -> ProposedConclusion:
    """What the findings allow to conclude about the requirements tested, by requirement as in the results."""
    results = by_requirement(view)
    still_open = [one for one in results if _has_open(one)]
    against = [one for one in results if any(row.finding.verdict.against for row in one.rows)]
    verdict, said, tone = _verdict(results, still_open, against, words)
    if (first := view.first) is not None:
        verdict, said, tone = _with_first(verdict, said, tone, still_standing(view.rows, first), words)
    if still_open and against:
        said += words("proposed.against", n=len(against), named=_named(against, words))
    return ProposedConclusion(
        verdict,
        said + (words("proposed.untried") if view.emulated else ""),
        tone,
        tuple(_open_line(one, words) for one in still_open),
        tuple(to_settle(view, words)),
    )


def _with_first(
    verdict: Verdict | None, said: str, tone: str, standing: Sequence[Finding], words: Messages
) -> tuple[Verdict | None, str, str]:
    """The proposal of a re-test: it never says more than the findings of the round before that stand."""
    weak = {
        what: len({one.requirement for one in standing if one.verdict is what})
        for what in (Verdict.UNJUDGED, Verdict.CONDITIONAL_CONFORM)
    }
    if weak[Verdict.UNJUDGED] and verdict is not None and not verdict.against:
        verdict, tone = None, "open"
        said = words("proposed.first_open", n=weak[Verdict.UNJUDGED])
    elif weak[Verdict.CONDITIONAL_CONFORM] and verdict is Verdict.CONFORM:
        verdict, tone = Verdict.CONDITIONAL_CONFORM, "open"
        said = words("proposed.first_conditional", n=weak[Verdict.CONDITIONAL_CONFORM])
    return verdict, said + words("proposed.round"), tone


def _has_open(one: RequirementResult) -> bool:
    """Whether a device of it has no result: also where another device already does not conform."""
    return any(row.finding.verdict in _OPEN for row in one.rows)


def _verdict(
    results: Sequence[RequirementResult],
    still_open: Sequence[RequirementResult],
    against: Sequence[RequirementResult],
    words: Messages,
) -> tuple[Verdict | None, str, str]:
    if not results:
        return None, words("proposed.nothing"), "open"
    if still_open:
        return None, words("proposed.open", n=len(still_open)), "open"
    if against:
        return Verdict.NON_CONFORM, words("proposed.fail", n=len(against)), "bad"
    conditional = [one for one in results if _conditional(one)]
    if conditional:
        return Verdict.CONDITIONAL_CONFORM, words("proposed.conditional", n=len(conditional)), "open"
    return Verdict.CONFORM, words("proposed.pass"), "good"


def _conditional(one: RequirementResult) -> bool:
    return any(row.finding.verdict is Verdict.CONDITIONAL_CONFORM for row in one.rows)


def _named(results: Sequence[RequirementResult], words: Messages) -> str:
    return words("and").join(f"{one.number} {title(one.rows[0], words)}" for one in results)


def _open_line(one: RequirementResult, words: Messages) -> str:
    counted = Counter(row.finding.verdict for row in one.rows if row.finding.verdict in _OPEN)
    said = words("comma").join(f"{words.verdict(verdict)} {n}" for verdict, n in counted.items())
    return words("open.line", no=one.number, title=title(one.rows[0], words), counts=said)


def to_settle(view: RunView, words: Messages) -> list[str]:
    """What the laboratory must settle before it issues the report."""
    results, said = by_requirement(view), []
    used = {clause(row): None for one in results for row in one.rows if Rests.PROVISIONAL in rests_on(row)}
    if used:
        said.append(words("settle.provisional", clauses=words("and").join(used)))
    first = [one.rows[0].finding for one in results]
    without = dict.fromkeys(one.standard for one in first if one.standard and not one.clause)
    if without:
        said.append(words("settle.clauses", standards=words("and").join(without)))
    said += _deviations(view, results, words)
    for what in (Rests.SHORTENED, Rests.UNPROVEN, Rests.ESTIMATE):
        if lines := _lines(results, what, words):
            said.append(words(f"settle.{what}", lines=lines))
    if view.sessions and not is_validated(view):
        said.append(words("settle.software"))
    return said


def _lines(results: Sequence[RequirementResult], what: Rests, words: Messages) -> str:
    return words("and").join(str(one.number) for one in results if what in one.rests_on)


def _deviations(view: RunView, results: Sequence[RequirementResult], words: Messages) -> list[str]:
    """The deviations by number: those of single lines, and those that concern every result."""
    numbered = [(f"D{place}", one) for place, one in enumerate(view.deviations, 1)]
    everywhere = words("and").join(name for name, one in numbered if _EVERYWHERE in one.items)
    single = words("and").join(name for name, one in numbered if _EVERYWHERE not in one.items)
    lines = _lines(results, Rests.DEVIATION, words)
    said = [words("settle.everywhere", which=everywhere)] if everywhere else []
    return [*said, words("settle.deviation", which=single, lines=lines)] if single and lines else said
