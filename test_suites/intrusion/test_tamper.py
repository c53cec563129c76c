# SPDX-License-Identifier: Apache-2.0
"""防拆 — an opened cover is shown, set and unset."""

from __future__ import annotations

from yanshou.fixtures.api import (
    CLASSES_APART,
    Around,
    Ask,
    Disturber,
    Panel,
    PanelSignal,
    Record,
    Zone,
    ZoneSignal,
    measures,
)


@measures("tamper_alarm_in_both_states", intrusive=("siren",))
def test_tamper_alarm_in_both_states(zone: Zone, panel: Panel, record: Record) -> None:
    """The tamper loop is opened, once unset and once set: each time the panel shows that zone's tamper."""
    silent, strays = [], []
    for state, put in (("撤防", panel.disarm), ("设防", panel.arm)):
        around = Around.of(panel, zone)
        put(zone)
        opened = zone.open_tamper()
        if panel.wait_for(zone, ZoneSignal.TAMPER, since=opened) is None:
            silent.append(state)
        strays += around.strays()
        panel.clear(zone)
    wrong = [f"{'、'.join(silent)}状态下防拆未报警"] if silent else []
    wrong += [f"同时显示了：{'、'.join(dict.fromkeys(strays))}"] if strays else []
    record.logical(conforms=not wrong, n=2, because="；".join(wrong))


@measures("panel_tamper_alarm", intrusive=("siren",))
def test_panel_tamper_alarm(panel: Panel, disturber: Disturber, ask: Ask, record: Record) -> None:
    """The lid of the control equipment is opened: it raises a tamper alarm."""
    around = Around.of(panel)
    opened = disturber.disturb(panel, "lid")
    if panel.reports(PanelSignal.LID):
        shown = panel.wait_trouble(PanelSignal.LID, since=opened) is not None
    else:
        shown = ask.yes("lid.shown")
        ask.photo("lid.photo")
    record.seen_in_passing((f"打开机盖时 {one}" for one in around.alarms()), of=CLASSES_APART)
    disturber.mend(panel, "lid")
    record.logical(conforms=shown, because="" if shown else "打开机盖未报警")
