# SPDX-License-Identifier: Apache-2.0
"""The state of an emulated device that reports in messages or by contacts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import NamedTuple

from yanshou.emulation.modbus.image import Image, Registers
from yanshou.emulation.profile import EmulatedProfile


class ReportedChange(NamedTuple):
    """The ``number``-th point of ``role`` has become ``value``."""

    role: str
    number: int
    value: bool


class ReportedImage(Image):
    """Replaces the Modbus tables: changes are passed on, together for each ``changing``.

    ``tell`` is called after the stamp of the change was taken, never before.
    """

    def __init__(self, profile: EmulatedProfile) -> None:
        self.profile = profile
        self._lock = RLock()
        self._values: dict[tuple[str, int], bool] = {
            (point.role, number): False
            for point in profile.points.values()
            for number in range(1, point.count + 1)
        }
        self._depth = 0
        self._changes: list[ReportedChange] = []
        self.tell: Callable[[list[ReportedChange]], None] = lambda _changes: None

    @contextmanager
    def changing(self) -> Iterator[float]:
        """Give the stamp of the change, in seconds, and report what changed at the end."""
        with self._lock:
            self._depth += 1
            try:
                yield time.perf_counter()
            finally:
                self._depth -= 1
                self._tell()

    def put(self, role: str, number: int, *, on: bool) -> None:
        """Set ``role`` of the n-th; a role missing in the profile is ignored."""
        with self._lock:
            if self._values.get((role, number), on) != on:
                self._values[role, number] = on
                self._changes.append(ReportedChange(role, number, on))
                self._tell()

    def put_state(self, role: str, number: int, state: str) -> None:
        """None of these devices reports state words."""

    def serve_registers(self, role: str, registers: Registers) -> None:
        """None of them reports registers."""

    def get(self, role: str, number: int) -> bool:
        """Whether ``role`` of the n-th is on."""
        with self._lock:
            return self._values.get((role, number), False)

    def numbers(self, role: str) -> frozenset[int]:
        """All numbers of which ``role`` is on."""
        with self._lock:
            return frozenset(number for (name, number), on in self._values.items() if on and name == role)

    def _tell(self) -> None:
        if self._depth == 0 and self._changes:
            changes, self._changes = self._changes, []
            self.tell(changes)
