# SPDX-License-Identifier: Apache-2.0
"""What each defect was expected to cause, what happened, and whether anything passed that must not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from yanshou.cli.selftest.cases import Defect
from yanshou.metrology import SHORTENED, UNPROVEN
from yanshou.model import Finding, Obligation, Verdict

_HEALTHY = "none"
SEEN = frozenset({Verdict.NON_CONFORM.value, Verdict.ADVICE_NOT_FOLLOWED.value})
"""The verdicts that say that a defect was seen."""


@dataclass(frozen=True, slots=True)
class Lightest:
    """For one kind of defect, planted in several severities: the lightest one found, and those missed."""

    requirement: str
    defect: str
    severities: tuple[str, ...]  # as planted, the gravest first
    caught: str
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelftestCase:
    """One requirement under one defect; ``because`` is a text that the reason of the finding must contain."""

    requirement: str
    device: str
    defect: str
    severity: str
    expected: str
    got: str
    order: int = 0  # of the defect in its file
    reason: str = ""
    because: str = ""

    @property
    def right(self) -> bool:
        """Whether the result is as expected, for the expected reason."""
        return self.expected == self.got and self.because in self.reason

    def as_json(self) -> dict[str, Any]:
        """The case as ``--json`` gives it."""
        return {key: value for key, value in asdict(self).items() if key != "because"}


@dataclass(slots=True)
class Matrix:
    """All cases."""

    cases: list[SelftestCase] = field(default_factory=list)

    @property
    def false_pass(self) -> int:
        """Defects that were not found."""
        return sum(_passed(case) for case in self.cases)

    @property
    def false_fail(self) -> int:
        """Requirements that failed, or were not judged, on a healthy device."""
        return sum(not case.right and not _passed(case) for case in self.cases)

    @property
    def lightest(self) -> list[Lightest]:
        """For each requirement and kind of defect in ordered severities: the lightest found."""
        graded: dict[tuple[str, str], dict[str, bool]] = {}
        for case in sorted(self.cases, key=lambda one: one.order):
            if case.severity and case.expected in SEEN:
                graded.setdefault((case.requirement, case.defect), {})[case.severity] = case.right
        return [
            Lightest(
                requirement,
                defect,
                tuple(found),
                next((one for one in reversed(found) if found[one]), ""),
                tuple(one for one, right in found.items() if not right),
            )
            for (requirement, defect), found in graded.items()
            if len(found) > 1 and _one_way(found)
        ]

    def answer(self) -> dict[str, Any]:
        """The answer of ``selftest --json``."""
        tested = {case.requirement for case in self.cases if case.expected in SEEN}
        return {
            "cases": [
                {key: value for key, value in asdict(case).items() if key != "because"} for case in self.cases
            ],
            "false_pass": self.false_pass,
            "false_fail": self.false_fail,
            "requirements_tested": len(tested),
            "lightest": [asdict(one) for one in self.lightest],
        }


def _one_way(severities: Iterable[str]) -> bool:
    """Whether the severities are numbers that only rise or only fall."""
    try:
        values = [float(one) for one in severities]
    except ValueError:
        return False
    return values in (sorted(values), sorted(values, reverse=True))


def _passed(case: SelftestCase) -> bool:
    """Whether it is a false pass: a defect not found, or judged sound instead of invalid or untested."""
    if case.expected in {Verdict.INVALID, Verdict.NOT_TESTED}:
        return case.got in {Verdict.CONFORM, Verdict.CONDITIONAL_CONFORM, Verdict.UNJUDGED}
    return case.expected in SEEN and not case.right


def judge_healthy(findings: Iterable[Finding], never: Collection[str] = ()) -> list[SelftestCase]:
    """On the healthy site every finding but those ``never`` judged must conform; one case per finding."""
    return [
        SelftestCase(
            one.requirement,
            one.device,
            _HEALTHY,
            "",
            _sound(one, never).value,
            one.verdict.value,
            reason=one.reason,
        )
        for one in findings
        if one.verdict is not Verdict.NOT_APPLICABLE
    ]


def _sound(finding: Finding, never: Collection[str]) -> Verdict:
    """The verdict of a sound device: unjudged without a number, conditional after a short watch."""
    if finding.requirement in never:
        return Verdict.INVALID
    # an example watches for less time than a laboratory; a drawn sequence or a small view proves no size
    expected = SHORTENED in finding.reason or UNPROVEN in finding.reason
    if finding.verdict is Verdict.CONDITIONAL_CONFORM and expected:
        return Verdict.CONDITIONAL_CONFORM
    measured = finding.measurement and not finding.limit
    return Verdict.UNJUDGED if measured else Verdict.CONFORM


def _against(finding: Finding | None) -> Verdict:
    """Return the verdict against a defect; under a clause that only advises it is no non-conformity."""
    advice = finding is not None and finding.obligation is Obligation.ADVICE
    return Verdict.ADVICE_NOT_FOLLOWED if advice else Verdict.NON_CONFORM


def judge_defects(
    defects: Sequence[Defect], findings: Sequence[Finding], never: Collection[str] = ()
) -> list[SelftestCase]:
    """Compare each defect with the findings on its device: what must fail, and what must not."""
    cases = []
    for defect in defects:
        mine = {one.requirement: one for one in findings if one.device == defect.tested}
        here = [one for one in defects if one.tested == defect.tested]
        excused = {name for one in here for name in (*one.named, *one.also)}
        named = (*defect.named, *(_all_of(mine, excused) if defect.nothing_tested else ()))
        for requirement in (*named, *sorted(mine.keys() - excused - set(named))):
            found = mine.get(requirement)
            expected = _expected(defect, requirement, found, never)
            # what is not even in the plan is not applicable: nobody has left it untested
            got = found.verdict if found else Verdict.NOT_APPLICABLE
            if got is not Verdict.NOT_APPLICABLE or requirement in named:
                cases.append(
                    SelftestCase(
                        requirement,
                        defect.tested,
                        defect.kind,
                        "" if defect.value is None else str(defect.value),
                        expected.value,
                        got.value,
                        defect.order,
                        found.reason if found else "",
                        defect.reason if expected is Verdict.NOT_TESTED else "",
                    )
                )
    return cases


def _all_of(mine: Mapping[str, Finding], excused: Collection[str]) -> list[str]:
    """Every requirement of a device of which nothing can be said; without any, one missing case."""
    asked = [name for name, one in mine.items() if one.verdict is not Verdict.NOT_APPLICABLE]
    return sorted(set(asked) - set(excused)) or [_HEALTHY]


def _expected(defect: Defect, requirement: str, found: Finding | None, never: Collection[str]) -> Verdict:
    if requirement in defect.expect:
        return _against(found)
    if requirement in defect.invalid:
        return Verdict.INVALID
    if found is None or requirement in defect.untested or defect.nothing_tested:
        return Verdict.NOT_TESTED
    return _sound(found, never)
