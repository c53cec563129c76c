# SPDX-License-Identifier: Apache-2.0
"""时钟 — offsets of device clocks from the time reference, all of a site in one table, and their drift."""

from __future__ import annotations

from yanshou.fixtures.api import (
    Ask,
    Clock,
    Drift,
    ManualMeter,
    Record,
    TimeReference,
    evaluate,
    measures,
)


@measures("clock_offset", instruments=("time_reference",), seconds=10)
def test_clock_offset(clock: Clock, time_reference: TimeReference, record: Record) -> None:
    """Whole seconds are bracketed at their roll-over until the offset is known to some milliseconds."""
    record.measurement(evaluate.clock_offset(clock, time_reference))


@measures("platform_clock_offset", instruments=("time_reference",), seconds=20)
def test_platform_clock_offset(clocks: list[Clock], time_reference: TimeReference, record: Record) -> None:
    """Every clock that the platform keeps in time against one reference: one table, the largest offset."""
    found, table = evaluate.clock_survey("platform_clock_offset", record.device, clocks, time_reference)
    record.evidence(table, "clocks.csv", "text/csv")
    record.measurement(found)


@measures("site_clock_offset", instruments=("time_reference",), seconds=20)
def test_site_clock_offset(clocks: list[Clock], time_reference: TimeReference, record: Record) -> None:
    """Every clock of the site that can be read against one reference: one table, the largest offset."""
    found, table = evaluate.clock_survey("site_clock_offset", record.device, clocks, time_reference)
    record.evidence(table, "clocks.csv", "text/csv")
    record.measurement(found)


@measures("mother_clock_drift", instruments=("time_reference",), seconds=86_400)
def test_mother_clock_drift(drift: Drift, record: Record) -> None:
    """The offset of the mother clock at the beginning and the end of the watch."""
    record.measurement(evaluate.clock_drift("mother_clock_drift", drift, "s/d"))


@measures("second_mother_clock_drift", instruments=("time_reference",), seconds=86_400)
def test_second_mother_clock_drift(drift: Drift, record: Record) -> None:
    """The offset of the second mother clock at the beginning and the end of the watch."""
    record.measurement(evaluate.clock_drift("second_mother_clock_drift", drift, "s/d"))


@measures("slave_clock_drift", instruments=("time_reference",), seconds=86_400)
def test_slave_clock_drift(drift: Drift, record: Record) -> None:
    """The offset of the slave clock at the beginning and the end of the watch."""
    record.measurement(evaluate.clock_drift("slave_clock_drift", drift, "s/d"))


@measures("cie_clock_drift", instruments=("time_reference",), seconds=86_400)
def test_cie_clock_drift(drift: Drift, record: Record) -> None:
    """The offset of the panel's clock at the beginning and the end of the watch, as minutes a year."""
    record.measurement(evaluate.clock_drift("cie_clock_drift", drift, "min/a"))


@measures("mother_clock_output_offset", instruments=("time_interval_counter",), operator=True, seconds=60)
def test_mother_clock_output_offset(counter: ManualMeter, record: Record) -> None:
    """A counter between the reference's pulse and the mother clock's output, read by the operator."""
    reading = counter.ask("time_interval", "母钟输出口与基准秒脉冲之差的绝对值")
    record.values([reading.value], reading.unit, [counter.component_of(reading)])


@measures("slave_clock_display_offset", operator=True, seconds=60)
def test_slave_clock_display_offset(ask: Ask, record: Record) -> None:
    """Display and mother clock photographed together; the difference is read from the photograph."""
    shown = ask.number("display", "同一照片中子钟与母钟显示之差的绝对值", unit="s", low=0.0, high=86_400.0)
    record.measurement(evaluate.read_offset("slave_clock_display_offset", record.device, shown))
