# SPDX-License-Identifier: Apache-2.0
"""Clocks against the time reference: one device's offset, all of a site in one table, and their drift."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from yanshou.drivers.capabilities import DeviceClock
from yanshou.drivers.clock_offset import OffsetBracket, measure_offset
from yanshou.metrology import Budget, rectangular
from yanshou.model import Component, Instant, Measurement, Quantity, RigFault, UncertaintyStatus, now
from yanshou.session.evaluate.tables import as_csv, iso
from yanshou.session.instruments import TimeReference

_POLLS = 15
_TO_THE_WIRE_S = 1e-3  # from the stamp of a request to its leaving, at the most
_ENOUGH_S = 0.01  # a hundredth of the finest offset anyone sets a limit for
_AT_ONCE = 8
_DAY = 86_400.0
_IN = {"s/d": 1.0, "min/a": 365 / 60}
_RATIO = 3  # the least ratio of a limit to the U it is judged by
_LEAST_SPAN_S = 60.0  # a drift over less says more of the reading than of the clock


class AsksOffset(Protocol):
    """A clock that gives its offset from a reference by itself, as one asked by NTP does."""

    def offset(self, reference: Callable[[float], float]) -> OffsetBracket: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """The offset of a clock at a moment: device minus reference, ± ``U`` seconds (k = 2)."""

    at: float  # model.now
    utc: float
    offset: float
    U: float


@dataclass(frozen=True, slots=True)
class Clock:
    """A device that tells its time; ``seen`` are its earlier offsets of this visit, oldest first."""

    device: str
    inner: DeviceClock | AsksOffset
    seen: list[Seen] = field(default_factory=list)

    def bracket(self, reference: Callable[[float], float], enough_s: float = _ENOUGH_S) -> OffsetBracket:
        """Its offset from ``reference``: asked by NTP, or bracketed at the roll-overs of its seconds."""
        if isinstance(self.inner, DeviceClock):
            return measure_offset(self.inner, reference, polls=_POLLS, reference_U=0.0, enough_s=enough_s)
        return self.inner.offset(reference)

    def exchange(self) -> tuple[Instant, Instant]:
        """Sending of a question and receipt of its answer; what lies between stamp and wire is not known."""
        if not isinstance(self.inner, DeviceClock):
            raise RigFault("is no clock that is read by questions.", device=self.device)
        asked = self.inner.read_clock().asked
        between = min(_TO_THE_WIRE_S, (asked.latest - asked.earliest) / 2)
        sent = Instant(asked.earliest, asked.earliest + between)
        return sent, Instant(asked.latest - between, asked.latest)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a clock of the survey: what was seen, or why nothing."""

    clock: Clock
    seen: Seen | None
    why: str = ""
    drift: tuple[float, float] | None = None  # s/d and its U


def clock_offset(clock: Clock, reference: TimeReference) -> Measurement:
    """Device minus reference in seconds, as its absolute value; the sign stands in the details.

    Whole seconds are bracketed at their roll-over, so that the resolution of 1 s does not enter.
    """
    bracket = clock.bracket(reference.utc)
    budget = _budget(bracket, reference)
    clock.seen.append(_seen(bracket, budget, reference))
    return Measurement(
        "clock_offset",
        clock.device,
        Quantity.CONTINUOUS,
        abs(bracket.middle),
        "s",
        bracket.polls,
        statistic="max",
        U=budget.U,
        k=budget.k,
        uncertainty=UncertaintyStatus.EVALUATED,
        budget=budget.components,
        instruments=(reference.calibrated.instrument.id,),
        details={"signed_s": bracket.middle, "low_s": bracket.low, "high_s": bracket.high},
    )


def clock_survey(
    measurand: str, device: str, clocks: Sequence[Clock], reference: TimeReference
) -> tuple[Measurement, bytes]:
    """All clocks in one table: the largest offset in seconds, of the worst of them, and the table itself.

    A clock that could not be read makes the value invalid; the others are told all the same.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        looks = list(pool.map(lambda clock: _look(clock, reference), clocks))
    read = [one for one in looks if one.seen is not None]
    worst = max(read, key=lambda one: abs(one.seen.offset) if one.seen else 0.0, default=None)
    unread = [one.clock.device for one in looks if one.seen is None]
    seen = worst.seen if worst else None
    budget = Budget.of(
        [Component("offset of the worst clock", "B", "normal", seen.U / 2 if seen else 0.0, math.inf)]
    )
    measurement = Measurement(
        measurand,
        device,
        Quantity.CONTINUOUS,
        abs(seen.offset) if seen else None,
        "s",
        len(read),
        statistic="max",
        U=budget.U,
        k=budget.k,
        uncertainty=UncertaintyStatus.EVALUATED,
        budget=budget.components,
        invalid=f"{'、'.join(unread[:8])} 的时钟未能读取" if unread else "",
        instruments=(reference.calibrated.instrument.id,),
        details={
            "because": f"{worst.clock.device} 偏差最大" if worst else "",
            "offsets_s": {one.clock.device: one.seen.offset for one in read if one.seen},
            "figure": _figure(looks),
        },
    )
    return measurement, _table(looks, reference)


def _look(clock: Clock, reference: TimeReference) -> _Look:
    try:
        bracket = clock.bracket(reference.utc)
    except RigFault as fault:
        return _Look(clock, None, fault.what)
    seen = _seen(bracket, _budget(bracket, reference), reference)
    first = clock.seen[0] if clock.seen else None
    clock.seen.append(seen)
    span = seen.at - first.at if first else 0.0
    if first is None or span < _LEAST_SPAN_S:
        return _Look(clock, seen)
    return _Look(clock, seen, drift=_drift(first, seen))


def _drift(first: Seen, last: Seen) -> tuple[float, float]:
    """Change of the offset in s/d, and its U (k = 2); the reference's own bias cancels and is left in."""
    span = (last.at - first.at) / _DAY
    return (last.offset - first.offset) / span, (first.U**2 + last.U**2) ** 0.5 / span


