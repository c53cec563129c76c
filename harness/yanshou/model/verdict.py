# SPDX-License-Identifier: Apache-2.0
"""Verdicts and findings: the result of judging a measurement by the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter

from yanshou.model.requirement import Obligation


class Verdict(StrEnum):
    """The nine verdicts a finding can have (ILAC-G8:09/2019 for the conditional ones).

    ``ADVICE_NOT_FOLLOWED`` is the worst verdict under a clause that only advises.
    """

    CONFORM = "conform"
    NON_CONFORM = "non_conform"
    CONDITIONAL_CONFORM = "conditional_conform"
    CONDITIONAL_NON_CONFORM = "conditional_non_conform"
    NOT_TESTED = "not_tested"
    NOT_APPLICABLE = "not_applicable"
    INVALID = "invalid"
    UNJUDGED = "unjudged"
    ADVICE_NOT_FOLLOWED = "advice_not_followed"

    @property
    def severity(self) -> int:
        """The graver the verdict, the higher. Open verdicts rank above any pass and below proven failures."""
        return len(_GRAVEST_FIRST) - _GRAVEST_FIRST.index(self)

    @property
    def against(self) -> bool:
        """Whether the verdict speaks against the system, outright or conditionally."""
        return self in {Verdict.NON_CONFORM, Verdict.CONDITIONAL_NON_CONFORM}


_GRAVEST_FIRST = (
    Verdict.NON_CONFORM,
    Verdict.CONDITIONAL_NON_CONFORM,
    Verdict.INVALID,
    Verdict.NOT_TESTED,
    Verdict.UNJUDGED,
    Verdict.CONDITIONAL_CONFORM,
    Verdict.ADVICE_NOT_FOLLOWED,
    Verdict.CONFORM,
    Verdict.NOT_APPLICABLE,
)


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """The one verdict for several findings of one item: the gravest of them.

    An unverified limit (依据待核) does not weaken a verdict under another clause, so ``unjudged`` is returned
    only when no clause was judged.
    """
    found = list(verdicts)
    judged = [one for one in found if one not in {Verdict.UNJUDGED, Verdict.NOT_APPLICABLE}]
    return max(judged or found, key=attrgetter("severity"))


IN_PASSING = "途中发现："
"""How a deviation begins that says what an item saw beside what it measures, and the reason of a finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One measurement judged under one requirement (the row of ``results.json``)."""

    requirement: str
    standard: str
    clause: str
    device: str
    measurand: str
    value: float | bool | str | None
    unit: str
    U: float | None
    k: float | None
    n: int
    limit: str
    limit_status: str
    decision_rule: str
    verdict: Verdict
    reason: str = ""
    acceptance: str = ""  # the limit moved by the guard band, if that limit decided
    obligation: Obligation = Obligation.REQUIREMENT
    measurement: str = ""
    evidence: tuple[str, ...] = field(default=())
