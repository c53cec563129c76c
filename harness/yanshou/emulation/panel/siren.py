# SPDX-License-Identifier: Apache-2.0
"""The siren of the emulated panel: sounds for its time, and again until the alarm is reset."""

from __future__ import annotations

from yanshou.emulation.site.clockwork import Timer
from yanshou.emulation.site.world import World
from yanshou.model import Device


class Siren:
    """``siren_s`` and ``resound_s`` of the inventory; without ``siren_s`` it sounds until reset or unset."""

    def __init__(self, device: Device, world: World) -> None:
        self._device = device.id
        self._world = world
        self._wire = device.wiring.get("siren", "")
        self._lasts = float(str(device.attributes.get("siren_s", 0.0)))
        self._pauses = float(str(device.attributes.get("resound_s", 1.5)))
        self._coming: Timer | None = None
        self.wanted = False
        self.sounding = False

    def want(self, *, on: bool) -> None:
        """Start for an alarm, or stop when no alarm wants it any more."""
        if on == self.wanted:
            return
        self.wanted = on
        if self._coming:
            self._coming.cancel()
            self._coming = None
        self._sound(on=on)

    def _sound(self, *, on: bool) -> None:
        self._drive(on=on)
        if not self._lasts or not self.wanted:
            return
        slow = self._world.faults.find("siren_resound", self._device)
        pause = self._world.duration(slow, self._pauses, self._pauses)
        self._coming = self._world.clockwork.after(
            self._lasts if on else pause, lambda: self._sound(on=not on)
        )

    def _drive(self, *, on: bool) -> None:
        if on != self.sounding:
            self.sounding = on
            self._world.drive(self._wire, active=on)
            self._world.truth.write(self._device, "siren_on" if on else "siren_off")
