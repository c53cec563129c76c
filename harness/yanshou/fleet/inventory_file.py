# SPDX-License-Identifier: Apache-2.0
"""The inventory as found on the network, in a form that ``yanshou`` reads: CSV or XLSX."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from openpyxl import Workbook

from yanshou.fleet.discovery import Found, Outcome
from yanshou.model import Site, UsageError
from yanshou.model.csv_text import csv_bytes
from yanshou.site import SITE_FILE, read_inventory
from yanshou.toml import read_toml

COLUMNS: Final = (
    *("id", "kind", "system", "name", "model", "location", "parent", "number", "attributes", "wiring"),
    "note",
)
_REPORTED: Final = ("serial", "firmware", "epr", "mac")


def write_inventory(path: Path, site: Site, outcome: Outcome) -> None:
    """Write the lines of the inventory, completed by what devices reported, and a line per new device.

    The line of a device that was not found is kept, commented out by ``#``. The address is in the note,
    because connections belong into the site file. Raises UsageError for another kind of file.
    """
    rows = [list(COLUMNS), *_rows(site, outcome)]
    if path.suffix.lower() == ".csv":
        path.write_bytes(csv_bytes(rows))
    elif path.suffix.lower() == ".xlsx":
        book = Workbook(write_only=True)
        sheet = book.create_sheet("inventory")
        for row in rows:
            sheet.append(row)
        book.save(path)
    else:
        raise UsageError(f"{path.name} is neither CSV nor XLSX.", "Name it .csv or .xlsx.")


def _rows(site: Site, outcome: Outcome) -> Iterator[list[str]]:
    """Known lines first, in inventory order; then what the inventory does not know."""
    name = str(read_toml(site.folder / SITE_FILE, []).data.get("site", {}).get("inventory", "inventory.csv"))
    missing = {one.device for one in outcome.differences if one.kind == "missing"}
    for row in read_inventory(site.folder / name, []):
        cells = dict(row.cells)
        found = outcome.known.get(cells.get("id", ""))
        if found is not None:
            cells |= {"attributes": _attributes(cells.get("attributes", ""), found), "note": found.address}
        if cells.get("id") in missing:
            cells["id"] = f"#{cells['id']}"
        yield [cells.get(column, "") for column in COLUMNS]
    for number, found in enumerate(outcome.extra, start=1):
        yield _new(number, found, site)


def _attributes(attributes: str, found: Found) -> str:
    """The attributes, completed and corrected by what the device reported."""
    parts = [part.strip() for part in attributes.replace("；", ";").split(";") if part.strip()]
    reported = {key: _cell(getattr(found, key)) for key in _REPORTED if getattr(found, key)}
    kept = [part for part in parts if part.partition("=")[0].strip() not in reported]
    return "; ".join([*kept, *(f"{key}={value}" for key, value in reported.items() if value)])


def _new(number: int, found: Found, site: Site) -> list[str]:
    name = f"FOUND-{number}"
    while name in site.devices:
        name += "-new"
    cells: Mapping[str, str] = {
        "id": name,
        "kind": _kind(found),
        "system": "intrusion" if found.protocol == "modbus-tcp" else "video",
        "name": _cell(" ".join(part for part in (found.maker, found.name or found.model) if part)) or name,
        "model": _cell(found.model),
        "parent": found.parent,
        "attributes": _attributes("gb28181=true" if found.code else "", found),
        "note": " ".join(filter(None, (found.address, found.code))),
    }
    return [cells.get(column, "") for column in COLUMNS]


def _kind(found: Found) -> str:
    if found.protocol == "gb28181":
        from yanshou.evaluation.sip import is_camera  # noqa: PLC0415 - brings the decoders in

        type_code = found.code[10:13]
        return "camera" if is_camera(found.code) else "platform" if type_code[:1] == "2" else "recorder"
    return "camera" if found.protocol == "onvif" else "panel"


def _cell(text: str) -> str:
    """A text of a device without characters that would end a cell or begin a formula."""
    plain = "".join(one for one in text if one.isprintable() and one not in ";；=＝#")
    return plain.strip().lstrip("+-@'")
