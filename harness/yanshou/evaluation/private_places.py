# SPDX-License-Identifier: Apache-2.0
"""Whether a camera stands where none may be installed, by what the inventory says of its place.

The six kinds of place are those of Art. 9 of the Inner Mongolia regulation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yanshou.model import Device

ORDINARY = "ordinary"
PRIVATE_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "guest_room": ("客房", "包间", "包厢", "包房"),
    "dormitory": ("宿舍", "寝室", "公寓房间"),
    "bathroom": (
        *("哺乳室", "母婴室", "浴室", "澡堂", "淋浴", "更衣", "试衣", "化妆间", "卫生间", "洗手间"),
        *("厕所", "盥洗"),
    ),
    "client_data": ("客户信息", "客户隐私"),
    "ballot": ("选举箱", "举报箱", "投票"),
    "other": (),
}
"""The kinds of place (``place`` of a camera) where none may be installed, with words that name them."""

_OUTSIDE = ("外", "门口", "走廊", "通道", "入口", "出口", "门厅", "电梯厅", "楼道", "过道", "前厅")


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """What the inventory says of a camera's place.

    ``kind`` is a kind of ``PRIVATE_PLACES`` where none may be installed, ``ordinary``, or empty: it says
    nothing that can be relied on. ``because`` explains the first and the last.
    """

    kind: str
    because: str = ""

    @property
    def forbidden(self) -> bool:
        """Whether no camera may be installed there."""
        return self.kind in PRIVATE_PLACES


def place_of(device: Device) -> PlaceFound:
    """The kind of place a camera stands in.

    It is the attribute ``place``. A name or location that names a private place makes an unstated place a
    private one, and contradicts an ordinary one. A corridor or a door outside of such a place is none.
    """
    stated = str(device.attributes.get("place", ""))
    if stated in PRIVATE_PLACES:
        return PlaceFound(stated, f"点位表：场所类型 {stated}，位置“{device.location}”")
    named = next((found for text in (device.location, device.name) if (found := _named(text))), None)
    if named is None:
        missing = "" if stated == ORDINARY else "点位表未说明该点位的场所类型（place）"
        return PlaceFound(ORDINARY if stated == ORDINARY else "", missing)
    kind, text = named
    if stated == ORDINARY:
        return PlaceFound("", f"点位表自相矛盾：场所类型为一般场所，位置或名称为“{text}”")
    return PlaceFound(kind, f"点位表：位置或名称为“{text}”")


def _named(text: str) -> tuple[str, str] | None:
    """The kind of private place a text names, with the text; None for what lies outside of one."""
    if any(word in text for word in _OUTSIDE):
        return None
    kinds = (kind for kind, names in PRIVATE_PLACES.items() if any(word in text for word in names))
    return next(((kind, text) for kind in kinds), None)
