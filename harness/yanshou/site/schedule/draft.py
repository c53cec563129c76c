# SPDX-License-Identifier: Apache-2.0
"""Turns the rows of a designer's sheets into devices with ids, parents, numbers and addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yanshou.model import DeviceKind
from yanshou.site.cells import CellError, attribute_value, parse_attributes
from yanshou.site.connection import is_host
from yanshou.site.devices import is_id
from yanshou.site.schedule.above import hung
from yanshou.site.schedule.drafted import Drafted
from yanshou.site.schedule.head_names import parts_of
from yanshou.site.schedule.kinds import zone_type
from yanshou.site.schedule.numbers import number_at_parent, with_numbers
from yanshou.site.schedule.records import Fate, Row, ScheduleRemark, Why
from yanshou.site.schedule.several import Listed, listed
from yanshou.site.schedule.terms import plain
from yanshou.vocabulary.device import Attribute, named
from yanshou.vocabulary.values import Unfit

PREFIXES: Mapping[DeviceKind, str] = {
    DeviceKind.ZONE: "Z",
    DeviceKind.PANEL: "PANEL-",
    DeviceKind.DOOR: "DOOR-",
    DeviceKind.DOOR_CONTROLLER: "ACS-",
    DeviceKind.READER: "READER-",
    DeviceKind.CAMERA: "CAM-",
    DeviceKind.RECORDER: "NVR-",
    DeviceKind.GATE: "GATE-",
    DeviceKind.XRAY: "XR-",
    DeviceKind.PLATFORM: "PLAT-",
    DeviceKind.POWER_SUPPLY: "PS-",
    DeviceKind.TIME_SERVER: "NTP-",
}
_LAST_PORT = 65_535
_PARTITION = re.compile(r"(?:分区|子系统|partition|area)\s*(?P<number>\d+)|(?P<last>\d+)\s*[号#]?\s*分区")
_ADDRESS = re.compile(
    r"(?:(?:https?|rtsp)://)?(?P<host>[\w.\-]+|\[[0-9a-f:]+\]|[0-9a-f]*:[0-9a-f:]+)(?:/\d{1,2})?(?::(?P<port>\d{1,5}))?/?"
)
_MAKERS_PORTS = frozenset({554, 8000, 8554, 34567, 37777})
"""Ports of makers' own protocols and of RTSP, which no ONVIF service answers at."""


@dataclass(slots=True)
class _Ids:
    taken: set[str]
    counts: dict[str, int] = field(default_factory=dict)

    def next(self, prefix: str) -> str:
        """The next free id with a prefix: CAM-001, CAM-002."""
        while True:
            self.counts[prefix] = self.counts.get(prefix, 0) + 1
            if (name := f"{prefix}{self.counts[prefix]:03d}") not in self.taken:
                self.taken.add(name)
                return name


def draft(rows: Sequence[Row], remarks: list[ScheduleRemark]) -> list[Drafted]:
    """The lines of the inventory in the order of the sheets; what is left open is told."""
    wanted = with_numbers(_without_same(_without_bills(rows, remarks), remarks))
    running = _running_ids(wanted)
    taken = {row["id"] for row in wanted if is_id(row["id"])} - running
    ids = _Ids(set(taken))
    drafted = [one for row in wanted for one in _of_row(row, ids, running, remarks)]
    drafted = hung(drafted, lambda kind: ids.next(PREFIXES[kind]), remarks)
    _tell_doubled(drafted, remarks)
    _tell_doors(drafted, remarks)
    return drafted


def _without_bills(rows: Sequence[Row], remarks: list[ScheduleRemark]) -> list[Row]:
    """The rows of devices, without bills: sheets that only count what other sheets list place by place.

    What no other sheet lists is no bill: there the count is all that is known of it.
    """
    devices = [row for row in rows if row.fate in {Fate.DEVICE, Fate.UNCLEAR}]
    said = ("id", "point", "location", "host")
    placed = {row.sheet for row in devices if not row.counted and any(row[one] for one in said)}
    counted = {row.sheet for row in devices if row["quantity"]} - placed
    listed_there = {row.kind for row in devices if row.sheet in placed and row.kind}
    same = {row.sheet for row in devices if row.sheet in counted and row.kind in listed_there}

    def is_bill(row: Row) -> bool:
        return row.sheet in same and (row.kind is None or row.kind in listed_there)

    remarks += [
        ScheduleRemark(row.sheet, row.line, Why.BILL, f"{row.text} × {row['quantity']}")
        for row in devices
        if is_bill(row)
    ]
    return [row for row in devices if not is_bill(row)]


