# SPDX-License-Identifier: Apache-2.0
"""Offsets of clocks from UTC to measurements: one device's, and all of a site in one table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yanshou.evaluation.seen import ClockSample, drift_of, jump_in
from yanshou.evaluation.tables import as_csv, iso_of
from yanshou.metrology import Budget, evaluated, rectangular
from yanshou.metrology.utc import KnownUtc, OffsetBracket
from yanshou.model import Component, FigureKind, Measurement

_FASTEST = 1e-4  # a free-running clock gains no more than this share, 8.6 s a day; beyond it, it was set
_LEAST_SPAN_S = 60.0  # over a shorter time, a drift depends more on the readings than on the clock


@dataclass(frozen=True, slots=True)
class HostClock:
    """This computer's clock when the survey ended: ``model.now`` then, and seconds ahead of the reference."""

    at: float
    ahead_s: float


@dataclass(frozen=True, slots=True)
class ClockPoll:
    """One clock of the survey: its reading, or why there is none."""

    device: str
    by_person: bool
    seen: ClockSample | None
    why: str = ""
    drift: tuple[float, float] | None = None  # s/d and its U

    @classmethod
    def of(
        cls, device: str, seen: ClockSample, earlier: Sequence[ClockSample], *, by_person: bool
    ) -> ClockPoll:
        """With the drift since the first of ``earlier``, if the clock ran evenly meanwhile."""
        if seen.at - earlier[0].at < _LEAST_SPAN_S:
            return cls(device, by_person, seen)
        if jump := jump_in(earlier, _FASTEST):
            return cls(device, by_person, seen, f"本次检测期间走时不均匀（{jump:+.3f} s），曾被校正")
        return cls(device, by_person, seen, drift=drift_of(earlier[0], seen))


def offset_budget(way: str, bracket: OffsetBracket, reference: KnownUtc) -> Budget:
    """The budget of one offset: half the bracket, then what the reference brings."""
    return Budget.of([rectangular(way, bracket.half_width, f"{bracket.polls} polls"), *reference.components])


def sample_of(bracket: OffsetBracket, budget: Budget, at: float, reference: KnownUtc) -> ClockSample:
    """The offset as it was at ``at``, in seconds of ``model.now``."""
    return ClockSample(at, reference.utc(at), bracket.middle, budget.U)


def offset_found(
    device: str, bracket: OffsetBracket, budget: Budget, reference: KnownUtc, *, odd: str
) -> Measurement:
    """Device minus reference in seconds, as its absolute value; the sign stands in the details.

    Whole seconds are bracketed at their change, so that the resolution of 1 s does not enter. ``odd`` makes
    the value invalid.
    """
    return evaluated(
        "clock_offset",
        device,
        abs(bracket.middle),
        "s",
        bracket.polls,
        budget.components,
        statistic="max",
        invalid=odd,
        instruments=(reference.instrument,),
        details={"signed_s": bracket.middle, "low_s": bracket.low, "high_s": bracket.high},
    )


def offsets_found(
    measurand: str, device: str, clocks: Sequence[ClockPoll], reference: KnownUtc, host: HostClock
) -> tuple[Measurement, bytes]:
    """All clocks in one table: the largest offset in seconds, and the table.

    A clock that could not be read makes the value invalid; the others are still listed. A display that no
    person could read is only listed, with the reason.
    """
    read = [one for one in clocks if one.seen is not None]
    worst = max(read, key=lambda one: abs(one.seen.offset) if one.seen else 0.0, default=None)
    silent = [one for one in clocks if one.seen is None]
    unread = [one.device for one in silent if not one.by_person]
    unseen = [one.device for one in silent if one.by_person]
    because = [f"{worst.device} 偏差最大"] if worst else []
    because += [f"{'、'.join(unseen[:8])} 无接口，显示未能读取"] if unseen else []
    seen = worst.seen if worst else None
    budget = [Component("offset of the worst clock", "B", "normal", seen.U / 2 if seen else 0.0, math.inf)]
    measurement = evaluated(
        measurand,
        device,
        abs(seen.offset) if seen else None,
        "s",
        len(read),
        budget,
        statistic="max",
        invalid=f"{'、'.join(unread[:8])} 的时钟未能读取" if unread else "",
        instruments=(reference.instrument,),
        details={
            "because": "；".join(because),
            "offsets_s": {one.device: one.seen.offset for one in read if one.seen},
            "figure": _figure(clocks),
        },
    )
    return measurement, _table(clocks, reference, host)


def _figure(clocks: Sequence[ClockPoll]) -> dict[str, object]:
    rows = [[one.device, one.seen.offset, one.seen.U] for one in clocks if one.seen]
    return {
        "kind": FigureKind.CLOCK_OFFSETS,
        "clocks": rows,
        "unread": [one.device for one in clocks if not one.seen],
    }


def _table(clocks: Sequence[ClockPoll], reference: KnownUtc, host: HostClock) -> bytes:
    """One line per clock. Evidence stamped by a device is corrected by subtracting its offset."""
    head = ("设备", "检测时刻(UTC)", "设备−基准/s", "U(k=2)/s", "日差/(s/d)", "日差 U/(s/d)", "换算", "说明")
    rows = [
        (
            "检测计算机",
            iso_of(reference.utc(host.at)),
            f"{host.ahead_s:+.4f}",
            f"{reference.utc.U:.4f}",
            "",
            "",
            "日志时刻 − 偏差 = 基准时刻",
            "",
        )
    ]
    for one in clocks:
        seen, drift = one.seen, one.drift
        rows.append(
            (
                one.device,
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
