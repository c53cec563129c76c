# SPDX-License-Identifier: Apache-2.0
"""The clock that measures intervals, and the wall clock, which is only printed."""

from __future__ import annotations

import functools
import time
from typing import Final

_COUNTED_FINELY: Final = "clock_gettime" in time.get_clock_info("thread_time").implementation
_AT_ONCE_S: Final = 50e-6  # two clocks read within it are read at once
_TRIES: Final = 8


def now() -> float:
    """Seconds on the machine's monotonic clock, the same in every process of this machine.

    ``perf_counter`` is CLOCK_MONOTONIC on Linux and QueryPerformanceCounter on Windows, where
    ``time.monotonic`` would tick in steps of 16 ms.
    """
    return time.perf_counter()


def both_clocks() -> tuple[float, float, float]:
    """The wall clock in s since 1970, between two readings of :func:`now`: (before, wall, after).

    A busy computer may give the processor away between two readings. Then they are taken again, and the
    closest of a few are returned.
    """
    best = (0.0, 0.0, float("inf"))
    for _ in range(_TRIES):
        before, wall, after = now(), time.time(), now()
        if after - before < best[2] - best[0]:
            best = before, wall, after
        if after - before < _AT_ONCE_S:
            break
    return best


def utc_of(moment: float) -> float:
    """The wall clock in s since 1970 at a moment of :func:`now`, by what it shows at present."""
    before, wall, after = both_clocks()
    return wall + moment - (before + after) / 2


def own_time() -> float:
    """Seconds for which this thread had a processor, for the duration of a calculation: no wait is in it.

    Windows counts them in steps of 16 ms. There it is :func:`now`, which is never too short either.
    """
    return time.thread_time() if _COUNTED_FINELY else now()


def utc_now() -> str:
    """The wall clock as RFC 3339 in UTC, milliseconds: for printing, never for a difference."""
    wall = time.time()
    second = int(wall)
    return f"{_whole_second(second)}.{int((wall - second) * 1000):03d}Z"


@functools.lru_cache(maxsize=1)  # every line of a journal carries a time, many in one second
def _whole_second(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
