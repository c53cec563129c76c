# SPDX-License-Identifier: Apache-2.0
"""金属探测 — the class of a walk-through gate and of a hand-held detector, counted try by try.

The numbers of the classes stand in the laboratory's overlay; without them there is no verdict.
"""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Bodies, Demands, MeterOf, Record, evaluate, measures

_OBJECTS = "metal_test_object"
_COUNT = r"\d{1,4}/\d{1,4}|-"
Counted = evaluate.detection.Counted


@measures("gate_detection_class_met", instruments=(_OBJECTS,), operator=True, classed=True, seconds=3600)
def test_gate_detection_class(demands: Demands, bodies: Bodies, ask: Ask, record: Record) -> None:
    """Each test object passes at each position in each posture, and somebody passes without metal."""
    demand = demands.of_device("positions", "postures", "blanks")
    for mark in demand.objects:
        bodies.marked(_OBJECTS, mark)
    record.because(ask.text("gate.settings"))
    cells = {}
    for cell in demand.cells:
        mark, position, posture = cell
        said = ask.text(
            "gate.cell",
            key=f"cell.{mark}.{position}.{posture}",
            pattern=_COUNT,
            mark=mark,
            position=position,
            posture=posture,
            passes=demand.passes,
        )
        cells[cell] = _counted(said, record)
    blank = _counted(ask.text("gate.blank", key="blank", pattern=_COUNT, blanks=demand.blanks), record)
    found = evaluate.detection.Detections(demand, cells, blank)
    record.measurement(found.measurement("gate_detection_class_met", record.device))


@measures(
    "handheld_distance_class_met",
    instruments=(_OBJECTS, "length_meter"),
    operator=True,
    classed=True,
    seconds=1800,
)
def test_handheld_distance_class(
    demands: Demands, bodies: Bodies, manual_meter: MeterOf, ask: Ask, record: Record
) -> None:
    """Each test object is swept at its distance on the jig, and the detector without an object."""
    demand = demands.of_device("distances_mm", "blanks")
    meter = manual_meter("length_meter")
    for mark in demand.objects:
        bodies.marked(_OBJECTS, mark)
    record.because(ask.text("hand.settings"))
    cells, distances = {}, {}
    for cell in demand.cells:
        (mark,) = cell
        distances[mark] = meter.ask(
            "length", "mm", "hand.distance", key=f"distance.{mark}", mark=mark, asked=demand.distance_mm(mark)
        )
        said = ask.text("hand.cell", key=f"cell.{mark}", pattern=_COUNT, mark=mark, passes=demand.passes)
        cells[cell] = _counted(said, record)
    blank = _counted(ask.text("hand.blank", key="blank", pattern=_COUNT, blanks=demand.blanks), record)
    found = evaluate.detection.Detections(demand, cells, blank, distances)
    record.measurement(found.measurement("handheld_distance_class_met", record.device))


def _counted(said: str, record: Record) -> evaluate.detection.Counted | None:
    try:
        return Counted.parsed(said)
    except ValueError:
        record.cannot(f"报警次数多于试验次数：{said}")
