# SPDX-License-Identifier: Apache-2.0
"""Doors and gates as a test sees them; every stimulus and observation is written to the journal."""

from __future__ import annotations

import math
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
from yanshou.equipment.at_controller import AtController, OtherLocks, locked_now
from yanshou.equipment.settled import BOUNCE_S, settled
from yanshou.model import Device, Instant, RigFault, UsageError, now
from yanshou.model.signal import Card, DoorCommand
from yanshou.protocols.card import Keys, card_number, read_credential
from yanshou.rig.item_journal import ItemJournal

_POLL_S = 0.02
_OPEN_S = 15.0  # a lock may be set to stay released for some seconds
_FRAME_S = 0.2  # the longest credential on a reader's line: 64 bits of Wiegand at 2 ms, and some more
_ON_LINE_S = 1.0
_PRESS_S = 0.5  # how long a relay holds the button at the centre
_ENTERING = frozenset({Card.AUTHORISED, Card.DURESS, Card.APPROVED})
_ACTIONS = {
    Card.AUTHORISED: "authorised credential",
    Card.UNAUTHORISED: "unauthorised credential",
    Card.DURESS: "duress credential",
    Card.PAYMENT: "payment card",
    Card.APPROVED: "credential that needs approval",
}


@dataclass(frozen=True, slots=True)
class Door(AtController):
    """A door: its contact and lock on the bench, the source of credentials at its reader, its controller.

    ``contact`` and ``credential`` are None where the bench has none there. ``line`` is an input that is
    active while bits run on the reader's line: it stamps the credential whoever presents it.
    """

    device: Device
    controller: DoorController
    credential: CredentialStimulus | None
    contact: ContactOutput | None
    lock: ContactInput
    item_journal: ItemJournal
    patience: float
    others: tuple[ContactInput, ...] = ()  # the locks of the other doors of its controller
    beside: Mapping[int, str] = field(default_factory=dict)  # ids of those doors by their numbers
    circuits: Mapping[str, ContactOutput] = field(default_factory=dict)
    """Relays beside the contact, by role: ``exit``, ``command``, ``approve`` and ``mains`` of the door,
    ``fire`` and ``link`` of its controller."""
    line: ContactInput | None = None
    leaving: CredentialStimulus | None = None  # the source of credentials at the reader to go out
    _presented: list[float] = field(default_factory=list)  # when the last credential was
    _inside: list[bool] = field(default_factory=list)  # whether somebody went in and not out

    @property
    def held_after(self) -> float | None:
        """How long, in seconds, the door may stand open as set; None when nobody stated it."""
        stated = self.device.attributes.get("held_after_s")
        return None if stated is None else float(str(stated))

    @property
    def opens_for(self) -> float | None:
        """How long, in seconds, its lock stays released as set; None when nobody stated it."""
        stated = self.device.attributes.get("lock_open_s")
        return None if stated is None else float(str(stated))

    @property
    def locks_within(self) -> float:
        """How long, in seconds, a released lock is waited for to lock again."""
        return max(self.patience, _OPEN_S, (self.opens_for or 0.0) + self.patience)

    def present_authorised(self) -> Instant:
        """Present a credential that may pass."""
        return self.present(Card.AUTHORISED)

    def present_unauthorised(self) -> Instant:
        """Present a credential that may not pass."""
        return self.present(Card.UNAUTHORISED)

    def has(self, card: Card) -> bool:
        """Whether the bench has such a credential for this door."""
        return self.source.has(card)

    def log_user(self, card: Card) -> int | None:
        """The user that a log keeps for a credential; None where a person presents cards nobody knows."""
        text = self._sent_for(card)
        return None if text is None else card_number(text)

    def _sent_for(self, card: Card) -> str | None:
        """What its source sends for a credential; None where a person presents it."""
        try:
            return self.source.credential(card)
        except UsageError:
            return None

    def _longest_s(self, credential: str | None) -> float:
        """How long a credential runs on its line, in seconds; keys are pressed as slowly as one likes."""
        try:
            parts = read_credential(credential or "")
        except ValueError:
            parts = ()
        keys = [one for one in parts if isinstance(one, Keys)]
        by_hand = credential is None and self.device.attributes.get("credential") == "pin"
        return math.inf if keys or parts[1:] or by_hand else _FRAME_S

    @property
    def source(self) -> CredentialStimulus:
        """What presents credentials at its reader; a final RigFault when the bench has nothing there."""
        if self.credential is None:
            raise self._unwired("reader")
        return self.credential

    def present(self, card: Card, *, again: bool = False) -> Instant:
        """Present a credential; when its last bit had run, as near as the bench can tell.

        Where a second entry is refused and the reader to go out is wired, whoever is inside goes out before;
        not if he enters ``again``.
        """
        if card in _ENTERING and not again:
            self.go_out()
        source, before = self.source, self._line_at_rest()
        if card in _ENTERING and self.leaving is not None:
            self._inside[:] = [True]
        sent = None if self.line is None else self._sent_for(card)
        return self._stamped(_ACTIONS[card], source.present(card), since=before, sent=sent)

    def go_out(self) -> None:
        """Whoever went in by this door goes out again, where the reader to go out is wired."""
        if self._inside:
            self._inside.clear()
            self._let_own_rest()  # a lock that is still released shows nothing of the way out
            if self.lock.is_active():
                self.leave()
                return
            released = self.released_within(self.patience, since=self.leave())
            if released is not None:
                self.wait_locked(since=released)

    def send(self, credential: str) -> Instant:
        """Present a credential by what is sent for it."""
        source, before = self.source, self._line_at_rest()
        presented = source.send(credential)
        return self._stamped("credential of a series", presented, since=before, sent=credential)

    def leave(self) -> Instant:
        """Present the authorised credential at the reader to go out."""
        if self.leaving is None:
            raise self._unwired("reader_out")
        return self._did("authorised credential to go out", self.leaving.present(Card.AUTHORISED))

    def _line_at_rest(self) -> float:
        """Wait until no bit runs on the reader's line any more; returns when that was, in seconds."""
        end = now() + _ON_LINE_S
        while self.line is not None and self.line.is_active():
            if now() > end:
                raise RigFault(
                    "the line of its reader is never at rest.",
                    device=self.device.id,
                    remedy="A polled line (OSDP) shows no credential to an input: unwire reader_line.",
                )
            time.sleep(_POLL_S)
        return now()

    def _stamped(self, what: str, presented: Instant, *, since: float, sent: str | None) -> Instant:
        """When the credential was complete: after its first bit on the line, before the longest frame ends.

        It is also before its source says that it is out. A source that says it presented one although the
        line stayed at rest is a fault of the bench: what nobody presented is refused by every controller.
        """
        self._presented[:] = [presented.latest]
        if self.line is None:
            return self._did(what, presented)
        asked = Instant(since, max(since, presented.latest))
        begun = self.line.wait_active(since=asked, within=_ON_LINE_S)
        if begun is None:
            raise RigFault(
                "no credential ran on the line of its reader.",
                device=self.device.id,
                remedy="Check the card, its source and the wire reader_line.",
            )
        longest_s = self._longest_s(sent)
        first = begun.earliest if longest_s < math.inf else max(begun.earliest, presented.earliest)
        last = max(begun.latest, min(begun.latest + longest_s, presented.latest))
        bound_s = begun.bound_s + (last - begun.latest if longest_s < math.inf else 0.0)
        complete = Instant(first, max(first, last), begun.via, bound_s)
        return self._did(what, complete)

    def _unwired(self, role: str) -> RigFault:
        remedy = f"Add `{role}=…` to its wiring in the inventory."
        what = f"the bench is not wired to its {role}."
        return RigFault(what, device=self.device.id, remedy=remedy, final=True)

    @property
    def switch(self) -> ContactOutput:
        """The relay in its contact; a final RigFault when the bench has none there."""
        if self.contact is None:
            raise self._unwired("contact")
        return self.contact

    def force_open(self) -> Instant:
        """Open the door's contact without any credential."""
        return self._did("forced open", self.switch.operate())

    def open(self) -> Instant:
        """Open the door's contact, as somebody who passes does."""
        return self._did("opened", self.switch.operate())

    def close(self) -> Instant:
        """Close the door's contact."""
        return self._did("closed", self.switch.release())

    def can(self, command: DoorCommand) -> bool:
        """Whether the bench can give this command of the centre: over its interface, or by a relay."""
        return command.value in self._by_relay or self.controller.can(command)

    def command(self, command: DoorCommand) -> Instant:
        """Give a command of the centre; by the relay at the centre's button where one is wired."""
        relay = self._by_relay.get(command.value)
        given = relay.operate() if relay else self.controller.command(self.device, command)
        self._presented[:] = [given.latest]
        if relay is not None:
            time.sleep(_PRESS_S)
            relay.release()
        return self._did(f"command {command.value}", given)

    def take_back(self, command: DoorCommand) -> Instant:
        """Take back a command that stays."""
        return self._did(f"command {command.value} ends", self.controller.take_back(self.device, command))

    @property
    def _by_relay(self) -> dict[str, ContactOutput]:
        """The relays at buttons of the centre, by the command they give; an unlocking button lies there."""
        wired = {"command": DoorCommand.UNLOCK, "approve": DoorCommand.APPROVE}
        return {one.value: self.circuits[role] for role, one in wired.items() if role in self.circuits}

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
        return self.locked_within(self.locks_within, since=since)

    def locked_within(self, seconds: float, *, since: Instant) -> Instant | None:
        """When the lock came back to rest, if within so many seconds; a bounce of its contact is none."""
        seen = settled(self.lock, since=since, within=seconds, still_s=BOUNCE_S)
        return self.item_journal.observation("locked", self.device.id, seen)

    def locked_again(self, *, since: Instant, within: float) -> bool:
        """Whether the lock locked again after ``since``, if only for 0.05 s, ``within`` seconds."""
        return self.locked_within(within, since=since) is not None

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

    def restore(self, role: str) -> Instant:
        """As for every device; after a fire signal all locks of the controller come to rest first."""
        restored = AtController.restore(self, role)
        if role == "fire":
            self._let_rest(self.lock, *self.others, until=restored.latest + self.locks_within)
        return restored

    def others_at_rest(self) -> tuple[ContactInput, ...]:
        """The locks of other doors that are locked now."""
        return locked_now(self.others)

    def watch_others(self) -> OtherLocks:
        """Watch the locks of the other doors that are locked now."""
        return OtherLocks(self, self.others_at_rest(), now())

    def bring_to_rest(self) -> None:
        """Circuits and door closed, alarms reset, lock at rest; one that stays released is left as it is."""
        self.restore_all()
        if self.contact is not None:
            self.close()
        self.go_out()
        self.controller.reset()
        self._let_own_rest()

    def _let_own_rest(self) -> None:
        """Wait until its lock is at rest, as long as it may stay released for the last credential."""
        self._let_rest(self.lock, until=max(self._presented, default=0.0) + self.locks_within)

    @staticmethod
    def _let_rest(*locks: ContactInput, until: float) -> None:
        while any(one.is_active() for one in locks) and now() < until:
            time.sleep(_POLL_S)


