# SPDX-License-Identifier: Apache-2.0
"""Puts a pair of the linkage matrix together from the open devices of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from yanshou.drivers.platform.link import platforms_of
from yanshou.equipment.designed_pair import DesignedPair, Witness
from yanshou.equipment.firing import CommandSource, DoorSource, FireSource, PersonSource, Source, ZoneSource
from yanshou.equipment.platform import WatchedMessage
from yanshou.equipment.reactions import (
    EffectPlace,
    WatchedContact,
    WatchedEffect,
    WatchedRecording,
    WatchedReport,
    together,
)
from yanshou.model import Device, DeviceKind, Instant, RigFault
from yanshou.session.session import Session
from yanshou.site import Pair, answering, locks_of, pair_of, pairs_of, seen_by

_RELEASE = "lock_release"
_PULSING = frozenset({"siren", "lamp"})

ByHand = tuple[Callable[[], Instant], Callable[[], object]]
"""How a person brings about the event of a source, and ends it."""


def designed_pair(session: Session, device: Device, by_hand: ByHand) -> DesignedPair:
    """The pair that ``device``, a linkage, states; ``by_hand`` where no relay is wired to its source."""
    pair = pair_of(device, session.site.devices)
    target = None if pair.by_person else _target(session, pair)
    return DesignedPair(
        pair,
        _source(session, pair, by_hand),
        target,
        tuple(_others(session, pair)),
        session.item_journal,
        session.patience,
        tuple(_witnesses(session, pair)),
    )


def _witnesses(session: Session, pair: Pair) -> Iterator[Witness]:
    for one in platforms_of(session.site):
        yield _witness(session, pair, one.id)
    if seen_by(pair, session.site.devices) == "centre":
        reporting, zone = session.reporting(pair.target), session.zone(pair.source)
        yield Witness(
            reporting.begin,
            reporting.require_readable,
            lambda _at: [f"接警中心收到 {one}" for one in reporting.strays(zone)],
            lambda _at: [],
        )


def _witness(session: Session, pair: Pair, name: str) -> Witness:
    """What a platform reports meanwhile of devices that have nothing to do with the pair."""
    site = session.site
    expected = {pair.source, pair.target}
    for linkage in answering(site, session.device(pair.source)):
        one = pair_of(linkage, site.devices)
        expected |= {one.source, one.target}
    near = {one.id for one in site.devices.values() if one.parent in expected}
    above = {site.devices[one].parent for one in expected if one in site.devices}
    platform = session.platform(name)
    return Witness(
        platform.begin,
        platform.require_readable,
        lambda at: platform.others(at, expected | near | above),
        platform.remarks,
    )


def _source(session: Session, pair: Pair, by_hand: ByHand) -> Source:
    source = session.device(pair.source)
    wired = set(source.wiring)
    match source.kind:
        case DeviceKind.ZONE if ("tamper" if pair.event == "tamper" else "loop") in wired:
            return ZoneSource(session.panel(source.parent), session.zone(source.id), pair.event)
        case DeviceKind.DOOR if {"contact", "reader", "lock_coil"} <= wired:
            return DoorSource(session.door(source.id), pair.event)
        case DeviceKind.DOOR_CONTROLLER if "fire" in wired and (doors := session.entrances(source.id).doors):
            return FireSource(doors)
        case DeviceKind.PLATFORM if source in platforms_of(session.site):
            platform = session.platform(source.id)
            if platform.link.can(pair.effect):
                return CommandSource(platform, pair.effect, pair.target)
    return PersonSource(source, *by_hand)


def _target(session: Session, pair: Pair) -> WatchedEffect:
    place = EffectPlace(pair.target, pair.effect)
    pulses = pair.effect in _PULSING
    device, wiring = session.device(pair.target), pair.device.wiring
    match seen_by(pair, session.site.devices):
        case "seen":
            return WatchedContact(place, session.bench.input(wiring["seen"]), pulses)
        case "screen":
            return WatchedContact(place, session.bench.input(wiring["screen"]))
        case "siren":
            return WatchedContact(place, session.bench.input(device.wiring["siren"]), pulses=True)
        case "recorder":
            return WatchedRecording(place, session.recorder(device.parent))
        case "lock_coil":
            doors = locks_of(device, session.site.devices)
            return together(place, [_lock(session, place, one) for one in doors])
        case "centre":
            zone = session.device(pair.source)
            return WatchedReport(place, session.reporting(pair.target), zone)
        case "platform":
            return WatchedMessage(place, session.platform(pair.target), pair.source, pair.event)
    raise RigFault(
        f"nobody on this bench sees {pair.effect} at {pair.target}.",
        device=pair.device.id,
        remedy="Wire seen=BOARD/diN of the linkage, or write observed_by=person.",
        final=True,
    )


def _lock(session: Session, place: EffectPlace, door: Device) -> WatchedEffect:
    contact = session.bench.input(door.wiring["lock_coil"])
    return WatchedContact(place, contact, rests_active=place.effect == "lock")


def _others(session: Session, pair: Pair) -> Iterator[WatchedEffect]:
    """Every effect the bench can see that nothing designed, and nothing natural, brings about."""
    expected = _designed(session, pair) | _natural(session, pair)
    for place, watch in _visible(session):
        if place not in expected:
            yield watch()


def _designed(session: Session, pair: Pair) -> set[EffectPlace]:
    """The effects of all linkages that may answer to the source, a controller's at each of its doors."""
    devices = session.site.devices
    found: set[EffectPlace] = set()
    for linkage in answering(session.site, session.device(pair.source)):
        one = pair_of(linkage, devices)
        effect = _RELEASE if one.effect == "fire_release" else one.effect
        doors = locks_of(devices[one.target], devices) if effect in {_RELEASE, "lock"} else []
        found |= {EffectPlace(one.target, effect), *(EffectPlace(door.id, effect) for door in doors)}
    return found


