# SPDX-License-Identifier: Apache-2.0
"""Joins the inventory's rows with their tables in the site file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from yanshou.model import Device, DeviceKind, System
from yanshou.model.trouble import Mistake
from yanshou.site.cells import CellError, parse_attributes, parse_target, parse_wiring
from yanshou.site.connection import PLAIN_SECRET, USE_REFERENCE, holds_secret, read_connection
from yanshou.site.inventory import InventoryRow
from yanshou.site.vocabulary import (
    DEVICE_KEYS,
    HOLD_UP_KINDS,
    HOLD_UP_NAMES,
    KINDS,
    SECRET_NAMES,
    SYSTEMS,
    kind_of,
    system_of,
)
from yanshou.toml import Table, near
from yanshou.vocabulary.device import KIND_SYSTEMS, named
from yanshou.vocabulary.spelling import squeezed
from yanshou.vocabulary.values import Unfit

SITE_ID = "SITE"
"""The id of the site itself, for requirements about the whole site; no device may have it."""

_Word = TypeVar("_Word", DeviceKind, System)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
_FORM = "Write name=value; name=value."
_HOLD_UP = frozenset(squeezed(word) for word in HOLD_UP_KINDS)
_HOLD_UP_NAMES = tuple(squeezed(word) for word in HOLD_UP_NAMES)
_PRESSED = frozenset({"button", "foot_switch"})
"""Detectors with which people call for help."""


def build_devices(rows: Sequence[InventoryRow], top: Table, mistakes: list[Mistake]) -> dict[str, Device]:
    """The devices of the inventory by id, in its order, each joined with its ``[device.ID]`` table."""
    tables = top.inner("device", "device.ID")
    known = {row["id"]: row for row in reversed(rows)}
    for name in tables.data:
        if rows and name not in known:  # without an inventory, only that is reported
            table = tables.inner(name, f"device {name}")
            table.wrong("is not in the inventory.", near(name, known) or "Add its line there.")
    devices: dict[str, Device] = {}
    for row in rows:
        if known[row["id"]] is not row:
            what = f"{row['id']} stands in line {known[row['id']].line} too."
            mistakes.append(Mistake(row.file, row.line, what, "Give each device an id of its own."))
        elif (device := _device(row, tables, mistakes)) and device.id:
            devices[device.id] = device
    return devices


def _device(row: InventoryRow, tables: Table, mistakes: list[Mistake]) -> Device | None:
    _check_id(row, mistakes)
    kind = _word(row, "kind", KINDS, kind_of, mistakes)
    if kind is None:
        return None
    if not row["name"]:
        _wrong(row, mistakes, "has no name.", "Name it as the drawings do; the report prints it.")
    table = tables.inner(row["id"], f"device {row['id']}")
    table.only(DEVICE_KEYS)
    return Device(
        id=row["id"],
        kind=kind,
        system=_system(row, kind, mistakes),
        name=row["name"],
        model=row["model"],
        location=row["location"],
        parent=row["parent"],
        number=_number(row, mistakes),
        attributes=_attributes(row, kind, table, mistakes),
        connection=read_connection(table.inner("connection", f"connection of {row['id']}")),
        profile=table.text("profile"),
        wiring=_wiring(row, table, mistakes),
        place=row.place,
    )


def _wrong(row: InventoryRow, mistakes: list[Mistake], what: str, remedy: str) -> None:
    mistakes.append(Mistake(row.file, row.line, f"{row['id'] or 'the line'}: {what}", remedy))


def is_id(name: str) -> bool:
    """Whether it can be the id of a device."""
    return _ID.fullmatch(name) is not None and name != SITE_ID


def _check_id(row: InventoryRow, mistakes: list[Mistake]) -> None:
    name = row["id"]
    if not name:
        _wrong(row, mistakes, "has no id.", "Every device needs one, such as Z07.")
    elif not _ID.fullmatch(name):
        plain = unicodedata.normalize("NFKC", name)
        example = plain if _ID.fullmatch(plain) else "Z07 or CAM-1"
        _wrong(row, mistakes, "the id may hold only A-Z a-z 0-9 . _ - (64 at most).", f"Write {example}.")
    elif name == SITE_ID and kind_of(row["kind"]) is not DeviceKind.SITE:
        _wrong(row, mistakes, f"{SITE_ID} is the site itself.", "Give the device another id.")


def _word(
    row: InventoryRow,
    column: str,
    allowed: Mapping[str, _Word],
    of: Callable[[str], _Word | None],
    mistakes: list[Mistake],
) -> _Word | None:
    text = row[column]
    found = of(text)
    if found is None:
        what = f"{column} {text!r} is not known." if text else f"has no {column}."
        known = [word for word in allowed if word.isascii()]
        _wrong(row, mistakes, what, near(text.casefold(), allowed if not text.isascii() else known))
    return found


def _number(row: InventoryRow, mistakes: list[Mistake]) -> int | None:
    text = unicodedata.normalize("NFKC", row["number"]).removesuffix(".0")
    if not text:
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:  # noqa: PLR2004 - a zone or channel number
        return int(text)
    _wrong(row, mistakes, f"number {text!r} is not a whole number from 1.", "Give its number at the parent.")
    return None


def _attributes(
    row: InventoryRow, kind: DeviceKind, table: Table, mistakes: list[Mistake]
) -> dict[str, object]:
    try:
        listed = parse_attributes(row["attributes"])
    except CellError as error:
        _wrong(row, mistakes, f"attributes: {error}.", _FORM)
        listed = {}
    inner = table.inner("attributes", f"attributes of {row['id']}")
    for key in holds_secret(listed):
        _wrong(row, mistakes, f"{key}: {PLAIN_SECRET}", USE_REFERENCE)
    for key in holds_secret(inner.data):
        table.wrong(f"{key}: {PLAIN_SECRET}", USE_REFERENCE, "attributes")

    def in_cell(what: str, remedy: str, _key: str) -> None:
        _wrong(row, mistakes, what, remedy)

    here = read_attributes(listed, kind, in_cell)
    there = read_attributes(inner.data, kind, inner.wrong)
    _not_twice("attributes", inner, here)
    implied = {"type": "hold_up"} if squeezed(row["kind"]) in _HOLD_UP else {}
    read = {**implied, **here, **there}
    if implied and read["type"] != "hold_up":
        what = f"is a {row['kind']}, but its type is {read['type']}."
        _wrong(row, mistakes, what, "Write type=hold_up, or another kind.")
    if kind is DeviceKind.ZONE and not implied:
        _as_hold_up(row, read, mistakes)
    return read


def _as_hold_up(row: InventoryRow, read: Mapping[str, object], mistakes: list[Mistake]) -> None:
    """A zone a person would take for a hold-up zone is none only where its type and its detector say so.

    Panels call the zone of a panic button a 24-hour zone; as such it would be triggered though nobody allowed
    a call for help, and no clause on hold-up devices would apply.
    """
    if not _named_hold_up(row, read) or read.get("type") in {"hold_up", "fire"}:
        return
    if "type" not in read:
        what = "its name or detector says that it is a hold-up device, and no type is stated."
        _wrong(row, mistakes, what, "Write type=hold_up, or its type: a hold-up zone calls the police.")
    elif "detector" not in read or read["detector"] in _PRESSED:
        what = f"its name or detector says that it is a hold-up device, but its type is {read['type']}."
        remedy = "Write type=hold_up; if it is none, its detector, such as contact or other."
        _wrong(row, mistakes, what, remedy)


def _named_hold_up(row: InventoryRow, read: Mapping[str, object]) -> bool:
    """Whether a person would take the zone for a hold-up zone, which nobody may trigger unasked."""
    texts = squeezed(row["name"]), squeezed(row["model"])
    return read.get("detector") in _PRESSED or any(one in text for text in texts for one in _HOLD_UP_NAMES)


def read_attributes(
    given: Mapping[str, object], kind: DeviceKind, wrong: Callable[[str, str, str], None]
) -> dict[str, object]:
    """The attributes in the vocabulary of the clauses.

    ``wrong`` is called with what is wrong, the remedy and the key, for each unknown name or value.
    """
    read: dict[str, object] = {}
    for key, value in given.items():
        if key.casefold() in SECRET_NAMES:
            continue  # reported as a secret, and not repeated
        try:
            attribute = named(key, kind)
        except Unfit as unfit:
            wrong(unfit.what, unfit.remedy, key)
            continue
        if attribute.name in read:
            wrong(f"{attribute.name} is given twice ({key}).", "Keep one of them.", key)
        try:
            read[attribute.name] = attribute.value.read(value)
        except Unfit as unfit:
            wrong(f"{key} {unfit.what}", unfit.remedy, key)
    return read


def _system(row: InventoryRow, kind: DeviceKind, mistakes: list[Mistake]) -> System:
    """The system of a device; a system its kind cannot belong to is a mistake, as no clause would apply."""
    system = _word(row, "system", SYSTEMS, system_of, mistakes)
    allowed = KIND_SYSTEMS.get(kind)
    if system is not None and allowed is not None and system not in allowed:
        what = (
            f"is a {kind} of the system {row['system']}; a {kind} belongs to {' or '.join(sorted(allowed))}."
        )
        _wrong(row, mistakes, what, "Correct its kind or its system: no clause would apply to it.")
    return system or System.SITE


def _wiring(row: InventoryRow, table: Table, mistakes: list[Mistake]) -> dict[str, str]:
    try:
        listed = parse_wiring(row["wiring"])
    except CellError as error:
        _wrong(row, mistakes, f"wiring: {error}.", "Write role=BOARD/3, role=BOARD/di0 or role=INSTRUMENT; …")
        listed = {}
    inner = table.inner("wiring", f"wiring of {row['id']}")
    _not_twice("wiring", inner, listed)
    for role in inner.data:
        try:
            listed[role] = str(parse_target(inner.text(role), role))
        except CellError as error:
            inner.wrong(f"{error}.", 'Write role = "BOARD/3", "BOARD/di0" or an instrument\'s id.', role)
    return listed


def _not_twice(what: str, inner: Table, listed: Mapping[str, object]) -> None:
    for key in listed.keys() & inner.data.keys():
        remedy = f"Keep one of them; here or in the {what} column."
        inner.wrong(f"{key} is given here and in the inventory.", remedy, key)
