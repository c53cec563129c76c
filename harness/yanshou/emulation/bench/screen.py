# SPDX-License-Identifier: Apache-2.0
"""Emulated photo sensors in front of screens that show a camera: its LED, as shown there, drives an input."""

from __future__ import annotations

from functools import partial

from yanshou.emulation.site.world import World
from yanshou.model import Device

SHOW_S = (0.10, 0.18)
TERMINAL_S = (0.25, 0.40)

_ROLES = {"screen": ("screen_delay", SHOW_S), "terminal_screen": ("terminal_delay", TERMINAL_S)}


class Screens:
    """The centre's monitor (wiring ``screen``) and a user's terminal (``terminal_screen``) of one camera."""

    def __init__(self, device: Device, world: World) -> None:
        self.device = device.id
        self._world = world
        self._sensors = [
            (device.wiring[role], world.faults.find(kind, device.id), span)
            for role, (kind, span) in _ROLES.items()
            if role in device.wiring
        ]
        if "led" in device.wiring:
            world.wire_switch(device.wiring["led"], self._switched)

    def _switched(self, energised: bool, _t: float) -> None:  # noqa: FBT001 - the shape of world.Switch
        for channel, fault, span in self._sensors:
            delay = self._world.duration(fault, *span)
            self._world.clockwork.after(delay, partial(self._world.drive, channel, active=energised))
