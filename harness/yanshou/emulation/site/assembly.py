# SPDX-License-Identifier: Apache-2.0
"""Puts the emulated site together from the site folder: devices, wires, and the lines they answer on."""

from __future__ import annotations

import logging
import os
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Protocol

from yanshou.emulation.access.contact_face import ContactFace
from yanshou.emulation.access.door import SHAKEN, EmulatedDoorController
from yanshou.emulation.access.gate import EmulatedGate
from yanshou.emulation.access.injector import Entrance, Injector, ReaderLines
from yanshou.emulation.access.onvif_device import PASSWORD
from yanshou.emulation.access.onvif_door import OnvifDoorDevice, OnvifUnit
from yanshou.emulation.access.osdp_port import DEMO_KEY, CableEnd, OsdpPort, TcpEnd, readers_of
from yanshou.emulation.access.wiegand import WiegandInjector
from yanshou.emulation.bench.linkage import Linkage
from yanshou.emulation.bench.multimeter import EmulatedMultimeter
from yanshou.emulation.bench.ntp import NtpServer
from yanshou.emulation.bench.onvif_platform import OnvifPlatform
from yanshou.emulation.bench.platform import EmulatedPlatform
from yanshou.emulation.bench.relay_board import RelayBoard
from yanshou.emulation.bench.screen import Screens
from yanshou.emulation.dc09 import ClientReceiver, Communicator
from yanshou.emulation.faults import Fault, FaultBook
from yanshou.emulation.link_behaviour import LinkBehaviour
from yanshou.emulation.messages.isapi import IsapiHost
from yanshou.emulation.messages.panels import SpeakingPanel, speaking
from yanshou.emulation.messages.reported import ReportedImage
from yanshou.emulation.modbus.rtu import RtuLine, rtu_port
from yanshou.emulation.modbus.tcp import EmulatedStation, TcpPort
from yanshou.emulation.modbus.unit import ModbusUnit
from yanshou.emulation.panel.panel import EmulatedPanel
from yanshou.emulation.panel.power import TROUBLES
from yanshou.emulation.panel.zone import EmulatedZone
from yanshou.emulation.profile import EmulatedProfile, load_profile
from yanshou.emulation.serial_line import Pace, SerialLine
from yanshou.emulation.site.truth import Truth
from yanshou.emulation.site.video_side import VideoSide
from yanshou.emulation.site.world import Switch, World
from yanshou.model import Connection, Device, DeviceKind, Loopback, Site, UsageError
from yanshou.site import SITE_FILE

_LOG = logging.getLogger(__name__)
_VISA_SOCKET = re.compile(r"TCPIP\d*::(?P<host>[^:]+)::(?P<port>\d+)::SOCKET", re.IGNORECASE)
_RTU_OVER_TCP = "modbus-rtu-over-tcp"
_OSDP = frozenset({"osdp-serial", "osdp-tcp"})
_VIDEO = frozenset({DeviceKind.CAMERA, DeviceKind.RECORDER})
_MODBUS = frozenset({"modbus-tcp", "modbus-rtu", _RTU_OVER_TCP})


