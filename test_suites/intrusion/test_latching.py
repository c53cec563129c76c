# SPDX-License-Identifier: Apache-2.0
"""报警保持与复位 — an alarm stays until a person resets it."""

from __future__ import annotations

from yanshou.fixtures.api import Panel, Record, Zone, ZoneSignal, measures

_HOLD_S = 600.0  # the laboratories watch a latched alarm for ten minutes


def _hold(record: Record) -> float:
    """How long is watched; shorter than the usual method is a deviation that the report prints."""
    seconds = record.parameter("hold_s", _HOLD_S)
    if seconds < _HOLD_S:
        record.deviation(f"报警保持观察 {seconds:g} s，短于通常的 {_HOLD_S:g} s")
    return seconds


@measures("alarm_held_until_reset", intrusive=("siren",))
def test_alarm_held_until_reset(zone: Zone, panel: Panel, record: Record) -> None:
    """The alarm names its zone, stays shown while the loop is open, and goes only with the manual reset."""
    panel.arm(zone)
    opened = zone.open_loop()
    if panel.wait_for(zone, ZoneSignal.ALARM, since=opened) is None:
        record.logical(conforms=False, because="报警未显示该防区")
        return
    held = panel.watch(zone, ZoneSignal.ALARM, shown=True, seconds=_hold(record))
    zone.close_loop()
    panel.disarm(zone)
    panel.reset()
    cleared = panel.wait_gone(zone, ZoneSignal.ALARM)
    because = "" if held.held and cleared else "报警自行消失" if not held.held else "手动复位后仍显示报警"
    record.logical(conforms=held.held and cleared, because=because)


@measures("no_self_reset", intrusive=("siren",))
def test_no_self_reset(zone: Zone, panel: Panel, record: Record) -> None:
    """The loop is restored after the alarm: the alarm must stay, for nobody has reset it."""
    panel.arm(zone)
    opened = zone.open_loop()
    if panel.wait_for(zone, ZoneSignal.ALARM, since=opened) is None:
        record.logical(conforms=False, because="报警未显示，无法保持")
        return
    zone.close_loop()
    held = panel.watch(zone, ZoneSignal.ALARM, shown=True, seconds=_hold(record))
    record.logical(conforms=held.held, because="" if held.held else "回路恢复后报警自动复位")
