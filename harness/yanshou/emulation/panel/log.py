# SPDX-License-Identifier: Apache-2.0
"""The event log of the emulated panel: a ring of numbered records, read one by one."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yanshou.emulation.faults import Fault
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.site.world import World

CAPACITY = 1200
HISTORY_DAYS = 120.0
_REGISTERS = 10  # number, class, zone or partition, user, year, month, day, hour, minute, second
_EVERYDAY = ("set", "unset", "alarm", "fault")
_MOST = 0xFFFF
_SHORT_DAYS = 60.0  # of a log whose dates make it look longer


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: its running number, class, zone or partition, and who did it (0: nobody)."""

    number: int
    kind: str
    target: int
    user: int
    at: datetime


class EmulatedLog:
    """Holds the last ``capacity`` events; begins full, with a history of everyday events."""

    def __init__(self, device: str, unit: ModbusUnit, world: World, zone: ZoneInfo) -> None:
        self._device = device
        self._world = world
        self._zone = zone
        self._selected = 0
        self._codes = {}
        if point := unit.profile.points.get("event_record"):
            self._codes = dict(point.codes or {})
        self.lost = False
        self._copies = 2 if self._has("log_doubles") else 1
        capacity = self._number("log_doubles" if self._copies > 1 else "log_capacity", CAPACITY)
        self._entries: deque[Entry] = deque(maxlen=int(capacity))
        self._next = 1
        self._behind = timedelta(days=self._number("log_dated_back", 0.0))
        self._remember(self._number("log_days", _SHORT_DAYS if self._behind else HISTORY_DAYS))
        unit.image.serve_registers("event_pointer", lambda: [self._next - 1])
        unit.image.serve_registers("event_oldest", lambda: [self._entries[0].number if self._entries else 0])
        unit.image.serve_registers("event_record", self._record)
        unit.on_value("select_event", self._select)

    def _number(self, kind: str, healthy: float) -> float:
        fault: Fault | None = self._world.faults.find(kind, self._device)
        return fault.number() if fault else healthy

    def _remember(self, days: float) -> None:
        size = (self._entries.maxlen or 1) // self._copies
        now = datetime.now(self._zone)
        for index in range(size):
            at = now - timedelta(days=days * (size - index) / size)
            self._add(_EVERYDAY[index % len(_EVERYDAY)], 1, 1, at)

    def _has(self, kind: str) -> bool:
        return self._world.faults.has(kind, self._device)

    def _add(self, kind: str, target: int, user: int, at: datetime) -> None:
        for _ in range(self._copies):
            self._entries.append(Entry(self._next, kind, target, user, at - self._behind))
            self._next = self._next % _MOST + 1

    def write(self, kind: str, target: int = 0, user: int = 0) -> None:
        """Append an event of now."""
        if kind in {"set", "unset"} and self._has("log_without_setting"):
            return
        self._add(kind, target, user, datetime.now(self._zone))

    def erase(self) -> None:
        """Drop every record, which a log must not permit."""
        self._entries.clear()

    def erase_older(self) -> None:
        """Drop the older half of the records, which a log must not permit either."""
        for _ in range(len(self._entries) // 2):
            self._entries.popleft()

    def _select(self, _target: int, number: int) -> None:
        self._selected = number

    def _record(self) -> list[int]:
        """The selected event; all zero if it is not kept."""
        if not self._entries or not self._entries[0].number <= self._selected <= self._entries[-1].number:
            return [0] * _REGISTERS
        readable = self._world.faults.find("log_hollow", self._device)
        if readable and self._entries[-1].number - self._selected >= readable.number():
            return [0] * _REGISTERS
        entry = self._entries[self._selected - self._entries[0].number]
        code, at = self._codes.get(entry.kind, 0), entry.at
        when = [at.year, at.month, at.day, at.hour, at.minute, at.second]
        return [entry.number, code, entry.target, entry.user, *when]
