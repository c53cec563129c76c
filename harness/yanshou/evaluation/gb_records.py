# SPDX-License-Identifier: Apache-2.0
"""What a recorder lists by RecordInfo of GB/T 28181 (A.2.4, A.2.6): periods, or why they are unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol

from yanshou.evaluation.sip import device_time
from yanshou.model.recording import Segment

_RESOLUTION = timedelta(seconds=1)
_SAME_S = 2.0  # times are told to the second


class GatheredSight(Protocol):
    """The answer to a query, as the platform gathered it."""

    @property
    def status(self) -> int: ...
    @property
    def parts(self) -> int: ...
    @property
    def whole(self) -> bool: ...
    @property
    def items(self) -> Sequence[Mapping[str, str]]: ...
    @property
    def totals(self) -> Sequence[int]: ...


@dataclass(frozen=True, slots=True)
class RecordList:
    """What RecordInfo says of one channel: periods in UTC, and why the list cannot be read, in words.

    While ``unclear`` is not empty the recordings are unknown, whatever ``periods`` holds.
    """

    periods: tuple[tuple[datetime, datetime], ...] = ()
    unclear: str = ""

    def joined(self, other: RecordList) -> RecordList:
        """Both lists as one."""
        return RecordList(self.periods + other.periods, self.unclear or other.unclear)

    def extent(self, start: datetime, end: datetime) -> tuple[datetime, datetime] | None:
        """The first begin and the last end of the periods in [start, end); None where there are none."""
        inside = [one for one in self.periods if one[1] > start and one[0] < end]
        return (min(one for one, _ in inside), max(one for _, one in inside)) if inside else None

    def segments(self, start: datetime, end: datetime) -> tuple[Segment, ...]:
        """The periods inside [start, end), in order; those that touch or overlap are one.

        Times are told in whole seconds: a period that ends at 09:59:59 touches one that begins at 10:00:00.
        """
        return self.held(start, end)[0]

    def held(self, start: datetime, end: datetime) -> tuple[tuple[Segment, ...], tuple[datetime, ...]]:
        """The ``segments``, and their seams: where a period was joined to one that begins a second later.

        There may be a short gap.
        """
        found: list[Segment] = []
        seams: list[datetime] = []
        for begin, finish in sorted(self.periods):
            begin, finish = max(begin, start), min(finish, end)  # noqa: PLW2901 - cut to the range
            if begin >= finish:
                continue
            if found and begin - found[-1].end <= _RESOLUTION:
                seams += [begin] if begin > found[-1].end else []
                found[-1] = Segment(found[-1].start, max(found[-1].end, finish))
            else:
                found.append(Segment(begin, finish))
        return tuple(found), tuple(seams)


def read_records(said: GatheredSight, channel: str, zone: tzinfo) -> RecordList:
    """Read the answer to RecordInfo; whatever is missing or unreadable in it makes the list unclear.

    An answer that is whole and has SumNum 0 says that nothing is recorded.
    """
    if not said.parts:
        return RecordList(unclear=f"录像检索无应答（消息应答 {said.status or '无'}）")
    if not said.whole:
        sums = "、".join(map(str, said.totals)) or "无"
        return RecordList(unclear=f"录像检索应答不完整：SumNum {sums}，实收 {len(said.items)} 条")
    periods = []
    for item in said.items:
        begin, finish = (device_time(item.get(name, ""), zone) for name in ("StartTime", "EndTime"))
        if item.get("DeviceID") != channel:
            return RecordList(unclear=f"录像条目属于 {item.get('DeviceID')}，查询的是 {channel}")
        if begin is None or finish is None or finish < begin:
            span = f"{item.get('StartTime', '')} 至 {item.get('EndTime', '')}"
            return RecordList(unclear=f"录像条目的时间不可读：{span}")
        periods.append((begin.astimezone(UTC), finish.astimezone(UTC)))
    return RecordList(tuple(periods))


@dataclass(frozen=True, slots=True)
class RecordQueries:
    """The answers to RecordInfo of one channel: [start, end), its two halves, and a time to come."""

    channel: str
    zone: tzinfo
    start: datetime
    end: datetime
    whole: GatheredSight
    halves: tuple[GatheredSight, GatheredSight]
    ahead: GatheredSight


def records_wrong(asked: RecordQueries) -> list[str]:
    """What is incomplete, unreadable or contradictory in the answers, in words.

    A recorder may cut its items to the range that was asked for: so times are compared, not items.
    """
    parts = (("全段", asked.whole), ("前半段", asked.halves[0]), ("后半段", asked.halves[1]))
    lists = [(name, read_records(said, asked.channel, asked.zone)) for name, said in parts]
    wrong = [f"{name}{one.unclear}" for name, one in lists if one.unclear]
    ahead = asked.ahead
    if not ahead.whole or ahead.items or tuple(ahead.totals) != (0,):
        sums = "、".join(map(str, ahead.totals)) or "无"
        wrong.append(f"无录像的时段：应答 {ahead.parts} 个，条目 {len(ahead.items)} 条，SumNum {sums}")
    if wrong:
        return wrong
    whole = lists[0][1].segments(asked.start, asked.end)
    halves = lists[1][1].joined(lists[2][1]).segments(asked.start, asked.end)
    missing = _seconds(whole) - _seconds(_common(whole, halves))
    return [f"全段检索列出的录像有 {missing:.0f} s 不在分段检索中"] if missing > _SAME_S else []


def _seconds(found: Sequence[Segment]) -> float:
    return sum((one.end - one.start).total_seconds() for one in found)


def _common(one: Sequence[Segment], other: Sequence[Segment]) -> list[Segment]:
    pairs = ((max(a.start, b.start), min(a.end, b.end)) for a in one for b in other)
    return [Segment(start, end) for start, end in pairs if start < end]
