# SPDX-License-Identifier: Apache-2.0
"""Runs the emulated devices of GB/T 28181 of a site in a thread of their own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from threading import Thread
from typing import cast

from yanshou.emulation.gb28181.agent import GbFaults, GbIdentity
from yanshou.emulation.gb28181.channels import POWER_ON_AHEAD_S, GbChannel, GbState
from yanshou.emulation.gb28181.class_a import ClassASide
from yanshou.emulation.gb28181.device import GbDevice
from yanshou.emulation.gb28181.registration import GbTimes
from yanshou.emulation.site.world import World
from yanshou.emulation.starting import start_in
from yanshou.emulation.video.device import Channel
from yanshou.emulation.video.emulation import code_pictures, play_once
from yanshou.emulation.video.faults import StreamFault, behaviour_of
from yanshou.emulation.video.pan_head import PanHead
from yanshou.emulation.video.site_devices import channels_of, recorded, secret_of
from yanshou.model import Device, DeviceKind, OwnPlatform, Site
from yanshou.site.gb28181 import WIRE, registers_with

_REPORT_S = (0.05, 0.15)  # from an alarm to its message
_ALARM_INPUT = "134"
_TAMPER = "2"  # AlarmType of AlarmMethod 2 (annex A.2.5)


class GbSide:
    """The devices of the site whose protocol is gb28181, from ``start`` until ``stop``.

    They keep knocking at the platform's address until somebody is there. Attributes of a device that
    registers: ``keepalive_s``, ``retry_s`` and ``register_expires_s``, the times it is set to.
    """

    def __init__(self, site: Site, world: World) -> None:
        self._site, self._world = site, world
        self._faults = cast("Sequence[StreamFault]", world.faults.faults)
        self._cameras = channels_of(site, self._faults, {})
        own = site.own_platform
        self._devices = {} if own is None else dict(self._made(own))
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="gb28181", daemon=True)
        self._wire_alarms()
        self._wire_lines()

    # -- the part of the site -------------------------------------------------------------------------------

    def start(self) -> None:
        """Code the pictures, and let every device register; raises what goes wrong."""
        self._thread.start()
        start_in(self._loop, self._begin())

    def stop(self) -> None:
        """Let every device log out, and end the thread."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10.0)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=2.0)
        if not self._loop.is_running():
            self._loop.close()

    async def _begin(self) -> None:
        channels = [one for device in self._devices.values() for one in device.state.channels.values()]
        await code_pictures(one.channel for one in channels)
        await play_once(one.recording for one in channels if one.recording is not None)
        for device in self._devices.values():
            device.start()

    async def _end(self) -> None:
        await asyncio.gather(*(device.stop() for device in self._devices.values()))

    # -- the devices ----------------------------------------------------------------------------------------

    def _made(self, own: OwnPlatform) -> Iterator[tuple[str, GbDevice]]:
        for device in self._site.devices.values():
            code = _registers_as(device)
            if code:
                yield code, self._device(device, code, own)

    def _device(self, device: Device, code: str, own: OwnPlatform) -> GbDevice:
        assert device.connection is not None
        options = device.connection.options
        faults = GbFaults(self._world.faults, device.id)
        identity = GbIdentity(
            device.id,
            code,
            secret_of(device.connection) if device.connection.secret else "",
            own.code,
            own.realm,
            (own.host, own.port),
            str(options.get("transport", "udp")),
            int(str(options.get("version", 2022))),
        )
        behaviour = behaviour_of([device.id], self._faults)
        ahead = faults.number("gb_date_ignored", behaviour.clock_offset or POWER_ON_AHEAD_S)
        state = GbState(
            device,
            code,
            self._channels(device, code),
            faults,
            self._world.truth,
            self._site.time_zone,
            {one.id: _code_of(one) for one in self._site.devices.values()},
            ahead,
        )
        return GbDevice(identity, state, _times(device), self._class_a(device, code, own, state))

    def _class_a(self, device: Device, code: str, own: OwnPlatform, state: GbState) -> ClassASide | None:
        """What a device has of GB 35114 whose certificate the site file names, unless it ignores class A."""
        options = device.connection.options if device.connection else {}
        if "certificate" not in options or state.faults.has("gm_plain_digest"):
            return None
        above = (self._site.folder / own.certificate).read_text("ascii") if own.certificate else ""
        return ClassASide(
            device.id,
            code,
            own.code,
            above,
            state.faults,
            lambda: state.local(state.now()),
            form=str(options.get("class_a_form", "")),
        )

    def _channels(self, device: Device, code: str) -> dict[str, GbChannel]:
        found = {
            name: camera
            for name, camera in self._cameras.items()
            if _connected(camera.camera) and registers_with(camera.camera, self._site.devices) == code
        }
        made = (self._channel(camera, found, device, code) for camera in found.values())
        return {one.code: one for one in made}

    def _channel(
        self, camera: Channel, all_of_it: dict[str, Channel], device: Device, code: str
    ) -> GbChannel:
        connection = camera.camera.connection
        if camera.camera.attributes.get("ptz") is True:
            camera = replace(camera, head=PanHead())
        own = str(connection.options.get("channel", code)) if connection else code
        if device.kind is DeviceKind.CAMERA:
            return GbChannel(own, camera)
        now = time.time()
        return GbChannel(own, camera, recorded(camera, all_of_it, device, self._faults, now))

    # -- lines of cameras -----------------------------------------------------------------------------------

    def _wire_lines(self) -> None:
        """A relay in the line of a camera takes it from the recorder or platform it is behind."""
        for host in self._devices.values():
            for channel in host.state.channels.values():
                relay = channel.channel.camera.wiring.get("line")
                if relay and channel.code != host.state.code:
                    self._world.wire_switch(relay, partial(self._cut, host, channel.code))

    def _cut(self, host: GbDevice, code: str, energised: bool, _t: float) -> None:  # noqa: FBT001 - as a Switch
        late = self._world.drawn(*_REPORT_S)
        self._loop.call_soon_threadsafe(partial(host.cut, code, late, gone=energised))

    # -- alarms ---------------------------------------------------------------------------------------------

    def _wire_alarms(self) -> None:
        """An alarm host reports the zones of its panel; a linkage makes its target report the source."""
        devices = self._site.devices
        for host in self._devices.values():
            if host.state.device.kind is DeviceKind.ALARM_LINK:
                zones = [
                    one
                    for one in self._site.of_kind(DeviceKind.ZONE)
                    if one.parent == host.state.device.parent
                ]
                for zone in zones:
                    self._world.on_alarm(zone.id, partial(self._alarm, host, zone, zone.id))
                self._world.truth.listen(partial(self._tampered, host, {one.id: one for one in zones}))
        for linkage in self._site.of_kind(DeviceKind.LINKAGE):
            source = str(linkage.attributes.get("source", ""))
            target = devices.get(str(linkage.attributes.get("target", "")))
            if target is not None and _connected(target):
                host_of = self._devices.get(registers_with(target, devices))
                if host_of is not None:
                    self._world.on_alarm(source, partial(self._alarm, host_of, target, source))

    def _alarm(self, host: GbDevice, named: Device, source: str, active: bool) -> None:  # noqa: FBT001
        """Called in a thread of the world."""
        if not active:
            return
        faults = host.state.faults
        wrong = faults.find("gb_alarm_of", named.id)
        name = self._site.devices[str(wrong.value)] if wrong else named
        late = self._world.duration(faults.find("gb_alarm_late", named.id), *_REPORT_S)
        self._loop.call_soon_threadsafe(host.alarm, self._code(name, host), source, late)

    def _tampered(
        self, host: GbDevice, zones: dict[str, Device], device: str, what: str, _value: object
    ) -> None:
        """Called while the panel holds a lock, so it only queues."""
        if what == "tamper_shown" and device in zones and self._loop.is_running():
            late = self._world.drawn(*_REPORT_S)
            self._loop.call_soon_threadsafe(
                host.alarm, self._code(zones[device], host), device, late, _TAMPER
            )

    def _code(self, device: Device, host: GbDevice) -> str:
        """The code in an alarm: a zone's ``platform_id``, else that of an alarm input of its number."""
        if device.kind is DeviceKind.ZONE:
            if "platform_id" in device.attributes:
                return str(device.attributes["platform_id"])
            code = host.state.code
            return f"{code[:10]}{_ALARM_INPUT}{code[13]}{device.number or 0:06d}"
        return _code_of(device) or host.state.code


def _code_of(device: Device) -> str:
    """The code of a device in the site file; empty if it has none."""
    options = device.connection.options if device.connection else {}
    return str(options.get("channel", options.get("device_id", device.attributes.get("platform_id", ""))))


def _connected(device: Device) -> bool:
    return device.connection is not None and device.connection.protocol == WIRE


def _registers_as(device: Device) -> str:
    """The code by which a device registers itself; empty if it does not."""
    if device.connection is None or device.connection.protocol != WIRE:
        return ""
    return str(device.connection.options.get("device_id", ""))


def _times(device: Device) -> GbTimes:
    usual = GbTimes()

    def stated(name: str, default: float) -> float:
        return float(str(device.attributes.get(name, default)))

    return GbTimes(
        int(stated("register_expires_s", usual.expires)),
        stated("retry_s", usual.retry),
        stated("keepalive_s", usual.keepalive),
    )
