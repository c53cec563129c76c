# SPDX-License-Identifier: Apache-2.0
"""The delay of a relay's contact and an input together, from a loopback of many cycles, and its drift.

A cycle is a bracketed latency from the written coil to the changed bit.  What is common to all brackets of a
line (where in an exchange a board looks at its inputs, a phase that locks to the polling) does not average
out over the cycles, so the mean bracket enters the budget beside the spread.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from yanshou.metrology.budget import Budget, rectangular
from yanshou.model import Component, Latency

_DISTURBED = 2.0  # a bracket so many times the median: the machine was busy, not the relay
_DRIFT = 3.0


@dataclass(frozen=True, slots=True)
class LoopDelay:
    """One edge of one loop; all but ``n`` and ``disturbed`` (cycles set aside) in seconds.

    ``least`` and ``most`` are the outer ends of all brackets kept, ``half_width`` their mean half width.
    """

    n: int
    mean: float
    s: float
    least: float
    most: float
    half_width: float
    disturbed: int = 0

    def components(self) -> list[Component]:
        """The budget of the mean, term by term."""
        seen = f"n = {self.n}"
        return [
            Component(
                "loopback delay, mean",
                "A",
                "t",
                self.s / math.sqrt(self.n),
                float(self.n - 1),
                f"n = {self.n}",
            ),
            rectangular("loopback delay, bracket", self.half_width, f"brackets, {seen}"),
        ]

    def single(self) -> Component:
        """What one operation of the contacts may differ from the mean."""
        return Component(
            "contacts, one operation", "A", "normal", self.s, float(self.n - 1), "spread of the cycles"
        )

    @property
    def budget(self) -> Budget:
        """The budget of the mean."""
        return Budget.of(self.components())

    @property
    def bound(self) -> float:
        """What neither contact of the loop takes longer than, alone: it is part of the whole."""
        return max(self.most, self.mean + _DRIFT * self.s)


def evaluate_loop(cycles: Sequence[Latency]) -> LoopDelay:
    """Mean and spread of the cycles; those whose bracket is over twice the median are set aside.

    They are told by the width of their bracket alone, never by the delay they show.
    """
    limit = _DISTURBED * statistics.median(cycle.half_width for cycle in cycles)
    kept = [cycle for cycle in cycles if cycle.half_width <= limit]
    middles = [cycle.middle for cycle in kept]
    return LoopDelay(
        n=len(kept),
        mean=statistics.fmean(middles),
        s=statistics.stdev(middles) if len(middles) > 1 else math.inf,
        least=min(cycle.least for cycle in kept),
        most=max(cycle.most for cycle in kept),
        half_width=statistics.fmean(cycle.half_width for cycle in kept),
        disturbed=len(cycles) - len(kept),
    )


@dataclass(frozen=True, slots=True)
class LoopbackDrift:
    """How far a delay moved between two calibrations, and how far it may have, in seconds."""

    difference: float
    permitted: float

    @property
    def void(self) -> bool:
        """Whether what was measured in between cannot be relied on."""
        return abs(self.difference) > self.permitted


def drift(before: LoopDelay, after: LoopDelay) -> LoopbackDrift:
    """The difference of the means against three times its standard uncertainty."""
    u = math.hypot(before.budget.u_c, after.budget.u_c)
    return LoopbackDrift(after.mean - before.mean, _DRIFT * u)
