# SPDX-License-Identifier: Apache-2.0
"""The event log of a door controller, as it arrives at the centre."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from yanshou.drivers.capabilities import DeviceClock, EventLog
from yanshou.equipment.log_numbers import numbers_after
from yanshou.evaluation.access import MadeEvent
from yanshou.model import Instant, RigFault, now, utc_of
from yanshou.model.signal import LogEntry
from yanshou.protocols.card import LOW_WORD, WITH_PARITY, Bits, essence, read_credential
from yanshou.rig.item_journal import ItemJournal

_POLL_S = 0.2
_ASK_S = 0.02
_WORD = 16  # bits


@dataclass(frozen=True, slots=True)
class WantedRecord:
    """What a record has to be: of ``door``, of ``user`` or nobody, of one of ``kinds``.

    Where no user is known it may name whomever; without kinds it may tell whatever. A record of that very
    user may name no door (0): it is there, and that it does not say where is found by comparing it.
    """

    door: int
    user: int | None = None
    kinds: frozenset[str] = frozenset()

    def fits(self, entry: LogEntry) -> bool:
        """Whether a record is one of those."""
        named = self.user is None or entry.user in {self.user, 0}
        unplaced = entry.target == 0 and bool(self.user) and entry.user == self.user
        here = entry.target == self.door or unplaced
        return here and named and (not self.kinds or entry.kind in self.kinds)


@dataclass(frozen=True, slots=True)
class AccessRecords:
    """Records by their running number; times are compared with this computer's clock."""

    device: str
    inner: EventLog
    clock: DeviceClock | None
    item_journal: ItemJournal
    time_zone: str

    def newest(self) -> int:
        """The running number of the newest record."""
        return self.inner.bounds()[1]

    def _after(self, number: int) -> list[int]:
        """The running numbers after ``number``, of what is kept: a log that was empty begins anywhere."""
        oldest, newest = self.inner.bounds()
        return numbers_after(oldest - 1 if number < oldest <= newest else number, newest)

    def ahead_s(self) -> float:
        """By how many seconds its clock is ahead of this computer's, to a second; 0 where none is read."""
        if self.clock is None:
            return 0.0
        reading = self.clock.read_clock()
        here = _utc(reading.asked.middle)
        return (reading.shown_utc - here).total_seconds() + reading.resolution_s / 2

    def since(self, number: int, *, ahead_s: float = 0.0) -> list[LogEntry]:
        """The records after ``number``, in their order, with their times set right by ``ahead_s``."""
        found = [self.inner.read(one) for one in self._after(number)]
        right = timedelta(seconds=ahead_s)
        return [
            replace(
                one,
                user=one.user & LOW_WORD,
                at=one.at - right,
                earlier=tuple(other - right for other in one.earlier),
            )
            for one in found
            if one is not None
        ]

    def arrivals(self, number: int, wanted: int, *, still_s: float, within: float) -> int:
        """How many records came after ``number``: waits for ``wanted``, then until none came any more.

        That is when none came for ``still_s``, or twice as long where some are missing.
        """
        end, came, changed = now() + within, 0, now()
        while now() < end:
            here = len(self._after(number))
            came, changed = (here, now()) if here != came else (came, changed)
            if now() - changed >= still_s and (came >= wanted or now() - changed >= 2 * still_s):
                break
            time.sleep(_POLL_S)
        self.item_journal.note(
            "observation", what="records arrived", via=self.device, instant=None, value=came
        )
        return came

    def wait(self, number: int, wanted: WantedRecord, *, since: Instant, within: float) -> Instant | None:
        """When a wanted record after ``number`` could be read; None if not ``within`` seconds.

        RigFault if none came and it is not certain that all were delivered.
        """
        asked, seen, end = since.earliest, number, since.latest + within
        proven, came = False, list[LogEntry]()
        while True:
            before, asked = asked, now()
            for entry in self.since(seen):
                seen = entry.number
                came.append(entry)
                at = entry.arrived or Instant(before, now())
                at = replace(at, earliest=max(at.earliest, min(since.earliest, at.latest)))  # not before it
                if wanted.fits(entry) and at.earliest <= end:
                    return self.item_journal.observation(
                        "record arrived", self.device, at, f"{entry.number} {entry.kind}"
                    )
            if proven:
                self.require_known(wanted.door, {wanted.user} - {None}, came)
                return self.item_journal.observation("record arrived", self.device, None)
            if asked >= end:
                self.require_whole(number)
                proven = True  # what came until then is looked at once more
            else:
                time.sleep(_ASK_S)

    def require_whole(self, number: int) -> None:
        """Raise RigFault unless every record since ``number`` was delivered: only then one is missing."""
        self.inner.require_whole(number)

    def require_known(self, door: int, users: Collection[int | None], found: Sequence[LogEntry]) -> None:
        """Raise RigFault if a record of these users at the door may be any event: none is known to miss."""
        for one in found:
            if one.is_unknown and one.target in {door, 0} and one.user and one.user in users:
                raise RigFault(
                    f"record {one.number} of the card has a class unknown to the profile: {one.kind}.",
                    device=self.device,
                    remedy="Add it to the map of event_record in the profile, from the maker's paper.",
                )

    def made(self, kind: str, door: int, user: int, since: Instant) -> MadeEvent:
        """An event that the bench makes: it began in ``since`` and is over now."""
        return MadeEvent(kind, door, user, _utc(since.earliest), datetime.now(UTC))

    def kept(self, entries: Sequence[LogEntry]) -> None:
        """Write the records that were read to the journal."""
        for one in entries:
            entry = f"{one.number} {one.kind} door {one.target} user {one.user} {one.at.isoformat()}"
            self.item_journal.note("observation", what="record", via=self.device, instant=None, value=entry)


def cards(credential: str, count: int, *, other_than: Collection[str] = ()) -> list[str]:
    """``count`` cards like one that may not pass: the low 16 bits of its number count on.

    A card that is one of ``other_than``, however that is spelled, is left out: nobody released it. Cards of
    26 and 34 bits keep their parity. RigFault for a credential that is no card to count in.
    """
    try:
        parts = read_credential(credential)
    except ValueError:
        parts = ()
    match parts:
        case (Bits(bits, value),) if bits >= _WORD:
            parity = bits in WITH_PARITY
        case _:
            raise RigFault("the credential without a right is no card of 16 bits and more.", final=True)
    head, colon, digits = credential.rpartition(":")
    numbers = [_counted(value >> 1 if parity else value, step) for step in range(count + len(other_than))]
    made = [_with_parity(one, bits) if parity else one for one in numbers]
    written = [f"{head}{colon}{one:0{len(digits)}X}" for one in made]
    known = {essence(one) for one in other_than}
    return [one for one in written if essence(one) not in known][:count]


def _counted(value: int, step: int) -> int:
    """The value with its low 16 bits so many steps on."""
    return value & ~LOW_WORD | (value + step) & LOW_WORD


def _with_parity(number: int, bits: int) -> int:
    """A Wiegand card: even parity of the upper half before the number, odd parity of the lower after it."""
    half = (bits - 2) // 2
    data = number & ((1 << (bits - 2)) - 1)
    even = (data >> half).bit_count() % 2
    odd = 1 - (data & ((1 << half) - 1)).bit_count() % 2
    return even << (bits - 1) | data << 1 | odd


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(utc_of(at), UTC)
