# SPDX-License-Identifier: Apache-2.0
"""RTSP server of an emulated device: live streams at ``/live/CAMERA``, recordings at ``/replay/TOKEN``."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial

from yanshou.emulation.video.device import Channel, EmulatedDevice, Recording
from yanshou.emulation.video.digest import accepts, challenge, new_nonce
from yanshou.emulation.video.rtp import RtpSource
from yanshou.emulation.video.rtsp_messages import (
    EmulatedRtspRequest,
    RtspError,
    answer,
    clock_text,
    describe,
    read_request,
)
from yanshou.emulation.video.sending import send_live
from yanshou.emulation.video.streaming import Outlet, ReplayOrder, send_replay
from yanshou.emulation.video.transports import MediaTransport, PlantedLoss, open_transport

SESSION_TIMEOUT_S = 60
REPLAY_FEATURE = "onvif-replay"

_METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER"
_GRACE_S = 10.0

Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Mount:
    """What a path leads to: a channel, live or as recorded."""

    channel: Channel
    recording: Recording | None


@dataclass(slots=True)
class EmulatedRtspSession:
    """A set-up stream. ``heard`` is when the client last sent a sign of life, in monotonic seconds."""

    mount: Mount
    transport: MediaTransport
    loss: PlantedLoss
    over_udp: bool
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    source: RtpSource = field(default_factory=RtpSource)
    heard: float = field(default_factory=time.monotonic)
    task: asyncio.Task[None] | None = None

    def touch(self) -> None:
        """Note a sign of life."""
        self.heard = time.monotonic()

    def alive(self) -> bool:
        """Whether the session has not timed out; interleaved ones live as long as their connection."""
        return not self.over_udp or time.monotonic() < self.heard + SESSION_TIMEOUT_S + _GRACE_S

    @property
    def playing(self) -> bool:
        """Whether something is being sent."""
        return self.task is not None and not self.task.done()

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Start sending, in place of what was being sent."""
        self.pause()
        self.task = asyncio.create_task(_until_gone(work))

    def pause(self) -> None:
        """Stop sending."""
        if self.task is not None:
            self.task.cancel()
            self.task = None

    def close(self) -> None:
        """Stop sending and free the ports."""
        self.pause()
        self.transport.close()


async def _until_gone(work: Coroutine[None, None, None]) -> None:
    """Send until done; a client that disconnects is no error."""
    with contextlib.suppress(ConnectionError):
        await work


