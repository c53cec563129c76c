# SPDX-License-Identifier: Apache-2.0
"""Recorded and missing parts of a time line; pure arithmetic on periods.

After sorting it is linear in the number of periods, so a recorder that lists a million of them is no problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from yanshou.model.recording import Segment

FINEST = timedelta(seconds=1)
"""Gaps shorter than that are the rounding of the recorder's list, not gaps."""

_DAY_S = 86_400.0
_TOUCHING = timedelta(microseconds=1)
_NOTHING_DUE = 1e-4  # of a day: some seconds


@dataclass(frozen=True, slots=True)
class Excuse:
    """A period in which a camera need not record: declared maintenance, or before it was put into use."""

    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A period without recording; ``excuse`` says why it does not count, empty when it does."""

    start: datetime
    end: datetime
    excuse: str = ""

    @property
    def seconds(self) -> float:
        """Its length in seconds."""
        return (self.end - self.start).total_seconds()


def real(segments: Iterable[Segment]) -> list[Segment]:
    """The segments with a positive length, oldest first; after a clock was set back some run backwards."""
    return sorted((one for one in segments if one.end > one.start), key=lambda one: one.start)


def joined(segments: Iterable[Segment], finest: timedelta = FINEST) -> list[Segment]:
    """The union, oldest first: what overlaps, touches, or is less than ``finest`` apart becomes one."""
    out: list[Segment] = []
    for segment in real(segments):
        if out and segment.start - out[-1].end < (finest or _TOUCHING):
            if segment.end > out[-1].end:
                out[-1] = Segment(out[-1].start, segment.end)
        else:
            out.append(segment)
    return out


def gaps_of(segments: Iterable[Segment], start: datetime, end: datetime) -> list[Segment]:
    """The parts of [start, end) that the union of ``segments`` does not cover."""
    gaps, reached = [], start
    for segment in real(segments):
        if segment.start > reached and reached < end:
            gaps.append(Segment(reached, min(segment.start, end)))
        reached = max(reached, segment.end)
    return [*gaps, Segment(reached, end)] if reached < end else gaps


def weighed(gaps: Sequence[Segment], excuses: Sequence[Excuse]) -> list[Gap]:
    """The gaps, cut where excuses begin and end; each piece with its excuse, or without."""
    pieces: list[Gap] = []
    for gap in gaps:
        reached = gap.start
        for excuse in sorted(excuses, key=lambda one: one.start):
            start, end = max(excuse.start, reached), min(excuse.end, gap.end)
            if end <= start:
                continue
            if start > reached:
                pieces.append(Gap(reached, start))
            pieces.append(Gap(start, end, excuse.reason))
            reached = end
        if reached < gap.end:
            pieces.append(Gap(reached, gap.end))
    return pieces


def completeness(gaps: Sequence[Gap], start: datetime, end: datetime) -> float | None:
    """Recorded part of the scheduled time of [start, end), 0 to 1; excused time is not scheduled.

    None when nothing was scheduled at all.
    """
    inside = [(max(gap.start, start), min(gap.end, end), gap.excuse) for gap in gaps]
    lengths = [((until - since).total_seconds(), excuse) for since, until, excuse in inside if until > since]
    excused = sum(length for length, excuse in lengths if excuse)
    missing = sum(length for length, excuse in lengths if not excuse)
    scheduled = (end - start).total_seconds() - excused
    return 1 - missing / scheduled if scheduled > 0 else None


def by_day(
    gaps: Sequence[Gap], first: datetime, days: int, start: datetime, end: datetime
) -> list[float | None]:
    """Covered part of the scheduled time of each of ``days`` days from ``first``, 0 to 1.

    What lies outside [start, end) or is excused is not scheduled; None for a day with nothing scheduled.
    """
    missing, unscheduled = np.zeros(days), np.zeros(days)
    outside = [Gap(first, start, "outside"), Gap(end, first + timedelta(days=days), "outside")]
    for gap in [*gaps, *outside]:
        _spread(unscheduled if gap.excuse else missing, first, gap)
    scheduled = 1 - unscheduled
    return [
        round(float(np.clip(1 - lost / due, 0, 1)), 4) if due > _NOTHING_DUE else None
        for lost, due in zip(missing, scheduled, strict=True)
    ]


def _spread(into: np.ndarray, first: datetime, gap: Gap) -> None:
    """Add the length of a gap, in days, to the days it lies in."""
    begin = max((gap.start - first).total_seconds() / _DAY_S, 0.0)
    end = min((gap.end - first).total_seconds() / _DAY_S, float(len(into)))
    for day in range(int(begin), min(len(into), int(np.ceil(end)))):
        into[day] += max(0.0, min(end, day + 1) - max(begin, day))
