# SPDX-License-Identifier: Apache-2.0
"""The journal's entries about its own folder and people: accepted damage, changed answers, later draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yanshou.reports.events import moment, set_back
from yanshou.reports.journal import Event

_DAMAGED = "有损"
_KINDS = {
    "changed": "被改动",
    "missing": "缺少",
    "extra": "清单之外",
    "chain": "日志链断开",
    "unreadable": "不能读取",
    "lost": "证据缺失",
}
"""What happened to a file of the folder; other kinds are only called damaged."""


def folder_remarks(events: Sequence[Event]) -> Iterator[str]:
    """One sentence for the list of deviations per entry, in the order of the journal."""
    for event in events:
        match event["kind"]:
            case "not_intact":
                named = "、".join(
                    f"{one['path']}（{_KINDS.get(one['kind'], _DAMAGED)}）" for one in event["problems"]
                )
                yield (
                    f"检测文件夹曾不完整（日志第 {event['seq']} 行）：{named}；"
                    f"仍继续的理由：{event['reason']}。"
                    "此前所测不作为合格的依据"
                )
            case "answers" if event.get("changed"):
                named = "、".join(str(one) for one in event["changed"])
                yield (
                    f"书面答复 {event['file']} 在两次检测之间被更改（日志第 {event['seq']} 行，"
                    f"{str(event['before'])[:16]} → {str(event['sha256'])[:16]}）：{named}"
                )
            case "site_amended":
                yield from _amended(event)
            case "draw":
                yield from _draw(event)


def clock_remarks(events: Sequence[Event]) -> Iterator[str]:
    """One sentence for each time that cannot follow the one before it."""
    for event in events:
        if event["kind"] == "run_opened" and event.get("retest_of"):
            yield from _before_the_first(event)
    for event, by in set_back(events):
        yield (
            f"日志第 {event['seq']} 行的时刻比前一行早 {by:.0f} s（计算机时钟被拨回，"
            "或换用的计算机时钟不同）：此前此后印出的时刻不可比较"
        )


def _before_the_first(event: Event) -> Iterator[str]:
    """A re-test begun, by its clock, before the run that it follows: one of the two clocks is wrong."""
    first = str(event["retest_of"].get("started") or "")
    if first and moment(event["utc"]) < moment(first):
        yield f"复检开始的时刻（{event['utc']}）早于上一轮检测（{first}）：两次中有一次计算机时钟不对"


def _amended(event: Event) -> Iterator[str]:
    changed = "；".join(
        f"{one['what']}：{one['then'] or '（无）'} → {one['now'] or '（无）'}" for one in event["changes"]
    )
    number, line = event["number"], event["seq"]
    yield f"现场文件第 {number} 次更正（日志第 {line} 行，理由：{event['reason']}）：{changed}"
    if event["anew"]:
        devices = "、".join(dict.fromkeys(one.partition("[")[2].rstrip("]") or one for one in event["anew"]))
        count = len(event["anew"])
        concerned = f"第 {number} 次更正涉及 {count} 个检测项的依据"
        yield f"{concerned}，此前结果不再作为合格的依据，须重新检测：{devices}"
    if dropped := event.get("dropped"):
        yield f"第 {number} 次更正后不再列入检测（原已列入，尚未检测）：{'、'.join(map(str, dropped))}"


def _draw(event: Event) -> Iterator[str]:
    if event["number"] > 1:
        yield f"第 {event['number']} 次抽样（{event['drawn']}，种子 {event['seed']}）：{event['reason']}"
    for key, label in (("added", "新增或改名"), ("removed", "减少或改名"), ("other", "更改类型或型号")):
        if event.get(key):
            yield f"第 {event['number']} 次抽样之后点位表{label}：{'、'.join(event[key])}"


def not_intact(events: Sequence[Event]) -> bool:
    """Whether the run was continued although its folder was not intact."""
    return any(event["kind"] == "not_intact" for event in events)
