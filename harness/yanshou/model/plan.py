# SPDX-License-Identifier: Apache-2.0
"""The plan: which measurand is measured on which drawn device, frozen before the first measurement."""

from __future__ import annotations

from dataclasses import dataclass, field

from yanshou.model.requirement import DecisionRule


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One measurand on one device, and the requirements its measurement will be judged against."""

    id: str
    measurand: str
    device: str
    requirements: tuple[str, ...]
    instruments: tuple[str, ...] = ()
    intrusive: tuple[str, ...] = ()
    repetitions: int = 1
    decision_rule: DecisionRule = DecisionRule.SIMPLE


@dataclass(frozen=True, slots=True)
class Untestable:
    """An applicable requirement that this plan does not measure, with the reason."""

    requirement: str
    device: str
    reason: str


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """How one population was sampled: N devices, n drawn by a rule from the printed seed."""

    population: str
    N: int
    n: int
    rule: str
    drawn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan. ``sha256`` is taken over the canonical JSON of everything else."""

    site: str
    seed: int
    items: tuple[PlanItem, ...]
    untestable: tuple[Untestable, ...] = ()
    not_applicable: tuple[Untestable, ...] = ()
    out_of_scope: tuple[str, ...] = ()
    sampling: tuple[SampleRecord, ...] = ()
    decision_rule: DecisionRule = DecisionRule.SIMPLE
    catalogue_sha256: str = ""
    site_sha256: str = ""
    parameters: dict[str, object] = field(default_factory=dict)
    sha256: str = ""

    def number(self, name: str, default: float) -> float:
        """A parameter that is a number."""
        return float(str(self.parameters.get(name, default)))

    @property
    def estimated_s(self) -> dict[str, float]:
        """The seconds each item is estimated to take, by its id; empty for a plan without estimates."""
        estimate = self.parameters.get("estimate_s")
        return dict(estimate["items"]) if isinstance(estimate, dict) else {}
