# SPDX-License-Identifier: Apache-2.0
"""防护范围 — walk tests, lengths of perimeter zones, hold-up zones, energy of a fence."""

from __future__ import annotations

from collections.abc import Callable

from yanshou.fixtures.api import Ask, ManualMeter, Record, measures, message
from yanshou.model import Device, DeviceKind, Site

_PASSES = (1, 1000)
_READINGS = 3


@measures("coverage_without_gap", operator=True, seconds=300.0)
def test_coverage_without_gap(ask: Ask, record: Record) -> None:
    """The designed area is walked along every line of the walk plan: each pass must bring the alarm."""
    low, high = _PASSES
    passes = ask.count("walk.passes", low=low, high=high)
    hits = ask.count("walk.hits", low=0, high=high)
    if hits > passes:
        record.cannot(f"报警次数 {hits} 多于步行次数 {passes}")
    ask.photo("walk.plan")
    missed = passes - hits
    record.logical(conforms=missed == 0, n=passes, because=f"{missed} 次步行未报警" if missed else "")


@measures("walk_to_alarm_distance", instruments=("length_meter",), operator=True, seconds=300.0)
def test_walk_to_alarm_distance(manual_meter: Callable[[str], ManualMeter], record: Record) -> None:
    """Walking at 0.3 m/s to 3 m/s into the area: the distance walked to the alarm is measured each time."""
    meter = manual_meter("length_meter")
    readings = [
        meter.ask("length", "m", "walk.distance", key=f"walk.distance{number}", number=number)
        for number in range(1, _READINGS + 1)
    ]
    record.readings(readings, meter)


@measures("perimeter_zone_length", instruments=("length_meter",), operator=True, seconds=120.0)
def test_perimeter_zone_length(manual_meter: Callable[[str], ManualMeter], ask: Ask, record: Record) -> None:
    """The perimeter that this zone alone guards is measured from end to end."""
    meter = manual_meter("length_meter")
    reading = meter.ask("length", "m", "perimeter.length")
    ask.photo("perimeter.photo")
    record.readings([reading], meter)


@measures("fence_pulse_energy", instruments=("fence_tester",), operator=True, seconds=120.0)
def test_fence_pulse_energy(manual_meter: Callable[[str], ManualMeter], record: Record) -> None:
    """The energy of one pulse into the rated load is read three times."""
    meter = manual_meter("fence_tester")
    readings = [
        meter.ask("pulse_energy", "J", "fence.energy", key=f"fence.energy{number}", number=number)
        for number in range(1, _READINGS + 1)
    ]
    record.readings(readings, meter)


@measures("hold_up_zones", operator=True, seconds=60.0)
def test_hold_up_zones(site: Site, ask: Ask, record: Record) -> None:
    """The zones that hold-up devices have to themselves are counted on the spot, the drawing in hand."""
    listed = [one.id for one in site.of_kind(DeviceKind.ZONE) if one.attributes.get("type") == "hold_up"]
    named = ", ".join(listed) or message("hold_up.none_listed")
    count = ask.count("hold_up.zones", low=0, high=10_000, listed=named)
    if count != len(listed):
        record.deviation(f"点位表记为 {len(listed)} 个，现场为 {count} 个")
    record.number(count)


@measures("hold_up_devices_per_zone", operator=True, seconds=60.0)
def test_hold_up_devices_per_zone(device: Device, ask: Ask, record: Record) -> None:
    """The hold-up devices wired to this zone are counted on the spot."""
    count = ask.count("hold_up.devices", low=1, high=1000)
    listed = device.attributes.get("devices")
    if listed is not None and listed != count:
        record.deviation(f"点位表记为 {listed} 个，现场为 {count} 个")
    record.number(count)
