# SPDX-License-Identifier: Apache-2.0
"""What was expected of each defect, what came, and whether anything passed that must not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from yanshou.cli.selftest.cases import Defect
from yanshou.model import Finding, Verdict

_HEALTHY = "none"


@dataclass(frozen=True, slots=True)
class Case:
    """One requirement under one defect."""

    requirement: str
    device: str
    defect: str
    severity: str
    expected: str
    got: str

    @property
    def right(self) -> bool:
        """Whether it came as expected."""
        return self.expected == self.got


@dataclass(slots=True)
class Matrix:
    """All cases."""

    cases: list[Case] = field(default_factory=list)

    @property
    def false_pass(self) -> int:
        """Defects that were not found: the worst there is."""
        return sum(case.expected == Verdict.NON_CONFORM and not case.right for case in self.cases)

    @property
    def false_fail(self) -> int:
        """Healthy requirements that were failed, or not judged."""
        return sum(case.expected != Verdict.NON_CONFORM and not case.right for case in self.cases)

    def answer(self) -> dict[str, Any]:
        """The answer of ``selftest --json``."""
        tested = {case.requirement for case in self.cases if case.expected == Verdict.NON_CONFORM}
        return {
            "cases": [asdict(case) for case in self.cases],
            "false_pass": self.false_pass,
            "false_fail": self.false_fail,
            "requirements_tested": len(tested),
        }


def judge_healthy(findings: Iterable[Finding]) -> list[Case]:
    """On the healthy site every finding conforms; one case per finding."""
    return [
        Case(one.requirement, one.device, _HEALTHY, "", Verdict.CONFORM.value, one.verdict.value)
        for one in findings
        if one.verdict is not Verdict.NOT_APPLICABLE
    ]


def judge_defects(defects: Sequence[Defect], findings: Sequence[Finding]) -> list[Case]:
    """Each defect against the findings on its device: what must fail, and what must not."""
    cases = []
    for defect in defects:
        on_it = {one.requirement: one.verdict for one in findings if one.device == defect.device}
        here = [one for one in defects if one.device == defect.device]
        excused = {requirement for one in here for requirement in (*one.expect, *one.also)}
        for requirement in (*defect.expect, *sorted(on_it.keys() - excused)):
            got = on_it.get(requirement, Verdict.NOT_TESTED)
            expected = Verdict.NON_CONFORM if requirement in defect.expect else Verdict.CONFORM
            if got is not Verdict.NOT_APPLICABLE or expected is Verdict.NON_CONFORM:
                severity = "" if defect.value is None else str(defect.value)
                cases.append(
                    Case(requirement, defect.device, defect.kind, severity, expected.value, got.value)
                )
    return cases
