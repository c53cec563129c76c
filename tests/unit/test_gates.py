# SPDX-License-Identifier: Apache-2.0
"""The verdict gates, in their order: a closed gate can never be passed by a good figure."""

import dataclasses
import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.support import judging
from tests.support.judging import measured
from yanshou.metrology import (
    Conditions,
    evaluate_counts,
    evaluate_latencies,
    evaluate_values,
    evaluated,
    inherent,
    judge,
    rectangular,
    without_value,
)
from yanshou.model import (
    DecisionRule,
    Instant,
    Latency,
    Limit,
    LimitStatus,
    Measurement,
    Obligation,
    Quantity,
    Reservation,
    Reserve,
    Statistic,
    Verdict,
)


def requirement(limit, status=LimitStatus.PROVISIONAL, rule=None):
    return judging.requirement(limit, Statistic.MAX, limit_status=status, decision_rule=rule)


TWO_SECONDS = requirement(Limit(unit="s", max=2.0))
AGREED = Conditions()


def test_no_measurement_is_not_tested():
    assert judge(None, TWO_SECONDS, AGREED).verdict is Verdict.NOT_TESTED
    assert judge(measured(value=None, U=None), TWO_SECONDS, AGREED).verdict is Verdict.NOT_TESTED


def test_an_invalid_measurement_is_never_judged_however_good():
    decision = judge(measured(invalid="calibration of DMM-1 ended on 2026-11-01"), TWO_SECONDS, AGREED)
    assert decision.verdict is Verdict.INVALID
    assert "DMM-1" in decision.reason


def test_a_continuous_value_without_uncertainty_is_invalid():
    bare = Measurement("m", "Z01", Quantity.CONTINUOUS, 1.0, "s", 1)
    assert judge(bare, TWO_SECONDS, AGREED).verdict is Verdict.INVALID


def test_an_unverified_limit_gives_a_value_without_a_verdict_unless_confirmed():
    open_limit = requirement(Limit(unit="s", max=2.0), LimitStatus.UNVERIFIED)
    assert judge(measured(), open_limit, AGREED).verdict is Verdict.UNJUDGED
    assert judge(measured(9.0), open_limit, AGREED).verdict is Verdict.UNJUDGED
    assert judge(measured(9.0), open_limit, Conditions(limits_confirmed=True)).verdict is Verdict.NON_CONFORM


def test_invalid_comes_before_unverified():
    open_limit = requirement(Limit(unit="s", max=2.0), LimitStatus.UNVERIFIED)
    assert judge(measured(invalid="clipped"), open_limit, AGREED).verdict is Verdict.INVALID


def test_a_rule_the_clause_fixes_wins_over_the_agreed_one():
    fixed = requirement(Limit(unit="s", max=2.0), rule=DecisionRule.SIMPLE)
    assert judge(measured(1.95), fixed, Conditions(rule=DecisionRule.GUARD_BAND)).verdict is Verdict.CONFORM
    assert (
        judge(measured(1.95), TWO_SECONDS, Conditions(rule=DecisionRule.GUARD_BAND)).verdict
        is Verdict.NON_CONFORM
    )


@pytest.mark.parametrize(
    ("waited", "verdict"), [(10.0, Verdict.NON_CONFORM), (2.0, Verdict.NOT_TESTED), (1.0, Verdict.NOT_TESTED)]
)
def test_an_event_that_never_came_fails_only_when_waited_longer_than_the_limit(waited, verdict):
    silent = measured(value=None, U=None, at_least=waited)
    assert judge(silent, TWO_SECONDS, AGREED).verdict is verdict


@pytest.mark.parametrize(("value", "verdict"), [(1.0, "conditional_conform"), (3.0, "non_conform")])
def test_a_shortened_watch_conforms_conditionally_at_best_and_says_so(value, verdict):
    short = Reservation(Reserve.SHORTENED, "0.5 s for 600 s")
    decision = judge(measured(value=value, reservations=(short,)), TWO_SECONDS, AGREED)
    assert decision.verdict == verdict
    assert ("0.5 s for 600 s" in decision.reason) is (verdict == "conditional_conform")


