# SPDX-License-Identifier: Apache-2.0
"""The names of the existing time zones."""

from __future__ import annotations

import zoneinfo
from functools import cache


@cache
def time_zones() -> frozenset[str]:
    """Those of the machine, or of the package tzdata; searched once, in hundreds of files."""
    return frozenset(zoneinfo.available_timezones())
