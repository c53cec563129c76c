# SPDX-License-Identifier: Apache-2.0
"""The site as read from its folder: what was installed, where, and how the bench is wired to it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from yanshou.model.trouble import Mistake, UsageError, mistake_at
from yanshou.model.unit import UnitError, factor, split_number


class System(StrEnum):
    """The systems of Art. 3 of the regulation, their integration, and the networks of Art. 10.

    ``LABORATORY`` stands for the rules of the laboratory itself, ``ACCEPTANCE`` for those of the acceptance
    group: no site has them and no plan tests them.
    """

    INTRUSION = "intrusion"
    VIDEO = "video"
    ACCESS_CONTROL = "access_control"
    SECURITY_INSPECTION = "security_inspection"
    INTEGRATION = "integration"
    ALARM_NETWORK = "alarm_network"
    SITE = "site"
    LABORATORY = "laboratory"
    ACCEPTANCE = "acceptance"


def system_turn(name: str) -> int:
    """The place of a system in the order of Art. 3 of the regulation; unknown ones come last."""
    known = [system.value for system in System]
    return known.index(name) if name in known else len(known)


class DeviceKind(StrEnum):
    """What an inventory line can be; a requirement's population names one of these."""

    ZONE = "zone"
    PANEL = "panel"
    DOOR = "door"
    DOOR_CONTROLLER = "door_controller"
    READER = "reader"
    CAMERA = "camera"
    RECORDER = "recorder"
    RELAY_BOARD = "relay_board"
    GATE = "gate"
    XRAY = "xray"
    PLATFORM = "platform"
    ALARM_LINK = "alarm_link"
    ALARM_RECEIVER = "alarm_receiver"
    LINKAGE = "linkage"
    POWER_SUPPLY = "power_supply"
    TIME_SERVER = "time_server"
    INSTRUMENT = "instrument"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret is kept; the secret itself never enters a record.  ``kind`` is env, keyring or file."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Connection:
    """How a device is reached. ``options`` are specific to the protocol (baud, unit, path ...)."""

    protocol: str  # a name of ``yanshou.wires.WIRES``
    host: str = ""
    port: int | None = None
    path: str = ""  # serial device, VISA resource
    options: Mapping[str, object] = field(default_factory=dict)
    user: str = ""
    secret: SecretRef | None = None
    code: SecretRef | None = None  # the user code a panel is set and unset with


@dataclass(frozen=True, slots=True)
class Device:
    """One inventory line, joined with its table in the site file when it has one.

    ``attributes`` are what requirements may ask for (``technology = "wired"``, ``on_escape_route = true``);
    ``wiring`` gives, by role, the relay channel or input of the bench that is connected to each loop of this
    device.
    """

    id: str
    kind: DeviceKind
    system: System
    name: str
    model: str = ""
    location: str = ""
    parent: str = ""  # the panel of a zone, the controller of a door, the recorder of a camera
    number: int | None = None  # zone, door or channel number at the parent
    attributes: Mapping[str, object] = field(default_factory=dict)
    connection: Connection | None = None
    profile: str = ""
    wiring: Mapping[str, str] = field(default_factory=dict)  # role -> "RELAY-1/3" or "RELAY-1/di5"
    place: str = ""  # file:line, for messages

    def quantity(self, key: str, unit: str, default: float) -> float:
        """A numeric attribute of this device, converted to ``unit``; ``default`` where it is not stated.

        It may have a unit of its own (``scan_ms=0.02 s``). Raises UsageError if it is negative or not a
        number of that unit.
        """
        stated = self.attributes.get(key)
        if stated is None:
            return default
        try:
            figure, written = split_number("" if isinstance(stated, bool) else str(stated))
            value = figure * (factor(written, unit) if written else 1.0)
        except UnitError as error:
            raise self._no_number(key, unit, str(error)) from None
        if not 0 <= value < math.inf:
            raise self._no_number(key, unit, f"{stated} cannot be")
        return value

    def _no_number(self, key: str, unit: str, why: str) -> UsageError:
        what = f"{key} of {self.id}: {why}."
        remedy = f"Write it as a number in {unit}, e.g. {key}=20."
        return UsageError([mistake_at(self.place, what, remedy)])


def mistake_of(device: Device, what: str, remedy: str) -> Mistake:
    """A mistake with ``what`` and ``remedy`` at the line of ``device`` in the site's files."""
    return mistake_at(device.place, f"{device.id}: {what}", remedy)


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A stretch of declared maintenance: these devices need not record from ``start`` to ``end`` (aware)."""

    devices: tuple[str, ...]
    start: datetime
    end: datetime
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class Loopback:
    """A relay's contact wired back to an input of the bench, for calibration.

    ``contact`` is the one used on site: NO closes, NC opens when the relay is energised.
    """

    relay: str  # "RELAY-2/6"
    input: str  # "RELAY-1/di7"
    contact: str  # NO | NC
    place: str = ""

    @property
    def name(self) -> str:
        """``RELAY-2/6 NC > RELAY-1/di7``."""
        return f"{self.relay} {self.contact} > {self.input}"


@dataclass(frozen=True, slots=True)
class OwnPlatform:
    """The bench as the upper platform of GB/T 28181, ``[gb28181]`` of the site file.

    Devices register at ``host`` and ``port``, over UDP or TCP. ``code`` are its 20 digits, ``realm`` is that
    of the digest. ``media_ports`` are the first and the last port that media may be sent to; None: any.
    ``certificate`` (a file of the site folder) and ``key`` are its own of GB 35114; empty and None: it asks a
    device of class A to prove itself, and does not prove itself to the device.
    """

    host: str
    port: int
    code: str
    realm: str
    media_ports: tuple[int, int] | None = None
    place: str = ""
    certificate: str = ""
    key: SecretRef | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """Everything a run needs to know about the site. See ``examples/bank-branch/site.toml``."""

    id: str
    name: str
    folder: Path
    time_zone: str
    attributes: Mapping[str, object]
    parties: Mapping[str, str]  # client, owner, builder, laboratory ...
    devices: Mapping[str, Device]
    allow: frozenset[str] = frozenset()
    emulated: bool = False
    scope: tuple[str, ...] = ()  # requirement ids or globs agreed with the client; empty = all that apply
    plan: Mapping[str, object] = field(default_factory=dict)
    operator: Mapping[str, object] = field(default_factory=dict)
    loopbacks: tuple[Loopback, ...] = ()
    laboratory: Mapping[str, object] = field(
        default_factory=dict
    )  # data that only the laboratory can supply for a report
    maintenance: tuple[Maintenance, ...] = ()
    own_platform: OwnPlatform | None = None
    sha256: str = ""

    def of_kind(self, kind: DeviceKind) -> tuple[Device, ...]:
        """The devices of one kind, in inventory order."""
        return tuple(device for device in self.devices.values() if device.kind is kind)
