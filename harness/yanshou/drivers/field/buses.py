# SPDX-License-Identifier: Apache-2.0
"""The buses of a site: devices with the same address share one, with the longest of their times."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from yanshou.acquisition import Bus
from yanshou.drivers.profile import Profile
from yanshou.model import Connection, Device, Site, UsageError
from yanshou.model.site import mistake_of
from yanshou.model.trouble import Mistake
from yanshou.wires import WIRES
from yanshou.wires.modbus import RTU
from yanshou.wires.modbus import WIRES as MODBUS

_WINDOWS_PORT = re.compile(r"(\\\\\.\\)?COM\d+", re.IGNORECASE)
_WHOLE = 8  # bits of a character that Chinese text needs
_UNITS = 247  # Modbus over Serial Line V1.02, 2.2
_TCP_UNITS = 255  # gateways and devices without a serial side also use 0 and 255


def serial_path(folder: Path, path: str) -> str:
    """Where a serial device is: in the site folder, unless absolute or a Windows port."""
    if Path(path).is_absolute() or _WINDOWS_PORT.fullmatch(path) or "://" in path:
        return path
    return str(folder / path)


def buses_of(site: Site, profiles: Mapping[str, Profile]) -> dict[str, tuple[Bus, int]]:
    """Map each field device to its bus and its unit number; raises ``UsageError`` with all mistakes."""
    alone: dict[str, tuple[Bus, int]] = {}
    shared: dict[str, Bus] = {}
    mistakes: list[Mistake] = []
    for device in site.devices.values():
        profile, connection = profiles.get(device.profile), device.connection
        if profile is None or connection is None or not WIRES[connection.protocol].by_profile:
            continue
        try:
            alone[device.id] = _bus(site, device, connection, profile)
            bus = alone[device.id][0]
            shared[bus.key] = _joined(device, shared[bus.key], bus) if bus.key in shared else bus
        except UsageError as error:
            mistakes += error.mistakes
    if mistakes:
        raise UsageError(mistakes)
    return {device: (shared[bus.key], unit) for device, (bus, unit) in alone.items()}


def _bus(site: Site, device: Device, connection: Connection, profile: Profile) -> tuple[Bus, int]:
    transport = profile.transport
    wire = WIRES[connection.protocol]
    least, greatest = (1, _UNITS) if wire is RTU else (0, _TCP_UNITS)
    unit = _integer(device, "unit", 1, least=least, greatest=greatest) if wire in MODBUS else 0
    if not connection.host and not connection.path:
        raise UsageError(
            [mistake_of(device, "its connection has neither host nor path.", "Give one of them.")]
        )
    bits = _integer(device, "bits", 8, greatest=8)
    coding = profile.speech.coding if profile.speech else "ascii"
    if bits < _WHOLE and coding != "ascii":
        what = f"a line of {bits} bits cannot carry {coding}, in which its profile has it write."
        raise UsageError([mistake_of(device, what, "Write bits = 8, or correct the coding of the profile.")])
    bus = Bus(
        protocol=wire.name,
        host=connection.host,
        port=connection.port or wire.port or 0,
        path=serial_path(site.folder, connection.path) if connection.path else "",
        baud=_integer(device, "baud", 9600, greatest=4_000_000),
        bits=bits,
        parity=str(connection.options.get("parity", "N")),
        stop=_integer(device, "stop", 1, greatest=2),
        timeout_s=float(str(connection.options.get("timeout_s", transport.timeout_s))),
        gap_s=transport.gap_s,
        quiet_s=transport.quiet_s,
        eol=transport.eol,
        max_read=transport.max_read,
        devices={str(unit): device.id},
    )
    return bus, unit


def _integer(device: Device, key: str, default: int, *, least: int = 1, greatest: int) -> int:
    value = device.connection.options.get(key, default) if device.connection else default
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= greatest:
        raise UsageError(
            [mistake_of(device, f"{key} must be {least}…{greatest}, not {value!r}.", "Correct it.")]
        )
    return value


def _joined(device: Device, one: Bus, other: Bus) -> Bus:
    """Merge two devices' settings of the same bus; they differ only if the site file is wrong."""
    joined = replace(
        one,
        timeout_s=max(one.timeout_s, other.timeout_s),
        gap_s=max(one.gap_s, other.gap_s),
        quiet_s=max(one.quiet_s, other.quiet_s),
        max_read=_least(one.max_read, other.max_read),
        devices={**other.devices, **one.devices},
    )
    described = ("protocol", "baud", "bits", "parity", "stop")
    if any(getattr(one, name) != getattr(other, name) for name in described):
        what = f"shares the bus {one.address} with {_names(one)} but differs in protocol or line settings."
        raise UsageError([mistake_of(device, what, "Give all devices on one bus the same settings.")])
    if set(one.devices) & set(other.devices):
        what = f"has the unit number of {_names(one)} on {one.address}."
        raise UsageError([mistake_of(device, what, "Correct the address or the unit.")])
    return joined


def _names(bus: Bus) -> str:
    return ", ".join(bus.devices.values())


def _least(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {area: min(limits) for area, limits in _by_area(one, other).items()}


def _by_area(*several: Mapping[str, int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for limits in several:
        for area, limit in limits.items():
            found.setdefault(area, []).append(limit)
    return found
