# SPDX-License-Identifier: Apache-2.0
"""Sends a live stream: pictures taken by the clock, sent after the camera's delay, with its faults."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Protocol

from yanshou.emulation.video.coding import FPS, CodedFrame, CodedLoop, ParameterSets, coded_loop
from yanshou.emulation.video.device import Channel
from yanshou.emulation.video.faults import StreamTruth
from yanshou.emulation.video.rtp import RtpSource, frame_payloads, payloads
from yanshou.emulation.video.streaming import Outlet

REPORT_EVERY_S = 2.0
"""Seconds between RTCP sender reports."""

_RESET_TICKS = 0x4000_0000
_OUTAGE_FROM_S = 2.0
_AT_ONCE_S = 1e-3  # two clocks read within it are read at once
_FOREIGN_TYPE = 107
_SEI = {"h264": b"\x06", "h265": b"\x4e\x01"}  # NAL unit headers of an SEI message
_SEI_BODY = bytes((5, 17)) + b"yanshou-emulation" + b"\x80"  # user data, no picture


class StreamingDevice(Protocol):
    """The device that sends: its id, its clock, and where what it does is logged."""

    truth: StreamTruth

    @property
    def id(self) -> str:
        """Identifier in the site."""

    def now(self) -> float:
        """Unix seconds by its own clock."""


class Packing(Protocol):
    """How pictures become the payloads of RTP packets; ``media_s`` is the time since the start, in s."""

    def of_loop(self, loop: CodedLoop, index: int, media_s: float) -> tuple[bytes, ...]:
        """The payloads of picture ``index`` of a coded loop."""

    def of_frame(self, sets: ParameterSets, frame: CodedFrame, media_s: float) -> tuple[bytes, ...]:
        """The payloads of one frame."""


@dataclass(frozen=True, slots=True)
class ElementaryPacking:
    """NAL units in RTP without a container, in payloads of at most ``largest`` bytes."""

    largest: int

    def of_loop(self, loop: CodedLoop, index: int, media_s: float) -> tuple[bytes, ...]:  # noqa: ARG002
        """The payloads of picture ``index`` of a coded loop."""
        return payloads(loop, index, self.largest)

    def of_frame(self, sets: ParameterSets, frame: CodedFrame, media_s: float) -> tuple[bytes, ...]:  # noqa: ARG002
        """The payloads of one frame."""
        return frame_payloads(sets, frame, self.largest)


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


async def send_live(
    device: StreamingDevice, channel: Channel, outlet: Outlet, packing: Packing | None = None
) -> None:
    """Send what a channel sees until cancelled or the client is gone, at the actual rate."""
    sending = _Sending(device, channel, outlet, packing or ElementaryPacking(channel.largest_payload))
    scene, fps = channel.scene, channel.fps
    size = f"{scene.width}x{scene.height}"
    started = {"camera": channel.token, "fps": fps, "size": size, "transport": outlet.transport.header}
    device.truth.write(device.id, "stream_started", started)
    try:
        await sending.run()
    finally:
        tally = sending.tally
        ended = {"camera": channel.token, "frames": tally.frames, "fps": tally.fps}
        device.truth.write(device.id, "frame_rate_sent", ended)


class _Sending:
    """One stream under way."""

    def __init__(self, device: StreamingDevice, channel: Channel, outlet: Outlet, packing: Packing) -> None:
        self._device, self._channel, self._outlet = device, channel, outlet
        self._packing = packing
        self._behaviour = channel.behaviour
        self._live, self._sets = channel.live(), channel.sets
        self._random = random.Random()  # noqa: S311 - delays, no secret
        self._start = time.perf_counter()
        self._report_due = 0.0
        self._lit: bool | None = None
        self._reset = False
        self._stranger = RtpSource()
        self.tally = _Tally()

    async def run(self) -> None:
        """Send frame after frame; each is sent after the one before, however late that was."""
        behaviour, number = self._behaviour, 0
        await asyncio.sleep(behaviour.first_picture_delay)
        self._start = time.perf_counter()
        while self._outlet.alive():
            media_s = number / self._channel.fps
            if behaviour.stop_stream is not None and media_s >= behaviour.stop_stream:
                self._device.truth.write(self._device.id, "stream_stopped", self._channel.token)
                await asyncio.Event().wait()
            late = behaviour.delay + self._random.uniform(0.0, behaviour.jitter / 1e3)
            await asyncio.sleep(self._start + media_s + late - time.perf_counter())
            self._send(number, media_s)
            number += 1

    def _send(self, number: int, media_s: float) -> None:
        outlet, behaviour = self._outlet, self._behaviour
        timestamp = self._timestamp(number / FPS if behaviour.nominal_stamps else media_s)
        if media_s >= self._report_due and not behaviour.no_sender_reports:
            outlet.transport.rtcp(outlet.source.sender_report(self._clock_at(media_s), timestamp))
            self._report_due += REPORT_EVERY_S
        frozen = behaviour.freeze is not None and media_s >= behaviour.freeze
        parts = self._parts(0 if frozen else number, 0.0 if frozen else media_s, media_s)
        if behaviour.marked_sei and number % 2:
            parts = (_SEI[self._sets.codec] + _SEI_BODY,)
        if outlet.transport.clogged or self._random.random() < behaviour.drop_frames:
            return
        if behaviour.foreign_packets and (number % 2 or not number):
            self._send_foreign(self._stranger, parts, timestamp)
        if behaviour.foreign_packets and number % 2:
            return
        packets = outlet.source.frame(parts, timestamp)
        if _OUTAGE_FROM_S <= media_s < _OUTAGE_FROM_S + behaviour.outage:
            return  # numbered and sent, and lost on the path
        outlet.transport.rtp(packets)
        if behaviour.second_payload:
            self._send_foreign(outlet.source, (_SEI_BODY,), timestamp)
        self.tally.count()

    def _send_foreign(self, source: RtpSource, parts: tuple[bytes, ...], timestamp: int) -> None:
        """Send ``parts`` of a source with a payload type that nobody announced."""
        packets = source.frame(parts, timestamp)
        kinds = (packet[1] & 0x80 | _FOREIGN_TYPE for packet in packets)
        self._outlet.transport.rtp(
            [packet[:1] + bytes((kind,)) + packet[2:] for packet, kind in zip(packets, kinds, strict=True)]
        )

    def _parts(self, number: int, seen_s: float, media_s: float) -> tuple[bytes, ...]:
        """The payloads of a picture: of a coded loop, or coded now if the picture shows the time.

        ``seen_s`` is when it was taken, and ``media_s`` when it is shown; they differ in a frozen picture.
        """
        if self._live is None:
            loop = self._seen(seen_s)
            return self._packing.of_loop(loop, number % len(loop.frames), media_s)
        coded = self._live.coded(number, self._clock_at(seen_s))
        return self._packing.of_frame(self._sets, coded, media_s)

    def _clock_at(self, media_s: float) -> float:
        """What the device's clock showed when a picture was taken.

        The processor may be given away between the two clocks; then both are read again.
        """
        while True:
            before, clock, after = time.perf_counter(), self._device.now(), time.perf_counter()
            if after - before < _AT_ONCE_S:
                return clock - (after - self._start - media_s)

    def _timestamp(self, media_s: float) -> int:
        """The RTP time of a picture; restarted once if that is planted."""
        reset = self._behaviour.reset_timestamps
        if reset is not None and media_s >= reset and not self._reset:
            self._reset = True
            self._outlet.source.base ^= _RESET_TICKS
            self._device.truth.write(self._device.id, "timestamps_reset", media_s)
        return self._outlet.source.timestamp(media_s)

    def _seen(self, media_s: float) -> CodedLoop:
        """What was in view when the picture was taken; a changed lamp is logged with its picture."""
        channel = self._channel
        change = self._behaviour.change_resolution
        if change is not None and media_s >= change:
            return coded_loop(channel.halved, channel.codec)
        loop = channel.seen(self._start + media_s)
        if loop.scene.lamp != self._lit and self._lit is not None:
            self._device.truth.write(self._device.id, "lamp_sent", loop.scene.lamp)
        self._lit = loop.scene.lamp
        return loop
