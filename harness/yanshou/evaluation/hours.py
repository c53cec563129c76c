# SPDX-License-Identifier: Apache-2.0
"""Hours computed from moments that were written down to the minute; nobody types a number of hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from yanshou.evaluation.papers import longest_stretch
from yanshou.metrology import evaluated, rectangular, without_value
from yanshou.model import Measurement, Quantity

_HOUR: Final = timedelta(hours=1)
_WRITTEN_H: Final = 2 / 60  # two moments, each to the minute
_SAME: Final = timedelta(minutes=2)  # moments nearer than this may be the same


@dataclass(frozen=True, slots=True)
class Repair:
    """One fault of a maintenance record; ``mended`` is None while it lasts."""

    number: str
    reported: datetime
    mended: datetime | None


@dataclass(frozen=True, slots=True)
class LocalStorage:
    """A camera without its network, and the recording that was read back from it afterwards."""

    cut: datetime
    restored: datetime
    first: datetime
    last: datetime
    breaks: Sequence[datetime] = ()


def hours_between(
    measurand: str, device: str, begun: datetime, ended: datetime, moment: datetime, *, running: bool = False
) -> Measurement:
    """Hours from ``begun`` to ``ended``; a lower bound if what was timed was still ``running`` then.

    Moments in the wrong order, or after ``moment`` (now), give no value.
    """
    if not begun <= ended <= moment:
        return without_value(measurand, device, "h", f"时刻先后矛盾或在将来：{_span(begun, ended)}")
    hours = (ended - begun) / _HOUR
    because = _span(begun, ended) + ("，届时仍在工作" if running else "")
    if running:
        said: dict[str, object] = {"because": because}
        return Measurement(measurand, device, Quantity.CONTINUOUS, None, "h", 1, at_least=hours, details=said)
    return _written(measurand, device, hours, because)


def longest_repair(device: str, repairs: Sequence[Repair], moment: datetime) -> Measurement:
    """Hours from the report of a fault to the return to service, the longest of a maintenance record.

    One that lasts counts up to ``moment``: then the longest is known to be at least that.
    """
    measurand = "fault_repair_time"
    wrong = next((one for one in repairs if not one.reported <= (one.mended or moment) <= moment), None)
    if wrong is not None:
        return without_value(measurand, device, "h", f"故障 {wrong.number} 的时刻先后矛盾或在将来")
    worst = max(repairs, key=lambda one: (one.mended or moment) - one.reported)
    hours = ((worst.mended or moment) - worst.reported) / _HOUR
    lasting = [one.number for one in repairs if one.mended is None]
    because = (
        f"{len(repairs)} 次故障中最长的为 {worst.number}：{_span(worst.reported, worst.mended or moment)}"
    )
    because += f"；尚未修复：{'、'.join(lasting)}" if lasting else ""
    found = _written(measurand, device, hours, because)
    return replace(found, n=len(repairs), at_least=hours if lasting else None)


def stored_without_network(device: str, seen: LocalStorage, moment: datetime) -> Measurement:
    """Hours of recording that a camera kept itself while its network was cut, without a gap.

    Only what lies between the cut and the return of the network counts. A recording that reaches up to the
    return had not come to its end: a lower bound.
    """
    measurand = "local_storage_duration"
    if not (seen.cut <= seen.restored <= moment and seen.first <= seen.last):
        cut = _span(seen.cut, seen.restored)
        return without_value(measurand, device, "h", f"断网时刻先后矛盾或在将来：{cut}")
    begun, ended = max(seen.cut, seen.first), min(seen.restored, seen.last)
    inside = [one for one in seen.breaks if begun <= one <= ended]
    longest = longest_stretch(begun, ended, inside)
    if longest is None:
        return without_value(measurand, device, "h", "读回的录像不在断网期间（核对摄像机时钟）")
    read = f"断网 {_span(seen.cut, seen.restored)}，读回 {_span(begun, ended)}，中断 {len(inside)} 次"
    whole = not inside and begun - seen.cut <= _SAME and seen.restored - ended <= _SAME
    found = _written(measurand, device, longest / _HOUR, read)
    return replace(found, at_least=longest / _HOUR if whole else None)


def _span(begun: datetime, ended: datetime) -> str:
    return f"{begun:%Y-%m-%d %H:%M} 至 {ended:%Y-%m-%d %H:%M}"


def _written(measurand: str, device: str, hours: float, because: str) -> Measurement:
    budget = [rectangular("moments as written", _WRITTEN_H, "two, each to the minute")]
    return evaluated(measurand, device, hours, "h", 1, budget, details={"because": because})