@dataclass(frozen=True, slots=True)
class Drift:
    """How a clock's drift is watched: ``seconds`` between two looks, the reference asked anew at both.

    ``limit`` is what the requirement asks, in the measurand's unit: a watch too short to tell is no verdict.
    """

    clock: Clock
    ask_reference: Callable[[], TimeReference]
    wait: Callable[[float], None]
    seconds: float
    limit: float | None


def clock_drift(measurand: str, drift: Drift, unit: str) -> Measurement:
    """Magnitude of a clock's change of offset in ``unit`` (s/d or min/a).

    Invalid where U is more than a third of the limit and the value does not exceed the limit even so.
    """
    ends, names = [], ""
    for pause in (0.0, drift.seconds):
        drift.wait(pause)
        reference = drift.ask_reference()
        names = reference.calibrated.instrument.id
        ends.append(_end(drift.clock, reference))
    rate, U = (one * _IN[unit] for one in _drift(*ends))
    budget = Budget.of([Component("offsets at both ends", "B", "normal", U / 2, math.inf, "k = 2")])
    span = ends[1].at - ends[0].at
    vague = drift.limit is not None and drift.limit / _RATIO < U and abs(rate) - U <= drift.limit
    return Measurement(
        measurand,
        drift.clock.device,
        Quantity.CONTINUOUS,
        abs(rate),
        unit,
        2,
        statistic="max",
        U=budget.U,
        k=budget.k,
        uncertainty=UncertaintyStatus.EVALUATED,
        budget=budget.components,
        invalid=f"观察 {span / 3600:.2f} h 太短，U = {U:.2g} {unit} 不足以判定" if vague else "",
        instruments=(names,),
        details={
            "because": f"观察 {span / 3600:.2f} h，偏差由 {ends[0].offset:+.4f} s 至 {ends[1].offset:+.4f} s",
            "signed": rate,
            "offsets_s": [one.offset for one in ends],
            "span_s": span,
        },
    )


def _end(clock: Clock, reference: TimeReference) -> Seen:
    """One end of a drift: the certificate's bias of the reference is the same at both and left out."""
    bracket = clock.bracket(reference.utc, _ENOUGH_S / 5)
    exchange = Component("NTP exchange", "B", "normal", reference.utc.U / 2, math.inf)
    budget = Budget.of([rectangular("bracket", bracket.half_width, f"{bracket.polls} polls"), exchange])
    at = now()
    return Seen(at, reference.utc(at), bracket.middle, budget.U)


def _budget(bracket: OffsetBracket, reference: TimeReference) -> Budget:
    polls = f"{bracket.polls} polls"
    return Budget.of(
        [rectangular("bracket of the roll-over", bracket.half_width, polls), *reference.components()]
    )


def _seen(bracket: OffsetBracket, budget: Budget, reference: TimeReference) -> Seen:
    at = now()
    return Seen(at, reference.utc(at), bracket.middle, budget.U)


def _figure(looks: Sequence[_Look]) -> dict[str, object]:
    rows = [[one.clock.device, one.seen.offset, one.seen.U] for one in looks if one.seen]
    return {
        "kind": "clock_offsets",
        "clocks": rows,
        "unread": [one.clock.device for one in looks if not one.seen],
    }


def _table(looks: Sequence[_Look], reference: TimeReference) -> bytes:
    """One line a clock.  Evidence stamped by a device is put right by subtracting its offset."""
    head = ("设备", "检测时刻(UTC)", "设备−基准/s", "U(k=2)/s", "日差/(s/d)", "日差 U/(s/d)", "换算", "说明")
    host = now()
    own = reference.utc(host)
    lag = datetime.now(UTC).timestamp() - reference.utc(now())
    rows = [
        (
            "检测计算机",
            _utc(own),
            f"{lag:+.4f}",
            f"{reference.utc.U:.4f}",
            "",
            "",
            "日志时刻 − 偏差 = 基准时刻",
            "",
        )
    ]
    for one in looks:
        seen, drift = one.seen, one.drift
        rows.append(
            (
                one.clock.device,
                _utc(seen.utc) if seen else "",
                f"{seen.offset:+.4f}" if seen else "",
                f"{seen.U:.4f}" if seen else "",
                f"{drift[0]:+.2f}" if drift else "",
                f"{drift[1]:.2f}" if drift else "",
                "设备时刻 − 偏差 = 基准时刻" if seen else "",
                one.why,
            )
        )
    return as_csv(head, rows)


def _utc(seconds: float) -> str:
    return iso(datetime.fromtimestamp(seconds, UTC))
