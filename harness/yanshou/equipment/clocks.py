# SPDX-License-Identifier: Apache-2.0
"""Clocks as a test sees them: one device's offset from the time reference, and all of a site at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from yanshou.drivers.capabilities import DeviceClock
from yanshou.drivers.clock.offset import measure_offset
from yanshou.equipment.instruments import TimeReference
from yanshou.evaluation.clocks import (
    ClockPoll,
    HostClock,
    offset_budget,
    offset_found,
    offsets_found,
    sample_of,
)
from yanshou.evaluation.seen import ClockSample
from yanshou.metrology import Budget
from yanshou.metrology.utc import KnownUtc, OffsetBracket, mislabelled
from yanshou.model import Instant, Measurement, RigFault, now, utc_of
from yanshou.planning import Together

_POLLS = 15
_TO_THE_WIRE_S = 1e-3  # largest delay between the stamp of a request and its sending
_ENOUGH_S = 0.01  # a hundredth of the smallest offset that any limit concerns
AT_ONCE = Together.READINGS.at_once


class AsksOffset(Protocol):
    """A clock that measures its own offset from a reference, as NTP does."""

    def offset(self, reference: Callable[[float], float]) -> OffsetBracket: ...


@dataclass(frozen=True, slots=True)
class Clock:
    """A device whose clock can be read; ``seen`` are its earlier offsets in this session, oldest first.

    ``by_person``: a display that a person reads beside that of the reference. ``time_zone``: that of the
    site, to recognise a device that reports local time as UTC.
    """

    device: str
    inner: DeviceClock | AsksOffset
    seen: list[ClockSample] = field(default_factory=list)
    by_person: bool = False
    time_zone: str = ""

    @property
    def way(self) -> str:
        """What limits the width of its bracket, for the budget."""
        if self.by_person:
            return "two displays read by a person"
        return (
            "bracket of the roll-over" if isinstance(self.inner, DeviceClock) else "delay of the NTP sample"
        )

    def bracket(self, reference: Callable[[float], float], enough_s: float = _ENOUGH_S) -> OffsetBracket:
        """Its offset from ``reference``: by NTP, or bracketed at changes of its displayed second."""
        if isinstance(self.inner, DeviceClock):
            return measure_offset(self.inner, reference, polls=_POLLS, reference_U=0.0, enough_s=enough_s)
        return self.inner.offset(reference)

    def mislabelled(self, bracket: OffsetBracket) -> str:
        """A remark for a clock that reports local time in its UTC field; empty for any other."""
        ahead = datetime.now(ZoneInfo(self.time_zone)).utcoffset() if self.time_zone else None
        zones = (*bracket.zones, *([ahead.total_seconds()] if ahead else []))
        zone = mislabelled(bracket.middle, zones)
        if zone is None:
            return ""
        rest = bracket.middle - zone
        return (
            f"其 UTC 字段超前 {zone / 3600:g} h，与其当地时间之差相符：当地时间被标作 UTC（余 {rest:+.3f} s）"
        )

    def exchange(self) -> tuple[Instant, Instant]:
        """One request, from sending to receipt; the delay between stamp and wire is unknown."""
        if not isinstance(self.inner, DeviceClock):
            raise RigFault("is no clock that is read by questions.", device=self.device)
        asked = self.inner.read_clock().asked
        between = min(_TO_THE_WIRE_S, (asked.latest - asked.earliest) / 2)
        sent = Instant(asked.earliest, asked.earliest + between)
        return sent, Instant(asked.latest - between, asked.latest)


def clock_offset(clock: Clock, reference: TimeReference) -> Measurement:
    """Device minus reference in seconds, as its absolute value; the sign stands in the details."""
    return _offset(clock, clock.bracket(reference.utc), now(), reference.known())


def clock_offsets(clocks: Sequence[Clock], reference: TimeReference) -> dict[str, Measurement]:
    """The offsets of clocks that are read at the same time, by device, without those that could not be read.

    The second of every good clock changes at the same moment, so one reading waits as long as all of them.
    """
    known = reference.known()

    def tried(clock: Clock) -> tuple[OffsetBracket, float] | None:
        try:
            return clock.bracket(reference.utc), now()
        except RigFault:
            return None

    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = list(pool.map(tried, clocks))
    return {
        clock.device: _offset(clock, *one, known)
        for clock, one in zip(clocks, made, strict=True)
        if one is not None
    }


def _offset(clock: Clock, bracket: OffsetBracket, at: float, known: KnownUtc) -> Measurement:
    budget, _ = _sampled(clock, bracket, at, known)
    return offset_found(clock.device, bracket, budget, known, odd=clock.mislabelled(bracket))


def _sampled(clock: Clock, bracket: OffsetBracket, at: float, known: KnownUtc) -> tuple[Budget, ClockSample]:
    """The budget of a reading and its sample, which the clock keeps."""
    budget = offset_budget(clock.way, bracket, known)
    sample = sample_of(bracket, budget, at, known)
    clock.seen.append(sample)
    return budget, sample


def clock_survey(
    measurand: str, device: str, clocks: Sequence[Clock], reference: TimeReference
) -> tuple[Measurement, bytes]:
    """All clocks in one table: the largest offset in seconds, and the table.

    Clocks with an interface are read at the same time; displays by a person, one after the other.
    """
    wired, shown = [one for one in clocks if not one.by_person], [one for one in clocks if one.by_person]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(lambda clock: _poll(clock, reference), wired))
    results += [_poll(clock, reference) for clock in shown]
    at = now()
    host = HostClock(at, utc_of(at) - reference.utc(at))
    return offsets_found(measurand, device, results, reference.known(), host)


def _poll(clock: Clock, reference: TimeReference) -> ClockPoll:
    try:
        bracket = clock.bracket(reference.utc)
    except RigFault as fault:
        return ClockPoll(clock.device, clock.by_person, None, fault.what)
    if odd := clock.mislabelled(bracket):
        return ClockPoll(clock.device, clock.by_person, None, odd)
    _, seen = _sampled(clock, bracket, now(), reference.known())
    return ClockPoll.of(clock.device, seen, clock.seen, by_person=clock.by_person)
