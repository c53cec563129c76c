# SPDX-License-Identifier: Apache-2.0
"""An emulated walk-through gate: a relay passes the test object, a contact gives the alarm."""

from __future__ import annotations

from yanshou.emulation.site.world import World
from yanshou.model import Device

ALARM_S = (0.05, 0.15)
SHORTEST_ALARM_S = 0.2


class EmulatedGate:
    """Alarms while the object is in the passage, at least 0.2 s."""

    def __init__(self, device: Device, world: World) -> None:
        self.device = device.id
        self._world = world
        self._wire = device.wiring.get("alarm", "")
        self._inside = False
        self._alarm = False
        self._settled = True
        world.wire_switch(device.wiring.get("pass", ""), self._pass)

        alone = world.faults.find("gate_alarms_alone", self.device)
        if alone is not None:
            world.clockwork.after(world.duration(alone, 1.0, 1.0), self._alone)

    def _alone(self) -> None:
        """Alarm with nobody in the passage, again and again."""
        self._sound()
        alone = self._world.faults.find("gate_alarms_alone", self.device)
        self._world.clockwork.after(self._world.duration(alone, 1.0, 1.0), self._alone)

    def _pass(self, energised: bool, t: float) -> None:  # noqa: FBT001 - the shape of world.Switch
        self._inside = energised
        self._world.truth.write(self.device, "object_enters" if energised else "object_leaves", t=t)
        if energised and not self._world.faults.has("gate_silent", self.device):
            delay = self._world.duration(self._world.faults.find("gate_delay", self.device), *ALARM_S)
            self._world.clockwork.after(delay, self._sound)
        elif not energised and self._settled:
            self._end()

    def _sound(self) -> None:
        self._alarm, self._settled = True, False
        self._world.drive(self._wire, active=True)
        self._world.truth.write(self.device, "alarm_on")
        self._world.clockwork.after(SHORTEST_ALARM_S, self._settle)

    def _settle(self) -> None:
        self._settled = True
        if not self._inside:
            self._end()

    def _end(self) -> None:
        if self._alarm:
            self._alarm = False
            self._world.drive(self._wire, active=False)
            self._world.truth.write(self.device, "alarm_off")
