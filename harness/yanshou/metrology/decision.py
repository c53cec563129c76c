# SPDX-License-Identifier: Apache-2.0
"""Decision rules of ILAC-G8:09/2019 (CNAS-GL015:2022).

Each rule compares the unrounded value with the limit moved inwards by the guard band w: 0 for simple
acceptance (DR-SA), U for the guarded (DR-GB) and the non-binary rule (DR-NB).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import attrgetter
from statistics import NormalDist

from yanshou.model import DecisionRule, Limit, Verdict


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and its reason.

    ``acceptance`` is the acceptance limit, if the verdict was decided by a limit moved by the guard band.
    """

    verdict: Verdict
    reason: str = ""
    acceptance: str = ""

    def reason_with(self, because: str) -> str:
        """Its reason, and what the measurement says of itself unless the reason says that already."""
        return "; ".join(one for one in (self.reason, "" if because in self.reason else because) if one)


def decide(
    value: float,
    limit: Limit,
    rule: DecisionRule,
    *,
    minus: float = 0.0,
    plus: float = 0.0,
    unit: str = "",
) -> Decision:
    """Compare ``value`` with ``limit`` under ``rule``; its coverage interval is [value-minus, value+plus].

    The interval is symmetric (minus = plus = U) for measured quantities and the exact binomial one for
    proportions. For a two-sided limit the worse side decides; if the guard band leaves no room between the
    two sides the result is ``invalid``, unless the whole interval lies beyond one of them, which proves a
    non-conformity. If the guard band and not the limit decides, the reason states the acceptance limit, in
    ``unit``.
    """
    if not math.isfinite(value) or not (math.isfinite(minus) and math.isfinite(plus)):
        return Decision(Verdict.INVALID, "value or uncertainty is not a finite number")
    if limit.equals is not None:
        return _equal(value, limit)
    if limit.min is None and limit.max is None:
        return Decision(Verdict.UNJUDGED, "the clause gives no number")
    if _closed(limit, rule, minus + plus) and not proven_beyond(value, limit, minus, plus):
        return Decision(Verdict.INVALID, "guard band as wide as the tolerance: cannot be decided")
    verdict = max(_sides(value, limit, rule, minus, plus), key=attrgetter("severity"))
    plain = max(_sides(value, limit, DecisionRule.SIMPLE, 0.0, 0.0), key=attrgetter("severity"))
    if verdict is plain:
        return Decision(verdict)
    acceptance = _acceptance(limit, minus, plus, unit)
    return Decision(verdict, f"decided by the guard band: acceptance limit {acceptance}", acceptance)


def proven_beyond(value: float, limit: Limit, minus: float, plus: float) -> bool:
    """Whether the whole interval [value-minus, value+plus] lies beyond the limit."""
    over = None if limit.max is None else value - minus - limit.max
    under = None if limit.min is None else limit.min - value - plus
    return any(by is not None and (by > 0 or (limit.exclusive and by == 0)) for by in (over, under))


def _acceptance(limit: Limit, minus: float, plus: float, unit: str) -> str:
    """The acceptance limits: the limits moved inwards by the guard band (ILAC-G8:09/2019, 4.2)."""
    unit = "" if unit in {"", "1"} else f" {unit}"
    less, more = ("<", ">") if limit.exclusive else ("≤", "≥")
    parts = [] if limit.min is None else [f"{more} {limit.min + minus:.6g}{unit} (w = {minus:.2g}{unit})"]
    parts += [] if limit.max is None else [f"{less} {limit.max - plus:.6g}{unit} (w = {plus:.2g}{unit})"]
    return " and ".join(parts)


def conformance_probability(value: float, u: float, limit: Limit) -> float:
    """The probability that the true value meets the limit, for a normal distribution without prior knowledge.

    Source: JCGM 106:2012, 7.2.
    """
    if u <= 0:
        inside = (limit.max is None or value <= limit.max) and (limit.min is None or value >= limit.min)
        return float(inside)
    truth = NormalDist(value, u)
    upper = 1.0 if limit.max is None else truth.cdf(limit.max)
    lower = 0.0 if limit.min is None else truth.cdf(limit.min)
    return upper - lower


def _equal(value: float, limit: Limit) -> Decision:
    same = not isinstance(limit.equals, bool | str) and value == limit.equals
    return Decision(Verdict.CONFORM if same else Verdict.NON_CONFORM)


def _closed(limit: Limit, rule: DecisionRule, width: float) -> bool:
    if limit.min is None or limit.max is None or rule is DecisionRule.SIMPLE:
        return False
    return width >= limit.max - limit.min


def _sides(value: float, limit: Limit, rule: DecisionRule, minus: float, plus: float) -> list[Verdict]:
    sides = []
    if limit.max is not None:
        sides.append(_one_side(limit.max - value, rule, plus, minus, exclusive=limit.exclusive))
    if limit.min is not None:
        sides.append(_one_side(value - limit.min, rule, minus, plus, exclusive=limit.exclusive))
    return sides


def _one_side(room: float, rule: DecisionRule, towards: float, away: float, *, exclusive: bool) -> Verdict:
    """One side of a limit, as the distance left to it; ``towards`` is the uncertainty in that direction."""
    within = room > 0 if exclusive else room >= 0
    clear = room > towards if exclusive else room >= towards
    if rule is DecisionRule.SIMPLE:
        return Verdict.CONFORM if within else Verdict.NON_CONFORM
    if rule is DecisionRule.GUARD_BAND:
        return Verdict.CONFORM if clear else Verdict.NON_CONFORM
    if clear:
        return Verdict.CONFORM
    if within:
        return Verdict.CONDITIONAL_CONFORM
    reaches = room > -away if exclusive else room >= -away
    return Verdict.CONDITIONAL_NON_CONFORM if reaches else Verdict.NON_CONFORM
