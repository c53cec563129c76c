# SPDX-License-Identifier: Apache-2.0
"""What a recorder lists, and the result of playing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yanshou.model.instant import Instant
from yanshou.model.stream import Distinct, Luma


@dataclass(frozen=True, slots=True)
class Segment:
    """A recorded period, [start, end) in UTC of the recorder's clock."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class RecordedChannel:
    """One recording of a recorder: its token, the camera it belongs to, and what the recorder lists.

    ``tracks`` are the tokens of its video tracks, ``keeps`` how long the recorder says that it keeps it.
    ``unclear`` says which part of its list could not be read; recordings are then unknown whatever
    ``segments`` says. ``seams`` are moments at which it began again without a reported end, so there may be a
    gap before them.
    """

    token: str
    source: str
    name: str
    segments: tuple[Segment, ...]
    earliest: datetime | None
    latest: datetime | None
    tracks: frozenset[str] = frozenset()
    keeps: timedelta | None = None
    unclear: str = ""
    seams: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingSummary:
    """What a recorder reports of all its recordings at once; None for what it does not report."""

    earliest: datetime | None
    latest: datetime | None
    recordings: int | None


@dataclass(frozen=True, slots=True)
class PlayedFrame:
    """One replayed frame: RTP time in ticks, its UTC and flags by the replay extension, its size in bytes.

    ``flags`` are the letters of ONVIF: C clean point, E end of a contiguous section, D after a
    discontinuity, T terminal frame. ``sha256`` is over the coded frames up to this one.
    """

    rtp_ticks: int
    utc: datetime | None
    flags: str
    size: int
    complete: bool
    sha256: bytes = b""


@dataclass(frozen=True, slots=True, eq=False)
class Playback:
    """The result of playing from ``asked``: frames, their UTC from 0xABAC, one decoded luma plane.

    ``refused`` holds the recorder's words when nothing came. ``frames_played`` are the frames in the order
    they came; ``commanded`` and ``shown`` when the command went out and the first decoded picture had come;
    ``sha256`` is over all coded frames, empty when any was incomplete; ``track`` as the description names it;
    ``later`` is the luma plane of the last decoded picture, None where there was but one; ``between`` are
    some of those between the first and it.
    """

    asked: datetime
    frames: int
    decoded: int
    first: datetime | None
    last: datetime | None
    picture: Luma | None = None
    refused: str = ""
    frames_played: tuple[PlayedFrame, ...] = ()
    clock_rate: int = 90_000
    commanded: Instant | None = None
    shown: Instant | None = None
    sha256: str = ""
    track: str = ""
    between: tuple[Luma, ...] = ()
    later: Luma | None = None
    distinct: Distinct | None = None  # of the decoded pictures, where all frames were asked for
    qp: float | None = None  # mean quantiser of the first decoded picture, None if unknown
    damaged: int = 0  # pictures that were damaged, or after one, and left out
    scale: float = 1.0  # how many times the recorded speed the recorder says it plays at


class TamperResult(StrEnum):
    """The outcome of an attempt to alter or delete a recording."""

    REFUSED = "refused"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"  # refused for another reason, or not offered: nothing is proved
