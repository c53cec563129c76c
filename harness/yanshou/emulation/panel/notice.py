# SPDX-License-Identifier: Apache-2.0
"""The contact by which the emulated panel notifies the centre, some time after the alarm."""

from __future__ import annotations

from yanshou.emulation.site.clockwork import Timer
from yanshou.emulation.site.world import World
from yanshou.model import Device


class Notifier:
    """Closes the ``notify`` contact ``notify_s`` seconds after an alarm, at once under duress."""

    def __init__(self, device: Device, world: World) -> None:
        self._device = device.id
        self._world = world
        self._wire = device.wiring.get("notify", "")
        self._after_s = float(str(device.attributes.get("notify_s", 0.0)))
        self._coming: Timer | None = None
        self._closed = False

    def later(self) -> None:
        """An alarm is shown: the centre is notified of the first one."""
        if self._coming is None and not self._closed:
            early = self._world.faults.find("notifies_after", self._device)
            delay = early.number() if early else self._after_s
            self._coming = self._world.clockwork.after(delay, self.now)

    def now(self) -> None:
        """Notify the centre now."""
        self._coming = None
        self._drive(closed=True)

    def cancel(self) -> None:
        """Cancel the notification after unsetting or reset."""
        if self._coming:
            self._coming.cancel()
            self._coming = None
        self._drive(closed=False)

    def _drive(self, *, closed: bool) -> None:
        if closed != self._closed:
            self._closed = closed
            self._world.drive(self._wire, active=closed)
            self._world.truth.write(self._device, "notified" if closed else "notice_ended")
