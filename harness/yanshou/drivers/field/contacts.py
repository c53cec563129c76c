# SPDX-License-Identifier: Apache-2.0
"""A panel that is reached by contacts alone.

Its programmable outputs are wired to inputs of the bench, its key switch to a relay. The profile says which
terminal of a zone or panel shows which role; the inventory says which channel of the bench is connected to
that terminal.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from yanshou.acquisition import Matches, Polls
from yanshou.drivers.field.points import FieldAnswer
from yanshou.drivers.field.relay import RelayInput, RelayOutput
from yanshou.drivers.profile import Command, Point, Profile
from yanshou.model import Device, Instant, RigFault, UsageError
from yanshou.model.site import mistake_of


@dataclass(frozen=True, slots=True)
class ContactLink:
    """One such panel: a ``PanelLink``.  ``zones`` are its zones by number."""

    device: Device
    profile: Profile
    zones: Mapping[int, Device]
    find_input: Callable[[str], RelayInput]
    find_output: Callable[[str], RelayOutput]

    def values(self, role: str, numbers: Collection[int] = ()) -> Mapping[int, int]:
        """Whether the contacts of the points ``numbers`` (default all wired ones) are active."""
        wanted = sorted(numbers or self._wired(role))
        return {number: int(self._input(role, number).is_active()) for number in wanted}

    def flag(self, role: str, number: int = 1) -> bool:
        """Whether the flag ``role`` of ``number`` is set now."""
        return self.profile.point(role).on()(self.values(role, [number])[number])

    def fields(self, role: str, number: int = 1) -> FieldAnswer | None:  # noqa: ARG002 - of no role
        """Contacts show neither a clock nor a log."""
        raise UsageError(f"{self.device.id} is known by contacts, which show no {role}.")

    def present(self, command: Command, number: int, credential: str) -> Instant:  # noqa: ARG002 - of no output
        """Contacts carry no credential."""
        raise ValueError("it is wired by contacts")

    def write(self, command: Command, number: int = 1, *, back: bool = False) -> Instant:  # noqa: ARG002 - a key switch has one position for all
        """Turn the key switch, or press the reset input for as long as the profile says."""
        output = self.find_output(self._terminal(self.device, command.wire))
        if back or not command.value:
            return output.release()
        moved = output.operate()
        if command.pulse_s:
            time.sleep(command.pulse_s)
            output.release()
        return moved

    def watch(self, role: str, numbers: Collection[int]) -> ContactWatch:
        """Begin to watch the inputs of ``numbers``; zones without such a terminal are left out."""
        wired = set(self._wired(role)) & set(numbers)
        inputs = {number: self._input(role, number) for number in sorted(wired)}
        return ContactWatch(self.profile.point(role), inputs)

    def fault(self, what: str, remedy: str = "") -> RigFault:
        """A fault that names this device."""
        return RigFault(what, device=self.device.id, remedy=remedy)

    def _wired(self, role: str) -> list[int]:
        if not role.startswith("zone_"):
            return [1]
        wire = self.profile.point(role).wire
        return [number for number, zone in self.zones.items() if wire in zone.wiring]

    def _input(self, role: str, number: int) -> RelayInput:
        owner = self.zones.get(number) if role.startswith("zone_") else self.device
        if owner is None:
            raise UsageError(
                f"zone {number} of {self.device.id} is not in the inventory.", "Add a line for it."
            )
        return self.find_input(self._terminal(owner, self.profile.point(role).wire))

    @staticmethod
    def _terminal(owner: Device, wire: str) -> str:
        if wire not in owner.wiring:
            remedy = f"Wire it to the bench and write {wire}=RELAY-1/0 or RELAY-1/di0 in its wiring."
            raise UsageError([mistake_of(owner, f"it has no {wire} wired.", remedy)])
        return owner.wiring[wire]


@dataclass(frozen=True, slots=True)
class ContactWatch:
    """Inputs that show points of one role, by their number from 1."""

    point: Point
    inputs: Mapping[int, RelayInput]

    def value(self, number: int) -> int:
        """Whether the contact is active, 0 or 1, in a poll from now on."""
        return int(self.inputs[number].is_active())

    def wait(self, number: int, matches: Matches, *, since: Instant, within: float) -> Instant | None:
        """When the contact came to match after ``since``; see ``Watch.wait``."""
        one = self.inputs[number]
        if matches(1):
            return one.wait_active(since=since, within=within)
        return one.wait_inactive(since=since, within=within)

    def polls(self, number: int, since: Instant) -> Polls:
        """How often the contact was polled since, and the longest time between two polls."""
        return self.inputs[number].polls(since)

    def covers(self, number: int) -> bool:
        """Whether the n-th point is watched."""
        return number in self.inputs
