# SPDX-License-Identifier: Apache-2.0
"""人脸识读 — counted tries of enrolled persons, the time of a decision, the distances."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from yanshou.fixtures.api import Ask, MeterOf, Record, measures, rectangular

_MOST = 100_000
_TIMED = 10
_PASSES = 3


@measures("face_false_rejection_rate", operator=True, seconds=600)
def test_face_false_rejection_rate(ask: Ask, tries_to_prove: int, record: Record) -> None:
    """Enrolled persons present themselves; those refused are counted. How many it takes is told before."""
    tries, refused = _counted(ask, tries_to_prove)
    record.count(refused, tries, because=_because(tries, refused, tries_to_prove))


@measures("face_pass_rate", operator=True, seconds=600)
def test_face_pass_rate(ask: Ask, tries_to_prove: int, record: Record) -> None:
    """Enrolled persons present themselves; those admitted are counted. How many it takes is told before."""
    tries, refused = _counted(ask, tries_to_prove)
    record.count(tries - refused, tries, because=_because(tries, refused, tries_to_prove))


def _counted(ask: Ask, needed: int) -> tuple[int, int]:
    """Tries and refusals of enrolled persons; the setting and the tally are kept as evidence."""
    ask.text("face.threshold")
    tries = ask.count("face.tries", low=1, high=_MOST, needed=needed)
    refused = ask.count("face.refused", low=0, high=tries, tries=tries)
    ask.photo("face.tally", scan=True)
    return tries, refused


def _because(tries: int, refused: int, needed: int) -> str:
    return f"{tries} 次中拒绝 {refused} 次；无一拒绝时至少须 {needed} 次（95 %）"


@measures("face_response_time", instruments=("frame_timer",), operator=True, seconds=120)
def test_face_response_time(manual_meter: MeterOf, ask: Ask, record: Record) -> None:
    """Each of ten presentations is filmed; from the frame with the face to that of the decision."""
    meter = manual_meter("frame_timer")
    readings = [
        meter.ask("time_interval", "s", "face.time", key=f"face.time{number}", number=number)
        for number in range(1, _TIMED + 1)
    ]
    ask.photo("face.film", film=True)
    record.readings(readings, meter)


@measures("face_nearest_distance", instruments=("laser_distance_meter",), operator=True, seconds=120)
def test_face_nearest_distance(manual_meter: MeterOf, record: Record) -> None:
    """An enrolled person comes nearer step by step; the farthest of three nearest places counts."""
    _distance("face.nearest", max, manual_meter, record)


@measures("face_farthest_distance", instruments=("laser_distance_meter",), operator=True, seconds=120)
def test_face_farthest_distance(manual_meter: MeterOf, record: Record) -> None:
    """An enrolled person goes back step by step; the nearest of three farthest places counts."""
    _distance("face.farthest", min, manual_meter, record)


def _distance(
    message: str, worst: Callable[[Iterable[float]], float], meter_of: MeterOf, record: Record
) -> None:
    meter, step = meter_of("laser_distance_meter"), record.criterion("step_m")
    readings = [
        meter.ask("length", "m", message, key=f"{message}{number}", number=number, step=step)
        for number in range(1, _PASSES + 1)
    ]
    u = max(one.u for one in readings)
    record.values(
        [worst(one.value for one in readings)],
        "m",
        [meter.calibrated.component(u), rectangular("last step", step, "nobody stood in between")],
    )
