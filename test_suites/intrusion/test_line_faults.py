# SPDX-License-Identifier: Apache-2.0
"""线路故障 — open, short and bent signal lines, a detector without supply, an exchanged component."""

from __future__ import annotations

from yanshou.fixtures.api import (
    Around,
    Disturber,
    Panel,
    PanelSignal,
    Record,
    Zone,
    ZoneAlarms,
    ZoneSignal,
    measures,
)

_ANSWERS = (ZoneSignal.ALARM, ZoneSignal.FAULT, ZoneSignal.TAMPER)
_RESISTANCE = {"eol_low": "线尾电阻减半", "eol_high": "线尾电阻增半"}


@measures("line_fault_alarm", intrusive=("siren", "hold_up"), seconds=8.0)
def test_line_fault_alarm(
    zone: Zone, panel: Panel, disturber: Disturber, alarms: ZoneAlarms, record: Record
) -> None:
    """The signal line is opened, shorted, and its end-of-line resistance halved and raised by half.

    Alarms of the zone that other items have made by opening the line are enough for that.
    """
    known = alarms.known()
    opened = [alarm.shown is not None for alarm in known]
    strays = [stray for alarm in known for stray in alarm.strays]
    faults = {"loop": "断路", "short": "短路"}
    supervised = zone.device.attributes.get("eol_ohm") is not None
    if supervised:
        faults |= {role: label for role, label in _RESISTANCE.items() if zone.wired(role)}
        left_out = [label for role, label in _RESISTANCE.items() if not zone.wired(role)]
        if left_out:
            record.deviation(f"检测台无电阻继电器，未做：{'、'.join(left_out)}")
    else:
        record.deviation("点位表未注明线尾电阻（eol_ohm），未做线尾电阻变化")
    asked = [role for role in faults if not (role == "loop" and opened and all(opened))]
    silent = []
    for role in asked:
        answered, beside = _answered(zone, role, panel, disturber)
        silent += [] if answered else [faults[role]]
        strays += beside
    wrong = [f"{'、'.join(silent)}未报警"] if silent else []
    wrong += [f"同时显示了：{'、'.join(dict.fromkeys(strays))}"] if strays else []
    record.logical(conforms=not wrong, n=len(faults), because="；".join(wrong))


@measures("detector_supply_cut_alarm", intrusive=("siren", "hold_up"), seconds=3.0)
def test_detector_supply_cut_alarm(zone: Zone, panel: Panel, disturber: Disturber, record: Record) -> None:
    """The detector's supply is cut: an alarm or a fault of that zone is shown."""
    answered, strays = _answered(zone, "supply", panel, disturber)
    wrong = [] if answered else ["切断探测器电源未报警"]
    wrong += [f"同时显示了：{'、'.join(dict.fromkeys(strays))}"] if strays else []
    record.logical(conforms=not wrong, because="；".join(wrong))


def _answered(zone: Zone, role: str, panel: Panel, disturber: Disturber) -> tuple[bool, list[str]]:
    """Whether the set panel shows anything of the zone while its circuit ``role`` is disturbed.

    Also what it shows of other zones meanwhile, in words.
    """
    around = Around.of(panel, zone)
    panel.arm(zone)
    since = disturber.disturb(zone, role)
    shown = panel.wait_any(zone, _ANSWERS, since=since)
    strays = around.strays()
    disturber.mend(zone, role)
    panel.bring_to_rest(zone)
    return shown is not None, strays


@measures("substitution_detection_time", seconds=3.0)
def test_substitution_detection_time(panel: Panel, record: Record) -> None:
    """A bus component is exchanged by the bench; timed until the panel shows the exchange."""
    if not panel.wired("substitute") or not panel.reports(PanelSignal.SUBSTITUTION):
        record.cannot("检测台无部件替换继电器，或主机接口不显示替换，替换时间不能测")
    exchanged = panel.disturb("substitute")
    record.latency(exchanged, panel.wait_trouble(PanelSignal.SUBSTITUTION, since=exchanged))
