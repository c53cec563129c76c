# SPDX-License-Identifier: Apache-2.0
"""What must hold between the lines of an inventory: parents, wires, links, one place for each device."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from yanshou.model import Device, DeviceKind
from yanshou.model.site import mistake_of
from yanshou.model.trouble import Mistake, mistake_at
from yanshou.site.cells import Target, parse_target
from yanshou.site.linkages import doubled, interfaces_of, pair_mistakes
from yanshou.site.vocabulary import BOARD_KINDS, PARENT_KINDS
from yanshou.toml import TomlText, near
from yanshou.wires import WIRES

_PARTS_OF_ONE = ("account", "alternate", "channel", "device_id", "profile", "receiver", "unit")
"""Options that tell apart devices at one address: a media profile of a camera, a unit on a bus."""
_THIS_COMPUTER = frozenset({"localhost", "::1"})
_NUMBER = (
    "Give it in a column 防区号 or number, as the panel or controller shows it (序号 only counts lines)."
)


@dataclass(frozen=True)
class SameAddress(Mistake):
    """Two devices at one address; a survey reports this mistake as a finding instead of stopping."""


def check_references(
    devices: Mapping[str, Device], listed: Collection[str], toml: TomlText
) -> Iterator[Mistake]:
    """Every broken reference between devices.

    ``listed`` are all ids of the inventory, also those whose own line is wrong: a device that refers to one
    of them is not reported a second time.
    """
    for device in devices.values():
        for what, remedy in _broken(device, devices, listed):
            yield mistake_of(device, what, remedy)
    yield from _alike(devices)
    yield from _doubled_pairs(devices)
    yield from _same_number(devices)
    yield from _same_channel(devices)
    yield from _same_connection(devices, toml)


def _broken(
    device: Device, devices: Mapping[str, Device], listed: Collection[str]
) -> Iterator[tuple[str, str]]:
    yield from _parent(device, devices, listed)
    for role, target in device.wiring.items():
        yield from _wire(role, target, devices, listed)
    for name in interfaces_of(device):
        if name not in listed:
            yield f"interfaces name {name}, which is not in the inventory.", near(name, listed)
    if device.kind is DeviceKind.LINKAGE:
        for end in ("source", "target"):
            yield from _link(device, end, devices, listed)
        if all(str(device.attributes.get(end, "")) in devices for end in ("source", "target")):
            yield from pair_mistakes(device, devices)


def _parent(
    device: Device, devices: Mapping[str, Device], listed: Collection[str]
) -> Iterator[tuple[str, str]]:
    if not device.parent:
        return
    parent = devices.get(device.parent)
    allowed = PARENT_KINDS.get(device.kind)
    if device.parent not in listed:
        yield f"parent {device.parent} is not in the inventory.", near(device.parent, listed)
    elif _in_a_ring(device, devices):
        yield f"hangs on itself by way of {device.parent}.", "Mend the parent column."
    elif parent and allowed and parent.kind not in allowed:
        kinds = " or a ".join(sorted(allowed))
        yield f"hangs on {parent.id}, a {parent.kind}; a {device.kind} hangs on a {kinds}.", "Name that one."
    elif parent and parent.connection and device.number is None and device.kind in {"zone", "door"}:
        yield f"has no number at {parent.id}.", _NUMBER
    elif parent and device.number and device.number > (has := _channels(parent)):
        what = f"its number is {device.number}, but {parent.id} has {has} channels."
        yield what, "Correct the number, or the channels of the recorder."


def _channels(recorder: Device) -> float:
    has = recorder.attributes.get("channels")
    return has if isinstance(has, int) else math.inf


def _in_a_ring(device: Device, devices: Mapping[str, Device]) -> bool:
    seen = {device.id}
    above = device.parent
    while above and above not in seen and above in devices:
        seen.add(above)
        above = devices[above].parent
    return above == device.id


def _wire(
    role: str, text: str, devices: Mapping[str, Device], listed: Collection[str]
) -> Iterator[tuple[str, str]]:
    target = parse_target(text, role)
    board = devices.get(target.board)
    if target.board not in listed:
        what = f"{role} is wired to {text}, but {target.board} is not in the inventory."
        yield what, near(target.board, _boards(devices))
    elif board is None:
        return
    elif board.kind not in BOARD_KINDS:
        yield (
            f"{role} is wired to {text}, but {board.id} is a {board.kind}.",
            near(target.board, _boards(devices)),
        )
    elif target.input and board.kind is not DeviceKind.RELAY_BOARD:
        yield f"{role} is wired to {text}, but only a relay board has inputs.", "Name a relay board."
    elif target.channel is None and board.kind in {DeviceKind.RELAY_BOARD, DeviceKind.READER}:
        yield f"{role} is wired to {text} without a channel.", f"Write {role}={board.id}/0 or {board.id}/di0."


def _boards(devices: Mapping[str, Device]) -> list[str]:
    return [one.id for one in devices.values() if one.kind in BOARD_KINDS]


def _link(
    device: Device, end: str, devices: Mapping[str, Device], listed: Collection[str]
) -> Iterator[tuple[str, str]]:
    name = str(device.attributes.get(end, ""))
    if not name:
        yield f"a linkage needs {end}.", f"Add {end}=… to its attributes."
    elif name not in listed:
        yield f"{end} {name} is not in the inventory.", near(name, devices)


def _doubled_pairs(devices: Mapping[str, Device]) -> Iterator[Mistake]:
    """A pair that stands twice would be fired twice and counted twice."""
    for device, first in doubled(devices):
        what = f"{device.id} links the same as {first.id} ({first.place})."
        yield mistake_at(device.place, what, "Keep one of them, or say which event or effect differs.")


def _alike(devices: Mapping[str, Device]) -> Iterator[Mistake]:
    """Ids that differ only by case are taken for one by people, and by the file names of Windows."""
    taken: dict[str, Device] = {}
    for device in devices.values():
        if (first := taken.setdefault(device.id.casefold(), device)) is not device:
            what = f"{device.id} and {first.id} ({first.place}) differ only by capital letters."
            yield mistake_at(device.place, what, "Give one of them another id.")


def _same_number(devices: Mapping[str, Device]) -> Iterator[Mistake]:
    """Two zones with one number could not be distinguished: one could be taken for the other."""
    taken: dict[tuple[str, str, int], Device] = {}
    for device in devices.values():
        if device.number is None or not device.parent:
            continue
        first = taken.setdefault((device.parent, device.kind, device.number), device)
        if first is not device:
            what = f"{device.id} and {first.id} are both {device.kind} {device.number} of {device.parent}."
            yield mistake_at(device.place, what, "Correct one number.")


def _same_channel(devices: Mapping[str, Device]) -> Iterator[Mistake]:
    taken: dict[Target, tuple[Device, str]] = {}
    for device in devices.values():
        for role, text in device.wiring.items():
            target = parse_target(text)  # RELAY-1/03 is RELAY-1/3
            if target.channel is None:
                continue
            first, first_role = taken.setdefault(target, (device, role))
            if (first, first_role) != (device, role):
                what = f"{device.id} {role} is wired to {text}, where {first.id} {first_role} already is."
                yield mistake_at(device.place, what, "One channel, one wire.")


def _one_spelling(host: str) -> str:
    """A host as it is compared: names do not depend on case, an address has several spellings."""
    name = host.strip("[]").rstrip(".").casefold()
    try:
        address = ipaddress.ip_address("127.0.0.1" if name in _THIS_COMPUTER else name)
    except ValueError:
        return name
    return str(getattr(address, "ipv4_mapped", None) or address)


def _same_connection(devices: Mapping[str, Device], toml: TomlText) -> Iterator[Mistake]:
    """Two cameras at one address: one would be tested twice and the other never."""
    taken: dict[str, Device] = {}
    for device in devices.values():
        link = device.connection
        if link is None or not (link.host or link.path):
            continue
        port = link.port or (WIRES[link.protocol].port if link.protocol in WIRES else None)
        at = f"{_one_spelling(link.host)} {port}" if link.host else link.path
        parts = [(key, str(link.options[key])) for key in _PARTS_OF_ONE if key in link.options]
        place = f"{device.kind} {link.protocol} {at} {parts}"
        first = taken.setdefault(place, device)
        if first is not device:
            line = toml.line("device", device.id, "connection")
            what = f"{device.id} has the same address as {first.id}."
            yield SameAddress(
                toml.name, line, what, "Give each its own; else one is tested twice and one never."
            )
