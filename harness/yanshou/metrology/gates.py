# SPDX-License-Identifier: Apache-2.0
"""The verdict gates, in order: data, validity, limit, decision rule.

A figure passes each gate before the next is asked, so a verdict can never stand on no data, on an instrument
without a valid certificate, or on a limit nobody verified.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from yanshou.metrology.decision import Decision, decide, proven_beyond
from yanshou.metrology.statistics import trials_for_zero
from yanshou.model import (
    DecisionRule,
    Limit,
    LimitStatus,
    Measurement,
    Obligation,
    Quantity,
    Requirement,
    UncertaintyStatus,
    UnitError,
    Verdict,
    factor,
)

LARGEST_U = 1 / 3
"""The largest U that still serves, as a share of the limit or of the tolerance, where no other was agreed.

ILAC-G8:09/2019 asks that a laboratory agree on the risk of a decision; a value whose U is wider than that
says nothing of the clause, whatever the rule.
"""

SHORTENED = "watched or repeated less than usual"  # begins the reason of such a conditional verdict
_MEASURED = (Quantity.CONTINUOUS, Quantity.PROPORTION)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What was agreed before the first measurement.

    ``limits_confirmed`` takes unverified limits as confirmed: only the selftest does that.
    ``accepted_estimates`` are measurands whose estimate the client accepted as the method.
    ``largest_U`` is the largest U as a share of the limit, or of the tolerance between two limits.
    ``device`` is the one the verdict is about; empty where nobody says.
    """

    rule: DecisionRule = DecisionRule.SIMPLE
    limits_confirmed: bool = False
    accepted_estimates: frozenset[str] = field(default=frozenset())
    indicative: str = ""  # why verdicts would be indicative only, e.g. an unverified device profile
    largest_U: float = LARGEST_U
    device: str = ""


def judge(measurement: Measurement | None, requirement: Requirement, conditions: Conditions) -> Decision:
    """The verdict of one measurement under one requirement."""
    if measurement is None:
        return Decision(Verdict.NOT_TESTED, "no measurement")
    if reason := _of_something_else(measurement, requirement, conditions):
        return Decision(Verdict.INVALID, reason)
    if measurement.value is None and measurement.at_least is None and not measurement.invalid:
        return Decision(Verdict.NOT_TESTED, "no value was obtained")
    if reason := _invalid(measurement, conditions):
        return Decision(Verdict.INVALID, reason)
    if requirement.limit is None:
        return Decision(Verdict.UNJUDGED, "the clause gives no number")
    try:
        measurement = in_unit(measurement, requirement.limit)
    except UnitError as error:
        return Decision(Verdict.INVALID, f"the unit is not that of the clause: {error}")
    if requirement.limit_status is LimitStatus.UNVERIFIED and not conditions.limits_confirmed:
        return Decision(Verdict.UNJUDGED, "limit unverified")
    rule = requirement.decision_rule or conditions.rule
    decision = _fit_for_purpose(measurement, requirement.limit, rule, conditions)
    decision = _watched(measurement, _estimated(measurement, decision, conditions))
    return _advised(requirement, _observed(measurement, decision))


def as_asked(measurement: Measurement, requirement: Requirement) -> Measurement:
    """The measurement in the unit of the clause; as it is where it cannot be stated so, or none is asked."""
    try:
        return in_unit(measurement, requirement.limit) if requirement.limit else measurement
    except UnitError:
        return measurement


def _advised(requirement: Requirement, decision: Decision) -> Decision:
    """Under a clause that only advises nothing is a non-conformity."""
    against = decision.verdict.against
    if requirement.obligation is Obligation.ADVICE and against:
        return replace(decision, verdict=Verdict.ADVICE_NOT_FOLLOWED)
    return decision


def _of_something_else(measurement: Measurement, requirement: Requirement, conditions: Conditions) -> str:
    """Why the measurement is not of what the clause asks for; empty when it is."""
    if measurement.measurand != requirement.measurand:
        return f"{measurement.measurand} was measured, the clause asks for {requirement.measurand}"
    if conditions.device and measurement.device != conditions.device:
        return f"{measurement.device} was measured, not {conditions.device}"
    return ""


def in_unit(measurement: Measurement, limit: Limit) -> Measurement:
    """The measurement stated in the unit of the limit; UnitError when it cannot be."""
    if isinstance(measurement.value, bool | str) or isinstance(limit.equals, bool | str):
        return measurement
    by = factor(measurement.unit, limit.unit)
    if by == 1.0:
        return measurement
    ends = measurement.interval
    return replace(
        measurement,
        unit=limit.unit,
        value=None if measurement.value is None else float(measurement.value) * by,
        U=None if measurement.U is None else measurement.U * by,
        interval=None if ends is None else (ends[0] * by, ends[1] * by),
        at_least=None if measurement.at_least is None else measurement.at_least * by,
    )


