# SPDX-License-Identifier: Apache-2.0
"""供电 — how long the battery carries the panel, what is shown when power fails, what survives it."""

from __future__ import annotations

from collections.abc import Callable

from yanshou.fixtures.api import (
    CLASSES_APART,
    Around,
    Ask,
    Disturber,
    ManualMeter,
    Meter,
    Panel,
    PanelSignal,
    Record,
    Zones,
    measures,
    rectangular,
)

_READINGS = 5
_DISCHARGE_S = 28_800.0  # the eight hours of GB 55029-2022 3.5.1(9)
_LATCHED_S = 10.0
_OFF_S = 10.0
_SWITCHOVERS = 20
_FAULTS = {
    "mains": (PanelSignal.MAINS, "主电源断电"),
    "battery": (PanelSignal.BATTERY, "备用电源断开"),
    "battery_weak": (PanelSignal.BATTERY_LOW, "备用电源欠压"),
}


@measures(
    "backup_supply_duration",
    instruments=("multimeter",),
    if_allowed=("power_cut",),
    waits={"discharge_s": _DISCHARGE_S},
)
def test_backup_supply_duration(panel: Panel, supply_meter: Meter, record: Record) -> None:
    """Capacity with ageing over the measured current estimates the time; a timed discharge supports it."""
    capacity = panel.number_of("battery_ah", "Ah")
    currents = [supply_meter.read("dc_current", "A") for _ in range(_READINGS)]
    discharged = _discharge(panel, record)
    share, spread = record.criterion("ageing"), record.criterion("ageing_spread")
    method = f"额定容量 {capacity:g} Ah × 老化系数 {share:g} ÷ 实测静态电流；{discharged}"
    if discharged == "":
        return
    ageing = rectangular("ageing of the battery", spread / share, f"judgement: {share:g} ± {spread:g}")
    record.quotient(share * capacity, currents, supply_meter, "h", relative=[ageing], method=method)


def _discharge(panel: Panel, record: Record) -> str:
    """What a timed discharge showed; empty when the battery gave up, which is a result of its own."""
    if not (record.may("power_cut") and panel.wired("mains")):
        return "未做放电"
    seconds = record.parameter("discharge_s", _DISCHARGE_S)  # supports the estimate, decides nothing
    usual = record.criterion("usual_discharge_s")
    if seconds < usual:
        record.deviation(f"断开主电源放电 {seconds:g} s，短于通常的 {usual:g} s")
    cut = panel.disturb("mains")
    seen = panel.reports(PanelSignal.MAINS) and panel.wait_trouble(PanelSignal.MAINS, since=cut) is not None
    lasted = panel.answers_for(seconds, since=cut)
    panel.mend("mains")
    panel.wait_alive()
    if lasted < seconds:
        record.values(
            [lasted / 3600], "h", [rectangular("moment it failed", 1 / 3600, "asked about once a second")]
        )
        record.deviation(f"断开主电源 {lasted:.0f} s 后主机停止工作")
        return ""
    if not seen:
        return f"断开主电源 {seconds:g} s，主机工作正常，但未见主电源故障显示，不能证明主电源确已断开"
    return f"断开主电源 {seconds:g} s，主机工作正常"


@measures("power_fault_indicated", intrusive=("power_cut",), seconds=40.0, waits={"hold_s": _LATCHED_S})
def test_power_fault_indicated(panel: Panel, disturber: Disturber, ask: Ask, record: Record) -> None:
    """Mains cut, battery pulled, battery weak: each is shown and heard, and stays after it is put right."""
    wrong = []
    panel.listen()
    if panel.buzzes_at_rest():
        record.cannot("蜂鸣器在无故障时已鸣响，声指示无从判断")
    around = Around.of(panel)
    for role, (signal, label) in _FAULTS.items():
        since = disturber.disturb(panel, role)
        reported = panel.reports(signal)
        shown = panel.wait_trouble(signal, since=since) is not None if reported else ask.yes(f"{role}.shown")
        heard = panel.buzzed(since=since) if panel.wires.buzzer else None
        if heard is None:
            heard = ask.yes(f"{role}.heard")
        disturber.mend(panel, role)
        wrong += [f"{label}无光指示"] if not shown else []
        wrong += [f"{label}无声指示"] if not heard else []
        if shown and not _stays(panel, role, signal, reported=reported, ask=ask, record=record):
            wrong.append(f"{label}指示不保持")
        record.seen_in_passing((f"{label}时 {one}" for one in around.alarms()), of=CLASSES_APART)
        panel.bring_itself_to_rest()
    record.logical(conforms=not wrong, n=len(_FAULTS), because="；".join(wrong))


