# SPDX-License-Identifier: Apache-2.0
"""What an item of the plan holds, watches and disturbs, from the site file and what its suite declares.

Whatever is not surely narrower needs everything, so it is never done beside anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from yanshou.model import Device, DeviceKind, PlanItem, Site
from yanshou.planning.covered import CoveredMeasurand, Phase, Together
from yanshou.planning.lanes import BENCH, EVERYTHING, LEAST_S, PERSON, Lanes, Needs, lanes_of
from yanshou.planning.order import phase_of
from yanshou.site import answering

_VIDEO = frozenset({DeviceKind.CAMERA, DeviceKind.RECORDER})
_FIELD = frozenset(
    {
        DeviceKind.ZONE,
        DeviceKind.PANEL,
        DeviceKind.DOOR,
        DeviceKind.DOOR_CONTROLLER,
        DeviceKind.READER,
        DeviceKind.GATE,
        DeviceKind.LINKAGE,
    }
)
# what these set off is heard and felt, but no camera or recorder answers to it
_NOT_SEEN = frozenset({"siren", "hold_up", "lock_release", "beam"})
_READ_BY_MANY = frozenset({"time_reference"})  # it answers every question by itself


def lanes_for(
    items: Sequence[PlanItem],
    site: Site,
    covered: Mapping[str, CoveredMeasurand],
    seconds: Mapping[str, float],
    *,
    least_s: float = LEAST_S,
) -> Lanes:
    """The lanes of the items, which are in the order of the plan; ``seconds`` is the estimate of each.

    There is one where two would spare less than ``least_s`` seconds.
    """
    needs = {item.id: needs_of(item, site, covered[item.measurand]) for item in items}
    together: dict[str, list[str]] = {}
    for item in items:
        if covered[item.measurand].together is not Together.NO:
            together.setdefault(item.measurand, []).append(item.id)
    for ids in together.values():  # the first of them stimulates all devices
        needs |= dict.fromkeys(ids, _united([needs[one] for one in ids]))
    return lanes_of([item.id for item in items], needs, seconds, least_s=least_s)


def _united(several: Sequence[Needs]) -> Needs:
    return Needs(
        frozenset[str]().union(*(one.holds for one in several)),
        frozenset[str]().union(*(one.quiet for one in several)),
        frozenset[str]().union(*(one.disturbs for one in several)),
        beside=all(one.beside for one in several),
    )


def needs_of(item: PlanItem, site: Site, covered: CoveredMeasurand) -> Needs:
    """What one item needs."""
    device = site.devices.get(item.device)
    if covered.papers and device is None:
        return Needs(frozenset({PERSON}))
    if device is None or phase_of(covered, device) is Phase.TALLY:
        return _alone([], site)
    if device.kind is DeviceKind.LINKAGE:
        ends = [str(device.attributes.get(end, "")) for end in ("source", "target")]
        devices = [site.devices[end] for end in ends if end in site.devices]
    else:
        devices = [device]
    if not devices or not set(item.intrusive) <= _NOT_SEEN:
        return _alone(devices, site)
    if device.kind in _VIDEO:
        return _of_video(device, site, covered)
    return _of_field(devices, site) if device.kind in _FIELD else _alone(devices, site)


def _alone(devices: Iterable[Device], site: Site) -> Needs:
    """Nothing is done beside it; what names the same devices keeps its turn."""
    held = frozenset({EVERYTHING, *_station_names(devices, site)})
    return Needs(held, frozenset({EVERYTHING}), frozenset({EVERYTHING}))


def _of_video(device: Device, site: Site, covered: CoveredMeasurand) -> Needs:
    """A camera is held with the recorder's right to it: a recorder is tested with the cameras it records."""
    devices = [device]
    if device.kind is DeviceKind.RECORDER:
        devices += [one for one in site.of_kind(DeviceKind.CAMERA) if one.parent == device.id]
    held = frozenset(name for one in devices for name in _names(one, site))
    if covered.wires:
        return Needs(held | {PERSON, BENCH}, held | {BENCH}, held | {BENCH})
    if covered.operator or set(covered.instruments) - _READ_BY_MANY:
        return Needs(held | {PERSON}, held, held)
    onvif = device.connection is not None and device.connection.protocol == "onvif"
    return Needs(held, held, beside=onvif)


def _of_field(devices: Sequence[Device], site: Site) -> Needs:
    """A stimulus at the bench: what its designed linkages act on is disturbed, with all that hangs on it."""
    held = _station_names(devices, site)
    disturbed = held | {BENCH}
    for device in devices:
        for one in _station(device, site):
            for linkage in answering(site, one):
                disturbed |= _around(str(linkage.attributes.get("target", "")), site)
    return Needs(frozenset(held | {BENCH, PERSON}), frozenset(held | {BENCH}), frozenset(disturbed))


def _station_names(devices: Iterable[Device], site: Site) -> set[str]:
    return {name for device in devices for one in _station(device, site) for name in _names(one, site)}


def _station(device: Device, site: Site) -> list[Device]:
    """The device with all devices of its panel or controller: a test of a panel opens its zones, too."""
    top = device
    while above := site.devices.get(top.parent):
        top = above
    below, found = {top.id}, [top]
    while more := [one for one in site.devices.values() if one.parent in below and one not in found]:
        found += more
        below = {one.id for one in more}
    return found


def _around(target: str, site: Site) -> set[str]:
    """The names of a device that a linkage acts on, of what it hangs on, and of what hangs on it."""
    device = site.devices.get(target)
    if device is None:  # a person, or something that the inventory does not list
        return {EVERYTHING}
    beside = [one for one in site.devices.values() if one.id == device.parent or one.parent == device.id]
    return {name for one in (device, *beside) for name in _names(one, site)}


def _names(device: Device, site: Site) -> set[str]:
    """The device by its id and by where it is reached, since two lines of the inventory may be one device.

    All emulated devices are at one host, so there the port belongs to it.
    """
    names = {device.id}
    if device.connection is not None and device.connection.host:
        port = f":{device.connection.port}" if site.emulated else ""
        names.add(f"{device.connection.host}{port}")
    return names
