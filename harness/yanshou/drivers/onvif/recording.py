# SPDX-License-Identifier: Apache-2.0
"""From the events of a recorder's time line to segments of recording; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from lxml import etree

from yanshou.model.recording import Segment

TRACK = "Track/State"
RECORDING = "Recording/State"


@dataclass(frozen=True, slots=True)
class RecordingChange:
    """At ``utc`` data of a recording began (``present``) or ceased.

    ``track`` is empty if it concerns the recording as a whole.
    """

    recording: str
    track: str
    utc: datetime
    present: bool
    start_state: bool = False


def as_utc(value: Any) -> datetime | None:
    """A time of an answer in UTC; a time without zone is UTC, as ONVIF prescribes."""
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Unclear:
    """An event that may be a change and cannot be read; empty recording or track means any."""

    recording: str
    track: str
    what: str

    def concerns(self, recording: str, video_tracks: frozenset[str] | None) -> bool:
        """Whether it may concern the pictures of that recording."""
        of_it = not self.recording or self.recording == recording
        return of_it and (not self.track or video_tracks is None or self.track in video_tracks)


def change_of(result: Any) -> RecordingChange | Unclear | None:
    """The change in one FindEventResult; None if it is surely another event.

    An event whose time, topic or state is missing or unreadable may be the beginning of a gap.
    """
    event, utc = getattr(result, "Event", None), as_utc(getattr(result, "Time", None))
    topic = str(getattr(getattr(event, "Topic", None), "_value_1", None) or "").strip()
    if topic and "recordinghistory" not in topic.lower():
        return None
    items = _items(getattr(getattr(event, "Message", None), "_value_1", None))
    token = str(result.RecordingToken or items.get("RecordingToken", ""))
    track = str(result.TrackToken or items.get("Track", ""))
    plain = "/".join(part.rpartition(":")[2] for part in topic.split("/") if part).lower()
    kind = next(
        (kind for kind in (TRACK, RECORDING) if plain.endswith(f"recordinghistory/{kind.lower()}")), ""
    )
    value = items.get("IsDataPresent" if kind == TRACK else "IsRecording", "").strip().lower()
    if utc is None:
        return Unclear(token, track, "an event bears no time that can be read")
    if not kind or value not in {"true", "false", "1", "0"}:
        return Unclear(token, track, f"an event at {utc:%Y-%m-%d %H:%M:%S}Z states no state that can be read")
    if not token:
        return Unclear("", track, f"an event at {utc:%Y-%m-%d %H:%M:%S}Z names no recording")
    track = track if kind == TRACK else ""
    return RecordingChange(token, track, utc, value in {"true", "1"}, bool(result.StartStateEvent))


def _items(message: Any) -> dict[str, str]:
    """Name and value of all simple items of a tt:Message, parsed or raw."""
    if etree.iselement(message):
        simple = message.iter("{*}SimpleItem")
        return {str(item.get("Name")): str(item.get("Value")) for item in simple}
    found = {}
    for part in ("Source", "Key", "Data"):
        for item in getattr(getattr(message, part, None), "SimpleItem", None) or []:
            found[str(item.Name)] = str(item.Value)
    return found


def relevant(
    changes: Iterable[RecordingChange], recording: str, video_tracks: frozenset[str] | None
) -> list[list[RecordingChange]]:
    """The change lists of one recording to be united: those of its video tracks, else of the recording.

    ``video_tracks`` is None if the recorder does not report its tracks. The state of the recording as a
    whole, which may contain sound only, is used only if no track has changes of its own.
    """
    own = [change for change in changes if change.recording == recording]
    tracks = {change.track: True for change in own if change.track}
    if not tracks:
        return [] if video_tracks is not None and not video_tracks else [own]
    wanted = [track for track in tracks if video_tracks is None or track in video_tracks]
    return [[change for change in own if change.track == track] for track in wanted]


def undescribed(lists: Sequence[Sequence[RecordingChange]], video_tracks: frozenset[str] | None) -> str:
    """A remark if several tracks have changes and none is described: one of them may be sound only."""
    if video_tracks is not None or len(lists) <= 1:
        return ""
    return f"which of its {len(lists)} tracks hold video is not stated"


@dataclass(frozen=True, slots=True)
class ReportedSegments:
    """The result of the changes of one time line: segments, oldest first, and remarks in words.

    ``seams`` are the moments at which recording began again without a reported end, so there may be a gap
    before them.
    """

    segments: tuple[Segment, ...]
    seams: tuple[datetime, ...]
    remarks: list[str]


def segments(
    changes: Sequence[RecordingChange], start: datetime, end: datetime, latest: datetime | None
) -> ReportedSegments:
    """The segments in [start, end) that follow from the changes of one time line.

    Changes are used in the order delivered, because after a clock was set back the order of recording is not
    that of time. They are sorted by time where that is less odd: no end before its beginning, fewer
    beginnings and ends that follow their like. A recording that never ceases lasts to ``latest``, or to
    ``end`` if the recorder does not report that.
    """
    last = min(end, latest) if latest is not None else end
    found = _paired(changes)
    if any(other.utc < one.utc for one, other in pairwise(changes)):
        ordered = _paired(sorted(changes, key=lambda c: (c.utc, not c.start_state, c.present)))
        if ordered.oddness(last) < found.oddness(last):
            found = ordered
            found.remarks.insert(0, "the events do not come in order of time; they were sorted")
    clipped = [(max(begin, start), min(until or last, end)) for begin, until in found.pairs]
    held = merged(Segment(begin, until) for begin, until in clipped if until > begin)
    return ReportedSegments(held, tuple(one for one in found.seams if start < one < last), found.remarks)


def merged(parts: Iterable[Segment]) -> tuple[Segment, ...]:
    """The union of segments, oldest first; adjacent ones are joined."""
    out: list[Segment] = []
    for part in sorted(parts, key=lambda segment: segment.start):
        if out and part.start <= out[-1].end:
            out[-1] = Segment(out[-1].start, max(out[-1].end, part.end))
        else:
            out.append(part)
    return tuple(out)


@dataclass(slots=True)
class _Paired:
    """(begin, end or None) of each stretch, where one began anew without an end, and what is odd in the list.

    ``backward`` says that an end came before its beginning.
    """

    pairs: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    seams: list[datetime] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    odd: int = 0
    backward: bool = False

    def oddness(self, last: datetime) -> tuple[bool, int, timedelta]:
        """What speaks against this order; of two that are as odd the one that holds more is odder."""
        held = sum(((until or last) - begin for begin, until in self.pairs), timedelta())
        return self.backward, self.odd, held


def _paired(changes: Sequence[RecordingChange]) -> _Paired:
    found = _Paired()
    begin: datetime | None = None
    for change in changes:
        if change.present:
            if begin is not None and change.utc > begin:
                found.seams.append(change.utc)
                found.odd += 1
                _note(found.remarks, change, "recording begins again at {} without having ceased")
            begin = begin or change.utc
        elif begin is None:
            found.odd += 1
            if found.pairs:
                _note(found.remarks, change, "recording ceases twice at {}")
        elif change.utc < begin:
            found.backward = True
            return found
        else:
            found.pairs.append((begin, change.utc))
            begin = None
    found.pairs += [(begin, None)] if begin is not None else []
    return found


def _note(remarks: list[str], change: RecordingChange, text: str) -> None:
    if len(remarks) < 20:  # noqa: PLR2004 - the kind of oddity matters, not its thousandth place
        remarks.append(text.format(f"{change.utc:%Y-%m-%d %H:%M:%S}"))
