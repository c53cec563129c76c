# SPDX-License-Identifier: Apache-2.0
"""类别指示 — intrusion, hold-up, tamper and fault are told apart."""

from __future__ import annotations

import time

from yanshou.fixtures.api import CLASSES, Around, Ask, Panel, Record, Zone, Zones, ZoneSignal, measures
from yanshou.model import FigureKind, now

_APART_S = 2.0
_SIGNALS = {
    ZoneSignal.ALARM: "入侵",
    ZoneSignal.HOLD_UP: "紧急",
    ZoneSignal.TAMPER: "防拆",
    ZoneSignal.FAULT: "故障",
}


@measures("event_classes_distinguished", intrusive=("siren", "hold_up"), seconds=8.0)
def test_event_classes_distinguished(zones: Zones, panel: Panel, ask: Ask, record: Record) -> None:
    """One stimulus of each class at a set system: shown as that class, and as no other."""
    stimuli = zones.class_stimuli()
    if missing := [_SIGNALS[one] for one in CLASSES if one not in {given.signal for given in stimuli}]:
        record.cannot(f"检测台不能产生以下类别的信号：{'、'.join(missing)}")
    settle = record.duration("told_apart_s", _APART_S, "各类信号显示后观察")
    matrix: dict[str, list[str]] = {}
    strays: list[str] = []
    for given in stimuli:
        around = Around.of(panel, given.zone)
        panel.arm(given.zone)
        since = given.zone.disturb(given.circuit)
        panel.wait_any(given.zone, CLASSES, since=since)
        shown = panel.classes(given.zone)
        time.sleep(settle)  # a panel may add a class a moment later
        shown |= panel.classes(given.zone)
        if not panel.reports(given.signal):
            shown = _read_out(given.signal, ask)
        strays += around.strays()
        matrix[_SIGNALS[given.signal]] = sorted(_SIGNALS[one] for one in shown)
        panel.bring_to_rest(given.zone)
    wrong = [
        f"{given}显示为{'、'.join(shown) or '无'}" for given, shown in matrix.items() if shown != [given]
    ]
    wrong += [f"同时显示了：{'、'.join(dict.fromkeys(strays))}"] if strays else []
    record.figure(FigureKind.CLASSES, {"classes": list(_SIGNALS.values()), "shown": matrix})
    record.logical(conforms=not wrong, n=len(matrix), because="；".join(wrong))


def _read_out(signal: ZoneSignal, ask: Ask) -> set[ZoneSignal]:
    """What a person reads at the panel, where its interface does not report this class."""
    seen = ask.choice("class", [*(one.value for one in CLASSES), "none"], key=f"class.{signal.value}")
    return set() if seen == "none" else {ZoneSignal(seen)}


@measures("tamper_told_apart", seconds=4.0)
def test_tamper_told_apart(zone: Zone, panel: Panel, record: Record) -> None:
    """The cover alone is opened while unset: shown as a tamper of that zone, and never as its alarm."""
    panel.disarm(zone)
    opened = zone.open_tamper()
    alarms = [one for one in (ZoneSignal.ALARM, ZoneSignal.HOLD_UP) if panel.reports(one)]
    if panel.wait_for(zone, ZoneSignal.TAMPER, since=opened) is None:
        alarmed = any(panel.shows(zone, one) for one in alarms)
        record.logical(conforms=False, because="防拆显示为防区报警" if alarmed else "撤防状态下防拆无显示")
        return
    seconds = record.duration("told_apart_s", _APART_S, "防拆与报警区分观察")
    time.sleep(seconds)
    apart = all(
        panel.watch(zone, one, shown=False, seconds=now() - opened.latest, since=opened).held
        for one in alarms
    )
    record.logical(conforms=apart, because="" if apart else "防拆同时显示为防区报警")
