# SPDX-License-Identifier: Apache-2.0
"""Setting and unsetting of the emulated panel, and what prevents setting (EN 50131-1, table 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from yanshou.emulation.panel.log import EmulatedLog
from yanshou.emulation.panel.power import PanelPower
from yanshou.emulation.panel.users import PanelUsers
from yanshou.emulation.panel.zone import ALWAYS, EmulatedZone
from yanshou.emulation.site.world import World
from yanshou.model import Device

# what must prevent setting, and the fault that permits it
_LEAKS = {
    "active": "sets_while_active",
    "fault": "sets_with_fault",
    "mask": "sets_while_masked",
    "range": "sets_with_reduced_range",
}


class Setting:
    """Which partitions are set. ``changed`` is called with the partition and shows the new state at once."""

    def __init__(
        self, device: Device, world: World, zones: Sequence[EmulatedZone], power: PanelPower,
        log: EmulatedLog, users: PanelUsers,
    ) -> None:  # fmt: skip
        self._device = device.id
        self._world = world
        self._zones = zones
        self._power = power
        self._log = log
        self._users = users
        self._exit_s = float(str(device.attributes.get("exit_s", 0.0)))
        self.armed: set[int] = set()
        self.leaving: set[int] = set()
        self.changed: Callable[[int], float] = lambda _partition: 0.0
        self.duress: Callable[[], None] = lambda: None
        self.woke: Callable[[int], None] = lambda _partition: None

    def arm(self, partition: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        """Set the partition; ``own`` is False when the opposite was written."""
        if not own:
            self.disarm(partition, own=True)
        elif self._users.may("arm") and partition not in self.armed | self.leaving:
            self._begin(partition)

    def _begin(self, partition: int) -> None:
        preventing = sorted(set(self._preventing(partition)))
        if preventing or self._world.faults.has("arm_refused", self._device):
            self._world.truth.write(self._device, "arm_refused", preventing)
            self._log.write("refused", partition, self._users.acting)
            return
        self.leaving.add(partition)
        if self._exit_s:
            self.changed(partition)
            self._world.clockwork.after(self._exit_s, lambda: self._complete(partition))
        else:
            self._complete(partition)

    def _complete(self, partition: int) -> None:
        if partition in self.leaving:
            self.leaving.discard(partition)
            self.armed |= {partition, *self._followers()}
            self._log.write("set", partition, self._users.acting)
            self._world.truth.write(self._device, "armed", partition, self.changed(partition))
            if restless := self._world.faults.find("unsets_itself", self._device):
                self._world.clockwork.after(restless.number(), lambda: self._unset(partition))

    def _followers(self) -> set[int]:
        """Partitions that are set and unset together with any other, by a planted fault."""
        fault = self._world.faults.find("sets_other", self._device)
        return set() if fault is None else {int(fault.number())}

    def set_itself(self, partition: int) -> None:
        """Set as a timer does: without checking for open loops."""
        self.armed.add(partition)
        self._world.truth.write(self._device, "armed", partition, self.changed(partition))
        self.woke(partition)

    def disarm(self, partition: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        """Unset the partition."""
        if own and partition in self.armed | self.leaving and self._users.may("disarm"):
            self._unset(partition)

    def disarm_under_duress(self, partition: int, own: bool) -> None:  # noqa: FBT001 - Unit.Action
        """Unset with the duress code: nothing is shown here, but the centre is notified."""
        if not own:
            return
        if partition in self.armed | self.leaving:
            self._unset(partition)
        if not self._world.faults.has("duress_silent", self._device):
            self._log.write("duress", partition, self._users.acting)
            self._world.truth.write(self._device, "duress", partition)
            self.duress()

    def _unset(self, partition: int) -> None:
        self.leaving.discard(partition)
        self.armed -= {partition, *self._followers()}
        for zone in self._zones:
            if zone.partition == partition and zone.type not in ALWAYS:
                zone.forget()
                zone.bypassed = False
        self._log.write("unset", partition, self._users.acting)
        self._world.truth.write(self._device, "disarmed", partition, self.changed(partition))
        if restless := self._world.faults.find("sets_itself", self._device):
            self._world.clockwork.after(restless.number(), lambda: self.set_itself(partition))

    def lose(self) -> None:
        """Forget what was set, as a panel without non-volatile memory does."""
        self.armed.clear()
        self.leaving.clear()

    # -- prevention of setting ------------------------------------------------------------------------------

    def _preventing(self, partition: int) -> Iterator[str]:
        leaks = {why for why, kind in _LEAKS.items() if self._world.faults.has(kind, self._device)}
        for zone in self._zones:
            if zone.partition == partition and not zone.bypassed:
                yield from (zone.id for why in _reasons(zone) if why not in leaks)
        if not self._power.sound and "fault" not in leaks:
            yield self._device


def _reasons(zone: EmulatedZone) -> Iterator[str]:
    """Why this zone prevents setting, by the rows of the table."""
    if zone.loop_open or (zone.type == "hold_up" and zone.shown_as is not None):
        yield "active"
    if zone.tamper_open or zone.tampered or {"short", "eol_low", "eol_high", "supply"} & zone.disturbed:
        yield "fault"
    yield from ({"mask", "range"} & zone.disturbed)
