# SPDX-License-Identifier: Apache-2.0
"""What a recorder holds of each camera over the required window, by its own list.

The list is combined with the recorder's clock, the inventory and declared maintenance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from yanshou.evaluation.coverage import FINEST, Excuse, Gap, gaps_of, joined, weighed
from yanshou.evaluation.projection import Storage
from yanshou.model import RigFault
from yanshou.model.recording import RecordedChannel, RecordingSummary, Segment

_SAMPLES = 4
SHORT_SHARE = 0.001
"""The usual share of the required time that short gaps may take together."""
_BEFORE = "投用前"
_QUARTER_S = 900.0
_FUTURE_S = 300.0
_MOST_ZONE_S = 14 * 3600.0
_PLANNED_S = 2 * 3600.0 + _FUTURE_S  # the longest file whose end is listed beforehand
_EVER = datetime.min.replace(tzinfo=UTC)


class UnclearList(RigFault):
    """The list of the recorder exists but cannot be read.

    Recordings are unknown, neither present nor missing.
    """


@dataclass(frozen=True, slots=True)
class Window:
    """The required window: ``days`` back from ``now``, for these cameras.

    Short gaps are excused while they are few.

    A gap up to ``tolerance`` is short; all of them together may be ``short_share`` of the window. ``limits``
    are the days asked for by the requirements (``days`` is the longest); ``tokens`` names the recording of a
    camera where its source does not; ``since`` when a camera was put into use, where that was later than
    ``commissioned``; ``excuses`` declared maintenance by camera; ``storage`` what the recorder's disks hold,
    for the projection of a young system; ``utc_offset`` by how much local time is ahead of UTC.
    """

    now: datetime
    days: float
    cameras: tuple[str, ...]
    commissioned: datetime | None
    seed: str
    tolerance: timedelta = timedelta(seconds=60)
    short_share: float = SHORT_SHARE
    samples: int = _SAMPLES
    limits: tuple[float, ...] = ()
    tokens: Mapping[str, str] = field(default_factory=dict)
    since: Mapping[str, datetime] = field(default_factory=dict)
    excuses: Mapping[str, Sequence[Excuse]] = field(default_factory=dict)
    storage: Storage = field(default_factory=Storage)
    utc_offset: timedelta = timedelta(0)

    @property
    def start(self) -> datetime:
        """Where the window begins."""
        return self.now - timedelta(days=self.days)

    def put_into_use(self, camera: str) -> datetime | None:
        """The beginning of the camera's duty; None if not stated."""
        return self.since.get(camera, self.commissioned)

    def least(self) -> float:
        """The shortest of the required limits, in days."""
        return min(self.limits, default=self.days)


@dataclass(frozen=True, slots=True)
class RecorderNow:
    """The time of the recorder's own clock, by which it labels its recordings; known to ± ``known_s`` s."""

    now: datetime
    known_s: float
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """The answer of recorder ``device``: its time, its recordings, and those without reported segments."""

    device: str
    clock: RecorderNow
    channels: tuple[RecordedChannel, ...]
    without_segments: frozenset[str]


@dataclass(frozen=True, slots=True)
class Holding:
    """What a recorder holds of the cameras of a window: their recordings, and its own now.

    ``now`` is by the clock that labels the recordings; ``clock_s`` is the uncertainty of that.
    """

    now: datetime
    clock_s: float
    lines: Mapping[str, Sequence[RecordedChannel]]
    remarks: tuple[str, ...]

    def remarked(self, remarks: Iterable[str]) -> Holding:
        """The same with additional remarks."""
        return replace(self, remarks=(*self.remarks, *remarks))


def held(listing: Listing, window: Window) -> Holding:
    """Combine the labels of a recorder with its clock.

    Raises RigFault if the cameras cannot be identified among its recordings, UnclearList if the list cannot
    be read.
    """
    lines = _by_camera(listing, window)
    ends = [segment.end for channel in listing.channels for segment in channel.segments[-1:]]
    aheads = [(end - listing.clock.now).total_seconds() for end in ends]
    ahead_s = max(aheads, default=0.0)
    _refuse_utc_as_local(listing.device, ahead_s, window)
    shift = _label_shift(aheads, window)
    remarks = list(listing.clock.remarks)
    if shift:
        remarks.append(f"录像时间比录像机时钟超前 {shift.total_seconds() / 3600:g} h：当地时间被标作 UTC")
    elif ahead_s > _FUTURE_S:
        remarks.append(f"录像清单列至录像机时钟之后 {ahead_s / 3600:.2f} h，此后的部分未计入")
    return Holding(listing.clock.now + shift, listing.clock.known_s, lines, tuple(remarks))


def _label_shift(aheads: Sequence[float], window: Window) -> timedelta:
    """How far recordings are labelled ahead of the recorder's clock, in quarters of an hour.

    ``aheads``: by how many seconds the newest one of each camera ends after it.

    Recordings from the future are impossible, so local time east of Greenwich was labelled as UTC. Not where
    a camera's newest one ends now: its labels are right. Nor up to two hours, unless local time is ahead by
    that: some recorders list the file that they are writing with the end it will have.
    """
    ahead = max(aheads, default=0.0)
    if any(abs(one) <= _FUTURE_S for one in aheads):
        return timedelta(0)
    if ahead <= _PLANNED_S and abs(ahead - window.utc_offset.total_seconds()) > _FUTURE_S:
        return timedelta(0)
    quarters = round(ahead / _QUARTER_S)
    near = abs(ahead - quarters * _QUARTER_S) <= _FUTURE_S
    return (
        timedelta(seconds=quarters * _QUARTER_S)
        if near and 1 <= quarters <= _MOST_ZONE_S / _QUARTER_S
        else timedelta(0)
    )


