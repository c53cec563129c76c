# SPDX-License-Identifier: Apache-2.0
"""What a recorder lists, and what playing it gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yanshou.model.instant import Instant
from yanshou.model.stream import Luma


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of recording, [start, end) in UTC of the recorder's clock."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class RecordedChannel:
    """One recording of a recorder: its token, the camera it belongs to, and what the recorder lists.

    ``tracks`` are the tokens of its video tracks, ``keeps`` how long the recorder says that it keeps it.
    ``unclear`` says what of its list could not be read: what is recorded is unknown then, ``segments`` or
    not.  ``seams`` are moments at which it began again without having ceased: what lies before may be a gap.
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
    """What a recorder says of all its recordings at once; None where it does not tell."""

    earliest: datetime | None
    latest: datetime | None
    recordings: int | None


@dataclass(frozen=True, slots=True)
class PlayedFrame:
    """One replayed frame: RTP time in ticks, its UTC and flags by the replay extension, its size in bytes.

    ``flags`` are the letters of ONVIF: C clean point, E end of a contiguous section, D after a
    discontinuity, T terminal frame.
    """

    rtp_ticks: int
    utc: datetime | None
    flags: str
    size: int
    complete: bool


@dataclass(frozen=True, slots=True, eq=False)
class Playback:
    """What playing from ``asked`` really gave: frames, their UTC from 0xABAC, one decoded luma plane.

    ``refused`` holds the recorder's words when nothing came.  ``trail`` are the frames in the order they
    came; ``commanded`` and ``shown`` when the command went out and the first decoded picture had come;
    ``sha256`` is over all coded frames, empty when any was incomplete; ``track`` as the description names it;
    ``later`` is the luma plane of the last decoded picture, None where there was but one.
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
    later: Luma | None = None


class TamperResult(StrEnum):
    """What came of an attempt to alter or delete a recording."""

    REFUSED = "refused"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"  # refused for another reason, or not offered: nothing is proved
