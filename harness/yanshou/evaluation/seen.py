# SPDX-License-Identifier: Apache-2.0
"""Offsets of a clock at several moments: how fast it gains, and whether it runs evenly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class ClockSample:
    """The offset of a clock at a moment: device minus reference, ± ``U`` seconds (k = 2)."""

    at: float  # model.now
    utc: float
    offset: float
    U: float


def drift_of(first: ClockSample, last: ClockSample) -> tuple[float, float]:
    """Change of the offset in s/d, and its U (k = 2)."""
    span = (last.at - first.at) / DAY_S
    return (last.offset - first.offset) / span, math.hypot(first.U, last.U) / span


def jump_in(seen: Sequence[ClockSample], slack: float = 0.0) -> float:
    """The largest change between two readings that the mean rate does not explain, in seconds; else 0.

    Twice the U of both readings, and ``slack`` seconds a second, count as explained.
    """
    mean = (seen[-1].offset - seen[0].offset) / (seen[-1].at - seen[0].at)
    worst = 0.0
    for one, other in pairwise(seen):
        span = other.at - one.at
        beyond = other.offset - one.offset - mean * span
        if abs(beyond) > max(abs(worst), 2 * math.hypot(one.U, other.U) + slack * span):
            worst = beyond
    return worst
