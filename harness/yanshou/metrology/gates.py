# SPDX-License-Identifier: Apache-2.0
"""The verdict gates, in order: data, validity, limit, decision rule.

A value must pass each gate before the next one. So no verdict rests on missing data, on an instrument without
a valid certificate, or on an unverified limit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
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
    Reserve,
    UncertaintyStatus,
    UnitError,
    Verdict,
    factor,
)

LARGEST_U = 1 / 3
"""The largest permitted U, as a share of the limit or of the tolerance, where no other was agreed.

ILAC-G8:09/2019 asks a laboratory to agree on the risk of a decision. A value with a wider U says nothing
about the clause, whatever the rule.
"""


WIDEST = 0.5
"""The widest U that can be agreed, as a share of the limit."""


@dataclass(frozen=True, slots=True)
class LargestU:
    """The largest U for one measurand: ``U`` in the measurand's unit, else a ``share`` of the limit.

    A share is meaningless for a limit of 0, and too wide on a logarithmic scale: a third of 80 dB(A) is 27
    dB. In these cases U itself is agreed.
    """

    share: float = LARGEST_U
    U: float | None = None


SHORTENED = "watched or repeated less than usual"  # such a conditional verdict's reason begins with this
UNPROVEN = "not shown by what was observed"  # so does that of a value the observation does not prove
_RESERVED = {Reserve.SHORTENED: SHORTENED, Reserve.UNPROVEN: UNPROVEN}
_MEASURED = (Quantity.CONTINUOUS, Quantity.PROPORTION)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What was agreed before the first measurement.

    ``limits_confirmed`` takes unverified limits as confirmed: only the selftest does that.
    ``accepted_estimates`` are measurands whose estimate the client accepted as the method. ``largest_U`` is
    the largest U as a share of the limit, or of the tolerance between two limits; ``largest_U_of`` are
    exceptions, by measurand. ``device`` is the one the verdict is about, empty if unknown.
    """

    rule: DecisionRule = DecisionRule.SIMPLE
    limits_confirmed: bool = False
    accepted_estimates: frozenset[str] = field(default=frozenset())
    indicative: str = ""  # why verdicts would be indicative only, e.g. an unverified device profile
    largest_U: float = LARGEST_U
    largest_U_of: Mapping[str, LargestU] = field(default_factory=dict)
    device: str = ""


def judge(measurement: Measurement | None, requirement: Requirement, conditions: Conditions) -> Decision:
    """The verdict of one measurement under one requirement.

    ``measurement`` is None if nothing was measured. The gates are those of ``docs/design.md``, section 5; the
    decision rules those of ILAC-G8:09/2019. Never raises for bad data: that is ``invalid`` or ``not_tested``.
    """
    if measurement is None:
        return Decision(Verdict.NOT_TESTED, "no measurement")
    if reason := _of_something_else(measurement, requirement, conditions):
        return Decision(Verdict.INVALID, reason)
    bounded = measurement.at_least is not None or measurement.at_most is not None
    if measurement.value is None and not bounded and not measurement.invalid:
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
    """The measurement in the unit of the clause; unchanged if it cannot be converted or there is no limit."""
    try:
        return in_unit(measurement, requirement.limit) if requirement.limit else measurement
    except UnitError:
        return measurement


def _advised(requirement: Requirement, decision: Decision) -> Decision:
    """Turn a verdict against the system into ``advice_not_followed`` under a clause that only advises."""
    against = decision.verdict.against
    if requirement.obligation is Obligation.ADVICE and against:
        return replace(decision, verdict=Verdict.ADVICE_NOT_FOLLOWED)
    return decision


def _of_something_else(measurement: Measurement, requirement: Requirement, conditions: Conditions) -> str:
    """Why the measurement is of another measurand or device than the clause asks for; empty if it is not."""
    if measurement.measurand != requirement.measurand:
        return f"{measurement.measurand} was measured, the clause asks for {requirement.measurand}"
    if conditions.device and measurement.device != conditions.device:
        return f"{measurement.device} was measured, not {conditions.device}"
    return ""


def in_unit(measurement: Measurement, limit: Limit) -> Measurement:
    """The measurement converted to the unit of the limit; UnitError if that is impossible."""
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
        at_most=None if measurement.at_most is None else measurement.at_most * by,
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
    if any(one is not None and not math.isfinite(one) for one in (measurement.at_least, measurement.at_most)):
        return "the value is not a finite number"
    return "" if measurement.value is None else _unevaluated(measurement)


