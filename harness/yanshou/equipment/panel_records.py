# SPDX-License-Identifier: Apache-2.0
"""The event log of a panel as a test sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from yanshou.drivers.capabilities import EventLog
from yanshou.equipment.panel import Panel
from yanshou.model import RigFault
from yanshou.model.signal import LogEntry

_DAY_S = 86_400.0
_READ_D, _STATED_D = 0.01, 0.5  # the panel's clock was not compared; a person states whole days
_KEPT_BACK = 20


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

    def newest(self, count: int) -> dict[int, LogEntry]:
        """The newest ``count`` records; none when the log is empty."""
        oldest, newest = self.bounds()
        if oldest == 0:
            return {}
        numbers = range(max(oldest, newest - count + 1), newest + 1)
        found = {number: self._inner.read(number) for number in numbers}
        return {number: entry for number, entry in found.items() if entry is not None}

    def since(self, number: int) -> list[LogEntry]:
        """The records after ``number``."""
        _, newest = self.bounds()
        found = [self._inner.read(one) for one in range(number + 1, newest + 1)]
        return [entry for entry in found if entry is not None]

    def changed(self, before: Mapping[int, LogEntry]) -> list[int]:
        """The records that are gone or read differently than before."""
        changed = [number for number, entry in before.items() if self._inner.read(number) != entry]
        if before:
            self.panel.item_journal.note(
                "observation",
                what="records compared",
                via=self.panel.device.id,
                instant=None,
                value={"compared": len(before), "changed": changed},
            )
        return changed

    def oldest_days(self) -> float:
        """Age of the oldest record, in days; RigFault if the log is empty.

        Records are overwritten by age whatever their class, so every class reaches back as far as the log.
        """
        entry = self._inner.read(self.bounds()[0])
        if entry is None:
            raise RigFault("its log is empty: nothing can be said of its age.", device=self.panel.device.id)
        age = (datetime.now(UTC) - entry.at).total_seconds() / _DAY_S
        self.panel.item_journal.note(
            "observation",
            what="oldest record",
            via=self.panel.device.id,
            instant=None,
            value=f"{entry.number} {entry.kind} {entry.at.isoformat()}",
        )
        return age

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
