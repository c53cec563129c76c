# SPDX-License-Identifier: Apache-2.0
"""A new site folder: a commented site file, and an inventory, empty, copied or made from another sheet."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from yanshou.model import DeviceKind, UsageError
from yanshou.model.trouble import Mistake
from yanshou.site.connection import is_host
from yanshou.site.devices import build_devices
from yanshou.site.inventory import InventoryRow, has_head, read_inventory
from yanshou.site.schedule import (
    Drafted,
    Row,
    ScheduleRemark,
    Why,
    draft,
    inventory_text,
    read_rows,
    read_sheets,
)
from yanshou.site.vocabulary import SITE_FILE, kind_of
from yanshou.toml import parse_toml, root

_ADDRESS = re.compile(
    r"(?:(?:https?|rtsp)://)?(?P<host>[\w.\-]+|\[[0-9A-Fa-f:]+\]):(?P<port>\d{1,5})/?", re.IGNORECASE
)
# looks like an address: a scheme, four numbers with dots, a dotted name, or a name before a port
_MEANT = re.compile(
    r"(?:https?|rtsp)://\S*|\d+(?:\.\d+){3}\S*|[\w\-]+\.[\w.\-]*:\S+|[\w\-]*[A-Za-z][\w\-]*:\d{2,}/?",
    re.ASCII | re.IGNORECASE,
)
_LAST_PORT = 65_535
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SECRET = 'user = "admin", password = { env = "YANSHOU_PASSWORD" }'  # noqa: S105 - says where one is kept
_CONNECTIONS = {
    DeviceKind.CAMERA: ("onvif", _SECRET),
    DeviceKind.RECORDER: ("onvif", _SECRET),
    DeviceKind.PANEL: ("modbus-tcp", "unit = 1"),
    DeviceKind.DOOR_CONTROLLER: ("modbus-tcp", "unit = 1"),
    DeviceKind.RELAY_BOARD: ("modbus-tcp", "unit = 1"),
    DeviceKind.TIME_SERVER: ("ntp", ""),
}
_SURE = frozenset({DeviceKind.CAMERA, DeviceKind.RECORDER, DeviceKind.TIME_SERVER})
"""Kinds whose protocol is the same on nearly every site; a panel or a door controller speaks one of many."""
_HEADS = "编号,类型,系统,名称,型号,位置,上级,防区号,属性,接线,备注"
_SAMPLE_ROWS = [InventoryRow("inventory.csv", 2, {"id": "CAM-1", "kind": "摄像机"})]
_SAMPLE = "#CAM-1,摄像机,视频监控,大门枪机,,大门,NVR-1,1,,,行首为 # 的不读"


@dataclass(frozen=True, slots=True)
class Begun:
    """What became of the inventory a site was made from.

    ``mistakes`` are those of an inventory that was copied as it is. One made from a designer's sheets has
    ``rows``, each with what it is, ``drafted``, the lines written, and ``remarks``, what a person must know.
    """

    mistakes: Sequence[Mistake] = ()
    rows: Sequence[Row] = ()
    drafted: Sequence[Drafted] = ()
    remarks: Sequence[ScheduleRemark] = ()


def begin_site(folder: Path, inventory: Path | None = None) -> Begun:
    """Make ``folder`` a site; a strict inventory is copied as it is, any other sheet is read into one.

    Raises UsageError if the folder is not empty or the inventory cannot be read at all.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty.", "Name a new folder.")
    if inventory is None:
        _write(folder, "inventory.csv", f"{_HEADS}\n{_SAMPLE}\n", _tables(_SAMPLE_ROWS))
        return Begun()
    if not inventory.is_file():
        raise UsageError(f"there is no file {inventory}.", "Name the inventory, .csv or .xlsx.")
    mistakes: list[Mistake] = []
    if rows := _as_it_is(inventory, mistakes):
        name = f"inventory{inventory.suffix.lower()}"
        _write(folder, name, None, _tables(rows))
        shutil.copyfile(inventory, folder / name)
        return Begun(mistakes=tuple(_bad_addresses(rows)))
    return _from_schedule(folder, inventory, mistakes)


