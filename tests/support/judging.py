# SPDX-License-Identifier: Apache-2.0
"""The verdict on a figure under a limit, and recordings by days back from a fixed instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from yanshou.metrology import Conditions, judge
from yanshou.model import (
    Limit,
    LimitStatus,
    Measurement,
    Quantity,
    Requirement,
    Statistic,
    Text,
    UncertaintyStatus,
    Verdict,
)
from yanshou.model.recording import Segment

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
THIRTY = Limit("d", min=30)


def requirement(limit: Limit | None, statistic: Statistic = Statistic.VALUE, **more: Any) -> Requirement:
    """A row of the catalogue about the measurand ``m``, its limit verified; ``more`` are other fields."""
    text = Text("", "")
    row = Requirement(
        id="T-1",
        standard="T",
        edition="1",
        clause="1",
        system="video",
        title=text,
        asks=text,
        measurand="m",
        statistic=statistic,
        limit=limit,
        limit_status=LimitStatus.VERIFIED,
        applies={},
        population=(),
        mandatory=True,
        in_force=True,
        rank=1,
    )
    return replace(row, **more)


def measured(value: float | None = 1.0, U: float | None = 0.1, unit: str = "s", **more: Any) -> Measurement:
    """A value of ``m`` on Z01 from three observations, with its evaluated U (k = 2)."""
    evaluated = UncertaintyStatus.EVALUATED
    return Measurement(
        "m", "Z01", Quantity.CONTINUOUS, value, unit, 3, U=U, k=2.0, uncertainty=evaluated, **more
    )


def verdict(measured: Measurement, limit: Limit) -> Verdict:
    asked = replace(requirement(limit), measurand=measured.measurand)
    return judge(measured, asked, Conditions()).verdict


def ago(days: float) -> datetime:
    return NOW - days * DAY


def stretch(begin: float, end: float) -> Segment:
    """A recording from ``begin`` days ago to ``end`` days ago."""
    return Segment(ago(begin), ago(end))
