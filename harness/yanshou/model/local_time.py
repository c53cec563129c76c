# SPDX-License-Identifier: Apache-2.0
"""From the time that a device or a person states in its zone to UTC.

When summer time ends one hour comes twice, and when it begins one hour does not exist. A time in such an hour
does not say which moment it means; China has had no summer time since 1992, other zones have.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo


class UnclearTimeError(ValueError):
    """A local time that means two moments, or none."""


def moments_of(local: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """Every moment, in UTC and in order, at which a clock in ``zone`` shows ``local``: one, two or none."""
    shown = local.replace(tzinfo=None, fold=0)
    read = {shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(one for one in read if one.astimezone(zone).replace(tzinfo=None, fold=0) == shown))


def moment_of(local: datetime, zone: tzinfo) -> datetime:
    """The one moment, in UTC, at which a clock in ``zone`` shows ``local``; else UnclearTimeError."""
    found = moments_of(local, zone)
    if len(found) == 1:
        return found[0]
    why = "comes twice as summer time ends" if found else "is skipped as summer time begins"
    raise UnclearTimeError(f"{local:%Y-%m-%d %H:%M:%S} {why} in {zone}")


def readings_of(local: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """Every moment, in UTC and in order, that ``local`` may mean.

    Two in the hour that comes twice, and in the one that is skipped: a clock not put forward shows it.
    """
    shown = local.replace(tzinfo=None)
    return tuple(sorted({shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}))


def latest_of(local: datetime, zone: tzinfo) -> datetime:
    """The latest moment, in UTC, that ``local`` may mean: a record is at least as old as that."""
    return readings_of(local, zone)[-1]
