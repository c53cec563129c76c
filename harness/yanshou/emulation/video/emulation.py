# SPDX-License-Identifier: Apache-2.0
"""The video devices of a site, emulated: they answer from ``start`` until ``stop``."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from yanshou.emulation.video.coding import coded_loop
from yanshou.emulation.video.device import Channel, EmulatedDevice, Lamp, Recording
from yanshou.emulation.video.discovery import discovery_port, open_responder
from yanshou.emulation.video.faults import StreamFault, StreamTruth
from yanshou.emulation.video.http import serve_connection
from yanshou.emulation.video.onvif import OnvifFront
from yanshou.emulation.video.rtsp import RtspConnection
from yanshou.emulation.video.scene import Scene
from yanshou.emulation.video.site_devices import emulate, extent
from yanshou.model.site import Site

RTSP_PORT_OFFSET = 1000
"""RTSP port minus SOAP port, where that port is free."""

_Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class VideoEmulation:
    """Cameras and recorders of ``site`` whose protocol is onvif, on loopback.

    ``faults`` are planted from the start; ``truth`` logs what is really done; ``alarm_recording(camera)``
    says whether a linkage has started the alarm recording of that camera; ``lamps`` are the LEDs in view of
    cameras. A connection without a port, or with port 0, gets a free one: see :attr:`addresses`. Raises
    UsageError for a fault whose value makes no sense.
    """

    def __init__(
        self,
        site: Site,
        faults: Sequence[StreamFault],
        truth: StreamTruth,
        alarm_recording: Callable[[str], bool],
        lamps: Mapping[str, Lamp] = MappingProxyType({}),
    ) -> None:
        self._devices = emulate(site, faults, truth, alarm_recording, lamps)
        self._discovery_port = discovery_port(site.folder)
        self._responder: asyncio.DatagramTransport | None = None
        self._servers: list[asyncio.Server] = []
        self._connections: set[asyncio.Task[None]] = set()

    def stopped_while(self, stopped: Callable[[str], bool]) -> None:
        """Let each device answer nothing while ``stopped`` says so of its id."""
        for device in self._devices:
            device.stopped = partial(stopped, device.id)

    @property
    def addresses(self) -> Mapping[str, tuple[str, int, int]]:
        """Device -> host, SOAP port, RTSP port; final once started."""
        found = {device.id: (device.host, device.http_port, device.rtsp_port) for device in self._devices}
        return MappingProxyType(found)

    async def start(self) -> None:
        """Code the pictures and open all ports; OSError if a port of the site file is in use."""
        await code_pictures(channel for device in self._devices for channel in device.channels.values())
        await play_once(kept for device in self._devices for kept in device.recordings.values())
        try:
            for device in self._devices:
                await self._open(device)
            if self._discovery_port and self._devices:
                host = self._devices[0].host
                self._responder = await open_responder(host, self._discovery_port, self._devices)
        except OSError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Close all ports and connections; harmless when not started."""
        if self._responder is not None:
            self._responder.close()
            self._responder = None
        for server in self._servers:
            server.close()
        for task in (*self._connections,):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        self._servers.clear()

    async def _open(self, device: EmulatedDevice) -> None:
        front = OnvifFront(device)

        async def soap(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await serve_connection(reader, writer, front.handle)

        async def rtsp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if device.stopped():
                return
            await RtspConnection(device, reader, writer).serve()

        device.http_port = await self._listen(soap, device.host, device.http_port)
        device.rtsp_port = await self._listen_near(rtsp, device.host, device.http_port + RTSP_PORT_OFFSET)
        self._tell(device)

    async def _listen_near(self, serve: _Serve, host: str, port: int) -> int:
        """The port wanted, or any if it is in use."""
        try:
            return await self._listen(serve, host, port)
        except (OSError, OverflowError):
            return await self._listen(serve, host, 0)

    async def _listen(self, serve: _Serve, host: str, port: int) -> int:
        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(_guard(serve, reader, writer))
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)

        server = await asyncio.start_server(connected, host, port)
        self._servers.append(server)
        bound: int = server.sockets[0].getsockname()[1]
        return bound

    @staticmethod
    def _tell(device: EmulatedDevice) -> None:
        device.truth.write(device.id, "clock_offset", device.behaviour.clock_offset)
        ports = {"soap": device.http_port, "rtsp": device.rtsp_port}
        device.truth.write(device.id, "listening", ports)
        for recording in device.recordings.values():
            segments = extent(recording.line, device.now())
            device.truth.write(device.id, "segments", {"recording": recording.token, "segments": segments})


async def code_pictures(channels: Iterable[Channel]) -> None:
    """Code every scene of them once, two at a time, because the coder releases the interpreter lock."""
    scenes = {(scene, channel.codec) for channel in channels for scene in channel.scenes}
    gate = asyncio.Semaphore(2)

    async def code(scene: Scene, codec: str) -> None:
        async with gate:
            await asyncio.to_thread(coded_loop, scene, codec)

    await asyncio.gather(*(code(*one) for one in scenes))


async def play_once(recordings: Iterable[Recording]) -> None:
    """Draw and code a recorded picture of each size.

    The first one takes a third of a second of a processor, which would be a delay of the first playback.
    """
    kinds = {}
    for one in recordings:
        scene = one.footage.scene
        kinds[scene.width, scene.height, one.footage.codec] = one
    for one in kinds.values():
        await asyncio.to_thread(_draw, one)


def _draw(recording: Recording) -> None:
    recording.pictures(0.0, 0.0).coded(0, 0.0, intra=True)


async def _guard(serve: _Serve, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection; a client that disconnects is no error."""
    try:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await serve(reader, writer)
    finally:
        writer.close()
