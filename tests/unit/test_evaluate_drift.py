# SPDX-License-Identifier: Apache-2.0
"""How clocks go over a watch, in simulated time: what is judged, what is not, and why."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any

import pytest

from tests.support.judging import requirement
from yanshou.drivers.clock import offset as bracketing
from yanshou.equipment.clock_watch import ClockDrift, clock_drift, watch_clocks
from yanshou.equipment.clocks import Clock, clock_offset, clock_offsets, clock_survey
from yanshou.equipment.instruments import Calibrated, TimeReference
from yanshou.evaluation import readings_table
from yanshou.instruments.registry import Instrument, InstrumentRegistry, Range
from yanshou.metrology import Conditions, judge
from yanshou.metrology.utc import OffsetBracket, UtcReference
from yanshou.model import (
    Instant,
    Limit,
    Measurement,
    RigFault,
    Statistic,
    Verdict,
)
from yanshou.model.reading import ClockReading

DAY = 86_400.0
START = 1_795_000_000.3
Ahead = Callable[[float], float]


@dataclass
class Place:
    """Simulated time, its reference (which errs by ``errs`` of the time) and the bench's patience."""

    t: float = 1000.0
    errs: Ahead = field(default=lambda _t: 0.0)
    due: date = date.max
    closed: list[str] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        self.t += seconds

    def calibrated(self) -> Calibrated:
        ranges = (Range("utc_offset", -1e6, 1e6, "s", U=0.002),)
        one = Instrument(
            "TIME-1", "time_reference", "时间基准", serial="T", certificate="T", calibrated=date(2020, 1, 1),
            due=self.due, ranges=ranges,
        )  # fmt: skip
        item_journal: Any = None
        return Calibrated(one, InstrumentRegistry({"TIME-1": one}), item_journal, self.closed.append)

    def reference(self) -> TimeReference:
        return TimeReference(self.calibrated(), UtcReference(START + self.errs(self.t), 0.0005))


@dataclass
class Asked:
    """A clock asked by NTP, ``ahead`` of UTC; it does not answer where that is not a number."""

    place: Place
    ahead: Ahead

    def offset(self, reference: Callable[[float], float]) -> OffsetBracket:
        t = self.place.t
        middle = START + t + self.ahead(t) - reference(t)
        if math.isnan(middle):
            raise RigFault("does not answer.")
        return OffsetBracket(middle - 0.0004, middle + 0.0004, 8)


@dataclass
class Shown:
    """A clock of whole seconds behind a path of some milliseconds."""

    place: Place
    ahead: Ahead

    def read_clock(self) -> ClockReading:
        asked = self.place.t
        self.place.t += 0.004
        t = self.place.t
        shown = math.floor(START + t + self.ahead(t))
        self.place.t += 0.003
        return ClockReading(datetime.fromtimestamp(shown, UTC), 1.0, Instant(asked, self.place.t))


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    made = Place()
    original = bracketing.measure_offset

    def simulated(clock: Any, utc: Any, **options: Any) -> Any:
        return original(clock, utc, sleep=made.wait, monotonic=lambda: made.t, **options)

    monkeypatch.setattr("yanshou.equipment.clocks.measure_offset", simulated)
    for module in ("clock_watch", "clocks"):
        monkeypatch.setattr(f"yanshou.equipment.{module}.now", lambda: made.t)
    return made


def gains(a_day: float, since: float = 1000.0) -> Ahead:
    return lambda t: 0.25 + a_day * (t - since) / DAY


def drift(place: Place, clock: Clock, *, seconds: float = DAY, limit: float | None = 5.0) -> ClockDrift:
    watched = watch_clocks([clock], place.reference, seconds, place.wait)[clock.device]
    return ClockDrift(clock.device, lambda: watched, place.calibrated(), limit)


def found(
    place: Place, inner: Any, *, seconds: float = DAY, limit: float = 5.0, by_person: bool = False
) -> Measurement:
    clock = Clock("ACS-1", inner, by_person=by_person)
    one = drift(place, clock, seconds=seconds, limit=limit)
    return clock_drift("central_clock_drift", one)


def verdict(measurement: Measurement, limit: float = 5.0) -> Verdict:
    row = requirement(Limit("s/d", max=limit), Statistic.MAX, measurand="central_clock_drift")
    return judge(measurement, row, Conditions(limits_confirmed=True)).verdict


