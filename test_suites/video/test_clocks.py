# SPDX-License-Identifier: Apache-2.0
"""时钟 — the offset of a device's clock from the time reference."""

from __future__ import annotations

from yanshou.fixtures.api import Clock, Record, TimeReference, evaluate, measures


@measures("clock_offset", instruments=("time_reference",), seconds=10)
def test_clock_offset(clock: Clock, time_reference: TimeReference, record: Record) -> None:
    """Whole seconds are bracketed at their roll-over until the offset is known to some milliseconds."""
    record.measurement(evaluate.clock_offset(clock, time_reference))
