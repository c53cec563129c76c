# SPDX-License-Identifier: Apache-2.0
"""Ages by the calendar: how far back a log reaches, how long a filing took; dates read by a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

from yanshou.evaluation.months import months_between, years_between
from yanshou.evaluation.pass_rate import PassRate
from yanshou.metrology import evaluated, inherent, rectangular, without_value
from yanshou.model import Measurement

_HALF_DAY = 0.5
_READ_H = 0.05
_FRAME_S = 0.04  # of a video of 25 fps; each change lies within one frame before it is seen
_BEGUN_D = 1  # the first day of use counts
_TWO = 2
_DAYS: Final[Mapping[str, float]] = {"d": 1.0, "month": 365.25 / 12, "a": 365.25}
_AGES: Final[Mapping[str, Callable[[date, date], float]]] = {
    "d": lambda first, last: float((last - first).days),
    "month": months_between,
    "a": years_between,
}


def log_age(
    measurand: str, device: str, oldest: date, today: date, *, commissioned: date | None, unit: str = "d"
) -> Measurement:
    """Age of the oldest entry in days, calendar months or years (``unit``: d, month, a).

    An entry of the day the system was put into use is the oldest there can be: the age is a lower bound. It
    is one as well where nobody says when the system was put into use: then nothing shows that anything older
    is gone.
    """
    if oldest > today:
        return without_value(measurand, device, unit, f"最早记录日期 {oldest} 在检测日之后", n=1)
    value, half_day = _AGES[unit](oldest, today), _HALF_DAY / _DAYS[unit]
    budget = [rectangular("day of the entry", half_day)]
    young = commissioned is None or (oldest - commissioned).days <= _BEGUN_D
    begun = "，工程文件未说明投用日期" if commissioned is None else "，即投用之日"
    return evaluated(
        measurand,
        device,
        value,
        unit,
        1,
        budget,
        at_least=value if young else None,
        details={"because": f"最早记录 {oldest}" + (begun if young else "")},
    )


def longest_interval(
    measurand: str, device: str, visits: Sequence[date], today: date, *, commissioned: date | None
) -> Measurement:
    """The longest interval without a visit in calendar months, the one that still runs included.

    The first interval begins when the system was put into use. Where nobody says when that was and there are
    fewer than two visits, the interval is known only to be at least the one that runs.
    """
    days = sorted(one for one in visits if commissioned is None or one >= commissioned)
    late = next((one for one in (*visits, *filter(None, [commissioned])) if one > today), None)
    if late is not None:
        return without_value(measurand, device, "month", f"日期 {late} 在检测日之后", n=len(days))
    begun = [*([commissioned] if commissioned else []), *days, today]
    if len(begun) < _TWO:
        return without_value(measurand, device, "month", "没有维护记录，投用日期也未说明", n=0)
    longest = max(pairwise(begun), key=lambda pair: months_between(*pair))
    value = months_between(*longest)
    known = commissioned is not None or len(days) > 1
    running = "，至检测日" if longest[1] == today else ""
    return inherent(
        measurand,
        device,
        value,
        "month",
        len(days) or 1,
        at_least=None if known else value,
        details={"because": f"最长间隔 {longest[0]} 至 {longest[1]}{running}（共 {len(days)} 次维护）"},
    )


def trial_days(
    measurand: str, device: str, begun: date, ended: date, logged: float, today: date
) -> Measurement:
    """Days of a trial run: from its first to its last date, and no more than its log states.

    ``logged`` are the days with an entry in the log. The smaller figure is the one that is proven; where they
    differ by more than the day that may be counted at either end, that is told.
    """
    between = float((ended - begun).days)
    if between < 0:
        return without_value(measurand, device, "d", f"试运行结束 {ended} 早于开始 {begun}", n=1)
    if ended > today:
        return without_value(measurand, device, "d", f"试运行至 {ended} 尚未结束（检测日 {today}）", n=1)
    value = min(between, logged)
    differ = abs(between - logged) > _BEGUN_D
    because = f"{begun} 至 {ended} 为 {between:g} d，记录载明 {logged:g} d"
    return exact(measurand, device, value, "d", because + ("，两者不一致，取较小者" if differ else ""))


def filing_delay(
    device: str, put_into_use: date, filed: date | None, today: date | None = None
) -> Measurement:
    """Calendar days from putting into use to the filing; both dates are on paper, so they are exact.

    Without a filing it is at least the days until ``today``. A date after ``today`` is no proof.
    """
    late = next((one for one in (put_into_use, filed) if one and today and one > today), None)
    if late is not None:
        return without_value("filing_delay", device, "d", f"日期 {late} 在检测日之后", n=1)
    if filed is None:
        days = float(((today or put_into_use) - put_into_use).days)
        open_ = exact("filing_delay", device, days, "d", f"投用 {put_into_use}，至今未备案")
        return replace(open_, at_least=days)
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
    """Difference of two displays in seconds, from a video of both: counted in frames from change to change.

    On a photograph each shows whole seconds: the same second on both means less than 1 s apart, which is all
    that is allowed, and no other reading could decide.
    """
    return _read(measurand, device, seconds, "s", _FRAME_S)


def _read(measurand: str, device: str, value: float, unit: str, half_width: float) -> Measurement:
    return evaluated(measurand, device, value, unit, 1, [rectangular("read by a person", half_width)])
