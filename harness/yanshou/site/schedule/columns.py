# SPDX-License-Identifier: Apache-2.0
"""Columns whose head says too little, read by what stands in them: names of equipment, addresses, ids."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from yanshou.model import DeviceKind
from yanshou.site.devices import is_id
from yanshou.site.schedule.head_names import column_of, is_of_places
from yanshou.site.schedule.heads import (
    ABOVE_OTHERS,
    NAME_ABOVE,
    TITLE_ROWS,
    Column,
    Head,
    columns_of,
    grouped,
    is_data,
)
from yanshou.site.schedule.kinds import is_place, row_meaning, type_among_types, zone_type
from yanshou.site.schedule.terms import (
    Context,
    is_numeral,
    is_only_system,
    is_trade,
    meaning,
    names_technology,
    plain,
    stated_system,
)
from yanshou.vocabulary.device import KIND_SYSTEMS
from yanshou.vocabulary.spelling import trimmed

_ALL_BUT_FEW, _MOST, _FEW = 0.75, 0.5, 0.3
_PORTS = 64
_LINES = 2
_DIGITS = 3
_OTHERS_ADDRESS = re.compile(
    r"网关|掩码|平台|服务器|主机|上联|组播|读头|读卡|识读|mask|gateway|dns|server|nvr|交换机|reader"
)
_BESIDE = re.compile(r"联动|复核|关联|触发|对应|交换机|备用|linked|switch")
_OF_PARTS = re.compile(
    r"锁|电源|供电|支架|线|缆|按钮|复核|联动|关联|触发|进门|出门|读卡|识读|存储|(?:控制器|主机|录像机|机柜|箱)(?:型号|规格|位置|地点|所在)"
    r"|lock|power|cable|button|reader|linked| in$| out$"
)
"""Heads of columns that say what belongs to a device."""
_MARKS = frozenset({"√", "✓", "✔", "☑", "●", "■", "v", "y", "yes", "是", "有"})
_SUMS = re.compile(r"合计|小计|总|数量|备注|编号|total|sum")
_NO_THING = re.compile(
    r"[户房室楼门柜箱桌床]号|[楼层户幢栋]$|单元$|[户床人柜层]数|面积|高度|长度|宽度|等级|级别|人数|年|价|单位|存储|天数"
)
"""Heads of columns of figures that count no equipment."""
_NO_PLACE = re.compile(
    r"型|式|类|材|规格|状态|要求|等级|责任|负责|部门|单位|[人员]$|厂|商|品牌|结果|情况|编|码|内容|功能"
)
"""Heads of columns whose words may end as those of places do: 门型: 单开木门, 责任部门: 保卫处."""
_LEAF = re.compile(r"(?:[单双]开?|[单双]扇|木|玻璃|防火|防盗|钢制?|铁|自动|平移|旋转|感应|弹簧|卷帘)+门")
_ELSEWHERE = re.compile(r"接入|汇聚|机房|弱电|间$|柜|控制|主机|中心|上级|所属|归属|集中|前往|起|止")
"""Heads of where something else is, beside the floor or the building of the thing itself."""
_OTHERS_ID = re.compile(
    r"线|缆|图|出厂|序列|合同|报告|证书|端口|交换机|回路|规格|型号|mac|serial|sn$|model|cable|port"
)
_AT_PARENT = re.compile(r"(?P<parent>.*\w)\s*[/:]\s*(?:ch|d|通道|防区|端口|zone)?\s*\d{1,3}", re.IGNORECASE)
_AT_END = re.compile(r"[\s/:\-](?:ch|d|通道|防区|端口|port)?\s*\d{1,3}$")
_PORT = re.compile(r"(?:ch|d|zone|port|通道|防区|端口|门)?\s*(?P<number>\d{1,3})\s*(?:号?口|号门|号|#)?")
_ZONE = re.compile(r"防区\s*(?:号|编号)?\s*[:#]?\s*\d{1,4}|第\s*\d{1,4}\s*号?防区|\d{1,4}\s*[号#]\s*防区")
_OF_CONTROLLER = re.compile(r"控制器|controller|(?<![a-z])acu|门禁主机")
_PORT_HEAD = re.compile(
    r"(?:端口|门|通道|port|door) ?[#-]?(?P<number>[1-9]\d?)|(?P<first>[1-9]\d?)[号#](?:门|端口|口)"
)
_OF_TYPES = re.compile(r"防区|类型|类别|type")
_OF_IDS, _OWN_ID = re.compile(r"编号|编码"), re.compile(r"(?!ch|nvr|dvr|zone)[a-z]{2,}\d*[-_]\w")
_OF_THINGS = frozenset({"id", "name", "point", "kind", "thing", "count", "door", "number", "parent_host"})
_NUMBER_OF = re.compile(r"\s*(?:编号|编码|名称|号| ?id| ?no\.?)$", re.IGNORECASE)
_SWITCH = re.compile(r"交换机|switch|(?<![a-z])sw\d*(?![a-z])")
_WITH_ID = re.compile(r"(?=.*[a-z])(?=.*\d)[\w.\-~、]+", re.IGNORECASE)


def head_by_content(grid: Sequence[Sequence[str]]) -> tuple[int, Head] | None:
    """The line above a table whose columns have names nobody knows, and one of them holds equipment."""
    lines = [[trimmed(cell) for cell in cells] for cells in grid]
    for at, cells in enumerate(lines[: TITLE_ROWS + 1]):
        for column, cell in enumerate(cells):
            below = [line[column] for line in lines[at:] if column < len(line) and line[column]]
            if not cell or len(below) < _LINES or meaning(cell, Context()) is None:
                continue
            wide = _MOST * len(set(cells) - {""})
            heads = [one for one in range(at) if _may_be_head(lines[one], column, wide)]
            if heads and _share(below, Context()) >= _MOST and not any(map(is_count, below)):
                return heads[0], columns_of(lines[heads[0]])
    for at, cells in enumerate(lines[:TITLE_ROWS]):
        below = lines[at + 1] if at + 1 < len(lines) else []
        for rows, heads_ in ((1, cells), (2, grouped(cells, below))):
            ports = sum(bool(port_of(one)) for one in heads_)
            if not (any(map(names_device, heads_)) or ports >= _LINES) or any(
                is_data(one) and not port_of(one) for one in heads_
            ):
                continue
            head = replace(columns_of(heads_), rows=rows)
            counts = read_by_content(head, lines[at + rows :], Context())
            named = any(one.name not in {"", "count"} for one in counts.columns)
            if counts.has("door") or (counts.has("count") and named):
                return at, head
    return None


def _may_be_head(cells: Sequence[str], column: int, wide: float) -> bool:
    """Whether a line names most of the columns below it, that of the equipment among them."""
    filled = set(cells) - {""}
    own = cells[column] if column < len(cells) else ""
    named = bool(own) and len(filled) > 1 and (bool(column_of(own)) or not names_device(own))
    return named and len(filled) >= wide and not any(is_data(one) for one in filled)


def read_by_content(head: Head, body: Sequence[Sequence[str]], context: Context) -> Head:
    """The head, with names for those columns whose cells leave no doubt of what they hold."""
    parts = [[trimmed(cell) for cell in part] for line in body if (part := head.cells(line))]
    parts = [part for part in parts if not _is_section(part)]
    cells = [[part[at] for part in parts if at < len(part) and part[at]] for at in range(len(head.columns))]
    columns = [
        _Filled(one.name, one.head, some, doubled=one.head in head.doubled)
        for one, some in zip(head.columns, cells, strict=True)
    ]
    if len(things := [one for one in columns if _holds_its_things(one)]) >= _LINES:
        for one in things:
            one.name = "thing"
    else:
        _name_things(columns, context)
        _name_doors(columns)
        _name_second(columns, context)
        if head.kind is None and context.kind is None:
            _name_notes(columns, context)
    _name_types(columns)
    for fits, name, stands_for in (
        (_are_zones, "number", {"number"}),
        (_are_addresses, "host", {"host"}),
        (_are_systems, "group", {"system", "group"}),
        (_are_ids, "id", {"id"}),
    ):
        found = [one for one in columns if not one.name and not one.doubled and fits(one)]
        if len(found) == 1 and not stands_for & {one.name for one in columns}:
            found[0].name = name
    _name_parents(columns)
    _name_counts(columns)
    _name_places(columns, context)
    _name_names(columns, context)
    _name_points(columns)
    _rename(columns)
    own = _name_listed(columns, context) if head.kind is None else None
    head = replace(head, kind=own[1], says_kind=(own[0],)) if own else head
    return replace(head, columns=tuple(Column(one.name, one.head) for one in columns))


def _is_section(cells: Sequence[str]) -> bool:
    """Whether a line says one thing beside its numeral: 一 | 视频监控."""
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and is_numeral(filled[0]) and len(set(filled[1:])) == 1


@dataclass(slots=True)
class _Filled:
    """A column with what stands in it."""

    name: str
    head: str
    cells: Sequence[str]
    doubled: bool


def _holds_its_things(column: _Filled) -> bool:
    """Whether a column headed by a device says which form of it each place has: 入侵探测装置: 振动, 双鉴."""
    kind = device_of(column.head)
    if column.name not in {"", "kind", "kind again"} or column.doubled or kind is None:
        return False
    context = Context(next(iter(KIND_SYSTEMS.get(kind, ())), None), kind=kind)
    forms = [row_meaning({"kind": one}, context).kind is kind for one in column.cells]
    return bool(forms) and sum(forms) >= _MOST * len(forms)


def _name_things(columns: Sequence[_Filled], context: Context) -> None:
    """The column that names the equipment, if no column with a known head does."""
    known = [_share(one.cells, context) for one in columns if one.name in {"kind", "name", "point"}]
    unknown = [one for one in columns if not one.name and not one.doubled]
    unknown = [one for one in unknown if not _are_above(one)]
    unknown = [
        one for one in unknown if not _OF_PARTS.search(plain(one.head)) and any(map(names_device, one.cells))
    ]
    things = max(unknown, key=lambda one: _share(one.cells, context), default=None)
    if things and _share(things.cells, context) >= _MOST and max(known, default=0.0) < _FEW:
        things.name = "name again" if any(one.name == "name" for one in columns) else "name"


def _name_second(columns: Sequence[_Filled], context: Context) -> None:
    """A further column of devices of another kind: each row then holds two, which is left to a person."""
    first = next((one for one in columns if one.name == "kind" and one.cells), None)
    if first is None or any(one.name == "kind again" for one in columns):
        return
    kinds = {device_of(cell) for cell in first.cells} - {None}
    for one in columns:
        of_parts = _OF_PARTS.search(plain(one.head)) or _BESIDE.search(plain(one.head))
        if one.name or one.doubled or of_parts or _are_above(one) or len(one.cells) < _LINES:
            continue
        found = [item.kind for cell in one.cells if (item := meaning(cell, context)) and item.kind]
        if len(found) == len(one.cells) and kinds and not kinds & set(found):
            one.name = "kind again"
            return


def _are_above(column: _Filled) -> bool:
    """Whether a column holds what each device hangs on, by its id: NVR1, NVR-1 CH2, 报警主机."""
    known = [cell for cell in column.cells if device_of(cell)]
    of_ids = any(re.search(r"\d$", cell) for cell in known) and not _differ(column.cells)
    with_ports = all(_AT_END.search(plain(cell)) for cell in known)
    return {device_of(cell) for cell in known} <= ABOVE_OTHERS and (of_ids or with_ports)


def _name_doors(columns: Sequence[_Filled]) -> None:
    """The columns 端口1, 端口2 of a list of controllers, in which the door at each port is named."""
    above = [one for one in columns if one.name == "parent" and _OF_CONTROLLER.search(plain(one.head))]
    ports = [one for one in columns if port_of(one.head) and one.cells and not any(map(is_count, one.cells))]
    if above and len(ports) >= _LINES and len(set(above[0].cells)) == len(above[0].cells):
        for one in ports:
            one.name = "door"


def _name_notes(columns: Sequence[_Filled], context: Context) -> None:
    """The remarks as what names the equipment, where nothing else does: 东门, 枪机; 西门, 球机."""
    if any(one.name in {"kind", "thing"} for one in columns):
        return
    known = [_share(one.cells, context) for one in columns if one.name in {"name", "point", "name again"}]
    notes = [one for one in columns if one.name == "note"]
    beside = any(_BESIDE.search(plain(cell)) for one in notes for cell in one.cells)
    if len(notes) == 1 and not beside and not any(known) and _share(notes[0].cells, context) >= _ALL_BUT_FEW:
        notes[0].name = "kind note"


def _name_types(columns: Sequence[_Filled]) -> None:
    """The column 类型 or 属性 as that of the types of zones, where its cells are such: 即时, Delay 延时."""
    for one in columns:
        may = one.name in {"kind", "kind again", "attributes"}
        may = may or (not one.name and bool(_OF_TYPES.search(plain(one.head))))
        if may and any(map(zone_type, one.cells)) and all(map(type_among_types, one.cells)):
            other = next((two for two in columns if two.name == "kind again"), None)
            if one.name == "kind" and other:
                other.name = "kind"
            one.name, one.head = "attribute", "防区类型"


def _name_parents(columns: Sequence[_Filled]) -> None:
    """The column whose cells are ids of other rows of the table: each is the device this one hangs on."""
    ids = {cell for one in columns if one.name == "id" for cell in one.cells}
    for one in columns:  # the name of a recorder that stands with each of its cameras
        if (
            one.name == "name"
            and NAME_ABOVE.fullmatch(plain(one.head))
            and len(set(one.cells)) < len(one.cells)
        ):
            one.name = "parent"
    if any(one.name == "parent" for one in columns):
        return
    for one in columns:
        fits = bool(one.cells) and not _BESIDE.search(plain(one.head))
        fits = fits and any(cell in ids or re.search(r"\d|[-_][a-z]$", plain(cell)) for cell in one.cells)
        if fits and all(_hangs_on(cell, ids) for cell in one.cells) and not one.name and not one.doubled:
            one.name = "parent"
            return


def _name_listed(columns: Sequence[_Filled], context: Context) -> tuple[int, DeviceKind] | None:
    """The column of a list of controllers, recorders or panels themselves: 控制器编号 | 型号 | 位置 | IP地址.

    No column names anything that hangs on them, and each stands there once with its model or its address.
    """
    names = {one.name for one in columns if one.cells}
    above = [at for at, one in enumerate(columns) if one.name == "parent" and _differ(one.cells, 1)]
    if len(above) != 1 or names & _OF_THINGS or not names & {"model", "host"}:
        return None
    own = columns[above[0]]
    found = meaning(_NUMBER_OF.sub("", own.head), context)
    if found is None or found.kind not in ABOVE_OTHERS:
        return None
    own.name = "id" if all(is_id(cell) for cell in own.cells) else "name"
    return above[0], found.kind


def _hangs_on(cell: str, ids: Collection[str]) -> bool:
    """Whether a cell is the id of another row, alone or with a number at it: NVR-1, 101-NVR-01/D1."""
    found = _AT_PARENT.fullmatch(cell)
    if cell in ids or device_of(cell) in ABOVE_OTHERS:
        return True
    if found is None:
        return False
    return found["parent"] in ids or device_of(found["parent"]) in ABOVE_OTHERS


def port_of(head: str) -> str:
    """The number of the port or the door of a controller that a head names (端口1, 2号门), else empty."""
    found = _PORT_HEAD.fullmatch(plain(head))
    return (found["number"] or found["first"]) if found else ""


def _name_places(columns: Sequence[_Filled], context: Context) -> None:
    """The column that holds places and no equipment, where no head says so: 法庭号: 第一法庭; 装置: 罐区."""
    there = [one for one in columns if one.name == "location"]
    if any(not is_of_places(one.head) for one in there):
        return
    kinds = [one for one in columns if one.name in {"kind", "kind again"} and one.cells]
    for one in columns:
        of_another = any(spelt.search(plain(one.head)) for spelt in (_OF_PARTS, _BESIDE, _NO_PLACE))
        of_another = of_another or bool(there and _ELSEWHERE.search(plain(one.head)))
        spare = not one.name and not one.doubled and not of_another
        beside = one.name == "kind" and len(kinds) > 1 and not _share(one.cells, context)
        if (spare or beside) and one.cells and all(map(is_place, one.cells)) and _are_chinese(one.cells):
            if beside:
                kinds[1].name = "kind"
            one.name = "location"
            return


def _name_points(columns: Sequence[_Filled]) -> None:
    """Of two columns of names of points, that with a name for each: 展厅 | 展厅东, 展厅 | 展厅西."""
    points = [one for one in columns if one.name == "point"]
    beside = [one for one in columns if one.doubled and column_of(one.head) == "point" and _differ(one.cells)]
    if not points or len(beside) != 1 or _differ(points[0].cells):
        return
    if len(beside[0].cells) >= len(points[0].cells):
        points[0].name = "" if any(one.name == "location" for one in columns) else "location"
        beside[0].name, beside[0].doubled = "point", False


def _name_names(columns: Sequence[_Filled], context: Context) -> None:
    """The column 摄像机 or 设备 that names the places of things whose kind another column says."""
    kinds = [one for one in columns if one.name in {"kind", "kind again"} and one.cells]
    if len(kinds) != _LINES or any(one.name in {"name", "point"} for one in columns):
        return
    first, second = kinds
    says = any(meaning(cell, context) or stated_system(cell) or is_trade(cell) for cell in first.cells)
    if not says and _differ(first.cells) and _share(second.cells, context) >= _MOST:
        first.name, second.name = "point", "kind"


def _are_chinese(cells: Sequence[str]) -> bool:
    """Whether cells are Chinese words, and no numbers, codes or leaves of doors (单开木门)."""
    return all(re.search(r"[一-龥]{2}", cell) and not _LEAF.fullmatch(plain(cell)) for cell in cells)


def _name_counts(columns: Sequence[_Filled]) -> None:
    """The columns of a table that counts: a place in each row, a thing in each head (区域 | 半球 | 枪机)."""
    if any(one.name in {"name", "point"} and one.cells for one in columns):
        return
    counts = [one for one in columns if one.name in {"", "kind", "kind again", "parent"} and _are_counts(one)]
    of_others = any(one.name in {"id", "number"} and one.cells for one in columns)  # parts of what it lists
    things = [one for one in counts if names_device(one.head) or names_technology(one.head)]
    if things and not of_others:
        things = [one for one in counts if one in things or meaning(one.head, Context())]
    if sum(one.name != "parent" for one in things) >= _LINES:
        texts = [one for one in columns if not one.name and one.cells and not any(map(is_count, one.cells))]
        if texts and not any(one.name in {"location", "id"} for one in columns):
            texts[0].name = "location"
        zones = any(device_of(one.head) is DeviceKind.ZONE for one in counts)
        zones = zones or sum(names_technology(one.head) for one in counts) >= _LINES
        for one in counts:
            if zones and not names_device(one.head) and names_technology(one.head):
                one.head = f"{one.head}探测器"  # 震动 beside 玻璃破碎
            if not _SUMS.search(plain(one.head)) and not _NO_THING.search(plain(one.head)):
                one.name = "count"


def names_device(head: str) -> bool:
    """Whether the head of a column names a device: 半球（台）."""
    return device_of(head) is not None


def device_of(head: str) -> DeviceKind | None:
    """The kind of the devices the head of a column names."""
    found = meaning(head, Context())
    return found.kind if found else None


def _are_counts(column: _Filled) -> bool:
    return bool(column.cells) and all(map(is_count, column.cells))


def is_count(cell: str) -> bool:
    """Whether a cell counts things, or marks that there is one: 4, √."""
    return (cell.isdigit() and len(cell) <= _DIGITS) or is_mark(cell)


def is_mark(cell: str) -> bool:
    """Whether a cell marks that there is one: √."""
    return plain(cell) in _MARKS


def _rename(columns: Sequence[_Filled]) -> None:
    """Columns whose cells show that their head means another thing here than it mostly does."""
    names = {one.name for one in columns}
    thing = bool({"name", "kind"} & names)
    for at, one in enumerate(columns):
        if not one.cells:
            continue
        ids = all(is_id(cell) and _WITH_ID.fullmatch(cell) for cell in one.cells)
        small = all(_is_port(cell) for cell in one.cells)
        if one.name == "location" and plain(one.head) == "area" and all(map(str.isdigit, one.cells)):
            one.name, one.head = "attribute", "partition"
        elif one.name == "sequence" and "id" not in names and ids:
            one.name = "id"  # No.: C-01
        elif one.name == "number" and not any(re.search(r"\d", cell) for cell in one.cells):
            one.name = "location"  # Zone: Hall A
        elif one.name == "number" and "id" not in names and ids and _are_no_numbers(one):
            one.name = "id"  # 门号: A101, 防区编号: ZQ-01
        elif one.name == "point" and "id" not in names and ids and _differ(one.cells) and thing:
            one.name = "id"  # 点位: 3F-01
        elif one.name in {"port", "unused"} and small and "number" not in names:
            beside = columns[at - 1] if at else one  # 接入主机 | 接入端口
            at_parent = beside.name == "parent" and not any(_SWITCH.search(plain(c)) for c in beside.cells)
            if at_parent or (one.name == "port" and "parent" in names and "host" not in names):
                one.name = "number"  # the port of a door at its controller


def _are_no_numbers(column: _Filled) -> bool:
    """Whether the ids in a column of numbers are those of the designer, and no Z1, Z2 of a panel."""
    if column.head.startswith("门"):
        return True
    own = all(_OWN_ID.match(plain(cell)) for cell in column.cells)
    return own and bool(_OF_IDS.search(column.head)) and _differ(column.cells)


def _is_port(cell: str) -> bool:
    """Whether a cell may be the number of a port of a controller, or of a channel: 2, CH2, D2, 2号口."""
    found = _PORT.fullmatch(plain(cell))
    return found is not None and int(found["number"]) <= _PORTS


def _differ(cells: Sequence[str], least: int = _LINES) -> bool:
    return len(cells) >= least and len(set(cells)) == len(cells)


def _share(cells: Sequence[str], context: Context) -> float:
    """How many of the cells name a piece of equipment."""
    return sum(meaning(one, context) is not None for one in cells) / len(cells) if cells else 0.0


def _are_systems(column: _Filled) -> bool:
    """Whether each cell names a system and no thing."""
    return bool(column.cells) and all(is_only_system(one) for one in column.cells)


def _are_zones(column: _Filled) -> bool:
    """Whether each cell is the number of a zone in words: 防区1, 第3防区."""
    return bool(column.cells) and all(_ZONE.fullmatch(plain(one)) for one in column.cells)


def _are_ids(column: _Filled) -> bool:
    """Whether a column holds ids, another for each device, and no serial numbers or numbers of cables."""
    cells = column.cells
    head = plain(column.head)
    of_another = any(one.search(head) for one in (_OTHERS_ID, _BESIDE, _OF_PARTS))  # 联动摄像机
    if len(cells) < _LINES or len(set(cells)) < len(cells) or of_another:
        return False
    return all(is_id(one) and _WITH_ID.fullmatch(one) for one in cells)


def _are_addresses(column: _Filled) -> bool:
    """Whether a column holds addresses, another for each device."""
    hosts = [plain(one).split("/")[0].split(":")[0] for one in column.cells]
    if len(hosts) < _LINES or len(set(hosts)) < len(hosts) or _OTHERS_ADDRESS.search(plain(column.head)):
        return False
    try:
        return all(not ipaddress.IPv4Address(one).is_unspecified for one in hosts)
    except ValueError:
        return False
