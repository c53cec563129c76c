# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the register of a site folder on a day: its text, calibrations, wires and devices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from yanshou.instruments.registry import Instrument, InstrumentRegistry, calibration_on, read_instruments
from yanshou.model import DeviceKind, Site
from yanshou.model.trouble import Mistake, mistake_at
from yanshou.site import SITE_FILE
from yanshou.toml import near

_READ_BY: Mapping[str, str] = MappingProxyType({"supply_current": "multimeter"})
"""The kind of instrument that is read at each role of the wiring."""
_REACHED_AT = frozenset({DeviceKind.INSTRUMENT, DeviceKind.TIME_SERVER})
"""The kinds of device of the inventory at which an instrument is read."""
_OF_TIME = "time_reference"
_BESIDE = re.compile(r"[^/\\]+\.toml")  # a run copies these and freezes them


def register_mistakes(folder: Path, site: Site | None, today: date) -> list[Mistake]:
    """Everything wrong with the register of a site folder on a day.

    Its text, calibration, and its devices.

    It is a hook of ``yanshou.planning.check_site``. Without a site the devices are not checked.
    """
    registry, mistakes = read_instruments(folder)
    known = None if site is None else set(site.devices)
    for instrument in registry.instruments.values():
        mistakes += _out_of_date(instrument, today)
        mistakes += _drawing(instrument, folder)
        if known is not None and instrument.uses and instrument.uses not in known:
            what = f"instrument {instrument.id} uses {instrument.uses}, which is not in the inventory."
            mistakes.append(mistake_at(instrument.place, what, near(instrument.uses, known)))
    if site is not None:
        mistakes += _unregistered(site, registry)
        mistakes += _miswired(site, registry)
        mistakes += _under_test(site, registry)
    return mistakes


def _under_test(site: Site, registry: InstrumentRegistry) -> Iterator[Mistake]:
    """An instrument that is read at a device of the system: it would be compared with itself.

    So is one that bears the id of such a device: without ``uses`` it is read there.
    """
    for instrument in registry.instruments.values():
        device = site.devices.get(instrument.uses or instrument.id)
        elsewhere = not instrument.uses if device is None else device.kind is DeviceKind.INSTRUMENT
        if instrument.kind == _OF_TIME and elsewhere:
            what = f"instrument {instrument.id} is read at no time server of the inventory."
            yield mistake_at(instrument.place, what, 'Name it: uses = "NTP-1".')
            continue
        if device is None or device.attributes.get("clock_role") == "reference":
            continue
        if device.kind not in _REACHED_AT:
            name, kind = instrument.id, device.kind
            what = f"instrument {name} is read at {device.id}, a {kind} of the system under test."
            yield mistake_at(instrument.place, what, "Name the instrument or the time server it is read at.")
        elif device.kind is DeviceKind.TIME_SERVER and instrument.kind != _OF_TIME:
            what = f"instrument {instrument.id} is read at {device.id}, which only gives the time."
            yield mistake_at(instrument.place, what, "Name the instrument it is read at.")


def _unregistered(site: Site, registry: InstrumentRegistry) -> Iterator[Mistake]:
    used = {one.uses or one.id for one in registry.instruments.values()}
    for device in site.of_kind(DeviceKind.INSTRUMENT):
        if device.id not in used:
            remedy = f"Add its [[instrument]] table to {SITE_FILE}, with certificate and due date."
            yield mistake_at(device.place, f"instrument {device.id} is not in the register.", remedy)


def _miswired(site: Site, registry: InstrumentRegistry) -> Iterator[Mistake]:
    """A mistake for a wire to an instrument of another kind than the one read there."""
    for device in site.devices.values():
        for role, kind in _READ_BY.items():
            board = device.wiring.get(role, "").partition("/")[0]
            fitting = {one for name in registry.ids_of(kind) for one in (name, registry.reached_as(name))}
            if board and board not in fitting:
                what = f"{role} of {device.id} is wired to {board}, which is no {kind} of the register."
                remedy = f"Wire it to one of: {', '.join(sorted(fitting)) or 'none is registered'}."
                yield mistake_at(device.place, what, remedy)


def _out_of_date(instrument: Instrument, today: date) -> list[Mistake]:
    gate = calibration_on(instrument, today)
    remedy = "Use another, or have it calibrated; until then what needs it stays untested."
    return [] if gate.ok else [mistake_at(instrument.place, f"{gate.reason}.", remedy)]


def _drawing(instrument: Instrument, folder: Path) -> list[Mistake]:
    """Every mistake in the drawing of a test body."""
    if not instrument.layout:
        return []
    if not _BESIDE.fullmatch(instrument.layout):
        what = f"layout {instrument.layout!r} is no TOML file beside {SITE_FILE}."
        return [mistake_at(instrument.place, what, 'Put it into the site folder: layout = "body.toml".')]
    folder = folder.parent if folder.name == SITE_FILE else folder
    from yanshou.instruments.body_layout import read_layout  # noqa: PLC0415 - brings OpenCV in

    return read_layout(folder / instrument.layout)[1]