@pytest.mark.parametrize("a_day", [3.0, -3.0, 0.0])
@pytest.mark.parametrize("kind", [Asked, Shown])
def test_a_day_tells_the_drift_within_its_uncertainty(place: Place, kind: Any, a_day: float) -> None:
    measured = found(place, kind(place, gains(a_day)))
    assert measured.U is not None
    assert measured.value == pytest.approx(abs(a_day), abs=measured.U)
    assert measured.U < 0.02
    assert verdict(measured) is Verdict.CONFORM


def test_the_unit_of_the_clause_is_that_of_the_value(place: Place) -> None:
    clock = Clock("PANEL-1", Asked(place, gains(1.2)))
    one = drift(place, clock, limit=10.0)
    assert clock_drift("cie_clock_drift", one).value == pytest.approx(1.2 * 365 / 60, rel=1e-3)
    assert clock_drift("access_clock_drift_week", one).value == pytest.approx(8.4, rel=1e-3)


def test_a_clock_too_fast_does_not_conform(place: Place) -> None:
    assert verdict(found(place, Shown(place, gains(5.2)))) is Verdict.NON_CONFORM


@pytest.mark.parametrize("a_day", [0.0, 4.0])
def test_too_short_a_watch_is_never_a_pass(place: Place, a_day: float) -> None:
    measured = found(place, Shown(place, gains(a_day)), seconds=60.0)
    assert measured.U is not None
    assert measured.U > 5.0 / 3
    assert "太短" in measured.invalid
    assert verdict(measured) is Verdict.INVALID


def test_too_short_a_watch_still_finds_what_exceeds_the_limit_by_more_than_its_uncertainty(
    place: Place,
) -> None:
    measured = found(place, Asked(place, gains(40.0)), seconds=60.0)
    assert verdict(measured) is Verdict.NON_CONFORM


@pytest.mark.parametrize("at", [0.1, 0.5, 0.97])
@pytest.mark.parametrize("kind", [Asked, Shown])
def test_a_clock_set_right_meanwhile_has_no_drift(place: Place, kind: Any, at: float) -> None:
    """It gains 9 s a day and is put back to where it was: the ends alone would let it pass."""
    set_at = 1000.0 + at * DAY
    back = 9.0 * (1 - 1e-3)

    def ahead(t: float) -> float:
        return gains(9.0)(t) - (back if t > set_at else 0.0)

    measured = found(place, kind(place, ahead))
    assert measured.value == pytest.approx(0.0, abs=0.1)
    assert "不均匀" in measured.invalid
    assert verdict(measured) is Verdict.INVALID


def test_a_clock_corrected_every_few_hours_has_no_drift(place: Place) -> None:
    saw = 4 * 3600.0
    measured = found(place, Asked(place, lambda t: 20.0 * ((t - 1000.0) % saw) / DAY))
    assert verdict(measured) is Verdict.INVALID


def test_a_reference_that_jumps_is_a_fault_of_the_bench(place: Place) -> None:
    place.errs = lambda t: 0.0 if t < 1000.0 + DAY / 3 else 2.0
    with pytest.raises(RigFault, match=r"reference jumped by \+\d"):
        found(place, Asked(place, gains(1.0)))


def test_a_small_jump_of_the_reference_is_not_taken_for_the_clock(place: Place) -> None:
    """Too small against this computer's oscillator, it shows as a clock that goes unevenly: not judged."""
    place.errs = lambda t: 0.0 if t < 1000.0 + DAY / 3 else 0.15
    assert verdict(found(place, Asked(place, gains(1.0)), limit=1.2), 1.2) is Verdict.INVALID


def test_a_computer_that_drifts_against_the_reference_is_no_jump(place: Place) -> None:
    place.errs = lambda t: 30e-6 * (t - 1000.0)
    measured = found(place, Asked(place, lambda t: gains(1.0)(t) + place.errs(t)))
    assert measured.invalid == ""
    assert measured.value == pytest.approx(1.0, abs=0.02)


def test_a_look_lost_in_between_is_left_out_and_one_lost_at_the_end_is_a_fault(place: Place) -> None:
    def deaf(begin: float, end: float) -> Ahead:
        return lambda t: math.nan if begin <= (t - 1000.0) / DAY < end else gains(2.0)(t)

    measured = found(place, Asked(place, deaf(0.3, 0.4)))
    assert measured.invalid == ""
    assert 40 < measured.n < 49
    place.t = 1000.0
    with pytest.raises(RigFault, match="does not answer"):
        found(place, Asked(place, deaf(0.9, 2.0)))


