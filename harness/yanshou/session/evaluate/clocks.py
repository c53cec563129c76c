# SPDX-License-Identifier: Apache-2.0
"""The offset of a device's clock from the time reference."""

from __future__ import annotations

from dataclasses import dataclass

from yanshou.drivers.capabilities import DeviceClock
from yanshou.drivers.clock_offset import measure_offset
from yanshou.metrology import Budget, rectangular
from yanshou.model import Instant, Measurement, Quantity, UncertaintyStatus
from yanshou.session.instruments import TimeReference

_POLLS = 12
_ENOUGH_S = 0.01  # a hundredth of the finest offset anyone sets a limit for


@dataclass(frozen=True, slots=True)
class Clock:
    """A device that tells its time."""

    device: str
    inner: DeviceClock

    def exchange(self) -> tuple[Instant, Instant]:
        """Sending of a question and receipt of its answer."""
        asked = self.inner.read_clock().asked
        return Instant(asked.earliest, asked.earliest), Instant(asked.latest, asked.latest)


def clock_offset(clock: Clock, reference: TimeReference) -> Measurement:
    """Device minus reference in seconds, as its absolute value; the sign stands in the details.

    Whole seconds are bracketed at their roll-over, so that the resolution of 1 s does not enter.
    """
    bracket = measure_offset(clock.inner, reference.utc, polls=_POLLS, reference_U=0.0, enough_s=_ENOUGH_S)
    offset = (bracket.low + bracket.high) / 2
    half = (bracket.high - bracket.low) / 2
    budget = Budget.of(
        [rectangular("bracket of the roll-over", half, f"{bracket.polls} polls"), *reference.components()]
    )
    return Measurement(
        "clock_offset",
        clock.device,
        Quantity.CONTINUOUS,
        abs(offset),
        "s",
        bracket.polls,
        statistic="max",
        U=budget.U,
        k=budget.k,
        uncertainty=UncertaintyStatus.EVALUATED,
        budget=budget.components,
        instruments=(reference.calibrated.instrument.id,),
        details={"signed_s": offset, "low_s": bracket.low, "high_s": bracket.high},
    )