@pytest.mark.parametrize(
    ("components", "verdict"), [([0.0], "invalid"), ([], "invalid"), ([0.01, 0.0], "conform")]
)
def test_a_value_whose_budget_has_no_size_is_never_judged(components, verdict):
    parts = [rectangular("reading", one) for one in components]
    made = evaluated("m", "Z01", 1.0, "s", 3, parts)
    assert judge(made, TWO_SECONDS, AGREED).verdict == verdict
    assert judge(inherent("m", "Z01", 1.0, "s", 3), TWO_SECONDS, AGREED).verdict is Verdict.CONFORM
    assert judge(without_value("m", "Z01", "s", "no stream"), TWO_SECONDS, AGREED).verdict is Verdict.INVALID


def test_every_reservation_stands_in_the_reason_under_its_own_words():
    held = (Reservation(Reserve.UNPROVEN, "may be blown up"), Reservation(Reserve.SHORTENED, "5 s for 600 s"))
    decision = judge(measured(reservations=held), TWO_SECONDS, AGREED)
    assert decision.verdict is Verdict.CONDITIONAL_CONFORM
    assert decision.reason == (
        "watched or repeated less than usual: 5 s for 600 s; not shown by what was observed: may be blown up"
    )


def test_an_estimate_conforms_only_where_it_was_agreed_as_the_method():
    eight_hours = requirement(Limit(unit="h", min=8.0))
    good, bad = measured(9.0, unit="h", estimate=True), measured(5.0, unit="h", estimate=True)
    assert judge(good, eight_hours, AGREED).verdict is Verdict.CONDITIONAL_CONFORM
    assert (
        judge(good, eight_hours, Conditions(accepted_estimates=frozenset({"m"}))).verdict is Verdict.CONFORM
    )
    assert judge(bad, eight_hours, AGREED).verdict is Verdict.NON_CONFORM


@pytest.mark.parametrize(
    ("value", "verdict"), [(True, Verdict.CONFORM), (False, Verdict.NON_CONFORM), (1.0, Verdict.NON_CONFORM)]
)
def test_a_logical_requirement_takes_only_the_very_value(value, verdict):
    logical = requirement(Limit(equals=True))
    answer = Measurement("m", "Z01", Quantity.LOGICAL, value, "", 1)
    assert judge(answer, logical, AGREED).verdict is verdict


def test_what_nobody_looked_at_meets_no_clause():
    rule = requirement(Limit(unit="1", equals=True))
    seen, unseen = (Measurement("m", "SITE", Quantity.LOGICAL, True, "", n) for n in (1, 0))
    assert judge(seen, rule, AGREED).verdict is Verdict.CONFORM
    assert judge(unseen, rule, AGREED).verdict is Verdict.NOT_TESTED


def test_counts_are_judged_as_counted_whatever_the_rule():
    none_missed = requirement(Limit(unit="1", max=0))
    strict = Conditions(rule=DecisionRule.GUARD_BAND)
    assert (
        judge(evaluate_counts("m", "Z01", 0, 10, proportion=False), none_missed, strict).verdict
        is Verdict.CONFORM
    )
    assert (
        judge(evaluate_counts("m", "Z01", 1, 10, proportion=False), none_missed, strict).verdict
        is Verdict.NON_CONFORM
    )


def test_indicative_conditions_close_the_gate():
    profile = Conditions(indicative="device profile not verified")
    assert judge(measured(), TWO_SECONDS, profile).verdict is Verdict.INVALID


def test_a_latency_carries_its_bracket_as_uncertainty():
    latency = Instant(10.0, 10.004) - Instant(9.0, 9.002)
    assert (latency.least, latency.most) == pytest.approx((0.998, 1.004))
    result = evaluate_latencies("m", "Z01", [latency], Statistic.MAX)
    assert result.value == pytest.approx(1.001)
    assert result.U >= latency.half_width
    assert result.k == 2.0


def test_the_maximum_covers_a_repetition_that_may_have_been_longer():
    wide, narrow = Latency(0.5, 1.5), Latency(1.0, 1.02)
    result = evaluate_latencies("m", "Z01", [wide, narrow], Statistic.MAX)
    assert result.value + result.U >= 1.5


def test_one_missing_event_leaves_no_figure_for_the_maximum():
    result = evaluate_latencies("m", "Z01", [Latency(0.1, 0.2)], Statistic.MAX, never_within=10.0)
    assert result.value is None
    assert result.at_least == 10.0


