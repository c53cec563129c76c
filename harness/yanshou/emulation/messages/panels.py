# SPDX-License-Identifier: Apache-2.0
"""Emulated panels that exchange messages: which session belongs to which profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from yanshou.emulation.link_behaviour import LinkBehaviour
from yanshou.emulation.messages.integra import IntegraSession
from yanshou.emulation.messages.isapi import IsapiPort
from yanshou.emulation.messages.lines import LineGrammar, LineSession, partitions_of
from yanshou.emulation.messages.port import MessageLine, MessagePort, MessageSession, Partner
from yanshou.emulation.messages.reported import ReportedImage
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.serial_line import SerialLine
from yanshou.emulation.site.world import World
from yanshou.model import Device, UsageError

Place = tuple[str, int] | SerialLine
"""Where a panel is reached: host and port, or a serial line."""


@dataclass(frozen=True, slots=True)
class SpeakingPanel:
    """One panel that exchanges messages."""

    device: Device
    zones: list[Device]
    unit: ModbusUnit
    behaviour: LinkBehaviour


def speaking(panel: SpeakingPanel, place: Place, world: World) -> MessagePort | MessageLine | IsapiPort:
    """The port or line of ``panel``; raises UsageError for a profile without messages."""
    protocol = str(panel.unit.profile.document["device"]["protocol"])
    if protocol not in EMULATED:
        what = f"{panel.device.id}: a panel that speaks {protocol} is not emulated."
        raise UsageError(what, "Use another profile.", path=panel.device.place)
    return EMULATED[protocol](panel, place, world)


def _isapi(panel: SpeakingPanel, place: Place, world: World) -> IsapiPort:
    assert not isinstance(place, SerialLine)  # the wire has no serial form
    numbers = [zone.number for zone in panel.zones if zone.number]
    return IsapiPort(place, panel.device.id, panel.unit, numbers, (world, panel.behaviour))


def _integra(panel: SpeakingPanel, place: Place, world: World) -> MessagePort | MessageLine:
    return _port(panel, place, world, lambda partner: IntegraSession(panel.unit, partner))


def _lines(panel: SpeakingPanel, place: Place, world: World) -> MessagePort | MessageLine:
    grammar = LineGrammar.of(panel.unit.profile)
    zones = partitions_of(panel.zones)
    return _port(panel, place, world, lambda partner: LineSession(grammar, panel.unit, zones, partner))


def _port(
    panel: SpeakingPanel,
    place: Place,
    world: World,
    make: Callable[[Partner], MessageSession],
) -> MessagePort | MessageLine:
    if isinstance(place, SerialLine):
        port: MessagePort | MessageLine = MessageLine(place, world, panel.behaviour, make)
    else:
        port = MessagePort(place, panel.device.id, world, panel.behaviour, make)
    image = panel.unit.image
    assert isinstance(image, ReportedImage)
    image.tell = port.tell
    return port


EMULATED: Mapping[str, Callable[[SpeakingPanel, Place, World], MessagePort | MessageLine | IsapiPort]] = {
    "isapi": _isapi,
    "satel": _integra,
    "serial-line": _lines,
}
"""Who emulates a panel with messages, by the ``protocol`` of its profile."""
