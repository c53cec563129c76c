# SPDX-License-Identifier: Apache-2.0
"""Alarm panels, their zones and circuits, and the centre that receives their reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from yanshou.model import Device, Instant
from yanshou.model.signal import LogEntry, Signal, Watched

if TYPE_CHECKING:  # a survey of cameras need not hold the centre in memory
    from yanshou.acquisition.centre import CentreAnswer, ReceivedMessage
    from yanshou.protocols.dc09 import EventClass, Qualifier


@runtime_checkable
class CircuitStimulus(Protocol):
    """The bench's relays in the circuits of one device, by their role in the wiring; rest is the original.

    A zone has loop, tamper, short, eol_low, eol_high, supply, mask, range; a panel has lid, mains, battery,
    battery_weak, substitute.
    """

    @property
    def device(self) -> Device: ...
    def has(self, role: str) -> bool:
        """Whether a relay of the bench sits in this circuit."""
        ...

    def disturb(self, role: str) -> Instant: ...
    def restore(self, role: str) -> Instant: ...


@runtime_checkable
class ZoneStimulus(CircuitStimulus, Protocol):
    """The circuits of one zone."""

    def open_loop(self) -> Instant: ...
    def close_loop(self) -> Instant: ...
    def open_tamper(self) -> Instant: ...
    def close_tamper(self) -> Instant: ...


@runtime_checkable
class AlarmPanel(Protocol):
    """A control and indicating equipment (CIE).  Zones and partitions are counted from 1."""

    @property
    def device(self) -> Device: ...
    def arm(self, partition: int = 1) -> None: ...
    def try_arm(self, partition: int, *, within: float) -> bool:
        """Ask for setting, once; whether it was accepted (set, or leaving) within ``within`` seconds."""
        ...

    def disarm(self, partition: int = 1) -> None: ...
    def reset(self) -> None: ...
    def is_armed(self, partition: int = 1) -> bool: ...
    def armed(self) -> frozenset[int]:
        """Every partition the panel shows as set now, those no zone of the inventory is in included."""
        ...

    def tells(self, signal: Signal) -> bool:
        """Whether the panel's interface shows ``signal`` at all."""
        ...

    def shows(self, number: int, signal: Signal) -> bool: ...
    def shown(self, signal: Signal) -> frozenset[int]:
        """The numbers of all zones (partitions …) that show ``signal`` now."""
        ...

    def wait_for(self, number: int, signal: Signal, *, since: Instant, within: float) -> Instant | None:
        """When ``number`` came to show ``signal`` after ``since``; None when not in ``within`` seconds."""
        ...

    def watch(self, number: int, signal: Signal, *, shown: bool, seconds: float) -> Watched:
        """Watch for ``seconds`` that the signal stays ``shown`` (True) or stays away (False)."""
        ...


@runtime_checkable
class Keypad(Protocol):
    """Users of a panel, counted from 1: what is asked for while one is logged in, is asked for by him."""

    def can(self, function: str) -> bool:
        """Whether the interface knows it: arm, disarm, bypass, reset, erase_log, duress."""
        ...

    def log_in(self, user: int) -> None: ...
    def log_out(self, user: int) -> None: ...
    def ask_for(self, function: str, number: int = 1) -> None:
        """Give a command once, whatever comes of it; ``number`` is the partition or zone."""
        ...

    def take_back(self, function: str, number: int = 1) -> None:
        """The opposite of a command that stays, such as a bypass."""
        ...


@runtime_checkable
class EventLog(Protocol):
    """The event log of a panel, read record by record."""

    def bounds(self) -> tuple[int, int]:
        """Running numbers of the oldest and the newest record that are kept; (0, n) when none is."""
        ...

    def read(self, number: int) -> LogEntry | None:
        """The record, None when it is not kept."""
        ...


@runtime_checkable
class AlarmReceiver(Protocol):
    """The receiving centre of the bench, as one alarm link reports to it.

    Entries are numbered; ``after`` is the number of the last one that is old (``mark``).  ``paths`` are the
    receiver's addresses the link reports to, by number, the first path first.
    """

    @property
    def device(self) -> Device: ...
    @property
    def paths(self) -> tuple[int, ...]: ...
    def mark(self) -> int: ...
    def wait(self, match: Mapping[str, object], *, after: int, until: float) -> ReceivedMessage | None:
        """The first entry that matches; None when none had come by ``until``, in seconds of ``now``."""
        ...

    def wait_event(
        self,
        event_class: EventClass,
        zone: int | None,
        *,
        qualifier: Qualifier,
        after: int,
        since: Instant,
        within: float,
    ) -> ReceivedMessage | None:
        """The first arrival of such an event; None when not within ``within`` seconds after ``since``."""
        ...

    def received(self, after: int) -> list[ReceivedMessage]: ...
    def unread(self, after: int) -> list[ReceivedMessage]:
        """What came since, could not be read, and may have been from this link."""
        ...

    def answer(
        self,
        answer: CentreAnswer | None,
        *,
        count: int | None = None,
        events_only: bool = False,
        paths: Sequence[int] = (),
        cut: bool = False,
    ) -> None:
        """Answer otherwise than by the rules: ``count`` times, on ``paths`` (all); by the rules when None."""
        ...

    def supervise(self, limit_s: float | None) -> None:
        """Note when a path is silent for longer than ``limit_s``; None: no more."""
        ...
