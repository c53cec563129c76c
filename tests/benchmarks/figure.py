# SPDX-License-Identifier: Apache-2.0
"""One figure of a benchmark with the bar it must reach, and how a bench tells its figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` in ``unit``, held against ``at_least`` or ``at_most``; without either it is only shown."""

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def reached(self) -> bool:
        """Whether the bar was reached; a figure that is not a number never reaches one."""
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)

    @property
    def bar(self) -> str:
        """The bar in words, empty when there is none."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g} {self.unit}"
        return "" if self.at_most is None else f"≤ {self.at_most:g} {self.unit}"

    def line(self) -> str:
        """The figure for people."""
        verdict = ("reached" if self.reached else "NOT reached") if self.bar else ""
        return f"{self.name:44} {self.value:12,.3f} {self.unit:10} {self.bar:16} {verdict}".rstrip()


def tell(bench: str, figures: Sequence[Figure]) -> int:
    """Print the figures as a table and as one JSON line; 1 when a bar was missed, else 0."""
    reached = all(figure.reached for figure in figures)
    print("\n".join(figure.line() for figure in figures))
    rows = [
        {"name": one.name, "value": one.value, "unit": one.unit, "bar": one.bar, "reached": one.reached}
        for one in figures
    ]
    print(json.dumps({"bench": bench, "reached": reached, "figures": rows}, ensure_ascii=False))
    return 0 if reached else 1