def _write(folder: Path, name: str, content: str | None, tables: Iterator[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if content is not None:
        (folder / name).write_text(content, encoding="utf-8-sig")
    text = _template().replace("@ID@", _id(folder)).replace("@INVENTORY@", name)
    text = text.replace("@NAME@", json.dumps(folder.resolve().name, ensure_ascii=False))
    (folder / SITE_FILE).write_text(text + "\n".join(tables), encoding="utf-8")


def _as_it_is(inventory: Path, mistakes: list[Mistake]) -> list[InventoryRow]:
    """The rows of an inventory that needs no change and hides nothing; none of any other sheet."""
    rows = read_inventory(inventory, mistakes)
    found: list[Mistake] = [*mistakes]
    build_devices(rows, root(parse_toml(SITE_FILE, "", found), found), found)
    if found or not rows:
        return []
    sheets = read_sheets(inventory)
    whole = all(
        one.shown and has_head(one.grid) for one in sheets if any(any(cells) for _, cells in one.grid)
    )
    return rows if whole else []


def _from_schedule(folder: Path, inventory: Path, mistakes: Sequence[Mistake]) -> Begun:
    remarks: list[ScheduleRemark] = []
    rows = read_rows(read_sheets(inventory), remarks)
    drafted = draft(rows, remarks)
    if not drafted:
        raise UsageError(mistakes or f"{inventory} lists no device.")
    tables = list(_drafted_tables(drafted, remarks))
    _write(folder, "inventory.csv", inventory_text(drafted, rows, remarks, _CONNECTIONS), iter(tables))
    return Begun(rows=rows, drafted=drafted, remarks=remarks)


def _template() -> str:
    return (resources.files("yanshou.site") / "new-site.toml").read_text(encoding="utf-8")


def _id(folder: Path) -> str:
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", folder.resolve().name).strip("-")
    return name or "site"


def _address(note: str) -> re.Match[str] | None:
    """The host and port a note states, also as ``http://host:port/``; None when there is none."""
    found = _ADDRESS.fullmatch(unicodedata.normalize("NFKC", note))
    good = found and is_host(found["host"].strip("[]")) and 1 <= int(found["port"]) <= _LAST_PORT
    return found if good else None


def _bad_addresses(rows: Sequence[InventoryRow]) -> Iterator[Mistake]:
    """A mistake for a note that looks like an address but is none; it gets no connection."""
    for row in rows:
        note = row["note"].strip()
        if kind_of(row["kind"]) not in _CONNECTIONS or _address(note):
            continue
        if _MEANT.fullmatch(unicodedata.normalize("NFKC", note)):
            what = f"{row['id']}: {note!r} in the column 备注 is no address HOST:PORT."
            yield Mistake(row.file, row.line, what, "Correct it here, or write the connection in site.toml.")


def _tables(rows: Sequence[InventoryRow]) -> Iterator[str]:
    """A table for each device that needs a connection; commented out if its address is unknown."""
    for row in dict.fromkeys(row["id"] for row in rows):
        first = next(one for one in rows if one["id"] == row)
        kind = kind_of(first["kind"])
        if kind not in _CONNECTIONS or not _BARE.fullmatch(row):
            continue
        known = _address(first["note"])
        host, port = (known["host"].strip("[]"), known["port"]) if known else ("", "")
        yield from _table(row, kind, host, port, asked=not known)
    yield ""


def _table(name: str, kind: DeviceKind, host: str, port: str, *, asked: bool) -> Iterator[str]:
    """The table of one device; commented out if a person is ``asked`` to complete it."""
    protocol, rest = _CONNECTIONS[kind]
    address = f'host = "{host or "192.168.1.64"}"'
    parts = [f'protocol = "{protocol}"', address, f"port = {port}" if port else "", rest]
    mark = "# " if asked else ""
    yield f"\n{mark}[device.{name if _BARE.fullmatch(name) else json.dumps(name)}]"
    yield f"{mark}connection = {{ {', '.join(part for part in parts if part)} }}"


def _drafted_tables(drafted: Sequence[Drafted], remarks: list[ScheduleRemark]) -> Iterator[str]:
    """A table for each device; one whose wire is not sure from its kind is left commented out, and told."""
    first = {one.id: one for one in reversed(drafted)}
    unsure = {(one.sheet, one.line) for one in remarks if one.why in {Why.PORT, Why.ADDRESS_TWICE}}
    for one in drafted:
        kind = one.row.kind
        if kind not in _CONNECTIONS or first[one.id] is not one:
            continue
        sure = kind in _SURE and (one.row.sheet, one.row.line) not in unsure
        if one.host and kind not in _SURE:
            remarks.append(ScheduleRemark(one.row.sheet, one.row.line, Why.PROTOCOL, one.id))
        yield from _table(one.id, kind, one.host, one.port, asked=not (one.host and sure))
    yield ""
