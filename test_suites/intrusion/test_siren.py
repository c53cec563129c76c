# SPDX-License-Identifier: Apache-2.0
"""警号 — sounds again while the alarm is not reset, and how loud."""

from __future__ import annotations

from collections.abc import Callable

from yanshou.fixtures.api import (
    PULSE_PAUSE_S,
    Alarms,
    ManualMeter,
    Panel,
    Phase,
    Record,
    SirenCourseOf,
    Zones,
    measures,
    settled,
)
from yanshou.model import NotApplicable

_STOPS_S = 900.0  # sirens are mostly limited to some minutes
_READINGS = 3


@measures("siren_resounds_after", intrusive=("siren",), seconds=200.0, phase=Phase.TIMED, alarms=Alarms.HEARD)
def test_siren_resounds_after(
    zones: Zones, panel: Panel, siren_course: SirenCourseOf, record: Record
) -> None:
    """The siren ends its time, nobody resets; timed from its end until it sounds again.

    It has ended when it is silent for longer than a siren that pulses pauses.
    If it did so while an alarm of the panel was watched for holding, nothing is triggered once more.
    """
    pause_s = record.duration("siren_pause_s", PULSE_PAUSE_S, "警号静默")
    if (heard := siren_course()) is not None and heard.ended is not None:
        record.latency(heard.ended, heard.again)
        return
    normal = zones.of_type("normal")
    if panel.wires.siren is None or not normal:
        record.cannot("检测台未接警号输出（siren），或没有可触发的普通防区")
    siren = panel.wires.siren()
    panel.arm(normal[0])
    opened = normal[0].open_loop()
    began = siren.wait_active(since=opened, within=panel.patience)
    if began is None:
        record.cannot("报警时警号未鸣响，无从计时")
    stops = record.parameter("siren_stops_s", _STOPS_S)
    ended = settled(siren, since=began, within=stops, still_s=pause_s)
    if ended is None:
        raise NotApplicable(f"警号在复位前持续鸣响，{stops:g} s 内未停")
    record.latency(ended, siren.wait_active(since=ended, within=panel.patience))


@measures("siren_level_indoor", instruments=("sound_level_meter",), intrusive=("siren",), operator=True)
def test_siren_level_indoor(
    zones: Zones, panel: Panel, manual_meter: Callable[[str], ManualMeter], record: Record
) -> None:
    """Indoor siren, 1 m before it, A-weighted, fast: read three times, the background before."""
    _level("indoor", "室内", zones, panel, manual_meter("sound_level_meter"), record)


@measures("siren_level_outdoor", instruments=("sound_level_meter",), intrusive=("siren",), operator=True)
def test_siren_level_outdoor(
    zones: Zones, panel: Panel, manual_meter: Callable[[str], ManualMeter], record: Record
) -> None:
    """Outdoor siren, 1 m before it, A-weighted, fast: read three times, the background before."""
    _level("outdoor", "室外", zones, panel, manual_meter("sound_level_meter"), record)


def _level(place: str, label: str, zones: Zones, panel: Panel, meter: ManualMeter, record: Record) -> None:
    if panel.device.attributes.get("sirens", "both") not in {place, "both"}:
        raise NotApplicable(f"该主机没有{label}警号")
    normal = zones.of_type("normal")
    if not normal:
        record.cannot("没有可触发的普通防区，警号不能鸣响")
    background = meter.ask("sound_level", "dB(A)", f"siren.{place}.background", key=f"{place}.background")
    panel.arm(normal[0])
    normal[0].open_loop()
    readings = [
        meter.ask(
            "sound_level",
            "dB(A)",
            f"siren.{place}.level",
            key=f"{place}.level{number}",
            number=number,
        )
        for number in range(1, _READINGS + 1)
    ]
    quietest = min(readings, key=lambda reading: reading.value)
    quieter = record.criterion("above_background_db")
    if quietest.value - background.value < quieter:
        record.invalid(f"本底 {background.value:g} dB(A) 与读数相差不足 {quieter:g} dB")
    record.readings(readings, meter)
