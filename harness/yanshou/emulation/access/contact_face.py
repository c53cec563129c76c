# SPDX-License-Identifier: Apache-2.0
"""An emulated panel that is reached by contacts alone: outputs to the bench's inputs, a key switch."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from yanshou.emulation.messages.reported import ReportedChange, ReportedImage
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.panel.panel import EmulatedPanel
from yanshou.emulation.site.world import World
from yanshou.model import Device


class ContactFace:
    """Drives the wired terminals of the panel and its zones, and follows the relays at its key and reset."""

    def __init__(
        self, device: Device, zones: list[Device], unit: ModbusUnit, panel: EmulatedPanel, world: World
    ) -> None:
        self._device = device
        self._zones = {zone.number: zone for zone in zones}
        self._unit = unit
        self._world = world
        self._panel = panel
        document = unit.profile.document
        self._wires: Mapping[str, str] = {one["role"]: one["wire"] for one in document.get("point", ())}
        self._inverted = {one["role"] for one in document.get("point", ()) if one.get("invert")}
        for command in document.get("command", ()):
            if channel := device.wiring.get(command["wire"]):
                world.wire_switch(channel, partial(self._moved, command))
        assert isinstance(unit.image, ReportedImage)
        unit.image.tell = self._show
        for role in self._inverted:
            for number in range(1, unit.profile.points[role].count + 1):
                self._show([ReportedChange(role, number, value=False)])

    def _moved(self, command: Mapping[str, Any], energised: bool, _t: float) -> None:  # noqa: FBT001 - the shape of world.Switch
        if energised is bool(command.get("value", 1)):
            self._unit.obey(command["name"], 1)

    def _show(self, changes: list[ReportedChange]) -> None:
        for role, number, value in changes:
            owner = self._zones.get(number) if role.startswith("zone_") else self._device
            wire = self._wires.get(role)
            if owner is not None and wire is not None:
                self._world.drive(owner.wiring.get(wire, ""), active=value is not (role in self._inverted))
