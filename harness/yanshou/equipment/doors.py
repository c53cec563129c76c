# SPDX-License-Identifier: Apache-2.0
"""Doors and gates as a test sees them; every stimulus and observation is written to the journal."""

from __future__ import annotations

import time
from dataclasses import dataclass

from yanshou.drivers.capabilities import (
    ContactInput,
    ContactOutput,
    CredentialStimulus,
    DoorController,
    InspectionGate,
)
from yanshou.model import Device, Instant, RigFault, now
from yanshou.model.signal import DoorSignal
from yanshou.rig.item_journal import ItemJournal

_LOOK_S = 0.02
_OPEN_S = 15.0  # a lock may be set to stay released for some seconds


@dataclass(frozen=True, slots=True)
class Door:
    """A door: its contact and lock on the bench, the injector at its reader, and its controller."""

    device: Device
    controller: DoorController
    credential: CredentialStimulus
    contact: ContactOutput
    lock: ContactInput
    item_journal: ItemJournal
    patience: float
    others: tuple[ContactInput, ...] = ()  # the locks of the other doors of its controller

    @property
    def number(self) -> int:
        """The door's number at its controller."""
        if self.device.number is None:
            raise RigFault("has no door number in the inventory.", device=self.device.id)
        return self.device.number

    def present_authorised(self) -> Instant:
        """Present a credential that may pass."""
        return self._did("authorised credential", self.credential.present_authorised())

    def present_unauthorised(self) -> Instant:
        """Present a credential that may not pass."""
        return self._did("unauthorised credential", self.credential.present_unauthorised())

    def force_open(self) -> Instant:
        """Open the door's contact without any credential."""
        return self._did("forced open", self.contact.operate())

    def close(self) -> Instant:
        """Close the door's contact."""
        return self._did("closed", self.contact.release())

    def wait_released(self, *, since: Instant) -> Instant | None:
        """When the lock's coil changed after ``since``; None when it did not within ``patience``."""
        seen = self.lock.wait_active(since=since, within=self.patience)
        return self.item_journal.observation("lock released", self.device.id, seen)

    def wait_locked(self, *, since: Instant) -> Instant | None:
        """When the lock's coil came back to rest; None when it did not in time."""
        seen = self.lock.wait_inactive(since=since, within=max(self.patience, _OPEN_S))
        return self.item_journal.observation("locked", self.device.id, seen)

    def opened_since(self, since: Instant, within: float) -> bool:
        """Whether the lock's coil changed, if only for a moment, after ``since``."""
        seen = self.lock.wait_active(since=since, within=within)
        return self.item_journal.observation("lock released", self.device.id, seen) is not None

    def others_at_rest(self) -> tuple[ContactInput, ...]:
        """The locks of other doors that are locked now; a lock that is already released shows nothing."""
        return tuple(one for one in self.others if not one.is_active())

    def opened_too(self, others: tuple[ContactInput, ...], *, since: Instant) -> list[str]:
        """Which of these locks were released since, if only for a moment."""
        seen = {one.name: one.wait_active(since=since, within=now() - since.earliest) for one in others}
        for name, instant in seen.items():
            self.item_journal.observation("lock released", name, instant)
        return [name for name, instant in seen.items() if instant is not None]

    def wait_for(self, signal: DoorSignal, *, since: Instant, within: float | None = None) -> Instant | None:
        """When the controller came to show the signal for this door."""
        seen = self.controller.wait_for(self.number, signal, since=since, within=within or self.patience)
        return self.item_journal.observation(signal.value, self.device.id, seen)

    def bring_to_rest(self) -> None:
        """Door closed, alarms reset."""
        self.close()
        self.controller.reset()

    def _did(self, what: str, instant: Instant) -> Instant:
        return self.item_journal.stimulus(what, self.device.id, instant)


@dataclass(frozen=True, slots=True)
class WalkThroughGate:
    """A walk-through gate with its alarm contact."""

    device: Device
    inner: InspectionGate
    alarm: ContactInput
    item_journal: ItemJournal
    patience: float

    def bring_to_rest(self) -> None:
        """Nobody in the gate, and its last alarm over."""
        self.end_pass()
        end = now() + self.patience
        while self.alarm.is_active():
            if now() > end:
                raise RigFault(
                    f"the alarm contact stays closed {self.patience:g} s after the passage was free.",
                    device=self.device.id,
                    remedy="Check the wiring of the contact and the gate's own display.",
                )
            time.sleep(_LOOK_S)

    def pass_object(self) -> Instant:
        """The test object passes."""
        return self.item_journal.stimulus("test object passes", self.device.id, self.inner.pass_object())

    def end_pass(self) -> Instant:
        """The passage is free again."""
        return self.item_journal.stimulus("passage free", self.device.id, self.inner.end_pass())

    def wait_alarm(self, *, since: Instant) -> Instant | None:
        """When the gate's alarm contact closed."""
        seen = self.inner.wait_alarm(since=since, within=self.patience)
        return self.item_journal.observation("gate alarm", self.device.id, seen)
