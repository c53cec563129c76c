# SPDX-License-Identifier: Apache-2.0
"""Devices whose clock can be read."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from yanshou.model.reading import ClockReading


@runtime_checkable
class DeviceClock(Protocol):
    """Any device whose clock can be read."""

    def read_clock(self) -> ClockReading: ...