def _natural(session: Session, pair: Pair) -> set[EffectPlace]:
    """What the source's own system does anyway: the siren of its panel, the lock of a card, of a fire."""
    source = session.device(pair.source)
    found = {EffectPlace(source.parent, "siren"), EffectPlace(source.id, "siren")}
    if pair.event == "granted":
        found.add(EffectPlace(source.id, _RELEASE))
    if pair.event == "fire":
        found |= {EffectPlace(one.id, _RELEASE) for one in locks_of(source, session.site.devices)}
    return found


def _visible(session: Session) -> Iterator[tuple[EffectPlace, Callable[[], WatchedEffect]]]:
    for device in session.site.devices.values():
        if device.kind is DeviceKind.CAMERA and _recorded(session, device):
            yield _recording(session, device)
        if device.kind is DeviceKind.DOOR and "lock_coil" in device.wiring:
            yield _contact(session, EffectPlace(device.id, _RELEASE), device.wiring["lock_coil"])
        if device.kind is DeviceKind.PANEL and "siren" in device.wiring:
            yield _contact(session, EffectPlace(device.id, "siren"), device.wiring["siren"])
    for pair in pairs_of(session.site):
        for role in {"seen", "screen"} & set(pair.device.wiring):
            effect = "picture" if role == "screen" else pair.effect
            yield _contact(session, EffectPlace(pair.target, effect), pair.device.wiring[role])


def _recorded(session: Session, camera: Device) -> bool:
    recorder = session.site.devices.get(camera.parent)
    return recorder is not None and recorder.kind is DeviceKind.RECORDER and recorder.connection is not None


def _recording(session: Session, camera: Device) -> tuple[EffectPlace, Callable[[], WatchedEffect]]:
    place = EffectPlace(camera.id, "recording")
    return place, lambda: WatchedRecording(place, session.recorder(camera.parent))


def _contact(
    session: Session, place: EffectPlace, wire: str
) -> tuple[EffectPlace, Callable[[], WatchedEffect]]:
    return place, lambda: WatchedContact(place, session.bench.input(wire), place.effect in _PULSING)
