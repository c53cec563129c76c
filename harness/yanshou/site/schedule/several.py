# SPDX-License-Identifier: Apache-2.0
"""The devices that one row of a sheet stands for: C01~C24, 防区号 004-006, 192.168.1.101~112, 数量 3."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yanshou.model import DeviceKind
from yanshou.site.devices import is_id
from yanshou.site.schedule.records import Row, ScheduleRemark, Why
from yanshou.site.schedule.terms import NOTHING, UNSETTLED, plain

MOST = 500
"""So many devices may one row stand for."""
_TO = r"\s*(?:~|～|-|—|–|至|到)\s*"
_RANGE = re.compile(rf"(?P<head>.*?)(?P<first>\d+){_TO}(?P<again>.*?)(?P<last>\d+)")
_OF_NUMBERS = re.compile(r"(?:第|防区|通道|端口|zone|ch|no\.?|[zd])?[:#]?")
_SURE_RANGE = re.compile(r"(?P<head>.*?)(?P<first>\d+)\s*(?:~|～|至|到)\s*(?P<again>.*?)(?P<last>\d+)")
_BETWEEN = re.compile(r"[、,;/\s]+")
_LENGTH = re.compile(r"(?:\d|^)\s*(?:m|km|米|公里|延米|千米|延长米|㎡|m2|平方米?)$")
"""A quantity that measures and counts nothing: 450m, and 600 with the unit 米."""
_IN_NAME = re.compile(
    r"(?<=[一-龥a-z])\s*(?:[×*]\s*(?P<times>\d{1,3})|[x×*]?\s*(?P<count>\d{1,3})\s*(?:台|个|只|套|对|把|块))$"
)
_EACH = re.compile(r"每(?:个|一)?(?:楼?层|间|户|栋|幢|单元|梯|站|车道)")
"""A quantity of each of several places is not that of the row: 3F~20F 走道（每层）: 4."""
_LANES = re.compile(r"(?:[2-9]|1\d|[二两三四五六七八])\s*(?:通道|车道)")
"""Lanes of a group of barriers that is written as one: 翼闸, 4通道."""
_HOSTS = re.compile(rf"(?:\d{{1,3}}\.){{3}}\d{{1,3}}{_TO}(?:(?:\d{{1,3}}\.){{3}})?\d{{1,3}}")
_NUMBER_OF_THINGS = re.compile(r"(\d{1,3})\s*(?:台|个|只|套|通道|车道)")
_FIGURES = re.compile(r"\d+(?:\.\d+)?")
_DIGITS = {
    one: at
    for at, some in enumerate(("", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for one in some
}
_NUMERALS = re.compile(
    rf"(?:(?P<tens>[{''.join(_DIGITS)}])?(?P<ten>[十拾]))?(?P<ones>[{''.join(_DIGITS)}])?\s*[台个只套对把块部樘组支]?"
)
_ONE_EACH = frozenset({"√", "✓", "✔", "☑", "●", "有", "是", "y", "yes"})
_NO_NUMBER = re.compile(
    r"若干|数[台个只套]|[几多][台个只套]?$|按需|待定|待核|不详|适量|足量"
    r"|some|several|t\.?b\.?[acd]|as required|as needed"
)
_NET = re.compile(r"(?:\d{1,3}\.){3}")


@dataclass(frozen=True, slots=True)
class Listed:
    """One device of a row: its id, what is added to its name, its number and its address as written."""

    id: str = ""
    part: str = ""
    number: str = ""
    host: str = ""


def listed(row: Row, remarks: list[ScheduleRemark]) -> list[Listed]:
    """Each device a row stands for; what stands for several is told.

    Zones share a row only where each has its number: a zone is one input of its panel, and whether two
    detectors share it, the sheet must say.
    """
    own = unicodedata.normalize("NFKC", row["id"]).replace(" ", "")
    stated = row["quantity"] or _stated(row)
    if _EACH.search("".join(row[one] for one in ("location", "name", "point", "unit", "quantity"))):
        remarks.append(ScheduleRemark(row.sheet, row.line, Why.QUANTITY, f"{row.text} × {stated}"))
        return [Listed(own, number=row["number"], host=row["host"])]
    count = 1 if _LENGTH.search(plain(f"{row['quantity']}{row['unit']}")) else _count(stated)
    ids, numbers, hosts = _spelt_out(own, is_id), _numbers(_bare(row["number"])), _hosts(row)
    each = len(ids) if len(ids) > 1 and count in {1, len(ids)} else 1
    if row.kind and each == 1 and len(numbers) > 1 and count in {1, len(numbers)}:
        each = len(numbers)
    if each == 1 and _are_addresses_of_all(row, hosts):
        each = len(hosts)
    zones = re.search(rf"(?<!\d){count}\s*(?:个|路)\s*防区", plain(row["note"]))  # 4, and 4个防区
    if each == 1 and (row.kind not in {None, DeviceKind.ZONE} or (row.kind and zones)) and 1 < count <= MOST:
        each = count
    if each == 1:
        if is_unsaid(row["quantity"]):
            remarks.append(ScheduleRemark(row.sheet, row.line, Why.QUANTITY, f"{row.text} × {stated}"))
        elif row.attributes == "type=barrier" and _LANES.search(
            " ".join(row[one] for one in ("kind", "name", "note"))
        ):
            remarks.append(ScheduleRemark(row.sheet, row.line, Why.QUANTITY, f"{row.text} {row['note']}"))
        elif count > 1:
            remarks.append(ScheduleRemark(row.sheet, row.line, Why.QUANTITY, f"{row.text} × {count}"))
        return [Listed(own, number=row["number"], host=row["host"])]
    remarks.append(ScheduleRemark(row.sheet, row.line, Why.QUANTITY_SPLIT, f"{row.text} × {each}"))
    columns = [one if len(one) == each else [""] * each for one in (ids, numbers, hosts)]
    return [
        Listed(id_, f" {at}/{each}", number, host)
        for at, (id_, number, host) in enumerate(zip(*columns, strict=True), start=1)
    ]


def _are_addresses_of_all(row: Row, hosts: Sequence[str]) -> bool:
    """Whether a range of addresses alone says how many devices a row stands for: 172.16.1.101~104.

    A quantity or a remark that says another number is a question for a person.
    """
    if row.kind in {None, DeviceKind.ZONE} or row["quantity"] or not _HOSTS.fullmatch(plain(row["host"])):
        return False
    said = {int(one) for one in _NUMBER_OF_THINGS.findall(plain(row["note"]))}
    return len(hosts) > 1 and said <= {len(hosts)}


def _stated(row: Row) -> str:
    """The quantity that stands in the name of a thing itself: 枪机2台."""
    found = _IN_NAME.search(plain(row["kind"] or row["name"]))
    return found["count"] or found["times"] if found else ""


def _count(text: str) -> int:
    """The one figure of a quantity, in Chinese numerals too (贰); 1 if it has none or several (2+1)."""
    figures = _FIGURES.findall(unicodedata.normalize("NFKC", text).replace(",", ""))
    if len(figures) == 1 and re.fullmatch(r"\d{1,5}(\.0*)?", figures[0]):
        return int(float(figures[0]))
    return _in_numerals(text) or 1


def _in_numerals(text: str) -> int:
    """The number below 100 that Chinese numerals give: 二, 贰台, 十二; 0 if they give none."""
    found = _NUMERALS.fullmatch(plain(text))
    if found is None:
        return 0
    tens, ones = (_DIGITS.get(found[one] or "", 0) for one in ("tens", "ones"))
    return (tens or 1) * 10 + ones if found["ten"] else ones


def is_unsaid(text: str) -> bool:
    """Whether a quantity is there that gives no one number: 若干, 按需, 2+1, 3（备1）."""
    bare = plain(text)
    if not bare or bare in (NOTHING | _ONE_EACH) - UNSETTLED or _in_numerals(text):
        return False
    figures = _FIGURES.findall(bare.replace(",", ""))
    return len(figures) > 1 or (not figures and bool(_NO_NUMBER.search(bare)))


def _bare(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def _spelt_out(text: str, fits: Callable[[str], bool]) -> list[str]:
    """What a cell such as C01~C24, C05-C06 or C07、C08 stands for; a single one is left as it is."""
    parts = _BETWEEN.split(text)
    if len(parts) > 1 and all(fits(one) for one in parts):
        head = re.sub(r"\d+$", "", parts[0])
        return [f"{head}{one}" if one.isdigit() and not parts[0].isdigit() else one for one in parts]
    found = _SURE_RANGE.fullmatch(text) or _RANGE.fullmatch(text)  # B1-01~B1-06
    if found is None or (fits(text) and not (found["head"] and found["again"])):
        return [text]
    first, last = int(found["first"]), int(found["last"])
    if found["again"] not in {"", found["head"]} or not 0 < last - first < MOST:
        return [text]
    if found["last"].startswith("0") and len(found["last"]) > len(found["first"]):
        return [text]  # A2-A03 is the third thing of A2
    return [f"{found['head']}{number:0{len(found['first'])}d}" for number in range(first, last + 1)]


def _numbers(text: str) -> list[str]:
    """The numbers of a cell; NVR1-02 is one channel of one recorder, and no range."""
    found = _RANGE.fullmatch(text)
    of_a_device = found is not None and not _OF_NUMBERS.fullmatch(plain(found["head"]))
    return [text] if of_a_device else _spelt_out(text, str.isdigit)


def _hosts(row: Row) -> list[str]:
    """The addresses of a cell; the last numbers may stand alone: 192.168.1.101~112, 192.168.1.11、12."""
    found: list[str] = []
    for part in _BETWEEN.split(re.sub(_TO, "~", plain(row["host"]))):
        net = _NET.match(part) or (_NET.match(found[0]) if found else None)
        if net is None:
            return [row["host"]]
        first, _, last = part.removeprefix(net.group()).partition("~")
        last = last.removeprefix(net.group()) or first
        if not (first.isdigit() and last.isdigit() and 0 <= int(last) - int(first) < MOST):
            return [row["host"]]
        found += [f"{net.group()}{number}" for number in range(int(first), int(last) + 1)]
    return found
