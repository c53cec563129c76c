# SPDX-License-Identifier: Apache-2.0
"""The uncertainty budget (GUM, JCGM 100:2008, clauses 4.3, 5.1 and G.4)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from yanshou.model import Component

_MANY = 50  # beyond this many degrees of freedom k is 2, as laboratories print it
_STUDENT = (
    13.96781148750255, 4.526550760081986, 3.306829920720108, 2.8693151696963826, 2.6486542542831177,
    2.516528348121638, 2.428809082234239, 2.366419499743066, 2.3198094410224304, 2.28368161329964,
    2.254866003713122, 2.231351317083423, 2.2118006973050437, 2.195291286976705, 2.1811656819040772,
    2.1689429956774133, 2.1582634005973, 2.1488523236373953, 2.1404966299111416, 2.133028361890896,
    2.126313380035578, 2.120243264644709, 2.1147294370825636, 2.109698822116719, 2.1050905999895573,
    2.1008537418020614, 2.0969451164181194, 2.093328020084094, 2.0899710226337813, 2.086847053536651,
    2.0839326715892583, 2.0812074766079105, 2.078653631930417, 2.076255474125009, 2.073999191878652,
    2.0718725601729546, 2.069864718954372, 2.0679659878475833, 2.0661677102466354, 2.064462121490571,
    2.0628422368927284, 2.061301756221308, 2.0598349818791735, 2.0584367485445894, 2.057102362442988,
    2.0558275487462523, 2.054608405858361, 2.0534413655582053, 2.0523231581424732,
)  # fmt: skip
"""Student's t at 95.45 % for 1 to 49 degrees of freedom (GUM table G.2): loading SciPy for it takes 0.3 s."""


def rectangular(name: str, half_width: float, source: str = "") -> Component:
    """A type B component known only to lie within ± ``half_width``: u = a/sqrt(3) (GUM 4.3.7).

    ``half_width`` is in the unit of the result.
    """
    return Component(name, "B", "rectangular", abs(half_width) / math.sqrt(3), math.inf, source)


def coverage_factor(dof: float) -> float:
    """The k of about 95 %: 2 for many degrees of freedom, Student's t otherwise (GUM G.6.4)."""
    if dof >= _MANY:
        return 2.0
    return _STUDENT[max(1, math.floor(dof)) - 1]


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