def test_an_overdue_reference_closes_the_gate(place: Place) -> None:
    place.due = date(2020, 6, 1)
    found(place, Asked(place, gains(1.0)))
    assert "到期" in place.closed[0]


def test_a_person_is_asked_at_the_beginning_and_at_the_end_only(place: Place) -> None:
    measured = found(place, Asked(place, gains(1.0)), by_person=True)
    assert measured.n == 2
    assert len(readings_table_lines(place)) > 3


def readings_table_lines(place: Place) -> list[str]:
    clock = Clock("X", Asked(place, gains(1.0)))
    watch_clocks([clock], place.reference, DAY, place.wait)
    return readings_table(clock.seen).decode("utf-8-sig").splitlines()


def test_several_clocks_are_watched_at_once(place: Place) -> None:
    clocks = [Clock(name, Asked(place, gains(rate))) for name, rate in (("A", 1.0), ("B", -2.0))]
    began = place.t
    watched = watch_clocks(clocks, place.reference, DAY, place.wait)
    assert place.t - began == pytest.approx(DAY, rel=1e-3)
    for name, rate in (("A", 1.0), ("B", -2.0)):
        one = ClockDrift(name, lambda name=name: watched[name], place.calibrated(), 5.0)  # type: ignore[misc]
        assert clock_drift("central_clock_drift", one).details["signed"] == pytest.approx(rate, abs=0.02)


def test_the_table_tells_the_drift_over_the_visit_and_who_was_set(place: Place) -> None:
    even, was_set = Clock("A", Asked(place, gains(3.0))), Clock("B", Asked(place, gains(0.0)))
    for hour in range(4):
        if hour == 2:
            was_set = replace(was_set, inner=Asked(place, lambda _t: -3.0))
        measured, table = clock_survey("site_clock_offset", "SITE", [even, was_set], place.reference())
        place.wait(3600.0)
    rows = {line.split(",")[0]: line.split(",") for line in table.decode("utf-8-sig").splitlines()}
    assert float(rows["A"][4]) == pytest.approx(3.0, abs=0.1)
    assert rows["B"][4] == ""
    assert "不均匀" in rows["B"][7]
    assert measured.value == pytest.approx(3.0, abs=0.01)


def test_a_display_nobody_could_read_stands_in_the_table_and_a_silent_clock_makes_it_invalid(
    place: Place,
) -> None:
    good, deaf = Asked(place, gains(1.0)), Asked(place, lambda _t: math.nan)
    clocks = [Clock("A", good), Clock("ACS-9", deaf, by_person=True)]
    measured, table = clock_survey("site_clock_offset", "SITE", clocks, place.reference())
    assert measured.invalid == ""
    assert "ACS-9" in table.decode("utf-8-sig")
    assert "ACS-9" in str(measured.details["because"])
    measured, _ = clock_survey("site_clock_offset", "SITE", [clocks[0], Clock("C", deaf)], place.reference())
    assert "C 的时钟未能读取" in measured.invalid


@dataclass
class Meeting(Asked):
    """Answers once all clocks of the meeting are asked."""

    barrier: Barrier

    def offset(self, reference: Callable[[float], float]) -> OffsetBracket:
        self.barrier.wait(timeout=20.0)
        return super().offset(reference)


def test_clocks_are_read_at_the_same_time_and_each_as_it_would_be_alone(place: Place) -> None:
    barrier = Barrier(3)
    aheads = {"A": 0.5, "B": -14.0, "C": math.nan}
    clocks = [
        Clock(name, Meeting(place, lambda _t, by=by: by, barrier))  # type: ignore[misc]
        for name, by in aheads.items()
    ]
    read = clock_offsets(clocks, place.reference())
    assert set(read) == {"A", "B"}, "one that is silent is read again by itself"
    for clock in clocks[:2]:
        alone = clock_offset(Clock(clock.device, Asked(place, gains(0.0))), place.reference())
        assert read[clock.device].value == pytest.approx(abs(aheads[clock.device]))
        assert read[clock.device].U == pytest.approx(alone.U)
        assert [one.at for one in clock.seen] == [place.t]
