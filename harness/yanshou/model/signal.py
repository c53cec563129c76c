# SPDX-License-Identifier: Apache-2.0
"""What panels and door controllers can show and keep in their logs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yanshou.model.instant import Instant


class ZoneSignal(StrEnum):
    """What a panel can show for a zone (GB 55029-2022 3.5.1: classes of alarm must be distinguished)."""

    ALARM = "zone_alarm"
    HOLD_UP = "zone_hold_up"
    TAMPER = "zone_tamper"
    FAULT = "zone_fault"
    OPEN = "zone_open"
    BYPASS = "zone_bypass"


class PanelSignal(StrEnum):
    """What a panel can show of itself; number 1, except for entry and exit, which belong to a partition."""

    MAINS = "ac_loss"
    BATTERY = "battery_fault"
    BATTERY_LOW = "battery_low"
    LID = "cover_tamper"
    COMMUNICATION = "comm_fault"
    SUBSTITUTION = "substitution"
    ENTRY = "entry"
    EXIT = "exit"


Signal = ZoneSignal | PanelSignal


class DoorSignal(StrEnum):
    """What a door controller can show for a door."""

    FORCED = "door_forced"
    HELD = "door_held"
    WRONG_CREDENTIAL = "wrong_credential"
    GRANTED = "access_granted"
    DENIED = "access_denied"
    TAMPER = "reader_tamper"
    FAULT = "reader_fault"
    DURESS = "duress_credential"
    PASSBACK = "passback"
    LINK = "link_fault"  # of the controller itself: number 1


class Card(StrEnum):
    """The credentials a bench may present, by the name of the attribute that holds each at its source."""

    AUTHORISED = "authorised"
    UNAUTHORISED = "unauthorised"
    DURESS = "duress"
    PAYMENT = "payment"
    APPROVED = "approval"  # may pass once the centre has approved it


class DoorCommand(StrEnum):
    """What the centre may command at a door; those that stay are taken back."""

    UNLOCK = "unlock"
    APPROVE = "approve"
    HOLD_OPEN = "hold_open"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Watched:
    """The result of watching that a state stays: how long, in how many polls, the longest time unwatched."""

    held: bool
    seconds: float
    polls: int
    longest_gap_s: float
    changed: Instant | None = None


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One record of an event log: running number, class, zone, partition or door, user, its own time.

    ``arrived`` is when it reached the bench, where the device sends its records by itself. ``earlier`` are
    other moments that its time may mean: local time is unclear in the hour that summer time begins or ends.
    """

    number: int
    kind: str
    target: int
    user: int
    at: datetime
    arrived: Instant | None = None
    earlier: tuple[datetime, ...] = ()

    @property
    def identity(self) -> tuple[str, int, int]:
        """What happened, where and by whom."""
        return self.kind, self.target, self.user

    @property
    def is_unknown(self) -> bool:
        """Whether its class is a code that the profile does not know: it may be any event."""
        return self.kind.startswith("code ")
