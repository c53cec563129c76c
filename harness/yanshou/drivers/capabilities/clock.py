# SPDX-License-Identifier: Apache-2.0
"""Devices that tell their time when asked."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from yanshou.model.reading import ClockReading


@runtime_checkable
class DeviceClock(Protocol):
    """Anything that tells its time when asked."""

    def read_clock(self) -> ClockReading: ...
