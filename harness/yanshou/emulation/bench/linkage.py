# SPDX-License-Identifier: Apache-2.0
"""An emulated linkage: the alarm of one device starts the alarm recording of a camera."""

from __future__ import annotations

from yanshou.emulation.site.clockwork import Timer
from yanshou.emulation.site.world import World
from yanshou.model import Device

START_S = (0.05, 0.20)
SHOW_S = (0.20, 0.40)
ALSO_S = 0.5


class Linkage:
    """Records from 0.05–0.20 s after the source's alarm is shown until that alarm is cleared.

    Where a photo sensor before the monitor is wired (``screen``), the camera's picture comes 0.20–0.40 s
    after the alarm.
    """

    def __init__(self, device: Device, world: World) -> None:
        self.device = device.id
        self._world = world
        self._coming: list[Timer] = []
        self._screen = device.wiring.get("screen", "")
        wrong = world.faults.find("linkage_wrong_camera", device.id)
        self._camera = str(wrong.value if wrong else device.attributes.get("target", ""))
        also = world.faults.find("linkage_also_camera", device.id)
        self._also = str(also.value) if also else ""
        if not world.faults.has("linkage_dead", device.id):
            world.on_alarm(str(device.attributes.get("source", "")), self._alarm)

    def _alarm(self, active: bool) -> None:  # noqa: FBT001 - the shape of world.Contact
        for timer in self._coming:
            timer.cancel()
        self._coming.clear()
        if not active:
            for camera in (self._camera, self._also):
                self._world.record(camera, self.device, active=False)
            self._world.drive(self._screen, active=False)
            return
        world, faults = self._world, self._world.faults
        start = world.duration(faults.find("linkage_delay", self.device), *START_S)
        self._coming.append(world.clockwork.after(start, self._record))
        if self._also:
            self._coming.append(world.clockwork.after(start + ALSO_S, self._record_also))
        if not faults.has("linkage_screen_dead", self.device):
            show = world.duration(faults.find("linkage_screen_delay", self.device), *SHOW_S)
            self._coming.append(world.clockwork.after(show, self._show))

    def _record(self) -> None:
        self._world.record(self._camera, self.device, active=True)

    def _record_also(self) -> None:
        self._world.record(self._also, self.device, active=True)

    def _show(self) -> None:
        self._world.truth.write(self.device, "picture_shown", self._camera)
        self._world.drive(self._screen, active=True)
