# SPDX-License-Identifier: Apache-2.0
"""Rows that only the other rows of the file explain: 门磁 beside alarms, X光机 beside metal detectors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yanshou.model import DeviceKind, System
from yanshou.site.schedule.installed import not_installed
from yanshou.site.schedule.kinds import row_meaning
from yanshou.site.schedule.meanings import Meaning
from yanshou.site.schedule.ports import SYSTEM_ABOVE
from yanshou.site.schedule.records import Fate, Row, ScheduleRemark, Why
from yanshou.site.schedule.terms import Context, meaning, plain
from yanshou.site.vocabulary import PARENT_KINDS

_DOORS = frozenset({DeviceKind.DOOR, DeviceKind.DOOR_CONTROLLER, DeviceKind.READER})
_OF_DOORS = re.compile(
    r"门禁|出入口|读卡|刷卡|电插锁|磁力锁|电控锁|电磁锁|出门|闸机|翼闸|摆闸|道闸|通道闸|速通|access|reader|maglock|lock"
)
_LETTERS = re.compile(r"[A-Za-z]{2,}(?=[-_\d])")
_SERIES = 3
"""So many rows with ids that begin alike show what such an id is of."""


def settled(rows: Sequence[Row], remarks: list[ScheduleRemark]) -> list[Row]:
    """The rows, with those whose kind is open read in the system that the rest of the file shows.

    门磁 of no stated system is of the alarm, where a file lists alarms and nothing of doors, or where the
    ids that begin as its own does are all of the alarm.  An X光机 is no doctor's, where the file lists gates
    that find metal.  What hangs on a row of the file is of the system of that row.
    """
    kinds = {row.kind for row in rows if row.fate is Fate.DEVICE}
    alarms = bool(kinds & {DeviceKind.ZONE, DeviceKind.PANEL}) and not kinds & _DOORS
    alarms = alarms and not any(_OF_DOORS.search(row.text) for row in rows)
    gates = DeviceKind.GATE in kinds
    series = _series(rows)

    def of_alarms(row: Row) -> bool:
        return alarms or series.get((row.sheet, _stem(row["id"]))) == {System.INTRUSION}

    rows = _with_what_others_hang_on(rows, remarks)
    above = _above(rows)
    rows = [_read_again(row, remarks, alarms=of_alarms(row), gates=gates) for row in rows]
    rows = [_read_below(row, above.get(plain(row["parent"])), remarks) for row in rows]
    return [_if_installed(row, remarks) for row in rows]


def _if_installed(row: Row, remarks: list[ScheduleRemark]) -> Row:
    """The row, without its kind where the sheet says that it is not installed: a person decides."""
    if row.fate is not Fate.DEVICE or not (absent := not_installed(row.cells)):
        return row
    remarks.append(ScheduleRemark(row.sheet, row.line, Why.NOT_INSTALLED, f"{row.text} ({absent})"))
    return replace(row, fate=Fate.UNCLEAR, kind=None, attributes="")


def _with_what_others_hang_on(rows: Sequence[Row], remarks: list[ScheduleRemark]) -> list[Row]:
    """The rows; one that others hang on, as on no device of its kind, is what its model or remark says.

    At the end of a list of doors may stand their controllers: AC-1, with 四门控制器 as the remark.
    """
    below: dict[tuple[str, str], set[DeviceKind]] = {}
    for row in rows:
        if row.kind is not None and row.kind in PARENT_KINDS and row["parent"]:
            below.setdefault((row.sheet, plain(row["parent"])), set()).add(row.kind)
    return [_not_below(row, below.get((row.sheet, plain(row["id"])), set()), remarks) for row in rows]


def _not_below(row: Row, below: set[DeviceKind], remarks: list[ScheduleRemark]) -> Row:
    """The row as the device its model or its remark names, if no device of its kind has ``below`` at it."""
    fits = all(row.kind in (PARENT_KINDS[kind] or ()) for kind in below)
    if row.fate is not Fate.DEVICE or row["parent"] or fits:
        return row
    named = {found.kind for one in ("model", "note") if (found := meaning(row[one], Context(row.system)))}
    if len(named) == 1 and (kind := named.pop()) and all(kind in (PARENT_KINDS[one] or ()) for one in below):
        return replace(row, kind=kind, attributes="")
    remarks.append(ScheduleRemark(row.sheet, row.line, Why.UNCLEAR, row.text))
    return replace(row, fate=Fate.UNCLEAR, kind=None, attributes="")


def _above(rows: Sequence[Row]) -> dict[str, DeviceKind]:
    """The kinds of the rows on which others hang, by their ids and names."""
    return {
        plain(text): row.kind
        for row in rows
        for text in (row["id"], row["name"], row["point"])
        if text and row.kind in SYSTEM_ABOVE
    }


def _read_below(row: Row, above: DeviceKind | None, remarks: list[ScheduleRemark]) -> Row:
    """A row whose kind is open, read in the system of the row it hangs on: 手动报警按钮 at AP-1."""
    if row.fate is not Fate.UNCLEAR or row.system is not None or row["system"] or above is None:
        return row
    system = SYSTEM_ABOVE[above]
    found = row_meaning(row.cells, Context(system))
    fits = found.kind is not None and above in (PARENT_KINDS.get(found.kind) or ())
    return _as_device(row, found, system, remarks) if fits else row


def _series(rows: Sequence[Row]) -> dict[tuple[str, str], set[System | None]]:
    """The systems of the rows whose ids begin alike (IDS-B1-04, IDS-B1-05), where several are known."""
    found: dict[tuple[str, str], list[System | None]] = {}
    for row in rows:
        if row.fate is Fate.DEVICE and _stem(row["id"]):
            found.setdefault((row.sheet, _stem(row["id"])), []).append(row.system)
    return {key: set(systems) for key, systems in found.items() if len(systems) >= _SERIES}


def _stem(id_: str) -> str:
    """The letters an id begins with: IDS of IDS-B1-04."""
    found = _LETTERS.match(id_)
    return found.group().casefold() if found else ""


def _read_again(row: Row, remarks: list[ScheduleRemark], *, alarms: bool, gates: bool) -> Row:
    if row.fate is not Fate.UNCLEAR or row.system is not None or row["system"]:
        return row
    if alarms:
        found = row_meaning(row.cells, Context(System.INTRUSION))
        if found.attributes == "detector=contact":
            return _as_device(row, found, System.INTRUSION, remarks)
    if gates:
        found = row_meaning(row.cells, Context(System.SECURITY_INSPECTION))
        if found.kind is DeviceKind.XRAY:
            return _as_device(row, found, System.SECURITY_INSPECTION, remarks)
    return row


def _as_device(row: Row, found: Meaning, system: System, remarks: list[ScheduleRemark]) -> Row:
    remarks.remove(ScheduleRemark(row.sheet, row.line, Why.UNCLEAR, row.text))
    return replace(row, fate=Fate.DEVICE, kind=found.kind, system=system, attributes=found.attributes)
