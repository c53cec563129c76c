# SPDX-License-Identifier: Apache-2.0
"""Tables that count each thing floor by floor: things in the rows, floors or buildings in the heads."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanshou.site.schedule.filled import LINES, MOST, Filled, is_count, share
from yanshou.site.schedule.terms import Context, plain

_FLOOR = re.compile(
    r"(?:地下|地上|负)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:层|楼|f)|[bf]\d{1,2}f?|-\d{1,2}f?"
    r"|(?:\d{1,2}|[a-z])\s*[#号]?\s*(?:楼|栋|幢|座|区)|屋面|屋顶|室外|地下室|夹层|首层|顶层|避难层|rf|gf|roof"
)
_SUM = re.compile(r"合计|小计|总计|总数|总量|共计|数量|工程量|total|sum|qty|quantity")


_FLOORS = re.compile(r"(?P<first>[^~—–至到-]+)[~—–至到-](?P<last>[^~—–至到-]+)")


def is_floor(text: str) -> bool:
    """Whether a text is a floor, some floors or a building: B1, 3F, 3F-15F, 2~4层, 地下一层, 2号楼."""
    found = _FLOORS.fullmatch(plain(text))
    ends = (found["first"], found["last"]) if found else (plain(text),)
    first, last = ends[0], ends[-1]
    if found and first.isdigit():
        first += last[-1]  # 2~4层
    return all(_FLOOR.fullmatch(one) for one in (first, last))


def _parts_of_sum(columns: Sequence[Filled]) -> list[Filled]:
    """The columns of counts that add up to their sums, whatever they are called: 坝顶 | 开关站 | 小计."""
    counts = [one for one in columns if one.cells and all(cell.isdigit() for cell in one.cells)]
    sums = [one for one in counts if one.name in {"", "quantity"} and _SUM.fullmatch(plain(one.head))]
    parts = [one for one in counts if one.name in {"", "attribute"} and one not in sums]
    added = sum(int(cell) for one in parts for cell in one.cells)
    whole = len(sums) == 1 and added == sum(int(cell) for cell in sums[0].cells)
    return parts if whole else []


def name_floors(columns: Sequence[Filled], context: Context) -> None:
    """The columns of floors that count the thing of each row, and that of their sums."""
    floors = [
        one
        for one in columns
        if one.name in {"", "attribute"}
        and one.cells
        and is_floor(one.head)
        and all(map(is_count, one.cells))
    ]
    parts = _parts_of_sum(columns)  # 主馆 | 游泳馆 | 室外, of which one is a floor
    floors = parts if len(parts) > len(floors) else floors
    things = [one for one in columns if one.name in {"name", "kind", "name again"}]
    if len(floors) < LINES or not any(share(one.cells, context) >= MOST for one in things):
        return
    for one in floors:
        one.name = "floor"
    for one in columns:
        if _SUM.search(plain(one.head)) and one.cells and all(cell.isdigit() for cell in one.cells):
            one.name = "sum"