def _unevaluated(measurement: Measurement) -> str:
    """Why the uncertainty was not evaluated.

    A value needs U, a proportion of a sample its binomial bounds.
    """
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
    """The decision, or ``invalid`` if U is too wide.

    A value beyond the limit by more than U does not comply, however wide U is.
    """
    decision = _compare(measurement, limit, rule)
    value, U = measurement.value, measurement.U
    if measurement.quantity is not Quantity.CONTINUOUS or U is None or not isinstance(value, int | float):
        return decision
    agreed = conditions.largest_U_of.get(measurement.measurand, LargestU(conditions.largest_U))
    if _serves(U, float(value), limit, agreed):
        return decision
    if decision.verdict is Verdict.NON_CONFORM and _beyond(float(value), limit, U):
        return decision
    return Decision(Verdict.INVALID, _too_wide(U, float(value), measurement.unit, limit, agreed))


def _serves(U: float, value: float, limit: Limit, agreed: LargestU) -> bool:
    """Whether U is narrow enough: as agreed, or small beside the distance to a limit that is met.

    The distance is used for a lower limit, because U of a growing value (hours on battery) grows with it, and
    for a limit of 0, which has no share.
    """
    size = _size(limit)
    if size is None or U == 0:
        return True
    if _most(size, agreed) >= U:
        return True
    clear = value - limit.min if limit.min is not None and limit.max is None else 0.0
    if limit.max == 0 and limit.min is None:
        clear = -value
    return agreed.share * clear >= U


def _most(size: float, agreed: LargestU) -> float:
    """The largest U for a limit of this size.

    A U that was agreed in figures may be half of the limit at most: with a wider one a value as large as the
    limit could be nothing. A limit of 0 has no size.
    """
    if agreed.U is None:
        return agreed.share * size
    return min(agreed.U, WIDEST * size) if size else agreed.U


def _size(limit: Limit) -> float | None:
    """The size a share is taken of: the width between two limits, else the only limit; None without one."""
    if limit.min is not None and limit.max is not None:
        return limit.max - limit.min
    only = limit.max if limit.max is not None else limit.min
    if only is None and isinstance(limit.equals, int | float) and not isinstance(limit.equals, bool):
        only = float(limit.equals)
    return None if only is None else abs(only)


def _beyond(value: float, limit: Limit, U: float) -> bool:
    """Whether all of value ± U lies beyond the limit, or does not contain the number it must equal."""
    if isinstance(limit.equals, int | float) and not isinstance(limit.equals, bool):
        return abs(value - limit.equals) > U
    return proven_beyond(value, limit, U, U)


def _too_wide(U: float, value: float, unit: str, limit: Limit, agreed: LargestU) -> str:
    size = _size(limit) or 0.0
    unit = "" if unit in {"", "1"} else f" {unit}"
    if agreed.U is None and size == 0:
        none = "a limit of 0 has no share, and no largest U was agreed"
        return f"U = {U:.2g}{unit} at {value:.4g}{unit}: {none}"
    by_share = agreed.U is None or _most(size, agreed) < agreed.U
    share = agreed.share if agreed.U is None else WIDEST
    most = f"{share:.3g} of {size:.4g}{unit}" if by_share else f"{agreed.U:.3g}{unit}"
    if agreed.U is not None and by_share:
        return f"U = {U:.2g}{unit} is more than {most}, as much as can be agreed: too wide to decide by"
    return f"U = {U:.2g}{unit} is more than {most}, the largest that was agreed: too wide to decide by"


def _compare(measurement: Measurement, limit: Limit, rule: DecisionRule) -> Decision:
    if isinstance(measurement.value, bool | str):
        same = type(measurement.value) is type(limit.equals) and measurement.value == limit.equals
        return Decision(Verdict.CONFORM if same else Verdict.NON_CONFORM)
    if measurement.value is None or measurement.at_least is not None or measurement.at_most is not None:
        return _bounded(measurement, limit, rule)
    value = float(measurement.value)
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