def _refuse_utc_as_local(device: str, ahead_s: float, window: Window) -> None:
    """UnclearList where all recordings end as long ago as local time is ahead of UTC, to a few minutes.

    UTC told as local time looks like that, and so does a recorder that stopped just then.
    """
    offset = window.utc_offset.total_seconds()
    if offset >= _QUARTER_S and abs(ahead_s + offset) <= _FUTURE_S:
        ago_h = -ahead_s / 3600
        raise UnclearList(
            f"its newest recording ends {ago_h:.2f} h before its own clock: UTC told as local time.",
            device=device,
            remedy="See with the maker's own client whether it records now, and correct its time zone.",
        )


def _by_camera(listing: Listing, window: Window) -> dict[str, list[RecordedChannel]]:
    """The recordings of each camera, by the token in the inventory, else by their source.

    Raises RigFault if a camera has none while some recordings belong to no camera: it may be recorded under
    another name.
    """
    found: dict[str, list[RecordedChannel]] = {}
    for camera in window.cameras:
        token = window.tokens.get(camera)
        found[camera] = [
            one for one in listing.channels if (one.token == token if token else one.source == camera)
        ]
    ours = {one.token for channels in found.values() for one in channels}
    strangers = [one for one in listing.channels if one.token not in ours]
    missing = [camera for camera, channels in found.items() if not channels]
    if missing and strangers:
        names = ", ".join(f"{one.token} ({one.source or one.name})" for one in strangers[:8])
        raise RigFault(
            f"lists no recording of {', '.join(missing[:8])}, and some of no known camera: {names}.",
            device=listing.device,
            remedy="Give those cameras the attribute `recording = TOKEN` in the inventory.",
        )
    unclear = [f"{one.source}: {one.unclear}" for one in _each(found) if one.unclear]
    if unclear:
        raise UnclearList(
            f"its list of recordings cannot be read in full: {'; '.join(unclear[:8])}.",
            device=listing.device,
            remedy="What is listed there may be a gap; look at it with the maker's own client.",
        )
    silent = [one.source for one in _each(found) if one.token in listing.without_segments]
    if silent:
        raise RigFault(
            f"does not say which stretches it holds for {', '.join(silent)}.",
            device=listing.device,
            remedy="Its search service gives no track events; check by playback and record it by hand.",
        )
    return found


def _each(found: Mapping[str, Sequence[RecordedChannel]]) -> Iterator[RecordedChannel]:
    return (one for channels in found.values() for one in channels)


def contradictions(summary: RecordingSummary | None, listed: Sequence[RecordedChannel]) -> list[str]:
    """Where the summary of all recordings contradicts their list."""
    if summary is None:
        return []
    found = []
    if summary.recordings is not None and summary.recordings != len(listed):
        found.append(f"概要称有 {summary.recordings} 路录像，列表有 {len(listed)} 路")
    starts = [segment.start for channel in listed for segment in channel.segments[:1]]
    if summary.earliest and starts and abs(summary.earliest - min(starts)) > timedelta(hours=1):
        found.append(f"概要称最早 {summary.earliest:%Y-%m-%d %H:%M}Z，列表最早 {min(starts):%Y-%m-%d %H:%M}Z")
    return found


def seams_of(holding: Holding, camera: str) -> list[datetime]:
    """Where the recording of a camera began again without a reported end."""
    return sorted({seam for one in holding.lines[camera] for seam in one.seams})


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One camera over the window [start, end): what is recorded and what is not.

    ``stretches`` are disjoint recorded periods, oldest first, including those before the window; ``gaps`` lie
    between them and up to the end, cut where excuses begin and end; ``begun`` is when the camera's duty
    began. ``short_s`` is the total of short gaps in the window in seconds, ``excused`` whether it is small
    enough not to count.
    """

    start: datetime
    end: datetime
    stretches: tuple[Segment, ...]
    gaps: tuple[Gap, ...]
    begun: datetime | None
    short_s: float = 0.0
    excused: bool = True

    @property
    def inside(self) -> tuple[Gap, ...]:
        """The gaps within the window."""
        return tuple(
            Gap(max(gap.start, self.start), gap.end, gap.excuse) for gap in self.gaps if gap.end > self.start
        )


def time_line(camera: str, holding: Holding, window: Window) -> TimeLine:
    """The time line of one camera."""
    now = holding.now
    # the last period is still being written: a gap younger than the tolerance is no gap
    start, end = now - timedelta(days=window.days), now - window.tolerance
    stated = window.put_into_use(camera)
    begun = min(stated, now) if stated else None  # before a day to come, no day of retention is due
    listed = [segment for one in holding.lines[camera] for segment in one.segments]
    oldest = min((one.start for one in listed if one.end > one.start), default=end)
    due = max(start, oldest, begun or oldest)
    excuses = [*window.excuses.get(camera, ()), *([Excuse(_EVER, begun, _BEFORE)] if begun else [])]
    pieces = weighed(gaps_of(listed, due, end), excuses)
    most_s = window.tolerance.total_seconds()
    short_s = sum(one.seconds for one in pieces if not one.excuse and one.seconds <= most_s)
    excused = short_s <= window.short_share * max(0.0, (end - due).total_seconds())
    union = joined(listed, FINEST if excused else timedelta(0))
    stretches = tuple(one for one in union if one.start < now)
    oldest = stretches[0].start if stretches else start
    gaps = weighed(gaps_of(stretches, min(oldest, start), end), excuses)
    return TimeLine(start, end, stretches, tuple(gaps), begun, short_s, excused)
