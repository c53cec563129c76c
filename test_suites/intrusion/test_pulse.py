# SPDX-License-Identifier: Apache-2.0
"""输入脉冲 — the shortest activation of an input that is always processed."""

from __future__ import annotations

from yanshou.fixtures.api import Panel, PulseSweep, Record, Zone, ZoneInput, measures
from yanshou.model import FigureKind

_SHORTEST_MS, _LONGEST_MS, _STEP_MS = 50.0, 800.0, 25.0  # shorter than a debounce, longer than any
_TRIALS = 3
_WATCH_S = 3.0


@measures("shortest_processed_signal", intrusive=("siren", "hold_up"), seconds=60.0)
def test_shortest_processed_signal(zone: Zone, panel: Panel, record: Record) -> None:
    """Pulses of 50 ms to 800 ms at the set zone, halving the interval between lost and processed."""
    trials = record.times("pulse_trials", _TRIALS, "每一脉宽触发")
    seconds = record.duration("pulse_watch_s", _WATCH_S, "脉冲后观察")
    sweep = PulseSweep(ZoneInput(zone, panel), trials, seconds)
    found = sweep.search(_SHORTEST_MS, _LONGEST_MS, record.parameter("pulse_step_ms", _STEP_MS))
    record.figure(FigureKind.PULSES, sweep.figure())
    if found is None:
        record.at_least(_LONGEST_MS, "ms")
        return
    if not found.lost_ms:  # even the shortest pulse was processed
        record.at_most(found.processed_ms, "ms")
        return
    record.values([found.value_ms], "ms", found.components())
