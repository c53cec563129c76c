# SPDX-License-Identifier: Apache-2.0
"""Reads a live device by its profile, role by role, and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from yanshou.acquisition import Acquisition
from yanshou.drivers.field.bench import Bench
from yanshou.drivers.field.points import ModbusLink, PanelLink, chunks
from yanshou.drivers.field.wiring import CLASSES_OF
from yanshou.drivers.profile import Point, Profile
from yanshou.drivers.profile.records import FIELDS
from yanshou.model import Connection, Device, RigFault, SecretRef, Site, System, UsageError, now
from yanshou.wires import WIRES
from yanshou.wires.modbus import RTU_OVER_TCP
from yanshou.wires.wire import wire_to

_NAME = "DEVICE"
_ONE_BY_ONE = 8  # points read of a device that has to be asked for each of them
_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:]+\]|[^:/\\]+)(?::(?P<port>\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device is tried: its address, and what else is needed to reach it."""

    address: str
    rtu: bool = False
    user: str = ""
    password: SecretRef | None = None
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Role:
    """The reading of one role: raw values by number and their meaning; ``fault`` if it could not be read."""

    role: str
    count: int
    values: Mapping[int, int] = field(default_factory=dict)
    states: Mapping[int, str] = field(default_factory=dict)
    seconds: float = 0.0
    requests: int = 0
    fault: str = ""


def connection_of(profile: Profile, place: Place) -> Connection:
    """The connection to ``place`` for this profile's protocol; raises ``UsageError``."""
    serial = re.search(r"[/\\]|^COM\d+$", place.address, re.IGNORECASE)
    wire = wire_to(WIRES, profile.protocol, serial=bool(serial))
    if wire is None:
        what = f"a device that speaks {profile.protocol} cannot be read at {place.address!r}."
        raise UsageError(what, "Its states come by contacts, by events or over another kind of address.")
    if serial:
        return Connection(wire.name, path=place.address, options=place.options, secret=place.password)
    found = _HOST.fullmatch(place.address)
    if found is None:
        raise UsageError(
            f"{place.address!r} is no address.",
            "Write HOST:PORT, a serial device such as /dev/ttyUSB0, or COM5.",
        )
    if place.rtu and profile.protocol == RTU_OVER_TCP.profile:
        wire = RTU_OVER_TCP
    return Connection(
        wire.name,
        host=found["host"].strip("[]"),
        port=int(found["port"]) if found["port"] else None,
        options=place.options,
        user=place.user,
        secret=place.password,
    )


def read_device(name: str, profile: Profile, place: Place, folder: Path) -> Iterator[Role]:
    """Read every role of the device once; a role that cannot be read does not stop the others.

    Raises ``UsageError`` for a wrong address; if the device does not answer, each role has a fault.
    """
    device = Device(
        _NAME,
        next(kind for kind, classes in CLASSES_OF.items() if profile.device_class in classes),
        System.INTRUSION,
        profile.model,
        connection=connection_of(profile, place),
        profile=name,
        place=place.address,
    )
    site = Site("try", "try", folder, "UTC", {}, {}, {_NAME: device})
    with Acquisition() as acquisition:
        link = Bench(site, acquisition).link(_NAME)
        for point in profile.points:
            yield _read(link, point)


def _read(link: PanelLink, point: Point) -> Role:
    begun = now()
    try:
        values = _values(link, point)
    except RigFault as fault:
        return Role(point.role, point.count, fault=f"{fault.what} {fault.remedy}".strip())
    states = {number: point.state_of(value) for number, value in values.items()} if point.states else {}
    if not states and point.role not in FIELDS:
        states = {number: "on" if point.on()(value) else "off" for number, value in values.items()}
    return Role(point.role, point.count, values, states, now() - begun, _requests(link, point))


def _values(link: PanelLink, point: Point) -> Mapping[int, int]:
    if point.question is not None:
        return _fields(link, point.role)
    speech = link.profile.speech
    ask = speech.asks.get(point.role) if speech is not None else None
    by_one = speech is not None and (ask is None or "{number" in ask.request)
    numbers = range(1, min(point.count, _ONE_BY_ONE) + 1) if by_one else ()
    return link.values(point.role, numbers)


def _fields(link: PanelLink, role: str) -> Mapping[int, int]:
    """The fields of one answer, in their order; of the event log the newest record."""
    newest = link.fields("event_pointer") if role == "event_record" else None
    answer = link.fields(role, newest.numbers["number"] if newest is not None else 1)
    return dict(enumerate(answer.numbers.values(), 1)) if answer is not None else {}


def _requests(link: PanelLink, point: Point) -> int:
    if isinstance(link, ModbusLink):
        return len(chunks(point, list(range(1, point.count + 1)), link.bus.max_read))
    ask = link.profile.speech.asks.get(point.role) if link.profile.speech else None
    return min(point.count, _ONE_BY_ONE) if ask is not None and "{number" in ask.request else 1
