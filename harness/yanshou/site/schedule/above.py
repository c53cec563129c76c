# SPDX-License-Identifier: Apache-2.0
"""The device each line of a sheet hangs on: one the sheet lists, or one it only names (NVR编号, NVR IP)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from yanshou.model import DeviceKind
from yanshou.site.connection import is_host
from yanshou.site.devices import is_id
from yanshou.site.schedule.codes import id_of_above
from yanshou.site.schedule.drafted import Drafted
from yanshou.site.schedule.ports import BELOW_OF
from yanshou.site.schedule.records import Fate, Row, ScheduleRemark, Why
from yanshou.site.schedule.terms import Context, meaning, plain
from yanshou.site.vocabulary import PARENT_KINDS
from yanshou.vocabulary.device import KIND_SYSTEMS

_ANY_DEVICE = re.compile(
    r"parent|上级|接入|(?:上级|所属|接入|对应|主控|上位|上端|归属|连接|上联|存储)(?:设备|装置|箱)?"
    r"|connect(?:ed|ion|s)?(?: ?to)?|wired ?to|terminat(?:ion|ed)(?: ?at)?"
)
"""Heads of a column of devices that do not say of which kind."""
_IN_BRACKETS = re.compile(r"\(.*\)|（.*）")


def hung(
    drafted: Sequence[Drafted], next_id: Callable[[DeviceKind], str], remarks: list[ScheduleRemark]
) -> list[Drafted]:
    """The lines with their parents; before them a line for each parent that the file names and never lists.

    A parent is made only of a kind of which the file lists no device at all: beside listed ones a name that
    fits none of them is a question for a person.
    """
    made = _made(drafted, next_id, remarks)
    hosts = [one.host for one in drafted if one.row.kind is DeviceKind.DOOR and one.host]
    shared = len(set(hosts)) < len(hosts)  # by doors, whose controller answers there
    doors = [_without_address(one) if made or shared else one for one in drafted]
    by_name = _by_name([*made, *doors])
    by_name |= _single(doors)
    return [*made, *(_hung(one, by_name, remarks) for one in doors)]


def _made(
    drafted: Sequence[Drafted], next_id: Callable[[DeviceKind], str], remarks: list[ScheduleRemark]
) -> list[Drafted]:
    there = {one.row.kind for one in drafted}
    listed = set(_by_name(drafted))  # perhaps of a kind that a person must still say
    found: dict[tuple[DeviceKind, str], Drafted] = {}
    for row in (one.row for one in drafted):
        kind = BELOW_OF.get(row.kind) if row.kind else None
        name = row["parent"] or row["parent_host"]
        if kind is None or kind in there or not name or plain(name) in listed or not _says(row, kind):
            continue
        key = kind, plain(name)
        if plain(coded := id_of_above(row["parent"])) in listed:
            continue
        if key not in found:
            own = row["parent"] if is_id(row["parent"]) else coded or next_id(kind)
            host = row["parent_host"] or (row["host"] if row.kind is DeviceKind.DOOR else "")
            cells = {"id": own, "name": name}
            system = next(iter(KIND_SYSTEMS[kind])) if len(KIND_SYSTEMS.get(kind, ())) == 1 else row.system
            new = Row(row.sheet, row.line, Fate.DEVICE, name, cells, kind, system)
            found[key] = Drafted(new, own, name, host=host if is_host(host) else "")
            remarks.append(ScheduleRemark(row.sheet, row.line, Why.PARENT_MADE, f"{own} {name}"))
    return list(found.values())


def _says(row: Row, kind: DeviceKind) -> bool:
    """Whether the head of the column or the name in it says of what kind the device above is.

    接入设备 JB-1 may be a cabinet or a switch, and no line is made for it.
    """
    name = meaning(_IN_BRACKETS.sub("", row["parent"]), Context())
    head = row["parent head"]
    other = name is not None and name.kind is not None and name.kind is not kind  # a turnstile at NVR-02
    if not other and not (row["parent"] and _ANY_DEVICE.fullmatch(plain(head))):
        return True
    return name is not None and name.kind is kind


def _single(drafted: Sequence[Drafted]) -> dict[str, list[Drafted]]:
    """The one name by which all zones of a file call their panel, where the file lists one panel only.

    The same holds for doors with their controller, and for cameras with their recorder.
    """
    found: dict[str, list[Drafted]] = {}
    for kind, above in BELOW_OF.items():
        names = {plain(one.row["parent"]) for one in drafted if one.row.kind is kind} - {""}
        listed = [one for one in drafted if one.row.kind is above]
        if len(names) == len(listed) == 1:
            found[names.pop()] = listed
    return found


def _without_address(one: Drafted) -> Drafted:
    """A door without the address in its row: in a list of doors it is that of the controller."""
    return replace(one, host="", port="") if one.row.kind is DeviceKind.DOOR and one.row["parent"] else one


def _by_name(drafted: Sequence[Drafted]) -> dict[str, list[Drafted]]:
    """The lines by every text that may stand for them: id, id of the sheet, name, address."""
    found: dict[str, list[Drafted]] = {}
    for one in drafted:
        bare = _IN_BRACKETS.sub("", one.row["name"])  # NVR1（16路）
        names = (one.id, one.row["id"], one.name, one.row["name"], one.host, bare)
        for text in {plain(text) for text in names} - {""}:
            found.setdefault(text, []).append(one)
    return found


def _hung(one: Drafted, by_name: Mapping[str, Sequence[Drafted]], remarks: list[ScheduleRemark]) -> Drafted:
    """The line with its parent, if exactly one device has the id, the name or the address the row gives."""
    row = one.row
    if row.kind is None:
        return one
    allowed = PARENT_KINDS.get(row.kind)
    name = row["parent"] or row["parent_host"]
    if not name:
        if row.kind in {DeviceKind.ZONE, DeviceKind.DOOR}:
            remarks.append(ScheduleRemark(row.sheet, row.line, Why.PARENT_MISSING, one.id))
        return one
    found = {
        other.id
        for other in by_name.get(plain(name)) or by_name.get(plain(id_of_above(name)), ())
        if other is not one and (allowed is None or other.row.kind in allowed)
    }
    if len(found) == 1:
        return replace(one, parent=found.pop())
    remarks.append(ScheduleRemark(row.sheet, row.line, Why.PARENT, name))
    return one
