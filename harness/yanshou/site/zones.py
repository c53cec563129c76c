# SPDX-License-Identifier: Apache-2.0
"""The names of the time zones that there are."""

from __future__ import annotations

import zoneinfo
from functools import cache


@cache
def time_zones() -> frozenset[str]:
    """As the machine has them, or the package tzdata; they are looked for once, in hundreds of files."""
    return frozenset(zoneinfo.available_timezones())
