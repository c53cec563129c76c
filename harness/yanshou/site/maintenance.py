# SPDX-License-Identifier: Apache-2.0
"""``[[maintenance]]``: declared periods in which devices need not record, each with its document."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from yanshou.model import Maintenance
from yanshou.model.local_time import UnclearTimeError, moment_of
from yanshou.site.vocabulary import MAINTENANCE_KEYS
from yanshou.site.zones import time_zones
from yanshou.toml import Table, near


def read_maintenance(top: Table, devices: Collection[str], time_zone: str) -> tuple[Maintenance, ...]:
    """All declared maintenance; a time without offset is in the site's time zone."""
    zone = ZoneInfo(time_zone if time_zone in time_zones() else "UTC")
    return tuple(_entries(top, devices, zone))


def _entries(top: Table, devices: Collection[str], zone: ZoneInfo) -> Iterator[Maintenance]:
    for table in top.rows("maintenance"):
        table.only(MAINTENANCE_KEYS)
        table.require("devices", "from", "until")
        reason, document = (table.text(key, required=True) for key in ("reason", "document"))
        named = table.texts("devices")
        for name in named:
            if name not in devices:
                table.wrong(f"{name} is not in the inventory.", near(name, devices), "devices")
        start, end = _moment(table, "from", zone), _moment(table, "until", zone)
        if start is None or end is None:
            continue
        if end <= start:
            table.wrong("until is not after from.", "Mend the times.", "until")
        yield Maintenance(named, start, end, reason, document)


def _moment(table: Table, key: str, zone: ZoneInfo) -> datetime | None:
    value = table.data.get(key)
    if value is None:
        return None
    if not isinstance(value, datetime):
        table.wrong(
            f"{key} must be a date with a time.",
            "Write it as 2026-11-23 08:00:00, without quotation marks.",
            key,
        )
        return None
    if value.tzinfo:
        return value.astimezone(UTC)
    try:
        return moment_of(value, zone)
    except UnclearTimeError as error:
        table.wrong(
            f"{key}: {error}.", f"Write it with its offset: {value:%Y-%m-%d %H:%M:%S}+01:00, say.", key
        )
        return None
