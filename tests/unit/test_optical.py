# SPDX-License-Identifier: Apache-2.0
"""The diode in the picture: found among other things that change, its delay told right, its absence told."""

from __future__ import annotations

import numpy as np
import pytest

from yanshou.equipment.optical import find
from yanshou.evaluation.delay import LedDelays, in_ms, picture_delay
from yanshou.model import Instant, Quantity, RigFault, Statistic
from yanshou.model.stream import SeenFrame

PERIOD = 0.04
DIODE = (7, 11)


def scene(delay: float, changes: int = 30, *, lit: float = 200.0, seed: int = 1, until: float = 1.0):
    """Frames of a view with a diode, a patch that wanders and noise; and when the diode was switched."""
    chance = np.random.default_rng(seed)
    given = 100.5 + np.cumsum(0.28 + chance.uniform(0, 0.12, changes))
    frames = []
    for number in range(int((given[-1] + until - 100.0) / PERIOD)):
        taken = 100.0 + number * PERIOD
        blocks = 60 + chance.normal(0, 0.6, (20, 30)).astype(np.float32)
        blocks[2, number % 30] = 220.0
        on = np.count_nonzero(given <= taken) % 2
        blocks[DIODE] = lit if on else 40.0
        frames.append(SeenFrame(3600 * number, taken + delay, 0.003, blocks))
    return frames, [Instant(one, one + 0.001) for one in given.tolist()]


def test_the_diode_is_found_and_every_delay_lies_between_delay_and_one_period_more():
    frames, given = scene(0.350)
    seen = find(frames, given)
    assert (seen.place, seen.missing, len(seen.latencies)) == (DIODE, 0, 30)
    assert all(0.350 - 0.001 <= one.least and one.most <= 0.350 + PERIOD + 0.004 for one in seen.latencies)
    mean = np.mean([one.middle for one in seen.latencies])
    assert mean == pytest.approx(0.350 + PERIOD / 2, abs=0.012)  # random phase: half a period on average
    assert seen.reader_s == pytest.approx(0.003)


def test_a_delay_longer_than_the_time_between_two_changes_is_told_right():
    frames, given = scene(1.7, until=3.0)
    assert [round(one.middle, 1) for one in find(frames, given).latencies][:3] == [1.7, 1.7, 1.7]


def test_what_was_not_seen_in_time_is_later_than_the_wait():
    frames, given = scene(2.4, until=2.0)
    seen = find([frame for frame in frames if frame.arrival <= given[-1].latest + 2.0], given)
    assert seen.missing > 0
    made = picture_delay("end_to_end_delay", "CAM", seen, Statistic.MAX, patience=2.0)
    assert (made.value, made.at_least) == (None, 2.0)


@pytest.mark.parametrize("lit", [40.0, 50.0])
def test_a_picture_in_which_nothing_follows_is_a_fault_of_the_bench(lit):
    frames, given = scene(0.2, lit=lit)
    with pytest.raises(RigFault, match="no part of the picture follows the LED"):
        find(frames, given, "CAM-1")


def test_light_that_comes_before_its_relay_is_none_of_ours():
    frames, given = scene(0.1)
    later = [Instant(one.earliest + 0.2, one.latest + 0.2) for one in given]
    with pytest.raises(RigFault, match="follows the LED"):
        find(frames, later)


def test_the_display_widens_and_shifts_the_delay():
    frames, given = scene(0.100)
    seen = find(frames, given)
    bare = picture_delay("camera_delay", "CAM", seen, Statistic.MAX, patience=3.0)
    shown = picture_delay("end_to_end_delay", "CAM", seen, Statistic.MAX, patience=3.0, display_s=(0.0, 0.1))
    assert shown.value == pytest.approx(bare.value + 0.05)
    assert shown.U > bare.U + 0.04
    milli = in_ms(bare)
    assert (milli.unit, milli.quantity) == ("ms", Quantity.CONTINUOUS)
    assert (milli.value, milli.U) == pytest.approx((1e3 * bare.value, 1e3 * bare.U))
    figure = bare.details["figure"]
    assert figure["kind"] == "delay_histogram"
    assert len(figure["values_ms"]) == 30
    assert figure["p50_ms"] <= figure["p95_ms"] <= figure["p99_ms"] <= 1e3 * bare.value


def test_no_frames_and_a_change_of_size_are_told():
    frames, given = scene(0.1)
    with pytest.raises(RigFault, match="too few frames"):
        find(frames[:1], given)
    frames[50] = SeenFrame(0, frames[50].arrival, 0.0, np.zeros((10, 15), np.float32))
    with pytest.raises(RigFault, match="changed its size"):
        find(frames, given)


def test_nothing_seen_at_all_has_no_percentiles():
    made = picture_delay("camera_delay", "CAM", LedDelays((), 1, 0.0, None), Statistic.MAX, patience=3.0)
    assert "figure" not in made.details
