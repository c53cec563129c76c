# SPDX-License-Identifier: Apache-2.0
"""The time of an emulated device: that of the machine, with the planted clock faults."""

from __future__ import annotations

import time
from datetime import datetime, tzinfo

from yanshou.emulation.faults import FaultBook

_DAY_S = 86_400.0


class OwnTime:
    """``clock_offset`` seconds ahead from the start, gaining ``clock_drift`` seconds a day."""

    def __init__(self, faults: FaultBook, device: str, offset_kind: str = "clock_offset") -> None:
        ahead, drift = faults.find(offset_kind, device), faults.find("clock_drift", device)
        self._ahead = ahead.number() if ahead else 0.0
        self._gains = drift.number() / _DAY_S if drift else 0.0
        self._started = time.time()

    def unix(self) -> float:
        """Seconds since 1970 by the device."""
        now = time.time()
        return now + self._ahead + (now - self._started) * self._gains

    def local(self, time_zone: tzinfo) -> datetime:
        """Date and time by the device, in its zone."""
        return datetime.fromtimestamp(self.unix(), time_zone)

    def registers(self, time_zone: tzinfo) -> list[int]:
        """The six registers of a clock: year, month, day, hour, minute, second."""
        shown = self.local(time_zone)
        return [shown.year, shown.month, shown.day, shown.hour, shown.minute, shown.second]
