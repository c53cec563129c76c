# SPDX-License-Identifier: Apache-2.0
"""The side effects of a stimulus, which depend on the device it reaches, not on the test.

A hold-up zone calls the police whichever test opens its loop, and a panel without mains is without mains for
every test. The plan and the gate in front of every contact ask here, so that nothing is done that was not
allowed (GB 55029-2022 6.0.4).
"""

from __future__ import annotations

from yanshou.model import Device, DeviceKind, Site
from yanshou.vocabulary.linkage import USUAL_EVENT

_POWER = frozenset({"mains", "battery", "battery_weak"})
_OF_CONTROLLER = {
    "fire": {"fire_interface", "lock_release"},
    "link": {"network_cut"},
    "mains": {"power_cut", "lock_release"},
    "battery": {"power_cut", "lock_release"},
}
_RELEASING = frozenset(
    {"reader", "reader_out", "exit", "command", "unlock", "approve", "hold_open", "block", "duress", "mains"}
)
_OF_DOOR = {"duress": {"hold_up"}, "mains": {"power_cut"}}
_OF_TARGET = {
    DeviceKind.DOOR: "lock_release",
    DeviceKind.DOOR_CONTROLLER: "lock_release",
    DeviceKind.ALARM_LINK: "dispatch",
    DeviceKind.PANEL: "siren",
}
_OF_EFFECT = {
    "siren": "siren",
    "police": "dispatch",
    "lock_release": "lock_release",
    "lock": "lock_release",  # a door that locks keeps people in: the same people have to know
    "fire_release": "fire_interface",
    "power_off": "power_cut",
}
_ROLE_OF = {"fire": "fire", "granted": "reader", "denied": "reader", "tamper": "tamper"}
_SOUNDS = frozenset({DeviceKind.ZONE, DeviceKind.PANEL})


def linked_to(site: Site, source: Device) -> frozenset[str]:
    """What the designed linkages of a device set off: a released door, a link that calls the police.

    That holds through any number of linkages: what a door linked to the device sets off counts, too. For a
    linkage it is what its source sets off.
    """
    actions: set[str] = set()
    for linkage in answering(site, source):
        actions |= _brought_about(linkage, site.devices.get(str(linkage.attributes.get("target", ""))))
    return frozenset(actions)


def answering(site: Site, source: Device) -> list[Device]:
    """The designed linkages that may answer to a stimulus at ``source``, also by way of others."""
    found: dict[str, Device] = {}
    if not (linkages := site.of_kind(DeviceKind.LINKAGE)):
        return []
    waiting, done = [_linked_from(site, source)], set[str]()
    while waiting:
        about = waiting.pop() - done
        done |= about
        for linkage in linkages:
            if linkage.attributes.get("source") in about:
                found[linkage.id] = linkage
                target = site.devices.get(str(linkage.attributes.get("target", "")))
                waiting += [_linked_from(site, target)] if target is not None else []
    return list(found.values())


def _linked_from(site: Site, device: Device) -> set[str]:
    """The ids whose linkages may answer to a stimulus at the device.

    Its own; those it hangs on, since an alarm of a zone is one of its panel; and the doors of a controller.
    """
    if device.kind is DeviceKind.LINKAGE:
        source = site.devices.get(str(device.attributes.get("source", "")))
        return set() if source is None or source.kind is DeviceKind.LINKAGE else _linked_from(site, source)
    about = {device.id}
    if device.kind is DeviceKind.DOOR_CONTROLLER:
        about |= {one.id for one in site.of_kind(DeviceKind.DOOR) if one.parent == device.id}
    above = site.devices.get(device.parent)
    while above is not None and above.id not in about:
        about.add(above.id)
        above = site.devices.get(above.parent)
    return about


def _brought_about(linkage: Device, target: Device | None) -> set[str]:
    actions = {_OF_EFFECT.get(str(linkage.attributes.get("effect", "")), "")}
    if target is not None:
        actions |= {_OF_TARGET.get(target.kind, ""), *set_off_by(target)}
    return actions - {""}


def commanded(site: Site, effect: str, target: str) -> frozenset[str]:
    """The intrusive actions that a command of the centre brings about, at its target and beyond."""
    device = site.devices.get(target)
    if device is None:
        return frozenset({_OF_EFFECT[effect]} if effect in _OF_EFFECT else ())
    own = {_OF_EFFECT.get(effect, ""), _OF_TARGET.get(device.kind, "")} - {""}
    return linked_to(site, device) | own | set_off_by(device)


def fired_by(site: Site, linkage: Device) -> frozenset[str]:
    """The intrusive actions that firing the source of a linkage brings about, at the source and beyond.

    A zone is fired while it is set, so the sirens of its panel sound.
    """
    source = site.devices.get(str(linkage.attributes.get("source", "")))
    if source is None:
        return linked_to(site, linkage)
    event = str(linkage.attributes.get("event", USUAL_EVENT.get(source.kind, "")))
    sounds = {"siren"} if source.kind in _SOUNDS else set()
    return linked_to(site, source) | set_off_by(source, _ROLE_OF.get(event, "loop")) | sounds


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
    if device.kind is DeviceKind.DOOR and role in _RELEASING:
        actions |= {"lock_release"} | _OF_DOOR.get(role, set())
    if device.kind in {DeviceKind.PLATFORM, DeviceKind.RECORDER} and role == "stop":
        actions.add("platform_stop")
    if device.kind is DeviceKind.CAMERA and role == "line":
        actions.add("network_cut")
    if device.kind is DeviceKind.DOOR_CONTROLLER and role in _OF_CONTROLLER:
        actions |= _OF_CONTROLLER[role]
    return frozenset(actions)
