# SPDX-License-Identifier: Apache-2.0
"""Runs the emulated cameras and recorders (``yanshou.emulation.video``) in a thread of their own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, cast

from yanshou.emulation.site.world import World
from yanshou.emulation.starting import start_in
from yanshou.model import DeviceKind, Site

if TYPE_CHECKING:
    from yanshou.emulation import video
    from yanshou.emulation.video import VideoEmulation

_PRIORITY = 1


def _keep_time() -> None:
    """Give this thread, which sends, priority over ordinary ones if the system permits.

    A camera whose delay and jitter are measured must not be late because the computer that emulates it is
    busy. Only this thread needs it, because other threads code pictures.
    """
    if sys.platform != "win32":
        with suppress(OSError, AttributeError):
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(_PRIORITY))


class VideoSide:
    """Starts and stops the video side from the thread of the caller."""

    def __init__(self, site: Site, world: World) -> None:
        self._site = site
        self._world = world
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="video", daemon=True)
        self._video: VideoEmulation | None = None
        for host in site.of_kind(DeviceKind.RECORDER):
            if channel := host.wiring.get("stop"):
                world.wire_switch(channel, partial(self._stop_relay, host.id))

    def _stop_relay(self, host: str, energised: bool, _t: float) -> None:  # noqa: FBT001 - the shape of Switch
        self._world.truth.write(host, "stopped" if energised else "started")
        (self._world.dark.add if energised else self._world.dark.discard)(host)

    def start(self) -> None:
        """Start it; RigFault if it is not ready within minutes; raises what it raises."""
        self._thread.start()
        start_in(self._loop, self._start())

    async def _start(self) -> None:
        from yanshou.emulation import video  # noqa: PLC0415 - its codecs take a while to load

        faults = cast(
            "Sequence[video.StreamFault]", self._world.faults.faults
        )  # the video side reads the value by its kind
        world = self._world
        lamps = self._lamps(video.Lamp)
        self._video = video.VideoEmulation(self._site, faults, world.truth, world.alarm_recording, lamps)
        self._video.stopped_while(world.dark.__contains__)
        await self._video.start()
        if lamps:
            _keep_time()

    def _lamps(self, lamp: type[video.Lamp]) -> dict[str, video.Lamp]:
        """The LEDs in view of cameras, in the circuits of the bench's relays."""
        made: dict[str, video.Lamp] = {}
        for camera in self._site.of_kind(DeviceKind.CAMERA):
            if channel := camera.wiring.get("led"):
                made[camera.id] = lamp()
                self._world.wire_switch(channel, made[camera.id].switched)
        return made

    def stop(self) -> None:
        """Stop it and end the thread."""
        if self._video is not None:
            asyncio.run_coroutine_threadsafe(self._video.stop(), self._loop).result(10.0)
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=2.0)
