# SPDX-License-Identifier: Apache-2.0
"""Sends replays of recorded time; also defines where senders send to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from yanshou.emulation.video import archive
from yanshou.emulation.video.archive import ArchiveFrame, Segment
from yanshou.emulation.video.coding import FPS, CodedFrame, ParameterSets
from yanshou.emulation.video.device import EmulatedDevice, Recording
from yanshou.emulation.video.faults import DAY_S
from yanshou.emulation.video.rtp import ReplayMark, RtpSource, frame_payloads
from yanshou.emulation.video.transports import MediaTransport

_MOST_ZEROS = 40  # they stay within a packet


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where a sender sends: numbering, transport, and whether the client still shows signs of life."""

    source: RtpSource
    transport: MediaTransport
    alive: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class ReplayOrder:
    """One PLAY of a replay: the periods that can be played, the end asked for, and how."""

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
    begin = order.segments[0][0] if order.segments else order.until
    behaviour = recording.behaviour
    sets, coded = replayed(recording, device.labelled_ahead, begin)
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
            kept = coded(frame)
            if sectors_lost(recording, device.recorded_now() - frame.utc):
                kept = half_zeros(kept)
            parts = _salted(frame_payloads(sets, kept), salt)
            outlet.transport.rtp(outlet.source.frame(parts, timestamp, mark))
            sent += 1
            await outlet.transport.drain()
            await asyncio.sleep(0)  # other clients wait while a picture is drawn
        if not order.with_marks:
            outlet.transport.rtcp(outlet.source.goodbye())
    finally:
        device.truth.write(device.id, "replay_ended", {"recording": recording.token, "frames": sent})


def replayed(
    recording: Recording, labelled_ahead: float, begin: float
) -> tuple[ParameterSets, Callable[[ArchiveFrame], CodedFrame]]:
    """What a recording holds of a frame, drawn and coded now, because no two moments look alike."""
    pictures = recording.pictures(labelled_ahead, begin)
    still, twice = recording.behaviour.footage_repeats == 0, recording.behaviour.recorded_twice

    def coded(frame: ArchiveFrame) -> CodedFrame:
        index = 0 if still else frame.index
        again = index % 2 if twice else 0
        return pictures.coded(index - again, frame.utc - again / FPS, intra=frame.clean)

    return pictures.sets, coded


def _mark(frame: ArchiveFrame, cseq: int, shift: float) -> ReplayMark:
    return ReplayMark(frame.utc + shift, cseq, frame.clean, frame.end, frame.discontinuity, frame.terminal)


def sectors_lost(recording: Recording, age_s: float) -> bool:
    """Whether the pictures of that age are damaged on the disk."""
    days = recording.behaviour.footage_damaged
    return days is not None and age_s > days * DAY_S


def half_zeros(frame: CodedFrame) -> CodedFrame:
    """The frame with the second half of each of its units set to zero."""
    return replace(
        frame, nals=tuple(one[: len(one) // 2] + bytes(len(one) - len(one) // 2) for one in frame.nals)
    )


def _salted(parts: tuple[bytes, ...], salt: int) -> tuple[bytes, ...]:
    """The packets of a frame with other bytes in each replay, and the same picture: zero words at its end.

    ``cabac_zero_word`` may follow a slice (H.264 7.3.2.8, H.265 7.3.2.9); no decoder takes it for damage.
    """
    if not salt:
        return parts
    return (*parts[:-1], parts[-1] + b"\0\0\3" * (1 + salt % _MOST_ZEROS))
