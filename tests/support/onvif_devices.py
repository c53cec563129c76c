# SPDX-License-Identifier: Apache-2.0
"""Drivers of the emulated cameras and recorder of ``video_bench``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.support.patience import HUNG_S
from yanshou.drivers.onvif.camera import OnvifCamera
from yanshou.drivers.onvif.recorder import OnvifRecorder
from yanshou.model import Connection, Device, DeviceKind, System
from yanshou.model.recording import RecordedChannel


def device(site: Any, name: str, **options: object) -> Device:
    host, port = site.soap(name)
    kind = DeviceKind.RECORDER if name.startswith("NVR") else DeviceKind.CAMERA
    connection = Connection("onvif", host, port, options={"timeout_s": HUNG_S} | options, user="admin")
    return Device(name, kind, System.VIDEO, name, connection=connection)


def camera(site: Any, name: str = "CAM-1", password: str = "demo-only", **options: object) -> OnvifCamera:
    return OnvifCamera(device(site, name, **options), password)


def recorder(site: Any, **options: object) -> OnvifRecorder:
    return OnvifRecorder(device(site, "NVR-1", **options), "demo-only")


def of(channels: Iterable[RecordedChannel], source: str) -> RecordedChannel:
    return next(channel for channel in channels if channel.source == source)
