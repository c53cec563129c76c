# SPDX-License-Identifier: Apache-2.0
"""What a recorder lists, by the ONVIF search service: recordings, their edges, the summary; all bounded."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from lxml import etree

from yanshou.drivers.onvif import recording
from yanshou.drivers.onvif.camera import OnvifEndpoint
from yanshou.drivers.rest_of_list import MOST_QUESTIONS, Span, ask_for_rest, beside
from yanshou.model import RigFault
from yanshou.model.recording import RecordedChannel, RecordingSummary
from yanshou.protocols.onvif import SoapFault

_PAGE: Final = 100
_WAIT: Final = timedelta(seconds=2)
_KEEP_ALIVE: Final = timedelta(seconds=60)
SEARCH_S: Final = 120.0
MOST_RESULTS: Final = 200_000
_EDGES: Final = frozenset({"EarliestRecording", "LatestRecording", "DataFrom", "DataTo", "RecordingToken"})
_TRACK_TYPES: Final = frozenset({"video", "audio", "metadata", "extended"})
_WSNT: Final = "http://docs.oasis-open.org/wsn/b-2"
_TOPICS: Final = "http://www.onvif.org/ver10/topics"
_CONCRETE_SET: Final = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
_EXPIRED: Final = frozenset({"InvalidToken", "NoToken"})


@dataclass(slots=True)
class _Listed:
    """What the recorder reports about one recording.

    ``tracks``: its video tracks, None if no track is reported.
    """

    source: Any
    tracks: frozenset[str] | None
    earliest: datetime | None = None
    latest: datetime | None = None
    keeps: timedelta | None = None
    unclear: str = ""


def listed(endpoint: OnvifEndpoint, start: datetime, end: datetime) -> tuple[list[RecordedChannel], set[str]]:
    """All recordings with their segments in [start, end), and tokens of those whose gaps are not reported."""
    found = _recordings(endpoint)
    changes, unclear, why = _changes(endpoint, start, end)
    silent: set[str] = set()
    channels = []
    for token, entry in found.items():
        lists = recording.relevant(changes, token, entry.tracks)
        doubts = [one for one in (entry.unclear, recording.undescribed(lists, entry.tracks)) if one]
        doubts += [one.what for one in unclear if one.concerns(token, entry.tracks)]
        entry.unclear = "; ".join(dict.fromkeys(doubts))
        if entry.unclear:
            endpoint.note(f"recording {token}: {entry.unclear}")
        if entry.tracks is not None and not entry.tracks:
            endpoint.note(f"recording {token}: it has no video track; what it holds is no picture")
        elif not any(lists):
            silent.add(token)
            endpoint.note(f"recording {token}: its gaps are not reported: {why or 'no event belongs to it.'}")
        channels.append(_channel(endpoint, token, entry, lists, start, end))
    return channels, silent


def summary(endpoint: OnvifEndpoint) -> RecordingSummary | None:
    """GetRecordingSummary; None if the recorder does not support it (it is optional in practice)."""
    try:
        totals = endpoint.onvif.service("search").GetRecordingSummary()
    except RigFault as fault:
        _reraise_if_refused(fault)
        endpoint.note(f"no summary of recordings: {fault.what}")
        return None
    count = getattr(totals, "NumberRecordings", None)
    return RecordingSummary(
        recording.as_utc(getattr(totals, "DataFrom", None)),
        recording.as_utc(getattr(totals, "DataUntil", None)),
        int(count) if count is not None else None,
    )


def _channel(
    endpoint: OnvifEndpoint,
    token: str,
    entry: _Listed,
    lists: list[list[recording.RecordingChange]],
    start: datetime,
    end: datetime,
) -> RecordedChannel:
    lines = [recording.segments(line, start, end, entry.latest) for line in lists]
    endpoint.note(*(f"recording {token}: {remark}" for line in lines for remark in line.remarks))
    return RecordedChannel(
        token=token,
        source=str(getattr(entry.source, "SourceId", None) or ""),
        name=str(getattr(entry.source, "Name", None) or token),
        segments=recording.merged(part for line in lines for part in line.segments),
        earliest=entry.earliest,
        latest=entry.latest,
        tracks=entry.tracks or frozenset(),
        keeps=entry.keeps,
        unclear=entry.unclear,
        seams=tuple(sorted({seam for line in lines for seam in line.seams})),
    )


def _recordings(endpoint: OnvifEndpoint) -> dict[str, _Listed]:
    """Token -> what GetRecordings and FindRecordings report about it."""
    found: dict[str, _Listed] = {}
    try:
        for item in endpoint.onvif.service("recording").GetRecordings() or []:
            configuration = item.Configuration
            source = configuration.Source if configuration is not None else None
            keeps = getattr(configuration, "MaximumRetentionTime", None)
            tracks, doubt = _video_tracks(_of_recording(item.Tracks))
            found[str(item.RecordingToken)] = _Listed(source, tracks, keeps=_duration(keeps), unclear=doubt)
    except RigFault as fault:
        _reraise_if_refused(fault)
        endpoint.note(f"recordings are not listed: {fault.what}")
    if not endpoint.onvif.has("search"):
        raise RigFault(
            "the recorder offers no search service, so its recordings cannot be tested.",
            device=endpoint.device.id,
            remedy="Check that ONVIF Profile G is enabled.",
        )
    unread = endpoint.onvif.unreadable
    before = len(unread)
    items = _found_recordings(endpoint)
    doubts = [one for one in unread[before:] if one.name in _EDGES]
    for item in items:
        entry = found.setdefault(str(item.RecordingToken), _Listed(item.Source, None))
        entry.source = entry.source or item.Source
        tracks, doubt = _video_tracks((one.TrackToken, one.TrackType) for one in item.Track or [])
        entry.tracks = entry.tracks if tracks is None else tracks | (entry.tracks or frozenset())
        entry.earliest = recording.as_utc(item.EarliestRecording)
        entry.latest = recording.as_utc(item.LatestRecording)
        own = [str(one) for one in doubts if not one.tokens or str(item.RecordingToken) in one.tokens]
        entry.unclear = "; ".join(part for part in (entry.unclear, doubt, *own) if part)
    return found


def _found_recordings(endpoint: OnvifEndpoint) -> list[Any]:
    search = endpoint.onvif.service("search")
    return _searched(
        endpoint,
        lambda: search.FindRecordings(Scope={}, KeepAliveTime=_KEEP_ALIVE),
        search.GetRecordingSearchResults,
        "RecordingInformation",
    )


def _changes(
    endpoint: OnvifEndpoint, start: datetime, end: datetime
) -> tuple[list[recording.RecordingChange], list[recording.Unclear], str]:
    """All changes of recording state in [start, end), the unclear ones, and why there are none.

    If the directions of search differ, every event of both counts.
    """
    history = _History(endpoint)
    try:
        forward = history.ask(start, end, with_start=True)
        backward = history.ask(end, start)
        if backward and set(backward) != set(forward):
            endpoint.note(
                f"its search gives {len(forward)} events forwards and {len(backward)} backwards;"
                " all of them count"
            )
        history.complete(start, end, forward, backward)
    except SoapFault as fault:
        _reraise_if_refused(fault)
        return [], [], fault.what
    changes = [*history.states, *sorted(history.events, key=lambda change: (change.utc, change.present))]
    why = "" if changes else "its search found no events of the recording history."
    return changes, list(history.unclear), why


@dataclass(slots=True)
class _History:
    """The events of the recording history that a recorder gave, each once.

    ``states`` are those at the start of the time. A recorder that limits the number of events drops the rest
    without a word, and a dropped "ceased" would read as recorded.
    """

    endpoint: OnvifEndpoint
    states: list[recording.RecordingChange] = field(default_factory=list)
    events: dict[recording.RecordingChange, None] = field(default_factory=dict)
    unclear: dict[recording.Unclear, None] = field(default_factory=dict)

    def ask(
        self, start: datetime, end: datetime, *, with_start: bool = False
    ) -> list[recording.RecordingChange]:
        """The events between two times, backwards where ``end`` lies before ``start``."""
        changes, unclear = _events(self.endpoint, start, end, with_start=with_start)
        self.states += [one for one in changes if with_start and one.start_state]
        found = [one for one in changes if not one.start_state]
        self.events.update(dict.fromkeys(found))
        self.unclear.update(dict.fromkeys(unclear))
        return found

    def complete(
        self,
        start: datetime,
        end: datetime,
        forward: Sequence[recording.RecordingChange],
        backward: Sequence[recording.RecordingChange],
    ) -> None:
        """Ask for what lies beside and between the events of both directions, while that brings more.

        Raises RigFault when the list does not come to an end.
        """
        known = len(self.events)
        spans = beside((start, end), _extent([*forward, *backward]))
        if forward and backward:
            spans.append((max(one.utc for one in forward), min(one.utc for one in backward)))
        if not ask_for_rest(self._ask_again, spans):
            raise RigFault(
                f"it lists so few events at a time that {MOST_QUESTIONS} searches did not give them all.",
                device=self.endpoint.device.id,
                remedy="An unfinished list would hide recordings or gaps; ask for a shorter time.",
            )
        if more := len(self.events) - known:
            self.endpoint.note(f"its search leaves out events: {more} more came when asked for again")

    def _ask_again(self, span: Span) -> Span | None:
        known = len(self.events)
        found = self.ask(*span)
        return _extent(found) if len(self.events) > known else None


def _extent(found: Iterable[recording.RecordingChange]) -> Span | None:
    """The first and the last instant; None of no events."""
    instants = [one.utc for one in found]
    return (min(instants), max(instants)) if instants else None


def _events(
    endpoint: OnvifEndpoint, start: datetime, end: datetime, *, with_start: bool
) -> tuple[list[recording.RecordingChange], list[recording.Unclear]]:
    search = endpoint.onvif.service("search")
    results = _searched(
        endpoint,
        lambda: search.FindEvents(
            StartPoint=start,
            EndPoint=end,
            Scope={},
            SearchFilter={"_value_1": [_topic_filter()]},
            IncludeStartState=with_start,
            KeepAliveTime=_KEEP_ALIVE,
        ),
        search.GetEventSearchResults,
        "Result",
    )
    read = [recording.change_of(result) for result in results]
    changes = [one for one in read if isinstance(one, recording.RecordingChange)]
    others = sum(one is None for one in read)
    if others:
        endpoint.note(f"{others} of {len(results)} events state no change of recording")
    unique = list(dict.fromkeys(changes))
    if len(unique) < len(changes):
        endpoint.note(f"its search gave {len(changes) - len(unique)} events more than once")
    return unique, [one for one in read if isinstance(one, recording.Unclear)]


def _searched(
    endpoint: OnvifEndpoint, find: Callable[[], Any], ask: Callable[..., Any], name: str
) -> list[Any]:
    """All results of a search; if its token expires on the way, it is repeated once."""
    for attempt in (1, 2):
        try:
            return list(_results(endpoint, find(), ask, name))
        except SoapFault as fault:
            if attempt == 1 and _EXPIRED & set(fault.subcodes):
                endpoint.note("its search token expired while being used; the search was begun anew")
                continue
            if _EXPIRED & set(fault.subcodes):
                raise RigFault(
                    "its search tokens expire before the search is completed.",
                    device=endpoint.device.id,
                    remedy="An unfinished list would hide recordings or gaps; ask for a shorter time.",
                ) from None
            raise
    raise AssertionError("unreachable")


def _results(endpoint: OnvifEndpoint, token: Any, ask: Callable[..., Any], name: str) -> Iterator[Any]:
    """Every result of a search until it is completed; the search is always ended."""
    until, count = time.monotonic() + SEARCH_S, 0
    try:
        while True:
            page = ask(SearchToken=token, MaxResults=_PAGE, WaitTime=_WAIT)
            items = list(getattr(page, name, None) or [])
            count += len(items)
            yield from items
            if str(page.SearchState).casefold() == "completed":
                return
            if time.monotonic() > until or count > MOST_RESULTS:
                raise RigFault(
                    f"its search is not completed after {SEARCH_S:g} s and {count} results.",
                    device=endpoint.device.id,
                    remedy="An unfinished list would hide recordings or gaps; ask for a shorter time.",
                )
    finally:
        with suppress(RigFault):
            endpoint.onvif.service("search").EndSearch(SearchToken=token)


def _reraise_if_refused(fault: RigFault) -> None:
    if isinstance(fault, SoapFault) and fault.refused:
        raise fault


def _of_recording(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Token and type of the tracks as GetRecordings gives them."""
    tracks = getattr(holder, "Track", None) or []
    return ((one.TrackToken, getattr(one.Configuration, "TrackType", None)) for one in tracks)


def _video_tracks(tracks: Iterable[tuple[Any, Any]]) -> tuple[frozenset[str] | None, str]:
    """The tokens of the video tracks, None if no track is reported, and any type that cannot be read.

    A track of unreadable type may contain pictures or sound.
    """
    kinds = [(str(token or ""), str(kind or "").strip().casefold()) for token, kind in tracks]
    odd = [token for token, kind in kinds if kind not in _TRACK_TYPES]
    doubt = f"the type of its track {odd[0]!r} cannot be read" if odd else ""
    return frozenset(token for token, kind in kinds if kind == "video") if kinds else None, doubt


def _duration(value: Any) -> timedelta | None:
    """An xs:duration; None if absent or "for ever" (zero, by ONVIF)."""
    length = value if isinstance(value, timedelta) else getattr(value, "tdelta", None)
    return length if isinstance(length, timedelta) and length > timedelta(0) else None


def _topic_filter() -> etree._Element:
    expression = etree.Element(f"{{{_WSNT}}}TopicExpression", nsmap={"wsnt": _WSNT, "tns1": _TOPICS})
    expression.set("Dialect", _CONCRETE_SET)
    expression.text = "tns1:RecordingHistory/Track/State|tns1:RecordingHistory/Recording/State"
    return expression
