# SPDX-License-Identifier: Apache-2.0
"""What of the site file an item of a plan rests on, and what of it changed between two states of the site.

Names, places, parties, the people, the actions allowed on a day and what only the report needs are told when
they change, and no result rests on them. Everything else does: what a device is, how it is wired and reached,
what it hangs on and what hangs on it, and what was agreed for the whole site. A result stands after a change
of the site file only if nothing it rests on changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass, replace
from typing import Any

from yanshou.evidence import site_digests
from yanshou.model import Device, Plan, Site
from yanshou.model.record_fields import record_fields
from yanshou.planning.draws import DRAW_FILE
from yanshou.planning.frozen import freeze
from yanshou.planning.overlays import overlays_of
from yanshou.site import SITE_FILE, parse_target

_KEEPING = frozenset({"seed", "sampling", "redraw", "draws", "overlays", "sample_all", "retest"})
"""Keys of ``[plan]`` about the choice of devices and rows, which the plan holds by itself."""
_CHOOSING = ("seed", "sampling", "sample_all", "retest")
"""Those of them that say which devices are tested: told when they change."""
_FACTS_OF_SITE = ("name", "parties", "laboratory", "operator")
_FACTS_OF_DEVICE = ("name", "location")
_NOT_COMPARED = frozenset({"place"})
_SHOWN_TO_DEVICES = ("code", "realm", "certificate", "key")
"""What a device that registers at the bench sees of it; the address of the bench is another one each day."""
_PLATFORM = "gb28181"
_HIDDEN = "…"
_CREDENTIALS = tuple(
    f".attributes.{name}" for name in ("authorised", "unauthorised", "duress", "payment", "approval")
)
ANSWERS = "answers.toml"
"""The file of written answers, where the site file names no other."""


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """One fact that differs; ``then`` and ``now`` are "" where it was not stated.

    ``rests`` says whether results may rest on it. That a connection or a credential changed is told, never
    how.
    """

    what: str
    then: str
    now: str
    rests: bool


def with_facts(plan: Plan, site: Site) -> Plan:
    """The plan of a first test with what its results rest on in ``parameters``, frozen anew."""
    return freeze(replace(plan, parameters={**plan.parameters, "rests_on": rests_on(site, _others(site))}))


def _others(site: Site) -> dict[str, str]:
    """The digests of the files a run reads beside site file, inventory, draws, written answers and overlays.

    The rows of overlays are frozen by themselves.
    """
    inventory = {one.place.rpartition(":")[0].partition("[")[0] for one in site.devices.values()}
    overlays = {path.name for path in overlays_of(site)}
    answers = str(site.operator.get("answers", ANSWERS))
    known = {SITE_FILE, DRAW_FILE, answers, *inventory, *overlays}
    found = site_digests(site.folder)
    return {name: one for name, one in found.items() if name.rpartition("/")[2] not in known}


def rests_on(site: Site, files: Mapping[str, str]) -> dict[str, Any]:
    """The digests of the facts of a site: ``site`` of the whole, ``devices`` of each device with its kin.

    ``files`` are the digests of further files the run reads (profiles, accepted views), by name. A digest of
    a device covers the device, everything that hangs on it, and everything these hang on or are wired to.
    """
    own = {name: _digest(_device(one) | _registers_at(site, one)) for name, one in site.devices.items()}
    below: dict[str, list[str]] = {}
    for one in site.devices.values():
        below.setdefault(one.parent, []).append(one.id)
    named = {name: frozenset(_named_by(site, one)) for name, one in site.devices.items()}
    whole = {"site": _whole(site), "files": dict(files)}
    return {
        "site": _digest(whole),
        "devices": {
            name: _digest({one: own[one] for one in sorted(_kin(name, below, named))})
            for name in site.devices
        },
        "all": _digest(own),
    }


def stands(device: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether nothing changed that an item on ``device`` rests on; on the site itself it rests on all."""
    if not then or not now or then["site"] != now["site"]:
        return False
    if device in now["devices"] or device in then["devices"]:
        return bool(then["devices"].get(device) == now["devices"].get(device))
    return bool(then["all"] == now["all"])


