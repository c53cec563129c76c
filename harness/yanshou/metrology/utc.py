# SPDX-License-Identifier: Apache-2.0
"""UTC as a reference gives it, and the bracket a clock's offset from it lies in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from yanshou.model import Component

_NEAR_S: Final = 90.0  # a clock that is right by itself and written in local time is this near to a zone


@dataclass(frozen=True, slots=True)
class UtcReference:
    """UTC as a function of ``model.now``: ``utc_at_zero + now``, known to ± ``U`` seconds (k = 2)."""

    utc_at_zero: float
    U: float = 0.0

    def __call__(self, at: float) -> float:
        """UTC in Unix seconds at ``model.now() == at``."""
        return self.utc_at_zero + at


@dataclass(frozen=True, slots=True)
class KnownUtc:
    """UTC with what stands for it: the components of its uncertainty and the instrument's id."""

    utc: UtcReference
    components: tuple[Component, ...]
    instrument: str


@dataclass(frozen=True, slots=True)
class OffsetBracket:
    """The device's clock is ahead of UTC by something in [low, high] seconds, after ``polls`` readings.

    ``zones`` as in :class:`yanshou.capabilities.ClockReading`.
    """

    low: float
    high: float
    polls: int
    readings: tuple[tuple[float, float], ...] = ()
    zones: tuple[float, ...] = ()

    @property
    def middle(self) -> float:
        """The best single guess, in seconds; positive when the device is fast."""
        return (self.low + self.high) / 2

    @property
    def half_width(self) -> float:
        """Half the length of the bracket, in seconds: a rectangular bound (GUM 4.3.7)."""
        return (self.high - self.low) / 2


def mislabelled(offset_s: float, zones: Iterable[float], near_s: float = _NEAR_S) -> float | None:
    """The zone whose local time stands in a UTC field ``offset_s`` ahead; None when it is no zone's."""
    near = [one for one in zones if one and abs(offset_s - one) <= near_s]
    return min(near, key=lambda one: abs(offset_s - one), default=None)


def mislabelled_text(offset_s: float, zone_s: float) -> str:
    """What is said of a clock whose UTC field holds local time: its offset in s, and that of its zone."""
    return (
        f"its UTC field is {zone_s / 3600:+g} h ahead as its local time is: local time stands in it"
        f" (the rest is {offset_s - zone_s:+.1f} s)"
    )
