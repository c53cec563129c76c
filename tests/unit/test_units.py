# SPDX-License-Identifier: Apache-2.0
"""A number keeps its unit on the way from the instrument to the clause."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanshou.equipment.instruments import Calibrated, ManualMeter
from yanshou.instruments.registry import QUANTITIES, Instrument, InstrumentRegistry, Range
from yanshou.model import (
    Device,
    DeviceKind,
    Instant,
    RigFault,
    System,
    Unit,
    UnitError,
    UsageError,
    converted,
    convertible,
)
from yanshou.model.reading import Reading
from yanshou.standards import load

SUITES = Path(__file__).parents[2] / "test_suites"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("µSv/h", "uSv/h"),
        ("μSv/h", "uSv/h"),
        ("mSv / h", "mSv/h"),
        ("ＭΩ", "Mohm"),
        ("Ω", "ohm"),
        ("℃", "degC"),
        ("°", "deg"),
        ("lux", "lx"),
        ("次", "1"),
        ("", "1"),
        ("毫秒", "ms"),
        ("ｍＷ", "mW"),
        ("Mbps", "Mbit/s"),
        ("微希/小时", "uSv/h"),
        ("毫希沃特每小时", "mSv/h"),
        ("μSv·h⁻¹", "uSv/h"),
        ("微戈瑞/时", "uGy/h"),
        ("毫欧", "mohm"),
        ("吉欧", "Gohm"),
        ("千欧姆", "kohm"),
        ("毫瓦", "mW"),
        ("微安", "uA"),
        ("毫安时", "mAh"),
        ("A·h", "Ah"),
        ("厘米/秒", "cm/s"),
        ("秒/日", "s/d"),
        ("帧每秒", "fps"),
        ("兆比特/秒", "Mbit/s"),
        ("像素/米", "px/m"),
        ("千赫兹", "kHz"),
    ],
)
def test_the_usual_spellings_of_a_unit_are_read(text: str, unit: str) -> None:
    assert Unit.parse(text) == unit


@pytest.mark.parametrize(
    "text", ["MW", "兆瓦", "furlong", "msv/h", "S", "mV/h", "kg", "微希", "千分", "kB/s", "/h"]
)
def test_what_is_no_unit_of_the_list_is_refused(text: str) -> None:
    with pytest.raises(UnitError):
        Unit.parse(text)


@pytest.mark.parametrize(
    ("value", "unit", "into", "stated"),
    [
        (0.02, "mSv/h", "uSv/h", 20.0),
        (2.0, "kW", "W", 2000.0),
        (3.0, "ms", "s", 0.003),
        (250.0, "mA", "A", 0.25),
        (1.0, "d", "h", 24.0),
        (2.0, "a", "month", 24.0),
        (0.5, "1", "%", 50.0),
        (7.0, "s/week", "s/d", 1.0),
    ],
)
def test_conversions_of_the_field(value: float, unit: str, into: str, stated: float) -> None:
    assert converted(value, unit, into) == pytest.approx(stated, rel=1e-12)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("uGy/h", "uSv/h"),
        ("month", "d"),
        ("dB", "dB(A)"),
        ("V", "A"),
        ("TVL", "LW/PH"),
        ("fps", "Hz"),
        ("px", "1"),
    ],
)
def test_what_has_another_dimension_is_never_converted(one: str, other: str) -> None:
    assert not convertible(one, other)


@given(st.sampled_from(list(Unit)), st.sampled_from(list(Unit)), st.floats(1e-6, 1e6))
def test_there_and_back_is_the_same(one: Unit, other: Unit, value: float) -> None:
    if convertible(one, other):
        assert converted(converted(value, one, other), other, one) == pytest.approx(value, rel=1e-9)


def test_every_unit_of_the_catalogue_is_known_and_that_of_its_measurand() -> None:
    catalogue = load()
    for row in catalogue.requirements.values():
        unit = catalogue.measurands[row.measurand].unit
        assert Unit.parse(unit)
        if row.limit is not None and row.limit.unit:
            assert convertible(unit, row.limit.unit), row.id


def asked_in_suites() -> list[tuple[str, str, str]]:
    """(file, quantity, unit) of each reading that a suite asks for by name."""
    found = []
    for path in sorted(SUITES.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                text = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
                if node.func.attr in {"ask", "read"} and len(text) == 2:
                    found.append((path.name, str(text[0]), str(text[1])))
    return found


def test_each_reading_of_a_suite_names_a_unit_its_quantity_can_be_stated_in() -> None:
    asked = asked_in_suites()
    assert len(asked) > 10
    for name, quantity, unit in asked:
        assert convertible(QUANTITIES[quantity].value, unit), (name, quantity, unit)


# -- a number in the inventory -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "ms"),
    [(15000, 15000.0), (2.5, 2.5), ("15 s", 15000.0), ("20ms", 20.0), ("２０", 20.0), (None, 7.0)],
)
def test_a_number_of_the_inventory_is_read_in_its_unit(written: object, ms: float) -> None:
    attributes = {} if written is None else {"scan_ms": written}
    board = Device("RELAY-1", DeviceKind.RELAY_BOARD, System.SITE, "", attributes=attributes)
    assert board.quantity("scan_ms", "ms", 7.0) == pytest.approx(ms)


@pytest.mark.parametrize("written", ["fast", "15 V", "", True, -3, "-3 ms", "1e999", "nan"])
def test_what_is_no_number_of_that_unit_is_told_with_its_line(written: object) -> None:
    board = Device(
        "RELAY-1", DeviceKind.RELAY_BOARD, System.SITE, "", attributes={"scan_ms": written}, place="i.csv:4"
    )
    with pytest.raises(UsageError, match=r"i\.csv:4 .*scan_ms of RELAY-1"):
        board.quantity("scan_ms", "ms", 7.0)


# -- an instrument that shows another unit than the test works in -------------------------------------------


class Notes:
    """A journal that keeps what is noted."""

    def __init__(self) -> None:
        self.noted: list[dict[str, Any]] = []

    def note(self, _kind: str, **fields: Any) -> None:
        self.noted.append(fields)


def meter(
    typed: float, unit: str, quantity: str = "dose_rate", top: float = 10.0
) -> tuple[ManualMeter, list[str]]:
    one = Instrument(
        "SM-1",
        "survey_meter",
        "剂量仪",
        certificate="C-1",
        calibrated=date(2020, 1, 1),
        due=date(2999, 1, 1),
        ranges=(Range(quantity, 0.0, top, unit, U=0.001 * top, k=2.0),),
    )
    closed: list[str] = []
    item_journal: Any = Notes()
    calibrated = Calibrated(one, InstrumentRegistry({"SM-1": one}), item_journal, closed.append)
    return ManualMeter(calibrated, lambda *_, **__: typed), closed


def test_a_reading_in_mSv_is_twenty_times_as_dangerous_as_it_looks() -> None:
    asked, closed = meter(0.02, "mSv/h")
    reading = asked.ask("dose_rate", "uSv/h", number=1)
    assert (reading.value, reading.unit, reading.U) == (pytest.approx(20.0), "uSv/h", pytest.approx(10.0))
    assert closed == []


def test_an_instrument_calibrated_in_something_else_is_refused() -> None:
    asked, _ = meter(0.02, "uGy/h")
    with pytest.raises(RigFault, match="is calibrated for dose_rate in uGy/h, not in uSv/h"):
        asked.ask("dose_rate", "uSv/h")


def test_a_reading_outside_the_certificate_closes_the_gate_and_has_no_U() -> None:
    asked, closed = meter(50.0, "uSv/h")
    reading = asked.ask("dose_rate", "uSv/h")
    assert reading.U is None
    assert reading.u == 0.0
    assert "out of SM-1's range" in closed[0]


@pytest.mark.parametrize("value", [0.0, -0.25, float("nan")])
def test_a_reading_that_nothing_can_be_divided_by_is_told_with_its_instrument_and_range(value: float) -> None:
    asked, _ = meter(0.0, "W", "power", 5000.0)
    reading = Reading(value, "W", 0.001, 2.0, "SM-1", Instant(0.0, 1.0))
    reported = asked.calibrated.useless(reading)
    assert "SM-1 reads" in reported
    assert "0…5000 W" in reported


def test_a_meter_in_another_unit_wants_the_unit_typed_with_the_number() -> None:
    asked, _ = meter(0.02, "mSv/h")
    seen: list[dict[str, Any]] = []
    ManualMeter(asked.calibrated, lambda *_, **more: seen.append(more) or 0.02).ask("dose_rate", "uSv/h")
    ManualMeter(asked.calibrated, lambda *_, **more: seen.append(more) or 0.02).ask("dose_rate", "mSv/h")
    assert [(one["unit"], one["named"]) for one in seen] == [("mSv/h", True), ("mSv/h", False)]
