# SPDX-License-Identifier: Apache-2.0
"""记录 — the alarm log cannot be altered, reaches back far enough, and is large enough."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Panel, PanelLog, Record, Users, Zones, measures, rectangular

_CLASSES = ("set", "unset", "fault", "alarm")
_FILL = 2000
_COMPARED = 100  # records before and after, the newest ones


@measures("log_immutable", operator=True, seconds=30.0)
def test_log_immutable(users: Users, log: PanelLog, ask: Ask, record: Record) -> None:
    """Every role tries to edit and to delete: refused, and the records read before are read again."""
    before = log.newest(_COMPARED) if log.readable else {}
    users.try_to_erase()
    edited = ask.yes("log.edit")
    deleted = ask.yes("log.delete")
    changed = log.changed(before)
    if not log.readable:
        record.deviation("主机接口不能读取记录，未比较操作前后的记录")
    wrong = [
        label
        for label, seen in (("可修改", edited), ("可删除", deleted), ("操作后记录缺失或改变", changed))
        if seen
    ]
    record.logical(conforms=not wrong, n=len(before) or 2, because="、".join(wrong))


@measures("alarm_log_retention", seconds=30.0)
def test_alarm_log_retention(log: PanelLog, ask: Ask, record: Record) -> None:
    """The oldest record is called up; where a person reads them, the class that reaches back least counts."""
    if log.readable:
        oldest = log.oldest_days()
    else:
        oldest = min(ask.number(f"log.{kind}", unit="d", low=0.0, high=36_500.0) for kind in _CLASSES)
        ask.photo("log.photo")
    if log.young(oldest):
        record.invalid("系统投入使用时间短于记录保存要求，尚不能证明")
    record.values([oldest], "d", [rectangular("clock and date of the record", log.resolution_d, "as shown")])


@measures("event_log_capacity", seconds=120.0)
def test_event_log_capacity(log: PanelLog, zones: Zones, panel: Panel, record: Record) -> None:
    """Events are made until the oldest record is overwritten; then the log holds what it can hold."""
    if not log.readable:
        record.cannot("主机接口不能读取记录，容量须以说明书和人工计数另行确认")
    most = round(record.parameter("log_fill_events", _FILL))
    oldest, _ = log.bounds()
    for made in range(0, most, 2):
        now_oldest, newest = log.bounds()
        if now_oldest > oldest:
            record.number(newest - now_oldest + 1, n=made)
            return
        panel.arm(zones.all[0])
        panel.disarm(zones.all[0])
    oldest, newest = log.bounds()
    record.number(newest - oldest + 1, at_least=newest - oldest + 1, n=most)


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
