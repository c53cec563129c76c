# SPDX-License-Identifier: Apache-2.0
"""One zone of the emulated panel: the state of its circuits, and what the panel remembers of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from yanshou.emulation.site.clockwork import Timer
from yanshou.model import Device

ALWAYS = frozenset({"hold_up", "24h"})  # types of zone that answer whether set or not
LINE_FAULTS = ("short", "eol_low", "eol_high")  # the bench's relays that change the end-of-line resistance
DETECTOR_FAULTS = ("supply", "mask", "range")  # supply cut, detector masked, its range reduced
CIRCUITS = ("loop", "tamper", *LINE_FAULTS, *DETECTOR_FAULTS)
EOL_TOLERANCE = 0.3  # deviation of the end-of-line resistance that a healthy panel still accepts as normal
_BENT = {"eol_low": 0.5, "eol_high": 1.5}


@dataclass(slots=True)
class EmulatedZone:
    """One zone: its circuits, and what the panel remembers of it until it is reset."""

    id: str
    number: int
    partition: int
    type: str
    eol_ohm: float = 0.0  # 0: an unsupervised loop
    entry_s: float = 0.0
    disturbed: set[str] = field(default_factory=set)
    shown_open: bool = False  # the state of the contact as the panel knows it
    shown_as: int | None = None  # the zone number at which its latched alarm is shown
    tampered: bool = False
    faulted: bool = False
    flickers: bool = False  # its cover is shown as an alarm for a moment
    bypassed: bool = False
    openings: int = 0
    opened_at: float = 0.0
    arriving: Timer | None = None
    pending: Timer | None = None
    tamper_pending: Timer | None = None
    clearing: Timer | None = None  # its alarm is to clear by itself

    @classmethod
    def of(cls, device: Device) -> EmulatedZone:
        """The zone of an inventory line; by default partition 1 and type normal."""
        stated = device.attributes
        return cls(
            device.id,
            device.number or 0,
            int(str(stated.get("partition", 1))),
            str(stated.get("type", "normal")),
            float(str(stated.get("eol_ohm", 0.0))),
            float(str(stated.get("entry_s", 0.0))),
        )

    @property
    def loop_open(self) -> bool:
        """Whether the detector's contact is open."""
        return "loop" in self.disturbed

    @property
    def tamper_open(self) -> bool:
        """Whether the cover is open."""
        return "tamper" in self.disturbed

    @property
    def ohms(self) -> float:
        """The resistance the panel sees at its terminals while the contact is closed."""
        if "short" in self.disturbed:
            return 0.0
        bent = next((factor for name, factor in _BENT.items() if name in self.disturbed), 1.0)
        return self.eol_ohm * bent

    def line_is_wrong(self, tolerance: float) -> bool:
        """Whether the resistance is further than ``tolerance`` (a share of it) from the nominal one."""
        return self.eol_ohm > 0 and abs(self.ohms / self.eol_ohm - 1) > tolerance

    def forget(self) -> None:
        """Drop an alarm that is still being processed."""
        if self.pending:
            self.pending.cancel()
            self.pending = None
