# SPDX-License-Identifier: Apache-2.0
"""报警保持与复位 — an alarm stays until a person resets it."""

from __future__ import annotations

from yanshou.fixtures.api import Around, Panel, Record, Zone, ZoneSignal, measures

_HOLD_S = 600.0  # the laboratories watch a latched alarm for ten minutes
_WATCHED = "报警保持观察"


@measures("alarm_held_until_reset", intrusive=("siren",), waits={"hold_s": _HOLD_S})
def test_alarm_held_until_reset(zone: Zone, panel: Panel, record: Record) -> None:
    """The alarm names its zone and no other, sounds, stays while the loop is open, goes with the reset."""
    around = Around.of(panel, zone)
    panel.arm(zone)
    panel.listen()
    opened = zone.open_loop()
    if panel.wait_for(zone, ZoneSignal.ALARM, since=opened) is None:
        record.logical(conforms=False, because="报警未显示该防区")
        return
    silent = not zone.is_hold_up and panel.sounded(since=opened) is False
    seconds = record.duration("hold_s", _HOLD_S, _WATCHED)
    held = panel.watch(zone, ZoneSignal.ALARM, shown=True, seconds=seconds).held
    strays = around.strays()
    zone.close_loop()
    panel.disarm(zone)
    panel.reset()
    cleared = panel.wait_gone(zone, ZoneSignal.ALARM)
    wrong = [
        words
        for words, seen in (
            ("无声光提示", silent),
            ("报警自行消失", not held),
            ("手动复位后仍显示", not cleared),
            (f"同时显示了：{'、'.join(strays)}", strays),
        )
        if seen
    ]
    record.logical(conforms=not wrong, because="、".join(wrong))


@measures("no_self_reset", intrusive=("siren",), waits={"hold_s": _HOLD_S})
def test_no_self_reset(zone: Zone, panel: Panel, record: Record) -> None:
    """The loop is restored after the alarm: the alarm must stay, for nobody has reset it."""
    panel.arm(zone)
    opened = zone.open_loop()
    if panel.wait_for(zone, ZoneSignal.ALARM, since=opened) is None:
        record.logical(conforms=False, because="报警未显示，无法保持")
        return
    zone.close_loop()
    held = panel.watch(
        zone, ZoneSignal.ALARM, shown=True, seconds=record.duration("hold_s", _HOLD_S, _WATCHED)
    )
    record.logical(conforms=held.held, because="" if held.held else "回路恢复后报警自动复位")
