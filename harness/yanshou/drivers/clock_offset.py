# SPDX-License-Identifier: Apache-2.0
"""Offset of a device's clock against UTC, from readings in whole seconds.

A reading S of resolution r, asked between t0 and t1, says that the device showed a time in [S, S + r) at some
moment in [t0, t1]: the offset lies in [S - UTC(t1), S + r - UTC(t0)].  Readings intersect; each next one is
aimed at the predicted roll-over of the display, which halves the interval until the round trip limits it:
where in it a question was answered is not known, so half of it is what remains, whatever moments are chosen.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from yanshou.drivers.capabilities import ClockReading, DeviceClock
from yanshou.model import RigFault, now
from yanshou.protocols.ntp import NtpOffset

_LEAST_POLLS: Final = 3


@dataclass(frozen=True, slots=True)
class Reference:
    """UTC as a function of ``model.now``: ``utc_at_zero + now``, known to ± ``U`` seconds (k = 2)."""

    utc_at_zero: float
    U: float = 0.0

    def __call__(self, at: float) -> float:
        """UTC in Unix seconds at ``model.now() == at``."""
        return self.utc_at_zero + at

    @classmethod
    def from_wall_clock(cls, U: float = 0.0) -> Reference:
        """This machine's wall clock, whose own error is not known here unless ``U`` says it."""
        before, wall, after = now(), time.time(), now()
        return cls(wall - (before + after) / 2, U + (after - before) / 2)

    @classmethod
    def from_ntp(cls, answer: NtpOffset) -> Reference:
        """A time server, as queried by :func:`yanshou.protocols.ntp.query`."""
        return cls(answer.utc - answer.at, answer.U_s)


@dataclass(frozen=True, slots=True)
class OffsetBracket:
    """The device's clock is ahead of UTC by something in [low, high] seconds, after ``polls`` readings.

    ``zones`` as in :class:`ClockReading`.
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


def measure_offset(
    clock: DeviceClock,
    reference: Callable[[float], float],
    polls: int = 12,
    *,
    reference_U: float | None = None,
    enough_s: float = 0.002,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = now,
) -> OffsetBracket:
    """Bracket the offset of ``clock`` by at most ``polls`` readings; stops at a half-width of ``enough_s``.

    ``reference`` maps ``model.now`` to UTC seconds; its uncertainty (``reference.U`` unless given) widens the
    result.  RigFault when the readings contradict each other: the clock was set or its display stands still.
    """
    margin = float(getattr(reference, "U", 0.0)) if reference_U is None else reference_U
    first = clock.read_clock()
    bracket = _of(first, reference)
    readings = [bracket]
    for _ in range(max(_LEAST_POLLS, polls) - 1):
        if (bracket[1] - bracket[0]) / 2 <= enough_s and len(readings) >= _LEAST_POLLS:
            break
        sleep(_until_roll_over(sum(bracket) / 2, reference(monotonic()), _lead(readings)))
        reading = clock.read_clock()
        readings.append(_of(reading, reference))
        bracket = (max(bracket[0], readings[-1][0]), min(bracket[1], readings[-1][1]))
        if bracket[0] > bracket[1]:
            raise RigFault(
                "the readings of the clock contradict each other by "
                f"{bracket[0] - bracket[1]:.3f} s: it was set meanwhile, or its display does not run evenly.",
                remedy="Repeat the reading; if it stays so, read the clock from the picture.",
            )
    low, high = bracket[0] - margin, bracket[1] + margin
    return OffsetBracket(low, high, len(readings), tuple(readings), first.zones)


def _of(reading: ClockReading, reference: Callable[[float], float]) -> tuple[float, float]:
    shown = _seconds(reading.shown_utc)
    asked = reading.asked
    return shown - reference(asked.latest), shown + reading.resolution_s - reference(asked.earliest)


def _seconds(when: datetime) -> float:
    return (when if when.tzinfo is not None else when.replace(tzinfo=UTC)).timestamp()


def _lead(readings: list[tuple[float, float]]) -> float:
    """Half the usual round trip: a reading spans its resolution and the round trip."""
    return max(0.0, (statistics.median(high - low for low, high in readings) - 1.0) / 2)


def _until_roll_over(offset: float, utc: float, lead: float) -> float:
    """Seconds to wait so that the question is under way when the display is predicted to change."""
    return (-(utc + offset + lead)) % 1.0
