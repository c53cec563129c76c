# SPDX-License-Identifier: Apache-2.0
"""设防 — what prevents setting, how much time the entry gives."""

from __future__ import annotations

from collections.abc import Sequence

from yanshou.fixtures.api import Disturber, Panel, Record, Zone, Zones, ZoneSignal, measures

_REFUSAL_S = 10.0  # how long it is waited whether the panel sets after all
_NOTIFIED_S = 180.0  # how long the notification is waited for
_DETECTOR_FAULTS = {"tamper": "防拆", "short": "信号线短路", "supply": "探测器断电"}
_PANEL_FAULTS = {"lid": "主机防拆", "mains": "主电源故障", "battery": "备用电源故障"}
_NEEDS_POWER_CUT = ("mains", "battery")


@measures("setting_prevented_active", intrusive=("hold_up",), seconds=15.0)
def test_setting_prevented_active(zones: Zones, panel: Panel, disturber: Disturber, record: Record) -> None:
    """A detector is active, then a hold-up device operated: each time setting is refused."""
    conditions = [(zones.of_type("normal"), "探测器活动"), (zones.of_type("hold_up"), "紧急报警装置触发")]
    wanted = [(found[0], "loop", label) for found, label in conditions if found]
    _refused_with(
        wanted, [label for found, label in conditions if not found], zones, panel, disturber, record
    )


@measures("setting_prevented_fault", if_allowed=("power_cut",), seconds=40.0)
def test_setting_prevented_fault(zones: Zones, panel: Panel, disturber: Disturber, record: Record) -> None:
    """With each tamper and fault the bench can bring about, setting is refused."""
    roles = {
        role: label
        for role, label in _PANEL_FAULTS.items()
        if panel.wired(role) and (role not in _NEEDS_POWER_CUT or record.may("power_cut"))
    }
    wanted: list[tuple[Zone | Panel, str, str]] = [(panel, role, label) for role, label in roles.items()]
    for role, label in _DETECTOR_FAULTS.items():
        wanted += [(zone, role, label) for zone in zones.wired(role)[:1]]
    done = {label for _, _, label in wanted}
    left_out = [label for label in (_DETECTOR_FAULTS | _PANEL_FAULTS).values() if label not in done]
    _refused_with(wanted, [*left_out, "传输故障", "告警装置故障"], zones, panel, disturber, record)


@measures("setting_prevented_masking", seconds=8.0)
def test_setting_prevented_masking(zones: Zones, panel: Panel, disturber: Disturber, record: Record) -> None:
    """With a masked detector setting is refused."""
    detectors = zones.wired("mask") or zones.of_type("normal")
    _refused_with([(detectors[0], "mask", "探测器遮挡")], [], zones, panel, disturber, record)


@measures("setting_prevented_range_reduction", seconds=8.0)
def test_setting_prevented_range_reduction(
    zones: Zones, panel: Panel, disturber: Disturber, record: Record
) -> None:
    """With a detector of reduced range setting is refused."""
    detectors = zones.wired("range") or zones.of_type("normal")
    _refused_with([(detectors[0], "range", "探测范围缩小")], [], zones, panel, disturber, record)


def _refused_with(
    wanted: Sequence[tuple[Zone | Panel, str, str]],
    left_out: list[str],
    zones: Zones,
    panel: Panel,
    disturber: Disturber,
    record: Record,
) -> None:
    """Setting works with nothing wrong, is refused under each condition of ``wanted``, and works after it.

    The partition that is set is that of the detector. A panel that refuses for ever after the first refusal
    would show nothing of the conditions that follow.
    """
    if not wanted:
        record.cannot("检测台不能产生任何一种应阻止设防的状态")
    if left_out:
        record.deviation(f"未产生的状态：{'、'.join(left_out)}")
    seconds = record.duration("refusal_watch_s", _REFUSAL_S, "拒绝设防观察")
    accepted, before = [], ""
    for thing, role, label in wanted:
        zone = thing if isinstance(thing, Zone) else zones.all[0]
        if not panel.sets_within(seconds, zone):
            if before:
                record.cannot(f"{before}解除并复位后主机仍不能设防，无从判断")
            record.cannot("没有任何异常时主机也不能设防，无从判断")
        disturber.disturb(thing, role)
        if panel.sets_within(seconds, zone):
            accepted.append(label)
        disturber.mend(thing, role)
        panel.reset()
        zones.rest()
        panel.bring_itself_to_rest()
        before = label
    wrong = [f"以下状态下仍可设防：{'、'.join(accepted)}"] if accepted else []
    wrong += dict.fromkeys(panel.strays)
    record.logical(conforms=not wrong, n=len(wanted), because="；".join(wrong))


@measures("entry_time", intrusive=("siren",), seconds=50.0)
def test_entry_time(zones: Zones, panel: Panel, record: Record) -> None:
    """The entry door of the set system is opened and nobody unsets; timed until the alarm."""
    entries = zones.of_type("entry")
    if not entries:
        record.cannot("点位表中没有接入检测台的出入口延时防区（type=entry）")
    for entry in entries:
        panel.arm(entry)
        opened = entry.open_loop()
        record.latency(opened, panel.wait_for(entry, ZoneSignal.ALARM, since=opened))
        panel.bring_to_rest(entry)


@measures("notification_delay_after_entry", intrusive=("siren", "dispatch"), seconds=90.0)
def test_notification_delay_after_entry(zones: Zones, panel: Panel, record: Record) -> None:
    """The entry time runs out; timed from the alarm on the spot to the notification of the centre."""
    entries = zones.of_type("entry")
    if not entries or panel.wires.notify is None:
        record.cannot("没有出入口延时防区，或检测台未接主机的远传触点（notify）")
    panel.wires.notify()
    panel.arm(entries[0])
    opened = entries[0].open_loop()
    alarmed = panel.wait_for(entries[0], ZoneSignal.ALARM, since=opened)
    if alarmed is None:
        record.cannot("进入延时结束后未报警，无从计时")
    watch = record.parameter("notification_watch_s", _NOTIFIED_S)
    notified = panel.notified(since=alarmed, within=watch)
    if notified is None:
        record.cannot("等待时间内未见远传，无从计时")
    record.latency(alarmed, notified)
