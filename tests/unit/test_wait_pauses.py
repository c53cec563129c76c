# SPDX-License-Identifier: Apache-2.0
"""The pauses between two polls of a wait, on devices that are asked by lines of text or over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from yanshou.acquisition.after_stimulus import AfterStimulus
from yanshou.acquisition.followed_point import FollowedPoint
from yanshou.acquisition.message_station import MessageStation
from yanshou.acquisition.pauses import LEAST_S, LONGEST_S, wait_pauses_s
from yanshou.acquisition.timeline import WaitQuestion
from yanshou.model import Instant, now

QUESTION: Any = object()  # what is asked; only its identity counts here
NOTHING: Any = None
NEVER: Any = frozenset({99})


def waiting(*waited: float, answered: float, cell: str = "zone_alarm") -> FollowedPoint:
    """A point with a caller for each of ``waited``: so many seconds before its last answer its wait began."""
    point = FollowedPoint((cell, 1), QUESTION, NOTHING, 0, polled=answered, answered=answered)
    for seconds in waited:
        begun = Instant(answered - seconds, answered - seconds)
        point.waits.append((WaitQuestion.of(0, NEVER, begun, 600.0), NOTHING))
    return point


def station(*points: FollowedPoint, urgent_turn: bool = False) -> Any:
    """A station of these points, without a wire."""
    made: Any = MessageStation.__new__(MessageStation)
    made._followed = {one.cell: one for one in points}
    made._stimulus, made._urgent_turn = AfterStimulus(0.5), urgent_turn
    return made


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.7, 1.0, 5.0, 600.0])
def test_a_pause_is_a_small_share_of_the_wait_between_its_bounds(seconds: float):
    (pause,) = wait_pauses_s([WaitQuestion.of(0, NEVER, Instant(0.0, 0.0), 999.0)], seconds)
    assert LEAST_S <= pause <= LONGEST_S
    assert pause <= max(LEAST_S, 0.005 * seconds)


def test_pauses_grow_with_the_wait():
    def pause(seconds: float) -> float:
        return next(iter(wait_pauses_s([WaitQuestion.of(0, NEVER, Instant(0.0, 0.0), 999.0)], seconds)))

    assert pause(0.0) < pause(0.8) < pause(30.0)
    assert pause(30.0) == pause(300.0)


@pytest.mark.parametrize("waited", [0.0, 0.8, 60.0])
def test_a_device_that_is_waited_for_is_not_asked_again_before_its_pause_is_over(waited: float):
    answered = now() + 5.0  # so that nothing is due yet, however busy the machine
    asked, due = station(waiting(waited, answered=answered))._next_ask()
    (pause,) = wait_pauses_s([WaitQuestion.of(0, NEVER, Instant(0.0, 0.0), 999.0)], waited)
    assert asked is QUESTION
    assert due >= answered + LEAST_S
    assert due == pytest.approx(answered + pause, abs=1e-6)


def test_the_caller_who_waits_least_decides():
    point = waiting(60.0, 0.0, answered=100.0)
    assert point.due(hurried=False) == pytest.approx(100.0 + LEAST_S)


def test_before_a_stimulus_and_for_a_fresh_value_pauses_are_shortest():
    point = waiting(60.0, answered=100.0)
    assert point.due(hurried=False) == pytest.approx(100.0 + LONGEST_S)
    assert point.due(hurried=True) == pytest.approx(100.0 + LEAST_S)
    point.fresh.append(NOTHING)
    assert point.due(hurried=False) == 0.0


def test_points_that_nobody_waits_for_still_have_their_turn():
    """They are asked every other time, so none of them grows old behind a wait."""
    answered = now() - 10.0
    other = FollowedPoint(("zone_open", 2), object(), NOTHING, 0, polled=answered - 1, answered=answered - 1)  # type: ignore[arg-type]
    both = station(waiting(0.5, answered=answered), other)
    asked = {id(both._next_ask()[0]) for _ in range(2)}
    assert asked == {id(QUESTION), id(other.ask)}
