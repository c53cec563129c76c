# SPDX-License-Identifier: Apache-2.0
"""时钟 — offsets of device clocks from the time reference, all of a site in one table, and their drift."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from yanshou.fixtures.api import (
    Ask,
    Clock,
    ClockDrift,
    MeterOf,
    Phase,
    Record,
    TimeReference,
    Together,
    clock_drift,
    clock_survey,
    evaluate,
    measures,
)
from yanshou.model import Measurement

_drift = partial(
    measures,
    instruments=("time_reference",),
    operator=True,
    waits={"drift_watch_s": 86_400.0},
    together=Together.CLOCKS,
    phase=Phase.INTRUSIVE,  # nobody corrects the clocks meanwhile
)


@measures("clock_offset", instruments=("time_reference",), seconds=10, together=Together.READINGS)
def test_clock_offset(read_offset: Callable[[], Measurement], record: Record) -> None:
    """Whole seconds are bracketed at their roll-over until the offset is known to some milliseconds."""
    record.measurement(read_offset())


@measures("platform_clock_offset", instruments=("time_reference",), seconds=20)
def test_platform_clock_offset(clocks: list[Clock], time_reference: TimeReference, record: Record) -> None:
    """Every clock that the platform keeps in time against one reference: one table, the largest offset."""
    found, table = clock_survey("platform_clock_offset", record.device, clocks, time_reference)
    record.evidence(table, "clocks.csv", "text/csv", "时钟逐次读数")
    record.measurement(found)


@measures("site_clock_offset", instruments=("time_reference",), seconds=20)
def test_site_clock_offset(clocks: list[Clock], time_reference: TimeReference, record: Record) -> None:
    """Every clock of the site that can be read against one reference: one table, the largest offset."""
    found, table = clock_survey("site_clock_offset", record.device, clocks, time_reference)
    record.evidence(table, "clocks.csv", "text/csv", "时钟逐次读数")
    record.measurement(found)


@_drift("mother_clock_drift")
def test_mother_clock_drift(drift: ClockDrift, record: Record) -> None:
    """The first mother clock: its offsets from the beginning of the watch to the end."""
    record.measurement(clock_drift("mother_clock_drift", drift))


@_drift("second_mother_clock_drift")
def test_second_mother_clock_drift(drift: ClockDrift, record: Record) -> None:
    """The second mother clock: its offsets from the beginning of the watch to the end."""
    record.measurement(clock_drift("second_mother_clock_drift", drift))


@_drift("slave_clock_drift")
def test_slave_clock_drift(drift: ClockDrift, record: Record) -> None:
    """The slave clock: its offsets from the beginning of the watch to the end."""
    record.measurement(clock_drift("slave_clock_drift", drift))


@_drift("central_clock_drift")
def test_central_clock_drift(drift: ClockDrift, record: Record) -> None:
    """The stand-alone controller or central host: its offsets from the beginning of the watch to the end."""
    record.measurement(clock_drift("central_clock_drift", drift))


@_drift("controller_clock_drift")
def test_controller_clock_drift(drift: ClockDrift, record: Record) -> None:
    """The networked controller: its offsets from the beginning of the watch to the end."""
    record.measurement(clock_drift("controller_clock_drift", drift))


@_drift("access_clock_drift_week")
def test_access_clock_drift_week(drift: ClockDrift, record: Record) -> None:
    """The door controller, in seconds a week: its offsets from the beginning of the watch to the end."""
    record.measurement(clock_drift("access_clock_drift_week", drift))


@_drift("cie_clock_drift")
def test_cie_clock_drift(drift: ClockDrift, record: Record) -> None:
    """The panel, in minutes a year: its offsets from the beginning of the watch to the end."""
    record.measurement(clock_drift("cie_clock_drift", drift))


@measures("mother_clock_output_offset", instruments=("time_interval_counter",), operator=True, seconds=60)
def test_mother_clock_output_offset(manual_meter: MeterOf, record: Record) -> None:
    """A counter between the reference's pulse and the mother clock's output, read by the operator."""
    meter = manual_meter("time_interval_counter")
    reading = meter.ask("time_interval", "ms")
    record.readings([reading], meter)


@measures("slave_clock_display_offset", operator=True, seconds=60)
def test_slave_clock_display_offset(ask: Ask, record: Record) -> None:
    """Display and mother clock filmed together; frames are counted from one change to the other."""
    shown = ask.number("display", unit="s", low=0.0, high=86_400.0)
    record.measurement(evaluate.read_offset("slave_clock_display_offset", record.device, shown))


@measures("clock_synchronised", operator=True, seconds=60)
def test_clock_synchronised(ask: Ask, record: Record) -> None:
    """What the settings show, and the record of the last correction."""
    can = ask.yes("corrects")
    last = ask.text("corrected")
    seen = can and last.strip().casefold() not in {"无", "none"}
    record.logical(conforms=seen, because=f"最近一次校时：{last}" if can else "没有启用的校时功能")


@measures("clock_corrected_daily", operator=True, seconds=60)
def test_clock_corrected_daily(ask: Ask, record: Record) -> None:
    """How often the clocks are corrected, by settings or records: once a day is only advised."""
    daily = ask.yes("daily")
    record.logical(conforms=daily, because="" if daily else "不足每天一次")
