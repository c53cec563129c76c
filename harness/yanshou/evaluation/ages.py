# SPDX-License-Identifier: Apache-2.0
"""Ages by the calendar: how far back a log reaches, how long a filing took; dates read by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from yanshou.evaluation.pass_rate import PassRate
from yanshou.metrology import evaluated, inherent, rectangular, without_value
from yanshou.model import Measurement

_HALF_DAY = 0.5
_READ_H = 0.05
_DISPLAY_S = 0.5
_BEGUN_D = 1  # the first day of use counts


def log_age(
    measurand: str, device: str, oldest: date, today: date, *, commissioned: date | None
) -> Measurement:
    """Age of the oldest entry in days.

    An entry of the day the system was put into use is the oldest there can be: the age is a lower bound.
    """
    if oldest > today:
        return without_value(measurand, device, "d", f"最早记录日期 {oldest} 在检测日之后", n=1)
    value = float((today - oldest).days)
    budget = [rectangular("day of the entry", _HALF_DAY)]
    young = commissioned is not None and (oldest - commissioned).days <= _BEGUN_D
    return evaluated(
        measurand,
        device,
        value,
        "d",
        1,
        budget,
        at_least=value if young else None,
        details={"because": f"最早记录 {oldest}" + ("，即投用之日" if young else "")},
    )


def filing_delay(device: str, put_into_use: date, filed: date) -> Measurement:
    """Calendar days from putting into use to the filing; both dates are on paper, so they are exact."""
    because = f"投用 {put_into_use}，备案 {filed}（委托方提供）"
    return exact("filing_delay", device, float((filed - put_into_use).days), "d", because)


def exact(measurand: str, device: str, value: float, unit: str, because: str) -> Measurement:
    """A value counted or computed without uncertainty."""
    return inherent(measurand, device, value, unit, 1, details={"because": because})


def pass_rate(measurand: str, device: str, found: PassRate) -> Measurement:
    """Share of the sampled devices that conform, in %; a lower bound while some are open."""
    counted = exact(measurand, device, found.percent, "%", found.because)
    return replace(counted, n=found.n, at_least=found.percent if found.open else None)


def read_hours(measurand: str, device: str, hours: float) -> Measurement:
    """Hours read from a clock or a paper by a person, good to three minutes."""
    return _read(measurand, device, hours, "h", _READ_H)


def read_offset(measurand: str, device: str, seconds: float) -> Measurement:
    """Difference of two displays in seconds, read from a photograph of both: each shows whole seconds."""
    return _read(measurand, device, seconds, "s", _DISPLAY_S)


def _read(measurand: str, device: str, value: float, unit: str, half_width: float) -> Measurement:
    return evaluated(measurand, device, value, unit, 1, [rectangular("read by a person", half_width)])