def _stays(panel: Panel, role: str, signal: PanelSignal, *, reported: bool, ask: Ask, record: Record) -> bool:
    if not reported:
        return ask.yes("fault_stays", key=f"{role}.stays")
    seconds = record.duration("hold_s", _LATCHED_S, "故障指示保持观察")
    return panel.watch_trouble(signal, shown=True, seconds=seconds).held


@measures("set_state_survives_power_loss", intrusive=("power_cut", "siren"), seconds=60.0)
def test_set_state_survives_power_loss(
    zones: Zones, panel: Panel, disturber: Disturber, record: Record
) -> None:
    """Set, then unset: all power is cut and restored, and the panel is found as it was left."""
    zone = zones.all[0]
    seconds = record.duration("power_off_s", _OFF_S, "断电")
    changed = []
    for label, put, expected in (("设防", panel.arm, True), ("撤防", panel.disarm, False)):
        put(zone)
        disturber.disturb(panel, "mains")
        disturber.disturb(panel, "battery")
        panel.require_dark(seconds)
        disturber.mend(panel, "battery")
        disturber.mend(panel, "mains")
        panel.wait_alive()
        if panel.is_armed(zone.partition) is not expected:
            changed.append(label)
    because = f"断电恢复后不再保持：{'、'.join(changed)}" if changed else ""
    record.logical(conforms=not changed, n=2, because=because)


@measures("mains_switchover", intrusive=("power_cut", "siren"), seconds=60.0)
def test_mains_switchover(zones: Zones, panel: Panel, disturber: Disturber, record: Record) -> None:
    """The set panel loses its mains again and again: shown each time, set throughout, never dark."""
    zone = zones.all[0]
    if not panel.reports(PanelSignal.MAINS):
        record.cannot("主机接口不显示主电源故障，自动切换须以人工观察")
    times = record.times("switchovers", _SWITCHOVERS, "主电源断电")
    wrong: list[str] = []
    around = Around.of(panel)
    for number in range(1, times + 1):
        panel.arm(zone)
        since = disturber.disturb(panel, "mains")
        if panel.wait_trouble(PanelSignal.MAINS, since=since) is None:
            wrong.append(f"第 {number} 次未显示主电源故障")
        if not panel.is_armed(zone.partition):
            wrong.append(f"第 {number} 次设防状态丢失")
        disturber.mend(panel, "mains")
        panel.bring_itself_to_rest()
    record.seen_in_passing((f"主电源断电时 {one}" for one in around.alarms()), of=CLASSES_APART)
    record.logical(conforms=not wrong, n=times, because="；".join(wrong[:3]))


@measures("recharge_time", instruments=("clamp_meter",), operator=True)
def test_recharge_time(panel: Panel, manual_meter: Callable[[str], ManualMeter], record: Record) -> None:
    """After a discharge the charging current is read; it gives the time to 80 % of the capacity."""
    capacity, recharged = panel.number_of("battery_ah", "Ah"), record.criterion("recharged")
    meter = manual_meter("clamp_meter")
    reading = meter.ask("dc_current", "A", "charging_current")
    record.quotient(
        recharged * capacity,
        [reading],
        meter,
        "h",
        method=f"额定容量 {capacity:g} Ah × {recharged:g} ÷ 实测充电电流 {reading.value:g} A，按恒流计",
    )
