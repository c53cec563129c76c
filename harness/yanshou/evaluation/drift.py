# SPDX-License-Identifier: Apache-2.0
"""The drift of clocks over a watch.

A drift is that of an uncorrected clock. A clock that was corrected meanwhile could show none, so it is also
read in between: if it did not run evenly, its value is no drift and is not judged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yanshou.evaluation.seen import DAY_S, ClockSample, drift_of, jump_in
from yanshou.evaluation.tables import as_csv, iso_of
from yanshou.metrology import evaluated
from yanshou.model import Component, FigureKind, Measurement, RigFault

DRIFTS = {
    "mother_clock_drift": "s/d",
    "second_mother_clock_drift": "s/d",
    "slave_clock_drift": "s/d",
    "central_clock_drift": "s/d",
    "controller_clock_drift": "s/d",
    "access_clock_drift_week": "s/week",
    "cie_clock_drift": "min/a",
}
"""Drifts, each with its unit."""

_PER_DAY = {"s/d": 1.0, "s/week": 7.0, "min/a": 365 / 60}  # of each unit in one second a day

_RATIO = 3  # smallest ratio of a limit to the U it is judged with
_HOST = 1e-4  # largest error of this computer's oscillator against UTC; a larger change is a jump


@dataclass(frozen=True, slots=True)
class WatchedClock:
    """A clock over a watch.

    Its offsets and those of the reference from this computer's clock, oldest first.

    ``why`` is the reason if there is no drift.
    """

    device: str
    seen: tuple[ClockSample, ...] = ()
    reference: tuple[ClockSample, ...] = ()
    why: str = ""


def drift_found(measurand: str, watched: WatchedClock, limit: float | None, instrument: str) -> Measurement:
    """Magnitude of a clock's change of offset in the unit of the measurand (one of DRIFTS).

    Invalid if the clock did not run evenly, or if U is more than a third of the limit and the value does not
    clearly exceed the limit. Raises RigFault if it could not be read at both ends, or the reference jumped.
    """
    seen = watched.seen
    if watched.why or len(seen) < 2 or seen[-1].at <= seen[0].at:  # noqa: PLR2004 - both ends
        raise RigFault(watched.why or "was not read at both ends.", device=watched.device, final=True)
    _require_steady(watched)
    unit = DRIFTS[measurand]
    per_day = _PER_DAY[unit]
    rate, U = (one * per_day for one in drift_of(seen[0], seen[-1]))
    budget = [Component("offsets at both ends", "B", "normal", U / 2, math.inf, "k = 2")]
    hours = (seen[-1].at - seen[0].at) / 3600
    return evaluated(
        measurand,
        watched.device,
        abs(rate),
        unit,
        len(seen),
        budget,
        statistic="max",
        invalid=_uneven(seen, (limit or per_day) / per_day) or _vague(rate, U, limit, seen, unit),
        instruments=(instrument,),
        details={
            "because": f"观察 {hours:.2f} h，读数 {len(seen)} 次，"
            f"偏差由 {seen[0].offset:+.4f} s 至 {seen[-1].offset:+.4f} s",
            "signed": rate,
            "span_s": seen[-1].at - seen[0].at,
            "figure": {
                "kind": FigureKind.CLOCK_DRIFT,
                "looks": [[one.at - seen[0].at, one.offset, one.U] for one in seen],
            },
        },
    )


def readings_table(seen: Sequence[ClockSample]) -> bytes:
    """Every reading of a clock, for the evidence."""
    head = ("检测时刻(UTC)", "设备−基准/s", "U(k=2)/s")
    return as_csv(head, [(iso_of(one.utc), f"{one.offset:+.4f}", f"{one.U:.4f}") for one in seen])


def _require_steady(watched: WatchedClock) -> None:
    """Raise RigFault if the reference jumped against this computer's clock, which runs evenly enough."""
    jump = jump_in(watched.reference, _HOST)
    if jump:
        raise RigFault(
            f"the time reference jumped by {jump:+.3f} s against this computer's clock during the watch.",
            device=watched.device,
            remedy="See whether it lost its source, or somebody set this computer's clock; watch again.",
            final=True,
        )


def _uneven(seen: Sequence[ClockSample], limit_a_day: float) -> str:
    """Why the clock did not run evenly; empty if it did.

    The slack is the limit itself: a smaller deviation between two readings may also be a correction.
    """
    jump = jump_in(seen, limit_a_day / DAY_S)
    return (
        f"观察期间走时不均匀（两次读数之间另有 {jump:+.3f} s 的变化）：时钟或基准被校正，不是走时日差"
        if jump
        else ""
    )


def _vague(rate: float, U: float, limit: float | None, seen: Sequence[ClockSample], unit: str) -> str:
    """Why U is too large to decide: the watch, and the readings at its ends; empty if it is not."""
    vague = limit is not None and limit / _RATIO < U and abs(rate) - U <= limit
    hours = (seen[-1].at - seen[0].at) / 3600
    ends = max(seen[0].U, seen[-1].U)
    return (
        f"观察 {hours:.2f} h 太短，U = {U:.2g} {unit} 不足以判定"
        f"（两端读数的 U 至 {ends:.2g} s；检测用计算机或网络繁忙时读数的 U 会变大）"
        if vague
        else ""
    )
