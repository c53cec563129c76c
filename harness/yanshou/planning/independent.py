# SPDX-License-Identifier: Apache-2.0
"""Which door controllers may be tested while panels are: those that share nothing with any other system.

Nobody can see from an inventory that two systems have nothing to do with each other, so the site file has to
say so of each controller (``independent = true``). What the inventory shows all the same is held against it:
a relay board, a bus, a host or a source of credentials that something else uses as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from yanshou.model import Device, DeviceKind, Site

# what the bench brings along: it belongs to the systems it is wired to
_OF_THE_BENCH = frozenset({DeviceKind.RELAY_BOARD, DeviceKind.INSTRUMENT})


def independent_doors(site: Site) -> Mapping[str, frozenset[str]]:
    """The independent door controllers, each with the ids of all devices it is tested with."""
    found: dict[str, frozenset[str]] = {}
    for devices in _groups(site):
        systems = [one for one in devices if one.kind not in _OF_THE_BENCH and one.parent not in site.devices]
        if not systems or any(one.attributes.get("independent") is not True for one in systems):
            continue
        if all(one.kind is DeviceKind.DOOR_CONTROLLER for one in systems):
            found |= dict.fromkeys((one.id for one in systems), frozenset(one.id for one in devices))
    return found


def tested_with(site: Site, names: Collection[str]) -> frozenset[str]:
    """The devices that these are tested with, themselves among them."""
    of = [devices for devices in _groups(site) if any(one.id in names for one in devices)]
    return frozenset(one.id for devices in of for one in devices)


def _groups(site: Site) -> list[list[Device]]:
    """The devices of the site by what they share: names that any two of them have in common join them."""
    groups: list[tuple[set[str], list[Device]]] = []
    for device in site.devices.values():
        names, devices = set(_shares(device, site)), [device]
        for group in [one for one in groups if not names.isdisjoint(one[0])]:
            groups.remove(group)
            names |= group[0]
            devices = [*group[1], *devices]
        groups.append((names, devices))
    return [devices for _, devices in groups]


def _shares(device: Device, site: Site) -> Iterator[str]:
    """Itself, what it hangs on, where it is reached, and what of the bench it is wired to."""
    yield device.id
    if device.parent:
        yield device.parent
    if (at := device.connection) is not None:
        if at.host:
            yield f"//{at.host}:{at.port}" if site.emulated else f"//{at.host}"
        if at.path:
            yield f"//{at.path}"
    for wire in device.wiring.values():
        yield wire.partition("/")[0]
