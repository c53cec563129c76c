# SPDX-License-Identifier: Apache-2.0
"""Columns called 类型 whose cells say nothing of what a thing is, and cells that list several things."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanshou.model import DeviceKind, System
from yanshou.site.devices import is_id
from yanshou.site.schedule.filled import (
    BESIDE,
    LINES,
    MOST,
    Filled,
    device_of,
    differ,
    is_count,
    kind_below,
    share,
)
from yanshou.site.schedule.head_names import column_of
from yanshou.site.schedule.heads import ABOVE_OTHERS
from yanshou.site.schedule.installed import are_states
from yanshou.site.schedule.kinds import row_meaning
from yanshou.site.schedule.meanings import UNCLEAR, Meaning
from yanshou.site.schedule.terms import (
    Context,
    is_only_system,
    is_trade,
    meaning,
    names_technology,
    plain,
)

_ITEM = re.compile(
    r"\s*(?P<thing>(?:\d+(?:路|万|寸|口|门|防区|倍|盘位|光束|防区"
    r"|米))?[^\d、,，;；+\n]*[^\d\s、,，;；+\n])\s*[x×*:：]?\s*(?P<count>[1-9]\d{0,2})\s*(?:台|个|只|套|对|把"
    r"|块|部|樘|组)\s*"
)
_TIMES = re.compile(
    r"\s*(?P<thing>(?:\d+(?:路|万|寸|口|门))?[^\d、,，;；+\n×*]*[^\d\s、,，;；+\n×*])\s*[×*]\s*(?P<count>[1-9]\d{0,2})\s*"
)
_OF_ID = re.compile(r"(?P<thing>.+?)\s*(?:编号|编码|代号|号)")
_IDS = re.compile(r"[\w\-]*[A-Za-z][\w\-]*\d(?:\s*[~～至、,]\s*[\w\-]*\d)+")
"""Several ids in one cell: C-01~06, M-01、02."""
_ANY_FORM = re.compile(
    "(?:网络|监控|视频|安防)*(?:摄像机|摄像头|相机|监控点位?|探测器|防区|报警点|门禁点?|门)"
)
"""Names of things of a kind whatever their form: 监控点编号 beside 摄像机编号 is of the same thing."""
_OF_PLACES = frozenset({DeviceKind.CAMERA, DeviceKind.ZONE, DeviceKind.DOOR})
"""Kinds of different systems, which a line of a place may hold one of each."""
_INSTALLED = re.compile(
    r"实际[一-龥]{0,3}|(?:现场|竣工|实)(?:安装|完成|到货|使用|施工|配置|装|有|收|配|设)?(?:数量|数|量)?|(?:已"
    r"|安)装(?:数量|数|量)?"
)
_OF_ALARMS = re.compile(r"报警|探测|入侵|防区|alarm|detect")
_OF_ZONES = Context(System.INTRUSION, kind=DeviceKind.ZONE)
_QUANTITY = re.compile(r"(?:数量|台数|套数|数目)$")
_NOT_THERE = re.compile(
    r"备[品件用份]|拆除|库存|预留|损坏|缺|报废|停用|单价|盘|口|路|户|人|门|带|可|容|支持|接入"
)
"""What a quantity may be of that is not installed, or of no devices."""
_CONNECTED = re.compile("(?:接入|连接|所接|终端)(?:设备|装置)")
_BETWEEN = re.compile(r"[、,，;；+\n]")
_PARTS_OF_HEAD = re.compile(r"[\s/／|()（）]+")


def items_of(cell: str) -> list[tuple[str, str]]:
    """Each thing with its number, where a cell lists nothing else: 双鉴2只、门磁3只; none otherwise."""
    parts = _BETWEEN.split(cell.strip(" 、,，;；。"))
    found = [_ITEM.fullmatch(part) or _TIMES.fullmatch(part) for part in parts]
    return [(one["thing"], one["count"]) for one in found if one] if all(found) else []


def _lists_items(column: Filled) -> bool:
    """Whether most cells of a column list things with their numbers, and the others name a thing each."""
    listed = [cell for cell in column.cells if items_of(cell)]
    others = [cell for cell in column.cells if cell not in listed]
    things = all(meaning(cell, Context()) is not None for cell in others)
    return len(listed) > len(others) and things


def name_items(columns: Sequence[Filled], *, beside_counts: bool = False) -> None:
    """The columns whose cells list things with their numbers, where one of them lists several in a cell.

    Beside columns of counts one thing in a cell is enough: 视频监控: 2, 报警: 双鉴1只.
    """
    listing = [
        one
        for one in columns
        if one.name in {"", "kind", "kind again", "name", "name again"} and _lists_items(one)
    ]
    lists = any(len(items_of(cell)) >= LINES for one in listing for cell in one.cells)
    if not beside_counts and not lists and len(listing) < LINES:
        return
    for one in listing:
        one.name = "items"
    if not any(one.name in {"location", "point", "name", "id"} and one.cells for one in columns):
        first = next((one for one in columns if one.name == "" and one.cells and not one.doubled), None)
        if first is not None and column_of(first.head) == "":
            first.name = "location"


def name_kinds(columns: Sequence[Filled], context: Context) -> None:
    """The column called 报警类型 or Item that names the things, where no other does: 红外双鉴."""
    says = [one for one in columns if one.name in {"kind", "kind again", "name", "name again", "point"}]
    if any(share(one.cells, context) for one in says):
        return
    for one in columns:
        if one.name == "sequence" and len(one.cells) >= LINES and share(one.cells, context) >= MOST:
            one.name = "name"  # Item: Dome camera, Panic button
            return
        may = one.name in {"", "attribute"} and _OF_ALARMS.search(plain(one.head)) and len(one.cells) >= LINES
        if may and all(row_meaning({"kind": cell}, _OF_ZONES).kind for cell in one.cells):
            one.name = "kind again" if any(other.name == "kind" for other in says) else "kind"
            one.head = "探测器类型"
            return


def name_installed(columns: Sequence[Filled]) -> None:
    """Of several quantities that of what was installed, whose head says no more: 合同数量 | 实际安装.

    If no head says 数量, the numbers behind the units are the quantities.
    """
    counts = [one for one in columns if one.name == "quantity"]
    real = [
        one
        for one in columns
        if one.name in {"", "quantity"}
        and one.cells
        and _INSTALLED.fullmatch(plain(one.head))
        and all(cell.isdigit() for cell in one.cells)
    ]
    if not counts and not real:
        units = [at for at, one in enumerate(columns) if one.name == "unit"]
        real = [columns[at + 1] for at in units if at + 1 < len(columns) and _may_count(columns[at + 1])]
        own = any(one.name in {"id", "parent"} and differ(one.cells) for one in columns)
        real = [one for one in columns if not own and _is_quantity(one)] or real
    if len(real) == 1 and real[0] not in counts:
        for one in counts:
            one.name = "unused"
        real[0].name, real[0].doubled = "quantity", False


def name_states(columns: Sequence[Filled]) -> None:
    """The columns whose cells are states of things, if no known head is that of states: 情况: 正常, 故障."""
    if not any(one.name == "state" for one in columns):
        for one in columns:
            if not one.name and not one.doubled and are_states(one.cells):
                one.name = "state"


def _may_count(column: Filled) -> bool:
    """Whether a column behind that of the units holds quantities, whatever it is called: 台 | 3."""
    return not column.name and bool(column.cells) and all(map(is_count, column.cells))


def _is_quantity(column: Filled) -> bool:
    """Whether a column of whole numbers says 数量 of what is there: 移交数量, and not 备品数量."""
    head = plain(column.head)
    may = not column.name and not column.doubled and bool(_QUANTITY.search(head))
    part = meaning(_QUANTITY.sub("", column.head.strip()), Context())  # 读卡器数量 of a door
    return may and part is None and not _NOT_THERE.search(head) and all(map(str.isdigit, column.cells))


def name_own_ids(columns: Sequence[Filled]) -> None:
    """The columns of ids of a line of a place, of other things: 摄像机编号 | 报警按钮编号 | 门禁编号."""
    found = [
        (one, kind)
        for one in columns
        if (one.name in {"", "id"} and (kind := kind_below(thing_of_id(one.head))) in _OF_PLACES)
        and all(is_id(cell) or _IDS.fullmatch(cell) for cell in one.cells)
        and len(set(one.cells)) == len(one.cells)
        and not BESIDE.search(plain(one.head))
    ]
    kinds = [kind for one, kind in found if one.cells]
    forms = [kind for one, kind in found if one.cells and not _ANY_FORM.fullmatch(thing_of_id(one.head))]
    of_forms = len(set(forms)) < len(forms)  # 半球编号 | 枪机编号
    if not of_forms and (len(set(kinds)) < len(_OF_PLACES) or len(found) > len(_OF_PLACES)):
        return
    for one, _ in found:
        one.name, one.doubled = "own id", False


def thing_of_id(head: str) -> str:
    """The thing that the head of a column of ids names: 报警按钮编号; empty if it is no such head."""
    found = _OF_ID.fullmatch(head.strip())
    return found["thing"] if found else ""


def name_connected(columns: Sequence[Filled], context: Context) -> None:
    """The column 接入设备 that names the things themselves, where no other does: RD1, 读卡器; LK1, 磁力锁."""
    says = [one for one in columns if one.name in {"kind", "kind again", "name", "name again", "point"}]
    if any(share(one.cells, context) >= MOST for one in says):
        return
    for one in columns:
        may = _CONNECTED.fullmatch(plain(one.head)) and (one.name == "parent" or one.doubled)
        known = (
            [found for cell in one.cells if (found := meaning(cell, context)) and found.clear] if may else []
        )
        if len(known) >= LINES and len(known) >= MOST * len(one.cells) and not _are_above(known):
            one.name, one.doubled = "kind", False
            return


def name_ends(columns: Sequence[Filled]) -> None:
    """Of two columns of things that with the numbered recorders and panels, on which the others hang.

    So are the two ends of a cable: 从（设备）: 枪机VC01, 到（设备）: NVR01; 起点, 终点, which may be places.
    """
    if any(one.name == "parent" for one in columns):
        return
    named = any(one.name in {"kind", "name", "point"} and one.cells for one in columns)
    for first in ("kind", "name", *(() if named else ("location",))):
        pair = [one for one in columns if one.name in {first, f"{first} again"} and one.cells]
        if first == "location" and not all(device_of(cell) for one in pair for cell in one.cells):
            return
        above = [
            one
            for one in pair
            if all(device_of(cell) in ABOVE_OTHERS and re.search(r"\d$", cell) for cell in one.cells)
        ]
        if len(pair) == LINES and len(above) == 1:
            for one in pair:
                one.name = "parent" if one in above else "name" if first == "location" else first
            return


def _are_above(found: Sequence[Meaning]) -> bool:
    """Whether one of the things is of a kind on which others hang."""
    return any(one.kind in ABOVE_OTHERS for one in found)


def free_kinds(columns: Sequence[Filled], context: Context, kind: DeviceKind | None) -> None:
    """A column called 类型 that names no thing, beside one that does: 监控类型: 仓内; Type / Model: 4 MP."""
    kinds = [one for one in columns if one.name == "kind" and len(one.cells) >= LINES]
    others = [one for one in columns if one.name in {"name", "name again", "point"} and one.cells]
    saying = [one for one in others if share(one.cells, context) >= MOST]
    if len(kinds) != 1 or not saying:
        return
    within = Context(context.system, context.foreign, kind or context.kind)
    if any(_says(cell, within) for cell in kinds[0].cells):
        return
    names = {column_of(part) for part in _PARTS_OF_HEAD.split(plain(kinds[0].head))}
    if "model" in names and all(one.name != "model" for one in columns):
        kinds[0].name = "model"
    elif any(one.name == "point" for one in saying):  # a name is looked at beside any kind, a point is not
        kinds[0].name = "note"


def _says(cell: str, context: Context) -> bool:
    """Whether a cell names a thing, a system or a trade, as far as anybody knows."""
    known = meaning(cell, context) is not None or names_technology(cell) or is_only_system(cell)
    return known or is_trade(cell) or row_meaning({"kind": cell}, context) is not UNCLEAR
