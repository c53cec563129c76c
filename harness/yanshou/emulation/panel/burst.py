# SPDX-License-Identifier: Apache-2.0
"""Alarms of the emulated panel that come close together: they are queued and shown in turn."""

from __future__ import annotations

import time

from yanshou.emulation.faults import Fault
from yanshou.emulation.site.world import World

_BURST_S = 0.11  # alarms within this time of the first one are a burst
_APART_S = 0.0005  # shown one after the other
_DISORDER_S = 0.24


class EmulatedBurst:
    """In a healthy panel, every alarm of a burst is shown, in the order of the openings."""

    def __init__(self, device: str, world: World) -> None:
        self._device = device
        self._world = world
        self._began = 0.0
        self._count = 0
        self._last_due = 0.0

    def joined(self, t: float) -> bool:
        """A zone was opened at ``t``; whether its alarm gets lost in the burst."""
        if t - self._began > _BURST_S:
            self._began, self._count = t, 0
        self._count += 1
        loses = self._world.faults.find("burst_loses", self._device)
        return loses is not None and self._count > loses.number()

    def queued(self, delay: float, slow: Fault | None) -> float:
        """The delay in seconds, long enough for the alarms before it to be shown first."""
        if slow and self._count > 1:
            return delay + slow.number()
        if self._world.faults.has("burst_disorder", self._device):
            return max(0.1, _DISORDER_S - 0.02 * self._count)
        now = time.perf_counter()
        self._last_due = max(now + delay, self._last_due + _APART_S)
        return self._last_due - now
