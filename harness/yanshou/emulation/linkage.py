# SPDX-License-Identifier: Apache-2.0
"""An emulated linkage: the alarm of one device starts the alarm recording of a camera."""

from __future__ import annotations

from yanshou.emulation.clockwork import Timer
from yanshou.emulation.world import World
from yanshou.model import Device

START_S = (0.05, 0.20)


class Linkage:
    """Records from 0.05–0.20 s after the source's alarm is shown until that alarm is cleared."""

    def __init__(self, device: Device, world: World) -> None:
        self.device = device.id
        self._world = world
        self._coming: Timer | None = None
        wrong = world.faults.find("linkage_wrong_camera", device.id)
        self._camera = str(wrong.value if wrong else device.attributes.get("target", ""))
        if not world.faults.has("linkage_dead", device.id):
            world.on_alarm(str(device.attributes.get("source", "")), self._alarm)

    def _alarm(self, active: bool) -> None:  # noqa: FBT001 - the shape of world.Contact
        if self._coming:
            self._coming.cancel()
            self._coming = None
        if active:
            self._coming = self._world.clockwork.after(self._world.drawn(*START_S), self._record)
        else:
            self._world.record(self._camera, self.device, active=False)

    def _record(self) -> None:
        self._coming = None
        self._world.record(self._camera, self.device, active=True)
