# SPDX-License-Identifier: Apache-2.0
"""Whether every device of a site answers, and what its clock shows: one request each, nothing moved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yanshou.acquisition import Acquisition
from yanshou.commissioning.called import Called
from yanshou.drivers.alarm_link.dialler import dialler_of
from yanshou.drivers.field.bench import Bench
from yanshou.drivers.gb28181.addresses import is_gb28181
from yanshou.drivers.onvif.camera import OnvifCamera
from yanshou.drivers.onvif.recorder import OnvifRecorder
from yanshou.drivers.platform.link import RestLink
from yanshou.instruments.registry import load_instruments
from yanshou.instruments.scpi import Multimeter
from yanshou.metrology.utc import mislabelled, mislabelled_text
from yanshou.model import Device, DeviceKind, RigFault, Site, UsageError
from yanshou.protocols.ntp import query
from yanshou.site import device_secret


@dataclass(frozen=True, slots=True)
class Reached:
    """What one device answered; ``fault`` says why if it did not."""

    device: Device
    answer: str = ""
    fault: str = ""


def reach(site: Site) -> Iterator[Reached]:
    """Ask each device that has a connection, in inventory order; a fault of one does not stop the others."""
    called = Called(site)
    with Acquisition() as acquisition:
        bench = Bench(site, acquisition)
        for device in site.devices.values():
            if device.connection is None or device.connection.protocol == "manual":
                continue
            yield _asked(site, bench, device, called)


def _asked(site: Site, bench: Bench, device: Device, called: Called) -> Reached:
    try:
        return Reached(device, called.answer(device) if is_gb28181(device) else _ask(site, bench, device))
    except RigFault as fault:
        return Reached(device, fault=f"{fault.what} {fault.remedy}".strip())
    except UsageError as error:
        return Reached(device, fault=str(error))


def _ask(site: Site, bench: Bench, device: Device) -> str:
    connection = device.connection
    assert connection is not None
    match connection.protocol:
        case "onvif":
            return _onvif(site, device)
        case "visa":
            registry = load_instruments(site.folder)
            serial = next(
                (one.serial for one in registry.instruments.values() if device.id in (one.id, one.uses)), ""
            )
            with Multimeter.of(connection, serial) as meter:
                return " ".join(meter.identity)
        case "ntp":
            wait = float(str(connection.options.get("timeout_s", 2.0)))
            answer = query(
                connection.host,
                connection.port or 123,
                samples=2,
                timeout_s=wait,
                device=device.id,
                under_test=True,
            )
            return f"{answer.offset_s:+.3f} s, {answer.state}"
        case "dc09-account":
            return f"reports to {connection.options['receiver']}"
        case "dc09-receiver" if device.kind is DeviceKind.ALARM_RECEIVER:
            return "listens here during a run"
        case "dc09-receiver":
            return dialler_of(site, device).link_test().word
        case "rest":
            return _platform(site, device)
        case _:
            return bench.ask(device.id)


def _platform(site: Site, device: Device) -> str:
    """Whether its service answers; nothing is commanded."""
    link = RestLink.of(site, device, None, _refuse)
    try:
        if not link.answers():
            raise RigFault(
                "its service does not answer.", remedy="Check host, port and `alive` of its profile."
            )
    finally:
        link.close()
    return "its service answers"


def _refuse(effect: str, target: str) -> None:
    raise RigFault(f"{effect} of {target} is no part of a check.")


def _onvif(site: Site, device: Device) -> str:
    """Maker, model and firmware, and the clock compared with this computer's, to the second it shows."""
    assert device.connection is not None
    password = device_secret(site, device.connection)
    made = OnvifRecorder if device.kind is DeviceKind.RECORDER else OnvifCamera
    with made(device, password) as opened:
        identity = " ".join(value for value in opened.identity().values() if value)
        reading = opened.read_clock()
        shown = reading.shown_utc.timestamp() - time.time()
    return f"{identity}  {_offset(shown, reading.zones, site.time_zone)}"


def _offset(seconds: float, zones: tuple[float, ...], time_zone: str) -> str:
    """A clock's offset; if its UTC field holds local time, that is reported instead of an error."""
    ahead = datetime.now(ZoneInfo(time_zone)).utcoffset() or timedelta(0)
    zone = mislabelled(seconds, (*zones, ahead.total_seconds()))
    return f"{seconds:+.0f} s" if zone is None else mislabelled_text(seconds, zone)
