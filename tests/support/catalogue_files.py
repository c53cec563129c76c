# SPDX-License-Identifier: Apache-2.0
"""Devices, sites and schemas for tests of the catalogue."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from yanshou.model import (
    Device,
    DeviceKind,
    Site,
    System,
)

PACKAGE = resources.files("yanshou.standards")


def device(name: str = "Z01", kind: str = "zone", system: str = "intrusion", **attributes: object) -> Device:
    parent = "PANEL-1" if kind == "zone" else ""
    return Device(name, DeviceKind(kind), System(system), name, parent=parent, attributes=attributes)


def site(*devices: Device, **attributes: object) -> Site:
    return Site("s", "s", Path(), "Asia/Shanghai", attributes, {}, {one.id: one for one in devices})


def as_json(value: Any) -> Any:
    """TOML dates are texts in JSON."""
    return json.loads(json.dumps(value, default=date.isoformat))


def schema(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((PACKAGE / "schema" / f"{name}.schema.json").read_text("utf-8"))
    return content
