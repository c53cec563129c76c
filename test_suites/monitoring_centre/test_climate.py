# SPDX-License-Identifier: Apache-2.0
"""监控中心环境 — temperature, humidity, illuminance and area by instruments of the register."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, MeterOf, Record, measures

_READINGS = 3
_COLDEST = -60.0


@measures("centre_temperature", instruments=("thermometer",), operator=True, seconds=600)
def test_centre_temperature(manual_meter: MeterOf, record: Record) -> None:
    """The air temperature of the manned room is read three times."""
    meter = manual_meter("thermometer")
    record.readings(
        [
            meter.ask("temperature", "degC", key=f"temperature{number}", low=_COLDEST, number=number)
            for number in range(1, _READINGS + 1)
        ],
        meter,
    )


@measures("centre_humidity", instruments=("hygrometer",), operator=True, seconds=600)
def test_centre_humidity(manual_meter: MeterOf, record: Record) -> None:
    """The relative humidity of the manned room is read three times."""
    meter = manual_meter("hygrometer")
    record.readings(
        [
            meter.ask("humidity", "%", key=f"humidity{number}", number=number)
            for number in range(1, _READINGS + 1)
        ],
        meter,
    )


@measures("centre_illuminance", instruments=("lux_meter",), operator=True, seconds=600)
def test_centre_illuminance(ask: Ask, manual_meter: MeterOf, record: Record) -> None:
    """The illuminance at named places of the desks; the darkest is judged."""
    meter = manual_meter("lux_meter")
    places = ask.count("desk.places", low=1, high=100)
    read = {}
    for number in range(1, places + 1):
        place = ask.text("desk.place", key=f"desk{number}.place", number=number)
        if place in read:
            record.cannot(f"工作面“{place}”写了两次")
        read[place] = meter.ask("illuminance", "lx", "desk.illuminance", key=f"desk{number}", place=place)
    darkest = min(read, key=lambda place: read[place].value)
    shown = "、".join(f"{place} {reading.value:g}" for place, reading in read.items())
    record.readings(list(read.values()), meter, because=f"最小值在“{darkest}”；各处（lx）：{shown}")


@measures("centre_area", instruments=("length_meter",), operator=True, seconds=600)
def test_centre_area(ask: Ask, manual_meter: MeterOf, record: Record) -> None:
    """Length and width of the room, or of each rectangle it consists of, by the tape measure."""
    meter = manual_meter("length_meter")
    area = u = 0.0
    rectangles = ask.count("area.rectangles", low=1, high=20)
    for number in range(1, rectangles + 1):
        long = meter.ask("length", "m", "area.length", key=f"area{number}.length", number=number)
        wide = meter.ask("length", "m", "area.width", key=f"area{number}.width", number=number)
        area += long.value * wide.value
        u += long.value * wide.u + wide.value * long.u  # one tape: its error is the same each time
    record.values([area], "m2", [meter.component(u)])
