# SPDX-License-Identifier: Apache-2.0
"""Rounding for print: U to two digits, the value to the same digit, halves to the even digit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanshou.reports.rounding import number, round_pair, size, uncertainty, with_unit


@pytest.mark.parametrize(
    ("value", "U", "expected"),
    [
        (2.4117, 0.00312, ("2.4117", "0.0031")),
        (10.0, 0.0996, ("10.00", "0.10")),  # the carry moves the digit
        (100.0, 99.6, ("100", "100")),
        (1234.5, 120.0, ("1230", "120")),
        (0.5, 0.0025, ("0.5000", "0.0025")),
        (-0.00001, 0.05, ("0.000", "0.050")),  # no minus before nought
        (0.00000123, 0.00000045, ("1.23×10^-6", "4.5×10^-7")),
        (2.5, 1.25, ("2.5", "1.2")),  # half to even, GB/T 8170
        (2.5, 1.35, ("2.5", "1.4")),
    ],
)
def test_pairs(value: float, U: float, expected: tuple[str, str]):
    assert round_pair(value, U) == expected


@given(
    st.floats(-1e6, 1e6, allow_nan=False),
    st.floats(1e-9, 1e5, allow_nan=False, allow_infinity=False),
)
def test_rounding_never_moves_a_value_by_more_than_half_a_digit_of_U(value: float, U: float):
    shown_value, shown_U = (Decimal(text.replace("×10^", "e")) for text in round_pair(value, U))
    assert abs(shown_U - Decimal(repr(U))) <= Decimal(repr(U)) * Decimal("0.05") + Decimal("1e-15")
    assert abs(shown_value - Decimal(repr(value))) <= Decimal(repr(U)) * Decimal("0.051")
    assert len(shown_U.normalize().as_tuple().digits) <= 2


@pytest.mark.parametrize(
    ("value", "expected"), [(3, "3"), (12.5, "12.5"), (1 / 3, "0.333333"), (0.0, "0"), (float("inf"), "inf")]
)
def test_values_without_uncertainty(value: float, expected: str):
    assert number(value) == expected


def test_units_and_sizes():
    assert with_unit("0.42", "uSv/h") == "0.42 µSv/h"
    assert with_unit("5", "") == "5"
    assert uncertainty(0.0) == "0"
    assert size(2_500_000) == "2.5 MB"
    assert size(900) == "0.9 kB"