def _without_same(rows: Sequence[Row], remarks: list[ScheduleRemark]) -> list[Row]:
    """The rows without those that list a device again on another sheet, word for word."""
    first: dict[tuple[object, ...], Row] = {}
    kept = []
    for row in rows:
        own = row["id"] if is_id(row["id"]) and not row["id"].isdigit() else ""
        key = (own, row.kind, row["name"], row["point"], row["location"], row["host"])
        known = first.setdefault(key, row) if own or row["host"] else row
        if known is not row and known.sheet != row.sheet:
            remarks.append(
                ScheduleRemark(row.sheet, row.line, Why.SAME, f"{row.text} = {known.sheet}:{known.line}")
            )
        else:
            kept.append(row)
    return kept


def _running_ids(rows: Sequence[Row]) -> set[str]:
    """Whole numbers in a column of ids: they count lines, begin anew in each section, and name nothing.

    Numbers that each stand once in the file and of which none is below 100 name a place (101, 102, 201):
    no list begins to count there.
    """
    numbers = [row["id"] for row in rows if row["id"].isdigit() and len(row["id"]) <= 4]  # noqa: PLR2004
    count = len(set(numbers)) < len(numbers) or any(int(one) < 100 for one in numbers)  # noqa: PLR2004
    return set(numbers) if count else set()


def _of_row(row: Row, ids: _Ids, running: set[str], remarks: list[ScheduleRemark]) -> Iterator[Drafted]:
    prefix = PREFIXES.get(row.kind, "DEV-") if row.kind else "DEV-"
    attributes = _attributes(row, remarks)
    for at, one in enumerate(listed(row, remarks)):
        usable = is_id(one.id) and one.id not in running
        if one.id and not usable and one.id not in running and at == 0:
            remarks.append(ScheduleRemark(row.sheet, row.line, Why.ID, one.id))
        name = row["point"] or _named(row) or row["location"] or row["kind"] or row.text
        host, port = _host(row, one, remarks)
        yield Drafted(
            row,
            one.id if usable else ids.next(prefix),
            f"{name}{one.part}",
            number=number_at_parent(row, one.number, remarks),
            attributes=attributes,
            host=host,
            port=port,
        )


def _named(row: Row) -> str:
    """The name of the thing, with that of the other language beside it."""
    return " ".join(part for part in (row["name"], row["name again"]) if part)


def _attributes(row: Row, remarks: list[ScheduleRemark]) -> tuple[str, ...]:
    """The attributes that follow from the kind, the column 属性, and columns named after one."""
    if row.kind is None:
        return tuple(part.strip() for part in (row["attributes"],) if part.strip())
    kept: dict[str, str] = {}
    try:
        given = {**parse_attributes(row.attributes), **parse_attributes(row["attributes"])}
    except CellError:
        remarks.append(ScheduleRemark(row.sheet, row.line, Why.ATTRIBUTE, row["attributes"]))
        given = dict(parse_attributes(row.attributes))
    for head, value in (*given.items(), *row.extra):
        if value == "":
            continue
        try:
            attribute = _attribute(head, row.kind)
            value, known = _read(attribute, value)  # noqa: PLW2901 - the same value in words that are known
            text = str(known)
        except Unfit:
            remarks.append(ScheduleRemark(row.sheet, row.line, Why.ATTRIBUTE, f"{head}={value}"))
            continue
        if re.search(r"[;；=＝]", str(value)):
            remarks.append(ScheduleRemark(row.sheet, row.line, Why.ATTRIBUTE, f"{head}={value}"))
            continue
        if text != kept.get(attribute.name, text):  # 24小时 beside 紧急按钮: what the thing is stays
            remarks.append(ScheduleRemark(row.sheet, row.line, Why.ATTRIBUTE, f"{head}={value}"))
            continue
        kept[attribute.name] = str(value).casefold() if isinstance(value, bool) else str(value)
    return tuple(f"{name}={value}" for name, value in kept.items())


