# SPDX-License-Identifier: Apache-2.0
"""Numbers for print, and only for print: rounded numbers are never compared with a limit.

U keeps two significant digits and the value is rounded to the last digit of U (GUM 7.2.6, CNAS-CL01-G003);
halves go to the even digit (GB/T 8170-2008, 3.2).
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal

_DIGITS = 2
_PLAIN = 6
_SMALL, _LARGE = -5, 6
_FAR = 999
_UNITS = {"degC": "℃", "°C": "℃", "uSv/h": "µSv/h", "1": "", "percent": "%"}


def unit_text(unit: str) -> str:
    """Print a unit: SI symbols as they are, the field's own ASCII spellings in their proper signs."""
    return _UNITS.get(unit, unit)


_FINEST = {"d": -2}
"""The last digit that means anything in a unit: a period in days is read by the quarter of an hour."""


def exponent_of(U: float, unit: str = "") -> int:
    """Power of ten of the last digit printed: the second significant one of ``U`` > 0, or its unit's last."""
    first = Decimal(repr(float(U)))
    place = first.adjusted() - _DIGITS + 1
    rounded = _quantized(first, place)
    return max(rounded.adjusted() - _DIGITS + 1, _FINEST.get(unit, -_FAR))


def round_pair(value: float, U: float, unit: str = "") -> tuple[str, str]:
    """``value`` and ``U`` as printed, both to the same digit: (2.4117, 0.00312) gives 2.4117 and 0.0031.

    A U below the last digit of its unit is rounded up to it: (35.000469, 0.00002, "d") gives 35.00 and 0.01.
    """
    place = exponent_of(U, unit)
    return _text(_decimal(value), place), _text(max(_decimal(U), Decimal(1).scaleb(place)), place)


def number(value: float, U: float | None = None) -> str:
    """Print a value: to the digit of its U, or with six significant digits when it has none."""
    if isinstance(value, int) and U is None:
        return str(value)
    if not math.isfinite(value):
        return str(value)
    if U is not None and U > 0 and math.isfinite(U):
        return round_pair(value, U)[0]
    place = max(_decimal(value).adjusted() - _PLAIN + 1, -9) if value else 0
    text = _text(_decimal(value), place)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text.lower() else text


def uncertainty(U: float) -> str:
    """Print U with two significant digits."""
    return _text(_decimal(U), exponent_of(U)) if U > 0 else "0"


def with_unit(text: str, unit: str) -> str:
    """A number and its unit with a space between (GB 3101-1993, 3.4); the degree sign alone goes without."""
    shown = unit_text(unit)
    return f"{text} {shown}".rstrip() if shown not in {"°", "′", "″"} else f"{text}{shown}"


def size(count: int) -> str:
    """Print a file size in kB or MB."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.1f} kB"  # noqa: PLR2004 - 1 MB


def _decimal(value: float) -> Decimal:
    return Decimal(repr(float(value)))


def _quantized(value: Decimal, place: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(place), rounding=ROUND_HALF_EVEN)


def _text(value: Decimal, place: int) -> str:
    rounded = _quantized(value, place)
    if place > 0:
        rounded = rounded.quantize(Decimal(1)) if rounded.adjusted() < _LARGE else rounded
    if rounded.adjusted() < _SMALL and rounded != 0:
        return f"{rounded:e}".replace("e", "×10^")
    text = f"{rounded:f}"
    return text[1:] if text.startswith("-") and not rounded else text
