# SPDX-License-Identifier: Apache-2.0
"""Users of the emulated panel and their rights; the engineer's own line (no user) may do everything."""

from __future__ import annotations

from collections.abc import Callable

from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.panel.log import EmulatedLog
from yanshou.emulation.site.world import World
from yanshou.model import Device


class PanelUsers:
    """``rights`` of the inventory, user 1 first: ``master: arm disarm bypass / guard: arm disarm``."""

    def __init__(self, device: Device, unit: ModbusUnit, world: World, log: EmulatedLog) -> None:
        self._device = device.id
        self._unit = unit
        self._world = world
        self._log = log
        self._rights = [_functions(part) for part in str(device.attributes.get("rights", "")).split("/")]
        self.acting = 0
        unit.on("log_in", self._log_in)

    def _log_in(self, user: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
        self.acting = user if own else 0
        with self._unit.image.changing():
            for number in range(1, self._unit.profile.count_of("user") + 1):
                self._unit.image.put("user_active", number, on=number == self.acting)

    def may(self, function: str) -> bool:
        """Whether the current user may do it; a refusal is logged."""
        dead = self._world.faults.find("function_dead", self._device)
        if dead and dead.value == function and self.acting:
            return False
        if not self.acting or self._world.faults.has("rights_too_wide", self._device):
            return True
        allowed = self.acting <= len(self._rights) and function in self._rights[self.acting - 1]
        if not allowed:
            self._world.truth.write(self._device, "refused", function)
            if not self._world.faults.has("refusal_unlogged", self._device):
                self._log.write("refused", 0, self.acting)
        return allowed

    def guarded(self, function: str, action: Callable[[int, bool], None]) -> Callable[[int, bool], None]:
        """``action`` as a command that checks the right first."""

        def act(number: int, own: bool) -> None:  # noqa: FBT001 - the shape of Unit.Action
            if self.may(function):
                action(number, own)

        return act


def _functions(part: str) -> frozenset[str]:
    return frozenset(part.partition(":")[2].split())