class Part(Protocol):
    """Something that takes an address when started and releases it when stopped."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


class SiteEmulation:
    """The whole emulated site.

    ``start`` returns when every port answers; it raises RigFault if an address is not available, and then
    leaves nothing open. ``stop`` may be called at any time, also twice.
    """

    def __init__(self, site: Site, faults: tuple[Fault, ...], truth: Truth, *, video: bool = True) -> None:
        _refuse_real(site)
        self.site = site
        self.truth = truth
        self.world = World(FaultBook(faults), truth)
        self._controllers: list[EmulatedDoorController] = []
        self._units: dict[str, ModbusUnit] = {}
        self._parts = list(self._assemble(video=video))
        self._started: list[Part] = []

    def start(self) -> None:
        """Open every address and start the clockwork."""
        self.world.clockwork.start()
        try:
            for part in self._parts:
                self._started.append(part)
                part.start()
        except BaseException:
            self.stop()
            raise
        self.truth.write(self.site.id, "ready")

    def stop(self) -> None:
        """Close every address, all at once; the clockwork first, so that nothing happens any more."""
        self.world.clockwork.stop()
        parts, self._started = self._started, []
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda part: part.stop(), parts))
        self.truth.close()

    # -- the parts ------------------------------------------------------------------------------------------

    def _assemble(self, *, video: bool) -> Iterator[Part]:
        stations = {device.id: self._station(device) for device in self._speaking(_MODBUS)}
        wired = ((DeviceKind.GATE, EmulatedGate), (DeviceKind.CAMERA, Screens))
        for kind, build in wired:
            for device in self.site.of_kind(kind):
                build(device, self.world)  # kept alive by the wires it put in
        for device in self.site.of_kind(DeviceKind.LINKAGE):
            Linkage(device, self.world, self.site.devices)
        for loop in self.site.loopbacks:
            _wire_back(loop, self.world)
        yield from self._tcp_ports(stations)
        yield from self._message_panels()
        yield from self._isapi_controllers()
        yield from self._onvif_controllers()
        if sys.platform == "win32":
            _LOG.warning("serial lines are not emulated: this system has no pseudo-terminals")
        else:
            yield from self._rtu_lines(stations)
            yield from self._injectors()
        yield from self._osdp_ports()
        yield from self._instruments()
        yield from self._alarm_links()
        for device in self._speaking(frozenset({"rest"})):
            yield EmulatedPlatform(device, self.site, self.world)
        yield from self._registering()
        for device in self.site.of_kind(DeviceKind.PLATFORM):
            if device.connection is not None and device.connection.protocol == "onvif":
                yield OnvifPlatform(device, self.site, self.world, _account(device.connection))
        yield from self._video() if video else ()

    def _speaking(self, protocols: frozenset[str]) -> Iterator[Device]:
        for device in self.site.devices.values():
            if device.connection and device.connection.protocol in protocols:
                yield device

    def _profile(self, device: Device) -> EmulatedProfile:
        if not device.profile:
            raise UsageError(
                f"{device.id} has no profile.", "Give it one in its device table.", path=device.place
            )
        return load_profile(device.profile, self.site.folder)

    def _station(self, device: Device) -> EmulatedStation:
        unit = self._units[device.id] = ModbusUnit(self._profile(device), self.world.lock)
        build = {
            "relay_board": self._relay_board,
            "alarm_panel": self._modbus_panel,
            "door_controller": self._door_controller,
        }.get(unit.profile.device_class)
        if build is None:
            what = f"{device.id} is a {unit.profile.device_class}, which is not emulated on Modbus."
            raise UsageError(
                what, "Use a relay_board, alarm_panel or door_controller profile.", path=device.place
            )
        behaviour = LinkBehaviour(device.id, self.world.faults, self.truth)
        build(device, unit, behaviour)
        return EmulatedStation(unit, behaviour)

    def _relay_board(self, device: Device, unit: ModbusUnit, _behaviour: LinkBehaviour) -> None:
        RelayBoard(device.id, unit, self.world)

    def _children(self, kind: DeviceKind, parent: Device) -> list[Device]:
        return [device for device in self.site.of_kind(kind) if device.parent == parent.id]

    def _modbus_panel(self, device: Device, unit: ModbusUnit, behaviour: LinkBehaviour) -> None:
        self._panel(device, unit, behaviour)

    def _message_panels(self) -> Iterator[Part]:
        """Panels with messages, and those that are only reached by contacts."""
        for device in self.site.of_kind(DeviceKind.PANEL):
            connection = device.connection
            if connection is not None and (connection.protocol in _MODBUS or not device.profile):
                continue
            if not device.profile or (sys.platform == "win32" and connection and connection.path):
                continue
            profile = self._profile(device)
            image = ReportedImage(profile)
            unit = ModbusUnit(profile, self.world.lock, image)
            behaviour = LinkBehaviour(device.id, self.world.faults, self.truth)
            panel = self._panel(device, unit, behaviour)
            zones = self._children(DeviceKind.ZONE, device)
            if connection is None:
                ContactFace(device, zones, unit, panel, self.world)
                continue
            place = self._line(device, connection.path) if connection.path else _address(device)
            yield speaking(SpeakingPanel(device, zones, unit, behaviour), place, self.world)

    def _isapi_controllers(self) -> Iterator[Part]:
        """Door controllers that give their time; they accept whatever password the site file names."""
        for device in self.site.of_kind(DeviceKind.DOOR_CONTROLLER):
            if device.connection is None or device.connection.protocol != "isapi":
                continue
            behaviour = LinkBehaviour(device.id, self.world.faults, self.truth)
            host = IsapiHost(_address(device), device.id, self.world, behaviour)
            secret = device.connection.secret
            host.password = os.environ.get(secret.name if secret else "", "") or host.password
            yield host

    def _onvif_controllers(self) -> Iterator[Part]:
        """Door controllers with the services of ONVIF Profile A and C."""
        for device in self.site.of_kind(DeviceKind.DOOR_CONTROLLER):
            at = device.connection
            if at is None or at.protocol != "onvif":
                continue
            unit = OnvifUnit(len(self._children(DeviceKind.DOOR, device)), self.world)
            self._door_controller(device, unit, LinkBehaviour(device.id, self.world.faults, self.truth))
            yield OnvifDoorDevice(device, self._controllers[-1], unit, _account(at))

    def _panel(self, device: Device, unit: ModbusUnit, behaviour: LinkBehaviour) -> EmulatedPanel:
        zones = self._children(DeviceKind.ZONE, device)
        supplies = tuple(one.id for one in self._children(DeviceKind.POWER_SUPPLY, device))
        panel = EmulatedPanel(device, unit, self.world, zones, self.site.time_zone, supplies)
        behaviour.live_while(lambda: panel.power.alive)
        for zone, wired in zip(panel.zones, zones, strict=True):
            for role, act in panel.circuits().items():
                self._switch(wired, role, partial(_at_zone, act, zone))
            self.world.provide(zone.id, SHAKEN, partial(panel.shaken, zone))
        if siren := device.wiring.get("siren"):
            self.world.provide(device.id, "siren", lambda on: self.world.drive(siren, active=on))
        for role in TROUBLES:
            self._switch(device, role, partial(panel.power.relay, role))
        return panel

    def _switch(self, device: Device, role: str, switch: Switch) -> None:
        wrong = self.world.faults.find("loop_wired_to", device.id) if role == "loop" else None
        if channel := str(wrong.value) if wrong else device.wiring.get(role):
            self.world.wire_switch(channel, switch)

    def _door_controller(self, device: Device, unit: ModbusUnit, behaviour: LinkBehaviour) -> None:
        doors = self._children(DeviceKind.DOOR, device)
        controller = EmulatedDoorController(device, unit, self.world, doors, self.site.time_zone)
        behaviour.live_while(lambda: controller.alive)
        self._controllers.append(controller)
        self._wire(device, "fire", controller.fire_signal)
        self._wire(device, "link", controller.host_link)
        for effect in ("lock_release", "fire_release"):
            for door in controller.doors:
                self.world.provide(door.id, effect, partial(controller.linked, door))
            self.world.provide(device.id, effect, controller.all_linked)
        readers = {one.number: one for one in self._children(DeviceKind.READER, device)}
        for door, wired in zip(controller.doors, doors, strict=True):
            self._wire(wired, "contact", partial(controller.contact, door))
            self._wire(wired, "exit", partial(controller.exit_button, door))
            self._wire(wired, "mains", partial(controller.lock_mains, door))
            if reader := readers.get(door.number):
                self._wire(reader, "tamper", partial(controller.reader, door))
                self._wire(reader, "line", partial(controller.reader_line, door))

    def _wire(self, device: Device, role: str, opens: Callable[..., None]) -> None:
        """An energised relay opens the circuit: at rest it is the original one."""
        if channel := device.wiring.get(role):
            self.world.wire_switch(channel, lambda energised, t: opens(t, opened=energised))

    def _tcp_ports(self, stations: dict[str, EmulatedStation]) -> Iterator[Part]:
        ports: dict[tuple[str, int], list[Device]] = defaultdict(list)
        for device in self._speaking(frozenset({"modbus-tcp"})):
            ports[_address(device)].append(device)
        for (host, port), devices in ports.items():
            yield TcpPort(host, port, _by_unit(devices, stations), devices[0].id)
        for device in self._speaking(frozenset({_RTU_OVER_TCP})):
            yield rtu_port(_address(device), device.id, _by_unit([device], stations), self.world)

    def _rtu_lines(self, stations: dict[str, EmulatedStation]) -> Iterator[Part]:
        lines: dict[str, list[Device]] = defaultdict(list)
        for device in self._speaking(frozenset({"modbus-rtu"})):
            lines[_connection(device).path].append(device)
        for path, devices in lines.items():
            yield RtuLine(self._line(devices[0], path), _by_unit(devices, stations), self.world)

    def _line(self, device: Device, path: str) -> SerialLine:
        link = self.site.folder / path
        if Path(path).is_absolute() or ".." in Path(path).parts:
            what = f"{device.id}: {path} is outside the site folder; an emulated line is not put there."
            raise UsageError(what, "Give a path relative to the site folder.", path=device.place)
        return SerialLine(link, device.id, Pace.of(_connection(device)))

    def _injectors(self) -> Iterator[Part]:
        for device in self._speaking(frozenset({"serial-line"})):
            if device.kind is DeviceKind.PANEL:
                continue
            line, profile = self._line(device, _connection(device).path), self._profile(device)
            if any("{bits}" in command.send for command in profile.commands):
                lines = ReaderLines(device, dict(self._entrances(device)), self.world)
                yield WiegandInjector(device, line, lines, self.world)
            else:
                yield Injector(device, profile, line, dict(self._entrances(device)), self.world)

    def _osdp_ports(self) -> Iterator[Part]:
        """Each line of OSDP readers that the bench takes the place of, with the listeners on it."""
        for device in self._speaking(_OSDP):
            entrances = dict(self._entrances(device))
            if self._profile(device).device_class != "credential_injector":
                continue
            doors = {number: one.door.id for number, one in entrances.items()}
            controller = next((one.controller.device for one in entrances.values()), "")
            readers = readers_of(doors, _osdp_key(_connection(device)), self.world, controller)
            wired = [self.site.devices[door].wiring.get("reader_line", "") for door in doors.values()]
            names = {text.partition("/")[0] for text in wired if "/di" not in text} - {""}
            ends = self._end(device), [self._end(self.site.devices[name]) for name in sorted(names)]
            lines = ReaderLines(device, entrances, self.world)
            known = [str(value) for value in device.attributes.values()]
            yield OsdpPort(device.id, ends, readers, known, lines.present, self.world)

    def _end(self, device: Device) -> CableEnd:
        connection = _connection(device)
        return self._line(device, connection.path) if connection.path else TcpEnd(_address(device))

    def _entrances(self, injector: Device) -> Iterator[tuple[int, Entrance]]:
        for controller in self._controllers:
            for door in controller.doors:
                for role in ("reader", "reader_out"):
                    reader, _, number = self.site.devices[door.id].wiring.get(role, "").partition("/")
                    if reader == injector.id and number.isdecimal():
                        yield int(number), Entrance(controller, door, leaving=role == "reader_out")

    def _instruments(self) -> Iterator[Part]:
        for device in self._speaking(frozenset({"ntp"})):
            yield NtpServer(device.id, *_address(device), self.world)
        for device in self._speaking(frozenset({"visa"})):
            if match := _VISA_SOCKET.fullmatch(_connection(device).path):
                address = (match["host"], int(match["port"]))
                yield EmulatedMultimeter(
                    device.id, address, self._identity(device.id), self._measured_by(device), self.world
                )

    def _alarm_links(self) -> Iterator[Part]:
        for device in self.site.of_kind(DeviceKind.ALARM_LINK):
            match device.connection.protocol if device.connection else "":
                case "dc09-account":
                    yield Communicator(device, self.site, self.world, self._units.get(device.parent))
                case "dc09-receiver":
                    yield ClientReceiver(device, self.site, self.world)

    def _measured_by(self, meter: Device) -> tuple[str, ...]:
        return tuple(d.id for d in self.site.devices.values() if d.wiring.get("supply_current") == meter.id)

    def _identity(self, device: str) -> str:
        """What ``*IDN?`` answers: the maker, model and serial number of the register of instruments."""
        tables = tomllib.loads((self.site.folder / SITE_FILE).read_text(encoding="utf-8-sig")).get(
            "instrument", []
        )
        entry: dict[str, object] = next((table for table in tables if table.get("id") == device), {})
        return ",".join(str(entry.get(key, "")) for key in ("maker", "model", "serial")) + ",1.00"

    def _video(self) -> Iterator[Part]:
        if any(one.kind in _VIDEO for one in self._speaking(frozenset({"onvif"}))):
            yield VideoSide(self.site, self.world)

    def _registering(self) -> Iterator[Part]:
        """Devices that register at the bench by GB/T 28181."""
        if any(self._speaking(frozenset({"gb28181"}))):
            from yanshou.emulation.gb28181.side import GbSide  # noqa: PLC0415 - its codecs take a while to load

            yield GbSide(self.site, self.world)


def _at_zone(
    act: Callable[[EmulatedZone, float, bool], None],
    zone: EmulatedZone,
    energised: bool,  # noqa: FBT001
    t: float,
) -> None:
    """Wire a relay of the bench into a circuit of ``zone``: energised, it disturbs the circuit."""
    act(zone, t, energised)


def _wire_back(loop: Loopback, world: World) -> None:
    """Wire a relay's contact to an input: closed by the energised relay (NO), or opened by it (NC)."""
    closes = loop.contact == "NO"
    world.wire_switch(loop.relay, lambda energised, _t: world.drive(loop.input, active=energised is closes))
    world.drive(loop.input, active=not closes)


