# SPDX-License-Identifier: Apache-2.0
"""The four shapes a measurement has: with a budget, without uncertainty, yes or no, and without a value.

Whoever measures states what was measured, on which device, in which unit and from how many observations; the
rest follows from the shape. What is beside the value (a reason why it is invalid, deviations, details) is
given by the name of its field in :class:`yanshou.model.Measurement`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypedDict, Unpack

from yanshou.metrology.budget import Budget
from yanshou.model import Component, Measurement, Quantity, Reservation, UncertaintyStatus


class Beside(TypedDict, total=False):
    """What may be said of a measurement beside its value and its uncertainty."""

    statistic: str
    raw: tuple[float | str | bool, ...]
    at_least: float | None
    at_most: float | None
    invalid: str
    reservations: tuple[Reservation, ...]
    instruments: tuple[str, ...]
    deviations: tuple[str, ...]
    details: dict[str, object]


def evaluated(
    measurand: str,
    device: str,
    value: float | None,
    unit: str,
    n: int,
    components: Iterable[Component],
    **beside: Unpack[Beside],
) -> Measurement:
    """A continuous quantity with the budget of ``components``, in ``unit``.

    Without a component of some size the uncertainty counts as not evaluated: such a value is not judged.
    """
    made = Measurement(measurand, device, Quantity.CONTINUOUS, value, unit, n, **beside)
    return with_budget(made, components)


def with_budget(measurement: Measurement, components: Iterable[Component]) -> Measurement:
    """The same value with the budget of ``components``; unchanged where none of them has a size."""
    budget = Budget.of(components)
    if not budget.components:
        return measurement
    return replace(
        measurement,
        U=budget.U,
        k=budget.k,
        uncertainty=UncertaintyStatus.EVALUATED,
        budget=budget.components,
    )


def inherent(
    measurand: str, device: str, value: float | None, unit: str, n: int, **beside: Unpack[Beside]
) -> Measurement:
    """A continuous quantity that is counted or computed: its uncertainty is inherent in the method."""
    return Measurement(
        measurand,
        device,
        Quantity.CONTINUOUS,
        value,
        unit,
        n,
        uncertainty=UncertaintyStatus.INHERENT,
        **beside,
    )


def logical(
    measurand: str, device: str, *, conforms: bool | None, n: int, **beside: Unpack[Beside]
) -> Measurement:
    """Whether the device does what the clause asks, from ``n`` observations; None: that was not seen."""
    return Measurement(measurand, device, Quantity.LOGICAL, conforms, "", n, **beside)


def without_value(
    measurand: str, device: str, unit: str, reason: str, *, n: int = 0, statistic: str = "value"
) -> Measurement:
    """A continuous quantity of which no value was obtained; ``reason`` says why, and nothing is judged."""
    return Measurement(
        measurand, device, Quantity.CONTINUOUS, None, unit, n, statistic=statistic, invalid=reason
    )