class RtspConnection:
    """One client's connection; it holds at most one session."""

    def __init__(
        self, device: EmulatedDevice, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._device, self._reader, self._writer = device, reader, writer
        self._nonce = new_nonce()
        self._session: EmulatedRtspSession | None = None

    async def serve(self) -> None:
        """Answer requests until the connection ends; then its session ends too."""
        try:
            while (message := await read_request(self._reader)) is not None:
                if self._session:
                    self._session.touch()
                if isinstance(message, EmulatedRtspRequest):
                    await self._reply(message)
        finally:
            self._close_session()

    async def _reply(self, request: EmulatedRtspRequest) -> None:
        behaviour = self._device.behaviour
        if behaviour.rtsp_silent:
            return
        await asyncio.sleep(behaviour.answer_delay)
        work: Callable[[], None] | None = None
        try:
            self._check(request)
            status, headers, body, work = await self._handle(request)
        except RtspError as error:
            status, headers, body = error.status, error.headers, ""
        self._writer.write(answer(request, status, {"Server": "yanshou-emulation", **headers}, body))
        if work is not None:
            work()  # the answer to PLAY goes out before the first packet

    async def _handle(
        self, request: EmulatedRtspRequest
    ) -> tuple[int, Headers, str, Callable[[], None] | None]:
        match request.method:
            case "OPTIONS":
                return 200, {"Public": _METHODS}, "", None
            case "DESCRIBE":
                return 200, *self._describe(request), None
            case "SETUP":
                return 200, await self._setup(request), "", None
            case "PLAY":
                headers, work = self._play(request)
                return 200, headers, "", work
            case "PAUSE":
                session = self._need_session(request)
                session.pause()
                return 200, {"Session": session.id}, "", None
            case "TEARDOWN":
                self._need_session(request)
                self._close_session()
                return 200, {}, "", None
            case "GET_PARAMETER" | "SET_PARAMETER":
                return 200, {"Session": self._session.id} if self._session else {}, "", None
        raise RtspError(405, Allow=_METHODS)

    def _check(self, request: EmulatedRtspRequest) -> None:
        """Password, and the features required."""
        if request.method == "OPTIONS":
            return
        given = request.headers.get("authorization", "")
        if not accepts(given, request.method, self._nonce, self._device.credentials):
            raise RtspError(401, **{"WWW-Authenticate": challenge(self._nonce)})
        unknown = [name for name in request.required if name != REPLAY_FEATURE]
        if unknown:
            raise RtspError(551, Unsupported=", ".join(unknown))
        if REPLAY_FEATURE in request.required and not self._replays(request):
            self._device.truth.write(self._device.id, "replay_refused", 551)
            raise RtspError(551, Unsupported=REPLAY_FEATURE)

    def _replays(self, request: EmulatedRtspRequest) -> bool:
        return self._mount(request).recording is not None and not self._device.behaviour.replay_refused

    def _mount(self, request: EmulatedRtspRequest) -> Mount:
        """The target of the request's path; error 404 if there is none."""
        kind, _, rest = request.path.partition("/")
        name = rest.removesuffix("/track1")
        device = self._device
        if kind == "live" and name in device.channels:
            return Mount(device.channels[name], None)
        if kind == "replay" and device.is_recorder and name in device.recordings:
            recording = device.recordings[name]
            return Mount(recording.footage, recording)
        raise RtspError(404)

    def _describe(self, request: EmulatedRtspRequest) -> tuple[Headers, str]:
        mount, recording = self._mount(request), self._mount(request).recording
        extent, track = None, ""
        if recording is not None:
            spans = recording.line.segments(self._device.recorded_now())
            if not spans:
                raise RtspError(404)
            extent, track = (spans[0][0], spans[-1][1]), recording.track
        sets = mount.channel.sets if recording is None else recording.sets
        body = describe(sets, self._device.host, track, extent, _wrongly(mount.channel))
        return {"Content-Type": "application/sdp", "Content-Base": request.url.rstrip("/") + "/"}, body

    async def _setup(self, request: EmulatedRtspRequest) -> Headers:
        mount = self._mount(request)
        if self._session is not None:
            raise RtspError(455)
        limit = self._device.behaviour.session_limit
        # a replay uses the recorder's path, not the camera's
        faults = mount.channel.behaviour if mount.recording is None else self._device.behaviour
        if limit and self._device.sessions >= limit:
            self._device.truth.write(self._device.id, "session_refused", 453)
            raise RtspError(453)
        loss, heard = PlantedLoss(faults.drop, faults.damage, faults.garbage, faults.throttle), time.monotonic
        wanted = request.headers.get("transport", "")
        transport = await open_transport(wanted, self._writer, loss, self._hear)
        udp = not transport.header.startswith("RTP/AVP/TCP")
        self._session = session = EmulatedRtspSession(mount, transport, loss, udp, heard=heard())
        self._device.sessions += 1
        if mount.recording is not None:
            session.source.base = 0  # time stamps of a replay follow recorded time alone
        header = f"{transport.header};ssrc={session.source.ssrc:08X}"
        return {"Session": f"{session.id};timeout={SESSION_TIMEOUT_S}", "Transport": header}

    def _hear(self) -> None:
        if self._session is not None:
            self._session.touch()

    def _need_session(self, request: EmulatedRtspRequest) -> EmulatedRtspSession:
        given = request.headers.get("session", "").partition(";")[0].strip()
        if self._session is None or self._session.id != given:
            raise RtspError(454)
        return self._session

    def _play(self, request: EmulatedRtspRequest) -> tuple[Headers, Callable[[], None]]:
        session = self._need_session(request)
        device, recording = self._device, session.mount.recording
        outlet = Outlet(session.source, session.transport, session.alive)
        if recording is None:
            if session.playing:  # some clients keep a stream alive by PLAY
                return {"Session": session.id, "Range": "npt=now-"}, lambda: None
            session.source.rebase()
            span, first = "npt=now-", 0.0
            work: Callable[[], Coroutine[None, None, None]] = partial(
                send_live, device, session.mount.channel, outlet
            )
        else:
            order = self._order(request, recording)
            span = f"clock={clock_text(order.segments[0][0])}-{clock_text(order.segments[-1][1])}"
            first = next(order.frames()).utc
            work = partial(send_replay, device, recording, order, outlet)
        info = f"url={request.url.rstrip('/')}/track1;seq={session.source.sequence}"
        info += f";rtptime={session.source.timestamp(first)}"
        headers = {"Session": session.id, "Range": span, "RTP-Info": info}
        return headers, lambda: session.start(work())

    def _order(self, request: EmulatedRtspRequest, recording: Recording) -> ReplayOrder:
        """What the client wants to play; error 457 if nothing of it can be played."""
        now, scale = self._device.recorded_now(), request.scale
        spans = recording.line.segments(now)
        oldest, newest = (spans[0][0], spans[-1][1]) if spans else (now, now)
        start, end = request.clock_range() or (oldest, newest)
        if end is None:
            end = newest if scale > 0 else oldest
        low, high = min(start, end), max(start, end)
        segments = tuple(recording.line.playable(low, high, now))
        truth = {"recording": recording.token, "from": low, "until": high}
        self._device.truth.write(
            self._device.id, "replay_started" if segments else "replay_without_data", truth
        )
        if not segments:
            raise RtspError(457)
        marked = REPLAY_FEATURE in request.required and not recording.behaviour.no_replay_stamps
        paced = request.headers.get("rate-control", "yes").lower() != "no"
        return ReplayOrder(segments, high, request.cseq, request.intra_interval_s(), paced, scale, marked)

    def _close_session(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        session.close()
        self._device.sessions -= 1
        sent = session.source.packets
        for what, count in (("packets_lost", session.loss.lost), ("packets_damaged", session.loss.damaged)):
            if count:
                self._device.truth.write(self._device.id, what, {"count": count, "sent": sent})


def _wrongly(channel: Channel) -> str:
    """The wrong codec name of a device that describes its stream wrongly; empty if it is right."""
    if channel.behaviour.motion_jpeg:
        return "JPEG"
    if channel.behaviour.wrong_description:
        return "H264" if channel.codec == "h265" else "H265"
    return ""
