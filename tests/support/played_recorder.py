# SPDX-License-Identifier: Apache-2.0
"""A recorder that lists and plays what a test says, and views that can be told from each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from tests.support.judging import NOW, ago
from tests.support.quiet_recorder import QuietRecorder
from yanshou.equipment.recordings import (
    Sight,
)
from yanshou.equipment.recordings import retention as retention_seen
from yanshou.evaluation import Window
from yanshou.evaluation.retention import Retention
from yanshou.model import Device, DeviceKind, Instant, RigFault, System
from yanshou.model.reading import ClockReading
from yanshou.model.recording import Playback, PlayedFrame, RecordedChannel, RecordingSummary, Segment
from yanshou.model.stream import Luma

SPECK: Luma = np.zeros((8, 8), np.uint8)  # too small to be compared with anything


@dataclass
class Kept(QuietRecorder):
    """A recorder that holds ``stretches`` of each camera and plays them, but for what is planted."""

    listed: dict[str, Sequence[Segment]]
    plays: Callable[[str, datetime], bool] = lambda _camera, _at: True
    picture: Callable[[str], Luma | None] = lambda _camera: SPECK
    repeats: timedelta | None = None  # after that long the pictures begin anew
    noise: float = 1.0
    still: bool = False  # its pictures do not change while one plays
    stamped: bool = True
    clock: timedelta | None = timedelta(0)
    label: timedelta = timedelta(0)
    tracks: frozenset[str] = frozenset()
    seams: tuple[datetime, ...] = ()
    track: str = ""
    stated: RecordingSummary | None = None
    rate: float = 250_000.0  # bytes a second
    qp: float | None = 18.0
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    without_segments: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    salt: int = 0
    lists_anything: bool = False  # the listed stretches are too many to be looked through at each play
    device: Device = field(
        default_factory=lambda: Device("NVR-1", DeviceKind.RECORDER, System.VIDEO, "录像机")
    )

    def summary(self) -> RecordingSummary | None:
        return self.stated

    def read_clock(self) -> ClockReading:
        if self.clock is None:
            raise RigFault("tells no time")
        return ClockReading(NOW + self.clock, 1.0, Instant(0, 0))

    def channels(self, start: datetime, end: datetime) -> list[RecordedChannel]:
        moved = (
            self.listed
            if not self.label
            else {
                camera: tuple(Segment(one.start + self.label, one.end + self.label) for one in stretches)
                for camera, stretches in self.listed.items()
            }
        )
        return [
            RecordedChannel(f"rec-{c}", c, c, tuple(s), None, None, self.tracks, seams=self.seams)
            for c, s in moved.items()
        ]

    def play(
        self, channel: RecordedChannel, at: datetime, seconds: float = 2.0, *, intra: bool = True, **_: bool
    ) -> Playback:
        self.asked.append((channel.source, at))
        there = self.lists_anything or any(one.start <= at < one.end for one in channel.segments)
        if not there or not self.plays(channel.source, at):
            return Playback(at, 0, 0, None, None, refused="RTSP 457")
        count = 2 if intra else round(25 * seconds)
        times = [at + timedelta(seconds=n / 25) for n in range(count)]
        frames_played = tuple(
            PlayedFrame(n * 3600, when if self.stamped else None, "", round(self.rate / 25), True)
            for n, when in enumerate(times)
        )
        first, last = (times[0], times[-1]) if self.stamped else (None, None)
        self.salt += 1
        picture, later = self._pictures(self.picture(channel.source), at)
        return Playback(
            at,
            count,
            count,
            first,
            last,
            picture,
            frames_played=frames_played,
            sha256="same",
            track=self.track,
            later=later,
            qp=self.qp,
        )

    def _pictures(self, seen: Luma | None, at: datetime) -> tuple[Luma | None, Luma | None]:
        """What is seen at ``at`` and a second later, with the sensor's noise of those moments."""
        if seen is None or self.noise == 0:
            return seen, seen
        second = (at - ago(400)).total_seconds()
        if self.repeats is not None:
            second %= self.repeats.total_seconds()
        moments = (second, second if self.still else second + 1)
        first, later = (self._noisy(seen, moment) for moment in moments)
        return first, later

    def _noisy(self, seen: Luma, moment: float) -> Luma:
        noise = np.random.default_rng(round(moment * 1000)).normal(0, self.noise, seen.shape)
        return np.clip(np.rint(seen + noise), 0, 255).astype(np.uint8)


def window(*cameras: str, days: float = 30, **other: object) -> Window:
    base = Window(NOW, days, cameras or ("CAM-1",), None, "1", limits=(days,))
    return replace(base, **other)  # type: ignore[arg-type] # keys of Window


def retention(recorder: Kept, window: Window, sight: Sight | None = None) -> Retention:
    """The retained days where a clock in the pictures shows the time asked for, unless ``sight`` is given."""
    right = dict.fromkeys(window.cameras, lambda _: recorder.asked[-1][1])
    return retention_seen(recorder, window, sight or Sight(clocks=right))


def view(seed: int) -> Luma:
    """A room of blocks, distinct by seed."""
    draw = np.random.default_rng(seed)
    room = np.full((180, 320), 90.0)
    for _ in range(20):
        x, y = draw.integers(0, 280), draw.integers(0, 150)
        room[y : y + draw.integers(8, 30), x : x + draw.integers(8, 40)] = draw.uniform(20, 230)
    return room.astype(np.uint8)


VIEWS = {"CAM-1": view(1), "CAM-2": view(2), "CAM-3": view(3)}
