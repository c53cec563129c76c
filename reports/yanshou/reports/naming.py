# SPDX-License-Identifier: Apache-2.0
"""How the pages name an item of the plan and a moment: by device and title, in the site's zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from yanshou.reports.messages import Messages
from yanshou.reports.messages_field import chinese_signs
from yanshou.reports.view import RunView
from yanshou.reports.wording import item_title

_BEIJING = timedelta(hours=8)
_CHINA = frozenset({"Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "PRC"})


def item_names(view: RunView, messages: Messages) -> Mapping[str, str]:
    """Device and title of each item with a row, by its id in the plan."""
    return {row.item: item_title(view, row, messages) for row in reversed(view.rows) if row.item}


def item_name(names: Mapping[str, str], item: str) -> str:
    """The name of an item or device; of an item without a row only its device is known."""
    if item in names or "[" not in item:
        return names.get(item, item)
    return item.partition("[")[2].removesuffix("]")


def picture_note(note: str, messages: Messages) -> str:
    """What the journal notes of a picture; on a Chinese page an English note only if it has a word there."""
    if messages.language != "zh" or chinese_signs(note):
        return messages.reason(note)
    return messages("photo.blurred") if note.startswith("blurred") else ""


def zone_name(view: RunView, messages: Messages) -> str:
    """``北京时间（UTC+8）``, or the zone of the time zone database with its offset."""
    return zone_at(view.site.time_zone, view.local(view.ended), messages)


def zone_at(zone: str, local: datetime, messages: Messages) -> str:
    """The zone of a local time in words, for every page that prints times."""
    if zone in _CHINA and local.utcoffset() == _BEIJING:
        return messages("beijing")
    return f"{zone} UTC{local:%z}"


def day_and_time(view: RunView, at: datetime) -> str:
    """A moment of the run to the second, in the site's zone."""
    return f"{view.local(at):%Y-%m-%d %H:%M:%S}"
