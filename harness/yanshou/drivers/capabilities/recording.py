# SPDX-License-Identifier: Apache-2.0
"""Recorders: what they list, and what they can really play."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from yanshou.drivers.capabilities.clock import DeviceClock
from yanshou.model import Device, Instant
from yanshou.model.recording import Playback, RecordedChannel, RecordingSummary, TamperResult


@runtime_checkable
class RecordingList(Protocol):
    """Anything that lists recordings: a recorder with ONVIF Profile G.

    GB/T 28181 RecordInfo could be another.

    ``without_segments`` are the tokens of recordings whose segments the recorder does not report: these are
    unknown, which is not the same as no recording. ``remarks`` says in words what was missing or
    contradictory.
    """

    without_segments: set[str]
    remarks: list[str]

    @property
    def device(self) -> Device: ...
    def channels(self, start: datetime, end: datetime) -> list[RecordedChannel]:
        """All recordings with their segments in [start, end)."""
        ...


@runtime_checkable
class Recorder(RecordingList, DeviceClock, Protocol):
    """A recorder: it lists, plays, and records on alarm (ONVIF Profile G)."""

    def identity(self) -> dict[str, str]: ...
    def summary(self) -> RecordingSummary | None: ...
    def play(
        self,
        channel: RecordedChannel,
        at: datetime,
        seconds: float = 2.0,
        *,
        intra: bool = True,
        paced: bool = False,
    ) -> Playback:
        """Play [at, at + seconds): key frames only, unless ``intra`` is False.

        ``paced``: at the recorded speed.
        """
        ...

    def tamper(self, channel: RecordedChannel) -> dict[str, TamperResult]:
        """Try to alter and to delete the recording; operation → outcome.

        If the recorder permits it, the recording is really changed or gone.
        """
        ...

    def is_recording(self, source: str) -> bool:
        """Whether an alarm recording job of the camera ``source`` (its device id) is active."""
        ...

    def wait_recording(self, source: str, *, since: Instant, within: float) -> Instant | None: ...