def test_a_single_reading_without_type_b_has_no_uncertainty():
    assert evaluate_values("m", "P", [1.0], "A", Statistic.MEAN, components=()).U is None
    one = evaluate_values("m", "P", [1.0], "A", Statistic.MEAN, components=[rectangular("meter", 0.01)])
    assert pytest.approx(2 * 0.01 / 3**0.5) == one.U


def test_few_readings_widen_the_coverage_factor():
    few = evaluate_values("m", "P", [1.0, 1.1, 0.9], "A", Statistic.MEAN, components=())
    assert few.k > 4
    assert dataclasses.replace(few, n=3).budget[0].dof == 2


@pytest.mark.parametrize(
    ("waited", "limit", "verdict"),
    [
        (9.0, Limit("h", min=8.0), Verdict.CONFORM),
        (7.0, Limit("h", min=8.0), Verdict.NOT_TESTED),
        (9.0, Limit("h", max=8.0), Verdict.NON_CONFORM),
        (9.0, Limit("h", min=4.0, max=10.0), Verdict.NOT_TESTED),
    ],
)
def test_what_was_not_ended_is_more_than_the_wait_and_judged_as_that(
    waited: float, limit: Limit, verdict: Verdict
) -> None:
    never = Measurement("m", "D", Quantity.CONTINUOUS, None, limit.unit, 1, at_least=waited)
    assert judge(never, requirement(limit), Conditions()).verdict is verdict


@pytest.mark.parametrize(
    ("hits", "trials", "expected"),
    [
        (0, 500, Verdict.NOT_TESTED),  # none of 500 is no evidence of one in a thousand
        (0, 2994, Verdict.NOT_TESTED),
        (0, 2995, Verdict.CONFORM),
        (1, 2000, Verdict.NOT_TESTED),
        (5, 10_000, Verdict.CONDITIONAL_CONFORM),  # 5e-4, but up to 1.05e-3 at 95 %
        (50, 100_000, Verdict.CONFORM),  # up to 6.3e-4
        (3, 2000, Verdict.CONDITIONAL_NON_CONFORM),  # 1.5e-3, but down to 4.1e-4
        (150, 10_000, Verdict.NON_CONFORM),
    ],
)
def test_a_proportion_needs_the_trials_that_prove_it(hits, trials, expected):
    measured = evaluate_counts("m", "CAM-1", hits, trials, proportion=True)
    assert judge(measured, requirement(Limit("1", max=1e-3)), Conditions()).verdict is expected


def test_too_few_trials_prove_nothing_under_any_rule():
    measured = evaluate_counts("m", "CAM-1", 0, 500, proportion=True)
    for rule in DecisionRule:
        assert judge(measured, requirement(Limit("1", max=1e-3)), Conditions(rule=rule)).verdict is (
            Verdict.NOT_TESTED
        )


# -- unit, measurand and device travel with the number ------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "limit", "verdict"),
    [
        (0.02, "mSv/h", Limit("uSv/h", max=0.5), Verdict.NON_CONFORM),  # 20 uSv/h
        (0.4, "µSv/h", Limit("uSv/h", max=0.5), Verdict.CONFORM),
        (1900.0, "ms", Limit("s", max=2.0), Verdict.CONFORM),
        (2.1, "s", Limit("ms", max=2000.0), Verdict.NON_CONFORM),
        (31.0, "d", Limit("h", min=720.0), Verdict.CONFORM),
        (0.9, "1", Limit("%", min=95.0), Verdict.NON_CONFORM),
        (1.0, "V", Limit("A", max=2.0), Verdict.INVALID),
        (0.3, "uGy/h", Limit("uSv/h", max=0.5), Verdict.INVALID),  # kerma is no dose equivalent
        (1.0, "furlong", Limit("m", max=2.0), Verdict.INVALID),
        (24.0, "month", Limit("d", max=1000.0), Verdict.INVALID),  # a month has no fixed number of days
    ],
)
def test_a_value_is_judged_in_the_unit_of_its_clause_or_not_at_all(value, unit, limit, verdict):
    assert judge(measured(value, value / 100, unit), requirement(limit), AGREED).verdict is verdict


