# SPDX-License-Identifier: Apache-2.0
"""Readers at doors as a test sees them: their housing and line are disturbed, the controller shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yanshou.drivers.capabilities import ContactOutput, DoorController
from yanshou.model import Device, Instant, RigFault
from yanshou.model.signal import DoorSignal
from yanshou.rig.item_journal import ItemJournal


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader, the relays in its circuits by role, and the controller that watches it.

    ``beside`` are the ids of the other doors of the controller, by their numbers.
    """

    device: Device
    controller: DoorController
    circuits: Mapping[str, ContactOutput]
    beside: Mapping[int, str]
    item_journal: ItemJournal
    patience: float

    @property
    def number(self) -> int:
        """The number, at the controller, of the door the reader belongs to."""
        if self.device.number is None:
            raise RigFault("has no door number in the inventory.", device=self.device.id)
        return self.device.number

    def disturb(self, role: str) -> Instant:
        """Open the housing (``tamper``) or cut the line (``line``)."""
        return self.item_journal.stimulus(f"{role} opened", self.device.id, self.circuits[role].operate())

    def restore(self, role: str) -> Instant:
        """Close the circuit again."""
        return self.item_journal.stimulus(f"{role} closed", self.device.id, self.circuits[role].release())

    def shows(self, signal: DoorSignal) -> bool:
        """Whether the controller shows the signal at this reader's door now."""
        return self.controller.shows(self.number, signal)

    def wait_for(self, signal: DoorSignal, *, since: Instant) -> Instant | None:
        """When the controller came to show the signal for the door of this reader."""
        seen = self.controller.wait_for(self.number, signal, since=since, within=self.patience)
        return self.item_journal.observation(signal.value, self.device.id, seen)

    def shown_beside(self, signal: DoorSignal) -> list[str]:
        """The other doors at which the controller shows the signal, too."""
        return [name for number, name in self.beside.items() if self.controller.shows(number, signal)]

    def bring_to_rest(self) -> None:
        """Circuits closed, alarms reset."""
        for circuit in self.circuits.values():
            circuit.release()
        self.controller.reset()
