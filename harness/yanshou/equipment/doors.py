# SPDX-License-Identifier: Apache-2.0
"""Doors and gates as a test sees them; every stimulus and observation is written to the journal."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from yanshou.drivers.capabilities import (
    ContactInput,
    ContactOutput,
    CredentialStimulus,
    DoorController,
    InspectionGate,
)
from yanshou.equipment.at_controller import AtController
from yanshou.model import Device, Instant, RigFault, now
from yanshou.rig.item_journal import ItemJournal

_LOOK_S = 0.02
_OPEN_S = 15.0  # a lock may be set to stay released for some seconds


@dataclass(frozen=True, slots=True)
class Door(AtController):
    """A door: its contact and lock on the bench, the injector at its reader, and its controller."""

    device: Device
    controller: DoorController
    credential: CredentialStimulus
    contact: ContactOutput
    lock: ContactInput
    item_journal: ItemJournal
    patience: float
    others: tuple[ContactInput, ...] = ()  # the locks of the other doors of its controller
    beside: Mapping[int, str] = field(default_factory=dict)  # ids of those doors by their numbers
    circuits: Mapping[str, ContactOutput] = field(default_factory=dict)
    """Relays beside the contact, by role: ``exit`` of the door, ``fire`` and ``link`` of its controller."""
    _presented: list[float] = field(default_factory=list)  # when the last credential was

    @property
    def held_after(self) -> float | None:
        """How long, in seconds, the door may stand open as set; None when nobody stated it."""
        stated = self.device.attributes.get("held_after_s")
        return None if stated is None else float(str(stated))

    @property
    def locks_within(self) -> float:
        """How long, in seconds, a released lock is waited for to lock again."""
        return max(self.patience, _OPEN_S)

    def present_authorised(self) -> Instant:
        """Present a credential that may pass."""
        return self._present("authorised credential", self.credential.present_authorised())

    def present_unauthorised(self) -> Instant:
        """Present a credential that may not pass."""
        return self._present("unauthorised credential", self.credential.present_unauthorised())

    def force_open(self) -> Instant:
        """Open the door's contact without any credential."""
        return self._did("forced open", self.contact.operate())

    def open(self) -> Instant:
        """Open the door's contact, as somebody who passes does."""
        return self._did("opened", self.contact.operate())

    def close(self) -> Instant:
        """Close the door's contact."""
        return self._did("closed", self.contact.release())

    def wait_released(self, *, since: Instant) -> Instant | None:
        """When the lock's coil changed after ``since``; None when it did not within ``patience``.

        One that did not is waited for as long again, and to lock again: were it released during the next
        try, it would be taken for a fast answer to that one.
        """
        seen = self.lock.wait_active(since=since, within=self.patience)
        self.item_journal.observation("lock released", self.device.id, seen)
        if seen is None:
            late = self.lock.wait_active(since=since, within=2 * self.patience)
            self.item_journal.observation("lock released too late", self.device.id, late)
            if late is not None:
                self.wait_locked(since=late)
        return seen

    def wait_locked(self, *, since: Instant) -> Instant | None:
        """When the lock's coil came back to rest; None when it did not in time."""
        seen = self.lock.wait_inactive(since=since, within=self.locks_within)
        return self.item_journal.observation("locked", self.device.id, seen)

    def locked_again(self, *, since: Instant, within: float) -> bool:
        """Whether the lock locked again after ``since``, if only for a moment, ``within`` seconds."""
        locked = self.lock.wait_inactive(since=since, within=within)
        return self.item_journal.observation("locked", self.device.id, locked) is not None

    def opened_since(self, since: Instant, within: float) -> bool:
        """Whether the lock's coil changed, if only for a moment, after ``since``."""
        return self.released_within(within, since=since) is not None

    def released_within(self, seconds: float, *, since: Instant) -> Instant | None:
        """When the lock's coil changed, if only for a moment, after ``since``."""
        seen = self.lock.wait_active(since=since, within=seconds)
        return self.item_journal.observation("lock released", self.device.id, seen)

    def let_lock(self, *, since: Instant) -> None:
        """Wait until a lock that is still released locks again."""
        if self.lock.is_active():
            self.wait_locked(since=since)

    def others_at_rest(self) -> tuple[ContactInput, ...]:
        """The locks of other doors that are locked now; a lock that is already released shows nothing."""
        return tuple(one for one in self.others if not one.is_active())

    def opened_too(self, others: tuple[ContactInput, ...], *, since: Instant) -> list[str]:
        """Which of these locks were released since, if only for a moment."""
        seen = {one.name: one.wait_active(since=since, within=now() - since.earliest) for one in others}
        for name, instant in seen.items():
            self.item_journal.observation("lock released", name, instant)
        return [name for name, instant in seen.items() if instant is not None]

    def bring_to_rest(self) -> None:
        """Circuits and door closed, alarms reset, lock at rest; one that stays released is left as it is."""
        self.restore_all()
        self.close()
        self.controller.reset()
        end = max(self._presented, default=0.0) + _OPEN_S
        while self.lock.is_active() and now() < end:
            time.sleep(_LOOK_S)

    def _present(self, what: str, instant: Instant) -> Instant:
        self._presented[:] = [instant.latest]
        return self._did(what, instant)


@dataclass(frozen=True, slots=True)
class Entrances:
    """A door controller and those of its doors whose locks and contacts are wired to the bench."""

    device: Device
    doors: tuple[Door, ...]

    def bring_to_rest(self) -> None:
        """Every door and circuit."""
        for door in self.doors:
            door.bring_to_rest()


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
