# SPDX-License-Identifier: Apache-2.0
"""A device on its bus, addressed by the roles of its profile."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from yanshou.acquisition import Acquisition, Area, Bus, Matches, Polls, Watch
from yanshou.drivers.profile import Command, Point, Profile
from yanshou.drivers.profile.records import TIME_FIELDS
from yanshou.drivers.profile.table import LARGEST
from yanshou.model import Device, Instant, RigFault
from yanshou.protocols.serial_line import fill
from yanshou.wires.modbus import WIRES as MODBUS

_REGISTERS = {
    "": ("number",),
    "ymdhms": TIME_FIELDS,
    "event": ("number", "class", "target", "user", *TIME_FIELDS),
}
"""What the registers of an encoding hold, one after the other."""


class RoleWatch(Protocol):
    """Watched points of one role, by their number from 1."""

    @property
    def point(self) -> Point: ...
    def value(self, number: int) -> int: ...
    def wait(self, number: int, matches: Matches, *, since: Instant, within: float) -> Instant | None: ...
    def polls(self, number: int, since: Instant) -> Polls: ...
    def covers(self, number: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """One answer with several fields: numbers by name, the class of a record, and when it was asked for.

    ``zone`` is that of its date and time where the device states it; None: the site's. ``user_in_letters``:
    its user was written in hexadecimal for certain, with a letter in it.
    """

    numbers: Mapping[str, int]
    kind: str
    instant: Instant
    zone: tzinfo | None = None
    user_in_letters: bool = False

    def local_time(self) -> datetime:
        """Its date and time without a zone; raises ``ValueError`` if they are none."""
        year, *others = (self.numbers[name] for name in TIME_FIELDS)
        return datetime(year, *others)  # type: ignore[arg-type]  # noqa: DTZ001 - the caller knows the zone


class PanelLink(Protocol):
    """What the driver of a panel needs of its connection, whatever the wire."""

    @property
    def device(self) -> Device: ...
    @property
    def profile(self) -> Profile: ...
    def values(self, role: str, numbers: Collection[int] = ()) -> Mapping[int, int]: ...
    def flag(self, role: str, number: int = 1) -> bool: ...
    def fields(self, role: str, number: int = 1) -> FieldAnswer | None:
        """Read the fields of a role of ``FIELDS`` now; None if the device keeps no such record."""
        ...

    def write(self, command: Command, number: int = 1, *, back: bool = False) -> Instant: ...
    def present(self, command: Command, number: int, credential: str) -> Instant:
        """Present a credential at the n-th output, once; ``ValueError`` if this wire cannot carry it."""
        ...

    def watch(self, role: str, numbers: Collection[int]) -> RoleWatch: ...
    def fault(self, what: str, remedy: str = "") -> RigFault: ...


@dataclass(frozen=True, slots=True)
class ModbusLink:
    """One Modbus device: its address, the meaning of its points, and the process that polls it."""

    device: Device
    profile: Profile
    acquisition: Acquisition
    bus: Bus
    unit: int

    def values(self, role: str, numbers: Collection[int] = ()) -> Mapping[int, int]:
        """Read the raw values of the points ``numbers`` (default all) of ``role`` now."""
        point = self.profile.point(role)
        wanted = sorted(numbers or range(1, point.count + 1))
        found: dict[int, int] = {}
        for chunk in chunks(point, wanted, self.bus.max_read):
            first = point.address + point.offset(chunk[0])
            count = point.address + point.offset(chunk[-1]) - first + 1
            values = self.acquisition.read(self.bus, self.unit, point.area, first, count).values
            found |= {number: values[point.address + point.offset(number) - first] for number in chunk}
        return found

    def flag(self, role: str, number: int = 1) -> bool:
        """Whether the flag ``role`` of ``number`` is set now."""
        return self.profile.point(role).on()(self.values(role, [number])[number])

    def fields(self, role: str, number: int = 1) -> FieldAnswer | None:
        """Select a record if it is one of the log, then read all registers of the role at once."""
        point = self.profile.point(role)
        if role == "event_record":
            self.write(self.profile.command("select_event"), 1, number)
        sample = self.acquisition.read(self.bus, self.unit, point.area, point.address, point.count)
        numbers = dict(zip(_REGISTERS[point.encoding], sample.values, strict=False))
        if point.encoding == "event" and not numbers["number"]:
            return None
        code = numbers.pop("class", 0)
        return FieldAnswer(numbers, point.states.get(code, f"code {code}"), sample.instant)

    def present(self, command: Command, number: int, credential: str) -> Instant:
        """Send the line of the profile, or write the credential's number to the output's register."""
        if self.bus.wire not in MODBUS:
            text = fill(command.send, {"number": number, "credential": credential})
            instant, _ = self.acquisition.send_line(
                self.bus, text, command.expect, self.profile.transport.timeout_s
            )
            return instant
        if not (credential.isdecimal() and int(credential) <= LARGEST):
            raise ValueError(f"one register holds a number of 0 to {LARGEST}, not {credential!r}")
        return self.write(command, number, int(credential))

    def write(
        self, command: Command, number: int = 1, value: int | None = None, *, back: bool = False
    ) -> Instant:
        """Give a command of the profile to its n-th target, once, or take it ``back``."""
        wanted = (command.off if back else command.value) if value is None else value
        return self.acquisition.write(
            self.bus,
            self.unit,
            command.area,
            command.place(number),
            [wanted],
            raw=command.step_s > 0 and command.area is Area.COIL,
            several=command.several,
        )

    def watch(self, role: str, numbers: Collection[int]) -> PointWatch:
        """Begin to poll the points ``numbers`` of ``role``."""
        point = self.profile.point(role)
        parts = []
        for chunk in chunks(point, sorted(numbers), self.bus.max_read):
            first = point.address + point.offset(chunk[0])
            count = point.address + point.offset(chunk[-1]) - first + 1
            parts.append(self.acquisition.watch(self.bus, self.unit, point.area, first, count))
        return PointWatch(point, tuple(parts))

    def fault(self, what: str, remedy: str = "") -> RigFault:
        """A fault that names this device and its address."""
        return RigFault(what, device=f"{self.device.id} ({self.bus.address})", remedy=remedy)


def chunks(point: Point, numbers: list[int], max_read: Mapping[str, int]) -> list[list[int]]:
    """Cut sorted numbers so that each part fits into one read."""
    most = min(point.area.most, max_read.get(point.area.value, point.area.most))
    parts: list[list[int]] = []
    for number in numbers:
        if parts and point.offset(number) - point.offset(parts[-1][0]) < most:
            parts[-1].append(number)
        else:
            parts.append([number])
    return parts


@dataclass(frozen=True, slots=True)
class PointWatch:
    """Watched points of one role, addressed by their number from 1."""

    point: Point
    parts: tuple[Watch, ...]

    def value(self, number: int) -> int:
        """The raw value in a poll sent from now on."""
        part, offset = self._at(number)
        return part.current().values[offset]

    def wait(self, number: int, matches: Matches, *, since: Instant, within: float) -> Instant | None:
        """See ``Watch.wait``."""
        part, offset = self._at(number)
        return part.wait(offset, matches, since=since, within=within)

    def polls(self, number: int, since: Instant) -> Polls:
        """See ``Watch.polls``."""
        return self._at(number)[0].polls(since)

    def covers(self, number: int) -> bool:
        """Whether the n-th point is watched."""
        return any(self._inside(part, number) for part in self.parts)

    def _inside(self, part: Watch, number: int) -> bool:
        return 0 <= self.point.address + self.point.offset(number) - part.address < part.count

    def _at(self, number: int) -> tuple[Watch, int]:
        for part in self.parts:
            if self._inside(part, number):
                return part, self.point.address + self.point.offset(number) - part.address
        raise RigFault(f"{self.point.role} {number} is not among the watched points.")
