# SPDX-License-Identifier: Apache-2.0
"""How closely a bus is polled after a stimulus: where somebody looks, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from yanshou.acquisition import after_stimulus
from yanshou.acquisition.after_stimulus import AfterStimulus
from yanshou.acquisition.blocks import Span
from yanshou.acquisition.pauses import LEAST_S, LONGEST_S
from yanshou.acquisition.station import Station, StationWatch
from yanshou.acquisition.timeline import Timeline, WaitQuestion
from yanshou.model import Instant
from yanshou.protocols.bus import Bus
from yanshou.protocols.modbus import Area

PACE_S = 0.02
_SPAN = Span(1, Area.DISCRETE, 0, 4)


class Clock:
    """The time of the harness, set by the test."""

    def __init__(self) -> None:
        self.moment = 1000.0

    def __call__(self) -> float:
        return self.moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(after_stimulus, "now", made)
    return made


@pytest.fixture
def bus() -> Any:
    """A station with one watch, whose points were polled just now; no loop polls it."""
    station: Any = Station(Bus("modbus-tcp", host="127.0.0.1", port=1))
    station._watches.append(StationWatch(_SPAN, PACE_S, Timeline(4, 1.0)))
    station._replan()
    return station


def pause_s(station: Any, clock: Clock) -> float:
    """Seconds until the next poll of a point that was polled now."""
    (block,) = station._blocks
    block.polled = clock.moment
    return float(block.due(station._stimulus if station._stimulus.lasts else None) - clock.moment)


@pytest.mark.parametrize(
    ("looked", "expected"), [(0.0, LEAST_S), (9.0, LEAST_S), (11.0, PACE_S), (None, PACE_S)]
)
def test_a_stimulus_hurries_only_a_bus_that_somebody_looked_at(
    bus: Any, clock: Clock, looked: float | None, expected: float
) -> None:
    if looked is not None:
        bus._stimulus.looked()
        clock.moment += looked
    bus.hurry()
    assert pause_s(bus, clock) == pytest.approx(expected)


def test_a_wait_however_long_counts_as_a_look(bus: Any, clock: Clock) -> None:
    asked = Instant(clock.moment, clock.moment)
    clock.moment += 600.0
    never: Any = frozenset({99})
    bus._watches[0].waits.append((WaitQuestion.of(0, never, asked, 900.0), None))
    assert pause_s(bus, clock) == pytest.approx(LONGEST_S)
    bus.hurry()
    assert pause_s(bus, clock) == pytest.approx(LEAST_S)


def test_the_pause_grows_with_the_time_since_the_stimulus_and_ends(bus: Any, clock: Clock) -> None:
    bus._stimulus.looked()
    bus.hurry()
    began, pauses = clock.moment, []
    for after in (0.0, 0.05, 0.1, 0.19, 0.21):
        clock.moment = began + after
        pauses.append(pause_s(bus, clock))
    assert pauses == pytest.approx([LEAST_S, LEAST_S, 0.004, LONGEST_S, PACE_S])


def test_an_old_stimulus_does_not_count_for_a_look_after_it(clock: Clock) -> None:
    """Who looks after a stimulus waits for it, and is polled for by that wait."""
    stimulus = AfterStimulus(0.2)
    assert not stimulus.begin(waited=False)
    stimulus.looked()
    assert not stimulus.lasts
    assert stimulus.begin(waited=False)
    assert stimulus.lasts
