# SPDX-License-Identifier: Apache-2.0
"""The heads of a designer's 点位表 in one, two or three rows: what each of its columns is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from yanshou.model import DeviceKind, System
from yanshou.site.schedule.composed import CAMERA_FORMS
from yanshou.site.schedule.filled import BESIDE
from yanshou.site.schedule.head_names import column_of, exactly
from yanshou.site.schedule.placed import is_floor
from yanshou.site.schedule.terms import (
    Context,
    is_only_system,
    meaning,
    names_technology,
    plain,
    stated_kind,
    stated_system,
)
from yanshou.site.schedule.traditional import simplified

TITLE_ROWS = 30
"""So many lines may stand above the head of a table."""
_ENOUGH = 2
_TELLING = frozenset({"id", "kind", "name", "point"})
_REPEATED = frozenset({"location", "note", "unused", "unit", "secret", "", "attribute", "system", "group"})
_AGAIN = {"name": "name again", "kind": "kind again", "number": "number again"}
"""A second column of the same meaning that is read beside the first: the name in another language."""
ABOVE_OTHERS = frozenset({DeviceKind.PANEL, DeviceKind.RECORDER, DeviceKind.DOOR_CONTROLLER})
"""Kinds on which others hang: a column headed by one says on which."""
_DATA = re.compile(r"(?=.*\d)[\x20-\x7e]{2,}|\d+|第?\d+[号#]?防区|\d+[台个只套对部块组副把]|[√✓✔☑●■]")
"""Numbers, codes, addresses, quantities and marks, which stand in the rows."""
_PLACES = frozenset(
    {
        *(
            "room",
            "door",
            "floor",
            "building",
            "area",
            "site",
            "房间",
            "建筑",
            "区域",
            "单元",
            "站厅",
            "监室",
        ),
        *("设备房", "用房", "展厅", "展室", "教室", "病区", "病房", "监舍", "站台", "片区", "库区", "罐区"),
        *("车间", "仓库", "库房", "厂区", "校区", "园区", "网点", "支行", "门店", "展区"),
    }
)
_LOCK = re.compile(
    r"(?:门锁|电锁|锁具|锁体|锁)(?:类型|类别|型号|形式|型式|规格|种类)?|(?:电控|磁力|电插|电磁)锁(?:类型|型号)?"
    r"|(?:door )?lock(?:ing)?(?: (?:type|device|hardware))?"
)
"""Heads of the lock that a door has; each row of such a list is a door."""
_INSTALLED = re.compile("实际|实装|实有|竣工|现场|安装|确认|完成|审定|结算|核实|installed|actual")
_PARENTS = frozenset({"parent", "parent_host"})
_OF_RECORDER, _OF_CHANNEL = re.compile(r"[ndcx]vr|录像机|recorder"), re.compile(r"通道|channel")
"""Heads that together say that each row is a camera: its recorder, and its channel there."""
NAME_ABOVE = re.compile(r"(?:[ndxc]vr|(?:网络|硬盘)*录像机|报警主机|(?:门禁|就地)*控制器)(?:名称|名)")
_ABOVE_AND_INPUT = re.compile(
    r"(?:主机|控制器|录像机|[ndx]vr|panel|controller|recorder)[号编名称]{0,2}\s*[-/、与及和&+(:]\s*(?:防区|通道|端口|zone|channel|ch|port)"
)
"""A head of both what a row hangs on and its input there."""
_END_OF_CABLE = re.compile(r"(?:起|始|终|末|首|尾|本|对|甲|乙)[点端](?:设备|侧)?|from|to")
"""Groups of heads that stand side by side and are the two ends of one cable."""
_BRACKETED = re.compile(r"[(（][^()（）]*[)）]")
_ABOUT = re.compile(r"(?<=.)(?:信息|参数|资料|情况|部分)$")
"""What a group of heads may be called by: 控制器信息 / IP is 控制器IP."""
_OF_GROUP = frozenset({"门", "点", "点位", "点数", "门点"})
"""Heads that say something together with their group only: 门禁 / 门."""
_MECHANICAL = re.compile(
    r"(?:机械|球形|执手|弹子|插芯|挂|明|暗)[一-龥]{0,4}锁|球锁|门闩|插销|padlock"
    r"|(?:mechanical|cylinder|mortise)(?: lock)?"
)
_LANGUAGES = frozenset({"中文", "英文", "中文名", "英文名", "中", "英", "chinese", "english", "cn", "en"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its canonical name (empty if not known), and its head as written."""

    name: str
    head: str