def _refuse_real(site: Site) -> None:
    """Refuse a real site: an emulation would take over the addresses and serial ports of real devices."""
    if not site.emulated:
        what, remedy = (
            "the rig of this site is real; it is not emulated.",
            'Copy the site and set rig = "emulated".',
        )
        raise UsageError(what, remedy, path=site.folder / SITE_FILE)


def _account(at: Connection) -> tuple[str, str]:
    """User and password of an ONVIF device: that of the environment, else the published one; none if open."""
    kept = os.environ.get(at.secret.name, "") if at.secret else ""
    return (at.user, kept or PASSWORD) if at.user else ("", "")


def _connection(device: Device) -> Connection:
    assert device.connection is not None  # required by the protocol
    return device.connection


def _osdp_key(connection: Connection) -> bytes | None:
    """The key of its readers: that of the environment, else the published one of emulated sites."""
    if connection.secret is None:
        return None
    kept = os.environ.get(connection.secret.name, "") if connection.secret.kind == "env" else ""
    return bytes.fromhex(kept) if kept else DEMO_KEY


def _address(device: Device) -> tuple[str, int]:
    connection = _connection(device)
    if connection.port is None:
        raise UsageError(f"{device.id} has no port.", "Give its connection a port.", path=Path(device.place))
    return connection.host or "127.0.0.1", connection.port


def _by_unit(devices: list[Device], stations: dict[str, EmulatedStation]) -> dict[int, EmulatedStation]:
    return {int(str(_connection(device).options.get("unit", 1))): stations[device.id] for device in devices}
