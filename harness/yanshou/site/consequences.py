# SPDX-License-Identifier: Apache-2.0
"""The side effects of a stimulus, which depend on the device it reaches, not on the test.

A hold-up zone calls the police whichever test opens its loop, and a panel without mains is without mains for
every test. The plan and the gate in front of every contact ask here, so that nothing is done that was not
allowed (GB 55029-2022 6.0.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from yanshou.model import Device, DeviceKind, Site

_POWER = frozenset({"mains", "battery", "battery_weak"})
_OF_CONTROLLER = {"fire": {"fire_interface", "lock_release"}, "link": {"network_cut"}}
_OF_TARGET = {
    DeviceKind.DOOR: "lock_release",
    DeviceKind.DOOR_CONTROLLER: "lock_release",
    DeviceKind.ALARM_LINK: "dispatch",
    DeviceKind.PANEL: "siren",
}
_OF_EFFECT = {
    "siren": "siren",
    "police": "dispatch",
    "dispatch": "dispatch",
    "lock_release": "lock_release",
    "unlock": "lock_release",
    "fire_release": "fire_interface",
    "fire": "fire_interface",
}


def linked_to(site: Site, source: Device) -> frozenset[str]:
    """What the designed linkages of a device set off: a released door, a link that calls the police."""
    return frozenset(_linked(site, source))


def _linked(site: Site, source: Device) -> Iterator[str]:
    for linkage in site.of_kind(DeviceKind.LINKAGE):
        if source.id not in {linkage.id, linkage.attributes.get("source")}:
            continue
        target = site.devices.get(str(linkage.attributes.get("target", "")))
        if target is not None and target.kind in _OF_TARGET:
            yield _OF_TARGET[target.kind]
        if (effect := str(linkage.attributes.get("effect", ""))) in _OF_EFFECT:
            yield _OF_EFFECT[effect]


def set_off_by(device: Device, role: str = "loop") -> frozenset[str]:
    """The intrusive actions that disturbing the circuit ``role`` of a device brings about.

    ``role`` is a circuit of its wiring, ``reader`` for presented credentials (even one without rights may
    open the door), or a function of its keypad (a duress code calls for help).
    """
    actions: set[str] = set()
    if device.kind is DeviceKind.ZONE:
        kind = device.attributes.get("type")
        actions |= {"hold_up"} if kind == "hold_up" else set()
        actions |= {"siren"} if kind == "24h" else set()
    if device.kind is DeviceKind.PANEL and role in _POWER:
        actions.add("power_cut")
    if device.kind is DeviceKind.PANEL and role == "duress":
        actions.add("hold_up")
    if device.kind is DeviceKind.DOOR and role in {"reader", "exit"}:
        actions.add("lock_release")
    if device.kind is DeviceKind.DOOR_CONTROLLER and role in _OF_CONTROLLER:
        actions |= _OF_CONTROLLER[role]
    return frozenset(actions)