@dataclass(frozen=True, slots=True)
class Head:
    """The columns of one table: ``at`` the cell it begins with, ``rows`` how many lines its head takes.

    Tables of several systems that stand side by side may share their first columns (the place): ``shared``
    says how many of ``columns`` these are.
    """

    columns: tuple[Column, ...]
    rows: int = 1
    at: int = 0
    kind: DeviceKind | None = None  # what the heads say of every row: 摄像机名称
    says_kind: tuple[int, ...] = ()  # the columns that say so
    doubled: tuple[str, ...] = field(default=())
    shared: int = 0
    system: System | None = None  # what the cell above these columns says: 视频监控
    above: str = ""  # the device in the cell above these columns, on which all of them hang: NVR1
    groups: tuple[str, ...] = ()  # what stands above each column in a head of several lines: 门禁 / 单门

    def has(self, *names: str) -> bool:
        """Whether there is a column of one of these names."""
        return any(one.name in names for one in self.columns)

    def cells(self, line: Sequence[str]) -> list[str]:
        """The cells of a line that belong to this table; none if only what it shares is filled."""
        own = list(line[self.at : self.at + len(self.columns) - self.shared])
        return [*line[: self.shared], *own] if any(own) else []

    @property
    def end(self) -> int:
        """The first cell behind the table."""
        return self.at + len(self.columns) - self.shared


def score(cells: Sequence[str]) -> int:
    """How many different columns a line names, if it can be a head; 0 if it cannot."""
    filled = [cell for cell in cells if cell.strip()]
    floors = [cell for cell in filled if is_floor(cell)]
    if len(floors) >= _ENOUGH:  # 设备名称 | 单位 | B1 | 1F | 2F
        return _score_of_floors([cell for cell in filled if cell not in floors])
    if any(is_data(cell) for cell in filled) or not any(_is_firm(cell) for cell in filled):
        return 0
    names = {column_of(cell) for cell in filled} - {""}
    known = sum(bool(column_of(cell)) for cell in filled)
    useful = names - {"unused", "unit", "note", "attribute", "secret"}
    sure = len(useful) > _ENOUGH or known * 2 >= len(filled)
    if len(useful) < _ENOUGH or not useful & (_TELLING | {"location", "host"}) or not sure:
        return 0
    return len(names)


def _score_of_floors(others: Sequence[str]) -> int:
    """How many columns a line names whose further heads are floors; 0 if it names no thing."""
    if any(is_data(cell) for cell in others) or not any(_is_firm(cell) for cell in others):
        return 0
    names = {column_of(cell) for cell in others} - {""}
    return len(names) + 1 if names & _TELLING else 0


def is_data(cell: str) -> bool:
    """Whether a cell is a number, an id or an address, which no head of a column is."""
    return bool(_DATA.fullmatch(cell.strip())) and not column_of(cell)


def _is_firm(cell: str) -> bool:
    """Whether a cell can only be a head; 录像机 and Room stand in the rows as well."""
    return bool(column_of(cell)) and meaning(cell, Context()) is None and plain(cell) not in _PLACES


def heads_at(rows: Sequence[Sequence[str]], at: int) -> tuple[Head, ...]:
    """The heads that begin in line ``at``, several if tables stand side by side; none if it is no head."""
    found = _heads_at(rows, at)
    return tuple(below_groups(one, rows[at]) if one.rows > 1 and not one.shared else one for one in found)


def below_groups(head: Head, upper: Sequence[str]) -> Head:
    """The head with what its upper line says of each column."""
    return replace(head, groups=tuple(_filled_on(upper, head.end)[head.at :]))


def _heads_at(rows: Sequence[Sequence[str]], at: int) -> tuple[Head, ...]:
    first = rows[at]
    second = rows[at + 1] if at + 1 < len(rows) else ()
    covered = all(one.strip() for cell, one in zip(first, second, strict=False) if cell.strip())
    twice = len(own := [one.strip() for one in second if one.strip()]) > len(
        set(own)
    )  # 门: 编号, 控制器: 编号
    by_system = any(map(is_only_system, first))
    if beside := _below_devices(first, second):
        return beside
    alone = score(second) and not score(first) and covered and (by_system or not twice)
    pair = _paired(first, second) if second and not alone else None
    if pair and score(pair) and score(pair) >= score(first):
        third = _paired(pair, rows[at + 2]) if at + 2 < len(rows) else None
        if third and score(third) >= score(pair):
            return _split([_column(cell) for cell in third], 3, first)
        return _split([_column(cell) for cell in _apart(pair, first, second)], 2, first)
    if not score(first):
        return ()
    if second and _counts(first, second, rows[at + 2 : at + 3]):
        return (_head([_column(cell) for cell in grouped(first, second)], 2, 0),)
    above = rows[at - 1] if at else ()
    return _split([_column(cell) for cell in first], 1, above if any(map(is_only_system, above)) else ())


