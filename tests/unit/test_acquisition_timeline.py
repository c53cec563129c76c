# SPDX-License-Identifier: Apache-2.0
"""What may be said of an event from polls alone: the bracket is honest, silence is never a statement."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanshou.acquisition import OFF, ON, Matches
from yanshou.acquisition.timeline import Settled, Timeline, Unwatched, WaitQuestion
from yanshou.model import Instant


def polled(states: list[int], *, start: float = 0.0, step: float = 0.01, width: float = 0.002) -> Timeline:
    timeline = Timeline(1)
    for number, state in enumerate(states):
        tx = start + number * step
        timeline.saw((state,), tx, tx + width)
    return timeline


def ask(since: float, within: float = 0.05, matches: Matches = ON) -> WaitQuestion:
    return WaitQuestion.of(0, matches, Instant(since, since + 0.001), within)


def test_an_event_lies_between_the_last_no_and_the_first_yes() -> None:
    settled = polled([0, 0, 0, 1]).settle(ask(0.005))
    assert settled == Settled(Instant(0.02, 0.032))


def test_too_early_to_say() -> None:
    assert polled([0, 0, 0]).settle(ask(0.005)) is None


def test_not_in_time_is_said_only_after_a_poll_sent_after_the_deadline() -> None:
    timeline = polled([0] * 6)  # the last poll was sent at 0.05, the deadline is 0.056
    assert timeline.settle(ask(0.005)) is None
    timeline.saw((0,), 0.0561, 0.058)
    assert timeline.settle(ask(0.005)) == Settled(None)


def test_an_event_that_begins_after_the_deadline_does_not_count() -> None:
    assert polled([0] * 8 + [1]).settle(ask(0.005)) == Settled(None)


def test_an_alarm_of_before_does_not_count_but_the_next_one_does() -> None:
    states = [0, 1, 1, 0, 0, 1, 1]
    settled = polled(states).settle(ask(0.025))
    assert settled is not None
    assert settled.event is not None
    assert settled.event.as_pair() == pytest.approx([0.04, 0.052])


def test_an_event_that_shows_within_the_stimulus_keeps_its_whole_bracket() -> None:
    """Its bracket begins before the stimulus was sent; the latency may come out as low as below zero."""
    settled = polled([0, 0, 1]).settle(ask(0.015))
    assert settled == Settled(Instant(0.01, 0.022))


def test_a_state_shown_all_along_is_a_fault_of_the_rig_not_a_missed_alarm() -> None:
    with pytest.raises(Unwatched, match="already shown before"):
        polled([1] * 10).settle(ask(0.015))


def test_a_gap_in_the_time_asked_about_forbids_both_answers() -> None:
    timeline = polled([0, 0])
    timeline.saw((0,), 2.0, 2.001)
    timeline.saw((1,), 2.01, 2.011)
    with pytest.raises(Unwatched, match=r"nobody looked for 1\.99 s"):
        timeline.settle(ask(0.015, within=5))


def test_an_event_found_behind_a_gap_has_the_gap_in_its_bracket() -> None:
    timeline = polled([0, 0])
    timeline.saw((1,), 2.0, 2.001)
    assert timeline.settle(ask(0.015, within=5)) == Settled(Instant(0.01, 2.001))


def test_a_watch_that_began_after_the_stimulus_says_nothing() -> None:
    with pytest.raises(Unwatched, match="began after"):
        polled([0, 1], start=5.0).settle(ask(0.0, within=9))


def test_a_register_is_watched_by_mask_and_codes() -> None:
    alarm = Matches.of([0x0300], 0xFF00)
    timeline = polled([0x1800, 0x1801, 0x0301])
    assert timeline.settle(ask(0.005, matches=alarm)) == Settled(Instant(0.01, 0.022))
    assert timeline.settle(ask(0.005, matches=alarm.inverse(), within=0.01)) is not None


def test_polls_are_never_better_than_they_were() -> None:
    timeline = polled([0] * 100)
    timeline.saw((0,), 1.5, 1.502)
    seen = timeline.polls(Instant(0.5, 0.5))
    assert seen.longest_gap_s == pytest.approx(1.502 - 0.99)
    assert 35 <= seen.polls <= 51


def test_hours_of_polling_fit_in_memory() -> None:
    timeline = polled([0] * 150_000, step=0.2)
    assert len(timeline._marks) <= 20_000
    seen = timeline.polls(Instant(20_000.0, 20_000.0))
    assert 45_000 < seen.polls <= 50_000
    assert seen.longest_gap_s == pytest.approx(0.202)


@settings(max_examples=60, deadline=None)
@given(
    event=st.floats(0.0, 1.0),
    pauses=st.lists(st.tuples(st.floats(1e-4, 0.05), st.floats(1e-5, 0.05), st.floats(0, 1)), min_size=60),
)
def test_the_truth_is_inside_whatever_the_pace(
    event: float, pauses: list[tuple[float, float, float]]
) -> None:
    """The device samples its state at any moment between question and answer."""
    timeline, tx = Timeline(1, gap_limit_s=9.0), -1.0
    timeline.saw((0,), -2.0, -1.5)
    for pause, width, sampled in [*pauses, (1.0, 0.01, 0.5), (1.0, 0.01, 0.5)]:
        state = int(tx + width * sampled >= event)
        timeline.saw((state,), tx, tx + width)
        tx += width + pause
    settled = timeline.settle(WaitQuestion.of(0, ON, Instant(-1.8, -1.7), 60.0))
    if settled is not None:
        assert settled.event is not None
        assert settled.event.earliest <= event <= settled.event.latest


def test_off_is_the_opposite_of_on() -> None:
    assert OFF(0)
    assert not OFF(1)
    assert ON.inverse()(0)
