# SPDX-License-Identifier: Apache-2.0
"""A download of GB/T 28181 as a test makes it: a piece of a recording, faster than it was recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from yanshou.acquisition.receiver import ReceivedFrame
from yanshou.drivers.gb28181.call import CallRefused
from yanshou.drivers.gb28181.recorder import GbRecorder
from yanshou.drivers.stream.looked import SeenFrames, seen_of
from yanshou.drivers.stream.taken import FIRST_FRAMES
from yanshou.equipment.gb_calls import wait_end
from yanshou.equipment.recordings.player import Sight, view_of
from yanshou.evaluation.gb_download import Download
from yanshou.imaging.likeness import Shows
from yanshou.metrology.own_loss import own_loss
from yanshou.model import now
from yanshou.model.recording import RecordedChannel, Segment
from yanshou.model.stream import Luma

LENGTH_S: Final = 30.0
"""Length of the piece: so long that no speed can be mistaken for another."""
SPEED: Final = 4
_INSIDE_S: Final = 4.0  # of the listed period, before the piece
_REFERENCE_S: Final = 5.0
_SILENT_S: Final = 6.0
_LATE_S: Final = 20.0
_SPEEDS: Final = "VideoParamOpt/DownloadSpeed"

_Reads = Callable[[Luma], datetime | None]


def downloaded(recorder: GbRecorder, channel: RecordedChannel, segment: Segment, sight: Sight) -> Download:
    """Download a piece of a listed period, and play its beginning for comparison."""
    reads = sight.clocks.get(channel.source)
    begins = segment.start.astimezone(recorder.zone).replace(microsecond=0)
    start = begins + timedelta(seconds=1 + _INSIDE_S)
    end = start + timedelta(seconds=LENGTH_S)
    speed = _speed(recorder)
    call = recorder.download(
        channel, start, end, speed=speed, seconds=LENGTH_S + _LATE_S, idle_s=LENGTH_S + _LATE_S
    )
    with call:
        try:
            call.open()
        except CallRefused as refused:
            return Download(start, end, speed, refused.status)
        notice = wait_end(call, until=now() + LENGTH_S + _LATE_S, silent_s=_SILENT_S)
        by_device = call.ended_by_device
        call.stop_early()
        bye = call.hang_up()
    frames = [one for one in call.frames if one.complete]
    arrivals = call.packets["arrival"]
    way = str(call.opened.get("transport", ""))
    ended = call.ended
    rate = int(call.opened["clock_rate"])
    seen = seen_of(str(ended["codec"]), frames, FIRST_FRAMES, rate, quantisers=0)
    views = sight.descriptors()
    view, whose = view_of(channel.source, _pictures(seen), views)
    return Download(
        start,
        end,
        speed,
        200,
        call.answer.speed,
        call.answer.size,
        _timed(frames, rate),
        int(call.packets["bytes"].sum()),
        _playback_fps(recorder, channel, start),
        _shown(seen, reads, recorder.zone),
        notice is not None,
        None if by_device else (bye.status if bye else 0),
        own_loss(way, int(ended["lost"]), ended["dropped_here"], int(ended["missed_here"])),
        seen.damaged,
        seen.decoded,
        ("结束后由设备拆除（BYE）",) if by_device else (),
        _inner(seen, reads, recorder.zone),
        whose if view is Shows.OTHER else "",
        view is Shows.OWN if views.get(channel.source) is not None else None,
        float(arrivals.max()) - notice.latest if notice is not None and len(arrivals) else 0.0,
    )


def _speed(recorder: GbRecorder) -> int:
    """The highest speed up to SPEED that it says it has; SPEED where it says nothing."""
    said = recorder.configuration("VideoParamOpt").get(_SPEEDS, "")
    named = [int(one) for one in said.split("/") if one.strip().isdecimal()]
    return max((one for one in named if 1 < one <= SPEED), default=SPEED)


def _timed(frames: Sequence[ReceivedFrame], rate: int) -> list[tuple[float, float]]:
    first = frames[0].rtp_ticks if frames else 0
    return [((one.rtp_ticks - first) / rate, one.arrival) for one in frames]


def _playback_fps(recorder: GbRecorder, channel: RecordedChannel, start: datetime) -> float | None:
    """Frames a second of a playback from ``start`` on; None if it gave too few."""
    end = start + timedelta(seconds=_REFERENCE_S)
    with recorder.playback(channel, start, end, seconds=_REFERENCE_S) as call:
        try:
            call.open()
            call.finish()
        except CallRefused:
            return None
    times = [at for at, _ in _timed(call.frames, int(call.opened["clock_rate"]))]
    span = max(times) - min(times) if times else 0.0
    return (len(times) - 1) / span if span > 1 else None


def _pictures(seen: SeenFrames) -> list[Luma]:
    ends = [one.luma for one in (seen.first, seen.last) if one]
    return [*ends[:1], *seen.between, *ends[1:]]


def _inner(seen: SeenFrames, reads: _Reads | None, zone: ZoneInfo) -> list[tuple[float, datetime]]:
    """The clock in some pictures between, where it can be read, with their times in s."""
    if reads is None:
        return []
    read = ((at, reads(luma)) for at, luma in zip(seen.between_s, seen.between, strict=True))
    return [(at, one.astimezone(zone)) for at, one in read if one is not None]


def _shown(seen: SeenFrames, reads: _Reads | None, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """The clock in the first picture and in the last one, in local time."""
    if reads is None:
        return None, None
    read = [reads(one.luma) if one else None for one in (seen.first, seen.last or seen.first)]
    begun, ended = (None if one is None else one.astimezone(zone) for one in read)
    return begun, ended