def test_at_its_limit_in_another_unit_a_value_stays_at_its_limit():
    for value, unit, limit in [
        (0.0005, "mSv/h", Limit("uSv/h", max=0.5)),
        (2000.0, "ms", Limit("s", max=2.0)),
    ]:
        assert (
            judge(measured(value, value / 100, unit), requirement(limit), AGREED).verdict is Verdict.CONFORM
        )


def test_another_measurand_or_device_than_the_clause_asks_for_is_invalid():
    other = dataclasses.replace(measured(), measurand="clock_offset")
    assert judge(other, TWO_SECONDS, AGREED).verdict is Verdict.INVALID
    assert judge(measured(), TWO_SECONDS, Conditions(device="Z02")).verdict is Verdict.INVALID
    assert judge(measured(), TWO_SECONDS, Conditions(device="Z01")).verdict is Verdict.CONFORM


# -- U that does not serve its purpose ----------------------------------------------------------------------


@pytest.mark.parametrize("rule", DecisionRule)
def test_a_value_whose_U_is_too_wide_is_not_decided_whatever_the_rule(rule):
    agreed = Conditions(rule=rule)
    for value in (-1.9, 0.1, 1.9, 2.1):
        assert judge(measured(value, 8.7), TWO_SECONDS, agreed).verdict is Verdict.INVALID
    band = requirement(Limit("s", min=10.0, max=12.0))
    assert judge(measured(11.0, 0.7), band, agreed).verdict is Verdict.INVALID
    assert judge(measured(11.0, 0.6), band, agreed).verdict is Verdict.CONFORM
    assert judge(measured(1.0, 0.6), TWO_SECONDS, agreed).verdict is Verdict.CONFORM


def test_what_is_beyond_its_limit_by_more_than_U_does_not_comply_however_wide_U_is():
    assert judge(measured(20.0, 8.7), TWO_SECONDS, AGREED).verdict is Verdict.NON_CONFORM


def test_far_above_a_lower_limit_the_distance_to_it_counts():
    eight_hours = requirement(Limit("h", min=8.0))
    assert judge(measured(65.0, 6.6, "h"), eight_hours, AGREED).verdict is Verdict.CONFORM
    assert judge(measured(9.0, 6.6, "h"), eight_hours, AGREED).verdict is Verdict.INVALID


def test_the_largest_U_is_a_matter_of_agreement():
    assert judge(measured(1.0, 0.9), TWO_SECONDS, Conditions(largest_U=0.5)).verdict is Verdict.CONFORM


def test_a_verdict_by_the_guard_band_gives_its_acceptance_limit():
    at_least_25 = requirement(Limit("fps", min=25.0))
    strict = Conditions(rule=DecisionRule.GUARD_BAND)
    decision = judge(measured(25.0, 0.29, "fps"), at_least_25, strict)
    assert decision.verdict is Verdict.NON_CONFORM
    assert "≥ 25.29 fps" in decision.reason
    assert judge(measured(24.0, 0.29, "fps"), at_least_25, strict).reason == ""


# -- what is known as a bound only --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "least", "verdict"),
    [
        (Limit("s", max=2.0), 1.0, Verdict.NOT_TESTED),  # it may still grow beyond
        (Limit("s", max=2.0), 2.5, Verdict.NON_CONFORM),
        (Limit("s", min=2.0), 2.5, Verdict.CONFORM),
        (Limit("s", min=2.0), 1.0, Verdict.NOT_TESTED),
        (Limit("s", min=2.0, max=4.0), 3.0, Verdict.NOT_TESTED),
        (Limit("s", min=2.0, max=4.0), 5.0, Verdict.NON_CONFORM),
        (Limit("s", equals=4.0), 4.0, Verdict.NOT_TESTED),
        (Limit("s", equals=4.0), 5.0, Verdict.NON_CONFORM),
    ],
)
@pytest.mark.parametrize("with_value", [True, False])
def test_a_least_value_meets_lower_limits_and_breaks_upper_ones(limit, least, verdict, with_value):
    known = measured(least if with_value else None, 0.01 if with_value else None, at_least=least)
    assert judge(known, requirement(limit), AGREED).verdict is verdict


