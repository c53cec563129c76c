# SPDX-License-Identifier: Apache-2.0
"""Doses, leakage and belts of security inspection: what the readings prove, and what they do not."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.judging import requirement
from yanshou.evaluation import inspection
from yanshou.metrology import Budget, Conditions, judge
from yanshou.model import Component, Instant, Limit, Measurement, Statistic, Verdict
from yanshou.model.reading import Reading

METER = Component("meter M-1", "B", "normal", 1.0, math.inf, "certificate")
PLACES = ("entry", "exit", "left", "right", "top", "bottom")


def reading(value: float, unit: str = "uGy", U: float = 0.1) -> Reading:
    return Reading(value, unit, U, 2.0, "M-1", Instant(0.0, 1.0))


def dose(*totals: float, passes: int = 10, background: float = 0.0) -> inspection.PassDose:
    return inspection.PassDose(
        tuple(inspection.DoseSeries(reading(one), passes) for one in totals), background
    )


def verdict(found: Measurement, limit: Limit) -> Verdict:
    row = replace(requirement(limit, Statistic.MAX), measurand=found.measurand)
    return judge(found, row, Conditions()).verdict


@given(each=st.floats(0.05, 20), background=st.floats(0, 50), passes=st.integers(1, 200))
def test_the_dose_of_one_pass_is_what_every_pass_gave(each: float, background: float, passes: int) -> None:
    seen = dose(each * passes + background, passes=passes, background=background)
    assert seen.values == [pytest.approx(each, rel=1e-6, abs=1e-9)]


def test_a_background_that_is_taken_away_widens_u_by_as_much_as_it_helps() -> None:
    """A background told too high would hide a dose; its own size stands in the budget."""
    honest, hidden = dose(60.0, background=0.0), dose(60.0, background=15.0)
    assert hidden.values[0] < 5.0 < honest.values[0]
    U = Budget.of(hidden.components(METER)).U
    assert hidden.values[0] + U > honest.values[0] - 1e-9


def test_with_the_beam_off_nothing_is_measured() -> None:
    assert "射线未开启" in dose(2.0, 1.9, background=1.9).impossible
    assert dose(2.0, 2.1, background=1.9).impossible == ""


def test_the_widest_series_states_the_uncertainty() -> None:
    few = inspection.DoseSeries(reading(20.0, U=0.4), 5)
    many = inspection.DoseSeries(reading(40.0, U=0.4), 10)
    seen = inspection.PassDose((many, few), 0.0)
    assert Budget.of(seen.components(METER)).u_c == pytest.approx(0.2 / 5)


def leak(whole: bool = True, **places: float) -> Measurement:
    read = {one: reading(places.get(one, 0.3), "uGy/h", U=0.05) for one in PLACES}
    if not whole:
        del read["bottom"]
    return inspection.leakage(
        "leakage_at_5_cm", "XR-1", read, [replace(METER, u=0.05)], Statistic.MAX, whole=whole
    )


LEAKS = Limit("uGy/h", max=5.0)


@pytest.mark.parametrize("place", PLACES)
def test_the_worst_place_is_judged_wherever_it_is(place: str) -> None:
    assert verdict(leak(**{place: 6.0}), LEAKS) is Verdict.NON_CONFORM
    assert verdict(leak(**{place: 4.0}), LEAKS) is Verdict.CONFORM


def test_a_place_that_was_not_reached_is_not_passed_by_the_others() -> None:
    assert verdict(leak(whole=False), LEAKS) is Verdict.NOT_TESTED
    assert verdict(leak(whole=False, entry=6.0), LEAKS) is Verdict.NON_CONFORM


def test_a_belt_that_crept_either_way_has_shifted() -> None:
    before, after = [reading(42.0, "mm"), reading(42.0, "mm")], [reading(36.0, "mm"), reading(47.0, "mm")]
    assert inspection.shifted(before, after) == [6.0, 5.0]


def test_both_readings_of_a_ruler_stand_in_the_budget() -> None:
    parts = inspection.read_twice(replace(METER, u=0.15), 0.5)
    assert Budget.of(parts).u_c == pytest.approx(math.sqrt(2 * 0.15**2 + 2 * 0.25 / 3))


def test_a_short_time_by_hand_is_uncertain() -> None:
    length = reading(1.0, "m", U=0.001)
    slow, quick = ([reading(one, "s")] for one in (10.0, 1.0))
    shares = [Budget.of(inspection.timed_by_hand(length, METER, times, 0.3)).U for times in (slow, quick)]
    assert shares[0] < 0.05 < 1 / 3 < shares[1] * 1.01
    assert inspection.timed_by_hand(length, METER, [reading(0.0, "s")], 0.3)[1].u == 0.0