def _bounded(measurement: Measurement, limit: Limit, rule: DecisionRule) -> Decision:
    """A value known only as a lower or upper bound.

    Examples: an event did not come while it was watched, a picture has at most so many samples, no shorter
    pulse was given. A bound never meets a limit on its open side, nor a number it would have to equal.
    """
    decision = Decision(Verdict.NOT_TESTED, "no value was obtained")
    for bound, least in ((measurement.at_least, True), (measurement.at_most, False)):
        if bound is None:
            continue
        decision = _one_bound(measurement, limit, rule, bound, least=least)
        if decision.verdict is not Verdict.NOT_TESTED:
            break
    return decision


def _one_bound(
    measurement: Measurement, limit: Limit, rule: DecisionRule, bound: float, *, least: bool
) -> Decision:
    """A lower bound can break an upper limit or meet a lower one; an upper bound the other way round."""
    minus, plus = (0.0, 0.0) if measurement.value is None else _spread(measurement, float(measurement.value))
    known = f"at {'least' if least else 'most'} {bound:.6g} {measurement.unit}".rstrip()
    never = f"nothing within {bound:g} {measurement.unit}".rstrip() if measurement.value is None else ""
    may_break = replace(limit, min=None) if least else replace(limit, max=None)
    if isinstance(limit.equals, int | float):
        past = bound - minus > limit.equals if least else bound + plus < limit.equals
        if past and not isinstance(limit.equals, bool):
            return Decision(Verdict.NON_CONFORM, never if never and least else f"already {known}")
    elif may_break.min is not None or may_break.max is not None:
        # a guard band prevents acceptance; refusal needs a bound beyond the limit itself
        binary = DecisionRule.SIMPLE if rule is DecisionRule.GUARD_BAND else rule
        broken = decide(bound, may_break, binary, minus=minus, plus=plus)
        if broken.verdict.against:
            return Decision(broken.verdict, never if never and least else f"already {known}")
    elif limit.min is not None or limit.max is not None:
        met = decide(bound, limit, rule, minus=minus, plus=plus)
        if met.verdict in {Verdict.CONFORM, Verdict.CONDITIONAL_CONFORM}:
            return Decision(met.verdict, known, met.acceptance)
    if never and least:
        return Decision(Verdict.NOT_TESTED, f"{never}; waited too short to tell")
    return Decision(Verdict.NOT_TESTED, f"known to be {known}, no more yet")


def _unproven(
    measurement: Measurement, bounds: tuple[float, float], limit: Limit, rule: DecisionRule
) -> Decision | None:
    """The decision if the trials are too few to prove a proportion.

    None if they are enough or another rule decides.

    "None of 500" does not prove "at most one in a thousand", nor "10 of 10" "at least 98 %". With fewer
    trials than would prove the limit even without a single miss the result is not tested. With more, a bound
    beyond the limit makes the verdict conditional.
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


def _observed(measurement: Measurement, decision: Decision) -> Decision:
    """A value from no observation at all meets no clause."""
    if measurement.n < 1 and decision.verdict in {Verdict.CONFORM, Verdict.CONDITIONAL_CONFORM}:
        return Decision(Verdict.NOT_TESTED, "nothing was observed (n = 0)")
    return decision


def _watched(measurement: Measurement, decision: Decision) -> Decision:
    """A shortened watch, or a value not fully shown by its observation, conforms conditionally at best.

    A non-conformity found in a short watch stands: a longer one would have found it, too.
    """
    said = [
        f"{reason}: {'；'.join(one.text for one in measurement.reservations if one.why is why)}"
        for why, reason in _RESERVED.items()
        if any(one.why is why for one in measurement.reservations)
    ]
    if not said or decision.verdict is not Verdict.CONFORM:
        return decision
    return Decision(Verdict.CONDITIONAL_CONFORM, "; ".join(one for one in (decision.reason, *said) if one))


def _estimated(measurement: Measurement, decision: Decision, conditions: Conditions) -> Decision:
    """An estimate conforms only if the client accepted it as the method beforehand."""
    if not measurement.estimate or decision.verdict is not Verdict.CONFORM:
        return decision
    if measurement.measurand in conditions.accepted_estimates:
        return Decision(Verdict.CONFORM, "estimate, accepted as the method in the plan")
    return Decision(Verdict.CONDITIONAL_CONFORM, "estimate, not observed over the full time")
