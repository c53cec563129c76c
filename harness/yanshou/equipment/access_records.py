# SPDX-License-Identifier: Apache-2.0
"""The event log of a door controller, as it arrives at the centre."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from yanshou.drivers.capabilities import DeviceClock, EventLog
from yanshou.evaluation.access import MadeEvent
from yanshou.model import Instant, RigFault, now
from yanshou.model.signal import LogEntry
from yanshou.protocols.card import Bits, read_credential
from yanshou.rig.item_journal import ItemJournal

_LOOK_S = 0.2
_MOST = 0xFFFF
_LOW_WORD = 0xFFFF


def card_number(credential: str) -> int:
    """The number under which a log in registers keeps a credential: its low 16 bits, else its digits."""
    try:
        first = read_credential(credential)[0]
        if isinstance(first, Bits):
            return first.value & _LOW_WORD
        return int(credential, 16) & _LOW_WORD
    except ValueError:
        return int("".join(filter(str.isdigit, credential)) or "0") & _LOW_WORD


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

    def ahead_s(self) -> float:
        """By how many seconds its clock is ahead of this computer's, to a second; 0 where none is read."""
        if self.clock is None:
            return 0.0
        reading = self.clock.read_clock()
        here = _utc(reading.asked.middle)
        return (reading.shown_utc - here).total_seconds() + reading.resolution_s / 2

    def since(self, number: int, *, ahead_s: float = 0.0) -> list[LogEntry]:
        """The records after ``number``, in their order, with their times set right by ``ahead_s``."""
        newest = self.newest()
        numbers = [one % _MOST or _MOST for one in range(number + 1, number + 1 + (newest - number) % _MOST)]
        found = [self.inner.read(one) for one in numbers]
        right = timedelta(seconds=ahead_s)
        return [replace(one, at=one.at - right) for one in found if one is not None]

    def arrivals(self, number: int, wanted: int, *, still_s: float, within: float) -> int:
        """How many records came after ``number``: waits for ``wanted``, then until none came any more.

        That is when none came for ``still_s``, or twice as long where some are missing.
        """
        end, came, changed = now() + within, 0, now()
        while now() < end:
            here = (self.newest() - number) % _MOST
            came, changed = (here, now()) if here != came else (came, changed)
            if now() - changed >= still_s and (came >= wanted or now() - changed >= 2 * still_s):
                break
            time.sleep(_LOOK_S)
        self.item_journal.note(
            "observation", what="records arrived", via=self.device, instant=None, value=came
        )
        return came

    def made(self, kind: str, door: int, user: int, since: Instant) -> MadeEvent:
        """An event that the bench makes: it began in ``since`` and is over now."""
        return MadeEvent(kind, door, user, _utc(since.earliest), datetime.now(UTC))

    def kept(self, entries: Sequence[LogEntry]) -> None:
        """Write the records that were read to the journal."""
        for one in entries:
            words = f"{one.number} {one.kind} door {one.target} user {one.user} {one.at.isoformat()}"
            self.item_journal.note("observation", what="record", via=self.device, instant=None, value=words)


def cards(credential: str, count: int) -> list[str]:
    """``count`` credentials like one that may not pass: its last four digits count on.

    RigFault when it has not four hexadecimal digits to count in.
    """
    head, tail = credential[:-4], credential[-4:]
    if not credential or any(one not in "0123456789abcdefABCDEF" for one in tail) or len(tail) < 4:  # noqa: PLR2004
        raise RigFault(f"credential {credential!r} does not end in four hexadecimal digits.", final=True)
    first = int(tail, 16)
    return [f"{head}{(first + step) % 0x10000:04X}" for step in range(count)]


def _utc(at: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=now() - at)
