# SPDX-License-Identifier: Apache-2.0
"""Whether the records of an access controller are those of the events that were made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from yanshou.model.signal import LogEntry

_SHOWN = 3
_KINDS = {"granted": "准许", "denied": "拒绝", "forced": "强行开门", "passback": "返传", "duress": "胁迫"}


@dataclass(frozen=True, slots=True)
class MadeEvent:
    """An event that the bench made: its class, the number of its door, its user (0: nobody), and when.

    It happened at the door between ``earliest`` and ``latest``, in UTC.
    """

    kind: str
    door: int
    user: int
    earliest: datetime
    latest: datetime

    @property
    def identity(self) -> tuple[str, int, int]:
        """What tells it from the others."""
        return self.kind, self.door, self.user

    def __str__(self) -> str:
        who = f"卡 {self.user}" if self.user else "无卡"
        return f"门 {self.door} {_KINDS.get(self.kind, self.kind)}（{who}）"


@dataclass(frozen=True, slots=True)
class ArrivedEvents:
    """The records that arrived, beside the events that were made."""

    made: tuple[MadeEvent, ...]
    lost: tuple[MadeEvent, ...]
    doubled: int
    out_of_order: int
    strange: int

    @property
    def kept(self) -> int:
        """How many of the events that were made have a record."""
        return len(self.made) - len(self.lost)

    def faults(self) -> list[str]:
        """What is wrong with them, in words."""
        shown = "、".join(map(str, self.lost[:_SHOWN])) + (" 等" if len(self.lost) > _SHOWN else "")
        found = [f"{len(self.lost)} 条未到达：{shown}"] if self.lost else []
        found += [f"{self.doubled} 条重复"] if self.doubled else []
        found += [f"{self.out_of_order} 条次序颠倒"] if self.out_of_order else []
        return found + ([f"另有 {self.strange} 条不是所产生的事件"] if self.strange else [])


def arrived(made: Sequence[MadeEvent], found: Sequence[LogEntry]) -> ArrivedEvents:
    """Compare events with records, both in their order.

    Events of one identity are told apart by their number only.
    """
    asked = Counter(one.identity for one in made)
    seen: Counter[tuple[str, int, int]] = Counter()
    places: list[int] = []
    order = _places(made)
    doubled = strange = 0
    for entry in found:
        key = entry.identity
        if key not in asked:
            strange += 1
        elif seen[key] >= asked[key]:
            doubled += 1
        else:
            places.append(order[key][seen[key]])
            seen[key] += 1
    backwards = sum(after < before for before, after in pairwise(places))
    there = set(places)
    lost = tuple(one for place, one in enumerate(made) if place not in there)
    return ArrivedEvents(tuple(made), lost, doubled, backwards, strange)


def _places(made: Sequence[MadeEvent]) -> dict[tuple[str, int, int], list[int]]:
    places: dict[tuple[str, int, int], list[int]] = {}
    for place, one in enumerate(made):
        places.setdefault(one.identity, []).append(place)
    return places


def record_faults(made: MadeEvent, found: Sequence[LogEntry], *, late_s: float) -> list[str]:
    """What is wrong with the record of one event: who, where, what, when.

    ``found`` are the records that came since it was made; ``late_s`` by how much the time may be off.
    """
    right = next((one for one in found if one.identity == made.identity), None)
    if right is not None:
        return _time_fault(made, right, late_s)
    near = [one for one in found if one.kind == made.kind]
    if not near:
        kinds = "、".join(sorted({one.kind for one in found}))
        return [f"{made}无记录" + (f"，只有 {kinds}" if kinds else "")]
    entry = near[0]
    wrong = [f"{made}记于门 {entry.target}"] if entry.target != made.door else []
    return wrong + ([f"{made}记为卡 {entry.user}"] if entry.user != made.user else [])


def nobody_made(made: Sequence[MadeEvent], found: Sequence[LogEntry]) -> list[str]:
    """Records of our credentials, or of a forced door, beside or beyond those of the events that were made.

    What others do at a system in use has other users and is none of them.
    """
    ours = {one.user for one in made} - {0}
    forced = any(one.kind == "forced" for one in made)
    left = Counter(one.identity for one in made)
    wrong: list[str] = []
    for entry in found:
        if entry.kind not in _KINDS or not (entry.user in ours or (forced and entry.kind == "forced")):
            continue
        left[entry.identity] -= 1
        if left[entry.identity] < 0:
            who = f"卡 {entry.user}" if entry.user else "无卡"
            wrong.append(f"另有未产生的记录：门 {entry.target} {_KINDS[entry.kind]}（{who}）")
    return wrong


def unclear_times(found: Sequence[LogEntry]) -> str:
    """Why the times of records prove little: they stand in the hour of summer time. Empty if they do not."""
    count = sum(bool(one.earlier) for one in found)
    return (
        f"{count} 条记录的当地时间处于夏令时起止的一小时，可指两个时刻，取与事件较近者：差一小时的时钟看不出"
        if count
        else ""
    )


def _time_fault(made: MadeEvent, entry: LogEntry, late_s: float) -> list[str]:
    off = min(_off_s(made, at) for at in (entry.at, *entry.earlier))
    if off <= late_s:
        return []
    return [f"{made}记录时间 {entry.at:%Y-%m-%d %H:%M:%S}，偏差至少 {off:.0f} s"]


def _off_s(made: MadeEvent, at: datetime) -> float:
    early = (made.earliest - at).total_seconds()
    late = (at - made.latest).total_seconds()
    return max(early - 1.0, late)  # a record shows whole seconds
