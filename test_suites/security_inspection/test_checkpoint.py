# SPDX-License-Identifier: Apache-2.0
"""探测门的报警触点 — the alarm contact of the gate."""

from __future__ import annotations

from yanshou.fixtures.api import Record, WalkThroughGate, measures


@measures("gate_alarm_on_test_object", repetitions=3)
def test_gate_alarm_on_test_object(gate: WalkThroughGate, record: Record) -> None:
    """The test object passes: the gate's alarm contact must close, each time."""
    missed = 0
    passes = 0
    for passes in record.repetitions:  # noqa: B007 - the last number is the count
        passed = gate.pass_object()
        missed += gate.wait_alarm(since=passed) is None
        gate.bring_to_rest()
    because = f"{passes} 次通过中 {missed} 次未报警" if missed else ""
    record.logical(conforms=missed == 0, n=passes, because=because)
