# SPDX-License-Identifier: Apache-2.0
"""Which links report to which receiver of the bench, by the site file; opens nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from yanshou.model import Device, DeviceKind, Site, UsageError
from yanshou.model.site import mistake_of
from yanshou.model.trouble import Mistake
from yanshou.protocols.dc09.keys import KEY_LENGTHS
from yanshou.site import device_secret
from yanshou.site.secrets import DEMO_PASSWORD

RECEIVER = "dc09-receiver"
ACCOUNT = "dc09-account"
DC09_PORT = 12000


def receivers_of(site: Site) -> list[Device]:
    """The receivers of the bench, in inventory order: the first is path 1."""
    return [one for one in site.of_kind(DeviceKind.ALARM_RECEIVER) if _protocol(one) == RECEIVER]


def links_of(site: Site) -> list[Device]:
    """The alarm links that report to a receiver of the bench."""
    return [one for one in site.of_kind(DeviceKind.ALARM_LINK) if _protocol(one) == ACCOUNT]


def address_of(device: Device) -> tuple[str, int]:
    """Host and port of a DC-09 receiver."""
    assert device.connection is not None
    return device.connection.host, device.connection.port or DC09_PORT


def key_of(site: Site, device: Device) -> bytes:
    """The AES key of a link, empty without one; an emulated site without it uses a public key."""
    assert device.connection is not None
    text = device_secret(site, device.connection)
    if text == DEMO_PASSWORD:
        return hashlib.sha256(text.encode()).digest()[:16]
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b"?"
    if text and len(key) not in KEY_LENGTHS:
        raise UsageError(
            [mistake_of(device, "its key is none.", "A key has 32, 48 or 64 hexadecimal digits.")]
        )
    return key


def receiver_mistakes(site: Site) -> Iterator[Mistake]:
    """Mistakes in links and receivers, found without listening anywhere."""
    known = {device.id for device in receivers_of(site)}
    taken: dict[int, Device] = {}
    for link in links_of(site):
        for role in ("receiver", "alternate"):
            name = str(options_of(link).get(role, ""))
            if name and name not in known:
                names = ", ".join(sorted(known)) or "none"
                yield mistake_of(link, f"its {role} {name} is no alarm_receiver.", f"Receivers: {names}.")
        stated = [options_of(link).get(role) for role in ("receiver", "alternate")]
        if stated[0] and stated[0] == stated[1]:
            what = f"its receiver and its alternate are {stated[0]}: two paths to one address are one."
            yield mistake_of(link, what, "Name another alternate, or leave it out.")
        poll, limit = (link.quantity(name, "s", 0.0) for name in ("poll_s", "supervision_s"))
        if poll and limit and limit <= poll:
            what = f"supervision_s = {limit:g} ends before the next poll is due (poll_s = {poll:g})."
            yield mistake_of(link, what, "Correct one of them.")
        account = str(options_of(link).get("account", ""))
        if not account:
            yield mistake_of(link, "its connection has no account.", 'Add account = "…".')
            continue
        first = taken.setdefault(int(account, 16), link)
        if first is not link:
            yield mistake_of(link, f"has the account of {first.id}.", "Give each link its own.")
        if link.connection is not None and link.connection.secret is not None:
            yield from _key_mistakes(site, link)


def _key_mistakes(site: Site, link: Device) -> Iterator[Mistake]:
    try:
        key_of(site, link)
    except UsageError as error:
        # a missing key is reported elsewhere
        yield from (one for one in error.mistakes if "its key is none" in one.what)


def options_of(device: Device) -> Mapping[str, object]:
    """The other options of its connection."""
    return device.connection.options if device.connection else {}


def _protocol(device: Device) -> str:
    return device.connection.protocol if device.connection else ""
