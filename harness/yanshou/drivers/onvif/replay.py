# SPDX-License-Identifier: Apache-2.0
"""Replays one recording by ONVIF (Streaming Specification, chapter 6), frame by frame."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from yanshou.acquisition.host_counts import HostCounts, host_counts
from yanshou.drivers.stream.taken import TakenFrames
from yanshou.metrology.own_loss import own_loss
from yanshou.model import Instant, RigFault, now, own_time
from yanshou.model.recording import Playback
from yanshou.protocols.rtsp import AccessUnit, RtspSession, replay_headers
from yanshou.protocols.rtsp.replay import ReplayStamp, granted_scale

_FIRST_PICTURE_S: Final = 8.0
_IDLE_S: Final = 2.0
_LEAST_WAIT_S: Final = 30.0
_UDP: Final = "udp"
_TCP: Final = '用空闲的计算机再测，或在其连接中写 transport = "tcp"。'
_FLAGS: Final = (("C", "clean"), ("E", "end"), ("D", "broken"), ("T", "terminal"))


def replayed(
    session: RtspSession,
    at: datetime,
    seconds: float,
    commanded: float,
    *,
    intra: bool,
    paced: bool,
    note: Callable[[str], None],
    apart_s: int = 0,
) -> Playback:
    """Play [at, at + seconds) in ``session`` and decode it; ``commanded`` is the time of the request.

    Of an ``intra`` playback the key frames at least ``apart_s`` apart are asked for, and up to four of them
    decoded, from the first to the last. Raises RigFault if this computer threw packets away itself and that
    may change the result: of an ``intra`` playback the first picture counts, of any other every frame.
    """
    offered = session.describe()
    if offered and not any(one.kind == "video" for one in offered):
        kinds = ", ".join(sorted({one.kind for one in offered}))
        return Playback(at, 0, 0, None, None, refused=f"the replay offers {kinds} and no video.")
    track = session.setup(offered)
    end = at + timedelta(seconds=seconds)
    # inside the RTSP connection nothing is lost, and a long archive is played thousands of times
    before = host_counts() if track.transport == _UDP else HostCounts()
    answer = session.play(replay_headers(at, end, rate_control=paced, intra_only=intra, apart_s=apart_s))
    taken = _received(session, end, seconds)
    why = _own_loss(session, before)
    stamped = [frame.utc for frame in taken.frames_played if frame.utc is not None]
    if taken.count and not stamped:
        note("replayed frames carry no UTC (extension 0xABAC); their time is not proved")
    decoding = own_time()
    seen = taken.seen(track.codec, track.media.clock_rate, track.media.parameter_sets, intra=intra)
    first, last = seen.first, seen.last
    if why and not (first and intra):
        raise RigFault(f"{why}。", device=session.device, remedy=_TCP)
    why = session.ended or "no packet came"
    return Playback(
        asked=at,
        frames=taken.count,
        decoded=seen.decoded,
        first=stamped[0] if stamped else None,
        last=stamped[-1] if stamped else None,
        picture=first.luma if first else None,
        refused="" if taken.count else f"PLAY was accepted, but no picture came ({why}).",
        frames_played=tuple(taken.frames_played),
        clock_rate=track.media.clock_rate,
        commanded=Instant(commanded, commanded),
        shown=taken.shown(first, (own_time() - decoding) / max(1, seen.decoded), session.late_s),
        sha256=taken.sha256,
        track=track.media.onvif_track,
        qp=first.qp if first else None,
        distinct=seen.distinct,
        between=seen.between,
        later=last.luma if last else None,
        damaged=seen.damaged,
        scale=granted_scale(answer.headers),
    )


def _received(session: RtspSession, end: datetime, seconds: float) -> TakenFrames[AccessUnit]:
    taken = TakenFrames[AccessUnit]()
    before: datetime | None = None
    deadline = now() + max(_LEAST_WAIT_S, 2 * seconds)
    for unit in session.frames(deadline, idle_s=_IDLE_S, first_s=_FIRST_PICTURE_S):
        taken.take(unit, unit.utc, _flags(unit.stamp))
        if _is_last(unit, before, end):
            break
        before = unit.utc or before
    return taken


def _own_loss(session: RtspSession, before: HostCounts) -> str:
    """Why what is missing cannot be held against the recorder; empty if it can."""
    track = session.track
    assert track is not None
    if track.transport != _UDP:
        return own_loss(track.transport, track.sequencer.lost, session.dropped_here, 0)
    dropped = before.full_buffers(session.dropped_here)
    return own_loss(track.transport, track.sequencer.lost, dropped, before.missed_since())


def _is_last(unit: AccessUnit, before: datetime | None, end: datetime) -> bool:
    """Whether no more of the range can follow: the next frame would be past its end."""
    if unit.stamp is None:
        return False
    interval = unit.stamp.utc - before if before is not None else timedelta(0)
    return unit.stamp.terminal or unit.stamp.utc + max(interval, timedelta(0)) >= end


def _flags(stamp: ReplayStamp | None) -> str:
    return "".join(letter for letter, name in _FLAGS if getattr(stamp, name, False))
