# SPDX-License-Identifier: Apache-2.0
"""Security inspection: doses, leakage and belts, from the readings of instruments."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from yanshou.metrology import evaluate_values, rectangular
from yanshou.model import Component, Measurement, Statistic
from yanshou.model.reading import Reading


@dataclass(frozen=True, slots=True)
class DoseSeries:
    """What a dosimeter collected in ``passes`` passes through the tunnel, in uGy."""

    total: Reading
    passes: int


@dataclass(frozen=True, slots=True)
class PassDose:
    """The dose of one pass by several series.

    ``background`` is what the dosimeter collects with the beam off in the time of one series, in uGy. It is
    taken away and counts in full as a bound of its own error: it lies below what a dosimeter is calibrated
    for.
    """

    series: tuple[DoseSeries, ...]
    background: float

    @property
    def impossible(self) -> str:
        """Why the readings cannot be: no more with the beam on than with it off; empty if they can."""
        least = min(one.total.value for one in self.series)
        if least > self.background:
            return ""
        return f"射线开启时读得 {least:g} uGy，不大于本底 {self.background:g} uGy：射线未开启或剂量计未起作用"

    @property
    def values(self) -> list[float]:
        """The dose of one pass in each series, in uGy."""
        return [(one.total.value - self.background) / one.passes for one in self.series]

    def components(self, dosimeter: Component) -> list[Component]:
        """The budget of one pass; ``dosimeter`` is the budget line of the instrument, whatever its u."""
        widest = max(one.total.u / one.passes for one in self.series)
        fewest = min(one.passes for one in self.series)
        return [
            replace(dosimeter, u=widest),
            rectangular("background", self.background / fewest, "beam off, as long as one series"),
        ]


def leakage(
    measurand: str,
    device: str,
    by_place: Mapping[str, Reading],
    components: Sequence[Component],
    statistic: Statistic,
    *,
    whole: bool,
) -> Measurement:
    """The worst of the places; a lower bound where some place was not reached (``whole`` is false)."""
    values = [one.value for one in by_place.values()]
    found = evaluate_values(measurand, device, values, "uGy/h", statistic, components=components)
    return found if whole else replace(found, at_least=max(values))


def timed_by_hand(
    length: Reading, tape: Component, times: Sequence[Reading], hand_s: float
) -> list[Component]:
    """Parts of the budget of a speed as shares of it: the length, and the thumb on the stopwatch.

    ``length`` is above 0; a time of 0 counts for nothing here, because no speed can be worked out from it.
    """
    shortest = min((one.value for one in times if one.value > 0), default=math.inf)
    return [
        replace(tape, u=length.u / length.value),
        rectangular("stopwatch pressed by hand", hand_s / shortest, f"±{hand_s:g} s"),
    ]


def shifted(before: Sequence[Reading], after: Sequence[Reading]) -> list[float]:
    """How far each end of a belt moved sideways, in the unit of its readings."""
    return [abs(late.value - early.value) for early, late in zip(before, after, strict=True)]


def read_twice(ruler: Component, half_width: float) -> list[Component]:
    """The budget of a difference of two readings of one ruler, each read to ``half_width``."""
    eye = rectangular("reading of the ruler", half_width, "half a graduation")
    return [
        part
        for when in ("before", "after")
        for part in (replace(ruler, name=f"{ruler.name}, {when}"), replace(eye, name=f"{eye.name}, {when}"))
    ]
