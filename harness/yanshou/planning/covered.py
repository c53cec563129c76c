# SPDX-License-Identifier: Apache-2.0
"""What the suites declare about themselves: which measurands they measure and what that needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, IntEnum
from typing import Protocol


class Phase(IntEnum):
    """The turn of an item in the run; the order is considerate of the people on the site."""

    PAPERS = 0
    VISUAL = 1
    CLOCK = 2
    VIDEO = 3
    UNSET = 4
    ARMED = 5
    INTRUSIVE = 6
    TIMED = 7  # uses what other items timed
    TALLY = 8  # counts what other items found


class Together(Enum):
    """How the devices of a measurand are watched over the same time.

    ``ALARMS`` and ``UNSET``: one zone of each panel is watched alone first. ``CLOCKS``: all in one watch.
    ``STREAMS``: some at a time, by one reader after the other; ``PATHS``: some at a time, and one session of
    a camera serves all its measurands.
    ``READINGS``: some at a time, of those that are reached over the network alone. ``DOORS``: those of one
    controller, two at a time in turn.
    """

    NO = "no"
    ALARMS = "alarms"
    UNSET = "unset"
    CLOCKS = "clocks"
    STREAMS = "streams"
    PATHS = "paths"
    READINGS = "readings"
    DOORS = "doors"

    @property
    def at_once(self) -> int:
        """How many devices are watched at the same time; 0: all."""
        return {"no": 1, "streams": 4, "paths": 4, "readings": 8, "doors": 2}.get(self.value, 0)

    @property
    def from_s(self) -> float:
        """A shorter watch, in seconds, is made for each device alone.

        Alarms are made one after the other, and most are heard by themselves before: a watch that is no
        longer than that saves nothing.
        """
        return {Together.ALARMS: 0.5, Together.STREAMS: 2.0, Together.PATHS: 10.0}.get(self, 0.0)

    def rounds(self, devices: int) -> int:
        """How often the watch is waited for, for so many devices."""
        if self.at_once:
            return -(-devices // self.at_once) * (2 if self is Together.STREAMS else 1)
        return 1 if self is Together.CLOCKS else min(devices, 2)


class Alarms(Enum):
    """Whether the repetitions of a test are alarms of a zone that serve every item they can serve."""

    OWN = "own"
    GIVEN = "given"  # it makes its own, which others may take
    SHARED = "shared"  # it takes those that others made, and makes what is missing
    HEARD = "heard"  # of a panel: it takes what was heard while an alarm was watched, if that was long enough


@dataclass(frozen=True, slots=True)
class CoveredMeasurand:
    """One measurand that a test measures.

    ``populations`` are the device kinds the test can handle (empty: whatever the requirement asks);
    ``instruments`` the kinds of instrument it needs; ``intrusive`` the actions a site must allow;
    ``if_allowed`` further actions that the test uses if the site allows them; ``operator`` whether a person
    judges; ``repetitions`` how often the stimulus is given (1: not repeatable, then the site's
    ``repetitions`` does not change it), never fewer than ``fewest``, which its source demands; ``seconds`` an
    estimate for one repetition (of the person's time where one judges, then ``machine`` is that in which he
    waits for the machine), and ``waits`` further waiting times: parameters of the plan with their usual
    seconds; ``phase`` its turn, derived when not given; ``not_where`` attributes of a device that say it
    cannot be measured there (``chart = none``); ``wires`` the roles the bench has to be wired to,
    of ``a|b`` at least one; ``connected`` whether the device itself is asked, over its own connection;
    ``together`` how its waits are those of several devices at the same time;
    ``alarms`` whether its repetitions are alarms that items of the zone share;
    ``papers`` whether it reaches no device, only papers, the site file and the plan;
    ``classed`` whether it works by what the class of the device demands, which a
    laboratory's overlay has to state.
    """

    measurand: str
    populations: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    intrusive: tuple[str, ...] = ()
    if_allowed: tuple[str, ...] = ()
    operator: bool = False
    repetitions: int = 1
    fewest: int = 1
    seconds: float = 10.0
    machine: float = 0.0
    waits: Mapping[str, float] = field(default_factory=dict)
    phase: Phase | None = None
    not_where: Mapping[str, str] = field(default_factory=dict)
    wires: tuple[str, ...] = ()
    classed: bool = False
    together: Together = Together.NO
    alarms: Alarms = Alarms.OWN
    papers: bool = False
    connected: bool = False


class CalibrationAnswer(Protocol):
    """Whether an instrument may be used, and if not, why."""

    @property
    def ok(self) -> bool: ...
    @property
    def reason(self) -> str: ...


class Registry(Protocol):
    """What planning needs of the register of instruments (``yanshou.instruments.registry``)."""

    def ids_of(self, kind: str) -> Sequence[str]: ...
    def reached_as(self, instrument_id: str) -> str: ...

    def calibration(self, instrument_id: str, on: date) -> CalibrationAnswer: ...


def both(zh: str, en: str) -> str:
    """A reason as reports print it: Chinese first, then English."""
    return f"{zh} / {en}"
