# SPDX-License-Identifier: Apache-2.0
"""Sending: a live stream paced by the clock, or a replay of recorded time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yanshou.emulation.video import archive
from yanshou.emulation.video.archive import ArchiveFrame, Segment
from yanshou.emulation.video.coding import COUNT
from yanshou.emulation.video.device import Channel, EmulatedDevice, Recording
from yanshou.emulation.video.rtp import ReplayMark, RtpSource, frame_payloads, payloads
from yanshou.emulation.video.transports import Transport

REPORT_EVERY_S = 2.0
"""Seconds between RTCP sender reports."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where a sender sends: numbering, transport, and whether the client still shows signs of life."""

    source: RtpSource
    transport: Transport
    alive: Callable[[], bool]


@dataclass(slots=True)
class _Tally:
    """Frames really sent; times in perf_counter seconds."""

    frames: int = 0
    first: float = 0.0
    last: float = 0.0

    def count(self) -> None:
        self.last = time.perf_counter()
        self.first = self.first or self.last
        self.frames += 1

    @property
    def fps(self) -> float | None:
        """Frame rate really sent, None below two frames."""
        return (self.frames - 1) / (self.last - self.first) if self.last > self.first else None


async def send_live(device: EmulatedDevice, channel: Channel, outlet: Outlet) -> None:
    """Send the loop of a channel until cancelled or the client is gone, in the rate that is really sent."""
    tally = _Tally()
    scene, fps = channel.scene, channel.fps
    size = f"{scene.width}x{scene.height}"
    started = {"camera": channel.token, "fps": fps, "size": size, "transport": outlet.transport.header}
    device.truth.write(device.id, "stream_started", started)
    try:
        await _pace(device, channel, outlet, tally)
    finally:
        ended = {"camera": channel.token, "frames": tally.frames, "fps": tally.fps}
        device.truth.write(device.id, "frame_rate_sent", ended)


async def _pace(device: EmulatedDevice, channel: Channel, outlet: Outlet, tally: _Tally) -> None:
    behaviour, clock = channel.behaviour, asyncio.get_running_loop()
    send, fps = _parts(device, channel), channel.fps
    start, report_due, number = clock.time(), 0.0, 0
    while outlet.alive():
        media_s = number / fps
        await asyncio.sleep(start + media_s - clock.time())
        if behaviour.stop_stream is not None and media_s >= behaviour.stop_stream:
            device.truth.write(device.id, "stream_stopped", channel.token)
            await asyncio.Event().wait()
        timestamp = outlet.source.timestamp(media_s)
        if media_s >= report_due and not behaviour.no_sender_reports:
            late = clock.time() - start - media_s
            outlet.transport.rtcp(outlet.source.sender_report(device.now() - late, timestamp))
            report_due += REPORT_EVERY_S
        frozen = behaviour.freeze is not None and media_s >= behaviour.freeze
        parts = send(0 if frozen else number, start if frozen else clock.time())
        if not outlet.transport.clogged:
            outlet.transport.rtp(outlet.source.frame(parts, timestamp))
            tally.count()
        number += 1


def _parts(device: EmulatedDevice, channel: Channel) -> Callable[[int, float], tuple[bytes, ...]]:
    """What gives the RTP payloads of picture ``number`` at a time of the loop's clock.

    From the coded loop, or coded now where the picture tells the time.
    """
    live, clock = channel.live(), asyncio.get_running_loop()
    if live is None:
        coded = channel.loop
        return lambda number, _at: payloads(coded, number % COUNT)
    sets = channel.sets

    def coded_now(number: int, at: float) -> tuple[bytes, ...]:
        return frame_payloads(sets, live.coded(number, device.now() - (clock.time() - at)))

    return coded_now


@dataclass(frozen=True, slots=True)
class ReplayOrder:
    """What one PLAY asks of a replay: the parts of time that can be played, the end asked for, and how."""

    segments: tuple[Segment, ...]
    until: float
    cseq: int
    intra_interval_s: float | None
    rate_control: bool
    scale: float
    with_marks: bool

    def frames(self) -> Iterator[ArchiveFrame]:
        """The frames in the order of sending."""
        if self.scale < 0:
            return archive.backwards(self.segments, self.intra_interval_s)
        return archive.frames(self.segments, self.until, self.intra_interval_s)


async def send_replay(
    device: EmulatedDevice, recording: Recording, order: ReplayOrder, outlet: Outlet
) -> None:
    """Send recorded frames until the end of what was asked for."""
    sent, clock = 0, asyncio.get_running_loop()
    behaviour, loop = recording.behaviour, recording.footage.loop
    device.replays += 1
    salt = device.replays if behaviour.export_differs else 0
    await asyncio.sleep(behaviour.playback_delay)
    start, first_utc = clock.time(), None
    try:
        for frame in archive.thinned(order.frames(), behaviour.recorded_fps):
            if not outlet.alive():
                return
            first_utc = frame.utc if first_utc is None else first_utc
            media_s = (frame.utc - first_utc) / order.scale
            if order.rate_control:
                await asyncio.sleep(start + media_s - clock.time())
            mark = _mark(frame, order.cseq, behaviour.replay_time_shift) if order.with_marks else None
            timestamp = outlet.source.timestamp(frame.utc)
            parts = _salted(payloads(loop, frame.index), salt)
            outlet.transport.rtp(outlet.source.frame(parts, timestamp, mark))
            sent += 1
            await outlet.transport.drain()
        if not order.with_marks:
            outlet.transport.rtcp(outlet.source.goodbye())
    finally:
        device.truth.write(device.id, "replay_ended", {"recording": recording.token, "frames": sent})


def _mark(frame: ArchiveFrame, cseq: int, shift: float) -> ReplayMark:
    return ReplayMark(frame.utc + shift, cseq, frame.clean, frame.end, frame.discontinuity, frame.terminal)


def _salted(parts: tuple[bytes, ...], salt: int) -> tuple[bytes, ...]:
    """The payloads with the last byte altered, as by a recorder that makes each export anew."""
    if not salt:
        return parts
    return (*parts[:-1], parts[-1][:-1] + bytes((parts[-1][-1] ^ salt & 0x7F,)))
