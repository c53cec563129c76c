# SPDX-License-Identifier: Apache-2.0
"""设备电气安全 — insulation and leakage by instruments; damp heat and 1500 V by the type-test certificate."""

from __future__ import annotations

import math

from yanshou.fixtures.api import Ask, Duty, MeterOf, Record, evaluate, measures
from yanshou.model import Device

_CIRCUITS = ("live", "neutral")


@measures(
    "insulation_resistance",
    instruments=("insulation_tester",),
    intrusive=("power_cut",),
    operator=True,
    seconds=900,
)
def test_insulation_resistance(ask: Ask, manual_meter: MeterOf, record: Record) -> None:
    """Cut from the mains, live and neutral are read against the case at 500 V; the lower one is judged.

    "Over range" proves no more than the end of the range the meter was set to.
    """
    ask.done("insulation.cut_off")
    volts = ask.number("insulation.voltage", unit="V", low=1.0, high=10_000.0)
    if volts < record.criterion("test_voltage"):
        record.shortened(f"试验电压 {volts:g} V，低于 {record.criterion('test_voltage'):g} V")
    meter = manual_meter("insulation_tester")
    readings, beyond = [], []
    for number, circuit in enumerate(_CIRCUITS, start=1):
        key = f"insulation.{circuit}"
        shown = ask.choice("insulation.display", ("value", "over"), key=f"{key}_display", number=number)
        if shown == "value":
            readings.append(meter.ask("insulation_resistance", "Mohm", key=key, number=number))
        else:
            end = meter.ask(
                "insulation_resistance", "Mohm", "insulation.range", key=f"{key}_range", number=number
            )
            beyond.append(end.value - (end.U or 0.0))
    ask.done("insulation.connected")
    if readings and min(one.value for one in readings) <= min(beyond, default=math.inf):
        record.readings(readings, meter)
    else:
        record.at_least(min(beyond), "Mohm")


@measures("leakage_current", instruments=("leakage_meter",), operator=True, seconds=600)
def test_leakage_current(manual_meter: MeterOf, record: Record) -> None:
    """The current from the supply to the case is read twice, with the mains plug either way round."""
    meter = manual_meter("leakage_meter")
    readings = [
        meter.ask("leakage_current", "mA", key=f"leakage{number}", number=number) for number in (1, 2)
    ]
    record.readings(readings, meter)


@measures("insulation_resistance_damp", operator=True, seconds=180)
def test_insulation_resistance_damp(device: Device, ask: Ask, duty: Duty, record: Record) -> None:
    """The insulation resistance after damp heat, as the type-test certificate of this model states it."""
    certificate = _type_test(device, ask, duty, record)
    value = ask.number("type_test.damp", unit="Mohm", low=0.0, high=1e6)
    record.deviation(f"引自{certificate}，非本次检测")
    duty.measured(evaluate.exact("insulation_resistance_damp", record.device, value, "Mohm", certificate))


@measures("withstands_1500_v", operator=True, seconds=180)
def test_withstands_1500_v(device: Device, ask: Ask, duty: Duty, record: Record) -> None:
    """Voltage, time and outcome of the test, as the type-test certificate of this model states them."""
    certificate = _type_test(device, ask, duty, record)
    volts = ask.number("type_test.voltage", unit="V", low=0.0, high=100_000.0)
    seconds = ask.number("type_test.time", unit="s", low=0.0, high=86_400.0)
    if ask.yes("type_test.breakdown"):
        duty.broken(f"{volts:g} V、{seconds:g} s 时击穿")
    elif volts < record.criterion("test_voltage") or seconds < record.criterion("test_time"):
        duty.unseen(f"证书载明的试验为 {volts:g} V、{seconds:g} s，不足以说明")
    record.deviation(f"引自{certificate}，非本次检测")
    duty.conclude()


def _type_test(device: Device, ask: Ask, duty: Duty, record: Record) -> str:
    """The certificate of the type test of this very model; without it nothing is known of the device."""
    if not device.model:
        record.cannot("点位表没有型号，不能与型式检验证书核对")
    certificate = duty.paper("type_test", needed=False)
    if certificate is None:
        record.cannot("没有见到型式检验证书：该项须由型式检验实验室检测")
    model = ask.text("type_test.model")
    if not evaluate.same_model(model, device.model):
        record.cannot(f"型式检验证书 {certificate.number} 的型号为 {model}，点位表为 {device.model}")
    return certificate.cited