def test_a_wait_that_ends_at_an_exclusive_limit():
    def wait(limit):
        return judge(measured(None, None, at_least=2.0), requirement(limit), AGREED).verdict

    assert wait(Limit("s", max=2.0, exclusive=True)) is Verdict.NON_CONFORM
    assert wait(Limit("s", min=2.0, exclusive=True)) is Verdict.NOT_TESTED


@pytest.mark.parametrize(
    ("hits", "trials", "verdict"),
    [
        (10, 10, Verdict.NOT_TESTED),  # 149 without a miss show 98 %
        (148, 148, Verdict.NOT_TESTED),
        (149, 149, Verdict.CONFORM),
        (990, 1000, Verdict.CONFORM),
        (983, 1000, Verdict.CONDITIONAL_CONFORM),
        (975, 1000, Verdict.CONDITIONAL_NON_CONFORM),
        (9, 10, Verdict.CONDITIONAL_NON_CONFORM),
        (900, 1000, Verdict.NON_CONFORM),
    ],
)
def test_a_lower_limit_of_a_proportion_needs_proof_too(hits, trials, verdict):
    shares = evaluate_counts("m", "CAM-1", hits, trials, proportion=True)
    assert judge(shares, requirement(Limit("1", min=0.98)), AGREED).verdict is verdict
    assert judge(shares, requirement(Limit("%", min=98.0)), AGREED).verdict is verdict


@pytest.mark.parametrize("rule", list(DecisionRule))
@pytest.mark.parametrize(("value", "followed"), [(1.0, True), (2.5, False), (9.0, False)])
def test_advice_that_is_not_followed_is_no_non_conformity(rule, value, followed):
    advice = dataclasses.replace(TWO_SECONDS, obligation=Obligation.ADVICE)
    expected = Verdict.CONFORM if followed else Verdict.ADVICE_NOT_FOLLOWED
    assert judge(measured(value), advice, Conditions(rule=rule)).verdict is expected
    never = judge(measured(None, None, at_least=9.0), advice, Conditions(rule=rule))
    assert never.verdict is Verdict.ADVICE_NOT_FOLLOWED


def test_advice_is_not_judged_on_what_a_requirement_is_not_judged_on():
    advice = dataclasses.replace(TWO_SECONDS, obligation=Obligation.ADVICE)
    assert judge(measured(9.0, invalid="clipped"), advice, AGREED).verdict is Verdict.INVALID
    open_limit = dataclasses.replace(advice, limit_status=LimitStatus.UNVERIFIED)
    assert judge(measured(9.0), open_limit, AGREED).verdict is Verdict.UNJUDGED


def test_a_whole_population_is_no_sample():
    whole = evaluate_counts("m", "SITE", 10, 10, proportion=True, census=True)
    short = evaluate_counts("m", "SITE", 9, 10, proportion=True, census=True)
    row = requirement(Limit("1", min=0.98))
    for rule in DecisionRule:
        assert judge(whole, row, Conditions(rule=rule)).verdict is Verdict.CONFORM
        assert judge(short, row, Conditions(rule=rule)).verdict is Verdict.NON_CONFORM
    assert "whole population" in judge(whole, row, AGREED).reason


def test_a_proportion_without_its_bounds_is_invalid():
    bare = dataclasses.replace(evaluate_counts("m", "SITE", 10, 10, proportion=True), interval=None)
    assert judge(bare, requirement(Limit("1", min=0.98)), AGREED).verdict is Verdict.INVALID


def binomial_tail(hits: int, trials: int, share: float) -> float:
    """The probability of at least so many hits, summed term by term in whole numbers."""
    exact = Fraction(share)
    terms = (math.comb(trials, k) * exact**k * (1 - exact) ** (trials - k) for k in range(hits, trials + 1))
    return float(sum(terms))


@given(st.integers(1, 60), st.data(), st.sampled_from([0.5, 0.75, 0.9, 0.95]))
def test_a_lower_limit_is_proven_only_where_a_worse_population_seldom_shows_as_much(trials, data, least):
    hits = data.draw(st.integers(0, trials))
    shares = evaluate_counts("m", "CAM-1", hits, trials, proportion=True)
    verdict = judge(shares, requirement(Limit("1", min=least)), AGREED).verdict
    proven = binomial_tail(hits, trials, least) <= 0.05
    refuted = 1 - binomial_tail(hits + 1, trials, least) < 0.05
    if verdict is Verdict.CONFORM:
        assert proven
    elif verdict is Verdict.NON_CONFORM:
        assert refuted
    else:
        assert not proven
        assert not refuted


