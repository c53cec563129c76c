# SPDX-License-Identifier: Apache-2.0
"""Clocks against the time reference: one device's offset, and all of a site in one table."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from yanshou.drivers.capabilities import DeviceClock
from yanshou.drivers.clock_offset import OffsetBracket, measure_offset
from yanshou.metrology import Budget, rectangular
from yanshou.model import Component, Instant, Measurement, Quantity, RigFault, UncertaintyStatus, now
from yanshou.protocols.onvif.clock import mislabelled
from yanshou.session.evaluate.seen import Seen, drift_of, jump_in
from yanshou.session.evaluate.tables import as_csv, iso_of
from yanshou.session.instruments import TimeReference

_POLLS = 15
_TO_THE_WIRE_S = 1e-3  # from the stamp of a request to its leaving, at the most
_ENOUGH_S = 0.01  # a hundredth of the finest offset anyone sets a limit for
AT_ONCE = 8
_FASTEST = 1e-4  # a clock gains no more than this share by itself, 8.6 s a day: beyond it was set
_LEAST_SPAN_S = 60.0  # a drift over less says more of the reading than of the clock


class AsksOffset(Protocol):
    """A clock that gives its offset from a reference by itself, as one asked by NTP does."""

    def offset(self, reference: Callable[[float], float]) -> OffsetBracket: ...


@dataclass(frozen=True, slots=True)
class Clock:
    """A device that tells its time; ``seen`` are its earlier offsets of this visit, oldest first.

    ``by_person``: a display, which a person reads beside that of the reference.  ``time_zone``: of the site,
    for a device that tells its time as UTC, and may put its local time there.
    """

    device: str
    inner: DeviceClock | AsksOffset
    seen: list[Seen] = field(default_factory=list)
    by_person: bool = False
    time_zone: str = ""

    @property
    def way(self) -> str:
        """Where the width of its bracket comes from, for the budget."""
        if self.by_person:
            return "two displays read by a person"
        return (
            "bracket of the roll-over" if isinstance(self.inner, DeviceClock) else "delay of the NTP sample"
        )

    def bracket(self, reference: Callable[[float], float], enough_s: float = _ENOUGH_S) -> OffsetBracket:
        """Its offset from ``reference``: asked by NTP, or bracketed at the roll-overs of its seconds."""
        if isinstance(self.inner, DeviceClock):
            return measure_offset(self.inner, reference, polls=_POLLS, reference_U=0.0, enough_s=enough_s)
        return self.inner.offset(reference)

    def mislabelled(self, bracket: OffsetBracket) -> str:
        """Words for a clock that writes its local time where UTC belongs; empty for any other."""
        ahead = datetime.now(ZoneInfo(self.time_zone)).utcoffset() if self.time_zone else None
        zones = (*bracket.zones, *([ahead.total_seconds()] if ahead else []))
        zone = mislabelled(bracket.middle, zones)
        if zone is None:
            return ""
        rest = bracket.middle - zone
        return (
            f"其 UTC 字段超前 {zone / 3600:g} h，与其当地时间之差相符：当地时间被标作 UTC（余 {rest:+.3f} s）"
        )

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
    budget = _budget(clock, bracket, reference)
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
        invalid=clock.mislabelled(bracket),
        instruments=(reference.calibrated.instrument.id,),
        details={"signed_s": bracket.middle, "low_s": bracket.low, "high_s": bracket.high},
    )


def clock_survey(
    measurand: str, device: str, clocks: Sequence[Clock], reference: TimeReference
) -> tuple[Measurement, bytes]:
    """All clocks in one table: the largest offset in seconds, of the worst of them, and the table itself.

    A clock that could not be read makes the value invalid; the others are told all the same.  A display that
    nobody could read is no clock that can be read: it stands in the table, with the reason.
    """
    wired, shown = [one for one in clocks if not one.by_person], [one for one in clocks if one.by_person]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        looks = list(pool.map(lambda clock: _look(clock, reference), wired))
    looks += [_look(clock, reference) for clock in shown]  # one person, one question after the other
    read = [one for one in looks if one.seen is not None]
    worst = max(read, key=lambda one: abs(one.seen.offset) if one.seen else 0.0, default=None)
    silent = [one.clock for one in looks if one.seen is None]
    unread = [one.device for one in silent if not one.by_person]
    unseen = [one.device for one in silent if one.by_person]
    because = [f"{worst.clock.device} 偏差最大"] if worst else []
    because += [f"{'、'.join(unseen[:8])} 无接口，显示未能读取"] if unseen else []
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
            "because": "；".join(because),
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
    if odd := clock.mislabelled(bracket):
        return _Look(clock, None, odd)
    seen = _seen(bracket, _budget(clock, bracket, reference), reference)
    clock.seen.append(seen)
    if seen.at - clock.seen[0].at < _LEAST_SPAN_S:
        return _Look(clock, seen)
    if jump := jump_in(clock.seen, _FASTEST):
        return _Look(clock, seen, f"本次检测期间走时不均匀（{jump:+.3f} s），曾被校正")
    return _Look(clock, seen, drift=drift_of(clock.seen[0], seen))


def _budget(clock: Clock, bracket: OffsetBracket, reference: TimeReference) -> Budget:
    polls = f"{bracket.polls} polls"
    return Budget.of([rectangular(clock.way, bracket.half_width, polls), *reference.components()])


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
            iso_of(own),
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
                iso_of(seen.utc) if seen else "",
                f"{seen.offset:+.4f}" if seen else "",
                f"{seen.U:.4f}" if seen else "",
                f"{drift[0]:+.2f}" if drift else "",
                f"{drift[1]:.2f}" if drift else "",
                "设备时刻 − 偏差 = 基准时刻" if seen else "",
                one.why,
            )
        )
    return as_csv(head, rows)
