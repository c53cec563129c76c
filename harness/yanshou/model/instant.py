# SPDX-License-Identifier: Apache-2.0
"""Instants known to lie inside an interval, and the latency between two of them."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Instant:
    """A moment known to lie in [earliest, latest], in seconds of ``model.clock.now``.

    A written coil changed between the sending of the request and the receipt of its answer; a polled event
    happened between the sending of the last question answered "not yet" and the receipt of the first
    answered "yes".  Both ends are stamped, so the truth is inside whatever the load of the machine.
    """

    earliest: float
    latest: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.earliest) and math.isfinite(self.latest)):
            msg = f"an instant needs finite ends, got [{self.earliest}, {self.latest}]"
            raise ValueError(msg)
        if self.latest < self.earliest:
            msg = f"an instant cannot end before it begins: [{self.earliest}, {self.latest}]"
            raise ValueError(msg)

    @property
    def middle(self) -> float:
        """The best single guess, in seconds."""
        return (self.earliest + self.latest) / 2

    @property
    def half_width(self) -> float:
        """Half the length of the interval, in seconds."""
        return (self.latest - self.earliest) / 2

    def __sub__(self, earlier: Instant) -> Latency:
        """The latency from ``earlier`` to this instant."""
        return Latency(self.earliest - earlier.latest, self.latest - earlier.earliest)

    def as_pair(self) -> list[float]:
        """The two ends, for the journal."""
        return [self.earliest, self.latest]


@dataclass(frozen=True, slots=True)
class Latency:
    """A duration known to lie in [least, most], in seconds: the difference of two instants."""

    least: float
    most: float

    def __post_init__(self) -> None:
        if not self.least <= self.most:
            msg = f"a latency cannot have least > most: [{self.least}, {self.most}]"
            raise ValueError(msg)

    @property
    def middle(self) -> float:
        """The best single guess, in seconds."""
        return (self.least + self.most) / 2

    @property
    def half_width(self) -> float:
        """Half the length of the interval, in seconds; the rectangular bound a of GUM 4.3.7."""
        return (self.most - self.least) / 2

    def shifted(self, seconds: float) -> Latency:
        """This latency with a known correction taken off, e.g. the relay delay of a loopback calibration."""
        return Latency(self.least - seconds, self.most - seconds)
