# SPDX-License-Identifier: Apache-2.0
"""The verdict gates, in order: data, validity, limit, decision rule.

A figure passes each gate before the next is asked, so a verdict can never stand on no data, on an instrument
without a valid certificate, or on a limit nobody verified.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from yanshou.metrology.decision import Decision, decide
from yanshou.metrology.statistics import trials_for_zero
from yanshou.model import (
    DecisionRule,
    Limit,
    LimitStatus,
    Measurement,
    Quantity,
    Requirement,
    UncertaintyStatus,
    Verdict,
)

_MEASURED = (Quantity.CONTINUOUS, Quantity.PROPORTION)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What was agreed before the first measurement.

    ``limits_confirmed`` takes unverified limits as confirmed: only the selftest does that.
    ``accepted_estimates`` are measurands whose estimate the client accepted as the method.
    """

    rule: DecisionRule = DecisionRule.SIMPLE
    limits_confirmed: bool = False
    accepted_estimates: frozenset[str] = field(default=frozenset())
    indicative: str = ""  # why verdicts would be indicative only, e.g. an unverified device profile


def judge(measurement: Measurement | None, requirement: Requirement, conditions: Conditions) -> Decision:
    """The verdict of one measurement under one requirement."""
    if measurement is None:
        return Decision(Verdict.NOT_TESTED, "no measurement")
    if measurement.value is None and measurement.at_least is None and not measurement.invalid:
        return Decision(Verdict.NOT_TESTED, "no value was obtained")
    if reason := _invalid(measurement, conditions):
        return Decision(Verdict.INVALID, reason)
    if requirement.limit is None:
        return Decision(Verdict.UNJUDGED, "the clause gives no number")
    if requirement.limit_status is LimitStatus.UNVERIFIED and not conditions.limits_confirmed:
        return Decision(Verdict.UNJUDGED, "limit unverified")
    rule = requirement.decision_rule or conditions.rule
    decision = _lower_bound(measurement, _compare(measurement, requirement.limit, rule))
    return _observed(measurement, _estimated(measurement, decision, conditions))


def _invalid(measurement: Measurement, conditions: Conditions) -> str:
    if measurement.invalid:
        return measurement.invalid
    if conditions.indicative:
        return conditions.indicative
    value = measurement.value
    if isinstance(value, float) and not math.isfinite(value):
        return "the value is not a finite number"
    needs_u = measurement.quantity is Quantity.CONTINUOUS and measurement.at_least is None
    if needs_u and measurement.U is None and measurement.uncertainty is not UncertaintyStatus.INHERENT:
        return "the uncertainty was not evaluated"
    return ""


def _compare(measurement: Measurement, limit: Limit, rule: DecisionRule) -> Decision:
    if measurement.value is None:
        return _censored(measurement, limit)
    if isinstance(measurement.value, bool | str):
        same = type(measurement.value) is type(limit.equals) and measurement.value == limit.equals
        return Decision(Verdict.CONFORM if same else Verdict.NON_CONFORM)
    if measurement.quantity not in _MEASURED:
        return decide(float(measurement.value), limit, DecisionRule.SIMPLE)
    if measurement.interval is not None and limit.max is not None:
        unproven = _unproven(measurement, measurement.interval, limit.max, rule)
        if unproven is not None:
            return unproven
    minus, plus = _spread(measurement, float(measurement.value))
    return decide(float(measurement.value), limit, rule, minus=minus, plus=plus)


def _unproven(
    measurement: Measurement, bounds: tuple[float, float], most: float, rule: DecisionRule
) -> Decision | None:
    """A proportion that its number of trials does not prove; None when it does, or another rule decides.

    "None of 500" is no evidence of "at most one in a thousand": below the number of trials that could show
    it without a single hit, nothing is said.  With more, a bound beyond the limit makes the verdict
    conditional.
    """
    value, (low, high) = float(str(measurement.value)), bounds
    needed = trials_for_zero(most) if 0 < most < 1 else 0
    if value <= most < high and measurement.n < needed:
        return Decision(
            Verdict.NOT_TESTED, f"n = {measurement.n} is too few: {needed} without a hit would be needed"
        )
    if rule is not DecisionRule.SIMPLE:
        return None
    if value <= most < high:
        return Decision(Verdict.CONDITIONAL_CONFORM, f"upper bound (95 %) {high:.3g} is above the limit")
    if low <= most < value:
        return Decision(Verdict.CONDITIONAL_NON_CONFORM, f"lower bound (95 %) {low:.3g} is below the limit")
    return None


def _spread(measurement: Measurement, value: float) -> tuple[float, float]:
    if measurement.interval is not None:
        return value - measurement.interval[0], measurement.interval[1] - value
    return measurement.U or 0.0, measurement.U or 0.0


def _censored(measurement: Measurement, limit: Limit) -> Decision:
    """The event never came, or the end was not reached: the value is known to be more than ``at_least``."""
    waited = measurement.at_least
    if limit.max is None and limit.min is not None and waited is not None and waited >= limit.min:
        return Decision(Verdict.CONFORM, f"at least {waited:g} {measurement.unit}")
    if limit.max is not None and waited is not None and waited > limit.max:
        return Decision(Verdict.NON_CONFORM, f"nothing within {waited:g} {measurement.unit}")
    return Decision(
        Verdict.NOT_TESTED, f"nothing within {waited:g} {measurement.unit}; waited too short to tell"
    )


def _lower_bound(measurement: Measurement, decision: Decision) -> Decision:
    """A value that is only the least it can be (of a young system) meets a limit or tells nothing."""
    if measurement.value is None or measurement.at_least is None or decision.verdict is Verdict.CONFORM:
        return decision
    return Decision(
        Verdict.NOT_TESTED, f"known to be at least {measurement.at_least:.3g} {measurement.unit}, no more yet"
    )


def _observed(measurement: Measurement, decision: Decision) -> Decision:
    """What was looked at no time at all meets no clause, however true it is of nothing."""
    if measurement.n < 1 and decision.verdict in {Verdict.CONFORM, Verdict.CONDITIONAL_CONFORM}:
        return Decision(Verdict.NOT_TESTED, "nothing was observed (n = 0)")
    return decision


def _estimated(measurement: Measurement, decision: Decision, conditions: Conditions) -> Decision:
    """An estimate is not an observation: it conforms only where the client accepted the method before."""
    if not measurement.estimate or decision.verdict is not Verdict.CONFORM:
        return decision
    if measurement.measurand in conditions.accepted_estimates:
        return Decision(Verdict.CONFORM, "estimate, accepted as the method in the plan")
    return Decision(Verdict.CONDITIONAL_CONFORM, "estimate, not observed over the full time")
