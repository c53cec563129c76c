# SPDX-License-Identifier: Apache-2.0
"""The linkage matrix: ``[[linkage]]`` of the site file, and what each designed pair is.

A pair may stand in the inventory as well, as a line of the kind ``linkage``; both are devices of the site.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from yanshou.model import Device, DeviceKind, Site, System
from yanshou.site.cells import CellError, parse_target
from yanshou.site.devices import is_id, read_attributes
from yanshou.toml import Table, near
from yanshou.vocabulary.linkage import EVENTS_OF, TARGETS_OF, USUAL_EFFECT, USUAL_EVENT

_ATTRIBUTES = ("source", "event", "target", "effect", "deadline", "meaning", "observed_by")
_BETWEEN = re.compile(r"[\s、，,；;|/]+")
_KEYS = frozenset({"id", "name", "wiring", *_ATTRIBUTES})


@dataclass(frozen=True, slots=True)
class Pair:
    """One designed pair. ``deadline_s`` is None if the design states no time.

    ``by_person``: a named person watches the target instead of the bench.
    """

    device: Device
    source: str
    event: str
    target: str
    effect: str
    deadline_s: float | None
    meaning: str
    by_person: bool


def pair_of(device: Device, devices: Mapping[str, Device]) -> Pair:
    """The pair that a device of the kind ``linkage`` states; what it leaves out is what is usual."""
    stated = device.attributes
    source, target = str(stated.get("source", "")), str(stated.get("target", ""))
    at, to = devices.get(source), devices.get(target)
    deadline = stated.get("deadline")
    return Pair(
        device,
        source,
        str(stated.get("event") or (USUAL_EVENT.get(at.kind, "alarm") if at else "alarm")),
        target,
        str(stated.get("effect") or (USUAL_EFFECT.get(to.kind, "") if to else "")),
        float(deadline) if isinstance(deadline, int | float) else None,
        str(stated.get("meaning", "")),
        stated.get("observed_by") == "person",
    )


def pairs_of(site: Site) -> list[Pair]:
    """All designed pairs, in the order of the inventory and then of the site file."""
    return [pair_of(one, site.devices) for one in site.of_kind(DeviceKind.LINKAGE)]


def seen_by(pair: Pair, devices: Mapping[str, Device]) -> str:
    """What shows the bench the effect of a pair; empty if nobody can see it.

    ``person``, ``seen`` (a contact of the bench), ``recorder``, ``screen``, ``lock_coil``, ``siren``,
    ``platform`` or ``centre``.
    """
    target = devices.get(pair.target)
    if pair.by_person or target is None:
        return "person" if pair.by_person else ""
    if "seen" in pair.device.wiring:
        return "seen"
    parent = devices.get(target.parent)
    match pair.effect:
        case "recording":
            recorded = parent is not None and parent.kind is DeviceKind.RECORDER and parent.connection
            return "recorder" if recorded else ""
        case "picture":
            return "screen" if "screen" in pair.device.wiring else ""
        case "lock_release" | "lock" | "fire_release":
            return "lock_coil" if locks_of(target, devices) else ""
        case "siren":
            return "siren" if "siren" in target.wiring else ""
        case "message" | "police":
            return _message_seen(target, devices.get(pair.source))
    return ""


def locks_of(target: Device, devices: Mapping[str, Device]) -> list[Device]:
    """The doors meant by a target, a door or a controller, whose lock coils are wired to the bench."""
    doors = [one for one in devices.values() if one.kind is DeviceKind.DOOR]
    meant = [one for one in doors if target.id in {one.id, one.parent}]
    return [one for one in meant if "lock_coil" in one.wiring]


def _message_seen(target: Device, source: Device | None) -> str:
    """A receiving centre knows zones by their numbers, and nothing else."""
    protocol = target.connection.protocol if target.connection else ""
    if target.kind is DeviceKind.PLATFORM:
        return "platform" if protocol in {"rest", "onvif"} else ""
    zone = source is not None and source.kind is DeviceKind.ZONE
    return "centre" if protocol == "dc09-account" and zone else ""


def unseen(pair: Pair, devices: Mapping[str, Device]) -> tuple[str, str] | None:
    """What is wrong and the remedy if nobody on this bench can see the effect; None if somebody can."""
    if seen_by(pair, devices):
        return None
    what = f"nobody on this bench sees {pair.effect or 'any effect'} at {pair.target}."
    by = {
        "recording": "connect the recorder of that camera",
        "picture": "wire screen=BOARD/diN, a photo sensor before the monitor",
        "lock_release": "wire lock_coil of that door",
        "lock": "wire lock_coil of that door",
        "fire_release": "wire lock_coil of that door",
        "siren": "wire siren of that panel",
        "message": "connect the platform or the receiving centre",
        "police": "connect the receiving centre",
    }.get(pair.effect, "wire a contact that moves with it, seen=BOARD/diN of the linkage")
    return what, f"To see it, {by}; or write observed_by=person."


def interfaces_of(platform: Device) -> tuple[str, ...]:
    """The systems a platform integrates, by the ids of its attribute ``interfaces``; each once."""
    stated = platform.attributes.get("interfaces")
    names = _BETWEEN.split(stated) if isinstance(stated, str) else []
    return tuple(dict.fromkeys(word for word in names if word))


def read_linkages(top: Table, devices: Collection[str]) -> dict[str, Device]:
    """The pairs of ``[[linkage]]`` as devices by id; ``devices`` are the ids of the inventory."""
    read: dict[str, Device] = {}
    for table in top.rows("linkage"):
        table.only(_KEYS)
        table.require("id", "source", "target")
        name = table.text("id")
        if name and not is_id(name):
            table.wrong("the id may hold only A-Z a-z 0-9 . _ - (64 at most).", "Write LNK-1.", "id")
        elif name in devices or name in read:
            table.wrong(f"there is another {name}.", "Give each linkage an id of its own.", "id")
        elif name:
            read[name] = _linkage(table, name)
    return read


def _linkage(table: Table, name: str) -> Device:
    given = {key: value for key, value in table.data.items() if key in _ATTRIBUTES}
    stated = read_attributes(given, DeviceKind.LINKAGE, table.wrong)
    called = (
        table.text("name")
        or str(stated.get("meaning", ""))
        or f"{given.get('source')} → {given.get('target')}"
    )
    return Device(
        id=name,
        kind=DeviceKind.LINKAGE,
        system=System.INTEGRATION,
        name=called,
        attributes=stated,
        wiring=dict(_wiring(table.inner("wiring", f"wiring of {name}"))),
        place=table.place(),
    )


def _wiring(table: Table) -> Iterator[tuple[str, str]]:
    for role in table.data:
        try:
            yield role, str(parse_target(table.text(role), role))
        except CellError as error:
            table.wrong(f"{error}.", 'Write role = "BOARD/di0".', role)


def pair_mistakes(device: Device, devices: Mapping[str, Device]) -> Iterator[tuple[str, str]]:
    """What is wrong with a pair by itself, each with its remedy; its ends are known devices."""
    pair = pair_of(device, devices)
    if pair.source == pair.target:
        yield f"source and target are both {pair.source}.", "Name the device that reacts as target."
        return
    source, target = devices[pair.source], devices[pair.target]
    if DeviceKind.LINKAGE in {source.kind, target.kind}:
        yield "links a linkage.", "Name devices as source and target."
        return
    if pair.event not in (known := EVENTS_OF.get(source.kind, {pair.event})):
        yield f"{pair.event} cannot happen at {source.id}, a {source.kind}.", near(pair.event, known)
    if not pair.effect:
        yield f"does not say what happens at {target.id}, a {target.kind}.", "Add effect=…."
    elif target.kind not in (kinds := TARGETS_OF.get(pair.effect, {target.kind})):
        wanted = " or a ".join(sorted(kinds))
        yield f"{pair.effect} is not possible at {target.id}, a {target.kind}.", f"Name a {wanted}."


def doubled(devices: Mapping[str, Device]) -> Iterator[tuple[Device, Device]]:
    """Pairs that say the same as an earlier one, with that one."""
    taken: dict[tuple[str, str, str, str], Device] = {}
    for device in devices.values():
        if device.kind is not DeviceKind.LINKAGE:
            continue
        pair = pair_of(device, devices)
        first = taken.setdefault((pair.source, pair.event, pair.target, pair.effect), device)
        if first is not device:
            yield device, first
