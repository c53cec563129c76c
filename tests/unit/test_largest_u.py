# SPDX-License-Identifier: Apache-2.0
"""How wide U may be and what a bound decides, in every combination of rule and limit.

The expected verdicts are worked out here in whole numbers from the words of ILAC-G8:09/2019: the acceptance
zone is the permitted one made smaller by w on each side that has a limit.
"""

from __future__ import annotations

import itertools
import operator
from dataclasses import dataclass

import pytest

from tests.support import judging
from tests.support.judging import requirement
from yanshou.metrology import Conditions, LargestU, judge
from yanshou.model import (
    DecisionRule,
    Limit,
    Verdict,
)

LIMITS = {
    "upper": (None, 8),
    "upper of 0": (None, 0),
    "upper below 0": (None, -8),
    "lower": (8, None),
    "lower of 0": (0, None),
    "lower below 0": (-8, None),
    "band": (4, 12),
    "band around 0": (-4, 4),
    "band from 0": (0, 8),
    "no room": (5, 5),
}
AGREED = {
    "a quarter": LargestU(0.25),
    "a half": LargestU(0.5),
    "U of 3": LargestU(0.25, 3.0),
    "U of 99": LargestU(0.25, 99.0),
}
VALUES = (-40, -13, -9, -8, -5, -4, -1, 0, 1, 3, 4, 5, 7, 8, 9, 11, 12, 13, 16, 40)
SPREADS = (0, 1, 2, 3, 4, 9)


def measured(value, U, **bounds):
    return judging.measured(value, U, "dB", **bounds)


@dataclass(frozen=True)
class Zone:
    """The permitted values; an end that is None is open."""

    low: int | None
    high: int | None
    exclusive: bool

    def holds(self, value, w=0):
        """Whether the value lies in the zone made smaller by ``w`` (larger, below zero)."""
        less = operator.lt if self.exclusive else operator.le
        above = self.low is None or less(self.low + w, value)
        return above and (self.high is None or less(value, self.high - w))

    def beyond(self, value, U):
        """No value from value - U to value + U lies in the zone."""
        steps = [value - U + half / 2 for half in range(4 * U + 1)]
        return not any(self.holds(one) for one in (*steps, *self.ends(value, U)))

    def ends(self, value, U):
        return [one for one in (self.low, self.high) if one is not None and abs(one - value) <= U]

    def serves(self, value, U, agreed):
        """U is as narrow as agreed; or small beside the distance to a lower limit, or to one of 0."""
        one_sided = self.low is None or self.high is None
        size = abs(self.high if self.low is None else self.low) if one_sided else self.high - self.low
        permitted = agreed.share * size
        if agreed.U is not None:  # half of the limit at most; a limit of 0 has no half
            permitted = agreed.U if size == 0 else min(agreed.U, size / 2)
        if U == 0 or permitted >= U:
            return True
        if self.high is None:
            return agreed.share * (value - self.low) >= U
        return one_sided and self.high == 0 and agreed.share * -value >= U


def verdict_of(rule, zone, value, U):
    """The verdict by the words of each rule, nothing said yet of how wide U may be."""
    if rule is DecisionRule.SIMPLE:
        return Verdict.CONFORM if zone.holds(value) else Verdict.NON_CONFORM
    both = zone.low is not None and zone.high is not None
    if both and 2 * U >= zone.high - zone.low:
        return Verdict.NON_CONFORM if zone.beyond(value, U) else Verdict.INVALID
    if zone.holds(value, U):
        return Verdict.CONFORM
    if rule is DecisionRule.GUARD_BAND:
        return Verdict.NON_CONFORM
    if zone.holds(value):
        return Verdict.CONDITIONAL_CONFORM
    return Verdict.NON_CONFORM if zone.beyond(value, U) else Verdict.CONDITIONAL_NON_CONFORM


@pytest.mark.parametrize("rule", DecisionRule)
@pytest.mark.parametrize("kind", LIMITS)
@pytest.mark.parametrize("agreed", AGREED)
def test_every_rule_and_limit_against_the_words_of_the_guide(rule, kind, agreed):
    low, high = LIMITS[kind]
    conditions = Conditions(rule=rule, largest_U_of={"m": AGREED[agreed]})
    exclusives = (False,) if low == high else (False, True)  # nothing lies between 5 and 5
    for exclusive, value, U in itertools.product(exclusives, VALUES, SPREADS):
        zone = Zone(low, high, exclusive)
        expected = verdict_of(rule, zone, value, U)
        proven = expected is Verdict.NON_CONFORM and zone.beyond(value, U)
        if not zone.serves(value, U, AGREED[agreed]) and not proven:
            expected = Verdict.INVALID
        limit = Limit("dB", low, high, exclusive=exclusive)
        found = judge(measured(float(value), float(U)), requirement(limit), conditions)
        assert found.verdict is expected, (exclusive, value, U, found.reason)


