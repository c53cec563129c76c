# SPDX-License-Identifier: Apache-2.0
"""Compares a device's clock with the reference, until it is clear whether it is within the tolerance."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from yanshou.drivers.capabilities import DeviceClock
from yanshou.drivers.clock.offset import measure_offset, ntp_reference, wall_clock_reference
from yanshou.fleet.result import Answers, Code
from yanshou.fleet.settings import Settings
from yanshou.metrology.utc import UtcReference, mislabelled, mislabelled_text
from yanshou.model import Instant, RigFault
from yanshou.model.reading import ClockReading
from yanshou.protocols.ntp import query

_POLLS: Final = 8
_ENOUGH_S: Final = 0.02
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Known:
    utc: UtcReference
    name: str


def ask_clock(answers: Answers, clock: DeviceClock, settings: Settings) -> None:
    """The interval the offset lies in, and whether that is within the tolerance agreed.

    One reading of whole seconds is good to about ± 0.5 s; only if that does not decide whether the tolerance
    is kept, the change of the displayed second is bracketed.
    """
    known = _reference(settings.ntp)
    reading = clock.read_clock()
    low, high = _offset(reading, known.utc)
    tolerance = settings.clock_offset_s
    if tolerance is not None and _side(low, high, tolerance) is None:
        bracket = measure_offset(clock, known.utc, polls=_POLLS, enough_s=_ENOUGH_S)
        low, high = max(low, bracket.low), min(high, bracket.high)
    answers.measured["clock"] = {"low_s": round(low, 3), "high_s": round(high, 3), "reference": known.name}
    site_zone = datetime.now(ZoneInfo(settings.time_zone)).utcoffset() or timedelta(0)
    zone = mislabelled((low + high) / 2, (*reading.zones, site_zone.total_seconds()))
    if zone is not None:
        answers.remarks.append(mislabelled_text((low + high) / 2, zone))
        answers.find(Code.CLOCK_UNKNOWN, tolerance_s=tolerance)
        return
    if tolerance is None:
        return
    side = _side(low, high, tolerance)
    if side is None:
        answers.find(Code.CLOCK_UNKNOWN, tolerance_s=tolerance)
    elif side:
        answers.find(Code.CLOCK_OFF, tolerance_s=tolerance)


def _side(low: float, high: float, tolerance: float) -> bool | None:
    """True: outside the tolerance; False: inside; None: not decided yet."""
    if low > tolerance or high < -tolerance:
        return True
    return False if -tolerance <= low and high <= tolerance else None


def _offset(reading: ClockReading, reference: UtcReference) -> tuple[float, float]:
    shown, asked = reading.shown_utc.timestamp(), _wide(reading.asked, reference.U)
    return shown - reference(asked.latest), shown + reading.resolution_s - reference(asked.earliest)


def _wide(asked: Instant, U: float) -> Instant:
    return Instant(asked.earliest - U, asked.latest + U)


def _reference(ntp: str) -> _Known:
    with _lock:  # one question to the time server for all devices of this process
        return _asked_once(ntp)


@cache
def _asked_once(ntp: str) -> _Known:
    if ntp:
        host, _, port = ntp.rpartition(":")
        try:
            answer = query(host, int(port), samples=3, device="time server")
            return _Known(ntp_reference(answer), f"NTP {ntp}")
        except RigFault as fault:
            return _Known(wall_clock_reference(), f"clock of the asking computer ({fault.what})")
    return _Known(wall_clock_reference(), "clock of the asking computer")
