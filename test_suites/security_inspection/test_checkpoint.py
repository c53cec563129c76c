# SPDX-License-Identifier: Apache-2.0
"""探测门的报警触点 — the alarm contact of the gate."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Record, WalkThroughGate, measures


@measures(
    "gate_alarm_on_test_object", repetitions=3, wires=("pass", "alarm"), operator=True, seconds=6, machine=2
)
def test_gate_alarm_on_test_object(gate: WalkThroughGate, ask: Ask, record: Record) -> None:
    """The contact must close each time the test object passes, and never as somebody passes without metal."""
    missed = false = passes = 0
    for passes in record.repetitions:  # noqa: B007 - the last number is the count
        passed = gate.pass_object()
        missed += gate.wait_alarm(since=passed) is None
        gate.bring_to_rest()
    for number in range(1, passes + 1):
        clean = ask.done("gate.clean", key=f"clean{number}", number=number)
        false += gate.alarm_within(record.criterion("clean_s"), since=clean) is not None
        gate.bring_to_rest()
    counted = (
        f"携带测试物通过 {passes} 次，报警 {passes - missed} 次；不携带金属通过 {passes} 次，报警 {false} 次"
    )
    record.logical(conforms=not missed and not false, n=2 * passes, because=counted)
