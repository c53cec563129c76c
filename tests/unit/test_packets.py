# SPDX-License-Identifier: Apache-2.0
"""Loss, jitter and regularity of packet streams whose truth is known."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanshou.metrology.packets import (
    delay_variation,
    interarrival_jitter,
    loss,
    regularity,
    transit,
)


def wire(numbers: list[int]) -> np.ndarray:
    return np.array([number & 0xFFFF for number in numbers], np.uint16)


@given(
    first=st.integers(0, 0xFFFF),
    count=st.integers(3, 400),
    seed=st.integers(0, 2**32),
)
def test_numbers_of_another_payload_of_the_source_are_not_missing(first, count, seed):
    chance = random.Random(seed)
    kinds = [chance.choice(["ours", "other", "lost"]) for _ in range(count)]
    kinds[0] = kinds[-1] = "ours"
    ours = [first + n for n, kind in enumerate(kinds) if kind == "ours"]
    beside = [
        (kinds[:n].count("ours"), (first + n) & 0xFFFF) for n, kind in enumerate(kinds) if kind == "other"
    ]
    found = loss(wire(ours), beside=beside)
    assert (found.lost, found.expected, found.duplicates) == (kinds.count("lost"), count, 0)
    assert sum(found.bursts) == found.lost


@given(
    first=st.integers(0, 0xFFFF),
    count=st.integers(2, 400),
    seed=st.integers(0, 2**32),
    share=st.floats(0, 0.5),
)
def test_loss_is_exact_whatever_is_dropped_repeated_or_late(first, count, seed, share):
    chance = random.Random(seed)
    sent = list(range(first, first + count))
    kept = [one for one in sent if chance.random() >= share]
    arrived = [one for one in kept for _ in range(1 + (chance.random() < 0.1))]
    arrived.sort(key=lambda one: one + chance.uniform(0, 6))  # some overtake others
    found = loss(wire(arrived))
    if kept:
        assert found.expected == kept[-1] - kept[0] + 1
        assert found.received == len(kept)
        assert found.lost == found.expected - len(kept) == sum(found.bursts)
        assert found.duplicates == len(arrived) - len(kept)
        assert found.restarts == 0


def test_a_late_packet_is_not_lost_and_a_new_numbering_is_no_loss():
    late = loss(wire([1, 2, 4, 5, 3, 6]))
    assert (late.lost, late.reordered) == (0, 1)
    restarted = loss(wire([10, 11, 12, 40_000, 40_001, 40_003]))
    assert (restarted.restarts, restarted.expected, restarted.lost) == (1, 7, 1)
    assert loss(wire([])).expected == 0


def test_a_stream_on_time_has_no_jitter_even_where_its_time_stamps_wrap():
    frames = np.arange(300)
    stamps = ((0xFFFF_0000 + 3600 * frames) & 0xFFFF_FFFF).astype(np.uint32)
    transits = transit(stamps, 5.0 + frames / 25, 90_000)
    assert np.abs(transits).max() < 1e-9
    assert interarrival_jitter(transits)[1] < 1e-9
    assert delay_variation(transits, 5.0 + frames / 25) < 1e-9


def test_jitter_of_alternating_delays_is_their_difference():
    """J of RFC 3550 runs towards |D|; the delay variation is the whole swing."""
    arrival = np.arange(500) / 25 + np.where(np.arange(500) % 2, 0.010, 0.0)
    transits = transit((3600 * np.arange(500)).astype(np.uint32), arrival, 90_000)
    mean, most = interarrival_jitter(transits)
    assert most == pytest.approx(0.010, rel=1e-6)
    assert 0.009 < mean < most
    assert delay_variation(transits, arrival) == pytest.approx(0.010, abs=1e-9)


def test_the_worst_minute_counts_and_a_slow_drift_does_not_add_up():
    at = np.arange(0, 180, 0.04)
    drift = 1e-5 * at  # 10 ppm: 1.8 ms in all, 0.6 ms in a minute
    transits = drift + np.where((at > 70) & (at < 71), 0.030, 0.0)
    assert delay_variation(transits, at) == pytest.approx(0.030, abs=0.001)
    assert delay_variation(drift, at) < 0.0007


def test_regularity_tells_stalls_and_steps():
    arrival = [0.0, 0.04, 0.08, 0.30, 0.34, 0.38]
    found = regularity([0, 3600, 7200, 10_800, 14_400, 18_000], arrival)
    assert (found.stalls, found.steps) == (1, {3600: 5})
    assert found.longest_gap_s == pytest.approx(0.22)
