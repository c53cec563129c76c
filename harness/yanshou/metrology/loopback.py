# SPDX-License-Identifier: Apache-2.0
"""The delay of a relay's contact and an input together, from a loopback of many cycles, and its drift.

A cycle is a bracketed latency from the written coil to the changed bit. An error common to all brackets of a
line (when in an exchange a board reads its inputs, a phase locked to the polling) does not average out over
the cycles, so the mean bracket enters the budget beside the spread.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from yanshou.metrology.budget import Budget, rectangular
from yanshou.model import Component, Latency

_DISTURBED = 2.0  # a bracket wider than so many times the median: the machine was busy, not the relay slow
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
        """The largest difference of a single operation from the mean, as a component."""
        return Component(
            "contacts, one operation", "A", "normal", self.s, float(self.n - 1), "spread of the cycles"
        )

    @property
    def budget(self) -> Budget:
        """The budget of the mean."""
        return Budget.of(self.components())

    @property
    def bound(self) -> float:
        """A bound on the delay of either contact alone, in seconds, since each is a part of the whole."""
        return max(self.most, self.mean + _DRIFT * self.s)


def evaluate_loop(cycles: Sequence[Latency]) -> LoopDelay:
    """Mean and spread of the cycles, without those whose bracket is wider than twice the median.

    They are chosen by the width of their bracket alone, never by their delay.
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
    """The change of a delay between two calibrations, and the largest permitted change, in seconds."""

    difference: float
    permitted: float

    @property
    def void(self) -> bool:
        """Whether measurements made in between are void."""
        return abs(self.difference) > self.permitted


def drift(before: LoopDelay, after: LoopDelay) -> LoopbackDrift:
    """The difference of the means compared with three times its standard uncertainty (k = 3)."""
    u = math.hypot(before.budget.u_c, after.budget.u_c)
    return LoopbackDrift(after.mean - before.mean, _DRIFT * u)
