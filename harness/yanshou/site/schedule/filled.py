# SPDX-License-Identifier: Apache-2.0
"""A column of a sheet with what stands in it, and what its head or its cells show by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yanshou.model import DeviceKind, System
from yanshou.site.schedule.terms import Context, meaning, plain

MOST = 0.5
"""A column names equipment if so many of its cells do."""
LINES = 2
"""So many lines or columns are several."""
_DIGITS = 3
BESIDE = re.compile(r"联动|预置[位点]|preset|复核|关联|触发|对应|交换机|备用|linked|switch")
OF_PARTS = re.compile(
    r"锁|电源|供电|支架|线|缆|按钮|复核|联动|关联|触发|进门|出门|^[进出入]$|^[进出入][、/]?[进出入]$|内侧|外侧|读卡|识读|存储|(?:控制器|主机|录像机|机柜|箱)(?:型号|规格|位置|地点|所在)"
    r"|lock|power|cable|button|reader|linked| in$| out$"
)
"""Heads of columns that say what belongs to a device."""
_MARKS = frozenset({"√", "✓", "✔", "☑", "●", "■", "v", "y", "yes", "是", "有"})
_PORT_HEAD = re.compile(
    r"(?:端口|门|通道|port|door) ?[#-]?(?P<number>[1-9]\d?)|(?P<first>[1-9]\d?)(?:[号#](?:门|端口|口)|门)"
)


@dataclass(slots=True)
class Filled:
    """A column with what stands in it."""

    name: str
    head: str
    cells: Sequence[str]
    doubled: bool


def names_device(head: str) -> bool:
    """Whether the head of a column names a device: 半球（台）."""
    return device_of(head) is not None


def device_of(head: str) -> DeviceKind | None:
    """The kind of the devices the head of a column names."""
    found = meaning(head, Context())
    return found.kind if found else None


def kind_below(head: str) -> DeviceKind | None:
    """The same, where the cells say which form of it a place has; 探测器 and 门磁 head those of the alarm."""
    found = meaning(head, Context(System.INTRUSION))
    return device_of(head) or (found.kind if found else None)


def is_count(cell: str) -> bool:
    """Whether a cell counts things, or marks that there is one: 4, √."""
    return (cell.isdigit() and len(cell) <= _DIGITS) or is_mark(cell)


def is_mark(cell: str) -> bool:
    """Whether a cell marks that there is one: √."""
    return plain(cell) in _MARKS


def port_of(head: str) -> str:
    """The number of the port or the door of a controller that a head names (端口1, 2号门), else empty."""
    found = _PORT_HEAD.fullmatch(plain(head))
    return (found["number"] or found["first"]) if found else ""


def differ(cells: Sequence[str], least: int = LINES) -> bool:
    """Whether no two of so many cells are the same."""
    return len(cells) >= least and len(set(cells)) == len(cells)


def share(cells: Sequence[str], context: Context) -> float:
    """How many of the cells name a piece of equipment."""
    return sum(meaning(one, context) is not None for one in cells) / len(cells) if cells else 0.0
