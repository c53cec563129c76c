# SPDX-License-Identifier: Apache-2.0
"""Sends a recording to the platform, under its MANSRTSP commands (GB/T 28181 9.8, 9.9, annex B)."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace

from yanshou.emulation.gb28181.channels import GbChannel, GbState
from yanshou.emulation.gb28181.packing import PsPacking
from yanshou.emulation.video import archive
from yanshou.emulation.video.archive import ArchiveFrame
from yanshou.emulation.video.coding import FPS
from yanshou.emulation.video.device import Recording
from yanshou.emulation.video.streaming import Outlet, replayed

_ALL_UP_TO = 2.0  # from a faster Scale on, intra frames are sent alone
_LONGEST_STEP_S = 1.0


class GbPlayback:
    """One playback or download of [start, end) in Unix seconds on the device's clock."""

    def __init__(
        self,
        state: GbState,
        channel: GbChannel,
        span: tuple[float, float],
        outlet: Outlet,
        packing: PsPacking,
    ) -> None:
        self._state, self._channel, self._recording = state, channel, _shown(state, channel)
        self._start, self._end = span
        self._outlet, self._packing = outlet, packing
        self.scale = 1.0
        self.keys_only: bool | None = None  # None: as its scale says
        self._from = self._start
        self._at = self._start
        self._playing = asyncio.Event()
        self._playing.set()
        self._changed = asyncio.Event()
        self._media_s = 0.0
        self._frames: Iterator[ArchiveFrame] | None = None
        self._anchor = (0.0, self._start)

    async def run(self) -> None:
        """Send until the end, or until cancelled."""
        state, faults, name = self._state, self._state.faults, self._channel.device
        shift = faults.number("gb_other_hour", 0.0, name)
        loop = faults.number("gb_loops", 0.0, name)
        sets, coded = replayed(self._recording, 0.0, self._start - shift)
        state.truth.write(name, "playback_started", self._start)
        await asyncio.sleep(self._recording.behaviour.playback_delay)
        sent = 0
        try:
            while (frame := await self._next()) is not None:
                again = loop if loop <= frame.utc - self._start < 2 * loop else 0.0
                there = replace(frame, utc=frame.utc - shift - again)
                parts = self._packing.of_frame(sets, coded(there), self._media_s)
                source = self._outlet.source
                self._outlet.transport.rtp(source.frame(parts, source.timestamp(self._media_s)))
                sent += 1
                await self._outlet.transport.drain()
        finally:
            state.truth.write(name, "playback_ended", {"frames": sent, "at": self._at})

    def command(self, text: str) -> None:
        """Carry out a MANSRTSP command: PLAY with Scale and Range, PAUSE."""
        faults, name = self._state.faults, self._channel.device
        if text.startswith("PAUSE") and not faults.has("gb_pause_ignored", name):
            self._playing.clear()
            self._changed.set()
        if not text.startswith("PLAY"):
            return
        scale = re.search(r"(?im)^Scale\s*:\s*(-?\d+(?:\.\d+)?)", text)
        if scale and float(scale[1]) > 0 and not faults.has("gb_scale_ignored", name):
            self.scale = float(scale[1])
        place = re.search(r"(?im)^Range\s*:\s*npt\s*=\s*(\d+(?:\.\d+)?)", text)
        if place and not faults.has("gb_range_ignored", name):
            self._from = self._start + float(place[1]) + faults.number("gb_seek_off", 0.0, name)
        else:
            self._from = self._at
        self._state.truth.write(name, "playback_from", self._from)
        self._playing.set()
        self._changed.set()

    async def _next(self) -> ArchiveFrame | None:
        """The next frame, when it is due; None at the end."""
        while True:
            await self._playing.wait()
            if self._changed.is_set() or self._frames is None:
                self._frames = self._begin()
            frame = next(self._frames, None)
            if frame is None:
                return None
            if await self._due(frame):
                self._media_s += min(max(frame.utc - self._at, 1 / FPS), _LONGEST_STEP_S)
                self._at = frame.utc
                return frame

    def _begin(self) -> Iterator[ArchiveFrame]:
        self._changed.clear()
        self._anchor = asyncio.get_running_loop().time(), self._from
        recording = self._recording
        playable = recording.line.playable(self._from, self._end, self._state.now())
        keys_only = self.scale > _ALL_UP_TO if self.keys_only is None else self.keys_only
        intra = 0.0 if keys_only else None
        found = archive.frames(playable, self._end, intra)
        return archive.thinned(found, recording.behaviour.recorded_fps)

    async def _due(self, frame: ArchiveFrame) -> bool:
        """Wait until the frame is due; False if a command came meanwhile."""
        clock = asyncio.get_running_loop()
        began, start = self._anchor
        left = began + (frame.utc - start) / self.scale - clock.time()
        if left > _LONGEST_STEP_S / self.scale:  # a gap in the recording is passed over
            self._anchor = clock.time(), frame.utc
            return True
        if left > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), left)
        return not self._changed.is_set()


def _shown(state: GbState, channel: GbChannel) -> Recording:
    """The recording of the channel, or planted, that of another camera."""
    fault = state.faults.find("gb_other_channel", channel.device)
    shown = next((one for one in state.channels.values() if fault and one.device == fault.value), channel)
    assert shown.recording is not None
    return shown.recording
