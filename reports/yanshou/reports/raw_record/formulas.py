# SPDX-License-Identifier: Apache-2.0
"""Formulas by which a reviewer computes a figure of the journal again.

A formula is written only if it gives the figure of the journal: where the figure comes from data of another
kind (a fit, an exact interval, a correction), the cell holds the number, and the note says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yanshou.model import Limit, Measurement

CLOSE = 1e-9
"""The largest difference, relative to the figure, of a figure that was computed again."""

Raw = Sequence[float | str | bool]


@dataclass(frozen=True, slots=True)
class CellRange:
    """The cells of a column from the first to the last row, counted from 1."""

    column: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.column}{self.first}:{self.column}{self.last}"


def value_formula(measured: Measurement, cells: CellRange | None) -> str:
    """``=MAX(D12:D20)`` and its like, by the statistic; empty if none gives the value."""
    if cells is None or measured.value is None or isinstance(measured.value, str):
        return ""
    for form, made in _FORMS.get(measured.statistic, ()) + _FORMS["value"]:
        found = _computed(made, measured.raw)
        if found is not None and _same(found, measured.value):
            return f"={form.format(cells=cells, first=f'{cells.column}{cells.first}')}"
    return ""


def u_formula(measured: Measurement, k_cell: str, cells: CellRange | None) -> str:
    """``=H5*SQRT(SUMSQ(E30:E32))``: k times the root of the sum of squares, if that gives U."""
    if cells is None or measured.U is None or measured.k is None:
        return ""
    combined = measured.k * math.sqrt(sum(one.u**2 for one in measured.budget))
    return f"={k_cell}*SQRT(SUMSQ({cells}))" if _same(combined, measured.U) else ""


def limit_formula(limit: Limit, value: str, low: str, high: str, said: tuple[str, str]) -> str:
    """``=IF(F5<=K5,"在限值内","超出限值")``, by the ends of the limit; empty if it has none."""
    if isinstance(limit.equals, bool | int | float):
        wanted = str(limit.equals).upper() if isinstance(limit.equals, bool) else f"{limit.equals!r}"
        return f'=IF({value}={wanted},"{said[0]}","{said[1]}")'
    less, more = ("<", ">") if limit.exclusive else ("<=", ">=")
    asked = [] if limit.min is None else [f"{value}{more}{low}"]
    asked += [] if limit.max is None else [f"{value}{less}{high}"]
    if not asked:
        return ""
    test = asked[0] if len(asked) == 1 else f"AND({','.join(asked)})"
    return f'=IF({test},"{said[0]}","{said[1]}")'


def _same(found: float, stated: float) -> bool:
    if isinstance(stated, bool) or isinstance(found, bool):
        return found is stated
    return math.isfinite(stated) and abs(found - stated) <= CLOSE * max(1.0, abs(stated))


def _computed(made: Callable[[Raw], float | bool], raw: Raw) -> float | bool | None:
    try:
        return made(raw)
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return None


def _numbers(raw: Raw) -> list[float]:
    """The observations; TypeError unless all are numbers."""
    if not raw or any(isinstance(one, bool | str) for one in raw):
        raise TypeError
    return [float(one) for one in raw]


def _flags(raw: Raw) -> list[bool]:
    if not raw or not all(isinstance(one, bool) for one in raw):
        raise TypeError
    return [bool(one) for one in raw]


def _only(raw: Raw) -> float | bool:
    if len(raw) != 1 or isinstance(raw[0], str):
        raise TypeError
    return raw[0]


def _mean(raw: Raw) -> float:
    return math.fsum(_numbers(raw)) / len(raw)


def _percentile(raw: Raw) -> float:
    """The smallest observation that 95 % of them do not exceed."""
    values = sorted(_numbers(raw))
    return values[math.ceil(0.95 * len(values)) - 1]


_Form = tuple[str, Callable[[Raw], float | bool]]
_FORMS: dict[str, tuple[_Form, ...]] = {
    "max": (("MAX({cells})", lambda raw: max(_numbers(raw))),),
    "min": (("MIN({cells})", lambda raw: min(_numbers(raw))),),
    "mean": (("AVERAGE({cells})", _mean),),
    "p95": (("SMALL({cells},ROUNDUP(0.95*COUNT({cells}),0))", _percentile),),
    "proportion": (
        ("COUNTIF({cells},TRUE)/COUNTA({cells})", lambda raw: sum(_flags(raw)) / len(raw)),
        ("COUNTIF({cells},FALSE)/COUNTA({cells})", lambda raw: 1 - sum(_flags(raw)) / len(raw)),
        ("AVERAGE({cells})", _mean),
    ),
    "count": (
        ("SUM({cells})", lambda raw: math.fsum(_numbers(raw))),
        ("COUNTIF({cells},TRUE)", lambda raw: float(sum(_flags(raw)))),
        ("COUNTIF({cells},FALSE)", lambda raw: float(len(raw) - sum(_flags(raw)))),
        ("COUNTA({cells})", lambda raw: float(len(raw))),
    ),
    "value": (
        ("{first}", _only),
        ("AND({cells})", lambda raw: all(_flags(raw))),
        ("OR({cells})", lambda raw: any(_flags(raw))),
    ),
}
