# SPDX-License-Identifier: Apache-2.0
"""报警到中心 — how soon a zone's events are at the receiving centre, and whether they are right."""

from __future__ import annotations

from yanshou.fixtures.api import Alarms, Around, Panel, Record, Reporting, Zone, ZoneAlarms, measures

_OPEN_S = 3.0
_STAND_IN = "以检测接警机代替接警中心，到收全报文为止，不含中心显示"


def _tell_odd_forms(reporting: Reporting, record: Record) -> None:
    """Frames that were read though their form is not the protocol's: the report says so."""
    if odd := reporting.odd_forms():
        record.deviation(f"报文格式不符合 SIA DC-09，已按校验读出：{'、'.join(odd)}")


@measures("alarm_notification_time", repetitions=3, intrusive=("siren",), alarms=Alarms.GIVEN)
def test_alarm_notification_time(
    zone: Zone, panel: Panel, reporting: Reporting, alarms: ZoneAlarms, record: Record
) -> None:
    """The armed zone is opened by its relay; timed until the centre has its alarm message.

    What the panel shows of these alarms serves other items.
    """
    record.deviation(_STAND_IN)
    for _ in record.repetitions:
        panel.arm(zone)
        around = Around.of(panel, zone)
        reporting.begin()
        opened = zone.open_loop()
        received = reporting.wait_alarm(zone, since=opened)
        record.latency(opened, received.complete if received else None)
        if received is None and (refused := reporting.refusals()):
            record.deviation(f"未计入被拒的报文：{'、'.join(refused)}")
        _tell_odd_forms(reporting, record)
        alarms.keep(opened, around)
        panel.clear(zone)


@measures("centre_events_right", intrusive=("siren",), seconds=11.0)
def test_centre_events_right(zone: Zone, panel: Panel, reporting: Reporting, record: Record) -> None:
    """Alarm, restoral and tamper in turn: each comes to the centre, named right, after the one before.

    Nothing of the zone comes that has not happened: the loop stays open for a while after the alarm.

    A panel that names no partition (00) names none wrongly.
    """
    around = Around.of(panel, zone)
    panel.arm(zone)
    reporting.begin()
    alarm = reporting.wait_alarm(zone, since=zone.open_loop())
    if alarm is not None:
        reporting.watch_open(zone, _OPEN_S)
    closed = zone.close_loop()
    shown_too = around.strays()
    panel.disarm(zone)
    panel.clear(zone)
    restoral = reporting.wait_restoral(zone, since=closed)
    tampered = zone.open_tamper()
    tamper = reporting.wait_tamper(zone, since=tampered)
    panel.clear(zone)
    _tell_odd_forms(reporting, record)
    events = {"报警": alarm, "恢复": restoral, "防拆": tamper}
    wrong = [f"未正确收到{label}" for label, event in events.items() if event is None]
    numbers = [event.number for event in events.values() if event is not None]
    wrong += ["次序颠倒"] if numbers != sorted(numbers) else []
    stated = zone.partition if "partition" in zone.device.attributes else None
    wrong += [
        f"{label}报为 {event.partition} 分区，应为 {stated} 分区"
        for label, event in events.items()
        if stated and event is not None and event.partition not in {None, 0, stated}
    ]
    wrong += reporting.untrue(zone, alarm=alarm, closed=closed, tampered=tampered)
    wrong += [f"另报了 {'、'.join(strays)}"] if (strays := reporting.strays(zone)) else []
    came = [f"{one.code}/{one.qualifier}/{one.zone}" for one in reporting.came() if one.code]
    wrong += [f"主机同时显示了：{'、'.join(shown_too)}"] if shown_too else []
    reasons = [*wrong, *reporting.refusals(), f"实收 {'、'.join(came) or '无'}"] if wrong else []
    record.logical(conforms=not wrong, n=len(events), because="；".join(reasons))
