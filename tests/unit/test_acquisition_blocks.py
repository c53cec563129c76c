# SPDX-License-Identifier: Apache-2.0
"""Watches of one bus are read with the fewest requests the device allows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yanshou.acquisition.blocks import Span, merge
from yanshou.protocols.modbus import Area

BITS, REGISTERS = Area.DISCRETE, Area.HOLDING


def test_the_zone_flags_of_a_panel_take_one_read() -> None:
    spans = [Span(1, BITS, address, 12) for address in (0, 16, 32, 48)]
    assert merge(spans, {}, frozenset()) == [Span(1, BITS, 0, 60)]


def test_a_device_that_refuses_holes_is_read_without_them() -> None:
    spans = [Span(1, BITS, 0, 12), Span(1, BITS, 12, 4), Span(1, BITS, 32, 8)]
    found = merge(spans, {}, frozenset({(1, BITS)}))
    assert found == [Span(1, BITS, 0, 16), Span(1, BITS, 32, 8)]


def test_units_and_areas_never_mix() -> None:
    spans = [Span(1, BITS, 0, 8), Span(2, BITS, 8, 8), Span(1, Area.COIL, 8, 8)]
    assert len(merge(spans, {}, frozenset())) == 3


@given(
    st.lists(
        st.builds(
            Span, st.integers(1, 2), st.sampled_from(list(Area)), st.integers(0, 300), st.integers(1, 20)
        )
    ),
    st.integers(20, 125),
)
def test_every_point_is_read_and_no_read_is_too_long(spans: list[Span], limit: int) -> None:
    limits = {area.value: limit for area in Area}
    merged = merge(spans, limits, frozenset())
    assert all(any(block.holds(span) for block in merged) for span in spans)
    assert all(block.count <= limit for block in merged)
    assert len(merged) <= len(set(spans))
