# SPDX-License-Identifier: Apache-2.0
"""The search for the shortest pulse at an input that a panel always processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from yanshou.equipment.doors import Door
from yanshou.equipment.panel import Panel
from yanshou.equipment.zone import Zone
from yanshou.metrology import rectangular
from yanshou.model import Component, Instant, now
from yanshou.model.signal import DoorSignal, ZoneSignal

_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Pulse:
    """One activation: its length lies in [least_ms, most_ms]; whether the panel alarmed."""

    least_ms: float
    most_ms: float
    processed: bool


@dataclass(frozen=True, slots=True)
class Threshold:
    """The threshold lies in [lost_ms, processed_ms]: the longest lost pulse, the shortest never lost."""

    lost_ms: float
    processed_ms: float

    @property
    def value_ms(self) -> float:
        """The middle of the two."""
        return (self.lost_ms + self.processed_ms) / 2

    def components(self) -> list[Component]:
        """The step of the search and the bounds of both pulses, as one rectangular component."""
        half = (self.processed_ms - self.lost_ms) / 2
        return [rectangular("last step of the search", half, "stamped ends of both relay commands")]


class PulsedInput(Protocol):
    """An input of the system that can be activated for a time, and whether it was processed."""

    def pulse(self, width_s: float, seconds: float) -> Pulse:
        """One activation of about ``width_s``, watched for ``seconds`` from its end."""
        ...


@dataclass(frozen=True, slots=True)
class ZoneInput:
    """The loop of a zone; each pulse is given to the set zone."""

    zone: Zone
    panel: Panel

    def pulse(self, width_s: float, seconds: float) -> Pulse:
        """The loop is opened for the time; processed when the zone alarms."""
        self.panel.arm(self.zone)
        opened = self.zone.open_loop()
        closed = _after(opened, width_s, self.zone.close_loop)
        within = (closed - opened).most + seconds
        alarmed = self.panel.wait_within(self.zone, ZoneSignal.ALARM, since=opened, within=within)
        if alarmed is not None:
            self.panel.clear(self.zone)
        return _made(opened, closed, processed=alarmed is not None)


@dataclass(frozen=True, slots=True)
class ContactOfDoor:
    """The contact of a door that nobody opened by a credential: what is processed is shown as forced."""

    door: Door

    def pulse(self, width_s: float, seconds: float) -> Pulse:
        """The contact is opened for the time; processed when the door is shown as forced."""
        opened = self.door.force_open()
        closed = _after(opened, width_s, self.door.close)
        within = (closed - opened).most + seconds
        forced = self.door.wait_for(DoorSignal.FORCED, since=opened, within=within)
        end = now() + self.door.patience
        while forced is not None and self.door.shows(DoorSignal.FORCED) and now() < end:
            self.door.bring_to_rest()  # a slow input takes note of the closed contact later
            time.sleep(_POLL_S)
        return _made(opened, closed, processed=forced is not None)


def _after(opened: Instant, width_s: float, close: Callable[[], Instant]) -> Instant:
    time.sleep(max(0.0, opened.middle + width_s - now()))
    return close()


def _made(opened: Instant, closed: Instant, *, processed: bool) -> Pulse:
    length = closed - opened
    return Pulse(max(0.0, length.least) * 1000, length.most * 1000, processed)


@dataclass(slots=True)
class PulseSweep:
    """Pulses at an input: each width ``trials`` times, each watched for ``seconds`` from its end.

    The length of a pulse is known from the stamps of the two relay commands, whatever the load of the machine
    and the delays of the relay: a pulse that became longer counts with its real length.
    """

    input: PulsedInput
    trials: int
    seconds: float
    pulses: list[Pulse] = field(default_factory=list)

    def search(self, shortest_ms: float, longest_ms: float, step_ms: float) -> Threshold | None:
        """Halve the interval down to ``step_ms``; None if even the longest pulse is lost.

        It assumes that a pulse shorter than a lost one is lost as well.
        """
        if not self._always(longest_ms):
            return None
        lost, processed = 0.0, max(pulse.most_ms for pulse in self.pulses)
        width = shortest_ms
        while processed - lost > step_ms and width < processed:
            if self._always(width):
                processed = min(processed, self._longest_of(width))
            else:
                lost = max(lost, self.pulses[-1].least_ms)
            width = (lost + processed) / 2
            if processed <= shortest_ms:
                break
        return Threshold(min(lost, processed), processed)

    def _longest_of(self, width_ms: float) -> float:
        made = self.pulses[-self.trials :]
        return max([width_ms, *(pulse.most_ms for pulse in made)])

    def _always(self, width_ms: float) -> bool:
        """Whether every trial brought the alarm; stops at the first that did not."""
        for _ in range(self.trials):
            pulse = self.input.pulse(width_ms / 1000, self.seconds)
            self.pulses.append(pulse)
            if not pulse.processed:
                return False
        return True

    def figure(self) -> dict[str, object]:
        """Every pulse as plain numbers: bounds of its length in milliseconds, processed or not."""
        return {
            "pulses": [[one.least_ms, one.most_ms, one.processed] for one in self.pulses],
        }
