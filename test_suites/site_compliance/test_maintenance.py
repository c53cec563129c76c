# SPDX-License-Identifier: Apache-2.0
"""维护与日志 — intervals and ages computed from dates; only what the oldest entry proves."""

from __future__ import annotations

from yanshou.fixtures.api import Ask, Duty, Record, evaluate, measures


@measures("maintenance_interval", operator=True, seconds=180)
def test_maintenance_interval(ask: Ask, duty: Duty, record: Record) -> None:
    """The dates of all visits in the maintenance record; the longest time without one, up to today."""
    shown = duty.paper("maintenance")
    if shown is None and not duty.lacks:
        record.cannot("没有见到维护记录")
    visits = ask.days("maintenance.visits") if shown else []
    found = evaluate.longest_interval(
        "maintenance_interval", record.device, visits, duty.today, commissioned=duty.commissioned
    )
    duty.measured(found)


@measures("maintenance_record_retention", operator=True, seconds=120)
def test_maintenance_record_retention(ask: Ask, duty: Duty, record: Record) -> None:
    """The oldest maintenance record that can be shown, and whether it is the first there ever was."""
    if duty.paper("maintenance") is None:
        duty.nothing("a")
        return
    oldest = ask.day("maintenance.oldest")
    first = ask.yes("maintenance.first")
    found = evaluate.log_age(
        "maintenance_record_retention",
        record.device,
        oldest,
        duty.today,
        commissioned=oldest if first else duty.commissioned,
        unit="a",
    )
    duty.measured(found)


@measures("network_log_retention", operator=True, seconds=180)
def test_network_log_retention(ask: Ask, duty: Duty, record: Record) -> None:
    """The oldest entry of each network log that is called up; the log that reaches back least is judged."""
    person = ask.name("network_log.person")
    sources = ask.count("network_log.sources", low=1, high=50)
    oldest = {}
    for number in range(1, sources + 1):
        name = ask.text("network_log.source", key=f"network_log{number}.source", number=number)
        oldest[name] = ask.day("network_log.oldest", key=f"network_log{number}.oldest", number=number)
    ask.photo("network_log.photo", scan=True)
    if len(oldest) < sources:
        record.cannot("同一网络日志来源写了两次")
    worst = max(oldest, key=lambda name: oldest[name])
    record.deviation(f"日志来源 {'、'.join(oldest)}；最短者 {worst}；陪同 {person}")
    found = evaluate.log_age(
        "network_log_retention",
        record.device,
        oldest[worst],
        duty.today,
        commissioned=duty.commissioned,
        unit="month",
    )
    duty.measured(found)
