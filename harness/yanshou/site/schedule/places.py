# SPDX-License-Identifier: Apache-2.0
"""Which columns say where things are and what their points are called, where no head says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanshou.site.schedule.filled import BESIDE, LINES, MOST, OF_PARTS, Filled, differ, share
from yanshou.site.schedule.head_names import column_of, is_of_places
from yanshou.site.schedule.kinds import is_place
from yanshou.site.schedule.terms import Context, is_trade, meaning, plain, stated_system

_NO_PLACE = re.compile(
    r"型|式|类|材|规格|状态|要求|等级|责任|负责|部门|单位|[人员]$|厂|商|品牌|结果|情况|编|码|内容|功能"
)
"""Heads of columns whose words may end as those of places do: 门型: 单开木门, 责任部门: 保卫处."""
_LEAF = re.compile(r"(?:[单双]开?|[单双]扇|木|玻璃|防火|防盗|钢制?|铁|自动|平移|旋转|感应|弹簧|卷帘)+门")
_ELSEWHERE = re.compile(r"接入|汇聚|机房|弱电|间$|柜|控制|主机|中心|上级|所属|归属|集中|前往|起|止")
"""Heads of where something else is, beside the floor or the building of the thing itself."""


def name_places(columns: Sequence[Filled], context: Context) -> None:
    """The column that holds places and no equipment, where no head says so: 法庭号: 第一法庭; 装置: 罐区."""
    there = [one for one in columns if one.name == "location"]
    if any(not is_of_places(one.head) for one in there):
        return
    kinds = [one for one in columns if one.name in {"kind", "kind again"} and one.cells]
    for one in columns:
        of_another = any(spelt.search(plain(one.head)) for spelt in (OF_PARTS, BESIDE, _NO_PLACE))
        of_another = of_another or bool(there and _ELSEWHERE.search(plain(one.head)))
        spare = not one.name and not one.doubled and not of_another
        beside = one.name == "kind" and len(kinds) > 1 and not share(one.cells, context)
        if (spare or beside) and one.cells and all(map(is_place, one.cells)) and _are_chinese(one.cells):
            if beside:
                kinds[1].name = "kind"
            one.name = "location"
            return


def name_points(columns: Sequence[Filled]) -> None:
    """Of two columns of names of points, that with a name for each: 展厅 | 展厅东, 展厅 | 展厅西."""
    points = [one for one in columns if one.name == "point"]
    beside = [one for one in columns if one.doubled and column_of(one.head) == "point" and differ(one.cells)]
    if not points or len(beside) != 1 or differ(points[0].cells):
        return
    if len(beside[0].cells) >= len(points[0].cells):
        points[0].name = "" if any(one.name == "location" for one in columns) else "location"
        beside[0].name, beside[0].doubled = "point", False


def name_names(columns: Sequence[Filled], context: Context) -> None:
    """The column 摄像机 or 设备 that names the places of things whose kind another column says."""
    kinds = [one for one in columns if one.name in {"kind", "kind again"} and one.cells]
    if len(kinds) != LINES or any(one.name in {"name", "point"} for one in columns):
        return
    first, second = kinds
    says = any(meaning(cell, context) or stated_system(cell) or is_trade(cell) for cell in first.cells)
    if not says and differ(first.cells) and share(second.cells, context) >= MOST:
        first.name, second.name = "point", "kind"


def _are_chinese(cells: Sequence[str]) -> bool:
    """Whether cells are Chinese words, and no numbers, codes or leaves of doors (单开木门)."""
    return all(re.search(r"[一-龥]{2}", cell) and not _LEAF.fullmatch(plain(cell)) for cell in cells)
