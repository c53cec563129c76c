# SPDX-License-Identifier: Apache-2.0
"""A site folder for one device on one wire, without a bench: what a maker's CI tests."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yanshou.model import DeviceKind
from yanshou.site.vocabulary import SITE_FILE
from yanshou.vocabulary.device import KIND_SYSTEMS

DEVICE = "DUT"
"""The id of the device under test."""
_INVENTORY = "inventory.csv"


@dataclass(frozen=True, slots=True)
class SingleDevice:
    """The device under test: its kind, connection and profile, attributes, and who answers for the test.

    ``connection`` holds the keys of a connection of the site file; a password is ``{"env": NAME}``.
    """

    kind: DeviceKind
    connection: Mapping[str, object]
    person: str
    profile: str = ""
    name: str = ""
    model: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    plan: Mapping[str, object] = field(default_factory=dict)


def write_single(folder: Path, device: SingleDevice, scope: Sequence[str] = ()) -> None:
    """Write the site file and the inventory; the requirements of ``scope``, all that apply without one."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: list[tuple[str, Mapping[str, object]]] = [
        ("site", {"id": "device-check", "name": str(device.connection["host"]), "time_zone": "Asia/Shanghai",
                  "rig": "real", "inventory": _INVENTORY}),
        ("plan", {"sampling": "all", "decision_rule": "DR-SA", **({"scope": list(scope)} if scope else {}),
                  **device.plan}),
        ("allow", {"intrusive": []}),
        ("operator", {"backend": "terminal", "name": device.person}),
        (f"device.{DEVICE}", {**({"profile": device.profile} if device.profile else {}),
                              "connection": device.connection}),
    ]  # fmt: skip
    text = "\n".join(f"[{name}]\n{_lines(values)}" for name, values in tables)
    (folder / SITE_FILE).write_text(text, encoding="utf-8")
    (folder / _INVENTORY).write_text(_inventory(device), encoding="utf-8")


def _inventory(device: SingleDevice) -> str:
    (system,) = KIND_SYSTEMS[device.kind]
    row = {
        "id": DEVICE,
        "kind": device.kind.value,
        "system": system.value,
        "name": device.name or str(device.connection["host"]),
        "model": device.model,
        "attributes": "; ".join(f"{key}={value}" for key, value in device.attributes.items()),
    }
    with io.StringIO(newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([row.keys(), row.values()])
        return file.getvalue()


def _lines(values: Mapping[str, object]) -> str:
    return "".join(f"{key} = {_toml(value)}\n" for key, value in values.items())


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    return json.dumps(
        value, ensure_ascii=False
    )  # texts, numbers, lists and booleans are written alike in TOML
