# SPDX-License-Identifier: Apache-2.0
"""What a stimulus sets off besides its indication: it depends on the device it reaches, not on the test.

A hold-up zone calls the police whichever test opens its loop, and a panel without mains is without mains.
The plan and the gate in front of every contact ask here, so that what was not allowed is not done
(GB 55029-2022 6.0.4).
"""

from __future__ import annotations

from yanshou.model import Device, DeviceKind

_POWER = frozenset({"mains", "battery", "battery_weak"})


def set_off_by(device: Device, role: str = "loop") -> frozenset[str]:
    """The intrusive actions that disturbing the circuit ``role`` of a device brings about."""
    actions: set[str] = set()
    if device.kind is DeviceKind.ZONE:
        kind = device.attributes.get("type")
        actions |= {"hold_up"} if kind == "hold_up" else set()
        actions |= {"siren"} if kind == "24h" else set()
    if device.kind is DeviceKind.PANEL and role in _POWER:
        actions.add("power_cut")
    return frozenset(actions)
