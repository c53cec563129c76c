# SPDX-License-Identifier: Apache-2.0
"""What a single cell says, whatever its column is called: an address, a zone, the name in a specification."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Mapping

from yanshou.site.schedule.terms import plain

_ZONE_NOTE = re.compile(
    r"防区\s*(?:号|编号|no\.?)?\s*[:：#]?\s*(?P<a>\d+(?:\s*[、,~～\-至]\s*\d+)*)(?![\d]|\s*(?:个|路|防区))"
    r"|第\s*(?P<b>\d+)\s*(?:号)?防区|(?P<c>\d+)\s*[号#]\s*防区|zone\s*(?:no\.?|#)?\s*:?\s*(?P<d>\d+)"
)
_NO_OWN_ZONE = re.compile(r"联动|触发|关联|对应")
_ZONE = re.compile(r"防区\s*(?:号|编号)?\s*[:#]?\s*\d{1,4}|第\s*\d{1,4}\s*号?防区|\d{1,4}\s*[号#]\s*防区")
_STATED_NAME = re.compile(
    r"(?:^|[\s;；,，]|\d[.、．])名称\s*[:：]\s*(?P<name>[^\s;；,，:：]+?)(?=\s|[;；,，]|\d[.、．]|$)"
)
_FEATURE = re.compile(r"(?:^|\n)\s*[(（]?\d{1,2}[)）.、．]\s*[^\n:：]{1,12}[:：]")
_RADIO = re.compile(r"无线(?!地址|模块|扩展|中继)|wireless|(?<![a-z])radio(?![a-z])")
_SWITCH = re.compile(
    r"交换机|switch|^(?:lan|tcp/ip|poe|局域网|网络|内网|专网)$|^(?:poe|asw|acc|sw)[-_]?\w*\d"
)
_SHARED = {"port": {"host", "number"}, "number": {"host"}, "host": {"number"}}
"""Columns that hold one of several things in each row (端口/IP), and what else that may be."""


def zone_of_note(note: str) -> str:
    """The zone that a remark gives, once or in two languages: 防区3, 第3防区, 防区3 Zone 3; empty if none."""
    found = {next(part for part in one.groups() if part) for one in _ZONE_NOTE.finditer(plain(note))}
    return found.pop() if len(found) == 1 and not _NO_OWN_ZONE.search(note) else ""


def is_zone(text: str) -> bool:
    """Whether a cell is the number of a zone in words: 防区1, 第3防区."""
    return bool(_ZONE.fullmatch(plain(text)))


def stated_name(text: str) -> str:
    """The name that the features of an item of a bill of quantities state; empty if they state none."""
    found = _STATED_NAME.search(text)
    return found["name"] if found else ""


def is_specification(text: str) -> bool:
    """Whether a text lists features by number and names nothing: 1.拉力：280kg 2.含支架."""
    return bool(_FEATURE.search(text))


def is_radio(cells: Mapping[str, str]) -> bool:
    """Whether a row names a thing that answers by radio: 无线紧急按钮, wireless PIR."""
    return any(
        _RADIO.search(plain(cells.get(one, ""))) for one in ("kind", "kind again", "name", "name again")
    )


def column_of_cell(column: str, text: str, others: Collection[str]) -> str:
    """The column that a cell belongs to where one column holds an address in some rows and a zone in others.

    ``others`` are the columns of the table: where one of them holds the addresses, no other does.
    """
    if column == "parent" and _SWITCH.search(plain(text)):
        return "unused"  # what carries its data, and not what it hangs on
    if column == "address":
        return "host" if _is_address(text) else "note"
    may = _SHARED.get(column, set()) - set(others)
    if "host" in may and _is_address(text):
        return "host"
    return "number" if "number" in may and is_zone(text) else column


def _is_address(text: str) -> bool:
    try:
        return not ipaddress.IPv4Address(plain(text)).is_unspecified
    except ValueError:
        return False
