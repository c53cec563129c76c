# SPDX-License-Identifier: Apache-2.0
"""市电 — capacity of the mains supply and its quality, read by a power analyser."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Duty, MeterOf, Record, evaluate, measures
from yanshou.model import Device, Measurement

_NOMINAL_V, _NOMINAL_HZ = 220.0, 50.0
_READINGS = 3


@measures("mains_capacity_ratio", instruments=("power_analyser",), operator=True)
def test_mains_capacity_ratio(device: Device, manual_meter: MeterOf, record: Record) -> None:
    """Everything works, the battery charges: the load is read; the rated capacity over it is the ratio."""
    rated = device.quantity("rated_w", "W", 0.0)
    if not rated:
        record.cannot("点位表未给出该电源的额定容量（rated_w）")
    meter = manual_meter("power_analyser")
    reading = meter.ask("power", "W", "full_load")
    record.quotient(rated, [reading], meter, "1")


@measures("charging_in_mains_load", operator=True)
def test_charging_in_mains_load(ask: Ask, record: Record) -> None:
    """The papers count the recharging of the standby supply in the load of the mains."""
    counted = ask.yes("charging.counted")
    ask.text("charging.reference")
    record.logical(conforms=counted, because="" if counted else "未计入充电功率")


@measures("steady_voltage_deviation", instruments=("power_analyser",), operator=True)
def test_steady_voltage_deviation(manual_meter: MeterOf, record: Record) -> None:
    """The supply voltage is read three times; its deviation from 220 V in per cent."""
    _deviations("voltage", "V", _NOMINAL_V, "%", 100 / _NOMINAL_V, manual_meter, record)


@measures("frequency_deviation", instruments=("power_analyser",), operator=True)
def test_frequency_deviation(manual_meter: MeterOf, record: Record) -> None:
    """The supply frequency is read three times; its deviation from 50 Hz."""
    _deviations("frequency", "Hz", _NOMINAL_HZ, "Hz", 1.0, manual_meter, record)


@measures("voltage_distortion", instruments=("power_analyser",), operator=True)
def test_voltage_distortion(manual_meter: MeterOf, record: Record) -> None:
    """The total harmonic distortion of the supply voltage is read three times."""
    _deviations("distortion", "%", 0.0, "%", 1.0, manual_meter, record)


@measures("supply_interruption", instruments=("power_analyser",), operator=True)
def test_supply_interruption(manual_meter: MeterOf, record: Record) -> None:
    """Supplies are switched three times; the interruption at the equipment is read each time."""
    _deviations("interruption", "ms", 0.0, "ms", 1.0, manual_meter, record)


@measures("video_emergency_supply_duration", intrusive=("power_cut",), operator=True, seconds=3600)
def test_video_emergency_supply_duration(ask: Ask, duty: Duty, record: Record) -> None:
    """Mains is cut: from the moment it was cut to the one at which recording or live viewing stopped."""
    record.measurement(_without_mains("video_emergency_supply_duration", ask, duty, record))


@measures("video_backup_supply", intrusive=("power_cut",), operator=True, seconds=3600)
def test_video_backup_supply(ask: Ask, duty: Duty, record: Record) -> None:
    """Mains is cut: from the moment it was cut to the one at which recording or live viewing stopped."""
    record.measurement(_without_mains("video_backup_supply", ask, duty, record))


def _without_mains(measurand: str, ask: Ask, duty: Duty, record: Record) -> Measurement:
    """Hours between two moments written down; a lower bound where all still worked at the second."""
    cut = ask.moment("emergency.cut")
    running = ask.choice("emergency.end", ("stopped", "restored")) == "restored"
    ended = ask.moment("emergency.ended")
    return evaluate.hours_between(measurand, record.device, cut, ended, duty.moment, running=running)


def _deviations(
    quantity: str,
    read_in: str,
    nominal: float,
    unit: str,
    scale: float,
    meter_of: MeterOf,
    record: Record,
) -> None:
    meter = meter_of("power_analyser")
    readings = [
        meter.ask(quantity, read_in, key=f"{quantity}{number}", number=number)
        for number in range(1, _READINGS + 1)
    ]
    u = scale * max(one.u for one in readings)  # another range of the meter may have a larger one
    values = [abs(one.value - nominal) * scale for one in readings]
    record.values(values, unit, [meter.calibrated.component(u)])
