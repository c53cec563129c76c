# SPDX-License-Identifier: Apache-2.0
"""A designed linkage: a source zone and the camera whose alarm recording it must start."""

from __future__ import annotations

import time
from dataclasses import dataclass

from yanshou.drivers.capabilities import ContactInput, Recorder
from yanshou.equipment.panel import Panel
from yanshou.equipment.zone import Zone
from yanshou.model import Device, Instant, RigFault, now
from yanshou.rig.item_journal import ItemJournal

_LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """One row of the linkage matrix."""

    device: Device
    zone: Zone
    panel: Panel
    recorder: Recorder
    camera: str
    item_journal: ItemJournal
    patience: float
    screen: ContactInput | None = None  # a photo sensor before the monitor that shows the linked picture

    def recording(self) -> bool:
        """Whether the alarm recording of the designed camera is running already."""
        return self.recorder.is_recording(self.camera)

    def wait_recording(self, *, since: Instant) -> Instant | None:
        """When the alarm recording of the designed camera began."""
        seen = self.recorder.wait_recording(self.camera, since=since, within=self.patience)
        return self.item_journal.observation("alarm recording", self.camera, seen)

    def wait_over(self) -> None:
        """Return when monitor and recorder have left the alarm state; RigFault if they do not in time."""
        until = now() + self.patience
        while self.recording() or (self.screen is not None and self.screen.is_active()):
            if now() > until:
                raise RigFault("the linkage does not end with the alarm.", device=self.device.id)
            time.sleep(_LOOK_S)

    def wait_picture(self, *, since: Instant) -> Instant | None:
        """When the picture linked to the alarm appeared on the monitor; RigFault without a sensor there."""
        if self.screen is None:
            raise RigFault(
                "the bench has no photo sensor before its monitor.",
                device=self.device.id,
                remedy="Add `screen=BOARD/diN` to its wiring in the inventory.",
                final=True,
            )
        seen = self.screen.wait_active(since=since, within=self.patience)
        return self.item_journal.observation("linked picture", self.screen.name, seen)
