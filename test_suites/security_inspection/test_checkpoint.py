# SPDX-License-Identifier: Apache-2.0
"""防爆安全检查 — dose at the operator's place, alarm of the gate."""

from __future__ import annotations

from yanshou.fixtures.api import MeterOf, Record, WalkThroughGate, measures

_READINGS = 3


@measures("operator_dose_rate", instruments=("survey_meter",), operator=True)
def test_operator_dose_rate(manual_meter: MeterOf, record: Record) -> None:
    """At the operator's place, beam on, scatter body in the tunnel: the survey meter is read three times."""
    meter = manual_meter("survey_meter")
    readings = [meter.ask("dose_rate", "uSv/h", number=number) for number in range(1, _READINGS + 1)]
    record.readings(readings, meter)


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
