# SPDX-License-Identifier: Apache-2.0
"""What an item of the plan holds, watches and disturbs, from the site file and what its suite declares.

Whatever is not surely narrower needs everything, so it is never done beside anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from yanshou.model import Device, DeviceKind, PlanItem, Site
from yanshou.planning.covered import CoveredMeasurand, Phase, Together
from yanshou.planning.duration import over_network, watch_of, watched_together
from yanshou.planning.exclusion import BENCH, EVERYTHING, PERSON, Lane, Needs
from yanshou.planning.independent import independent_doors
from yanshou.planning.lanes import LEAST_S, Lanes, lanes_of
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
_DOORS = frozenset({DeviceKind.DOOR, DeviceKind.DOOR_CONTROLLER, DeviceKind.READER})
# what these set off is heard and felt, but no camera or recorder answers to it
_NOT_SEEN = frozenset({"siren", "hold_up", "lock_release", "beam"})
_READ_BY_MANY = frozenset({"time_reference"})  # it answers every question by itself
_AT_A_DOOR = frozenset({"lock_release"})  # an action that stays at the door it is done to


def lanes_for(
    items: Sequence[PlanItem],
    site: Site,
    covered: Mapping[str, CoveredMeasurand],
    seconds: Mapping[str, float],
    *,
    least_s: float = LEAST_S,
) -> Lanes:
    """The lanes of the items, which are in the order of the plan; ``seconds`` is the estimate of each.

    A lane that would spare less than ``least_s`` seconds is not opened.
    """
    needs = needs_for(items, site, covered)
    return lanes_of([item.id for item in items], needs, seconds, least_s=least_s)


def needs_for(
    items: Sequence[PlanItem], site: Site, covered: Mapping[str, CoveredMeasurand]
) -> Mapping[str, Needs]:
    """What each item needs; those that are watched together hold and disturb the same.

    The first of them tests the devices of all: what comes before any of them in the plan is over then.
    """
    stations = Stations(site)
    needs = {item.id: needs_of(item, stations, covered[item.measurand]) for item in items}
    together: dict[str, list[str]] = {}
    for item in items:
        test = covered[item.measurand]
        alone = test.together is Together.READINGS and not over_network(site.devices.get(item.device))
        if watched_together(site, test) and not alone:
            own = item.measurand if test.together is not Together.DOORS else watch_of(item, site, test)
            together.setdefault(own, []).append(item.id)
    for watch, ids in together.items():  # the first of them stimulates all devices
        united = replace(_united([needs[one] for one in ids]), together=watch)
        needs |= {one: replace(united, tests=needs[one].tests) for one in ids[1:]} | {ids[0]: united}
    return needs


def _united(several: Sequence[Needs]) -> Needs:
    return Needs(
        frozenset[str]().union(*(one.holds for one in several)),
        frozenset[str]().union(*(one.quiet for one in several)),
        frozenset[str]().union(*(one.disturbs for one in several)),
        frozenset[str]().union(*(one.tests for one in several)),
        lane=several[0].lane if len({one.lane for one in several}) == 1 else None,
    )


class Stations:
    """The devices of a site by what they hang on; each panel or controller is walked once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._below: dict[str, list[Device]] = {}
        for one in site.devices.values():
            self._below.setdefault(one.parent, []).append(one)
        self._devices = cache(self._hanging_on)
        self._names = cache(self._names_of)
        self._disturbed = cache(self._disturbed_from)
        self.independent = independent_doors(site)  # by door controller

    def below(self, device: Device) -> Sequence[Device]:
        """What hangs on the device itself."""
        return self._below.get(device.id, ())

    def names(self, devices: Iterable[Device]) -> frozenset[str]:
        """The names of the devices and of all devices of their panels and controllers."""
        return frozenset[str]().union(*(self._names(self._top(one)) for one in devices))

    def disturbed(self, devices: Iterable[Device], *, only_them: bool = False) -> frozenset[str]:
        """What designed linkages act on when any device of these panels and controllers is stimulated.

        ``only_them``: nothing else of their panels is; the linkages of a panel itself answer all the same.
        """
        tops = ((one.id if only_them else self._top(one), only_them) for one in devices)
        return frozenset[str]().union(*(self._disturbed(*one) for one in tops))

    def independent_with(self, device: Device) -> frozenset[str]:
        """The devices that an independent door is tested with; empty for one that is not independent."""
        return self.independent.get(self._top(device), frozenset())

    def _top(self, device: Device) -> str:
        while above := self.site.devices.get(device.parent):
            device = above
        return device.id

    def _hanging_on(self, top: str) -> Sequence[Device]:
        """The device with all that hangs on it: a test of a panel opens its zones, too."""
        found = [self.site.devices[top]]
        for one in found:
            found += self.below(one)
        return found

    def _names_of(self, top: str) -> frozenset[str]:
        return frozenset(name for one in self._devices(top) for name in _names(one, self.site))

    def _disturbed_from(self, name: str, only_it: bool) -> frozenset[str]:  # noqa: FBT001 - a cached call
        stimulated = [self.site.devices[name]] if only_it else self._devices(name)
        targets = {
            str(linkage.attributes.get("target", ""))
            for one in stimulated
            for linkage in answering(self.site, one)
        }
        return frozenset[str]().union(*(self._around(one) for one in targets))

    def _around(self, target: str) -> frozenset[str]:
        """The names of a device that a linkage acts on, of what it hangs on, and of what hangs on it."""
        device = self.site.devices.get(target)
        if device is None:  # a person, or something that the inventory does not list
            return frozenset({EVERYTHING})
        above = self.site.devices.get(device.parent)
        beside = [device, *([above] if above else ()), *self.below(device)]
        return frozenset(name for one in beside for name in _names(one, self.site))


