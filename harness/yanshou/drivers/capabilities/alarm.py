# SPDX-License-Identifier: Apache-2.0
"""Alarm panels, their zones and circuits, and the centre that receives their reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from yanshou.model import Device, Instant
from yanshou.model.signal import LogEntry, Signal, Watched

if TYPE_CHECKING:  # a survey of cameras does not need the centre in memory
    from yanshou.acquisition.centre import CentreAnswer, ReceivedMessage
    from yanshou.protocols.dc09 import EventClass, Qualifier


@runtime_checkable
class CircuitStimulus(Protocol):
    """The relays of the bench in the circuits of one device, by role.

    De-energised is the original circuit.

    A zone has loop, tamper, short, eol_low, eol_high, supply, mask, range; a panel has lid, mains, battery,
    battery_weak, substitute.
    """

    @property
    def device(self) -> Device: ...
    def has(self, role: str) -> bool:
        """Whether a relay of the bench is wired to this circuit."""
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
        """Ask for setting once.

        Returns whether the panel set, or began its exit delay, within ``within`` seconds.
        """
        ...

    def disarm(self, partition: int = 1) -> None: ...
    def reset(self) -> None: ...
    def is_armed(self, partition: int = 1) -> bool: ...
    def is_unset(self, partition: int = 1) -> bool:
        """Whether it shows the partition as unset; a zone whose one state is its alarm says neither."""
        ...

    def armed(self) -> frozenset[int]:
        """Every partition the panel shows as set now, including those without a zone in the inventory."""
        ...

    def alarmed_partitions(self) -> frozenset[int]:
        """Every partition the panel shows in alarm now; none where it does not show them one by one."""
        ...

    def reports(self, signal: Signal) -> bool:
        """Whether the panel's interface can show ``signal`` at all."""
        ...

    def shows(self, number: int, signal: Signal) -> bool: ...
    def shown(self, signal: Signal) -> frozenset[int]:
        """The numbers of all zones (partitions …) that show ``signal`` now."""
        ...

    def wait_for(self, number: int, signal: Signal, *, since: Instant, within: float) -> Instant | None:
        """When ``number`` came to show ``signal`` after ``since``; None if not within ``within`` seconds."""
        ...

    def watch(
        self, number: int, signal: Signal, *, shown: bool, seconds: float, since: Instant | None = None
    ) -> Watched:
        """Watch for ``seconds`` whether the signal stays ``shown`` (True) or stays absent (False).

        They are counted from now, or from ``since``, when the signal was seen shown or absent: many zones can
        be watched over the same time, for they are polled all the while.
        """
        ...


@runtime_checkable
class Keypad(Protocol):
    """Users of a panel, counted from 1; after a user logs in, commands act as that user."""

    def can(self, function: str) -> bool:
        """Whether the interface has this function: arm, disarm, bypass, reset, erase_log, duress."""
        ...

    def log_in(self, user: int) -> None: ...
    def log_out(self, user: int) -> None: ...
    def ask_for(self, function: str, number: int = 1) -> None:
        """Give a command once, whatever its result; ``number`` is the partition or zone."""
        ...

    def take_back(self, function: str, number: int = 1) -> None:
        """The opposite of a command that stays, such as a bypass."""
        ...


@runtime_checkable
class EventLog(Protocol):
    """The event log of a panel, read record by record."""

    def bounds(self) -> tuple[int, int]:
        """Running numbers of the oldest and the newest record kept; (0, n) if none is."""
        ...

    def read(self, number: int) -> LogEntry | None:
        """The record; None if it is not kept."""
        ...

    def require_whole(self, since: int) -> None:
        """Raise RigFault unless every event since record ``since`` until now could be read.

        What was not delivered for certain is unknown, and never "no event".
        """
        ...


@runtime_checkable
class AlarmReceiver(Protocol):
    """The receiving centre of the bench, as seen by one alarm link.

    Entries are numbered; ``after`` is the number of the last old one (see ``mark``). ``paths`` are the
    numbers of the receiver's addresses that the link reports to, the first path first.
    """

    @property
    def device(self) -> Device: ...
    @property
    def paths(self) -> tuple[int, ...]: ...
    def mark(self) -> int: ...
    def wait(self, match: Mapping[str, object], *, after: int, until: float) -> ReceivedMessage | None:
        """The first entry that matches; None if none had come by ``until``, in seconds of ``now``."""
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
        """The first arrival of such an event; None if not within ``within`` seconds after ``since``."""
        ...

    def received(self, after: int) -> list[ReceivedMessage]: ...
    def unread(self, after: int) -> list[ReceivedMessage]:
        """Entries since then that could not be read and may have been from this link."""
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
        """Answer ``count`` times by another policy on ``paths`` (default all); None: by the rules again."""
        ...

    def set_clock(self, ahead_s: float) -> None:
        """Judge its time stamps by a clock so many seconds ahead of ours, and state that clock's time."""
        ...

    def supervise(self, limit_s: float | None) -> None:
        """Note when a path is silent for longer than ``limit_s``; None ends this."""
        ...
