# SPDX-License-Identifier: Apache-2.0
"""Instants known to lie inside an interval, and the latency between two of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Instant:
    """A moment known to lie in [earliest, latest], in seconds of ``model.clock.now``.

    A written coil changed between the sending of the request and the receipt of its answer; a polled event
    happened between the sending of the last question answered "not yet" and the receipt of the first answered
    "yes". Both ends are time stamps, so the true moment lies inside whatever the load of the machine.

    ``via`` names the contact of the bench it went through and its edge (``RELAY-2/6:operate``,
    ``RELAY-1/di0:on``), empty when it went through none; ``bound_s`` is the part of the interval that does
    not come from time stamps but from the bound on that contact's delay: at the end for a relay, at the
    beginning for an input.
    """

    earliest: float
    latest: float
    via: str = field(default="", compare=False)
    bound_s: float = field(default=0.0, compare=False)

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
        return Latency(
            self.earliest - earlier.latest,
            self.latest - earlier.earliest,
            path=(earlier.via, self.via),
            bound_s=earlier.bound_s + self.bound_s,
        )

    def as_pair(self) -> list[float]:
        """The two ends, for the journal."""
        return [self.earliest, self.latest]


@dataclass(frozen=True, slots=True)
class Latency:
    """A duration known to lie in [least, most], in seconds: the difference of two instants.

    ``path`` are the contacts of the bench it leads from and to, as in ``Instant.via``; ``bound_s`` is the
    part of the interval that comes from bounds on their delays and not from time stamps.
    """

    least: float
    most: float
    path: tuple[str, str] = field(default=("", ""), compare=False)
    bound_s: float = field(default=0.0, compare=False)

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

    def corrected(self, delay_s: float) -> Latency:
        """This latency with the calibrated delay of its two contacts, ``delay_s``, subtracted.

        The calibration replaces the assumed bounds on these delays, which are removed from the interval.
        """
        return Latency(self.least + self.bound_s - delay_s, self.most - delay_s, self.path)