@dataclass(frozen=True, slots=True)
class Entrances(AtController):
    """A door controller and those of its doors whose locks are wired to the bench.

    ``circuits`` are the relays in its ``link`` to the centre, its ``mains`` and its ``battery``; ``seen`` the
    inputs where an alarm at the centre is heard (``buzzer``) and seen (``lamp``).
    """

    device: Device
    controller: DoorController
    circuits: Mapping[str, ContactOutput]
    item_journal: ItemJournal
    patience: float
    doors: tuple[Door, ...]
    seen: Mapping[str, ContactInput] = field(default_factory=dict)
    beside: Mapping[int, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The controller itself is number 1."""
        return 1

    def bring_to_rest(self) -> None:
        """Every door and circuit."""
        self.restore_all()
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
            time.sleep(_POLL_S)

    def pass_object(self) -> Instant:
        """The test object passes."""
        return self.item_journal.stimulus("test object passes", self.device.id, self.inner.pass_object())

    def end_pass(self) -> Instant:
        """The passage is free again."""
        return self.item_journal.stimulus("passage free", self.device.id, self.inner.end_pass())

    def alarm_within(self, seconds: float, *, since: Instant) -> Instant | None:
        """When the gate's alarm contact closed, if it did within so many seconds."""
        seen = self.inner.wait_alarm(since=since, within=seconds)
        return self.item_journal.observation("gate alarm", self.device.id, seen)

    def wait_alarm(self, *, since: Instant) -> Instant | None:
        """When the gate's alarm contact closed; None when it did not within ``patience``.

        One that did not is waited for as long again, so that it is not taken for an alarm of the next pass.
        """
        seen = self.inner.wait_alarm(since=since, within=self.patience)
        self.item_journal.observation("gate alarm", self.device.id, seen)
        if seen is None:
            late = self.inner.wait_alarm(since=since, within=2 * self.patience)
            self.item_journal.observation("gate alarm too late", self.device.id, late)
        return seen
