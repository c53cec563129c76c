# SPDX-License-Identifier: Apache-2.0
"""The clocks of panels and door controllers: six registers over Modbus, or the time of ISAPI."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

import requests

from yanshou.drivers.capabilities import ClockReading
from yanshou.drivers.points import Link
from yanshou.model import Device, Instant, RigFault, now
from yanshou.protocols import http, records

_PATH: Final = "/ISAPI/System/time"
_LIMITS: Final = http.Limits(connect_s=3.0, read_s=3.0, total_s=6.0, max_bytes=64 * 1024)
_OK, _DENIED = 200, frozenset({401, 403})
_LOCAL = re.compile(r"(?:^|[\s/])localTime=(\S+)")


@dataclass(frozen=True, slots=True)
class ModbusClock:
    """A ``DeviceClock``: year, month, day, hour, minute and second in the site's zone, one read for all."""

    link: Link
    time_zone: str

    def read_clock(self) -> ClockReading:
        link, point = self.link, self.link.profile.point("clock")
        sample = link.acquisition.read(link.bus, link.unit, point.area, point.address, point.count)
        year, month, day, hour, minute, second = sample.values
        try:
            local = datetime(year, month, day, hour, minute, second, tzinfo=ZoneInfo(self.time_zone))
        except ValueError as error:
            raise link.fault(
                f"its clock shows no date: {sample.values}.", "Set the clock of the device."
            ) from error
        return ClockReading(local.astimezone(UTC), 1.0, sample.instant)


@dataclass(frozen=True)
class IsapiClock:
    """A ``DeviceClock``: ``localTime`` of ISAPI in whole seconds; in the site's zone where it names none."""

    device: Device
    password: str
    time_zone: str

    @cached_property
    def _http(self) -> requests.Session:
        at = self.device.connection
        assert at is not None
        return http.session(at.user, self.password, verify_tls=bool(at.options.get("tls_verify", True)))

    def read_clock(self) -> ClockReading:
        at = self.device.connection
        assert at is not None
        tls = bool(at.options.get("tls", False))
        port = at.port or (443 if tls else 80)
        url = f"{'https' if tls else 'http'}://{at.host}:{port}{_PATH}"
        asked = now()
        answer = http.exchange(self._http, "GET", url, device=self.device.id, limits=_LIMITS)
        instant = Instant(asked, now())
        if answer.status in _DENIED:
            raise RigFault(
                "refused to tell its time: the user or the password is wrong.",
                device=self.device.id,
                remedy="Correct them; it is not asked again, so as not to lock the user out.",
                final=True,
            )
        if answer.status != _OK:
            raise RigFault(f"answered {answer.status} to {_PATH}.", device=self.device.id)
        return ClockReading(self._shown(answer.content), 1.0, instant)

    def _shown(self, document: bytes) -> datetime:
        try:
            told = _LOCAL.search(records.lines(document))
            local = datetime.fromisoformat(told[1]) if told else None
        except ValueError:
            local = None
        if local is None:
            raise RigFault(f"its answer to {_PATH} tells no localTime.", device=self.device.id)
        if local.tzinfo is None:
            local = local.replace(tzinfo=ZoneInfo(self.time_zone))
        return local.astimezone(UTC).replace(microsecond=0)
