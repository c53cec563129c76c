# SPDX-License-Identifier: Apache-2.0
"""A panel's event log over Modbus: the number is written, then the record is read (as on the S2000-PP)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from yanshou.drivers.field.points import ModbusLink
from yanshou.model.signal import LogEntry


class ModbusLog:
    """An ``EventLog``. The panel's times are taken to be in the site's time zone.

    A record that is not kept reads as number 0.
    """

    def __init__(self, link: ModbusLink, time_zone: str) -> None:
        self._link = link
        self._zone = ZoneInfo(time_zone)
        self._point = link.profile.point("event_record")

    def bounds(self) -> tuple[int, int]:
        oldest = self._link.values("event_oldest", [1])[1]
        return oldest, self._link.values("event_pointer", [1])[1]

    def read(self, number: int) -> LogEntry | None:
        link, point = self._link, self._point
        link.write(link.profile.command("select_event"), 1, number)
        sample = link.acquisition.read(link.bus, link.unit, point.area, point.address, point.count)
        found, code, target, user, *when = sample.values
        if found == 0:
            return None  # not kept
        if found != number:
            raise link.fault(
                f"it answered record {found} of its log when asked for {number}.",
                "Look for somebody else who reads the log, or a panel that needs longer.",
            )
        try:
            at = datetime(*when, tzinfo=self._zone)  # type: ignore[misc, arg-type]  # six whole numbers
        except (TypeError, ValueError) as error:
            raise link.fault(f"record {number} of its log has no date: {when}.") from error
        return LogEntry(found, point.states.get(code, f"code {code}"), target, user, at)
