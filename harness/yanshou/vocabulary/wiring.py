# SPDX-License-Identifier: Apache-2.0
"""The closed vocabulary of wires: which roles the bench knows of which kind of device, and where they end.

A misspelt role, or one at a device that has no such circuit, would be a wire nobody uses, and the items that
need it would be left out.  A panel that is known by contacts alone has, beside these, the wires its profile
names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from yanshou.model import DeviceKind


class End(StrEnum):
    """What a wire leads to at the bench."""

    RELAY = "relay"
    INPUT = "input"
    CREDENTIALS = "credentials"
    INSTRUMENT = "instrument"
    HEARD = "heard"  # an input, or an address on a line that is listened to


@dataclass(frozen=True, slots=True)
class WireRole:
    """One role of a wire: where it ends, and the kinds of device that have it."""

    end: End
    kinds: frozenset[DeviceKind]


_K = DeviceKind


def _wires(end: End, **kinds: tuple[DeviceKind, ...]) -> dict[str, WireRole]:
    return {name: WireRole(end, frozenset(of)) for name, of in kinds.items()}


_ZONE, _PANEL, _DOOR, _CONTROLLER = (_K.ZONE,), (_K.PANEL,), (_K.DOOR,), (_K.DOOR_CONTROLLER,)

CIRCUITS: Mapping[str, WireRole] = _wires(
    End.RELAY,
    loop=_ZONE,
    tamper=(_K.ZONE, _K.READER),
    short=_ZONE,
    eol_low=_ZONE,
    eol_high=_ZONE,
    supply=_ZONE,
    mask=_ZONE,
    range=_ZONE,
    lid=_PANEL,
    mains=(_K.PANEL, _K.DOOR, _K.DOOR_CONTROLLER),
    battery=(_K.PANEL, _K.DOOR_CONTROLLER),
    battery_weak=_PANEL,
    substitute=_PANEL,
)
"""Circuits of zones and panels that a relay of the bench can open or disturb."""

ROLES: Mapping[str, WireRole] = {
    **CIRCUITS,
    **_wires(End.RELAY, contact=_DOOR, exit=_DOOR, command=_DOOR, approve=_DOOR),
    **_wires(End.RELAY, fire=_CONTROLLER, link=_CONTROLLER),
    **_wires(End.RELAY, **{"pass": (_K.GATE,)}),
    **_wires(End.RELAY, key=_PANEL, reset=_PANEL),
    **_wires(End.RELAY, led=(_K.CAMERA,), line=(_K.READER, _K.CAMERA)),
    **_wires(End.RELAY, stop=(_K.PLATFORM, _K.RECORDER), plate=(_K.PLATFORM,)),
    **_wires(End.INPUT, siren=_PANEL, notify=_PANEL, armed=_PANEL),
    **_wires(End.INPUT, buzzer=(_K.PANEL, _K.DOOR_CONTROLLER), lamp=_CONTROLLER),
    **_wires(End.INPUT, alarm=(_K.ZONE, _K.PANEL, _K.GATE), tamper_alarm=(_K.ZONE, _K.PANEL)),
    **_wires(End.INPUT, lock_coil=_DOOR, seen=(_K.LINKAGE,), passage=(_K.PLATFORM,)),
    **_wires(End.INPUT, screen=(_K.CAMERA, _K.LINKAGE), terminal_screen=(_K.CAMERA,)),
    **_wires(End.HEARD, reader_line=_DOOR),
    **_wires(End.CREDENTIALS, reader=_DOOR, reader_out=_DOOR),
    **_wires(End.INSTRUMENT, supply_current=_PANEL),
}


def roles_of(kind: DeviceKind) -> list[str]:
    """The roles that devices of one kind can have."""
    return [name for name, role in ROLES.items() if kind in role.kinds]
