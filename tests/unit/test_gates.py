# SPDX-License-Identifier: Apache-2.0
"""The verdict gates, in their order: a closed gate can never be passed by a good figure."""

import dataclasses

import pytest

from yanshou.metrology import (
    Conditions,
    evaluate_counts,
    evaluate_latencies,
    evaluate_values,
    judge,
    rectangular,
)
from yanshou.model import (
    DecisionRule,
    Instant,
    Latency,
    Limit,
    LimitStatus,
    Measurement,
    Quantity,
    Requirement,
    Statistic,
    Text,
    UncertaintyStatus,
    Verdict,
)

WORDS = Text("", "")


def requirement(limit, status=LimitStatus.PROVISIONAL, rule=None):
    return Requirement(
        id="X-1", standard="GB 0", edition="2026", clause="1", system="intrusion", title=WORDS, asks=WORDS,
        measurand="m", statistic=Statistic.MAX, limit=limit, limit_status=status, applies={},
        population=("zone",), mandatory=True, in_force=True, rank=2, decision_rule=rule,
    )  # fmt: skip


def measured(value=1.0, U=0.1, **more):
    return Measurement(
        "m", "Z01", Quantity.CONTINUOUS, value, "s", 3,
        U=U, k=2.0, uncertainty=UncertaintyStatus.EVALUATED, **more,
    )  # fmt: skip


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


def test_an_estimate_conforms_only_where_it_was_agreed_as_the_method():
    eight_hours = requirement(Limit(unit="h", min=8.0))
    good, bad = measured(9.0, estimate=True), measured(5.0, estimate=True)
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
    measured = evaluate_counts("packet_loss_ratio", "CAM-1", hits, trials, proportion=True)
    assert judge(measured, requirement(Limit("1", max=1e-3)), Conditions()).verdict is expected


def test_too_few_trials_prove_nothing_under_any_rule():
    measured = evaluate_counts("packet_loss_ratio", "CAM-1", 0, 500, proportion=True)
    for rule in DecisionRule:
        assert judge(measured, requirement(Limit("1", max=1e-3)), Conditions(rule=rule)).verdict is (
            Verdict.NOT_TESTED
        )
