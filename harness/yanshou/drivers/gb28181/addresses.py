# SPDX-License-Identifier: Apache-2.0
"""Who registers at the bench, and by which codes a device of the inventory is asked; opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from yanshou.model import Device, RigFault, Site
from yanshou.site import device_secret
from yanshou.site.gb28181 import WIRE

if TYPE_CHECKING:
    from yanshou.acquisition.sip_platform import SipDevice

LATEST = 2022


@dataclass(frozen=True, slots=True)
class GbAddress:
    """How a device is reached: ``registrant`` registers (itself, or the recorder or platform it is behind).

    ``code`` are the 20 digits of the registrant, ``channel`` those of the device itself. ``host``: where it
    is expected to call from, empty if not stated. ``transport`` of its media: ``udp`` or ``tcp``.
    ``class_a``: the laboratory has its certificate (GB 35114), by which it has to prove itself.
    """

    device: Device
    registrant: Device
    code: str
    channel: str
    version: int
    transport: str
    host: str
    class_a: bool = False

    @property
    def names_version(self) -> bool:
        """Whether its edition has a REGISTER name the version of the protocol (from 2022 on)."""
        return self.version >= LATEST


def is_gb28181(device: Device) -> bool:
    """Whether the site file connects the device by GB/T 28181."""
    return device.connection is not None and device.connection.protocol == WIRE


def address_of(site: Site, device: Device) -> GbAddress:
    """How the device is reached; a final RigFault if the site file does not connect it by GB/T 28181."""
    if device.connection is None or not is_gb28181(device):
        raise RigFault(
            "is not connected by GB/T 28181.",
            device=device.id,
            remedy=f'Give it a connection of the protocol "{WIRE}", or test it by hand.',
            final=True,
        )
    connection = device.connection
    above = site.devices.get(device.parent)
    own = str(connection.options.get("device_id", ""))
    registrant = device if own or above is None else above
    options = registrant.connection.options if registrant.connection else {}
    code = str(options.get("device_id", ""))
    return GbAddress(
        device,
        registrant,
        code,
        str(connection.options.get("channel", own or code)),
        int(str(connection.options.get("version", options.get("version", LATEST)))),
        str(connection.options.get("transport", options.get("transport", "udp"))),
        registrant.connection.host if registrant.connection else "",
        bool(options.get("certificate")),
    )


def registrants_of(site: Site) -> list[Device]:
    """The devices that register at the bench, in inventory order."""
    addressed = (address_of(site, one) for one in site.devices.values() if is_gb28181(one))
    return [one.device for one in addressed if one.registrant is one.device]


def behind(site: Site, registrant: Device) -> list[GbAddress]:
    """The devices of the inventory that are reached through this one, itself left out."""
    addressed = (address_of(site, one) for one in site.devices.values() if is_gb28181(one))
    return [one for one in addressed if one.registrant is registrant and one.device is not registrant]


def accounts_of(site: Site) -> list[SipDevice]:
    """What the platform has to know of each registrant; its password comes from where the site file says."""
    from yanshou.acquisition.sip_platform import SipDevice  # noqa: PLC0415 - a search of the network does without

    return [
        SipDevice(
            one.id,
            address_of(site, one).code,
            device_secret(site, one.connection) if one.connection else "",
            *_certificate(site, one),
        )
        for one in registrants_of(site)
    ]


def _certificate(site: Site, device: Device) -> tuple[str, str]:
    if not address_of(site, device).class_a:
        return "", ""
    from yanshou.drivers.gb28181.certificates import device_certificate  # noqa: PLC0415 - brings an extra

    return device_certificate(site, device)