def _attribute(head: str, kind: DeviceKind) -> Attribute:
    """The attribute that the head of a column names, in one language or both: Partition 分区; or Unfit."""
    try:
        return named(head, kind)
    except Unfit:
        found = {_named_by(part, kind) for part in parts_of(head)} - {""}
        if len(found) != 1:
            raise
        return named(found.pop(), kind)


def _named_by(part: str, kind: DeviceKind) -> str:
    """The name of the attribute that a part of a head names; empty if it names none."""
    try:
        return named(part, kind).name
    except Unfit:
        return ""


def _read(attribute: Attribute, value: object) -> tuple[object, object]:
    """A value, in words that are known where it says more (Delay 延时, 分区2), and what it is; Unfit."""
    try:
        return value, attribute.value.read(_as_cell(attribute, value))
    except Unfit:
        if not (plainer := _in_vocabulary(attribute, str(value))):
            raise
        return plainer, attribute.value.read(_as_cell(attribute, plainer))


def _as_cell(attribute: Attribute, value: object) -> object:
    return attribute_value(attribute.name, value) if isinstance(value, str) else value


def _in_vocabulary(attribute: Attribute, text: str) -> str:
    if attribute.name == "type":
        return zone_type(text)
    if attribute.name == "partition" and (found := _PARTITION.fullmatch(plain(text))):
        return str(found["number"] or found["last"])
    return ""


def _host(row: Row, one: Listed, remarks: list[ScheduleRemark]) -> tuple[str, str]:
    """The address of a device: of the column IP, else of a remark that is host:port."""
    text = re.sub(r"\s*\.\s*", ".", plain(one.host))
    note = _ADDRESS.fullmatch(plain(row["note"])) if not text and not one.part else None
    if note and note["port"] and is_host(note["host"].strip("[]")):
        text = plain(row["note"])
    if not text:
        return "", ""
    found = _ADDRESS.fullmatch(text)
    host = found["host"].strip("[]") if found else ""
    numbers = host.count(".") == 3 or ":" in host or bool(re.search(r"[a-z]", host))  # noqa: PLR2004
    if not host or not is_host(host) or not numbers:
        remarks.append(ScheduleRemark(row.sheet, row.line, Why.ADDRESS, one.host or row["note"]))
        return "", ""
    port = (found["port"] if found else "") or unicodedata.normalize("NFKC", row["port"]).removesuffix(".0")
    if port and not (port.isascii() and port.isdigit() and 1 <= int(port) <= _LAST_PORT):
        remarks.append(ScheduleRemark(row.sheet, row.line, Why.PORT, port))
        return host, ""
    if port and row["port"] and int(port) in _MAKERS_PORTS:
        remarks.append(ScheduleRemark(row.sheet, row.line, Why.PORT, port))
        return host, ""
    return host, port


def _tell_doors(drafted: Sequence[Drafted], remarks: list[ScheduleRemark]) -> None:
    """Says so where a file lists the controllers and readers of doors, and none of the doors to be tested."""
    parts = [one for one in drafted if one.row.kind in {DeviceKind.DOOR_CONTROLLER, DeviceKind.READER}]
    if parts and all(one.row.kind is not DeviceKind.DOOR for one in drafted):
        first = parts[0]
        remarks.append(ScheduleRemark(first.row.sheet, first.row.line, Why.DOORS_MISSING, first.id))


def _tell_doubled(drafted: Sequence[Drafted], remarks: list[ScheduleRemark]) -> None:
    ids: dict[str, Drafted] = {}
    places: dict[tuple[object, ...], Drafted] = {}
    for one in drafted:
        if (first := ids.setdefault(one.id, one)) is not one:
            text = f"{one.id} = {first.row.sheet}:{first.row.line}"
            remarks.append(ScheduleRemark(one.row.sheet, one.row.line, Why.ID_TWICE, text))
        if not one.host:
            continue
        first = places.setdefault((one.row.kind, one.host, one.port), one)
        if first is not one and first.id != one.id:
            text = f"{one.host} = {first.row.sheet}:{first.row.line}"
            remarks.append(ScheduleRemark(one.row.sheet, one.row.line, Why.ADDRESS_TWICE, text))
