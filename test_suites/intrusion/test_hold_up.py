# SPDX-License-Identifier: Apache-2.0
"""紧急报警 — armed day and night, latching."""

from __future__ import annotations

import time

from yanshou.fixtures.api import Around, Panel, Record, Zone, ZoneSignal, measures
from yanshou.model import now

_HOLD_S = 10.0


@measures("hold_up_always_armed_and_latching", intrusive=("hold_up",), waits={"hold_s": _HOLD_S})
def test_hold_up_always_armed_and_latching(zone: Zone, panel: Panel, record: Record) -> None:
    """The system is unset and the button pressed: its alarm and no other; let go: the alarm stays."""
    panel.disarm(zone)
    around = Around.of(panel, zone)
    pressed = zone.open_loop()
    shown = panel.wait_for(zone, ZoneSignal.ALARM, since=pressed)
    if shown is None:
        record.logical(conforms=False, because="撤防状态下按下紧急按钮未报警")
        return
    let_go = zone.close_loop()
    seconds = record.duration("hold_s", _HOLD_S, "自锁观察") + let_go.latest - shown.latest
    time.sleep(max(0.0, shown.latest + seconds - now()))
    held = panel.watch(zone, ZoneSignal.ALARM, shown=True, seconds=seconds, since=shown)
    wrong = [] if held.held else ["按钮松开后报警未自锁"]
    wrong += [f"同时显示了：{'、'.join(strays)}"] if (strays := around.strays()) else []
    record.logical(conforms=not wrong, because="；".join(wrong))
