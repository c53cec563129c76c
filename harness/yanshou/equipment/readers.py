# SPDX-License-Identifier: Apache-2.0
"""Readers at doors as a test sees them: their housing and line are disturbed, the controller shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yanshou.drivers.capabilities import ContactInput, ContactOutput, DoorController
from yanshou.equipment.at_controller import AtController, OtherLocks, locked_now
from yanshou.model import Device, now
from yanshou.rig.item_journal import ItemJournal


@dataclass(frozen=True, slots=True)
class Reader(AtController):
    """A reader with the relays at its housing (``tamper``) and in its ``line``."""

    device: Device
    controller: DoorController
    circuits: Mapping[str, ContactOutput]
    beside: Mapping[int, str]
    item_journal: ItemJournal
    patience: float
    locks: tuple[ContactInput, ...] = ()  # of all doors of the controller that are wired to the bench

    def watch_locks(self) -> OtherLocks:
        """Watch the locks that are locked now: nothing that is done to a reader may release one."""
        return OtherLocks(self, locked_now(self.locks), now())

    def bring_to_rest(self) -> None:
        """Circuits closed, alarms reset."""
        self.restore_all()
        self.controller.reset()
