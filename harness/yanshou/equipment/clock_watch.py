# SPDX-License-Identifier: Apache-2.0
"""Clocks watched at the same time over one period."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from yanshou.equipment.clocks import AT_ONCE, Clock
from yanshou.equipment.instruments import Calibrated, TimeReference
from yanshou.evaluation.drift import WatchedClock, drift_found
from yanshou.evaluation.seen import ClockSample
from yanshou.metrology import Budget, rectangular
from yanshou.model import Component, Measurement, RigFault, now

_ENOUGH_S = 0.002
_LEAST_ROUNDS, _MOST_ROUNDS = 3, 48  # a watch of a day reads every half hour
_ROUND_S = 60.0


@dataclass(frozen=True, slots=True)
class ClockDrift:
    """The drift of one clock; ``watched`` returns its readings, and takes them if nobody has yet.

    ``limit`` is that of the requirement, in the measurand's unit: a watch too short to decide gives no
    verdict.
    """

    device: str
    watched: Callable[[], WatchedClock]
    calibrated: Calibrated
    limit: float | None


@dataclass(slots=True)
class _Series:
    """The readings of one clock during a watch."""

    clock: Clock
    seen: list[ClockSample] = field(default_factory=list)
    reference: list[ClockSample] = field(default_factory=list)
    why: str = ""

    def poll(self, reference: TimeReference, *, edge: bool) -> None:
        """Take one reading. A failed reading is skipped, but at either ``edge`` of the watch it raises."""
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
        self.reference.append(ClockSample(at, reference.utc(at), reference.utc(0.0), reference.utc.U))

    def _seen(self, reference: TimeReference) -> ClockSample:
        """The offset, without the bias of the reference's certificate: it is the same in every reading."""
        before = now()
        bracket = self.clock.bracket(reference.utc, _ENOUGH_S)
        exchange = Component("NTP exchange", "B", "normal", reference.utc.U / 2, math.inf)
        budget = Budget.of([rectangular("bracket", bracket.half_width, f"{bracket.polls} polls"), exchange])
        at = (before + now()) / 2
        return ClockSample(at, reference.utc(at), bracket.middle, budget.U)


def watch_clocks(
    clocks: Sequence[Clock],
    ask_reference: Callable[[], TimeReference],
    seconds: float,
    wait: Callable[[float], None],
) -> dict[str, WatchedClock]:
    """Read ``clocks`` side by side for ``seconds``, and the reference anew for each reading.

    Clocks that a person reads are read twice, at the beginning and at the end.
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
            list(pool.map(lambda one, at=reference, end=edge: one.poll(at, edge=end), wired))
        for one in looked_at:
            if one.clock.by_person:  # one person, one question after the other
                one.poll(reference, edge=edge)
    return {
        one.clock.device: WatchedClock(one.clock.device, tuple(one.seen), tuple(one.reference), one.why)
        for one in all_of_them
    }


def clock_drift(measurand: str, drift: ClockDrift) -> Measurement:
    """Magnitude of a clock's change of offset in the unit of the measurand (one of DRIFTS)."""
    instrument = drift.calibrated.instrument.id
    found = drift_found(measurand, drift.watched(), drift.limit, instrument)
    drift.calibrated.check("utc_offset", None, "s")
    return found
