# SPDX-License-Identifier: Apache-2.0
"""输送带 — speed of the loaded belt, sideways shift after running forward and in reverse."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, ManualMeter, MeterOf, Reading, Record, evaluate, measures, message

_TIMES = 5
_ENDS = ("entry", "exit")
_METERS = ("length_meter", "stopwatch")


@measures("belt_speed", instruments=_METERS, operator=True, seconds=180)
def test_belt_speed(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """A mark on the loaded belt passes two marks on the frame; the time is taken five times."""
    length_meter, time_meter = (manual_meter(kind) for kind in _METERS)
    ask.done("belt.loaded")
    length = length_meter.ask("length", "m", "belt.length")
    times = [
        time_meter.ask("duration", "s", "belt.time", key=f"belt.time{number}", number=number)
        for number in range(1, _TIMES + 1)
    ]
    if length.value <= 0:
        record.unusable(length_meter.calibrated.useless(length), "m/s")
        return
    hand = record.criterion("hand_s")
    shares = evaluate.inspection.timed_by_hand(length, length_meter.component_of(length), times, hand)
    record.quotient(length.value, times, time_meter, "m/s", relative=shares)


@measures("belt_shift_forward", instruments=_METERS, operator=True, seconds=900)
def test_belt_shift_forward(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """The belt runs forward for 10 min; its edge is measured against the frame before and after."""
    _shift(manual_meter, ask, record, "forward")


@measures("belt_shift_reverse", instruments=_METERS, operator=True, seconds=180)
def test_belt_shift_reverse(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """The belt runs in reverse for 30 s; its edge is measured against the frame before and after."""
    _shift(manual_meter, ask, record, "reverse")


def _shift(manual_meter: MeterOf, ask: Ask, record: Record, way: str) -> None:
    length_meter, time_meter = (manual_meter(kind) for kind in _METERS)
    before = _edges(length_meter, f"{way}.before")
    ask.done(f"belt.run.{way}")
    ran = time_meter.ask("duration", "s", "belt.ran", key=f"{way}.ran")
    after = _edges(length_meter, f"{way}.after")
    asked = record.criterion("runs_s")
    if ran.value < asked:
        record.shortened(f"运行 {ran.value:g} s，短于规定的 {asked:g} s")
    ruler = max((*before, *after), key=lambda one: one.u)
    record.values(
        evaluate.inspection.shifted(before, after),
        "mm",
        evaluate.inspection.read_twice(length_meter.component_of(ruler), record.criterion("read_mm")),
    )


def _edges(length_meter: ManualMeter, when: str) -> list[Reading]:
    return [
        length_meter.ask("length", "mm", "belt.edge", key=f"{when}.{end}", end=message(f"belt.end.{end}"))
        for end in _ENDS
    ]
