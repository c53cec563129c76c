# SPDX-License-Identifier: Apache-2.0
"""记录 — the alarm log cannot be altered, reaches back far enough, and is large enough."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Panel, PanelLog, Reach, Record, Users, Zones, measures, rectangular

_CLASSES = ("set", "unset", "fault", "alarm")
_FILL = 2000
_COMPARED = 100  # records before and after, the newest ones


@measures("log_immutable", operator=True, seconds=30.0)
def test_log_immutable(users: Users, log: PanelLog, ask: Ask, record: Record) -> None:
    """Every role tries to edit and to delete: refused, and the records read before are read again."""
    before, kept = (log.newest(_COMPARED), log.count()) if log.readable else ({}, 0)
    users.try_to_erase()
    edited = ask.yes("log.edit")
    deleted = ask.yes("log.delete")
    changed = log.changed(before)
    if not log.readable:
        record.deviation("主机接口不能读取记录，未比较操作前后的记录")
    wrong = [
        label
        for label, seen in (
            ("可修改", edited),
            ("可删除", deleted),
            ("操作后记录缺失或改变", changed or (log.readable and log.count() < kept)),
        )
        if seen
    ]
    record.logical(conforms=not wrong, n=len(before) or 2, because="、".join(wrong))


@measures("alarm_log_retention", seconds=30.0)
def test_alarm_log_retention(log: PanelLog, zones: Zones, ask: Ask, record: Record) -> None:
    """The records are called up back to the oldest; its age counts by the panel's own clock.

    Where a person reads them, the class that reaches back least counts.
    """
    if log.readable:
        oldest = _reached(log, zones, record)
    else:
        oldest = min(ask.number(f"log.{kind}", unit="d", low=0.0, high=36_500.0) for kind in _CLASSES)
        ask.photo("log.photo")
    if log.young(oldest):
        record.invalid("系统投入使用时间短于记录保存要求，尚不能证明")
    record.values([oldest], "d", [rectangular("clock and date of the record", log.resolution_d, "as shown")])


def _reached(log: PanelLog, zones: Zones, record: Record) -> float:
    """How far back the log reaches, in days, from the record of an event that the bench makes now."""
    if not zones.all:
        record.cannot("没有接入检测台的防区，不能产生事件以核对记录的时间")
    made = log.made_now(zones.all[0])
    if not made:
        record.deviation("设防、撤防未记入记录")
        return 0.0
    reach = log.reach()
    days = reach.days(made[-1])
    _states_more(reach, record)
    if (ahead := log.ahead_s(made[-1])) is not None:
        record.deviation(f"主机记录的时间与实际相差 {ahead:+.0f} s，保存时间按主机时钟计")
    for doubt in log.doubts(reach, days):
        record.unproven(doubt)
    return days


def _states_more(reach: Reach, record: Record) -> bool:
    """Whether the log says to keep more records than can be read, which the report then says."""
    if more := reach.kept < reach.stated:
        record.deviation(f"主机称保存 {reach.stated} 条记录，只能读出最新的 {reach.kept} 条")
    return more


@measures("event_log_capacity", seconds=120.0)
def test_event_log_capacity(log: PanelLog, zones: Zones, panel: Panel, record: Record) -> None:
    """Events are made until the oldest record is overwritten; then the log holds what can be read of it."""
    if not log.readable:
        record.cannot("主机接口不能读取记录，容量须以说明书和人工计数另行确认")
    most = round(record.parameter("log_fill_events", _FILL))
    first, begun = log.bounds()
    made = 0
    while made < most and (bounds := log.bounds())[0] == first:
        if made and bounds[1] == begun:
            record.cannot("设防、撤防未记入记录，容量无从检测")
        panel.arm(zones.all[0])
        panel.disarm(zones.all[0])
        made += 2
    overwritten = log.bounds()[0] != first
    reach = log.reach()
    full = _states_more(reach, record) or overwritten
    events = log.events(reach.kept)
    if events < reach.kept:
        record.deviation(f"同一事件记录两次：{reach.kept} 条记录只是 {events} 个事件")
    record.number(events, at_least=None if full else events, n=made)


@measures("log_kept_without_power", intrusive=("power_cut",), operator=True, seconds=60.0)
def test_log_kept_without_power(log: PanelLog, ask: Ask, record: Record) -> None:
    """After the longest documented time without any power the whole log can still be read."""
    days = ask.number("outage", unit="d", low=0.0, high=3650.0)
    ask.text("outage.reference")
    whole = ask.yes("outage.whole")
    lost = log.lost_over_power_cut(record.duration("power_off_s", 10.0, "现场复核断电"))
    if lost is None:
        record.deviation("检测台不能断电并读取记录，未在现场复核")
    record.values(
        [days if whole and not lost else 0.0],
        "d",
        [rectangular("length of the outage", 0.5, "known to the day")],
    )
