# SPDX-License-Identifier: Apache-2.0
"""Months and years of the calendar between two dates."""

from __future__ import annotations

import calendar
from datetime import date

_IN_YEAR = 12


def months_between(first: date, last: date) -> float:
    """Calendar months from ``first`` to ``last``: the whole ones, and the share of the running one.

    From 31 January to 30 April it is three months, because April has no 31st. Negative when ``last`` comes
    first.
    """
    if last < first:
        return -months_between(last, first)
    whole = (last.year - first.year) * _IN_YEAR + last.month - first.month
    if _later(first, whole) > last:
        whole -= 1
    begun, ends = _later(first, whole), _later(first, whole + 1)
    return whole + (last - begun).days / (ends - begun).days


def years_between(first: date, last: date) -> float:
    """Calendar years from ``first`` to ``last``."""
    return months_between(first, last) / _IN_YEAR


def _later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, _IN_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
