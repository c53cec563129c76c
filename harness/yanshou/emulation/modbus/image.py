# SPDX-License-Identifier: Apache-2.0
"""The process image of one emulated device: what its four Modbus tables hold at this moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock

from yanshou.emulation.profile import EmulatedArea, EmulatedCommand, EmulatedPoint, EmulatedProfile

Registers = Callable[[], list[int]]


class Image:
    """The tables, written by role and read by address.

    A change inside :meth:`changing` and the reading of any address exclude one another; the stamp is taken
    inside: a reader that saw the old state asked before the stamp, one that saw the new state has its answer
    after it. So no poller can contradict the truth log.
    """

    def __init__(self, profile: EmulatedProfile) -> None:
        self.profile = profile
        self._lock = RLock()
        self._registers: dict[tuple[EmulatedArea, int], int] = {}
        self._live: list[tuple[EmulatedPoint, Registers]] = []
        self._extent: dict[EmulatedArea, range] = {}
        for area in EmulatedArea:
            self._extent[area] = self._extent_of(area)
        for point in profile.points.values():
            for number in range(1, point.count + 1) if not point.codes else ():
                self.put(point.role, number, on=False)

    def _extent_of(self, area: EmulatedArea) -> range:
        """Lowest to highest address of the area.

        Unmapped addresses in between read as zero, as on most devices.
        """
        taken = [point.addresses for point in self.profile.points.values() if point.area is area]
        taken += [self._taken_by(order) for order in self.profile.commands if order.area is area]
        return range(min(r.start for r in taken), max(r.stop for r in taken)) if taken else range(0)

    def _taken_by(self, order: EmulatedCommand) -> range:
        return range(order.address, order.address + self.profile.count_of(order.target) * order.stride)

    def serve_registers(self, role: str, registers: Registers) -> None:
        """Let ``role`` (a clock) be computed anew whenever it is read."""
        if role in self.profile.points:
            self._live.append((self.profile.points[role], registers))

    @contextmanager
    def changing(self) -> Iterator[float]:
        """Hold readers back and give the stamp of the change, in seconds of ``time.perf_counter``."""
        with self._lock:
            yield time.perf_counter()

    def put(self, role: str, number: int, *, on: bool) -> None:
        """Show ``role`` of the n-th as on or off; a role missing in the profile is not shown."""
        point = self.profile.points.get(role)
        if point is None or not 1 <= number <= point.count:
            return
        key = (point.area, point.at(number))
        level = int(on != point.invert)
        with self._lock:
            if point.bit is None:
                self._registers[key] = level
            else:
                self._registers[key] = self._registers.get(key, 0) & ~(1 << point.bit) | level << point.bit

    def put_state(self, role: str, number: int, state: str) -> None:
        """Show the state named ``state``.

        Where the role takes the high byte, the low byte keeps the state before it, as on the S2000-PP.
        """
        point = self.profile.points.get(role)
        if point is None or not point.codes or state not in point.codes or not 1 <= number <= point.count:
            return
        key, code = (point.area, point.at(number)), point.codes[state]
        with self._lock:
            word = self._registers.get(key, 0)
            if point.byte == "hi":
                self._registers[key] = word if word >> 8 == code else code << 8 | word >> 8
            else:
                self._registers[key] = code | word & 0xFF00 if point.byte == "lo" else code

    def read(self, area: EmulatedArea, address: int, count: int) -> list[int] | None:
        """``count`` bits or words from ``address``; None when the device has no such address."""
        extent = self._extent[area]
        if address < extent.start or address + count > extent.stop:
            return None
        with self._lock:
            for point, registers in self._live:
                if point.area is area and address < point.addresses.stop and point.address < address + count:
                    self._registers.update(
                        {(area, point.address + i): word for i, word in enumerate(registers())}
                    )
            return [self._registers.get((area, at), 0) for at in range(address, address + count)]