def _invalid(measurement: Measurement, conditions: Conditions) -> str:
    if measurement.invalid:
        return measurement.invalid
    if conditions.indicative:
        return conditions.indicative
    value = measurement.value
    if isinstance(value, float) and not math.isfinite(value):
        return "the value is not a finite number"
    if measurement.U is not None and not (math.isfinite(measurement.U) and measurement.U >= 0):
        return "value or uncertainty is not a finite number"
    if measurement.at_least is not None and not math.isfinite(measurement.at_least):
        return "the value is not a finite number"
    return "" if measurement.value is None else _unevaluated(measurement)


def _unevaluated(measurement: Measurement) -> str:
    """A value that is measured carries U, a proportion of a sample its binomial bounds."""
    if measurement.quantity is Quantity.PROPORTION:
        known = measurement.census or measurement.interval is not None or measurement.U is not None
    else:
        known = measurement.quantity is not Quantity.CONTINUOUS or measurement.U is not None
    if known or measurement.uncertainty is UncertaintyStatus.INHERENT:
        return ""
    return "the uncertainty was not evaluated"


def _fit_for_purpose(
    measurement: Measurement, limit: Limit, rule: DecisionRule, conditions: Conditions
) -> Decision:
    """The decision, unless U is too wide for it.

    A value that lies beyond the limit by more than its U does not comply however wide U is.
    """
    decision = _compare(measurement, limit, rule)
    value, U = measurement.value, measurement.U
    if measurement.quantity is not Quantity.CONTINUOUS or U is None or not isinstance(value, int | float):
        return decision
    room = _room(float(value), limit)
    if room is None or conditions.largest_U * room >= U:
        return decision
    if decision.verdict is Verdict.NON_CONFORM and proven_beyond(float(value), limit, U, U):
        return decision
    unit = measurement.unit
    return Decision(
        Verdict.INVALID,
        f"U = {U:.2g} {unit} is more than {conditions.largest_U:.3g} of {room:.4g} {unit}, "
        "the largest that was agreed: too wide to decide by",
    )


def _room(value: float, limit: Limit) -> float | None:
    """What U is held against: the width between two limits, else the size of the only one; None without.

    Of a value that grows with what is measured (hours on battery against a least number of hours) U grows
    as well: far from its limit the distance to it counts instead.
    """
    if limit.min is not None and limit.max is not None:
        return limit.max - limit.min
    only = limit.max if limit.max is not None else limit.min
    if only is None and isinstance(limit.equals, int | float) and not isinstance(limit.equals, bool):
        only = float(limit.equals)
    return max(abs(only), abs(value - only) if limit.min is not None else 0.0) if only else None


def _compare(measurement: Measurement, limit: Limit, rule: DecisionRule) -> Decision:
    if measurement.value is None:
        return _censored(measurement, limit)
    if isinstance(measurement.value, bool | str):
        same = type(measurement.value) is type(limit.equals) and measurement.value == limit.equals
        return Decision(Verdict.CONFORM if same else Verdict.NON_CONFORM)
    value = float(measurement.value)
    if measurement.at_least is not None:
        return _at_the_least(measurement, limit, rule, value)
    if measurement.quantity not in _MEASURED:
        return decide(value, limit, DecisionRule.SIMPLE)
    if measurement.census:
        exact = decide(value, limit, DecisionRule.SIMPLE)
        return Decision(exact.verdict, f"the whole population was observed (N = {measurement.n}): exact")
    if measurement.interval is not None:
        unproven = _unproven(measurement, measurement.interval, limit, rule)
        if unproven is not None:
            return unproven
    minus, plus = _spread(measurement, value)
    return decide(value, limit, rule, minus=minus, plus=plus, unit=measurement.unit)


def _at_the_least(measurement: Measurement, limit: Limit, rule: DecisionRule, value: float) -> Decision:
    """A value that is the least it can be (of a young system): it meets a lower limit or breaks an upper one.

    What may still grow meets no upper limit and no number it has to equal.
    """
    minus, plus = _spread(measurement, value)
    unit = measurement.unit
    if limit.max is not None:
        # a guard band keeps from accepting; what still grows is refused only beyond the limit itself
        binary = DecisionRule.SIMPLE if rule is DecisionRule.GUARD_BAND else rule
        most = replace(limit, min=None)
        above = decide(value, most, binary, minus=minus, plus=plus)
        if above.verdict.against:
            return Decision(above.verdict, f"already at least {value:.6g} {unit}")
    elif limit.min is not None:
        below = decide(value, limit, rule, minus=minus, plus=plus)
        if below.verdict in {Verdict.CONFORM, Verdict.CONDITIONAL_CONFORM}:
            return Decision(below.verdict, f"at least {value:.6g} {unit}", below.acceptance)
    elif isinstance(limit.equals, int | float) and value - minus > limit.equals:
        return Decision(Verdict.NON_CONFORM, f"already at least {value:.6g} {unit}")
    return Decision(Verdict.NOT_TESTED, f"known to be at least {value:.3g} {unit}, no more yet")


