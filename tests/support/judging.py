# SPDX-License-Identifier: Apache-2.0
"""The verdict on a figure under a limit, and recordings by days back from a fixed instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from yanshou.metrology import Conditions, judge
from yanshou.model import Limit, LimitStatus, Measurement, Requirement, Statistic, Text, Verdict
from yanshou.model.recording import Segment

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
THIRTY = Limit("d", min=30)


def requirement(limit: Limit, statistic: Statistic = Statistic.VALUE) -> Requirement:
    text = Text("", "")
    return Requirement(
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


def verdict(measured: Measurement, limit: Limit) -> Verdict:
    asked = replace(requirement(limit), measurand=measured.measurand)
    return judge(measured, asked, Conditions()).verdict


def ago(days: float) -> datetime:
    return NOW - days * DAY


def stretch(begin: float, end: float) -> Segment:
    """A recording from ``begin`` days ago to ``end`` days ago."""
    return Segment(ago(begin), ago(end))
