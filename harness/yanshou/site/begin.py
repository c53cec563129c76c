# SPDX-License-Identifier: Apache-2.0
"""A new site folder: a commented site file, and an inventory, copied or empty."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

from yanshou.model import DeviceKind, UsageError
from yanshou.model.trouble import Mistake
from yanshou.site.connection import is_host
from yanshou.site.inventory import InventoryRow, read_inventory
from yanshou.site.vocabulary import SITE_FILE, kind_of

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
_HEADS = "编号,类型,系统,名称,型号,位置,上级,防区号,属性,接线,备注"
_SAMPLE_ROWS = [InventoryRow("inventory.csv", 2, {"id": "CAM-1", "kind": "摄像机"})]
_SAMPLE = "#CAM-1,摄像机,视频监控,大门枪机,,大门,NVR-1,1,,,行首为 # 的不读"


def begin_site(folder: Path, inventory: Path | None = None) -> list[Mistake]:
    """Make ``folder`` a site; the inventory is copied as it is.

    Returns the mistakes of that inventory, to be corrected there. Raises UsageError if the folder is not
    empty or the inventory cannot be read at all.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty.", "Name a new folder.")
    mistakes: list[Mistake] = []
    rows = _rows(inventory, mistakes) if inventory else _SAMPLE_ROWS
    mistakes += _bad_addresses(rows)
    folder.mkdir(parents=True, exist_ok=True)
    if inventory is None:
        name = "inventory.csv"
        (folder / name).write_text(f"{_HEADS}\n{_SAMPLE}\n", encoding="utf-8-sig")
    else:
        name = f"inventory{inventory.suffix.lower()}"
        shutil.copyfile(inventory, folder / name)
    text = _template().replace("@ID@", _id(folder)).replace("@INVENTORY@", name)
    text = text.replace("@NAME@", json.dumps(folder.resolve().name, ensure_ascii=False))
    (folder / SITE_FILE).write_text(text + "\n".join(_tables(rows)), encoding="utf-8")
    return mistakes


def _rows(inventory: Path, mistakes: list[Mistake]) -> list[InventoryRow]:
    if not inventory.is_file():
        raise UsageError(f"there is no file {inventory}.", "Name the inventory, .csv or .xlsx.")
    rows = read_inventory(inventory, mistakes)
    if not rows:
        raise UsageError(mistakes or f"{inventory} lists no device.")
    return rows


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
        protocol, rest = _CONNECTIONS[kind]
        known = _address(first["note"])
        host, port = (known["host"].strip("[]"), known["port"]) if known else ("192.168.1.64", "")
        parts = [f'protocol = "{protocol}"', f'host = "{host}"', f"port = {port}" if port else "", rest]
        mark = "" if known else "# "
        yield f"\n{mark}[device.{row}]"
        yield f"{mark}connection = {{ {', '.join(part for part in parts if part)} }}"
    yield ""
