# SPDX-License-Identifier: Apache-2.0
"""The uncertainty budget (GUM, JCGM 100:2008, clauses 4.3, 5.1 and G.4)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from yanshou.model import Component

_LEVEL = 0.9545  # k = 2 for a normal distribution
_MANY = 50  # beyond this many degrees of freedom k is 2, as laboratories print it


def rectangular(name: str, half_width: float, source: str = "") -> Component:
    """A type B component known only to lie within ± ``half_width``: u = a/sqrt(3) (GUM 4.3.7).

    ``half_width`` is in the unit of the result.
    """
    return Component(name, "B", "rectangular", abs(half_width) / math.sqrt(3), math.inf, source)


def coverage_factor(dof: float) -> float:
    """The k of about 95 %: 2 for many degrees of freedom, Student's t otherwise (GUM G.6.4)."""
    if dof >= _MANY:
        return 2.0
    from scipy.special import stdtrit  # noqa: PLC0415 - brings 20 MiB in

    return float(stdtrit(max(1.0, math.floor(dof)), (1 + _LEVEL) / 2))


@dataclass(frozen=True, slots=True)
class Budget:
    """Independent components, in the unit of the result and with sensitivity coefficient 1 (GUM 5.1.2)."""

    components: tuple[Component, ...]

    @classmethod
    def of(cls, components: Iterable[Component]) -> Budget:
        """The budget of these components, without those of zero size."""
        return cls(tuple(component for component in components if component.u > 0))

    @property
    def u_c(self) -> float:
        """Combined standard uncertainty: root of the sum of squares (GUM 5.1.2)."""
        return math.sqrt(math.fsum(component.u**2 for component in self.components))

    @property
    def dof(self) -> float:
        """Effective degrees of freedom (Welch-Satterthwaite, GUM G.4.1)."""
        spread = math.fsum(c.u**4 / c.dof for c in self.components if math.isfinite(c.dof))
        return self.u_c**4 / spread if spread > 0 else math.inf

    @property
    def k(self) -> float:
        """Coverage factor of about 95 %."""
        return coverage_factor(self.dof)

    @property
    def U(self) -> float:
        """Expanded uncertainty k * u_c."""
        return self.k * self.u_c
