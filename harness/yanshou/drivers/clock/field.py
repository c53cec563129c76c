# SPDX-License-Identifier: Apache-2.0
"""The clocks of panels and door controllers: six fields by the profile, or the time of ISAPI."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from yanshou.drivers.field.points import PanelLink
from yanshou.model import Device, Instant, RigFault, now
from yanshou.model.local_time import UnclearTimeError, moment_of
from yanshou.model.reading import ClockReading
from yanshou.protocols import http, records

_PATH: Final = "/ISAPI/System/time"
_OK, _DENIED = 200, frozenset({401, 403})
_READ_LATER: Final = "Read it when that hour is over: until then a clock that is an hour off looks right."
_LOCAL = re.compile(r"(?:^|[\s/])localTime=(\S+)")


@dataclass(frozen=True, slots=True)
class ProfileClock:
    """A ``DeviceClock``: year, month, day, hour, minute and second in one answer.

    They are in the zone that the answer states, else in that of the site.
    """

    link: PanelLink
    time_zone: str

    def read_clock(self) -> ClockReading:
        answer = self.link.fields("clock")
        if answer is None:
            raise self.link.fault("it does not say its time.")
        try:
            shown = moment_of(answer.local_time(), answer.zone or ZoneInfo(self.time_zone))
        except UnclearTimeError as error:
            raise self.link.fault(f"its clock shows {error}.", _READ_LATER) from error
        except ValueError as error:
            raise self.link.fault(
                f"its clock shows no date: {tuple(answer.numbers.values())}.", "Set the clock of the device."
            ) from error
        return ClockReading(shown, 1.0, answer.instant)


class IsapiClock:
    """A ``DeviceClock``: ``localTime`` of ISAPI in whole seconds; in the site's zone if it names none.

    A refused password is tried once, however often the clock is read.
    """

    def __init__(self, device: Device, password: str, time_zone: str) -> None:
        at = device.connection
        assert at is not None
        self._device, self._zone = device.id, ZoneInfo(time_zone)
        self._url = replace(http.base(at), target=_PATH)
        verify = bool(at.options.get("tls_verify", True))
        self._http = http.session(at.user, password, home=self._url, verify_tls=verify)
        silence = float(str(at.options.get("timeout_s", 3.0)))
        self._limits = http.Limits(silence, silence, 2 * silence, max_bytes=64 * 1024)
        self._refused = False

    def read_clock(self) -> ClockReading:
        """The displayed time; RigFault if the device refuses or gives no time."""
        if self._refused:
            raise self._refusal()
        asked = now()
        answer = http.exchange(self._http, "GET", self._url, device=self._device, limits=self._limits)
        instant = Instant(asked, now())
        if answer.status in _DENIED:
            self._refused = True
            raise self._refusal()
        if answer.status != _OK:
            raise RigFault(f"answered {answer.status} to {_PATH}.", device=self._device)
        return ClockReading(self._shown(answer.content), 1.0, instant)

    def _refusal(self) -> RigFault:
        return RigFault(
            "refused to give its time: the user or the password is wrong.",
            device=self._device,
            remedy="Correct them; it is not asked again, so as not to lock the user out.",
            final=True,
        )

    def _shown(self, document: bytes) -> datetime:
        try:
            answered = _LOCAL.search(records.lines(document))
            local = datetime.fromisoformat(answered[1]) if answered else None
        except ValueError:
            local = None
        if local is None:
            raise RigFault(f"its answer to {_PATH} states no localTime.", device=self._device)
        try:
            shown = local if local.tzinfo else moment_of(local, self._zone)
        except UnclearTimeError as error:
            raise RigFault(f"its clock shows {error}.", device=self._device, remedy=_READ_LATER) from error
        return shown.astimezone(UTC).replace(microsecond=0)
