# SPDX-License-Identifier: Apache-2.0
"""Columns whose head says too little, read by what stands in them: names of equipment, addresses, ids."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import replace

from yanshou.model import DeviceKind, System
from yanshou.site.devices import is_id
from yanshou.site.schedule.cell_texts import is_zone
from yanshou.site.schedule.counted import name_counts
from yanshou.site.schedule.filled import (
    BESIDE,
    LINES,
    MOST,
    OF_PARTS,
    Filled,
    device_of,
    differ,
    is_count,
    kind_below,
    names_device,
    port_of,
    share,
)
from yanshou.site.schedule.head_names import column_of
from yanshou.site.schedule.heads import (
    ABOVE_OTHERS,
    NAME_ABOVE,
    TITLE_ROWS,
    Column,
    Head,
    below_groups,
    columns_of,
    grouped,
    is_data,
)
from yanshou.site.schedule.kind_columns import (
    free_kinds,
    name_connected,
    name_ends,
    name_installed,
    name_items,
    name_kinds,
    name_own_ids,
    name_states,
)
from yanshou.site.schedule.kinds import row_meaning, type_among_types, zone_type
from yanshou.site.schedule.placed import name_floors
from yanshou.site.schedule.places import name_names, name_places, name_points
from yanshou.site.schedule.ports import (
    are_above,
    have_addresses,
    ids_of_controllers,
    name_inputs,
    name_loops,
    name_recorders,
)
from yanshou.site.schedule.terms import (
    NOTHING,
    Context,
    is_numeral,
    is_only_system,
    meaning,
    plain,
)
from yanshou.vocabulary.device import KIND_SYSTEMS
from yanshou.vocabulary.spelling import trimmed

_ALL_BUT_FEW, _FEW = 0.75, 0.3
_PORTS = 64
_DOORS = 16
"""So many doors has a controller at most; no service answers at such a port."""
_OTHERS_ADDRESS = re.compile(
    r"网关|掩码|平台|服务器|主机|上联|组播|读头|读卡|识读|mask|gateway|dns|server|nvr|交换机|reader"
)
_OTHERS_ID = re.compile(
    r"线|缆|图|出厂|序列|合同|报告|证书|端口|交换机|回路|规格|型号|mac|serial|sn$|model|cable|port"
)
_AT_END = re.compile(r"[\s/:\-](?:ch|d|通道|防区|端口|port)?\s*\d{1,3}$")
_AT_INPUT = re.compile(r"\S\s*(?:ch|通道|防区|端口)\s*\d{1,3}$")
_OF_READER = re.compile(r"(?:读卡器|读头)(?:(?P<type>类型|形式|名称)|编号|编码|号)")
_NUMBERED_HEAD = re.compile(r"(?P<stem>[^\d\s(（]+)\s*[(（]?(?:[1-9]|[一二三四])[)）]?")
_PORT = re.compile(
    r"(?:ch|d|z|zone|port|door|通道|防区|端口|门)?\s*(?P<number>\d{1,3})\s*(?:号?口|号门|号|#)?"
)
_OF_CONTROLLER = re.compile(r"控制器|controller|(?<![a-z])acu|门禁主机")
_OF_TYPES = re.compile(r"防区|类型|类别|type")
_SET_AND_UNSET = re.compile(r"可?(?:[布撤设]{1,2}|布防[/和与、]?撤)防(?:型|式|防区)?")
"""What a column of types of zones says of those that are not always on: 撤布防."""
_OF_IDS, _OWN_ID = re.compile(r"编号|编码"), re.compile(r"(?!ch|nvr|dvr|zone)[a-z]{2,}\d*[-_]\w")
_OF_THINGS = frozenset({"id", "name", "point", "kind", "thing", "count", "door", "number", "parent_host"})
_NUMBER_OF = re.compile(r"\s*(?:编号|编码|名称|号| ?id| ?no\.?)$", re.IGNORECASE)
_OF_DOORS = re.compile(r"门|door\b")
_SWITCH = re.compile(r"交换机|switch|(?<![a-z])sw\d*(?![a-z])")
_WITH_ID = re.compile(r"(?=.*[a-z])(?=.*[\d\-_])[\w.\-~、]+", re.IGNORECASE)


def head_by_content(grid: Sequence[Sequence[str]]) -> tuple[int, Head] | None:
    """The line above a table whose columns have names nobody knows, and one of them holds equipment."""
    lines = [[trimmed(cell) for cell in cells] for cells in grid]
    for at, cells in enumerate(lines[: TITLE_ROWS + 1]):
        for column, cell in enumerate(cells):
            below = [line[column] for line in lines[at:] if column < len(line) and line[column]]
            if not cell or len(below) < LINES or meaning(cell, Context()) is None:
                continue
            wide = MOST * len(set(cells) - {""})
            heads = [one for one in range(at) if _may_be_head(lines[one], column, wide)]
            if heads and share(below, Context()) >= MOST and not any(map(is_count, below)):
                return heads[0], columns_of(lines[heads[0]])
    for at, cells in enumerate(lines[:TITLE_ROWS]):
        below = lines[at + 1] if at + 1 < len(lines) else []
        for rows, heads_ in ((1, cells), (2, grouped(cells, below))):
            ports = sum(bool(port_of(one)) for one in heads_)
            if not (any(map(names_device, heads_)) or ports >= LINES) or any(
                is_data(one) and not port_of(one) for one in heads_
            ):
                continue
            head = replace(columns_of(heads_), rows=rows)
            head = below_groups(head, cells) if rows > 1 else head
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
    cells = [
        [part[at] for part in parts if at < len(part) and part[at] and plain(part[at]) not in NOTHING]
        for at in range(len(head.columns))
    ]
    columns = [
        Filled(one.name, one.head, some, doubled=one.head in head.doubled)
        for one, some in zip(head.columns, cells, strict=True)
    ]
    if context.kind is DeviceKind.READER:
        _name_readers(columns)
    _name_numbered(columns)
    name_own_ids(columns)
    name_inputs(columns)
    own = name_recorders(columns, context) if head.kind is None else None
    name_items(columns)
    several = any(one.name in {"thing", "items"} for one in columns)
    things = [] if several else [one for one in columns if _holds_its_things(one)]
    if len(things) >= LINES:
        for one in things:
            one.name = "thing"
    elif not several:
        _name_things(columns, context, of_doors=head.kind is DeviceKind.DOOR)
        _name_doors(columns)
        _name_second(columns, context)
        if head.kind is None and context.kind is None:
            _name_notes(columns, context)
    name_floors(columns, context)
    name_installed(columns)
    name_connected(columns, context)
    _name_types(columns)
    name_kinds(columns, context)
    free_kinds(columns, context, head.kind)
    for fits, name, stands_for in (
        (_are_zones, "number", {"number"}),
        (_are_addresses, "host", {"host"}),
        (have_addresses, "address", {"host"}),
        (_are_systems, "group", {"system", "group"}),
        (_are_ids, "id", {"id"}),
    ):
        spare = {"", "attribute"} if name == "number" else {""}  # 分区: 第1防区
        found = [one for one in columns if one.name in spare and not one.doubled and fits(one)]
        if len(found) == 1 and not stands_for & {one.name for one in columns}:
            found[0].name = name
    name_states(columns)
    _name_above(columns)
    own_door = {columns[at].name for at in head.says_kind} & {"id", "point", "name"}
    if head.kind is not DeviceKind.DOOR or not own_door:  # whose readers and locks are parts of the doors
        name_counts(columns)
    name_places(columns, context)
    name_names(columns, context)
    name_points(columns)
    _rename(columns)
    own = own or (_name_listed(columns, context) if head.kind is None else None)
    head = replace(head, kind=own[1], says_kind=(own[0],)) if own else head
    doubled = tuple(one.head for one in columns if one.doubled)
    return replace(head, columns=tuple(Column(one.name, one.head) for one in columns), doubled=doubled)


def _is_section(cells: Sequence[str]) -> bool:
    """Whether a line says one thing beside its numeral: 一 | 视频监控."""
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and is_numeral(filled[0]) and len(set(filled[1:])) == 1


def _holds_its_things(column: Filled) -> bool:
    """Whether a column headed by a device says which form of it each place has: 入侵探测装置: 振动, 双鉴."""
    kind = kind_below(column.head)
    if column.name not in {"", "kind", "kind again"} or column.doubled or kind is None:
        return False
    context = Context(next(iter(KIND_SYSTEMS.get(kind, ())), None), kind=kind)
    forms = [row_meaning({"kind": one}, context).kind is kind for one in column.cells]
    return bool(forms) and sum(forms) >= MOST * len(forms)


def _name_things(columns: Sequence[Filled], context: Context, *, of_doors: bool) -> None:
    """The column that names the equipment, if no known head does; of doors it is not that of readers."""
    known = [share(one.cells, context) for one in columns if one.name in {"kind", "name", "point"}]
    unknown = [one for one in columns if not one.name and not one.doubled]
    systems = [one for one in columns if is_only_system(one.head)]  # 视频监控: 2, 报警: 双鉴1只
    unknown = [one for one in unknown if not _are_above(one) and (one not in systems or len(systems) == 1)]
    unknown = [
        one for one in unknown if not OF_PARTS.search(plain(one.head)) and any(map(names_device, one.cells))
    ]
    unknown = [
        one
        for one in unknown
        if not (of_doors and {device_of(cell) for cell in one.cells} <= {DeviceKind.READER, None})
    ]
    things = max(unknown, key=lambda one: share(one.cells, context), default=None)
    if things and share(things.cells, context) >= MOST and max(known, default=0.0) < _FEW:
        things.name = "name again" if any(one.name == "name" for one in columns) else "name"


def _name_numbered(columns: Sequence[Filled]) -> None:
    """The columns 探测器1, 探测器2 of equipment: each of them is a device of its own."""
    stems: dict[str, list[Filled]] = {}
    for one in columns:
        found = _NUMBERED_HEAD.fullmatch(plain(one.head))
        if (
            found
            and one.cells
            and one.name in {"", "kind", "kind again"}
            and not any(map(is_count, one.cells))
        ):
            stems.setdefault(found["stem"], []).append(one)
    of_zones = Context(System.INTRUSION, kind=DeviceKind.ZONE)
    for some in stems.values():
        cells = [cell for one in some for cell in one.cells]
        known = [kind for cell in cells if (kind := row_meaning({"kind": cell}, of_zones).kind)]
        if len(some) >= LINES and len(known) >= MOST * len(cells):
            for one in some:
                own = f"入侵探测器{plain(one.head)[-1]}" if set(known) == {DeviceKind.ZONE} else one.head
                one.name, one.head = "thing", own


def _name_second(columns: Sequence[Filled], context: Context) -> None:
    """A further column of devices of another kind: each row then holds two, which is left to a person."""
    first = next((one for one in columns if one.name == "kind" and one.cells), None)
    if first is None or any(one.name == "kind again" for one in columns):
        return
    kinds = {device_of(cell) for cell in first.cells} - {None}
    for one in columns:
        of_parts = OF_PARTS.search(plain(one.head)) or BESIDE.search(plain(one.head))
        if one.name or of_parts or _are_above(one) or len(one.cells) < LINES:
            continue
        found = [item.kind for cell in one.cells if (item := meaning(cell, context)) and item.kind]
        if len(found) == len(one.cells) and kinds and not kinds & set(found):
            one.name = "kind again"
            return


def _are_above(column: Filled) -> bool:
    """Whether a column holds what each device hangs on, by its id: NVR1, NVR-1 CH2, 报警主机."""
    known = [cell for cell in column.cells if device_of(cell)]
    of_ids = any(re.search(r"\d$", cell) for cell in known) and not differ(column.cells)
    with_ports = all(_AT_END.search(plain(cell)) for cell in known)
    inputs = bool(column.cells) and all(_AT_INPUT.search(plain(cell)) for cell in column.cells)
    return inputs or ({device_of(cell) for cell in known} <= ABOVE_OTHERS and (of_ids or with_ports))


def _name_doors(columns: Sequence[Filled]) -> None:
    """The columns 端口1, 端口2 of a list of controllers, in which the door at each port is named."""
    above = [one for one in columns if one.name == "parent" and _OF_CONTROLLER.search(plain(one.head))]
    ports = [one for one in columns if port_of(one.head) and one.cells and not any(map(is_count, one.cells))]
    if not above and len(ports) >= LINES:
        above = ids_of_controllers(columns)
    if above and len(ports) >= LINES and len(set(above[0].cells)) == len(above[0].cells):
        for one in ports:
            one.name = "door"


def _name_notes(columns: Sequence[Filled], context: Context) -> None:
    """The remarks as what names the equipment, where nothing else does: 东门, 枪机; 西门, 球机."""
    if any(one.name in {"kind", "thing"} for one in columns):
        return
    known = [share(one.cells, context) for one in columns if one.name in {"name", "point", "name again"}]
    notes = [one for one in columns if one.name == "note"]
    beside = any(BESIDE.search(plain(cell)) for one in notes for cell in one.cells)
    if len(notes) == 1 and not beside and not any(known) and share(notes[0].cells, context) >= _ALL_BUT_FEW:
        notes[0].name = "kind note"


def _name_types(columns: Sequence[Filled]) -> None:
    """The column 类型 or 属性 as that of the types of zones, where its cells are such: 即时, Delay 延时."""
    for one in columns:
        may = one.name in {"kind", "kind again", "attributes"}
        said = {zone_type(cell) or cell for cell in one.cells}
        named = bool(_OF_TYPES.search(plain(one.head))) or len(said) >= LINES
        may = may or (not one.name and not one.doubled and named)  # 布防属性: 即时, 延时
        types = [cell for cell in one.cells if not _SET_AND_UNSET.fullmatch(plain(cell))]
        if may and any(map(zone_type, types)) and all(map(type_among_types, types)):
            other = next((two for two in columns if two.name == "kind again"), None)
            if one.name == "kind" and other:
                other.name = "kind"
            one.name, one.head = "attribute", "防区类型"


def _name_above(columns: Sequence[Filled]) -> None:
    """The columns of what a row hangs on, and of its loop there."""
    name_ends(columns)
    _name_parents(columns)
    name_loops(columns)


def _name_parents(columns: Sequence[Filled]) -> None:
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
        fits = bool(one.cells) and not BESIDE.search(plain(one.head))
        fits = fits and any(cell in ids or re.search(r"\d|[-_][a-z]$", plain(cell)) for cell in one.cells)
        if fits and are_above(one.cells, ids) and not one.name and not one.doubled:
            one.name = "parent"
            return


def _name_listed(columns: Sequence[Filled], context: Context) -> tuple[int, DeviceKind] | None:
    """The column of a list of controllers, recorders or panels themselves: 控制器编号 | 型号 | 位置 | IP地址.

    No column names anything that hangs on them, and each stands there once with its model or its address.
    """
    names = {one.name for one in columns if one.cells}
    above = [at for at, one in enumerate(columns) if one.name == "parent" and differ(one.cells, 1)]
    if len(above) != 1 or names & _OF_THINGS or not names & {"model", "host"}:
        return None
    own = columns[above[0]]
    found = meaning(_NUMBER_OF.sub("", own.head), context)
    kinds = {device_of(cell) for one in columns if one.name == "model" for cell in one.cells}
    kind = found.kind if found and found.kind else kinds.pop() if len(kinds) == 1 else None
    if kind not in ABOVE_OTHERS:
        return None
    own.name = "id" if all(is_id(cell) for cell in own.cells) else "name"
    return above[0], kind


def _name_readers(columns: Sequence[Filled]) -> None:
    """The columns of a list of readers that elsewhere say what belongs to a door: 读卡器编号, 读卡器类型."""
    for one in columns:
        found = _OF_READER.fullmatch(plain(one.head))
        name = "kind" if found and found["type"] else "id"
        if found and not one.name and not any(other.name == name for other in columns):
            one.name = name


def _rename(columns: Sequence[Filled]) -> None:
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
        elif _may_be_id(one) and "id" not in names and ids:
            one.name = "id"  # No.: C-01, 资产编码: BZ2026-001
        elif one.name == "number" and not any(re.search(r"\d", cell) for cell in one.cells):
            one.name = "location"  # Zone: Hall A
        elif one.name == "number" and "id" not in names and ids and _are_no_numbers(one):
            one.name = "id"  # 门号: A101, 防区编号: ZQ-01
            names.discard("number")
        elif one.name == "point" and thing:
            own = "id" not in names and ids and differ(one.cells)  # 点位: 3F-01
            counts = all(map(str.isdigit, one.cells))  # Point: 1, 2, 3
            one.name = "id" if own else "sequence" if counts else "point"
        elif one.name in {"port", "unused"} and small and "number" not in names:
            beside = columns[at - 1] if at else one  # 接入主机 | 接入端口
            at_parent = beside.name == "parent" and not any(_SWITCH.search(plain(c)) for c in beside.cells)
            of_doors = any(_OF_DOORS.match(plain(other.head)) for other in columns if other.name == "point")
            few = of_doors and all(int(_PORT.fullmatch(plain(c))["number"]) <= _DOORS for c in one.cells)  # type: ignore[index]
            if at_parent or (one.name == "port" and "parent" in names and ("host" not in names or few)):
                one.name = "number"  # the port of a door at its controller


def _may_be_id(column: Filled) -> bool:
    """Whether a column has the ids, if its cells are such and no other column has them."""
    return column.name == "sequence" or (column.name == "unused" and column.head.strip() == "资产编码")


def _are_no_numbers(column: Filled) -> bool:
    """Whether the ids in a column of numbers are those of the designer, and no Z1, Z2 of a panel."""
    if _OF_DOORS.match(plain(column.head)):
        return True
    own = all(_OWN_ID.match(plain(cell)) for cell in column.cells)
    return own and bool(_OF_IDS.search(column.head)) and differ(column.cells)


def _is_port(cell: str) -> bool:
    """Whether a cell may be the number of a port of a controller, or of a channel: 2, CH2, D2, 2号口."""
    found = _PORT.fullmatch(plain(cell))
    return found is not None and int(found["number"]) <= _PORTS


def _are_systems(column: Filled) -> bool:
    """Whether each cell names a system and no thing."""
    return bool(column.cells) and all(is_only_system(one) for one in column.cells)


def _are_zones(column: Filled) -> bool:
    """Whether each cell is the number of a zone in words: 防区1, 第3防区."""
    return bool(column.cells) and all(map(is_zone, column.cells))


def _are_ids(column: Filled) -> bool:
    """Whether a column holds ids, another for each device, and no serial numbers or numbers of cables."""
    cells = column.cells
    head = plain(column.head)
    of_another = any(one.search(head) for one in (_OTHERS_ID, BESIDE, OF_PARTS))  # 联动摄像机
    if len(cells) < LINES or len(set(cells)) < len(cells) or of_another:
        return False
    return all(is_id(one) and _WITH_ID.fullmatch(one) for one in cells)


def _are_addresses(column: Filled) -> bool:
    """Whether a column holds addresses, another for each device."""
    hosts = [plain(one).split("/")[0].split(":")[0] for one in column.cells]
    if len(hosts) < LINES or len(set(hosts)) < len(hosts) or _OTHERS_ADDRESS.search(plain(column.head)):
        return False
    try:
        return all(not ipaddress.IPv4Address(one).is_unspecified for one in hosts)
    except ValueError:
        return False
