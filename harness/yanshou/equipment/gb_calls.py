# SPDX-License-Identifier: Apache-2.0
"""Calls of GB/T 28181 as a test makes them: a live call to its end, a playback under control."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from yanshou.acquisition.receiver import ReceivedFrame
from yanshou.drivers.gb28181.call import CallRefused, EndedCall, PlayedCall
from yanshou.drivers.gb28181.camera import GbCamera
from yanshou.drivers.gb28181.recorder import GbRecorder
from yanshou.drivers.stream import live
from yanshou.evaluation.gb_media import NOTICE_EARLY_S, LiveCall, PlaybackControl, Reconnects, Sought
from yanshou.metrology.own_loss import own_loss
from yanshou.model import Instant, RigFault, now
from yanshou.model.recording import RecordedChannel, Segment
from yanshou.model.stream import Luma
from yanshou.protocols.gb28181 import mansrtsp
from yanshou.protocols.gb28181.media_offer import MediaWay
from yanshou.protocols.rtsp.decode import decode

LIVE_S: Final = 4.0
RECONNECT_S: Final = 30.0
"""How long a device is usually watched that cannot keep its media connection."""
PLAYED_S: Final = 60.0
"""Length of a controlled playback; a shorter recording is not long enough to tell a seek from none."""
_LEFT_S: Final = 12.0
_SPEED: Final = 2.0
_STEP_S: Final = 3.0
_GRACE_S: Final = 1.0
_NOTICE_S: Final = 6.0
_QUIET_S: Final = 2.0
_SETTLE_S: Final = 0.3  # what was under way when the seek was answered
_PICTURES: Final = 3
_POLL_S: Final = 0.1


def live_call(camera: GbCamera, way: MediaWay, *, h265: bool = False) -> LiveCall:
    """One live call, ended by BYE and watched on; ``h265``: offered without a container."""
    call = camera.ended_call(way, LIVE_S, h265=h265)
    try:
        capture = live.capture(call, pictures=_PICTURES, key_frames_only=False)
    except CallRefused:
        return LiveCall(call.call_facts())
    except RigFault:
        if not call.ended:  # the reception itself failed: the device answers for nothing
            raise
        return LiveCall(call.call_facts(), own_loss=_own_loss(call))
    facts = call.call_facts()
    profile = capture.bitstream.profile if capture.bitstream else ""
    return LiveCall(facts, len(capture.pictures), _own_loss(call), profile, capture.codec)


def connections(camera: GbCamera, watch_s: float) -> Reconnects:
    """When the device opened a media connection that was reset each time.

    Watched for ``watch_s`` from the answer to INVITE on. CallRefused if the device takes no call over TCP.
    """
    call = camera.refused_call(watch_s)
    with call:
        call.open()
        call.finish()
        facts = call.call_facts()
    return Reconnects(tuple(facts.connections), now(), ended=facts.ended_by_device)


def _own_loss(call: EndedCall | PlayedCall) -> str:
    ended, way = call.ended, str(call.opened.get("transport", ""))
    return own_loss(way, int(ended["lost"]), ended["dropped_here"], int(ended["missed_here"]))


def longest(channel: RecordedChannel) -> Segment | None:
    """The longest listed period of a recording; None if none is long enough for a controlled playback."""
    found = max(channel.segments, key=lambda one: one.end - one.start, default=None)
    return found if found is not None and (found.end - found.start).total_seconds() >= PLAYED_S else None


def controlled_playback(recorder: GbRecorder, channel: RecordedChannel, segment: Segment) -> PlaybackControl:
    """Play a minute of a listed period, pause, go on, and jump to near its end at twice the speed."""
    end = segment.start + timedelta(seconds=PLAYED_S)
    call = recorder.playback(channel, segment.start, end, seconds=4 * PLAYED_S, idle_s=PLAYED_S)
    with call:
        try:
            call.open()
        except CallRefused as refused:
            return PlaybackControl({"INVITE": refused.status})
        statuses = {"INVITE": 200}
        if next(call.live(), None) is None:
            return PlaybackControl(statuses, own_loss=_own_loss(call))
        time.sleep(_STEP_S)
        paused = _sent(call, statuses, "PAUSE", mansrtsp.pause(call.next_control()))
        before = len(call.frames)
        time.sleep(_STEP_S)
        going = _sent(call, statuses, "PLAY", mansrtsp.play(call.next_control()))
        time.sleep(_STEP_S)
        resumed = sum(one.arrival > going.latest for one in call.frames)
        place = mansrtsp.play(call.next_control(), scale=_SPEED, start_s=PLAYED_S - _LEFT_S)
        moved = _sent(call, statuses, "Scale/Range", place)
        notice = wait_end(call, until=moved.latest + _LEFT_S + _NOTICE_S)
        seen_until = now()
        call.stop_early()
        bye = call.hang_up()
        statuses["BYE"] = 200 if call.ended_by_device else (bye.status if bye else 0)
    arrivals = call.packets["arrival"]
    quiet = (arrivals > paused.latest + _GRACE_S) & (arrivals < going.earliest)
    last = float(arrivals.max()) if len(arrivals) else moved.latest
    return PlaybackControl(
        statuses,
        before,
        int(quiet.sum()),
        resumed,
        _LEFT_S,
        _SPEED,
        last - moved.latest if last < seen_until - _QUIET_S / 2 else None,
        None if notice is None else notice.latest - moved.latest,
        sum(one.arrival > moved.latest + _SETTLE_S for one in call.frames),
        _own_loss(call),
    )


def wait_end(call: PlayedCall, *, until: float, silent_s: float = math.inf) -> Instant | None:
    """Wait until the device told its end and sends nothing more; the notice, or None if none came.

    A notice may be early, or of a call before: while media come, the end is not there. ``silent_s``: after so
    many seconds without media no notice is waited for.
    """
    while now() < until and not call.ended:
        notice = call.end_reported(until=now() + _POLL_S)
        last = call.frames[-1].arrival if call.frames else -math.inf
        if notice is not None and notice.latest > last - NOTICE_EARLY_S:
            if now() - max(last, notice.latest) > _QUIET_S:
                break
        elif call.ended_by_device or (call.frames and now() - last > silent_s):
            break
        time.sleep(_POLL_S)
    return call.end_reported(until=now())


def sought(
    recorder: GbRecorder, channel: RecordedChannel, segment: Segment, reads: Callable[[Luma], datetime | None]
) -> Sought:
    """Play a minute of a listed period, jump into its middle, and read the clock in the picture there."""
    start = segment.start.replace(microsecond=0)
    asked = start + timedelta(seconds=PLAYED_S / 2)
    call = recorder.playback(
        channel, start, start + timedelta(seconds=PLAYED_S), seconds=PLAYED_S, idle_s=PLAYED_S / 4
    )
    with call:
        call.open()
        if next(call.live(), None) is None:
            return Sought(asked, None, "回放没有画面")
        time.sleep(_STEP_S)
        statuses: dict[str, int] = {}
        moved = _sent(call, statuses, "Range", mansrtsp.play(call.next_control(), start_s=PLAYED_S / 2))
        time.sleep(_STEP_S)
        call.stop_early()
    if statuses["Range"] // 100 != 2:  # noqa: PLR2004 - success
        return Sought(asked, None, f"定位命令的应答为 {statuses['Range'] or '无'}")
    codec, begun = str(call.ended["codec"]), call.frames[0].arrival
    off_s = _begun_off_s(codec, call.frames[0], start, reads)
    shown: list[datetime] = []
    for key in (one for one in call.frames if one.arrival > moved.earliest and one.key):
        made = decode(codec, [(0, key)], at_most=1) if key.complete else []
        read = reads(made[0].luma) if made else None
        if read is None:  # a later one would tell another time than where the playback went
            return Sought(asked, None, "画面中的时钟无法读出" if made else "定位后的画面损坏")
        unmoved = start + timedelta(seconds=key.arrival - begun)
        if abs(read - asked) < abs(read - unmoved):
            return Sought(asked, read, begun_off_s=off_s)
        shown += [read] if key.arrival > moved.latest + _SETTLE_S else []
    if not shown:
        return Sought(asked, None, "定位后没有可解码的画面")
    return Sought(asked, shown[0], begun_off_s=off_s)


def _begun_off_s(
    codec: str, first: ReceivedFrame, start: datetime, reads: Callable[[Luma], datetime | None]
) -> float | None:
    """The clock in the first picture minus the time the playback was to begin at; None if it has none."""
    made = decode(codec, [(0, first)], at_most=1) if first.key and first.complete else []
    read = reads(made[0].luma) if made else None
    return None if read is None else (read - start).total_seconds()


def _sent(call: PlayedCall, statuses: dict[str, int], name: str, body: bytes) -> Instant:
    """An INFO; returns when it was answered, else when it was sent."""
    answer = call.control(body)
    statuses[name] = answer.status
    return answer.answered or answer.sent
