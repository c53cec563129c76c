# SPDX-License-Identifier: Apache-2.0
"""报警保持与复位 — an alarm stays until a person resets it."""

from __future__ import annotations

from yanshou.fixtures.api import ALARM, Alarms, HoldAlarm, Panel, Record, Together, Zone, measures

_HOLD_S = 600.0  # the laboratories watch a latched alarm for ten minutes


@measures(
    "alarm_held_until_reset",
    intrusive=("siren",),
    waits={"hold_s": _HOLD_S},
    together=Together.ALARMS,
    alarms=Alarms.GIVEN,
)
def test_alarm_held_until_reset(zone: Zone, panel: Panel, hold_alarm: HoldAlarm, record: Record) -> None:
    """The alarm names its zone and no other, sounds, stays while the loop is open, goes with the reset."""
    found = hold_alarm(restored=False)
    if panel.wires.siren is None and not zone.is_hold_up:
        record.unproven("检测台未接警号输出（siren），报警时是否有声提示未观察")
    if not found.shown:
        record.logical(conforms=False, because="报警未显示该防区")
        return
    wrong = [
        label
        for label, seen in (
            ("无声光提示", found.silent),
            ("报警自行消失", not found.held),
            ("手动复位后仍显示", not found.cleared),
            (f"同时显示了：{'、'.join(found.strays)}", found.strays),
        )
        if seen
    ]
    record.logical(conforms=not wrong, because="、".join(wrong))


@measures("no_self_reset", intrusive=("siren",), waits={"hold_s": _HOLD_S}, together=Together.ALARMS)
def test_no_self_reset(hold_alarm: HoldAlarm, record: Record) -> None:
    """The loop is restored after the alarm: the alarm must stay, for nobody has reset it."""
    found = hold_alarm(restored=True)
    record.seen_in_passing(found.wrong, of=ALARM)
    if not found.shown:
        record.logical(conforms=False, because="报警未显示，无法保持")
        return
    record.logical(conforms=found.held, because="" if found.held else "回路恢复后报警自动复位")
