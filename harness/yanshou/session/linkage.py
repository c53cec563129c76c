# SPDX-License-Identifier: Apache-2.0
"""A designed linkage: a source zone and the camera whose alarm recording it must start."""

from __future__ import annotations

from dataclasses import dataclass

from yanshou.drivers.capabilities import Recorder
from yanshou.model import Device, Instant
from yanshou.session.intrusion import Panel, Zone
from yanshou.session.trail import Trail


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """One row of the linkage matrix."""

    device: Device
    zone: Zone
    panel: Panel
    recorder: Recorder
    camera: str
    trail: Trail
    patience: float

    def recording(self) -> bool:
        """Whether the alarm recording of the designed camera is running already."""
        return self.recorder.is_recording(self.camera)

    def wait_recording(self, *, since: Instant) -> Instant | None:
        """When the alarm recording of the designed camera began."""
        seen = self.recorder.wait_recording(self.camera, since=since, within=self.patience)
        return self.trail.observation("alarm recording", self.camera, seen)
