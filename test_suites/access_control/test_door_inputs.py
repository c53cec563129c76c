# SPDX-License-Identifier: Apache-2.0
"""门磁输入 — the shortest opening that is processed, and how long a door may stand open."""

from __future__ import annotations

from yanshou.fixtures.api import ContactOfDoor, Door, DoorSignal, Entrances, PulseSweep, Record, measures
from yanshou.model import FigureKind, NotApplicable

_SHORTEST_MS, _LONGEST_MS, _STEP_MS = 50.0, 800.0, 25.0  # shorter than a debounce, longer than any
_TRIALS = 3
_WATCH_S = 3.0
_OPEN_S = 120.0


@measures("shortest_processed_access_input", seconds=60.0)
def test_shortest_processed_access_input(entrances: Entrances, record: Record) -> None:
    """Openings of a contact of 50 ms to 800 ms, halving the interval between lost and processed."""
    door = next((one for one in entrances.doors if one.contact is not None), None)
    if door is None:
        record.cannot("检测台未接入任何门磁，不能触发输入")
    trials = record.times("pulse_trials", _TRIALS, "每一脉宽触发")
    seconds = record.duration("pulse_watch_s", _WATCH_S, "脉冲后观察")
    sweep = PulseSweep(ContactOfDoor(door), trials, seconds)
    found = sweep.search(_SHORTEST_MS, _LONGEST_MS, record.parameter("pulse_step_ms", _STEP_MS))
    record.figure(FigureKind.PULSES, sweep.figure())
    if found is None:
        record.at_least(_LONGEST_MS, "ms")
    elif not found.lost_ms:  # even the shortest was processed
        record.at_most(found.processed_ms, "ms")
    else:
        record.values([found.value_ms], "ms", found.components())


@measures(
    "system_open_time", wires=("reader|reader_line", "contact", "lock_coil"), intrusive=("lock_release",),
    seconds=30, waits={"open_time_s": _OPEN_S},
)  # fmt: skip
def test_system_open_time(door: Door, record: Record) -> None:
    """Somebody passes and leaves the door open: timed until it is shown as held."""
    if door.device.attributes.get("fixed_times") is False:
        raise NotApplicable("点位表注明该门的时间可以设定（fixed_times = false）")
    if door.wait_released(since=door.present_authorised()) is None:
        record.cannot("有权凭证未释放门锁，不能正常开门")
    longest = record.parameter("open_time_s", _OPEN_S)
    opened = door.open()
    held = door.wait_for(DoorSignal.HELD, since=opened, within=longest)
    if held is None:
        record.at_least(longest, "s")
        return
    record.latency(opened, held)
