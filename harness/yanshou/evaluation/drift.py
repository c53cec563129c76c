# SPDX-License-Identifier: Apache-2.0
"""How clocks go: the drift of each over a watch.

A drift is that of a clock left alone.  A clock set right meanwhile would show none, so it is looked at in
between too: where it did not go evenly, its value is no drift and is not judged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yanshou.evaluation.seen import DAY_S, ClockSample, drift_of, jump_in
from yanshou.evaluation.tables import as_csv, iso_of
from yanshou.metrology import Budget
from yanshou.model import Component, Measurement, Quantity, RigFault, UncertaintyStatus

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

_PER_DAY = {"s/d": 1.0, "s/week": 7.0, "min/a": 365 / 60}  # of each unit in a second a day

_RATIO = 3  # the least ratio of a limit to the U it is judged by
_HOST = 1e-4  # this computer's oscillator against UTC, at most: what departs further is a jump


@dataclass(frozen=True, slots=True)
class WatchedClock:
    """A clock over a watch: its offsets and those of the reference from this computer's clock, oldest first.

    ``why`` says what came between, where there is no drift to be had of it.
    """

    device: str
    seen: tuple[ClockSample, ...] = ()
    reference: tuple[ClockSample, ...] = ()
    why: str = ""


def drift_found(measurand: str, watched: WatchedClock, limit: float | None, instrument: str) -> Measurement:
    """Magnitude of a clock's change of offset in the unit of the measurand (one of DRIFTS).

    Invalid where the clock did not go evenly, or where U is more than a third of the limit and the value does
    not exceed the limit even so.  RigFault where it could not be read at both ends, or the reference jumped.
    """
    seen = watched.seen
    if watched.why or len(seen) < 2 or seen[-1].at <= seen[0].at:  # noqa: PLR2004 - both ends
        raise RigFault(watched.why or "was not read at both ends.", device=watched.device, final=True)
    _require_steady(watched)
    unit = DRIFTS[measurand]
    per_day = _PER_DAY[unit]
    rate, U = (one * per_day for one in drift_of(seen[0], seen[-1]))
    budget = Budget.of([Component("offsets at both ends", "B", "normal", U / 2, math.inf, "k = 2")])
    hours = (seen[-1].at - seen[0].at) / 3600
    return Measurement(
        measurand,
        watched.device,
        Quantity.CONTINUOUS,
        abs(rate),
        unit,
        len(seen),
        statistic="max",
        U=budget.U,
        k=budget.k,
        uncertainty=UncertaintyStatus.EVALUATED,
        budget=budget.components,
        invalid=_uneven(seen, (limit or per_day) / per_day) or _vague(rate, U, limit, hours, unit),
        instruments=(instrument,),
        details={
            "because": f"观察 {hours:.2f} h，读数 {len(seen)} 次，"
            f"偏差由 {seen[0].offset:+.4f} s 至 {seen[-1].offset:+.4f} s",
            "signed": rate,
            "span_s": seen[-1].at - seen[0].at,
            "figure": {
                "kind": "clock_drift",
                "looks": [[one.at - seen[0].at, one.offset, one.U] for one in seen],
            },
        },
    )


def looks_table(seen: Sequence[ClockSample]) -> bytes:
    """Every look at a clock, for the evidence."""
    head = ("检测时刻(UTC)", "设备−基准/s", "U(k=2)/s")
    return as_csv(head, [(iso_of(one.utc), f"{one.offset:+.4f}", f"{one.U:.4f}") for one in seen])


def _require_steady(watched: WatchedClock) -> None:
    """RigFault where the reference jumped against this computer's clock, which itself goes evenly enough."""
    jump = jump_in(watched.reference, _HOST)
    if jump:
        raise RigFault(
            f"the time reference jumped by {jump:+.3f} s against this computer's clock during the watch.",
            device=watched.device,
            remedy="See whether it lost its source, or somebody set this computer's clock; watch again.",
            final=True,
        )


def _uneven(seen: Sequence[ClockSample], limit_a_day: float) -> str:
    """Slack is the limit itself: what strays by less between two looks is not told from one that was set."""
    jump = jump_in(seen, limit_a_day / DAY_S)
    return (
        f"观察期间走时不均匀（两次读数之间另有 {jump:+.3f} s 的变化）：时钟或基准被校正，不是走时日差"
        if jump
        else ""
    )


def _vague(rate: float, U: float, limit: float | None, hours: float, unit: str) -> str:
    vague = limit is not None and limit / _RATIO < U and abs(rate) - U <= limit
    return f"观察 {hours:.2f} h 太短，U = {U:.2g} {unit} 不足以判定" if vague else ""
