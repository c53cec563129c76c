# SPDX-License-Identifier: Apache-2.0
"""紧急报警 — armed day and night, latching."""

from __future__ import annotations

from yanshou.fixtures.api import Panel, Record, Zone, ZoneSignal, measures

_HOLD_S = 10.0


@measures("hold_up_always_armed_and_latching", intrusive=("hold_up",), waits={"hold_s": _HOLD_S})
def test_hold_up_always_armed_and_latching(zone: Zone, panel: Panel, record: Record) -> None:
    """The system is unset and the button pressed: alarm; the button is let go: the alarm stays."""
    panel.disarm(zone)
    pressed = zone.open_loop()
    if panel.wait_for(zone, ZoneSignal.ALARM, since=pressed) is None:
        record.logical(conforms=False, because="撤防状态下按下紧急按钮未报警")
        return
    zone.close_loop()
    seconds = record.duration("hold_s", _HOLD_S, "自锁观察")
    held = panel.watch(zone, ZoneSignal.ALARM, shown=True, seconds=seconds)
    record.logical(conforms=held.held, because="" if held.held else "按钮松开后报警未自锁")
