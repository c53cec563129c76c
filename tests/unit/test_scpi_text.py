# SPDX-License-Identifier: Apache-2.0
"""Answers of instruments as they are really spelt."""

from __future__ import annotations

import math

import pytest

from yanshou.instruments.scpi_text import NoNumber, means_no_error, plain, value_of


@pytest.mark.parametrize(
    "entry",
    [
        '+0,"No error"',
        '0,"No error"',
        "0",
        "+0",
        "-0",
        "0  No Error",
        "0 No Error",
        '00, "No error"',
        '+00000,"No error"',
        '"0,No error"',
        "'0'",
        '0,"无错误"',
        "0，无错误",
        "0;No error",
        "No error",
        "NO ERRORS",
        ' 0 ,"Kein Fehler"',
    ],
)
def test_no_error_in_all_its_spellings(entry: str) -> None:
    assert means_no_error(entry)


@pytest.mark.parametrize(
    "entry",
    [
        '-222,"Data out of range"',
        "-113 Undefined header",
        "ERROR",
        "",
        "0x8001",
        "0.5",
        "10",
        "01,Overflow",
        "No error handling",
        "E0",
        '"-100,Command error"',
        "无错误吗",
        '0,"No error",-222,"Data out of range"',
        "0,0",
        "0,12.5",
    ],
)
def test_an_error_is_never_none(entry: str) -> None:
    assert not means_no_error(entry)


@pytest.mark.parametrize(
    ("answer", "unit", "kind", "value"),
    [
        ("+1.365E+01 VDC", "V", "DC", 13.65),
        ("13.65V", "V", "DC", 13.65),
        ("13.65 V DC", "V", "DC", 13.65),
        ("13650 mV", "V", "DC", 13.65),
        ('"13.65"', "V", "DC", 13.65),
        ("+1.365E+01VDC,+24.1SECS,+64846RDNG#", "V", "DC", 13.65),
        ("13.65,V", "V", "DC", 13.65),
        ("0.35 Adc", "A", "DC", 0.35),
        ("351 mA", "A", "DC", 0.351),
        ("2.2 kOhm", "Ohm", "", 2200.0),
        ("2.2 MΩ", "Ohm", "", 2.2e6),
        ("2200 OHMS", "Ohm", "", 2200.0),
        ("229.5 VAC", "V", "AC", 229.5),
        (".5", "V", "DC", 0.5),
    ],
)
def test_a_number_with_its_unit(answer: str, unit: str, kind: str, value: float) -> None:
    assert value_of(answer, unit, kind) == pytest.approx(value)


@pytest.mark.parametrize(
    "answer",
    [
        "13.65 VAC",
        "13.65 A",
        "13,65",
        "1,365E+01",
        "13.65 W",
        "--1",
        "1 2",
        "",
        "13.65 MV",
        "eins",
        "12,5 V",
        "12,5 mV",
        "13.65 V, 2.5 V",
        "13.65,HOLD",
        "13.65 V,HOLD",
        "13.65 V, 1",
        '0,"No error"',
        '-113,"Undefined header"',
        "-113,Undefined header",
    ],
)
def test_what_is_no_direct_voltage(answer: str) -> None:
    with pytest.raises(NoNumber):
        value_of(answer, "V", "DC")


@pytest.mark.parametrize(
    "answer", ["OL", "+OL", "-OL", "O.L", "OVLD", "OVER", "OVERLOAD", "INF", "9.9E37", "-9.9E+37"]
)
def test_an_overload_is_no_value(answer: str) -> None:
    assert abs(value_of(answer, "V", "DC")) >= 9.9e37


def test_not_a_number_is_none() -> None:
    assert math.isnan(value_of("NAN", "V", "DC"))


def test_bytes_become_text_or_are_told_apart() -> None:
    assert plain('0,"无错误"'.encode("gbk")) == '0,"无错误"'
    assert plain('0,"无错误"'.encode()) == '0,"无错误"'
    assert plain(b"\xff\xfe\x00\x80") is None
