# SPDX-License-Identifier: Apache-2.0
"""Emulated panels that are spoken with in messages: which session belongs to which profile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yanshou.emulation.integra import IntegraSession
from yanshou.emulation.isapi import IsapiPort
from yanshou.emulation.line_talk import LineGrammar, LineSession, partitions_of
from yanshou.emulation.manners import Manners
from yanshou.emulation.serial_line import SerialLine
from yanshou.emulation.talk_port import Partner, Session, TalkLine, TalkPort
from yanshou.emulation.told import ToldImage
from yanshou.emulation.unit import Unit
from yanshou.emulation.world import World
from yanshou.model import Device, UsageError


@dataclass(frozen=True, slots=True)
class Talking:
    """One panel that speaks."""

    device: Device
    zones: list[Device]
    unit: Unit
    manners: Manners


def talking(
    panel: Talking, place: tuple[str, int] | SerialLine, world: World
) -> TalkPort | TalkLine | IsapiPort:
    """The port or line at which ``panel`` is spoken with; raises UsageError for a profile that is not."""
    if not isinstance(place, SerialLine) and panel.unit.profile.document["device"]["protocol"] == "isapi":
        numbers = [zone.number for zone in panel.zones if zone.number]
        return IsapiPort(place, panel.device.id, panel.unit, numbers, (world, panel.manners))
    make = _session_of(panel)
    if isinstance(place, SerialLine):
        port: TalkPort | TalkLine = TalkLine(place, world, panel.manners, make)
    else:
        port = TalkPort(place, panel.device.id, world, panel.manners, make)
    image = panel.unit.image
    assert isinstance(image, ToldImage)
    image.tell = port.tell
    return port


def _session_of(panel: Talking) -> Callable[[Partner], Session]:
    protocol = panel.unit.profile.document["device"]["protocol"]
    if protocol == "satel":
        return lambda partner: IntegraSession(panel.unit, partner)
    if protocol != "serial-line":
        what = f"{panel.device.id}: a panel that speaks {protocol} is not emulated."
        raise UsageError(what, "Use another profile.", path=panel.device.place)
    grammar = LineGrammar.of(panel.unit.profile)
    zones = partitions_of(panel.zones)
    return lambda partner: LineSession(grammar, panel.unit, zones, partner)
