# SPDX-License-Identifier: Apache-2.0
"""The number of a device at its panel, controller or recorder, as the cells of a sheet write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from yanshou.model import DeviceKind
from yanshou.site.schedule.heads import ABOVE_OTHERS
from yanshou.site.schedule.records import Row, ScheduleRemark, Why
from yanshou.site.schedule.terms import plain

_NUMBERED = re.compile(
    r"(?:ch|channel|zone|door|port|input|no\.?|通道|防区|端口|门|第)?\s*"
    r"(?P<number>\d{1,5})\s*(?:[号#]?\s*防区|通道|路|号口?|号门|#|口)?"
)
_CAPACITY = re.compile(r"\d+\s*(?:路|防区|通道|门|盘位|ch|channels?|zones?|ways?)")
_LAST_NUMBER = 65_535
_CHANNEL = re.compile(r"d\s*(?P<number>\d{1,3})")
_ZONE = re.compile(r"z\s*-?(?P<number>\d{1,3})")
_HYBRID = re.compile(r"dvr|xvr|hvr|混合|模拟|同轴|analog|hybrid")
_NETWORK = re.compile(r"nvr|网络(?:硬盘|数字)?录像机|network video recorder|ds-\d{4,5}n(?![a-z])")
_BOTH = re.compile(r"[/、与及和&+(].*(?:channel|(?<![a-z])ch(?![a-z])|input|port|zone|通道|端口|防区)")
_ABOVE_WORD = re.compile(r"(?:主机|控制器|门控器|录像机|模块)\d*[号#]?$")
_AT_PARENT = re.compile(
    r"(?P<parent>.*?[\w#)])\s*[/\-_:,、\s]\s*(?P<number>(?P<sure>(?:ch|channel|d|通道|防区|端口|zone|door|port|input)\s*)?\d{1,3}(?:号口?|口)?)"
)


def number_at_parent(row: Row, written: str, remarks: list[ScheduleRemark]) -> str:
    """The number at the panel, controller or recorder: 5, 005, CH05, 通道5, 5 防区, 5#防区."""
    text = unicodedata.normalize("NFKC", written).removesuffix(".0").strip()
    if not text or row.kind is None:
        return ""
    if row.kind in ABOVE_OTHERS and _CAPACITY.fullmatch(plain(text)):
        return ""  # 16路: so many it takes
    if found := _NUMBERED.fullmatch(plain(text)):
        text = found["number"]
    if text.isdigit() and text.isascii() and 1 <= int(text) <= _LAST_NUMBER:
        return str(int(text))
    remarks.append(ScheduleRemark(row.sheet, row.line, Why.NUMBER, written))
    return ""


def with_numbers(rows: Sequence[Row]) -> list[Row]:
    """The rows with parent and number apart (NVR-1/D1), and with numbers that only their column explains.

    D5 is channel 5 of a recorder of network cameras, if the sheet says that it is one (NVR). A hybrid
    recorder counts its digital channels after the analogue ones (A1), and D5 stays open there. Z1, Z2 count
    the zones of a panel where they begin with 1 and none stands twice.
    """
    texts = {row[one] for row in rows for one in ("id", "name", "point", "host")} - {""}
    named = {plain(form) for one in texts for form in (one, re.sub(r"[(（].*[)）]", "", one))}
    parted = [_parted(row, named) for row in rows]
    by_parent: dict[tuple[str, DeviceKind | None, str], list[Row]] = {}
    for row in parted:
        by_parent.setdefault((row.sheet, row.kind, row["parent"]), []).append(row)
    of_zones = {key for key, some in by_parent.items() if key[1] is DeviceKind.ZONE and _count_from_1(some)}
    recorders = " ".join(plain(_said(row)) for row in parted if row.kind is DeviceKind.RECORDER)
    of_network = {
        key
        for key, some in by_parent.items()
        if key[1] is DeviceKind.CAMERA and _are_network(some, recorders)
    }
    spelt = dict.fromkeys(of_network, _CHANNEL) | dict.fromkeys(of_zones, _ZONE)
    return [_plainly(row, spelt.get((row.sheet, row.kind, row["parent"]))) for row in parted]


def _said(row: Row) -> str:
    return " ".join(row[one] for one in ("kind", "name", "point", "model", "note"))


def _are_network(rows: Sequence[Row], recorders: str) -> bool:
    """Whether all channels of a recorder are written as those of network cameras, and it is one for such."""
    written = [plain(row["number"]) for row in rows if row["number"]]
    above = f"{plain(rows[0]['parent'])} {plain(rows[0].sheet)} {recorders}"
    only = bool(_NETWORK.search(above)) and not _HYBRID.search(above)
    return only and bool(written) and all(_CHANNEL.fullmatch(one) for one in written)


def _count_from_1(rows: Sequence[Row]) -> bool:
    found = [_ZONE.fullmatch(plain(row["number"])) for row in rows if row["number"]]
    numbers = [int(one["number"]) for one in found if one]
    return len(numbers) == len(found) == len(set(numbers)) and min(numbers, default=0) == 1


def _plainly(row: Row, spelt: re.Pattern[str] | None) -> Row:
    found = spelt.fullmatch(plain(row["number"])) if spelt else None
    return _with(row, {"number": found["number"]}) if found else row


def _parted(row: Row, named: set[str]) -> Row:
    """The row with its parent and its number, where one cell gives both: NVR-1/D1, NVR2-D01."""
    if row["parent"] and row["number"]:
        return row
    written = row["parent"] or row["number"]
    found = _AT_PARENT.fullmatch(plain(written)) if written and plain(written) not in named else None
    if found is None:
        return row
    known = found["parent"] in named
    both = bool(_BOTH.search(plain(row["parent head"])))  # NVR / Channel
    named_so = re.search(r"[a-z]", found["parent"]) or (both and _ABOVE_WORD.search(found["parent"]))
    sure = (bool(found["sure"]) or both) and bool(named_so)
    if not known and not sure:
        return row
    at = unicodedata.normalize("NFKC", written).strip()[: found.end("parent")]
    return _with(row, {"parent": at, "number": found["number"]})


def _with(row: Row, cells: Mapping[str, str]) -> Row:
    return replace(row, cells={**row.cells, **cells})
