# SPDX-License-Identifier: Apache-2.0
"""The data about the site in a run folder and a report: no secret, no network address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from yanshou.model import Device, Site


def summary(site: Site, instruments: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """The site as plain JSON: names, parties, attributes, devices; dates as ISO texts.

    ``instruments`` are the plain records of the instrument register, which is read apart.
    """
    attributes = {key: _plain(value) for key, value in site.attributes.items() if key != "address"}
    return {
        "id": site.id,
        "name": site.name,
        "address": site.attributes.get("address", ""),
        "time_zone": site.time_zone,
        "sha256": site.sha256,
        "emulated": site.emulated,
        "parties": dict(site.parties),
        "laboratory": dict(site.laboratory),
        "attributes": attributes,
        "scope": list(site.scope),
        "devices": {device.id: _device(device) for device in site.devices.values()},
        "instruments": list(instruments),
    }


def _device(device: Device) -> dict[str, Any]:
    return {
        "name": device.name,
        "kind": device.kind.value,
        "system": device.system.value,
        "model": device.model,
        "location": device.location,
        "parent": device.parent,
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
