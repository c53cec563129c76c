# SPDX-License-Identifier: Apache-2.0
"""The columns of a table that counts: a place in each row, a thing in each head."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanshou.model import DeviceKind, System
from yanshou.site.schedule.composed import CAMERA_FORMS
from yanshou.site.schedule.filled import LINES, Filled, device_of, is_count, names_device
from yanshou.site.schedule.head_names import column_of
from yanshou.site.schedule.kind_columns import name_items
from yanshou.site.schedule.meanings import UNTESTED
from yanshou.site.schedule.terms import (
    Context,
    is_only_system,
    meaning,
    names_technology,
    plain,
    stated_system,
)

_SUMS = re.compile(r"合计|小计|总|数量|备注|编号|total|sum")
_NO_THING = re.compile(
    r"^防区\s*号?\s*\d+$|[户房室楼门柜箱桌床]号|[楼层户幢栋]$|单元$|[户床人柜层]数|面积|高度|长度|宽度|等级|级别|人数|年|价|单位|存储|天数"
)
"""Heads of columns of figures that count no equipment."""
_ANY_DETECTOR, _FIRE = re.compile(r"探测器(?:\([^()]*\))?"), re.compile("烟感|温感|感烟|感温|火灾|消防")
_MAY_COUNT = frozenset({"", "kind", "kind again", "parent", "attribute"})


def name_counts(columns: Sequence[Filled]) -> None:
    """The columns of a table that counts: a place in each row, a thing in each head (区域 | 半球 | 枪机)."""
    if any(one.name in {"name", "point"} and one.cells for one in columns):
        return
    counts = [one for one in columns if one.name in _MAY_COUNT and _are_counts(one)]
    counts = [one for one in counts if one.name != "attribute" or names_device(one.head)]  # PTZ
    _name_forms(counts)
    _name_points_of_systems(counts)
    above = any(one.name == "parent" and one.cells and not _are_counts(one) for one in columns)
    if above:  # readers beside the controller of each row are those of its door
        counts = [one for one in counts if device_of(one.head) is not DeviceKind.READER]
    of_others = above or any(one.name in {"id", "number"} and one.cells for one in columns)
    things = [one for one in counts if names_device(one.head) or names_technology(one.head)]
    if things and not of_others:
        things = [one for one in counts if one in things or meaning(one.head, Context())]
    if sum(one.name != "parent" for one in things) >= LINES:
        texts = [one for one in columns if not one.name and one.cells and not any(map(is_count, one.cells))]
        if texts and not any(one.name in {"location", "id"} for one in columns):
            texts[0].name = "location"
        zones = any(device_of(one.head) is DeviceKind.ZONE for one in counts)
        zones = zones or sum(names_technology(one.head) for one in counts) >= LINES
        for one in counts:
            if zones and not names_device(one.head) and names_technology(one.head):
                one.head = f"{one.head}探测器"  # 震动 beside 玻璃破碎
            if (
                zones
                and _ANY_DETECTOR.fullmatch(plain(one.head))
                and not any(_FIRE.search(c.head) for c in columns)
            ):
                one.head = "入侵探测器"  # beside 紧急按钮
            if not _SUMS.search(plain(one.head)) and not _NO_THING.search(plain(one.head)):
                one.name = "count"
        _place_ids(columns)
        name_items(columns, beside_counts=any(one.name == "count" for one in columns))


def _name_forms(counts: Sequence[Filled]) -> None:
    """Heads of counts that say a form of cameras alone, beside others: 全景 beside 半球 and 枪机."""
    if sum(device_of(one.head) is DeviceKind.CAMERA for one in counts) >= LINES:
        for one in counts:
            if CAMERA_FORMS.fullmatch(plain(one.head)):
                one.head = f"{one.head}摄像机"


def _name_points_of_systems(counts: Sequence[Filled]) -> None:
    """The head 监控 or 视频 of counts beside those of other systems and trades: its points are cameras.

    So are those of Access Control doors.
    """
    others = [one for one in counts if stated_system(one.head) not in {None, System.VIDEO}]
    others += [one for one in counts if meaning(one.head, Context()) == UNTESTED]
    for one in counts:
        if others and is_only_system(one.head) and stated_system(one.head) is System.VIDEO:
            one.head = "监控点"
    others = [one for one in counts if stated_system(one.head) not in {None, System.ACCESS_CONTROL}]
    for one in counts:
        if others and is_only_system(one.head) and stated_system(one.head) is System.ACCESS_CONTROL:
            one.head = "门禁"  # Access Control: 2


def _place_ids(columns: Sequence[Filled]) -> None:
    """The ids of the lines of a table that counts are those of places: 风机号: F01."""
    counts = any(one.name == "count" for one in columns)
    for one in columns:
        if counts and one.name == "id" and column_of(one.head) != "id":
            one.name = "location"


def _are_counts(column: Filled) -> bool:
    return bool(column.cells) and all(map(is_count, column.cells))