@pytest.mark.parametrize("rule", DecisionRule)
@pytest.mark.parametrize("kind", LIMITS)
@pytest.mark.parametrize("least", [True, False], ids=["at least", "at most"])
@pytest.mark.parametrize("with_value", [True, False])
def test_a_bound_is_judged_as_all_it_can_be_under_every_rule(rule, kind, least, with_value):
    """Without U: what conforms or fails must do so at the bound, just beside it and far from it."""
    low, high = LIMITS[kind]
    for exclusive, bound in itertools.product((False,) if low == high else (False, True), VALUES):
        zone = Zone(low, high, exclusive)
        way = 1 if least else -1
        ends = [end for end in (low, high) if end is not None and (end - bound) * way > 0]
        possible = [bound, *ends, *(one + way / 1000 for one in (bound, *ends)), bound + way * 10_000]
        inside = [zone.holds(one) for one in possible]
        expected = Verdict.CONFORM if all(inside) else Verdict.NOT_TESTED
        expected = expected if any(inside) else Verdict.NON_CONFORM
        known = measured(
            float(bound) if with_value else None,
            0.0 if with_value else None,
            **{"at_least" if least else "at_most": float(bound)},
        )
        limit = Limit("dB", low, high, exclusive=exclusive)
        found = judge(known, requirement(limit), Conditions(rule=rule))
        assert found.verdict is expected, (exclusive, bound, found.reason)


@pytest.mark.parametrize("rule", DecisionRule)
@pytest.mark.parametrize("least", [True, False], ids=["at least", "at most"])
def test_the_bound_itself_has_its_U(rule, least):
    """The bound of 10 ± 1 and limits beside it: met with room for U where the rule asks for it."""
    way = 1 if least else -1
    known = measured(10.0, 1.0, **{"at_least" if least else "at_most": 10.0})
    conditions = Conditions(rule=rule)

    def at(room):  # a limit that the bound meets with so much room
        end = 10.0 - way * room
        limit = Limit("dB", min=end) if least else Limit("dB", max=end)
        return judge(known, requirement(limit), conditions).verdict

    def over(by):  # a limit that the bound has broken by so much
        end = 10.0 - way * by
        limit = Limit("dB", max=end) if least else Limit("dB", min=end)
        return judge(known, requirement(limit), conditions).verdict

    assert at(1.5) is Verdict.CONFORM
    assert at(-1.5) is Verdict.NOT_TESTED
    assert over(1.5) is Verdict.NON_CONFORM
    assert over(-0.5) is Verdict.NOT_TESTED
    simple = rule is DecisionRule.SIMPLE
    banded = rule is DecisionRule.GUARD_BAND
    assert at(0.5) is (
        Verdict.CONFORM if simple else Verdict.NOT_TESTED if banded else Verdict.CONDITIONAL_CONFORM
    )
    assert over(0.5) is (Verdict.NON_CONFORM if simple or banded else Verdict.CONDITIONAL_NON_CONFORM)


def test_a_bound_never_equals_a_number():
    for least in (True, False):
        for bound, beyond in ((3.0, not least), (4.0, False), (5.0, least)):
            known = measured(None, None, **{"at_least" if least else "at_most": bound})
            found = judge(known, requirement(Limit("dB", equals=4.0)), Conditions()).verdict
            assert found is (Verdict.NON_CONFORM if beyond else Verdict.NOT_TESTED)


def test_a_limit_of_0_without_an_agreed_U_says_what_is_missing():
    found = judge(measured(0.0, 0.5), requirement(Limit("dB", max=0.0)), Conditions())
    assert found.verdict is Verdict.INVALID
    assert "a limit of 0 has no share" in found.reason
    equal = judge(measured(0.0, 0.5), requirement(Limit("dB", equals=0.0)), Conditions())
    assert equal.verdict is Verdict.INVALID


def test_a_sound_level_is_not_judged_on_a_third_of_its_limit():
    loud = requirement(Limit("dB", min=80.0))
    coarse = measured(82.0, 20.0)
    agreed = Conditions(largest_U_of={"m": LargestU(U=3.0)})
    assert judge(coarse, loud, Conditions()).verdict is Verdict.CONFORM  # 20 dB are less than a third of 80
    found = judge(coarse, loud, agreed)
    assert found.verdict is Verdict.INVALID
    assert "more than 3 dB" in found.reason
    assert judge(measured(82.0, 2.0), loud, agreed).verdict is Verdict.CONFORM
