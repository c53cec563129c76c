# SPDX-License-Identifier: Apache-2.0
"""The event log of a panel as a test sees it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from yanshou.drivers.capabilities import EventLog
from yanshou.equipment.log_numbers import numbers_after, numbers_from
from yanshou.equipment.panel import Panel
from yanshou.equipment.zone import Zone
from yanshou.model import now
from yanshou.model.signal import LogEntry

_DAY_S = 86_400.0
_READ_D, _STATED_D = 0.01, 0.5  # the panel's clock was not compared; a person states whole days
_KEPT_BACK = 20
_SPREAD = 60  # records that are read over the whole log
_CLOCK_SET_S = 7200.0  # more than summer time and a clock set right may turn it back
_OFF_S = 120.0  # more than a record late by its event and a clock that is set now and then
_POLL_S = 0.05
_SETTING = frozenset({"set", "unset"})
_TWICE_S = 1.0  # records show whole seconds


@dataclass(frozen=True, slots=True)
class Reach:
    """Records spread over a log, the oldest first: those that can be read without one missing between.

    ``kept`` is how many records there are from the oldest of them on, ``stated`` how many the log says to
    keep.
    """

    entries: tuple[LogEntry, ...]
    kept: int
    stated: int

    def days(self, until: LogEntry) -> float:
        """The age of the oldest when the record ``until`` was made, by the panel's own clock, in days."""
        return (until.at - self.entries[0].at).total_seconds() / _DAY_S if self.entries else 0.0

    @property
    def disordered(self) -> bool:
        """Whether a record is dated clearly after a later one: the clock was set meanwhile."""
        return any(
            (one.at - later.at).total_seconds() > _CLOCK_SET_S for one, later in pairwise(self.entries)
        )

    @property
    def widest_gap_d(self) -> float:
        """The longest time between two of these records, in days."""
        gaps = ((later.at - one.at).total_seconds() / _DAY_S for one, later in pairwise(self.entries))
        return max(gaps, default=0.0)