ENDS = st.sampled_from([-3.0, -1.0, 0.0, 1.0, 2.0, 2.5, 4.0, 7.0])


@given(ENDS, ENDS, ENDS, st.sampled_from(["min", "max", "both", "equals"]), st.booleans(), st.booleans())
def test_a_least_value_is_judged_as_all_it_can_be(least, one, other, kind, exclusive, with_value):
    low, high = sorted((one, other))
    assume(low < high)
    limit = {
        "min": Limit("s", min=low, exclusive=exclusive),
        "max": Limit("s", max=high, exclusive=exclusive),
        "both": Limit("s", min=low, max=high, exclusive=exclusive),
        "equals": Limit("s", equals=low),
    }[kind]

    def inside(value):
        if kind == "equals":
            return value == low
        over = kind in {"min", "both"} and (value < low or (exclusive and value == low))
        return not over and not (kind in {"max", "both"} and (value > high or (exclusive and value == high)))

    # all it can be: the least itself, each end, what lies just above it, and far beyond
    ends = [end for end in (least, low, high) if end >= least]
    possible = [*ends, *(end + 1e-6 for end in ends), 1e9]
    known = measured(least if with_value else None, 0.0 if with_value else None, at_least=least)
    verdict = judge(known, requirement(limit), AGREED).verdict
    if all(inside(value) for value in possible):
        assert verdict is Verdict.CONFORM
    elif not any(inside(value) for value in possible):
        assert verdict is Verdict.NON_CONFORM
    else:
        assert verdict is Verdict.NOT_TESTED


@pytest.mark.parametrize("rule", list(DecisionRule))
def test_what_lies_far_outside_two_limits_does_not_conform_however_wide_U_is(rule):
    band = requirement(Limit("s", min=5.0, max=15.0))
    assert judge(measured(100.0, 6.0), band, Conditions(rule=rule)).verdict is Verdict.NON_CONFORM
    assert judge(measured(-40.0, 6.0), band, Conditions(rule=rule)).verdict is Verdict.NON_CONFORM
    assert judge(measured(10.0, 6.0), band, Conditions(rule=rule)).verdict is Verdict.INVALID


def test_a_least_value_that_lies_beyond_the_limit_does_not_conform_however_wide_U_is():
    old = measured(40.0, 20.0, at_least=40.0)
    assert judge(old, requirement(Limit("s", max=10.0)), AGREED).verdict is Verdict.NON_CONFORM
    assert judge(old, requirement(Limit("s", min=50.0)), AGREED).verdict is not Verdict.NON_CONFORM


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -0.1])
def test_an_uncertainty_that_is_none_closes_the_gate(wrong):
    assert judge(measured(1.0, wrong), TWO_SECONDS, AGREED).verdict is Verdict.INVALID


def test_an_answer_before_its_stimulus_is_impossible():
    before = evaluate_latencies("m", "Z01", [Latency(-3.0, -1.0)], Statistic.MAX)
    assert "before the stimulus" in judge(before, TWO_SECONDS, AGREED).reason
    assert judge(before, TWO_SECONDS, AGREED).verdict is Verdict.INVALID


def test_a_relay_whose_delay_is_hardly_known_decides_nothing():
    opened = Instant(10.0, 25.0, bound_s=15.0)  # stated: up to 15 s until the contact moves
    seen = evaluate_latencies("m", "Z01", [Instant(15.6, 15.6) - opened], Statistic.MAX)
    assert judge(seen, TWO_SECONDS, AGREED).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    ("least", "most", "verdict"),
    [
        (1.2, 1.5, Verdict.NON_CONFORM),
        (1.2, 2.01, Verdict.NOT_TESTED),
        (1.2, 2.4, Verdict.NOT_TESTED),
        (2.1, 2.4, Verdict.CONFORM),
    ],
)
def test_a_value_between_two_bounds_is_judged_by_the_bound_that_decides(least, most, verdict):
    known = measured(least, 0.02, at_least=least, at_most=most)
    assert judge(known, requirement(Limit("s", min=2.0)), AGREED).verdict is verdict
