# SPDX-License-Identifier: Apache-2.0
"""A measured value with its uncertainty (VIM 2.9, GUM)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Quantity(StrEnum):
    """What kind of value a measurand yields; it decides how it may be judged."""

    CONTINUOUS = "continuous"
    COUNT = "count"
    PROPORTION = "proportion"
    LOGICAL = "logical"
    ORDINAL = "ordinal"
    TEXT = "text"


class UncertaintyStatus(StrEnum):
    """Why U is what it is; it is never silently zero."""

    EVALUATED = "evaluated"
    NOT_APPLICABLE = "not_applicable"
    INHERENT = "inherent_in_method"


@dataclass(frozen=True, slots=True)
class Component:
    """One line of an uncertainty budget.

    ``u`` is a standard uncertainty in the measurement's unit; ``dof`` its degrees of freedom (inf for type B
    known exactly); ``source`` names where the figure comes from.
    """

    name: str
    kind: str  # "A" or "B"
    distribution: str
    u: float
    dof: float
    source: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """The result of measuring one measurand on one device.

    ``value`` is unrounded, in ``unit``; ``U = k * u_c``.  ``raw`` holds the single observations so that the
    value can be computed again.  ``invalid`` carries the reason when a validity gate closed (instrument
    overdue, clipped picture ...): then no requirement may be judged on it.
    """

    measurand: str
    device: str
    quantity: Quantity
    value: float | bool | str | None
    unit: str
    n: int
    statistic: str = "value"
    U: float | None = None
    k: float | None = None
    uncertainty: UncertaintyStatus = UncertaintyStatus.NOT_APPLICABLE
    budget: tuple[Component, ...] = ()
    raw: tuple[float | str | bool, ...] = ()
    interval: tuple[float, float] | None = None  # exact coverage interval for counts and proportions
    census: bool = False  # a proportion of a whole population, each member observed: exact
    # censored: without value, it was not reached within this many units; with one, it is the least it can be
    at_least: float | None = None
    at_most: float | None = None  # the most it can be: what is less could not be seen or was not tried
    invalid: str = ""
    estimate: bool = False  # a projection, not an observation: printed as such, never `conform` alone
    shortened: tuple[str, ...] = ()  # what was watched for less, or done less often, than the clause or usual
    unproven: tuple[str, ...] = ()  # what of the value the observation does not show by itself
    instruments: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    details: dict[str, object] = field(default_factory=dict)
