# SPDX-License-Identifier: Apache-2.0
"""The uncertainty of a latency holds the truth, whatever the statistic."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yanshou.metrology import evaluate_latencies
from yanshou.metrology.statistics import percentile
from yanshou.model import Instant, Latency, Statistic

STATISTICS = {
    Statistic.MAX: max,
    Statistic.MIN: min,
    Statistic.MEAN: lambda values: math.fsum(values) / len(values),
    Statistic.P95: lambda values: percentile(values, 0.95),
    Statistic.VALUE: max,
}
truths = st.floats(0.0, 600.0)
# how far the interval reaches to either side of the truth
sides = st.floats(0.0, 2.0)
# an instant that is known exactly is none: a value without any component of U is never judged
observed = st.lists(st.tuples(truths, sides, sides), min_size=1, max_size=12).filter(
    lambda seen: any(below + above > 1e-9 for _, below, above in seen)
)


@given(observed, st.sampled_from(list(STATISTICS)))
def test_the_true_statistic_is_always_within_U(seen, statistic) -> None:
    latencies = [Latency(truth - below, truth + above) for truth, below, above in seen]
    result = evaluate_latencies("m", "Z01", latencies, statistic)
    assert isinstance(result.value, float)
    assert result.U is not None
    truth = STATISTICS[statistic]([one for one, _, _ in seen])
    assert abs(result.value - truth) <= result.U + 1e-9


@given(observed, st.sampled_from(list(STATISTICS)), st.floats(1e-6, 1.0))
@example([(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)], Statistic.MEAN, 1.0)
@example([(0.0, 0.0, 0.0), (115.0, 0.0, 1.0)], Statistic.MEAN, 1.0000000000000002e-06)
def test_a_wider_bracket_never_gives_a_smaller_combined_uncertainty(seen, statistic, more) -> None:
    """u_c, not U: a wide bracket beside a few readings brings degrees of freedom, so k falls (GUM G.4)."""
    narrow = [Latency(truth - side, truth + side) for truth, side, _ in seen]
    wide = [Latency(truth - side - more, truth + side + more) for truth, side, _ in seen]
    measured = [evaluate_latencies("m", "Z01", those, statistic) for those in (narrow, wide)]
    u_c = [math.hypot(*(part.u for part in one.budget)) for one in measured]
    added = more / math.sqrt(3)  # beside a wide spread it is lost in rounding
    assert u_c[1] > u_c[0] or (u_c[1] == u_c[0] and added < 1e-7 * u_c[0])


@given(truths, st.floats(0.0, 0.015), st.floats(0.0, 0.010), st.floats(0, 1), st.floats(0, 1))
def test_contacts_at_their_bound_stay_within_U(truth, relay, filtered, part, rest) -> None:
    """A delay of the contacts is no noise: at its bound every time, it still has to be inside."""
    written = Instant(10.0, 10.0 + relay, via="RELAY-1/0:operate", bound_s=relay)
    moved = 10.0 + part * relay
    shown = moved + truth + rest * filtered
    seen = Instant(shown - filtered, shown, via="RELAY-1/di0:on", bound_s=filtered)
    latencies = [seen - written] * 3
    result = evaluate_latencies("m", "Z01", latencies, Statistic.MEAN)
    assert isinstance(result.value, float)
    assert abs(result.value - truth) <= (result.U or 0.0) + 1e-9
    assert latencies[0].bound_s == pytest.approx(relay + filtered)


def test_the_minimum_covers_a_repetition_that_may_have_been_shorter() -> None:
    wide, narrow = Latency(0.5, 1.7), Latency(1.0, 1.02)
    result = evaluate_latencies("m", "Z01", [wide, narrow], Statistic.MIN)
    assert isinstance(result.value, float)
    assert result.value == pytest.approx(1.01)
    assert result.value - (result.U or 0.0) <= 0.5


def test_the_budget_names_the_contacts_it_had_to_bound() -> None:
    seen = Instant(10.3, 10.31) - Instant(10.0, 10.016, via="RELAY-1/0:operate", bound_s=0.015)
    terms = evaluate_latencies("m", "Z01", [seen], Statistic.MAX).budget
    assert "15 ms" in next(term.source for term in terms if term.name == "bracket of polling")


def test_where_an_instant_came_through_does_not_make_it_another_one() -> None:
    assert Instant(1.0, 2.0, via="RELAY-1/0:operate", bound_s=0.5) == Instant(1.0, 2.0)
    latency = Instant(3.0, 4.0, via="RELAY-1/di0:on") - Instant(1.0, 2.0, via="RELAY-1/0:operate")
    assert latency.path == ("RELAY-1/0:operate", "RELAY-1/di0:on")


def test_a_calibrated_delay_takes_the_place_of_the_bounds() -> None:
    latency = Latency(0.275, 0.310, ("RELAY-1/0:operate", "RELAY-1/di0:on"), bound_s=0.025)
    corrected = latency.corrected(0.008)
    assert (corrected.least, corrected.most) == pytest.approx((0.292, 0.302))
    assert corrected.bound_s == 0.0
