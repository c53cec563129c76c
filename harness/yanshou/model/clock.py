# SPDX-License-Identifier: Apache-2.0
"""The clock that measures intervals, and the wall clock, which is only printed."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Final

_COUNTED_FINELY: Final = "clock_gettime" in time.get_clock_info("thread_time").implementation


def now() -> float:
    """Seconds on the machine's monotonic clock, the same in every process of this machine.

    ``perf_counter`` is CLOCK_MONOTONIC on Linux and QueryPerformanceCounter on Windows, where
    ``time.monotonic`` would tick in steps of 16 ms.
    """
    return time.perf_counter()


def own_time() -> float:
    """Seconds for which this thread had a processor, for the duration of a calculation: no wait is in it.

    Windows counts them in steps of 16 ms. There it is :func:`now`, which is never too short either.
    """
    return time.thread_time() if _COUNTED_FINELY else now()


def utc_now() -> str:
    """The wall clock as RFC 3339 in UTC, milliseconds: for printing, never for a difference."""
    return f"{datetime.now(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
