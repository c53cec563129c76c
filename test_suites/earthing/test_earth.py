# SPDX-License-Identifier: Apache-2.0
"""接地电阻 — read at named points; the worst point is judged with the largest U of the readings."""

from __future__ import annotations

from functools import partial

from yanshou.fixtures.api import Ask, MeterOf, Record, measures
from yanshou.model import Device

_earth = partial(measures, operator=True, instruments=("earth_resistance_tester",))


@_earth("joint_earth_resistance", seconds=900)
def test_joint_earth_resistance(ask: Ask, manual_meter: MeterOf, record: Record) -> None:
    """The joint earth, at every point of it that the tester names."""
    _points(ask, manual_meter, record)


@_earth("separate_earth_resistance", seconds=900)
def test_separate_earth_resistance(ask: Ask, manual_meter: MeterOf, record: Record) -> None:
    """The earth of its own, at every point of it that the tester names."""
    _points(ask, manual_meter, record)


@_earth("outdoor_earth_resistance", seconds=600)
def test_outdoor_earth_resistance(device: Device, ask: Ask, manual_meter: MeterOf, record: Record) -> None:
    """The earth of the pole or cabinet of an outdoor camera."""
    _points(ask, manual_meter, record, at=device.location or device.name)


def _points(ask: Ask, meter_of: MeterOf, record: Record, at: str = "") -> None:
    """Read each named point once; the same name twice is one point, and nothing is judged by it."""
    ask.text("earth.method")
    number_of_points = ask.count("earth.points", low=1, high=200, at=at or record.device)
    meter = meter_of("earth_resistance_tester")
    read = {}
    for number in range(1, number_of_points + 1):
        point = ask.text("earth.point", key=f"earth{number}.point", number=number)
        if point in read:
            record.cannot(f"测点“{point}”写了两次")
        read[point] = meter.ask("earth_resistance", "ohm", key=f"earth{number}", point=point)
    ask.photo("earth.photo")
    worst = max(read, key=lambda point: read[point].value)
    shown = "、".join(f"{point} {reading.value:g}" for point, reading in read.items())
    record.readings(list(read.values()), meter, because=f"最大值在测点“{worst}”；各测点（Ω）：{shown}")
