# SPDX-License-Identifier: Apache-2.0
"""The cameras and recorders that a survey asks, in the form that is sent to the asking host.

A subject states where its password is kept, never the password.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from yanshou.drivers.gb28181.addresses import is_gb28181
from yanshou.model import Connection, Device, DeviceKind, Site

BATCH: Final = 200
_HTTP, _HTTPS = 80, 443


@dataclass(frozen=True, slots=True)
class Subject:
    """One camera or recorder; ``cameras`` are those whose recordings a recorder keeps, by inventory.

    ``same_as`` names the earlier line with the same address.  ``vlan`` names the network only some hosts
    reach (attribute ``vlan``).
    """

    device: Device
    cameras: tuple[str, ...] = ()
    same_as: str = ""

    @property
    def id(self) -> str:
        """Identifier in the inventory."""
        return self.device.id

    @property
    def connection(self) -> Connection | None:
        """How it is reached; None when the site file does not say."""
        link = self.device.connection
        return link if link is not None and link.protocol == "onvif" else None

    @property
    def address(self) -> str:
        """``host:port``, empty without a connection."""
        link = self.connection
        return f"{link.host}:{_port(link)}" if link else ""

    @property
    def recorder(self) -> str:
        """The recorder it belongs to, itself for a recorder; empty for a camera without recorder."""
        return self.id if self.device.kind is DeviceKind.RECORDER else self.device.parent

    @property
    def subnet(self) -> str:
        """The network its address is in: /24 of IPv4, /64 of IPv6, else the host's name."""
        link = self.connection
        if link is None:
            return ""
        try:
            address = ipaddress.ip_address(link.host.partition("%")[0])
        except ValueError:
            return link.host.lower()
        length = 24 if address.version == 4 else 64  # noqa: PLR2004 - the usual camera networks
        return str(ipaddress.ip_network(f"{address}/{length}", strict=False))

    @property
    def place(self) -> str:
        """Its address, with the profile if one is named: channels of a recorder share an address."""
        link = self.connection
        profile = str(link.options.get("profile", "")) if link else ""
        return f"{self.address} {profile}" if profile else self.address

    @property
    def vlan(self) -> str:
        """Label of the network only some hosts reach; empty when any host does."""
        return str(self.device.attributes.get("vlan", ""))


def subjects(site: Site) -> list[Subject]:
    """All cameras and recorders of the inventory, and the platforms that register here, in its order."""
    first: dict[str, str] = {}
    found = []
    for device in site.devices.values():
        if device.kind not in (DeviceKind.CAMERA, DeviceKind.RECORDER) and not _lists_channels(device):
            continue
        own = tuple(one.id for one in site.of_kind(DeviceKind.CAMERA) if one.parent == device.id)
        subject = Subject(device, own if device.kind is DeviceKind.RECORDER else ())
        earlier = first.setdefault(subject.place, device.id) if subject.address else device.id
        found.append(Subject(device, subject.cameras, "" if earlier == device.id else earlier))
    return found


def _lists_channels(device: Device) -> bool:
    """Whether it is a platform that registers at the bench: it is asked for its catalogue."""
    return device.kind is DeviceKind.PLATFORM and is_gb28181(device)


def batches(listed: Sequence[Subject], size: int = BATCH) -> Iterator[tuple[str, list[Subject]]]:
    """(network label, subjects) of at most ``size``.

    A recorder and its cameras stay together while they fit.

    They stay together because the worker that asks a batch limits the questions at once to one recorder.
    """
    for vlan in dict.fromkeys(one.vlan for one in listed):
        batch: list[Subject] = []
        for family in _families(one for one in listed if one.vlan == vlan):
            if batch and len(batch) + len(family) > size:
                yield vlan, batch
                batch = []
            batch += family
            while len(batch) >= size:
                yield vlan, batch[:size]
                batch = batch[size:]
        if batch:
            yield vlan, batch


def _families(listed: Iterable[Subject]) -> list[list[Subject]]:
    families: dict[str, list[Subject]] = {}
    for one in listed:
        families.setdefault(one.recorder or f"alone {one.id}", []).append(one)
    return list(families.values())


def _port(link: Connection) -> int:
    return link.port or (_HTTPS if link.options.get("tls") else _HTTP)
