# SPDX-License-Identifier: Apache-2.0
"""The recordings of an emulated recorder: a time line of segments for each camera, on the recorder's clock.

Times are Unix seconds.  Frames stand at n/25 s and whole seconds are IDR pictures, so no index is needed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yanshou.emulation.video.coding import FPS
from yanshou.emulation.video.faults import DAY_S, Behaviour

RETENTION_DAYS = 35.0
"""Days kept by a recorder without faults."""

Segment = tuple[float, float]


@dataclass(frozen=True, slots=True)
class FootageChange:
    """A moment at which recorded data begin (``present``) or cease on the time line."""

    utc: float
    present: bool
    start_state: bool = False


@dataclass(frozen=True, slots=True)
class ArchiveFrame:
    """One frame to be replayed.

    Its time, its number since the epoch, and its position in the contiguous section.
    """

    utc: float
    index: int
    clean: bool
    discontinuity: bool = False
    end: bool = False
    terminal: bool = False


@dataclass(frozen=True, slots=True)
class FootageLine:
    """Closed segments before ``open_from`` and the one still being recorded from there on."""

    closed: tuple[Segment, ...]
    open_from: float
    unplayable_before: float = -math.inf

    def segments(self, now: float) -> tuple[Segment, ...]:
        """All segments (from, until) up to the last whole second before ``now``, oldest first."""
        until = float(math.floor(now))
        return (*self.closed, *(((self.open_from, until),) if until > self.open_from else ()))

    def changes(self, now: float) -> list[FootageChange]:
        """Edges of the segments, oldest first; the segment still being recorded has no end."""
        found = [
            FootageChange(utc, present)
            for start, end in self.closed
            for utc, present in ((start, True), (end, False))
        ]
        return [*found, FootageChange(self.open_from, present=True)] if now > self.open_from else found

    def present_at(self, utc: float, now: float) -> bool:
        """Whether data were recorded at a moment; the current recording has no end yet."""
        return self.open_from <= utc <= now or any(start <= utc < end for start, end in self.closed)

    def playable(self, start: float, end: float, now: float) -> list[Segment]:
        """Parts of [start, end) that can be played."""
        start = max(start, self.unplayable_before)
        cut = ((max(start, a), min(end, b)) for a, b in self.segments(now))
        return [(a, b) for a, b in cut if b > a]


def time_line(started: float, behaviour: Behaviour) -> FootageLine:
    """Time line of a recording with the faults of camera and recorder; ``started`` is now on its clock."""
    now = math.floor(started)
    days = RETENTION_DAYS if behaviour.retention_days is None else behaviour.retention_days
    oldest = now - math.floor(days * DAY_S)
    holes = [(now - math.floor(ago * DAY_S), length) for ago, length in behaviour.gap]
    for planted in (behaviour.unreadable_event, behaviour.untold_end):
        if planted is None:
            continue
        ago, length = planted
        holes.append((now - math.floor(ago * DAY_S), length))
    if behaviour.gap_every is not None:
        every, length = behaviour.gap_every
        holes += [(now - round(one * every), length) for one in range(1, math.ceil(days * DAY_S / every))]
    holes.sort()
    closed, start = [], float(oldest)
    for hole, length in holes:
        if hole > start:
            closed.append((start, float(hole)))
        start = max(start, float(hole + math.ceil(length)))
    unplayable = -math.inf if behaviour.unplayable is None else now - behaviour.unplayable * DAY_S
    return FootageLine(tuple(closed), start, unplayable)


def frames(
    segments: Sequence[Segment], until: float, intra_interval_s: float | None = None
) -> Iterator[ArchiveFrame]:
    """Frames of the segments in order of time, beginning at the IDR picture at or before the first moment.

    ``until`` is the end asked for: a segment that ends before it is followed by a gap.  ``intra_interval_s``:
    None for all frames, else IDR pictures alone, at least so far apart (0: all of them).
    """
    for number, (start, end) in enumerate(segments):
        last = math.ceil(end * FPS - 1e-6) - 1
        ticks: Sequence[int] = range(math.floor(start) * FPS, last + 1)
        if intra_interval_s is not None:
            ticks = ticks[:: FPS * max(1, math.ceil(intra_interval_s))]
        terminal = number == len(segments) - 1
        for tick in ticks:
            final = tick == ticks[-1]
            begins = tick == ticks[0]
            yield ArchiveFrame(
                tick / FPS,
                tick,
                clean=tick % FPS == 0,
                discontinuity=begins,
                end=final and end < until,
                terminal=final and terminal,
            )


def thinned(found: Iterator[ArchiveFrame], fps: float | None) -> Iterator[ArchiveFrame]:
    """The frames as recorded with fewer a second: the first of each group of pictures, evenly spread."""
    if fps is None:
        yield from found
        return
    for frame in found:
        second = math.floor(frame.utc + 1e-6)
        place = round((frame.utc - second) * FPS)
        if place < fps:
            yield replace(frame, utc=second + place / fps)


def backwards(segments: Sequence[Segment], intra_interval_s: float | None) -> Iterator[ArchiveFrame]:
    """Groups of pictures in reverse order, each played forwards (reverse replay of ONVIF streaming)."""
    for start, end in reversed(segments):
        step = 1 if intra_interval_s is None else max(1, math.ceil(intra_interval_s))
        for second in range(math.ceil(end) - 1, math.floor(start) - 1, -step):
            part = (float(second), min(end, second + 1.0))
            for frame in frames([part], part[1], None if intra_interval_s is None else 0.0):
                yield ArchiveFrame(frame.utc, frame.index, frame.clean, discontinuity=frame.clean)
