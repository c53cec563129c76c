# SPDX-License-Identifier: Apache-2.0
"""Offset of a device's clock against UTC, from readings in whole seconds.

A reading S of resolution r, asked between t0 and t1, says that the device showed a time in [S, S + r) at some
moment in [t0, t1]: the offset lies in [S - UTC(t1), S + r - UTC(t0)]. The intervals of all readings are
intersected. Each next reading is aimed at the predicted change of the displayed second, which halves the
interval until the round trip limits it. When within the round trip the device read its clock is unknown, so
half of the round trip remains whatever moments are chosen.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from yanshou.drivers.capabilities import DeviceClock
from yanshou.metrology.utc import OffsetBracket, UtcReference
from yanshou.model import RigFault, both_clocks, now
from yanshou.model.reading import ClockReading
from yanshou.protocols.ntp import NtpOffset

_LEAST_POLLS: Final = 3


def wall_clock_reference(U: float = 0.0) -> UtcReference:
    """This computer's wall clock, whose own error is unknown here unless ``U`` states it."""
    before, wall, after = both_clocks()
    return UtcReference(wall - (before + after) / 2, U + (after - before) / 2)


def ntp_reference(answer: NtpOffset) -> UtcReference:
    """A time server, as queried by :func:`yanshou.protocols.ntp.query`."""
    return UtcReference(answer.utc - answer.at, answer.U_s)


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
    """Bracket the offset of ``clock`` by at most ``polls`` readings.

    Stops at a half-width of ``enough_s``.

    ``reference`` maps ``model.now`` to UTC seconds; its uncertainty (``reference.U`` unless given) widens the
    result. Raises RigFault if the readings contradict each other, because the clock was set or its display
    stands still.
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
    """Seconds to wait so that the request is on its way when the display is predicted to change."""
    return (-(utc + offset + lead)) % 1.0
