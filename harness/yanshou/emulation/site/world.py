# SPDX-License-Identifier: Apache-2.0
"""The simulated place: one lock, one clockwork, the wires between bench and system, and active recordings.

Wires are named as in the inventory's wiring column: ``RELAY-2/3`` is relay 3 (from 0) of a board, whose coil
switches something; ``RELAY-1/di0`` is its input 0, which something drives.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from threading import Event, RLock

from yanshou.emulation.faults import Fault, FaultBook
from yanshou.emulation.site.clockwork import Clockwork
from yanshou.emulation.site.truth import Truth

Switch = Callable[[bool, float], None]
"""Called with whether the relay is energised, and the stamp of the change in seconds."""
Contact = Callable[[bool], None]
"""Called with whether it is active: an input of a board, or an observer of an alarm."""


class World:
    """The state all emulated devices share. Every action holds ``lock``, which is re-entrant."""

    def __init__(self, faults: FaultBook, truth: Truth) -> None:
        self.lock = RLock()
        self.faults = faults
        self.truth = truth
        self.broken: BaseException | None = None
        self.ended = Event()
        self.clockwork = Clockwork(self.lock, self.broke)
        self._random = random.Random()  # noqa: S311 - delays of devices, no secrets
        self._switches: dict[str, list[Switch]] = {}
        self._inputs: dict[str, Contact] = {}
        self._alarms: dict[str, list[Contact]] = {}
        self._recordings: dict[str, set[str]] = {}
        self.down: set[str] = set()  # the platforms whose service is stopped
        self.dark: set[str] = set()  # the video hosts that are stopped
        self._actuators: dict[tuple[str, str], Contact] = {}

    def broke(self, error: BaseException) -> None:
        """An action failed: the emulation can no longer be trusted and ends."""
        self.broken = error
        self.ended.set()

    def drawn(self, least: float, most: float) -> float:
        """A duration drawn evenly from [least, most], in seconds."""
        return self._random.uniform(least, most)

    def duration(self, fault: Fault | None, least: float, most: float) -> float:
        """The duration by the fault ([a, b] is drawn anew each time), else in [least, most], in seconds."""
        if fault is None:
            return self.drawn(least, most)
        if isinstance(fault.value, list):
            return self.drawn(float(fault.value[0]), float(fault.value[1]))
        return fault.number()

    def wire_switch(self, channel: str, switch: Switch) -> None:
        """Put ``switch`` into the circuit of relay ``channel``."""
        self._switches.setdefault(channel, []).append(switch)

    def switched(self, channel: str, t: float, *, energised: bool) -> None:
        """Relay ``channel`` changed at ``t``: everything in its circuit acts at once."""
        for switch in self._switches.get(channel, ()):
            switch(energised, t)

    def wire_input(self, channel: str, contact: Contact) -> None:
        """Declare the input ``channel`` of a board."""
        self._inputs[channel] = contact

    def drive(self, channel: str, *, active: bool) -> None:
        """Drive the input ``channel``; an empty channel means that the device is not wired."""
        if contact := self._inputs.get(channel):
            contact(active)

    def on_alarm(self, source: str, action: Contact) -> None:
        """Tell ``action`` when the alarm of device ``source`` comes and goes."""
        self._alarms.setdefault(source, []).append(action)

    def alarm(self, source: str, *, active: bool) -> None:
        """The alarm of ``source`` came or went."""
        for action in self._alarms.get(source, ()):
            action(active)

    def provide(self, device: str, effect: str, action: Contact) -> None:
        """Declare what ``device`` does when something linked to it wants ``effect``, or wants it no more."""
        self._actuators[device, effect] = action

    def act(self, device: str, effect: str, *, active: bool) -> None:
        """Want an effect of ``device``; one that has no such effect does nothing."""
        if action := self._actuators.get((device, effect)):
            action(active)

    def record(self, camera: str, reason: str, *, active: bool) -> None:
        """Start or end the alarm recording of ``camera`` for ``reason``."""
        with self.lock:
            reasons = self._recordings.setdefault(camera, set())
            before = bool(reasons)
            (reasons.add if active else reasons.discard)(reason)
            if bool(reasons) != before:
                self.truth.write(camera, "recording_started" if active else "recording_stopped", reason)

    def alarm_recording(self, camera: str) -> bool:
        """Whether an alarm recording of ``camera`` is running (asked by the emulated recorder)."""
        with self.lock:
            return bool(self._recordings.get(camera))
