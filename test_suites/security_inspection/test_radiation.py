# SPDX-License-Identifier: Apache-2.0
"""射线安全 — dose of one inspection, leakage around the equipment, dose rate at the operator's place."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, MeterOf, Record, evaluate, measures, message

_READINGS = 3
_SERIES = 3
_MOST_PASSES = 10_000
_MOST_UGY = 1e6
_PLACES = ("entry", "exit", "left", "right", "top", "bottom")


@measures("operator_dose_rate", instruments=("survey_meter",), intrusive=("beam",), operator=True)
def test_operator_dose_rate(manual_meter: MeterOf, record: Record) -> None:
    """At the operator's place, beam on, scatter body in the tunnel: the survey meter is read three times."""
    meter = manual_meter("survey_meter")
    readings = [meter.ask("dose_rate", "uSv/h", number=number) for number in range(1, _READINGS + 1)]
    record.readings(readings, meter)


@measures(
    "single_inspection_dose", instruments=("dosimeter",), intrusive=("beam",), operator=True, seconds=900
)
def test_single_inspection_dose(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """A dosimeter on the belt passes the tunnel a counted number of times, in three series."""
    meter = manual_meter("dosimeter")
    background = ask.number("dose.background", unit="uGy", low=0.0, high=_MOST_UGY)
    series = []
    for number in range(1, _SERIES + 1):
        passes = ask.count("dose.passes", low=1, high=_MOST_PASSES, key=f"dose.passes{number}", number=number)
        total = meter.ask("air_kerma", "uGy", "dose.total", key=f"dose.total{number}", number=number)
        series.append(evaluate.inspection.DoseSeries(total, passes))
    dose = evaluate.inspection.PassDose(tuple(series), background)
    if dose.impossible:
        record.unusable(dose.impossible, "uGy")
        return
    fewest, usual = min(one.passes for one in series), record.criterion("passes")
    if fewest < usual:
        record.shortened(f"每组通过 {fewest} 次，少于通常的 {usual:g} 次")
    record.values(dose.values, "uGy", dose.components(meter.component_of(series[0].total)))


@measures(
    "leakage_at_5_cm", instruments=("kerma_rate_meter",), intrusive=("beam",), operator=True, seconds=900
)
def test_leakage(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """5 cm from the surface at each named place; the worst counts, and a place not reached is reported."""
    meter = manual_meter("kerma_rate_meter")
    background = meter.ask("air_kerma_rate", "uGy/h", "leak.background")
    ask.done("leak.beam_on")
    places = {name: message(f"leak.place.{name}") for name in _PLACES}
    unreached = [
        name
        for name, place in places.items()
        if not ask.yes("leak.reached", key=f"reached.{name}", place=place)
    ]
    if len(unreached) == len(places):
        record.cannot("各位置均未能测量")
    read = {
        place.zh: meter.ask("air_kerma_rate", "uGy/h", "leak.rate", key=f"leak.{name}", place=place)
        for name, place in places.items()
        if name not in unreached
    }
    worst = max(read.values(), key=lambda one: one.value)
    if worst.value + (worst.U or 0.0) < background.value:
        record.invalid(
            f"各位置读数均低于本底 {background.value:g} uGy/h：仪器对该脉冲射线无响应，或射线未开启"
        )
    budget = [meter.component(max(one.u for one in read.values()))]  # the meter may have changed its range
    record.by_statistic(
        lambda statistic: evaluate.inspection.leakage(
            "leakage_at_5_cm", record.device, read, budget, statistic, whole=not unreached
        )
    )
    record.because("；".join(f"{place} {one.value:g} uGy/h" for place, one in read.items()))
    record.because(f"本底 {background.value:g} uGy/h，未扣除")
    if unreached:
        record.because(f"未能测量：{'、'.join(places[name].zh for name in unreached)}")
