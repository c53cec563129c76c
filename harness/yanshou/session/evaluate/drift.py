# SPDX-License-Identifier: Apache-2.0
"""How clocks go: all of them watched side by side over one stretch of time, and the drift of each.

A drift is that of a clock left alone.  A clock set right meanwhile would show none, so it is looked at in
between too: where it did not go evenly, its value is no drift and is not judged.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from yanshou.metrology import Budget, rectangular
from yanshou.model import Component, Measurement, Quantity, RigFault, UncertaintyStatus, now
from yanshou.session.evaluate.clocks import AT_ONCE, Clock
from yanshou.session.evaluate.seen import DAY_S, Seen, drift_of, jump_in
from yanshou.session.evaluate.tables import as_csv, iso_of
from yanshou.session.instruments import Calibrated, TimeReference

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

_ENOUGH_S = 0.002
_RATIO = 3  # the least ratio of a limit to the U it is judged by
_LEAST_ROUNDS, _MOST_ROUNDS = 3, 48  # a watch of a day looks every half hour
_ROUND_S = 60.0
_HOST = 1e-4  # this computer's oscillator against UTC, at most: what departs further is a jump


@dataclass(frozen=True, slots=True)
class Watched:
    """A clock over a watch: its offsets and those of the reference from this computer's clock, oldest first.

    ``why`` says what came between, where there is no drift to be had of it.
    """

    device: str
    seen: tuple[Seen, ...] = ()
    reference: tuple[Seen, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Drift:
    """The drift of one clock: ``watched`` gives the looks at it, and makes them where nobody has yet.

    ``limit`` is what the requirement asks, in the measurand's unit: a watch too short to tell is no verdict.
    """

    device: str
    watched: Callable[[], Watched]
    calibrated: Calibrated
    limit: float | None


@dataclass(slots=True)
class _Series:
    """What a watch gathers of one clock."""

    clock: Clock
    seen: list[Seen] = field(default_factory=list)
    reference: list[Seen] = field(default_factory=list)
    why: str = ""

    def look(self, reference: TimeReference, *, edge: bool) -> None:
        """One look; a failed one in between is left out, at either ``edge`` of the watch it ends it."""
        if self.why:
            return
        try:
            seen = self._seen(reference)
        except RigFault as fault:
            self.why = fault.what if edge else ""
            return
        self.seen.append(seen)
        self.clock.seen.append(seen)
        at = now()
        self.reference.append(Seen(at, reference.utc(at), reference.utc(0.0), reference.utc.U))

    def _seen(self, reference: TimeReference) -> Seen:
        """The certificate's bias of the reference is the same at every look and left out."""
        before = now()
        bracket = self.clock.bracket(reference.utc, _ENOUGH_S)
        exchange = Component("NTP exchange", "B", "normal", reference.utc.U / 2, math.inf)
        budget = Budget.of([rectangular("bracket", bracket.half_width, f"{bracket.polls} polls"), exchange])
        at = (before + now()) / 2
        return Seen(at, reference.utc(at), bracket.middle, budget.U)


def watch_clocks(
    clocks: Sequence[Clock],
    ask_reference: Callable[[], TimeReference],
    seconds: float,
    wait: Callable[[float], None],
) -> dict[str, Watched]:
    """Look at ``clocks`` side by side for ``seconds``, the reference asked anew each time.

    Clocks that a person reads are looked at twice, at the beginning and at the end.
    """
    rounds = min(_MOST_ROUNDS, max(_LEAST_ROUNDS, int(seconds // _ROUND_S)))
    all_of_them = [_Series(clock) for clock in clocks]
    begun = now()
    for number in range(rounds + 1):
        wait(max(0.0, begun + seconds * number / rounds - now()))
        edge = number in (0, rounds)
        looked_at = [one for one in all_of_them if edge or not one.clock.by_person]
        reference = ask_reference()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            wired = [one for one in looked_at if not one.clock.by_person]
            list(pool.map(lambda one, at=reference, end=edge: one.look(at, edge=end), wired))
        for one in looked_at:
            if one.clock.by_person:  # one person, one question after the other
                one.look(reference, edge=edge)
    return {
        one.clock.device: Watched(one.clock.device, tuple(one.seen), tuple(one.reference), one.why)
        for one in all_of_them
    }


def clock_drift(measurand: str, drift: Drift) -> Measurement:
    """Magnitude of a clock's change of offset in the unit of the measurand (one of DRIFTS).

    Invalid where the clock did not go evenly, or where U is more than a third of the limit and the value does
    not exceed the limit even so.  RigFault where it could not be read at both ends, or the reference jumped.
    """
    watched = drift.watched()
    seen = watched.seen
    if watched.why or len(seen) < 2 or seen[-1].at <= seen[0].at:  # noqa: PLR2004 - both ends
        raise RigFault(watched.why or "was not read at both ends.", device=drift.device, final=True)
    _require_steady(watched)
    drift.calibrated.check("utc_offset", None, "s")
    unit = DRIFTS[measurand]
    per_day = _PER_DAY[unit]
    rate, U = (one * per_day for one in drift_of(seen[0], seen[-1]))
    budget = Budget.of([Component("offsets at both ends", "B", "normal", U / 2, math.inf, "k = 2")])
    hours = (seen[-1].at - seen[0].at) / 3600
    return Measurement(
        measurand,
        drift.device,
        Quantity.CONTINUOUS,
        abs(rate),
        unit,
        len(seen),
        statistic="max",
        U=budget.U,
        k=budget.k,
        uncertainty=UncertaintyStatus.EVALUATED,
        budget=budget.components,
        invalid=_uneven(seen, (drift.limit or per_day) / per_day)
        or _vague(rate, U, drift.limit, hours, unit),
        instruments=(drift.calibrated.instrument.id,),
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


def looks_table(seen: Sequence[Seen]) -> bytes:
    """Every look at a clock, for the evidence."""
    head = ("检测时刻(UTC)", "设备−基准/s", "U(k=2)/s")
    return as_csv(head, [(iso_of(one.utc), f"{one.offset:+.4f}", f"{one.U:.4f}") for one in seen])


def _require_steady(watched: Watched) -> None:
    """RigFault where the reference jumped against this computer's clock, which itself goes evenly enough."""
    jump = jump_in(watched.reference, _HOST)
    if jump:
        raise RigFault(
            f"the time reference jumped by {jump:+.3f} s against this computer's clock during the watch.",
            device=watched.device,
            remedy="See whether it lost its source, or somebody set this computer's clock; watch again.",
            final=True,
        )


def _uneven(seen: Sequence[Seen], limit_a_day: float) -> str:
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
