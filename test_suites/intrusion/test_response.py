# SPDX-License-Identifier: Apache-2.0
"""入侵报警响应 — how soon, and whether at all, an alarm is shown."""

from __future__ import annotations

from yanshou.fixtures.api import (
    ALARM,
    Alarms,
    Around,
    Panel,
    Phase,
    Record,
    Together,
    UnsetAnswerOf,
    Zone,
    ZoneAlarms,
    ZoneSignal,
    measures,
)

_UNSET_WATCH_S = 3.0  # longer than an alarm may take when set


@measures(
    "alarm_response_time",
    repetitions=10,
    fewest=10,
    intrusive=("siren",),
    phase=Phase.TIMED,
    alarms=Alarms.SHARED,
)
def test_alarm_response_time(alarms: ZoneAlarms, record: Record) -> None:
    """The armed zone is opened by its relay; timed until the panel shows that zone in alarm.

    Its alarms that other items of the run have timed, after a rest or in passing, are judged with them.
    """
    for one in alarms.in_passing():
        record.latency(one.opened, one.shown)
    for alarm in alarms.each():
        record.latency(alarm.opened, alarm.shown)


@measures("signal_delivery_time", repetitions=3, intrusive=("siren", "hold_up"))
def test_signal_delivery_time(zone: Zone, panel: Panel, alarms: ZoneAlarms, record: Record) -> None:
    """The component gives its signal; timed until it is shown where it is to arrive, at the panel."""
    if not panel.reports(ZoneSignal.OPEN):
        record.deviation("主机接口只显示报警：送达时间含主机的处理时间")
        for alarm in alarms.each():
            record.latency(alarm.opened, alarm.shown)
        return
    for _ in record.repetitions:
        around = Around.of(panel, zone)
        opened = zone.open_loop()
        record.latency(opened, panel.wait_for(zone, ZoneSignal.OPEN, since=opened))
        record.seen_in_passing(around.strays(), of=ALARM)
        panel.bring_to_rest(zone)


@measures("missed_alarms", repetitions=3, intrusive=("siren",), phase=Phase.TIMED, alarms=Alarms.SHARED)
def test_missed_alarms(alarms: ZoneAlarms, record: Record) -> None:
    """Every trigger of the armed zone must bring its alarm; those that do not are counted.

    It comes after the other items, whose triggers count as well.
    """
    missed = triggers = 0
    for triggers, alarm in enumerate(alarms.each(), start=1):
        if alarm.shown is None:
            missed += 1
            record.unanswered(f"第 {triggers} 次触发无报警")
    record.count(missed, triggers)


@measures("responses_when_unset", waits={"unset_watch_s": _UNSET_WATCH_S}, together=Together.UNSET)
def test_responses_when_unset(unset_answer: UnsetAnswerOf, record: Record) -> None:
    """The unset zone is opened: nothing may answer for as long as an alarm may take when set."""
    found = unset_answer()
    if found.unexplained and not found.answered:
        record.invalid(f"与其他防区一起触发时另见 {'、'.join(found.unexplained)}，单独触发时未再现，原因不明")
    said = [*found.strays, *(["与其他防区一起触发时报警，单独触发时未报警"] if found.only_beside else [])]
    record.count(1 if found.answered or found.strays else 0, 1, because="、".join(said))
