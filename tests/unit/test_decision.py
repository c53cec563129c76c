# SPDX-License-Identifier: Apache-2.0
"""Decision rules against the check values of ILAC-G8:09/2019 and JCGM 106:2012."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaincinv, stdtrit

from yanshou.metrology import (
    Decision,
    clopper_pearson,
    conformance_probability,
    coverage_factor,
    decide,
    trials_for_zero,
)
from yanshou.model import DecisionRule, Limit, Verdict

SIMPLE, GUARD, FOUR = DecisionRule.SIMPLE, DecisionRule.GUARD_BAND, DecisionRule.NON_BINARY
UPPER = Limit(unit="s", max=2.0)
finite = st.floats(-1e6, 1e6)
spread = st.floats(0, 1e3)


@pytest.mark.parametrize(
    ("value", "simple", "guard", "four"),
    [
        (1.85, "conform", "conform", "conform"),
        (1.9, "conform", "conform", "conform"),
        (1.95, "conform", "non_conform", "conditional_conform"),
        (2.0, "conform", "non_conform", "conditional_conform"),
        (2.05, "non_conform", "non_conform", "conditional_non_conform"),
        (2.2, "non_conform", "non_conform", "non_conform"),
    ],
)
def test_the_three_rules_at_an_upper_limit(value, simple, guard, four):
    U = 0.1
    assert decide(value, UPPER, SIMPLE, minus=U, plus=U).verdict == simple
    assert decide(value, UPPER, GUARD, minus=U, plus=U).verdict == guard
    assert decide(value, UPPER, FOUR, minus=U, plus=U).verdict == four


@given(finite, finite, spread, st.sampled_from(DecisionRule))
def test_a_lower_limit_is_the_mirror_of_an_upper_one(value, limit, U, rule):
    upper = decide(value, Limit(max=limit), rule, minus=U, plus=U)
    lower = decide(-value, Limit(min=-limit), rule, minus=U, plus=U)
    assert upper.verdict is lower.verdict


@given(finite, finite, spread)
def test_a_guard_band_never_accepts_what_simple_acceptance_rejects(value, limit, U):
    simple = decide(value, Limit(max=limit), SIMPLE, minus=U, plus=U).verdict
    guard = decide(value, Limit(max=limit), GUARD, minus=U, plus=U).verdict
    assert not (guard is Verdict.CONFORM and simple is Verdict.NON_CONFORM)


@given(finite, finite, finite, spread, st.sampled_from(DecisionRule))
def test_the_worse_side_of_an_interval_decides(value, a, b, U, rule):
    low, high = sorted((a, b))
    both = decide(value, Limit(min=low, max=high), rule, minus=U, plus=U).verdict
    if both is Verdict.INVALID:
        assert 2 * U >= high - low
        return
    sides = [
        decide(value, Limit(max=high), rule, minus=U, plus=U).verdict,
        decide(value, Limit(min=low), rule, minus=U, plus=U).verdict,
    ]
    assert both is max(sides, key=lambda one: one.severity)


@given(finite, spread, st.sampled_from(DecisionRule))
def test_a_value_further_from_the_limit_is_never_judged_worse(value, U, rule):
    nearer = decide(value, Limit(max=0), rule, minus=U, plus=U).verdict
    further = decide(value - 1, Limit(max=0), rule, minus=U, plus=U).verdict
    assert further.severity <= nearer.severity


def test_an_exclusive_limit_does_not_contain_its_bound():
    assert decide(5.0, Limit(max=5.0), SIMPLE).verdict is Verdict.CONFORM
    assert decide(5.0, Limit(max=5.0, exclusive=True), SIMPLE).verdict is Verdict.NON_CONFORM


def test_a_guard_band_wider_than_the_tolerance_cannot_be_decided():
    decision = decide(1.0, Limit(min=0.9, max=1.1), GUARD, minus=0.11, plus=0.11)
    assert decision.verdict is Verdict.INVALID
    assert "guard band" in decision.reason


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_never_judged(value):
    assert decide(value, UPPER, SIMPLE).verdict is Verdict.INVALID


@pytest.mark.parametrize(("value", "p"), [(2.0, 0.500), (1.9, 0.977), (2.1, 0.023)])
def test_conformance_probability_at_the_limit_and_one_U_off_it(value, p):
    assert conformance_probability(value, 0.05, UPPER) == pytest.approx(p, abs=5e-4)


def test_a_guard_band_of_1_645_u_accepts_wrongly_in_five_percent():
    assert 1 - conformance_probability(2.0 - 1.645 * 0.05, 0.05, UPPER) == pytest.approx(0.05, abs=2e-4)


def test_zero_loss_needs_as_many_packets_as_the_exact_binomial_says():
    assert trials_for_zero(1e-3) == 2995
    assert trials_for_zero(1e-4) == 29956
    assert clopper_pearson(5, 10_000)[1] == pytest.approx(1.05e-3, rel=5e-3)
    assert clopper_pearson(50, 100_000)[1] == pytest.approx(6.3e-4, rel=5e-3)


@given(st.integers(0, 200), st.integers(1, 200))
def test_binomial_bounds_hold_the_observed_proportion(hits, trials):
    hits = min(hits, trials)
    low, high = clopper_pearson(hits, trials)
    assert 0 <= low <= hits / trials <= high <= 1


@pytest.mark.parametrize(
    ("rule", "verdict"), [(SIMPLE, "conform"), (GUARD, "non_conform"), (FOUR, "conditional_conform")]
)
def test_a_proportion_is_guarded_by_its_exact_upper_bound(rule, verdict):
    low, high = clopper_pearson(5, 10_000)
    decision = decide(5e-4, Limit(unit="1", max=1e-3), rule, minus=5e-4 - low, plus=high - 5e-4)
    assert decision.verdict == verdict


def test_the_coverage_factor_is_students_t_at_95_45_percent():
    for dof in range(1, 50):
        assert coverage_factor(dof) == pytest.approx(stdtrit(dof, (1 + 0.9545) / 2), rel=1e-12)
    printed = {1: 13.97, 2: 4.53, 3: 3.31, 4: 2.87, 5: 2.65, 10: 2.28, 20: 2.13, 45: 2.06}  # GUM table G.2
    assert {dof: round(coverage_factor(dof), 2) for dof in printed} == printed


@pytest.mark.parametrize(
    ("dof", "as_for"), [(0.0, 1), (0.4, 1), (1.99, 1), (2.0, 2), (49.999, 49), (50.0, math.inf)]
)
def test_degrees_of_freedom_are_rounded_down_and_are_never_less_than_one(dof: float, as_for: float):
    assert coverage_factor(dof) == coverage_factor(as_for)
    assert coverage_factor(math.inf) == 2.0


@pytest.mark.parametrize(("hits", "trials"), [(0, 1), (0, 59), (3, 3), (2995, 2995)])
def test_the_bound_of_a_share_without_exception_is_that_of_the_beta_distribution(hits: int, trials: int):
    for level in (0.9, 0.95, 0.99):
        low = 0.0 if hits == 0 else betaincinv(hits, trials - hits + 1, 1 - level)
        high = 1.0 if hits == trials else betaincinv(hits + 1, trials - hits, level)
        assert clopper_pearson(hits, trials, level) == pytest.approx((low, high), abs=1e-14)


@pytest.mark.parametrize(
    ("reason", "because"),
    [
        ("not shown by what was observed: no lamp in view", "no lamp in view"),
        ("limit unverified", "3 of 3 tries"),
        ("", "3 of 3 tries"),
    ],
)
def test_what_the_measurement_says_stands_in_the_reason_once(reason: str, because: str) -> None:
    whole = Decision(Verdict.UNJUDGED, reason).reason_with(because)
    assert whole.count(because) == 1
    assert whole.startswith(reason)
