# SPDX-License-Identifier: Apache-2.0
"""Readings of instruments in the record of a test: units, guard bands, and what nothing can be divided by."""

from __future__ import annotations

import math
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from test_suites.power import test_mains

from tests.support import record_bench
from tests.support.record_bench import TWO_S, Bench, row
from yanshou.equipment.instruments import Calibrated, ManualMeter
from yanshou.instruments.registry import Instrument, InstrumentRegistry, Range
from yanshou.model import (
    Component,
    DecisionRule,
    Instant,
    Limit,
    Verdict,
)
from yanshou.model.reading import Reading

bench = record_bench.bench


# -- readings of instruments


def supply(unit: str = "A", top: float = 3.0) -> tuple[Calibrated, list[str]]:
    one = Instrument(
        "DMM-1", "multimeter", "万用表", certificate="C-1", calibrated=date(2020, 1, 1), due=date(2999, 1, 1),
        ranges=(Range("dc_current", 0.0, top, unit, U=0.002, k=2.0),),
    )  # fmt: skip
    closed: list[str] = []
    item_journal: Any = None
    return Calibrated(one, InstrumentRegistry({"DMM-1": one}), item_journal, closed.append), closed


def reads(value: float, unit: str = "A", U: float | None = 0.002) -> Reading:
    return Reading(value, unit, U, 2.0, "DMM-1", Instant(0.0, 1.0))


HOURS = row("PW", "mean", Limit("h", min=8.0))


def test_a_time_on_battery_is_the_charge_over_each_reading(bench: Bench):
    record = bench.record(HOURS)
    asked: Any = lambda *_: 0.0  # noqa: E731
    record.quotient(5.6, [reads(0.1), reads(0.1)], ManualMeter(supply()[0], asked), "h", method="m")
    (finding,) = record.conclude()
    assert (finding.value, finding.unit) == (pytest.approx(56.0), "h")
    assert finding.U == pytest.approx(56.0 * 0.002 / 0.1, rel=0.01)
    assert finding.verdict is Verdict.CONDITIONAL_CONFORM


@pytest.mark.parametrize("value", [0.0, -0.1, float("nan"), float("inf")])
def test_a_reading_nothing_can_be_divided_by_is_invalid_with_instrument_and_range(bench: Bench, value: float):
    record = bench.record(HOURS)
    asked: Any = lambda *_: 0.0  # noqa: E731
    record.quotient(5.6, [reads(0.1), reads(value, U=None)], ManualMeter(supply()[0], asked), "h")
    (finding,) = record.conclude()
    assert (finding.value, finding.verdict) == (None, Verdict.INVALID)
    assert "DMM-1 reads" in finding.reason
    assert "0…3 A" in finding.reason


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_invalid_and_journaled(bench: Bench, value: float):
    record = bench.record(row("RT", limit=TWO_S))
    record.values([1.0, value], "s", [])
    (finding,) = record.conclude()
    assert finding.verdict is Verdict.INVALID
    assert bench.events("measurement")[0]["value"] is None


@pytest.mark.parametrize(
    ("unit", "verdict"), [("ms", "conform"), ("s", "non_conform"), ("min", "non_conform"), ("V", "invalid")]
)
def test_values_are_judged_in_the_unit_they_were_given_in(bench: Bench, unit: str, verdict: str):
    record = bench.record(row("RT", limit=TWO_S))
    record.values([1900.0], unit, [Component("reading", "B", "normal", 5.0, math.inf)])
    (finding,) = record.conclude()
    assert finding.verdict.value == verdict
    reported = {"ms": (1.9, "s"), "s": (1900.0, "s"), "min": (114_000.0, "s"), "V": (1900.0, "V")}[unit]
    assert (finding.value, finding.unit) == (pytest.approx(reported[0]), reported[1])


def test_a_guarded_finding_carries_its_acceptance_limit(bench: Bench):
    record = bench.record(row("RT", limit=TWO_S), rule=DecisionRule.GUARD_BAND)
    record.values([1.95], "s", [Component("reading", "B", "normal", 0.05, math.inf)])
    (finding,) = record.conclude()
    assert (finding.verdict, finding.acceptance) == (Verdict.NON_CONFORM, "≤ 1.9 s (w = 0.1 s)")
    assert bench.events("finding")[0]["acceptance"] == finding.acceptance


@pytest.mark.parametrize("coarse", [0, 1, 2])
def test_the_largest_u_of_several_ranges_counts(bench: Bench, coarse: int) -> None:
    """The worst reading was made in a fine range, another one in a coarse one."""
    record = bench.record(row("PW-U", "max", Limit("%", max=10.0)))
    made = [reads(v, "V", 8.8 if n == coarse else 0.02) for n, v in enumerate((231.0, 226.0, 221.0))]
    answers = iter(made)
    meter: Any = SimpleNamespace(ask=lambda *_, **__: next(answers), calibrated=supply()[0])
    test_mains.test_steady_voltage_deviation(lambda _: meter, record)
    (finding,) = record.conclude()
    assert finding.value == pytest.approx(5.0)
    assert finding.U == pytest.approx(4.0, rel=0.05), "8.8 V of 220 V"
