# SPDX-License-Identifier: Apache-2.0
"""An emulated relay and input board: coils that switch circuits of the world, inputs the world drives."""

from __future__ import annotations

import time
from functools import partial

from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.site.world import World


class RelayBoard:
    """Relays and inputs are counted from 0 in wiring, from 1 by the profile."""

    def __init__(self, device: str, unit: ModbusUnit, world: World) -> None:
        self.device = device
        self.unit = unit
        self._world = world
        self._energised: set[int] = set()
        unit.on("relay", self._write)
        unit.on("clear_latch", self._clear)
        unit.on_pulse(self._pulse)
        inputs = unit.profile.points.get("input")
        for channel in range(inputs.count if inputs else 0):
            world.wire_input(f"{device}/di{channel}", partial(self._drive, channel))

    def _write(self, number: int, energise: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        channel = number - 1
        with self.unit.image.changing() as t:
            self.unit.image.put("relay", number, on=energise)
        if energise == (channel in self._energised):
            return
        (self._energised.add if energise else self._energised.discard)(channel)
        self._world.truth.write(self.device, "relay_on" if energise else "relay_off", channel, t)
        dead = self._world.faults.find("relay_dead", self.device)
        if dead is not None and dead.number() == channel:
            return
        slow = self._world.faults.find("contact_delay", self.device)
        if slow is None:
            self._moved(channel, t, energised=energise)
        else:  # the contact moves when it is due, even when this process gets its turn too late to show it
            due = t + self._world.duration(slow, 0.0, 0.0)
            self._world.clockwork.after(
                due - time.perf_counter(), lambda: self._moved(channel, due, energised=energise)
            )

    def _moved(self, channel: int, t: float, *, energised: bool) -> None:
        self._world.switched(f"{self.device}/{channel}", t, energised=energised)

    def _pulse(self, number: int, seconds: float) -> None:
        self._write(number, energise=True)
        self._world.clockwork.after(seconds, lambda: self._write(number, energise=False))

    def _clear(self, number: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        """Clear the latches of rises (1) or falls (2)."""
        role = ("input_rose", "input_fell")[number - 1]
        for channel in range(1, self.unit.profile.points[role].count + 1) if own else ():
            self.unit.image.put(role, channel, on=False)

    def _drive(self, channel: int, active: bool) -> None:  # noqa: FBT001 - the shape of world.Contact
        with self.unit.image.changing() as t:
            self.unit.image.put("input", channel + 1, on=active)
            self.unit.image.put("input_rose" if active else "input_fell", channel + 1, on=True)
        self._world.truth.write(self.device, "input_on" if active else "input_off", channel, t)
