# SPDX-License-Identifier: Apache-2.0
"""入侵报警响应 — how soon, and whether at all, an alarm is shown."""

from __future__ import annotations

from yanshou.fixtures.api import (
    Around,
    Panel,
    Phase,
    Record,
    Together,
    UnsetAnswerOf,
    Zone,
    ZoneSignal,
    measures,
)

_UNSET_WATCH_S = 3.0  # longer than an alarm may take when set


@measures("alarm_response_time", repetitions=10, fewest=10, intrusive=("siren",), phase=Phase.TIMED)
def test_alarm_response_time(zone: Zone, panel: Panel, record: Record) -> None:
    """The armed zone is opened by its relay; timed until the panel shows that zone in alarm.

    Its alarms that other items of the run have timed, after a rest or in passing, are judged with them.
    """
    for one in panel.timed_elsewhere(zone):
        record.latency(one.opened, one.shown)
    for _ in record.repetitions:
        panel.arm(zone)
        around = Around.of(panel, zone)
        opened = zone.open_loop()
        shown = panel.wait_for(zone, ZoneSignal.ALARM, since=opened)
        record.latency(opened, shown)
        record.seen_in_passing(around.strays())
        panel.clear(zone)


@measures("signal_delivery_time", repetitions=3, intrusive=("siren", "hold_up"))
def test_signal_delivery_time(zone: Zone, panel: Panel, record: Record) -> None:
    """The component gives its signal; timed until it is shown where it is to arrive, at the panel."""
    arrives = ZoneSignal.OPEN if panel.reports(ZoneSignal.OPEN) else ZoneSignal.ALARM
    if arrives is ZoneSignal.ALARM:
        record.deviation("主机接口只显示报警：送达时间含主机的处理时间")
    for _ in record.repetitions:
        if arrives is ZoneSignal.ALARM:
            panel.arm(zone)
        around = Around.of(panel, zone)
        opened = zone.open_loop()
        record.latency(opened, panel.wait_for(zone, arrives, since=opened))
        record.seen_in_passing(around.strays())
        panel.bring_to_rest(zone)


@measures("missed_alarms", repetitions=3, intrusive=("siren",))
def test_missed_alarms(zone: Zone, panel: Panel, record: Record) -> None:
    """Every trigger of the armed zone must bring its alarm; those that do not are counted."""
    missed = triggers = 0
    for triggers in record.repetitions:
        panel.arm(zone)
        around = Around.of(panel, zone)
        opened = zone.open_loop()
        if panel.wait_for(zone, ZoneSignal.ALARM, since=opened) is None:
            missed += 1
            record.unanswered(f"第 {triggers} 次触发无报警")
        record.seen_in_passing(around.strays())
        panel.clear(zone)
    record.count(missed, triggers)


@measures("responses_when_unset", waits={"unset_watch_s": _UNSET_WATCH_S}, together=Together.UNSET)
def test_responses_when_unset(unset_answer: UnsetAnswerOf, record: Record) -> None:
    """The unset zone is opened: nothing may answer for as long as an alarm may take when set."""
    found = unset_answer()
    if found.unexplained and not found.answered:
        record.invalid(f"与其他防区一起触发时另见 {'、'.join(found.unexplained)}，单独触发时未再现，原因不明")
    said = [*found.strays, *(["与其他防区一起触发时报警，单独触发时未报警"] if found.only_beside else [])]
    record.count(1 if found.answered or found.strays else 0, 1, because="、".join(said))
