# SPDX-License-Identifier: Apache-2.0
"""A zone as a test sees it: the bench's relays in its loops."""

from __future__ import annotations

from dataclasses import dataclass, field

from yanshou.drivers.capabilities import ZoneStimulus
from yanshou.model import Device, Instant, RigFault
from yanshou.rig.item_journal import ItemJournal

_BURST = "burst"  # marks a circuit that was opened together with others
_ACTIONS = {"loop": ("open_loop", "close_loop"), "tamper": ("open_tamper", "close_tamper")}
_TYPES = {"normal": "普通", "hold_up": "紧急", "entry": "出入口", "24h": "24 h"}
_TECHNOLOGIES = {"wired": "有线", "bus": "总线", "radio": "无线"}


def circuit_actions(role: str) -> tuple[str, str]:
    """What the journal calls disturbing and restoring a circuit."""
    return _ACTIONS.get(role, (f"{role}_on", f"{role}_off"))


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone with the bench's relays in its loops."""

    device: Device
    stimulus: ZoneStimulus
    item_journal: ItemJournal
    _opened: set[str] = field(default_factory=set)

    @property
    def number(self) -> int:
        """The zone's number at its panel."""
        if self.device.number is None:
            raise RigFault("has no zone number in the inventory.", device=self.device.id)
        return self.device.number

    @property
    def partition(self) -> int:
        """The partition that arms it."""
        return int(str(self.device.attributes.get("partition", 1)))

    @property
    def type(self) -> str:
        """The type of zone in the inventory: normal, entry, hold_up, 24h …; normal if not stated."""
        return str(self.device.attributes.get("type", "normal"))

    @property
    def description(self) -> str:
        """Its class as named in reports: type and technology."""
        technology = str(self.device.attributes.get("technology", ""))
        parts = (_TYPES.get(self.type, self.type), _TECHNOLOGIES.get(technology, technology))
        return "·".join(part for part in parts if part)

    @property
    def is_hold_up(self) -> bool:
        """Whether it is a hold-up zone (紧急报警), armed day and night."""
        return self.device.attributes.get("type") == "hold_up"

    @property
    def entry_s(self) -> float:
        """The entry time in seconds by the inventory; 0 for a zone without entry time."""
        return self.device.quantity("entry_s", "s", 0.0)

    @property
    def alone(self) -> bool:
        """Whether only its loop was opened, and no other zone with it."""
        return self._opened == {"loop"}

    def wired(self, role: str) -> bool:
        """Whether the bench has a relay in this circuit."""
        return self.stimulus.has(role)

    def disturb(self, role: str) -> Instant:
        """Disturb the circuit ``role``: open it, short it, mask the detector."""
        self._opened.add(role)
        return self._did(circuit_actions(role)[0], self.stimulus.disturb(role))

    def mend(self, role: str) -> Instant:
        """Restore the circuit ``role``."""
        restored = self._did(circuit_actions(role)[1], self.stimulus.restore(role))
        self._opened.discard(role)
        return restored

    def open_loop(self) -> Instant:
        """Trigger the detector: its loop opens."""
        return self.disturb("loop")

    def close_loop(self) -> Instant:
        """Restore the detector's loop."""
        return self.mend("loop")

    def open_tamper(self) -> Instant:
        """Open the cover: the tamper loop opens."""
        return self.disturb("tamper")

    def close_tamper(self) -> Instant:
        """Restore the tamper loop."""
        return self.mend("tamper")

    def opened_with_others(self, instant: Instant) -> Instant:
        """Note that one request opened this loop together with others."""
        self._opened.update(("loop", _BURST))
        return self._did("open_loop", instant)

    def open_in_burst(self) -> Instant:
        """Open the loop as one of several that are opened together."""
        instant = self.disturb("loop")
        self._opened.add(_BURST)
        return instant

    def restore(self) -> None:
        """Restore disturbed circuits; every other relay of the bench is at rest anyway."""
        for role in sorted(self._opened - {_BURST}):
            self.mend(role)
        self._opened.clear()

    def _did(self, what: str, instant: Instant) -> Instant:
        return self.item_journal.stimulus(what, self.device.id, instant)