def _unproven(
    measurement: Measurement, bounds: tuple[float, float], limit: Limit, rule: DecisionRule
) -> Decision | None:
    """A proportion that its number of trials does not prove; None when it does, or another rule decides.

    "None of 500" is no evidence of "at most one in a thousand", nor "10 of 10" of "at least 98 %": below the
    number of trials that could show it without a single miss, nothing is said.  With more, a bound beyond the
    limit makes the verdict conditional.
    """
    value, (low, high) = float(str(measurement.value)), bounds
    whole = factor("1", limit.unit)  # 1, or 100 in per cent
    permitted = [limit.max] if limit.max is not None and value <= limit.max < high else []
    permitted += [whole - limit.min] if limit.min is not None and value >= limit.min > low else []
    needed = max((trials_for_zero(one / whole) for one in permitted if 0 < one < whole), default=0)
    if measurement.n < needed:
        return Decision(
            Verdict.NOT_TESTED, f"n = {measurement.n} is too few: {needed} without a miss would be needed"
        )
    if rule is not DecisionRule.SIMPLE:
        return None
    conforms = decide(value, limit, DecisionRule.SIMPLE).verdict is Verdict.CONFORM
    careful = decide(value, limit, DecisionRule.NON_BINARY, minus=value - low, plus=high - value)
    if careful.verdict in {Verdict.CONFORM, Verdict.NON_CONFORM}:
        return None
    verdict = Verdict.CONDITIONAL_CONFORM if conforms else Verdict.CONDITIONAL_NON_CONFORM
    side = "beyond" if conforms else "within"
    return Decision(verdict, f"the bounds (95 %) {low:.3g} … {high:.3g} reach {side} the limit")


def _spread(measurement: Measurement, value: float) -> tuple[float, float]:
    if measurement.interval is not None:
        return value - measurement.interval[0], measurement.interval[1] - value
    return measurement.U or 0.0, measurement.U or 0.0


def _censored(measurement: Measurement, limit: Limit) -> Decision:
    """The event never came, or the end was not reached: the value is known to be more than ``at_least``."""
    waited, unit = measurement.at_least, measurement.unit
    if waited is None:
        return Decision(Verdict.NOT_TESTED, "no value was obtained")
    upper = limit.max
    if upper is None and isinstance(limit.equals, int | float) and not isinstance(limit.equals, bool):
        upper = float(limit.equals)
    beyond = upper is not None and (waited > upper or (limit.exclusive and waited >= upper))
    if beyond:
        return Decision(Verdict.NON_CONFORM, f"nothing within {waited:g} {unit}")
    reached = limit.min is not None and (waited > limit.min if limit.exclusive else waited >= limit.min)
    if upper is None and reached:
        return Decision(Verdict.CONFORM, f"at least {waited:g} {unit}")
    return Decision(Verdict.NOT_TESTED, f"nothing within {waited:g} {unit}; waited too short to tell")


def _observed(measurement: Measurement, decision: Decision) -> Decision:
    """What was looked at no time at all meets no clause, however true it is of nothing."""
    if measurement.n < 1 and decision.verdict in {Verdict.CONFORM, Verdict.CONDITIONAL_CONFORM}:
        return Decision(Verdict.NOT_TESTED, "nothing was observed (n = 0)")
    return decision


def _watched(measurement: Measurement, decision: Decision) -> Decision:
    """What was watched for less time than the clause or the usual method asks conforms at best conditionally.

    What a short watch found against the system stands: a longer one would have found it, too.
    """
    if not measurement.shortened or decision.verdict is not Verdict.CONFORM:
        return decision
    said = f"{SHORTENED}: {'；'.join(measurement.shortened)}"
    return Decision(Verdict.CONDITIONAL_CONFORM, "; ".join(one for one in (decision.reason, said) if one))


def _estimated(measurement: Measurement, decision: Decision, conditions: Conditions) -> Decision:
    """An estimate is not an observation: it conforms only where the client accepted the method before."""
    if not measurement.estimate or decision.verdict is not Verdict.CONFORM:
        return decision
    if measurement.measurand in conditions.accepted_estimates:
        return Decision(Verdict.CONFORM, "estimate, accepted as the method in the plan")
    return Decision(Verdict.CONDITIONAL_CONFORM, "estimate, not observed over the full time")
