# SPDX-License-Identifier: Apache-2.0
"""Samples: size by the standard's table, drawn by seed alone, shared between requirements."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanshou.model import SampleRecord, UsageError
from yanshou.planning.sampling import GB50339, GB50348, draw, level_i, ranked, retest_sample, sample_size

RULES = (GB50348, GB50339, "all")
ids = st.sets(st.integers(1, 400).map(lambda number: f"Z{number}"), min_size=1, max_size=120)
seeds = st.integers(0, 2**63 - 1)


@pytest.mark.parametrize(
    ("N", "n"),
    [
        (1, 1), (5, 5), (6, 5), (50, 5), (90, 5), (91, 8), (150, 8), (151, 13), (280, 13), (281, 20),
        (500, 20), (501, 32), (1200, 32), (1201, 50), (3200, 50), (3201, 80), (10_000, 80), (10_001, 125),
        (35_000, 125), (35_001, 200), (500_001, 500),
    ],
)  # fmt: skip
def test_gb50348_takes_all_up_to_five_then_level_i_but_at_least_five(N: int, n: int):
    assert sample_size(GB50348, N) == n


@pytest.mark.parametrize(("N", "n"), [(2, 2), (8, 2), (15, 2), (16, 3), (25, 3), (26, 5)])
def test_level_i_of_small_lots(N: int, n: int):
    assert level_i(N) == n


@pytest.mark.parametrize(("N", "n"), [(1, 1), (2, 2), (3, 3), (15, 3), (16, 4), (20, 4), (21, 5), (100, 20)])
def test_gb50339_takes_a_fifth_but_at_least_three(N: int, n: int):
    assert sample_size(GB50339, N) == n


def test_an_unknown_rule_is_a_usage_error():
    with pytest.raises(UsageError, match="ten percent"):
        sample_size("ten percent", 10)


@given(ids, seeds, st.sampled_from(RULES))
def test_a_sample_is_a_part_of_its_population_of_the_size_of_the_rule(lot: set[str], seed: int, rule: str):
    drawn = draw(ranked(lot, seed, "zone/A"), lot, rule)
    assert set(drawn) <= lot
    assert len(drawn) == len(set(drawn)) == sample_size(rule, len(lot)) <= len(lot)


@given(ids, seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_inventory_does_not_change_the_draw(
    lot: set[str], seed: int, shuffle: random.Random
):
    other = list(lot)
    shuffle.shuffle(other)
    assert ranked(lot, seed, "zone/A") == ranked(other, seed, "zone/A")


@given(ids, seeds, st.data())
def test_what_is_drawn_for_the_whole_is_drawn_for_a_part_too(lot: set[str], seed: int, data: st.DataObject):
    """The requirements of one lot share their devices as far as the rules permit."""
    part = data.draw(st.sets(st.sampled_from(sorted(lot)), min_size=1))
    order = ranked(lot, seed, "zone/A")
    assert set(draw(order, lot, GB50348)) & part <= set(draw(order, part, GB50348))


@given(ids, seeds, st.sets(st.integers(401, 500).map(lambda number: f"Z{number}"), min_size=1))
def test_a_device_that_is_added_moves_none_of_the_others(lot: set[str], seed: int, more: set[str]):
    grown = ranked(lot | more, seed, "zone/A")
    assert [one for one in grown if one in lot] == ranked(lot, seed, "zone/A")


def test_two_lots_and_two_seeds_are_drawn_apart():
    lot = [f"Z{number:02}" for number in range(30)]
    orders = {tuple(ranked(lot, seed, name)) for seed in (1, 2) for name in ("zone/A", "zone/B")}
    assert len(orders) == 4


def test_every_device_has_the_same_chance():
    lot = [f"Z{number:02}" for number in range(20)]
    drawn = [one for seed in range(4000) for one in draw(ranked(lot, seed, "zone/A"), lot, GB50348)]
    counts = [drawn.count(one) for one in lot]
    assert 850 < min(counts) <= max(counts) < 1150  # 1000 expected, standard deviation 27


@given(ids, seeds, st.data())
def test_the_retest_doubles_the_sample_and_holds_what_failed(lot: set[str], seed: int, data: st.DataObject):
    drawn = draw(ranked(lot, seed, "zone/A"), lot, GB50348)
    first = SampleRecord("zone/A", len(lot), len(drawn), GB50348, drawn)
    failed = data.draw(st.sets(st.sampled_from(drawn), min_size=1))
    again = retest_sample(first, lot, failed, seed)
    assert again.n == len(again.drawn) == min(2 * len(drawn), len(lot))
    assert failed <= set(again.drawn) <= lot
    assert again == retest_sample(first, sorted(lot, reverse=True), failed, seed)
    fresh = set(again.drawn) - set(drawn)
    assert len(fresh) == min(again.n - len(failed), len(lot) - len(drawn))


def test_a_device_that_was_never_drawn_cannot_be_retested():
    first = SampleRecord("zone/A", 3, 1, GB50348, ("Z1",))
    with pytest.raises(UsageError, match="Z2"):
        retest_sample(first, ["Z1", "Z2", "Z3"], ["Z2"], 1)
