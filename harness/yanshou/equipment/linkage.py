# SPDX-License-Identifier: Apache-2.0
"""A designed linkage: a source zone and the camera whose alarm recording it must start."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from yanshou.drivers.capabilities import ContactInput, Recorder
from yanshou.equipment.panel import Panel
from yanshou.equipment.zone import Zone
from yanshou.model import Device, Instant, RigFault, now
from yanshou.rig.item_journal import ItemJournal

_POLL_S = 0.05


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
    others: Mapping[str, Recorder] = field(default_factory=dict)
    """The recorders of all cameras that no linkage of the source is designed to record, by camera."""

    def recording(self) -> bool:
        """Whether the alarm recording of the designed camera is running already."""
        return self.recorder.is_recording(self.camera)

    def showing(self) -> bool:
        """Whether the linked recording or picture is there already, with the source at rest."""
        return self.recording() or (self.screen is not None and self.screen.is_active())

    def make_ready(self) -> bool:
        """Set the panel; whether recording and picture stay away from then on.

        They are waited for as long as after an alarm: a panel may start them with its setting.
        """
        switched = not self.panel.is_armed(self.zone.partition)
        self.panel.arm(self.zone)
        until = now() + (self.patience if switched else 0.0)
        while not self.showing():
            if now() >= until:
                return True
            time.sleep(_POLL_S)
        return False

    def wait_recording(self, *, since: Instant) -> Instant | None:
        """When the alarm recording of the designed camera began; None if it did not within ``patience``.

        One that did not is waited for as long again: were it to begin during the next trigger, it would be
        taken for a fast answer to that one.
        """
        seen = self.recorder.wait_recording(self.camera, since=since, within=self.patience)
        self.item_journal.observation("alarm recording", self.camera, seen)
        if seen is None:
            late = self.recorder.wait_recording(self.camera, since=since, within=2 * self.patience)
            self.item_journal.observation("alarm recording too late", self.camera, late)
        return seen

    def bystanders(self) -> Bystanders:
        """The state of the other cameras now, before the stimulus."""
        at_rest: list[str] = []
        unwatched: dict[str, str] = {}
        for camera, recorder in self.others.items():
            try:
                recording = recorder.is_recording(camera)
            except RigFault as fault:
                unwatched[camera] = fault.what
            else:
                if recording:
                    unwatched[camera] = "触发前已在录像"
                else:
                    at_rest.append(camera)
        self.item_journal.observation("other cameras at rest", self.device.id, None, at_rest)
        return Bystanders(self, tuple(at_rest), unwatched)

    def wait_over(self) -> None:
        """Return when monitor and recorder have left the alarm state; RigFault if they do not in time."""
        until = now() + self.patience
        while self.showing():
            if now() > until:
                raise RigFault("the linkage does not end with the alarm.", device=self.device.id)
            time.sleep(_POLL_S)

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


@dataclass(frozen=True, slots=True)
class Bystanders:
    """Cameras that the source must not start: those at rest before it, and why others cannot be watched."""

    pair: LinkedPair
    at_rest: tuple[str, ...]
    unwatched: Mapping[str, str]

    @property
    def remark(self) -> str:
        """Which cameras were not watched, in words; empty if every one was."""
        listed = "；".join(f"{camera}（{why}）" for camera, why in self.unwatched.items())
        return f"未能观察以下摄像机是否被误联动：{listed}" if listed else ""

    def started(self) -> list[str]:
        """The cameras whose alarm recording is running now."""
        found = [one for one in self.at_rest if self.pair.others[one].is_recording(one)]
        self.pair.item_journal.observation("undesigned recording", self.pair.device.id, None, found)
        return found
