# SPDX-License-Identifier: Apache-2.0
"""Verdicts and findings: what the catalogue says of a measurement."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """The eight words a finding can carry (ILAC-G8:09/2019 for the conditional ones)."""

    CONFORM = "conform"
    NON_CONFORM = "non_conform"
    CONDITIONAL_CONFORM = "conditional_conform"
    CONDITIONAL_NON_CONFORM = "conditional_non_conform"
    NOT_TESTED = "not_tested"
    NOT_APPLICABLE = "not_applicable"
    INVALID = "invalid"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True)
class Finding:
    """One measurement held against one requirement (the row of ``results.json``)."""

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
    measurement: str = ""
    evidence: tuple[str, ...] = field(default=())
