# SPDX-License-Identifier: Apache-2.0
"""Readings of a device's clock and of an instrument."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from yanshou.model.instant import Instant
from yanshou.model.trouble import RigFault
from yanshou.model.unit import UnitError, factor


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One reading of a device's clock: its UTC, the resolution of the display, and when it was asked.

    ``asked`` spans from the sending of the question to the receipt of the answer. ``zones`` are the seconds
    by which its local time may be ahead of UTC according to its own answer, because a UTC field may hold
    local time.
    """

    shown_utc: datetime
    resolution_s: float
    asked: Instant
    zones: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of an instrument with the calibration's own U, and who or what gave it."""

    value: float
    unit: str
    U: float | None
    k: float | None
    instrument: str
    asked: Instant
    raw: str = ""
    person: str = ""
    evidence: tuple[str, ...] = field(default=())

    @property
    def u(self) -> float:
        """Standard uncertainty in ``unit``.

        0 if the certificate has none there, in which case the gate is closed.
        """
        return (self.U or 0.0) / (self.k or 2.0)

    def stated_in(self, unit: str) -> Reading:
        """The same reading in another unit; RigFault if it cannot be converted."""
        try:
            by = factor(self.unit, unit)
        except UnitError as error:
            raise RigFault(f"{error}.", device=self.instrument, final=True) from None
        U = None if self.U is None else self.U * by
        return replace(self, value=self.value * by, U=U, unit=unit)
