# SPDX-License-Identifier: Apache-2.0
"""What a door and its reader have in common: a controller that shows them, and relays in their circuits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yanshou.drivers.capabilities import ContactInput, ContactOutput, DoorController
from yanshou.equipment.zone import circuit_actions
from yanshou.model import Device, Instant, RigFault, now
from yanshou.model.signal import DoorSignal
from yanshou.rig.item_journal import ItemJournal

_NEXT_SCAN_S = 1.0  # what a controller shows at a wrong door it may show a scan later than at the right one


@dataclass(frozen=True, slots=True)
class OtherDoors:
    """The doors of a controller that did not show ``signal`` when the bench began: ids by their numbers."""

    controller: DoorController
    signal: DoorSignal
    names: Mapping[int, str]
    began: float

    def showing(self, shown: Instant | None = None) -> list[str]:
        """Which of them have shown it since, if only for a moment.

        It waits for the next scan, too: that after ``shown``, when the right door did, else that after now.
        """
        end = now() + _NEXT_SCAN_S if shown is None else max(now(), shown.latest + _NEXT_SCAN_S)
        since, within = Instant(self.began, self.began), end - self.began
        return [
            name
            for number, name in self.names.items()
            if self.controller.wait_for(number, self.signal, since=since, within=within) is not None
        ]


class AtController:
    """A device that a door controller shows under the number of a door.

    ``beside`` are the ids of the other doors of the controller by their numbers, ``circuits`` the relays by
    role.
    """

    __slots__ = ()

    device: Device
    controller: DoorController
    item_journal: ItemJournal
    patience: float
    beside: Mapping[int, str]
    circuits: Mapping[str, ContactOutput]

    @property
    def number(self) -> int:
        """The number of its door at the controller."""
        if self.device.number is None:
            raise RigFault("has no door number in the inventory.", device=self.device.id)
        return self.device.number

    def disturb(self, role: str) -> Instant:
        """Open the circuit ``role``, or press or signal what is wired to it."""
        return self._did(circuit_actions(role)[0], self.circuits[role].operate())

    def restore(self, role: str) -> Instant:
        """Let the circuit ``role`` go back to what it was."""
        return self._did(circuit_actions(role)[1], self.circuits[role].release())

    def restore_all(self) -> None:
        """Every circuit as it was; nothing is journaled."""
        for circuit in self.circuits.values():
            circuit.release()

    def shows(self, signal: DoorSignal) -> bool:
        """Whether the controller shows the signal at this door now."""
        return self.controller.shows(self.number, signal)

    def others_without(self, signal: DoorSignal) -> OtherDoors:
        """The other doors that do not show the signal now; what one showed before says nothing."""
        began = now()
        quiet = {
            number: name for number, name in self.beside.items() if not self.controller.shows(number, signal)
        }
        return OtherDoors(self.controller, signal, quiet, began)

    def wait_for(self, signal: DoorSignal, *, since: Instant, within: float | None = None) -> Instant | None:
        """When the controller came to show the signal for this door."""
        seen = self.controller.wait_for(self.number, signal, since=since, within=within or self.patience)
        return self.item_journal.observation(signal.value, self.device.id, seen)

    def opened_too(self, others: tuple[ContactInput, ...], *, since: Instant) -> list[str]:
        """Which of these locks were released since, if only for a moment."""
        lasted = now() - since.earliest  # one poll after it serves all
        seen = {one.name: one.wait_active(since=since, within=lasted) for one in others}
        for name, instant in seen.items():
            self.item_journal.observation("lock released", name, instant)
        return [name for name, instant in seen.items() if instant is not None]

    def _did(self, what: str, instant: Instant) -> Instant:
        return self.item_journal.stimulus(what, self.device.id, instant)


def locked_now(locks: Iterable[ContactInput]) -> tuple[ContactInput, ...]:
    """Those of the locks that are locked; one that is already released shows nothing."""
    return tuple(one for one in locks if not one.is_active())


@dataclass(frozen=True, slots=True)
class OtherLocks:
    """Locks of a controller that were locked when ``at`` began to be stimulated."""

    at: AtController
    locks: tuple[ContactInput, ...]
    began: float

    def released(self) -> list[str]:
        """Those that were released since, if only for a moment."""
        return self.at.opened_too(self.locks, since=Instant(self.began, self.began))

    def wrong(self) -> list[str]:
        """The same as a finding; none if all stayed locked."""
        opened = self.released()
        return [f"同时释放了其他门锁：{'、'.join(opened)}"] if opened else []