def needs_of(item: PlanItem, stations: Stations, covered: CoveredMeasurand) -> Needs:
    """What one item needs."""
    site = stations.site
    device = site.devices.get(item.device)
    if covered.papers and device is None:
        return Needs(frozenset({PERSON}))
    if device is None or phase_of(covered, device) is Phase.TALLY:
        return _alone([], stations)
    if device.kind is DeviceKind.LINKAGE:
        ends = [str(device.attributes.get(end, "")) for end in ("source", "target")]
        devices = [site.devices[end] for end in ends if end in site.devices]
    else:
        devices = [device]
    if not devices or not set(item.intrusive) <= _NOT_SEEN:
        return _alone(devices, stations)
    if device.kind in _VIDEO:
        return _of_video(device, stations, covered)
    if device.kind in _DOORS and (needs := _of_independent_door(item, device, stations, covered)):
        return needs
    if device.kind not in _FIELD:
        return _alone(devices, stations)
    only_it = device.kind is DeviceKind.ZONE and not watched_together(site, covered)
    needs = _of_field(devices, stations, only_them=only_it)
    by_itself = device.kind in {DeviceKind.ZONE, DeviceKind.LINKAGE}
    needs = replace(needs, tests=frozenset({device.id}) if by_itself else stations.names(devices))
    if device.kind is DeviceKind.LINKAGE:  # it watches the locks of all doors for what should not happen
        needs = replace(needs, holds=needs.holds.union(*stations.independent.values()))
    return needs


def _alone(devices: Iterable[Device], stations: Stations) -> Needs:
    """Nothing is done beside it; what tests the same devices keeps its turn."""
    names, everything = stations.names(devices), frozenset({EVERYTHING})
    return Needs(names | everything, everything, everything, names)


def _of_video(device: Device, stations: Stations, covered: CoveredMeasurand) -> Needs:
    """A camera is held with the recorder's right to it: a recorder is tested with the cameras it records."""
    devices = [device]
    if device.kind is DeviceKind.RECORDER:
        devices += [one for one in stations.below(device) if one.kind is DeviceKind.CAMERA]
    held = frozenset(name for one in devices for name in _names(one, stations.site))
    if covered.wires:
        return Needs(held | {PERSON, BENCH}, held | {BENCH}, held | {BENCH}, held)
    if covered.operator or set(covered.instruments) - _READ_BY_MANY:
        return Needs(held | {PERSON}, held, held, held)
    onvif = device.connection is not None and device.connection.protocol == "onvif"
    return Needs(held, held, tests=held, lane=Lane.VIDEO if onvif else None)


def _of_field(devices: Sequence[Device], stations: Stations, *, only_them: bool) -> Needs:
    """A stimulus at the bench: what its designed linkages act on is disturbed, with all that hangs on it.

    ``only_them``: no other device of their panels is stimulated.
    """
    held = stations.names(devices) | {BENCH}
    return Needs(held | {PERSON}, held, held | stations.disturbed(devices, only_them=only_them))


def _of_independent_door(
    item: PlanItem, device: Device, stations: Stations, covered: CoveredMeasurand
) -> Needs | None:
    """A stimulus at the boards of an independent door; None where more is needed, or nobody calls it so."""
    own = stations.independent_with(device)
    actions = {*item.intrusive, *(stations.site.allow & {*covered.if_allowed})}
    disturbed = stations.disturbed([device])
    if not own or covered.operator or covered.instruments or not actions <= _AT_A_DOOR:
        return None
    if EVERYTHING in disturbed:
        return None
    held = stations.names([device]) | own
    return Needs(held, held, held | disturbed, held, lane=Lane.DOORS)


def _names(device: Device, site: Site) -> set[str]:
    """The device by its id and by where it is reached, since two lines of the inventory may be one device.

    All emulated devices are at one host, so there the port belongs to it.
    """
    names = {device.id}
    if device.connection is not None and device.connection.host:
        port = f":{device.connection.port}" if site.emulated else ""
        names.add(f"{device.connection.host}{port}")
    return names
