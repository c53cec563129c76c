# SPDX-License-Identifier: Apache-2.0
"""A device on its bus, addressed by the roles of its profile."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from yanshou.acquisition import Acquisition, Area, Bus, Matches, Polls, Watch
from yanshou.drivers.profile import Command, Point, Profile
from yanshou.model import Device, Instant, RigFault


class RoleWatch(Protocol):
    """Watched points of one role, by their number from 1."""

    @property
    def point(self) -> Point: ...
    def value(self, number: int) -> int: ...
    def wait(self, number: int, matches: Matches, *, since: Instant, within: float) -> Instant | None: ...
    def polls(self, number: int, since: Instant) -> Polls: ...
    def covers(self, number: int) -> bool: ...


class PanelLink(Protocol):
    """What the driver of a panel needs of its connection, whatever the wire."""

    @property
    def device(self) -> Device: ...
    @property
    def profile(self) -> Profile: ...
    def values(self, role: str, numbers: Collection[int] = ()) -> Mapping[int, int]: ...
    def flag(self, role: str, number: int = 1) -> bool: ...
    def write(self, command: Command, number: int = 1, *, back: bool = False) -> Instant: ...
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
