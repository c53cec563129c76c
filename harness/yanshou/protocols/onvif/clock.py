# SPDX-License-Identifier: Apache-2.0
"""The time in an answer to GetSystemDateAndTime, and whether its UTC field really holds UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from yanshou.protocols.onvif.fault import AnswerUnclear

_HOUR_S: Final = 3600.0
_ZONE: Final = re.compile(
    r"(?:<[^>]{1,20}>|[A-Za-z]{1,20})([+\-]?\d{1,2})(?::(\d{2}))?(?::(\d{2}))?(.*)", re.DOTALL
)


def read_date_time(answer: Any) -> datetime:
    """The UTC of a GetSystemDateAndTime answer; raises AnswerUnclear if it cannot be determined.

    A device without UTCDateTime is read by its local time and its POSIX time zone when that zone has no
    daylight saving; otherwise the UTC would be a guess.
    """
    utc = _date_time(getattr(answer, "UTCDateTime", None))
    if utc is not None:
        return utc
    local = _date_time(getattr(answer, "LocalDateTime", None))
    zone = str(getattr(getattr(answer, "TimeZone", None), "TZ", None) or "")
    if local is None or not zone or getattr(answer, "DaylightSavings", False):
        raise AnswerUnclear("the device states no UTC, and its local time cannot be converted.")
    ahead, summer = _posix_zone(zone)
    if ahead is None or summer:
        raise AnswerUnclear(f"the device states no UTC, and its time zone {zone[:60]!r} is not understood.")
    return local - ahead


def reported_zones(answer: Any) -> tuple[float, ...]:
    """All values in seconds by which its local time may be ahead of UTC, according to the answer itself.

    They come from its time zone, plus an hour if that has summer time or the device says that it is summer,
    and from the difference of its two times.
    """
    found: list[float] = []
    ahead, summer = _posix_zone(str(getattr(getattr(answer, "TimeZone", None), "TZ", None) or ""))
    if ahead is not None:
        found.append(ahead.total_seconds())
    if summer or getattr(answer, "DaylightSavings", False):
        found += [one + _HOUR_S for one in found or [0.0]] + [_HOUR_S]
    return tuple(dict.fromkeys(one for one in found if one))


def _date_time(value: Any) -> datetime | None:
    """None if the device gives no date; AnswerUnclear if it gives an impossible one."""
    if value is None:
        return None
    date, time = value.Date, value.Time
    if date is None or time is None:
        raise AnswerUnclear("the device states a time of which a part is missing.")
    # A leap second is shown as 60; datetime cannot hold it.
    try:
        minute = datetime(date.Year, date.Month, date.Day, time.Hour, time.Minute, tzinfo=UTC)
        return minute + timedelta(seconds=time.Second)
    except (TypeError, ValueError, OverflowError) as error:
        raise AnswerUnclear(f"the device states an impossible time: {error}.") from None


def _posix_zone(zone: str) -> tuple[timedelta | None, bool]:
    """Local minus UTC of a POSIX TZ (``CST-8`` is eight hours ahead), and whether it has summer time."""
    found = _ZONE.fullmatch(zone.strip())
    if found is None:
        return None, False
    sign = -1 if found[1].startswith("-") else 1
    west = timedelta(hours=abs(int(found[1])), minutes=int(found[2] or 0), seconds=int(found[3] or 0))
    return -sign * west, bool(found[4].strip())
