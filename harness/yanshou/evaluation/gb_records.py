# SPDX-License-Identifier: Apache-2.0
"""What a recorder lists by RecordInfo of GB/T 28181 (A.2.4, A.2.6): periods, or why they are unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from yanshou.evaluation.sip import device_time
from yanshou.model.recording import Segment


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

    def segments(self, start: datetime, end: datetime) -> tuple[Segment, ...]:
        """The periods inside [start, end), in order; those that touch or overlap are one."""
        found: list[Segment] = []
        for begin, finish in sorted(self.periods):
            begin, finish = max(begin, start), min(finish, end)  # noqa: PLW2901 - cut to the range
            if begin >= finish:
                continue
            if found and begin <= found[-1].end:
                found[-1] = Segment(found[-1].start, max(found[-1].end, finish))
            else:
                found.append(Segment(begin, finish))
        return tuple(found)


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
            words = f"{item.get('StartTime', '')} 至 {item.get('EndTime', '')}"
            return RecordList(unclear=f"录像条目的时间不可读：{words}")
        periods.append((begin.astimezone(UTC), finish.astimezone(UTC)))
    return RecordList(tuple(periods))
