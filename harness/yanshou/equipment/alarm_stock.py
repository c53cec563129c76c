# SPDX-License-Identifier: Apache-2.0
"""The alarms that were brought about in one session, so that one trigger serves every item it can serve.

A siren sounds for a trigger, whatever is learnt from it: how soon the alarm is shown, whether at all, whether
it sounds. An item takes the alarms of its zone that others have made and makes only those that are missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from yanshou.model import Instant

SILENT = "报警时无声光提示"


def wrong_alarm(strays: Iterable[str], *, silent: bool) -> list[str]:
    """In words, what no alarm may do: show elsewhere, or not sound."""
    return [*strays, *([SILENT] if silent else [])]


@dataclass(frozen=True, slots=True)
class Timed:
    """One timed alarm of a zone, from any item of the plan."""

    item: str
    zone: str
    opened: Instant
    shown: Instant


@dataclass(frozen=True, slots=True)
class ZoneAlarm:
    """One trigger of a set zone, and what it brought.

    ``line`` is the line of the journal with the stimulus; ``shown`` is None if the panel did not show the
    alarm within ``patience`` seconds (and the entry time). ``alone``: no zone of the panel was in alarm
    before. ``sounded`` is None where no siren is wired, or it could not be told.
    """

    line: int
    item: str
    zone: str
    opened: Instant
    shown: Instant | None
    patience: float
    strays: tuple[str, ...] = ()
    alone: bool = True
    sounded: bool | None = None

    @property
    def wrong(self) -> list[str]:
        """In words, what no alarm may do, whatever it was made for."""
        return wrong_alarm(self.strays, silent=self.sounded is False)

    def shown_within(self, seconds: float) -> Instant | None:
        """When it was shown, None if that was later than ``seconds`` after the trigger."""
        late = self.shown is not None and self.shown.latest - self.opened.latest > seconds
        return None if late else self.shown


@dataclass(frozen=True, slots=True)
class SirenCourse:
    """The siren of a panel during the watch of one alarm that nobody reset, until ``until`` (``model.now``).

    ``ended``: when it ceased by itself; ``again``: when it sounded again after that.
    """

    alarm: ZoneAlarm
    until: float
    ended: Instant | None
    again: Instant | None = None

    def serves(self, patience: float) -> bool:
        """Whether it ended, and was listened to for so many seconds after that, or until it sounded again."""
        if self.ended is None:
            return False
        return self.again is not None or self.until - self.ended.latest >= patience


@dataclass(slots=True)
class AlarmStock:
    """The alarms of a session: ``made`` whole triggers, and ``timed`` whatever was timed in passing.

    Run one by one (``--serial``), nothing is ``shared``: each item makes its own triggers.
    """

    shared: bool = True
    made: list[ZoneAlarm] = field(default_factory=list)
    timed: list[Timed] = field(default_factory=list)
    sirens: dict[str, SirenCourse] = field(default_factory=dict)  # by panel

    def add(self, alarm: ZoneAlarm) -> None:
        """Keep a trigger for other items."""
        if self.shared:
            self.made.append(alarm)

    def serving(self, zone: str, item: str, patience: float) -> list[ZoneAlarm]:
        """The alarms of the zone that other items made and ``item`` may take as its own.

        Each began with the panel at rest, and where it brought nothing it was waited for at least as long.
        """
        return [
            one
            for one in self.made
            if one.zone == zone
            and one.item != item
            and one.alone
            and (one.shown is not None or one.patience >= patience)
        ]

    def in_passing(self, zone: str, item: str, patience: float) -> list[Timed]:
        """The other alarms of the zone that other items have timed."""
        taken = {one.opened for one in self.serving(zone, item, patience)}
        return [
            one for one in self.timed if one.zone == zone and one.item != item and one.opened not in taken
        ]

    def forget(self, item: str) -> None:
        """What an attempt made that a fault of the bench ended serves nobody."""
        self.made[:] = [one for one in self.made if one.item != item]
        for panel in [name for name, one in self.sirens.items() if one.alarm.item == item]:
            del self.sirens[panel]

    def empty(self) -> None:
        """What was made while something disturbed the panels serves nobody."""
        self.made.clear()
        self.timed.clear()
        self.sirens.clear()