def changed_facts(then: Site, now: Site) -> tuple[ChangedFact, ...]:
    """What differs between two states of a site, in the order of the site file."""
    old, new = dict(_facts(then)), dict(_facts(now))
    return tuple(
        ChangedFact(name, _printed(name, old.get(name)), _printed(name, new.get(name)), _rests(name))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    )


def _whole(site: Site) -> dict[str, Any]:
    return {
        "attributes": {key: value for key, value in site.attributes.items() if key != "address"},
        "time_zone": site.time_zone,
        "emulated": site.emulated,
        "plan": {key: value for key, value in site.plan.items() if key not in _KEEPING},
        "loopbacks": [[one.relay, one.input, one.contact] for one in site.loopbacks],
        "maintenance": [asdict(one) for one in site.maintenance],
    }


def _device(device: Device) -> dict[str, Any]:
    facts = record_fields(device)
    return {key: value for key, value in facts.items() if key not in {*_FACTS_OF_DEVICE, *_NOT_COMPARED}}


def _registers_at(site: Site, device: Device) -> dict[str, Any]:
    """What a device sees of the bench if it registers there; nothing for any other."""
    if device.connection is None or device.connection.protocol != _PLATFORM:
        return {}
    return {"platform": {key: value for key, value in _platform(site).items() if key in _SHOWN_TO_DEVICES}}


def _platform(site: Site) -> dict[str, Any]:
    own = {} if site.own_platform is None else asdict(site.own_platform)
    return {key: value for key, value in own.items() if key not in _NOT_COMPARED}


def _kin(name: str, below: Mapping[str, Sequence[str]], named: Mapping[str, Iterable[str]]) -> set[str]:
    hanging = _closed({name}, lambda one: below.get(one, ()))
    return _closed(hanging, named.__getitem__)


def _closed(start: set[str], step: Callable[[str], Iterable[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        for other in step(waiting.pop()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _named_by(site: Site, device: Device) -> Iterator[str]:
    """The devices that a device hangs on, is wired to, or names in its attributes."""
    named = [device.parent, *(parse_target(text).board for text in device.wiring.values())]
    if device.connection is not None:
        named += [str(value) for value in device.connection.options.values()]
    for value in device.attributes.values():
        for text in value if isinstance(value, list | tuple) else (value,):
            named += str(text).replace(",", " ").replace(";", " ").split()
    for word in named:
        for name in (word, word.partition("/")[0], word.partition(":")[2], word.partition(":")[0]):
            if name in site.devices:
                yield name


def _facts(site: Site) -> Iterator[tuple[str, object]]:
    for key in _FACTS_OF_SITE:
        yield from _flat(key, getattr(site, key))
    yield "address", site.attributes.get("address")
    yield "allow", sorted(site.allow)
    yield from _flat("", _whole(site))
    yield from _flat(_PLATFORM, _platform(site))
    for key in _CHOOSING:
        yield key, site.plan.get(key)
    yield from _flat("scope", list(site.scope))
    for name, device in site.devices.items():
        facts = asdict(device)
        yield from _flat(f"devices.{name}", {key: facts[key] for key in facts if key not in _NOT_COMPARED})


def _flat(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping) and not name.endswith((".connection", "operator")):
        for key in value:
            yield from _flat(f"{name}.{key}" if name else str(key), value[key])
    elif value is not None:
        yield name, value


def _rests(name: str) -> bool:
    head, _, rest = name.partition(".")
    if head == "devices":
        return rest.partition(".")[2] not in _FACTS_OF_DEVICE
    if head == _PLATFORM:
        return rest.partition(".")[0] in _SHOWN_TO_DEVICES
    return head not in {*_FACTS_OF_SITE, *_CHOOSING, "address", "allow"}


def _printed(name: str, value: object) -> str:
    if value is None:
        return ""
    if name.endswith((".connection", *_CREDENTIALS)) or name.startswith(("operator", f"{_PLATFORM}.key")):
        return _HIDDEN
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _plain(value: object) -> object:
    return record_fields(value) if is_dataclass(value) else str(value)


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()
