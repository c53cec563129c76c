# SPDX-License-Identifier: Apache-2.0
"""From the site file to emulated cameras and recorders."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from yanshou.emulation.video.archive import FootageLine, time_line
from yanshou.emulation.video.device import Channel, EmulatedDevice, Lamp, Recording
from yanshou.emulation.video.digest import DigestAccount
from yanshou.emulation.video.faults import Behaviour, StreamFault, StreamTruth, behaviour_of
from yanshou.model.site import Connection, Device, DeviceKind, Site

DEMONSTRATION_PASSWORD = "demo-only"  # noqa: S105 - of emulated devices, known to everybody
"""Password when the environment variable of the site file is not set."""

_WRONG_SUFFIX = "-changed"


def video_devices(site: Site) -> list[Device]:
    """The cameras and recorders that are reached by ONVIF."""
    kinds = (DeviceKind.CAMERA, DeviceKind.RECORDER)
    return [
        device
        for device in site.devices.values()
        if device.kind in kinds and device.connection and device.connection.protocol == "onvif"
    ]


def emulate(
    site: Site,
    faults: Sequence[StreamFault],
    truth: StreamTruth,
    alarm_recording: Callable[[str], bool],
    lamps: Mapping[str, Lamp],
) -> list[EmulatedDevice]:
    """The devices of the site with their faults; UsageError for a fault whose value makes no sense."""
    channels = channels_of(site, faults, lamps)
    return [
        _emulate(device, site, channels, faults, truth, alarm_recording) for device in video_devices(site)
    ]


def channels_of(site: Site, faults: Sequence[StreamFault], lamps: Mapping[str, Lamp]) -> dict[str, Channel]:
    """The cameras of the site by their id, with their faults."""
    return {
        device.id: Channel(device, behaviour_of([device.id], faults), site.time_zone, lamps.get(device.id))
        for device in site.of_kind(DeviceKind.CAMERA)
    }


def _emulate(
    device: Device,
    site: Site,
    channels: Mapping[str, Channel],
    faults: Sequence[StreamFault],
    truth: StreamTruth,
    alarm_recording: Callable[[str], bool],
) -> EmulatedDevice:
    behaviour = behaviour_of([device.id], faults)
    connection = device.connection
    assert connection is not None
    own = {name: channel for name, channel in channels.items() if device.id in (name, channel.camera.parent)}
    recordings: dict[str, Recording] = {}
    if device.kind is DeviceKind.RECORDER:
        now = time.time() + behaviour.clock_offset + behaviour.label_shift
        made = (recorded(channel, own, device, faults, now) for channel in own.values())
        recordings = {recording.token: recording for recording in made}
    return EmulatedDevice(
        device,
        behaviour,
        credentials(connection, behaviour),
        own,
        recordings,
        truth,
        alarm_recording,
        site.time_zone,
        host=connection.host or "127.0.0.1",
        http_port=connection.port or 0,
    )


def recorded(
    channel: Channel,
    channels: Mapping[str, Channel],
    recorder: Device,
    faults: Sequence[StreamFault],
    now: float,
) -> Recording:
    """Recording of a channel; a fault may be planted in the camera or in the recorder.

    The attribute ``keeps_d`` of the recorder says how many days it keeps when nothing is planted.
    """
    behaviour = behaviour_of([recorder.id, channel.token], faults)
    if behaviour.retention_days is None and "keeps_d" in recorder.attributes:
        behaviour = replace(behaviour, retention_days=float(str(recorder.attributes["keeps_d"])))
    footage = _footage(channel, channels, behaviour)
    if behaviour.recorded_resolution is not None:
        footage = replace(
            footage, behaviour=replace(footage.behaviour, resolution=behaviour.recorded_resolution)
        )
    return Recording(channel, time_line(now, behaviour), behaviour, footage)


def _footage(channel: Channel, channels: Mapping[str, Channel], behaviour: Behaviour) -> Channel:
    """The channel that is really recorded: with a wrong one planted, the named one or the next."""
    swapped = behaviour.footage_swapped in ("", channel.token)
    wrong = "" if swapped else channel.behaviour.wrong_channel
    if wrong is None:
        return channel
    order = list(channels)
    return channels.get(wrong) or channels[order[(order.index(channel.token) + 1) % len(order)]]


def credentials(connection: Connection, behaviour: Behaviour) -> DigestAccount:
    """User and password of the site file; an emulated device with a wrong password expects another."""
    password = secret_of(connection)
    if behaviour.wrong_password:
        password += _WRONG_SUFFIX
    return DigestAccount(connection.user, password, behaviour.open_access)


def secret_of(connection: Connection) -> str:
    """The password of the site file, if the environment has it, else that of all emulated devices."""
    secret = connection.secret
    password = os.environ.get(secret.name, "") if secret and secret.kind == "env" else ""
    return password or DEMONSTRATION_PASSWORD


def extent(line: FootageLine, now: float) -> list[list[float]]:
    """Segments as lists, for the truth log."""
    return [[start, end] for start, end in line.segments(now)]