@dataclass(frozen=True, slots=True)
class PanelLog:
    """Records by their running number.

    ``asked_d`` is the longest age that a clause demands, in days.
    """

    panel: Panel
    commissioned: datetime | None
    asked_d: float

    @property
    def readable(self) -> bool:
        """Whether the panel's interface reads its log at all; otherwise a person has to."""
        return self.panel.wires.log is not None

    @property
    def _inner(self) -> EventLog:
        assert self.panel.wires.log is not None  # asserted by ``readable``
        return self.panel.wires.log

    @property
    def resolution_d(self) -> float:
        """The resolution of an age, in days."""
        return _READ_D if self.readable else _STATED_D

    def bounds(self) -> tuple[int, int]:
        """Running numbers of the oldest and the newest record."""
        return self._inner.bounds()

    def count(self) -> int:
        """How many records it says to keep."""
        return len(numbers_from(*self.bounds()))

    def newest(self, count: int) -> dict[int, LogEntry]:
        """The newest ``count`` records; none when the log is empty."""
        numbers = numbers_from(*self.bounds())[-count:]
        found = {number: self._inner.read(number) for number in numbers}
        return {number: entry for number, entry in found.items() if entry is not None}

    def since(self, number: int) -> list[LogEntry]:
        """The records after ``number``."""
        _, newest = self.bounds()
        found = [self._inner.read(one) for one in numbers_after(number, newest)]
        return [entry for entry in found if entry is not None]

    def made_now(self, zone: Zone) -> list[LogEntry]:
        """The records of a setting and an unsetting that the bench makes now; none where it keeps none."""
        _, before = self.bounds()
        self.panel.arm(zone)
        self.panel.disarm(zone)
        end = now() + self.panel.patience
        while not (found := self.since(before)) and now() < end:
            time.sleep(_POLL_S)
        return found

    def reach(self) -> Reach:
        """How far back the log can be read from its newest record on, by records spread over it.

        A panel may state an oldest record and no longer keep it, or keep it and not those after it.
        """
        numbers = numbers_from(*self.bounds())
        last = len(numbers) - 1
        found: dict[int, LogEntry] = {}

        def read(place: int) -> bool:
            entry = self._inner.read(numbers[place])
            found.update({} if entry is None else {place: entry})
            return entry is not None

        missing, first = -1, last + 1  # the newest place known to be missing, the oldest one read so far
        for place in sorted({round(step * last / _SPREAD) for step in range(_SPREAD + 1)}, reverse=True):
            if not numbers or not read(place):
                missing = place
                break
            first = place
        while first - missing > 1 and first <= last:
            middle = (missing + first) // 2
            missing, first = (missing, middle) if read(middle) else (middle, first)
        kept = len(numbers) - first
        self._note("records read", f"{len(found)} of {len(numbers)}, back to the newest {kept}")
        return Reach(tuple(found[place] for place in sorted(found)), kept, stated=len(numbers))

    def events(self, kept: int) -> int:
        """How many events the newest ``kept`` records tell of.

        A partition is not set twice without being unset: a log that says so keeps each event twice. Then all
        records are read, and those alike within a second are of one event.
        """
        numbers = numbers_from(*self.bounds())[-kept:] if kept else []
        newest = [self._inner.read(one) for one in numbers[-_KEPT_BACK:]]
        if not any(_alike(one, other) and one.kind in _SETTING for one, other in _both(newest)):
            return kept
        records = [self._inner.read(one) for one in numbers]
        events = kept - sum(_alike(one, other) for one, other in _both(records))
        self._note("events in its log", {"records": kept, "events": events})
        return events

    def changed(self, before: Mapping[int, LogEntry]) -> list[int]:
        """The records that are gone or read differently than before."""
        changed = [number for number, entry in before.items() if self._inner.read(number) != entry]
        if before:
            self._note("records compared", {"compared": len(before), "changed": changed})
        return changed

    def ahead_s(self, made: LogEntry) -> float | None:
        """By how many seconds the log dates a record made now ahead of this computer; None if by few."""
        ahead = (made.at - datetime.now(UTC)).total_seconds()
        return ahead if abs(ahead) > _OFF_S else None

    def doubts(self, reach: Reach, days: float) -> list[str]:
        """Why the age of the oldest record alone does not prove that the log reaches back ``asked_d``."""
        if not 0 < self.asked_d <= days:
            return []
        found = ["记录的时间先后颠倒：主机时钟曾被改动"] if reach.disordered else []
        if reach.widest_gap_d > self.asked_d:
            found.append(f"相邻记录相隔 {reach.widest_gap_d:.0f} d：其间的记录缺失，或主机时钟曾被改动")
        if self.commissioned is not None:
            since_d = (datetime.now(UTC) - self.commissioned).total_seconds() / _DAY_S
            if since_d < self.asked_d:
                found.append(f"系统投入使用只有 {since_d:.0f} d，最早的记录却有 {days:.0f} d")
        return found

    def young(self, reaches_d: float) -> bool:
        """Whether the log reaches back to the system's first day, and that is less than demanded."""
        if self.commissioned is None or reaches_d >= self.asked_d:
            return False
        age = (datetime.now(UTC) - self.commissioned).total_seconds() / _DAY_S
        return age < self.asked_d and reaches_d >= age - 1

    def lost_over_power_cut(self, seconds: float) -> bool | None:
        """Whether records are gone after all power was cut; None if the bench cannot cut or read."""
        panel = self.panel
        if not (self.readable and panel.wired("mains") and panel.wired("battery")):
            return None
        before = self.newest(_KEPT_BACK)
        for role in ("mains", "battery"):
            panel.disturb(role)
        panel.require_dark(seconds)
        panel.mend_all()
        return bool(self.changed(before))

    def _note(self, what: str, value: object) -> None:
        self.panel.item_journal.note(
            "observation", what=what, via=self.panel.device.id, instant=None, value=value
        )


def _both(records: Sequence[LogEntry | None]) -> Iterator[tuple[LogEntry, LogEntry]]:
    """Each two records that follow one another and could be read."""
    return ((one, other) for one, other in pairwise(records) if one is not None and other is not None)


def _alike(one: LogEntry, other: LogEntry) -> bool:
    """Whether two records tell the same: who did what, where and when."""
    same = (one.kind, one.target, one.user) == (other.kind, other.target, other.user)
    return same and abs((other.at - one.at).total_seconds()) <= _TWICE_S