def _below_devices(upper: Sequence[str], lower: Sequence[str]) -> tuple[Head, ...]:
    """The tables that stand side by side, each below the recorder or the panel its devices hang on."""
    if not score(lower):
        return ()
    tables = _split([_column(cell) for cell in lower], 1, ())
    groups = _filled_on(upper, len(lower))
    names = [groups[one.at] for one in tables]
    found = [meaning(name, Context()) for name in names]
    above = all(one is not None and one.kind in ABOVE_OTHERS for one in found)
    if len(set(names)) < len(tables) or len(tables) < _ENOUGH or not above:
        return ()
    return tuple(replace(one, rows=2, above=name) for one, name in zip(tables, names, strict=True))


def has_key_only(head: Head, cells: Sequence[str]) -> bool:
    """Whether the lock of a door in a list of doors is one that no controller opens."""
    locks = [cell for one, cell in zip(head.columns, cells, strict=False) if _LOCK.fullmatch(plain(one.head))]
    return any(_MECHANICAL.fullmatch(plain(cell)) for cell in locks)


def columns_of(cells: Sequence[str]) -> Head:
    """The head that a line is, however little of it is known."""
    return _head([_column(cell) for cell in cells], 1, 0)


def _counts(upper: Sequence[str], lower: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether the lower line names things below groups (监控: 半球, 枪机), and the next one counts them."""
    own = [at for at, cell in enumerate(lower) if cell.strip() and cell not in upper[at : at + 1]]
    things = [at for at in own if meaning(lower[at], Context()) or names_technology(lower[at])]
    counts = [line[at].strip() for line in below for at in own if at < len(line) and line[at].strip()]
    return (
        len(things) >= _ENOUGH
        and len(things) * 3 >= len(own) * 2
        and bool(counts)
        and all(one.isdigit() or is_data(one) for one in counts)
    )


def grouped(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The heads of two lines of a table that counts: the lower one, with its group where that says more."""
    wide = max(len(upper), len(lower))
    above = [*upper, *[""] * (wide - len(upper))]
    below = [*lower, *[""] * (wide - len(lower))]
    found, group = [], ""
    for over, own in zip(above, below, strict=True):
        group = over.strip() or group
        both = f"{group}{own.strip()}"
        more = plain(own) in _OF_GROUP and meaning(both, Context()) is not None
        form = bool(CAMERA_FORMS.fullmatch(plain(own))) and stated_system(group) is System.VIDEO
        found.append(f"{own.strip()}摄像机" if form else both if more else own.strip() or over.strip())
    return found


def first_head(rows: Sequence[Sequence[str]]) -> int | None:
    """The first line that is a head; None if the sheet has none."""
    return next((at for at in range(min(len(rows), TITLE_ROWS)) if heads_at(rows, at)), None)


def _column(head: str) -> Column:
    head = simplified(head)
    name = column_of(head)
    bare = _BRACKETED.sub("", head)
    if name == "number" and bare != head and (device := meaning(bare, Context())) and device.kind:
        name = ""  # 闸机（通道）
    if not name and (found := meaning(head, Context())) and found.kind in ABOVE_OTHERS:
        name = "parent"  # 网络硬盘录像机, 门禁主机
    if not name and _ABOVE_AND_INPUT.search(plain(head)):
        name = "parent"  # 接入（主机-防区）
    return Column(name, head.strip())


def _paired(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """The heads of two lines joined; None if the lower one is no part of a head."""
    wide = max(len(upper), len(lower))
    above = [*upper, *[""] * (wide - len(upper))]
    below = [*lower, *[""] * (wide - len(lower))]
    own = [at for at in range(wide) if below[at].strip() and below[at] != above[at]]
    groups = _filled_on(above, wide)
    known = [at for at in own if _joined(groups[at], below[at])]
    most = len(known) * 5 >= len(own) * 4 or (score(lower) > _ENOUGH and len(known) * 3 >= len(own) * 2)
    if not own or not most or sum(bool(one.strip()) for one in upper) < _ENOUGH:
        return None
    grouped = [at for at in known if not column_of(above[at]) or above[at] in above[:at] + above[at + 1 :]]
    if len(known) < _ENOUGH and not grouped:
        return None
    return [(_joined(groups[at], below[at]) or below[at]) if at in own else above[at] for at in range(wide)]


def _filled_on(upper: Sequence[str], wide: int) -> list[str]:
    """The group that each column stands below: what is written above it, or above the last one before."""
    groups, group = [], ""
    for at in range(wide):
        group = (upper[at].strip() if at < len(upper) else "") or group
        groups.append(group)
    return groups


def _apart(pair: Sequence[str], upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The heads of two lines, where several devices beside that of the row have one of the same name.

    控制器: 型号, 数量; 锁具: 型号, 数量 say nothing of the model of the door, nor how many doors there are.
    """
    groups = _filled_on(upper, len(pair))
    above = {groups[at] for at, head in enumerate(pair) if column_of(head) == "parent" and at < len(lower)}
    found = []
    for at, (head, group) in enumerate(zip(pair, groups, strict=True)):
        own = lower[at].strip() if at < len(lower) else ""
        part = bool(_LOCK.fullmatch(plain(group))) or meaning(group, Context()) is not None
        beside = [one.strip() for n, one in enumerate(lower) if not BESIDE.search(plain(groups[n]))]
        twice = own and head.strip() == own and beside.count(own) > 1
        of_part = own and _is_part_of_door(group) and column_of(head) in {"model", "quantity", "kind"}
        of_above = own and group in above and column_of(head) in {"model", "quantity", "kind", "location"}
        found.append(f"{group}{own}" if (twice and part) or of_above or of_part else head)
    return found


def _is_part_of_door(group: str) -> bool:
    """Whether a group of heads is that of a lock, a button or a reader: 电锁 / 数量 counts no doors."""
    found = meaning(group, Context())
    of_parts = found is not None and (found.kind is DeviceKind.READER or (found.kind is None and found.clear))
    return of_parts or bool(_LOCK.fullmatch(plain(group)))


def _joined(group: str, below: str) -> str:
    """The head of a cell below a group: 网络参数 / IP地址; empty if it is not known."""
    if plain(below) in _LANGUAGES and column_of(group):
        return group
    if column_of(below) and stated_kind(below):  # 门点 / 门名 says no more than 门名
        return below
    both = f"{_ABOUT.sub('', group)}{below.strip()}"
    if BESIDE.search(plain(group)) and column_of(below):
        return both  # 联动摄像机 / 编号 is not the id of the zone
    return both if exactly(both) or _LOCK.fullmatch(plain(both)) else below if column_of(below) else ""


def _split(columns: Sequence[Column], rows: int, groups: Sequence[str]) -> tuple[Head, ...]:
    """One head, or those of the tables that stand side by side with the same columns or below systems."""
    if found := _of_systems(columns, rows, groups):
        return found
    if apart := _set_apart(columns, rows):
        return apart
    names = [one.name for one in columns]
    first = next(at for at, name in enumerate(names) if name)
    starts = [at for at, name in enumerate(names) if name == names[first]]
    parts = [names[a:b] for a, b in zip(starts, [*starts[1:], len(names)], strict=True)]
    alike = [tuple(name for name in part if name) for part in parts]
    ends_of_cables = any(_END_OF_CABLE.fullmatch(plain(one)) for one in groups)
    if len(starts) > 1 and len(set(alike)) == 1 and len(alike[0]) > 1 and not ends_of_cables:
        ends = [*starts[1:], len(names)]
        return tuple(_head(columns[a:b], rows, a) for a, b in zip(starts, ends, strict=True))
    return (_head(columns, rows, 0),)


def _set_apart(columns: Sequence[Column], rows: int) -> tuple[Head, ...]:
    """The tables that stand side by side with a column without a head between them; none if it is one table.

    Each of them names things and says two of the same of them, such as an id and a place.
    """
    gaps = [at for at, one in enumerate(columns) if not one.head]
    starts = [0, *(at + 1 for at in gaps)]
    parts = [(a, b) for a, b in zip(starts, [*gaps, len(columns)], strict=True) if a < b]
    names = [{one.name for one in columns[a:b]} - {""} for a, b in parts]
    both = set.intersection(*names) if names else set()
    if len(parts) < _ENOUGH or len(both - {"sequence", "note"}) < _ENOUGH or not both & _TELLING:
        return ()
    return tuple(_head(columns[a:b], rows, a) for a, b in parts)


def _of_systems(columns: Sequence[Column], rows: int, groups: Sequence[str]) -> tuple[Head, ...]:
    """The tables of several systems beside shared columns: 区域 | 视频监控: 编号, 类型 | 报警: 编号, 类型."""
    parts: list[tuple[System, int, int]] = []
    over, system = "", None
    for at in range(len(columns)):
        text = groups[at].strip() if at < len(groups) else ""
        if text and text != over:
            over, system = text, None if column_of(text) else stated_system(text)
            if system is not None:
                parts.append((system, at, at + 1))
        elif system is not None:
            parts[-1] = (system, parts[-1][1], at + 1)
    tables = all({one.name for one in columns[a:b]} & {"id", "kind", "name", "point"} for _, a, b in parts)
    if len(parts) < _ENOUGH or len({one for one, _, _ in parts}) < len(parts) or not tables:
        return ()
    shared = parts[0][1]
    return tuple(_head([*columns[:shared], *columns[a:b]], rows, a, shared, one) for one, a, b in parts)


def _head(
    columns: Sequence[Column], rows: int, at: int, shared: int = 0, system: System | None = None
) -> Head:
    seen: set[str] = set()
    kept: list[Column] = []
    doubled: list[str] = []
    above = [one for one in columns if NAME_ABOVE.fullmatch(plain(one.head))]
    named = any(one.name in {"name", "point"} for one in columns if one not in above)
    says = "parent" if named else "name"  # 录像机名称 beside 前端名称, and alone
    other = {"name": "point"} if above and named else {}
    columns = [Column(says if one in above else other.get(one.name, one.name), one.head) for one in columns]
    columns = _installed(columns)
    one_thing = [one.name for one in columns].count("id") <= 1  # a second id is that of another device
    for one in columns:
        again = _AGAIN.get(one.name, "")
        if one.name in seen and again and again not in seen and one_thing:
            kept.append(Column(again, one.head))
            seen.add(again)
        elif one.name in seen and one.name not in _REPEATED:
            doubled.append(one.head)
            kept.append(Column("", one.head))
        else:
            kept.append(one)
        seen.add(one.name)
    only, said_at = _of_one_kind(columns)
    return Head(tuple(kept), rows, at, only, said_at, tuple(doubled), shared, system)


def _installed(columns: Sequence[Column]) -> list[Column]:
    """The columns; of several quantities, that of what was installed counts: 设计数量 | 实装数量."""
    counts = [one for one in columns if one.name == "quantity"]
    real = [one for one in counts if _INSTALLED.search(plain(one.head))]
    if len(counts) < _ENOUGH or len(real) != 1:
        return list(columns)
    return [Column("unused", one.head) if one in counts and one is not real[0] else one for one in columns]


def _of_one_kind(columns: Sequence[Column]) -> tuple[DeviceKind | None, tuple[int, ...]]:
    """The kind the heads state of all rows, and the columns that state it: 摄像机名称, 门编号, 锁具类型.

    A column of a part (读卡器, 门磁: 有) says nothing of the row, and that of a lock says it is a door.
    """
    says = [
        (index, kind)
        for index, one in enumerate(columns)
        if (kind := stated_kind(one.head)) and (one.name or meaning(one.head, Context()) is None)
    ]
    if not says and not any(one.name == "kind" and one.head[:1] != "门" for one in columns):
        locks = [index for index, one in enumerate(columns) if _LOCK.fullmatch(plain(one.head))]
        says = [(index, DeviceKind.DOOR) for index in locks]
    if not says and any(one.name == "number" and "门号" in one.head for one in columns):
        says = [(at, DeviceKind.DOOR) for at, one in enumerate(columns) if one.head == "门"]
    if not says and any(_OF_RECORDER.search(plain(one.head)) for one in columns if one.name in _PARENTS):
        channels = [index for index, one in enumerate(columns) if _OF_CHANNEL.search(plain(one.head))]
        says = [(index, DeviceKind.CAMERA) for index in channels if columns[index].name == "number"]
    kinds = {kind for _, kind in says}
    only = kinds.pop() if len(kinds) == 1 else None
    return only, tuple(index for index, _ in says) if only else ()
