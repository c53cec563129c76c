# SPDX-License-Identifier: Apache-2.0
"""Effects of a stimulus at places nobody stimulated: other zones of the panel, other partitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yanshou.equipment.panel import CLASSES, Panel
from yanshou.equipment.zone import Zone
from yanshou.model import Instant, now
from yanshou.model.signal import ZoneSignal

_SIGNALS = {
    ZoneSignal.ALARM: "报警",
    ZoneSignal.HOLD_UP: "紧急报警",
    ZoneSignal.TAMPER: "防拆",
    ZoneSignal.FAULT: "故障",
}


@dataclass(frozen=True, slots=True)
class Around:
    """The state of a panel before a stimulus at ``own`` zones, for comparison by ``strays`` after it.

    ``quiet``: the bench hears its siren, and the siren does not sound.
    """

    panel: Panel
    own: frozenset[int]
    partitions: frozenset[int]
    shown: Mapping[ZoneSignal, frozenset[int]]
    armed: frozenset[int]
    alarmed: frozenset[int]  # partitions that showed an alarm
    began: float
    quiet: bool = False

    @classmethod
    def of(cls, panel: Panel, *own: Zone) -> Around:
        """Read the whole panel now."""
        reported = [signal for signal in CLASSES if panel.reports(signal)]
        return cls(
            panel,
            frozenset(zone.number for zone in own),
            frozenset(zone.partition for zone in own),
            {signal: panel.inner.shown(signal) for signal in reported},
            panel.inner.armed(),
            panel.inner.alarmed_partitions(),
            now(),
            panel.quiet(),
        )

    @property
    def in_alarm(self) -> frozenset[int]:
        """The numbers of all zones that showed an alarm before."""
        return self.shown.get(ZoneSignal.ALARM, frozenset()) | self.shown.get(ZoneSignal.HOLD_UP, frozenset())

    def strays(self) -> list[str]:
        """In words, what was shown or set at other places since; empty if there was nothing."""
        found = [one for signal in self.shown for one in self._zones(signal)]
        beside = self.panel.inner.alarmed_partitions() - self.alarmed - self.partitions
        found += [f"{number} 分区报警" for number in sorted(beside)]
        changed = (self.panel.inner.armed() ^ self.armed) - self.partitions
        found += [f"{number} 分区设防状态改变" for number in sorted(changed)]
        found += dict.fromkeys(self.panel.strays)
        return self._noted(found)

    def alarms(self) -> list[str]:
        """In words, the zones that came to show an alarm of intrusion or hold-up: no trouble may."""
        signals = [one for one in (ZoneSignal.ALARM, ZoneSignal.HOLD_UP) if one in self.shown]
        return self._noted([one for signal in signals for one in self._zones(signal)])

    def _noted(self, found: list[str]) -> list[str]:
        self.panel.item_journal.note(
            "observation", what="shown elsewhere", via=self.panel.device.id, instant=None, value=found
        )
        return found

    def _zones(self, signal: ZoneSignal) -> list[str]:
        """The other zones that came to show the signal, in words."""
        before = self.shown[signal]
        others = self.panel.inner.shown(signal) | self._came_and_went(signal, before)
        return [f"{number} 防区{_SIGNALS[signal]}" for number in sorted(others - before - self.own)]

    def _came_and_went(self, signal: ZoneSignal, before: frozenset[int]) -> set[int]:
        """Other zones of the inventory that showed the alarm meanwhile, if only for a moment."""
        if signal is not ZoneSignal.ALARM:
            return set()
        since, lasted = Instant(self.began, self.began), now() - self.began  # one poll after it serves all
        others = self.panel.zone_numbers - self.own - before
        return {
            number
            for number in others
            if self.panel.inner.wait_for(number, signal, since=since, within=lasted) is not None
        }
