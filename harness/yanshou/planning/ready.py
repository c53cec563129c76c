# SPDX-License-Identifier: Apache-2.0
"""What a site needs before a run can begin; ``check``, ``plan`` and ``run`` all ask this."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from yanshou.model import Device, DeviceKind, Site
from yanshou.model.person import names_somebody
from yanshou.model.site import mistake_of
from yanshou.model.trouble import Mistake
from yanshou.site import SITE_FILE, pairs_of, unseen
from yanshou.toml import read_toml
from yanshou.wires import WIRES

NAMELESS = "operator: name is missing; nobody would sign what is answered and released."
NAME_IT = 'Add name = "…" to [operator]: the person who tests.'

_TRIGGERED = frozenset({DeviceKind.ZONE, DeviceKind.PANEL, DeviceKind.DOOR, DeviceKind.GATE})
_CLOCK_BY_HTTP = "isapi"
_HANG = {DeviceKind.ZONE: "panel", DeviceKind.DOOR: "door controller"}


def ready_mistakes(site: Site) -> list[Mistake]:
    """Everything that would stop a run and can be found without touching a wire."""
    return [
        *_people(site),
        *_meters(site),
        *_unseen(site),
        *_days(site),
        *(one for device in site.devices.values() for one in _device(device)),
    ]


def nameless(site: Site) -> Mistake | None:
    """A mistake if a real site names nobody who tests it, else None."""
    scripted = site.operator.get("backend") == "scripted"
    if site.emulated or scripted or names_somebody(str(site.operator.get("name", ""))):
        return None
    return Mistake(SITE_FILE, read_toml(site.folder / SITE_FILE, []).line("operator"), NAMELESS, NAME_IT)


def _people(site: Site) -> Iterator[Mistake]:
    """A mistake if something is released or triggered and nobody is named.

    Camera measurements need nobody.
    """
    triggered = any(device.kind in _TRIGGERED for device in site.devices.values())
    if (site.allow or triggered) and (mistake := nameless(site)) is not None:
        yield mistake


def _unseen(site: Site) -> Iterator[Mistake]:
    """Mistakes of designed pairs whose effect nobody on the bench can see."""
    for pair in pairs_of(site):
        if (wrong := unseen(pair, site.devices)) is not None:
            yield mistake_of(pair.device, *wrong)


def _days(site: Site) -> Iterator[Mistake]:
    """Mistakes of devices that are put into use only later: no recording would be due from them before."""
    today = datetime.now(ZoneInfo(site.time_zone)).date().isoformat()
    for device in site.devices.values():
        if str(day := device.attributes.get("commissioned", "")) > today:
            what = f"commissioned = {day} is still to come."
            yield mistake_of(device, what, "Write the day it was put into use.")


def _meters(site: Site) -> Iterator[Mistake]:
    """Mistakes of meters in the supply of a panel.

    A meter is read over its connection, or over that of the device named by ``uses``.
    """
    entries = read_toml(site.folder / SITE_FILE, []).data.get("instrument", [])
    known = [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []
    uses = {str(one.get("id")): str(one["uses"]) for one in known if one.get("uses")}
    names = {name: one.id for one in site.devices.values() if (name := one.wiring.get("supply_current"))}
    for name, panel in names.items():
        meter = site.devices.get(uses.get(name, name))
        if meter is not None and meter.connection is None:
            what = f"has no connection, and the supply current of {panel} is read over it."
            remedy = f'Add [device.{meter.id}] connection = {{ protocol = "visa", path = "…" }}.'
            yield mistake_of(meter, what, remedy)


def _device(device: Device) -> Iterator[Mistake]:
    link = device.connection
    spoken = link is not None and WIRES[link.protocol].by_profile and device.kind is not DeviceKind.INSTRUMENT
    if spoken and not device.profile and not _clock_alone(device):
        yield mistake_of(device, "is connected, but has no profile.", "Name the profile of its model.")
    if device.kind in _HANG and not device.parent:
        above = _HANG[device.kind]
        yield mistake_of(device, f"has no parent: which {above} shows it?", "Give the column parent (上级).")


def _clock_alone(device: Device) -> bool:
    """Whether only the clock is read, by a request that is the same for all devices of this wire."""
    link = device.connection
    return link is not None and link.protocol == _CLOCK_BY_HTTP and "clock_role" in device.attributes
