# SPDX-License-Identifier: Apache-2.0
"""ONVIF recording search service: summary, recordings, and the events at the edges of recorded data."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable

from yanshou.emulation.video.archive import FootageChange
from yanshou.emulation.video.coding import FPS
from yanshou.emulation.video.device import DECLARED_SIZE, EmulatedDevice, Recording
from yanshou.emulation.video.faults import DAY_S
from yanshou.emulation.video.operations import Answer, protected, recording_of
from yanshou.emulation.video.pull_points import notification, topic_matches
from yanshou.emulation.video.recording_service import source_information
from yanshou.emulation.video.searches import ArchiveSearch
from yanshou.emulation.video.soap import (
    Call,
    EmulatedSoapFault,
    el,
    leaf,
    parse_duration,
    parse_time,
    time_text,
)

RECORDING_STATE = "tns1:RecordingHistory/Recording/State"
TRACK_STATE = "tns1:RecordingHistory/Track/State"

_LONGEST_WAIT_S = 60.0
_MOST_SEARCHES = 64
_DROPS_AFTER = 20


def search_capabilities(_device: EmulatedDevice) -> str:
    """Capabilities element of this service."""
    return el("tse:Capabilities", MetadataSearch=False, GeneralStartEvents=False)


def _summary(device: EmulatedDevice, _call: Call) -> str:
    now = device.recorded_now()
    spans = [span for item in device.recordings.values() for span in item.line.segments(now)]
    first, last = min((a for a, _ in spans), default=now), max((b for _, b in spans), default=now)
    if device.behaviour.summary_days is not None:
        first = now - device.behaviour.summary_days * DAY_S
    parts = leaf("tt:DataFrom", time_text(first, 0)) + leaf("tt:DataUntil", time_text(last, 0))
    summary = el("tse:Summary", parts, leaf("tt:NumberRecordings", len(device.recordings)))
    return el("tse:GetRecordingSummaryResponse", summary)


def _information(tag: str, recording: Recording, now: float) -> str:
    spans = recording.line.segments(now)
    first, last = (spans[0][0], spans[-1][1]) if spans else (now, now)
    track = el(
        "tt:Track",
        leaf("tt:TrackToken", recording.track),
        leaf("tt:TrackType", recording.track_type),
        leaf("tt:Description", "main"),
        leaf("tt:DataFrom", time_text(first, 0)),
        leaf("tt:DataTo", time_text(last, 0)),
    )
    extent = leaf("tt:EarliestRecording", time_text(first, 0)) + leaf(
        "tt:LatestRecording", time_text(last, 0)
    )
    return el(
        tag,
        leaf("tt:RecordingToken", recording.token),
        source_information(recording),
        extent if spans else "",
        leaf("tt:Content", recording.channel.camera.name),
        track,
        leaf("tt:RecordingStatus", "Recording"),
    )


def _one_information(device: EmulatedDevice, call: Call) -> str:
    recording = recording_of(device, call.text("RecordingToken"))
    information = _information("tse:RecordingInformation", recording, device.recorded_now())
    return el("tse:GetRecordingInformationResponse", information)


def _in_scope(device: EmulatedDevice, call: Call) -> list[Recording]:
    """Recordings of the search scope: by recording token, by source, or all."""
    tokens = set(call.texts("IncludedRecordings"))
    sources = {
        (token.text or "").strip()
        for source in call.body.iter("{*}IncludedSources")
        for token in source.iter("{*}Token")
    }
    chosen = device.recordings.values()
    return [
        recording
        for recording in chosen
        if (not tokens or recording.token in tokens) and (not sources or recording.channel.token in sources)
    ]


def _open(device: EmulatedDevice, call: Call, results: Iterable[str]) -> str:
    """Start a search of the call's kind and give its token."""
    for token in [token for token, search in device.searches.items() if not search.alive]:
        del device.searches[token]
    if len(device.searches) >= _MOST_SEARCHES:
        raise EmulatedSoapFault("too many searches", "Action", "ResourceProblem", code="Receiver")
    token, now = f"SEARCH-{secrets.token_hex(4)}", time.monotonic()
    keep_alive = parse_duration(call.text("KeepAliveTime"), 60.0)
    found = list(results)[: call.number("MaxMatches")]
    trouble = device.behaviour.search_trouble
    if trouble == "drops" and call.operation == "FindEvents":
        found = found[:_DROPS_AFTER]
    device.searches[token] = ArchiveSearch(call.operation, found, keep_alive, now, now, trouble=trouble)
    return el(f"tse:{call.operation}Response", leaf("tse:SearchToken", token))


def _search(device: EmulatedDevice, call: Call, kind: str = "") -> tuple[str, ArchiveSearch]:
    token = call.text("SearchToken")
    search = device.searches.get(token)
    if search is None or not search.alive or (kind and search.kind != kind):
        raise EmulatedSoapFault(
            "the search token is not valid, or no longer", "InvalidArgVal", "InvalidToken"
        )
    return token, search


def _results(kind: str) -> Answer:
    """Answer of the operation that gives the results of searches of a kind."""

    async def answer(device: EmulatedDevice, call: Call) -> str:
        _, search = _search(device, call, kind)
        wait = min(parse_duration(call.text("WaitTime"), 0.0), _LONGEST_WAIT_S)
        state, part = await search.page(call.number("MinResults"), call.number("MaxResults"), wait)
        if search.trouble == "expires" and not device.search_expired:
            device.search_expired = True
            device.searches.clear()
            raise EmulatedSoapFault("the search token is not valid any more", "InvalidArgVal", "InvalidToken")
        if search.trouble == "reboots":
            raise ConnectionResetError
        return el(f"tse:{call.operation}Response", el("tse:ResultList", leaf("tt:SearchState", state), *part))

    return answer


def _find_recordings(device: EmulatedDevice, call: Call) -> str:
    now = device.recorded_now()
    rows = (_information("tt:RecordingInformation", recording, now) for recording in _in_scope(device, call))
    return _open(device, call, rows)


def _window(device: EmulatedDevice, call: Call) -> tuple[float, float]:
    """StartPoint and EndPoint; the second before the first means backwards."""
    start = parse_time(call.text("StartPoint"))
    text = call.text("EndPoint")
    end = parse_time(text) if text else device.recorded_now()
    if start is None or end is None:
        raise EmulatedSoapFault("StartPoint or EndPoint is no time", "InvalidArgVal")
    return start, end


def _find_events(device: EmulatedDevice, call: Call) -> str:
    start, end = _window(device, call)
    filters = [text for text in call.texts("TopicExpression") if text]
    wanted = call.text("IncludeStartState") in ("true", "1")
    topics = [
        topic
        for topic in (RECORDING_STATE, TRACK_STATE)
        if not filters or any(topic_matches(text, topic) for text in filters)
    ]
    found = [
        (change, recording, topic)
        for recording in _in_scope(device, call)
        for change in _changes(device, recording, start, end, with_start=wanted)
        for topic in topics
    ]
    found = [row for row in found if not _untold(row[0], row[1])]
    # states at the start come first, whatever the direction
    found.sort(key=lambda row: (not row[0].start_state, row[0].utc if start <= end else -row[0].utc))
    ends = [row[0].utc for row in found if not row[0].present and not row[0].start_state]
    spoilt = max(ends, default=None) if device.behaviour.unreadable_event else None
    return _open(device, call, (_event(*row, spoilt=row[0].utc == spoilt) for row in found))


def _untold(change: FootageChange, recording: Recording) -> bool:
    """Whether it is the beginning of a gap that the recorder does not report."""
    hole = recording.behaviour.untold_end
    if hole is None or change.present or change.start_state:
        return False
    after = next(
        (start for start, _ in recording.line.closed if start > change.utc), recording.line.open_from
    )
    return after - change.utc == hole[1]


def _changes(
    device: EmulatedDevice, recording: Recording, start: float, end: float, *, with_start: bool
) -> list[FootageChange]:
    now = device.recorded_now()
    first, last = min(start, end), max(start, end)
    changes = [change for change in recording.line.changes(now) if first <= change.utc <= last]
    state = (
        [FootageChange(start, recording.line.present_at(start, now), start_state=True)] if with_start else []
    )
    return state + changes


def _event(change: FootageChange, recording: Recording, topic: str, *, spoilt: bool = False) -> str:
    of_track = topic == TRACK_STATE
    source = {"RecordingToken": recording.token} | ({"Track": recording.track} if of_track else {})
    data = {"IsDataPresent" if of_track else "IsRecording": str(change.present).lower()}
    utc = time_text(change.utc)
    operation = "Initialized" if change.start_state else "Changed"
    return el(
        "tt:Result",
        leaf("tt:RecordingToken", recording.token),
        leaf("tt:TrackToken", recording.track),
        leaf("tt:Time", f"{utc[:14]}61{utc[16:]}" if spoilt else utc),  # a minute that overflows
        el("tt:Event", notification(topic, source, data, utc, operation)),
        leaf("tt:StartStateEvent", change.start_state),
    )


def _media_attributes(device: EmulatedDevice, call: Call) -> str:
    tokens = [text for text in call.texts("RecordingTokens") if text]
    moment = parse_time(call.text("Time"))
    if moment is None:
        raise EmulatedSoapFault("Time is no time", "InvalidArgVal")
    chosen = [recording_of(device, token) for token in tokens] or list(device.recordings.values())
    rows = (_attributes(recording, moment, device.recorded_now()) for recording in chosen)
    return el("tse:GetMediaAttributesResponse", *rows)


def _attributes(recording: Recording, moment: float, now: float) -> str:
    spans = [span for span in recording.line.segments(now) if span[0] <= moment < span[1]]
    if not spans:
        return ""
    start, end = (time_text(utc, 0) for utc in spans[0])
    track = el(
        "tt:TrackInformation",
        leaf("tt:TrackToken", recording.track),
        leaf("tt:TrackType", recording.track_type),
        leaf("tt:Description", "main"),
        leaf("tt:DataFrom", start),
        leaf("tt:DataTo", end),
    )
    video = el(
        "tt:VideoAttributes",
        leaf("tt:Width", DECLARED_SIZE[0]),
        leaf("tt:Height", DECLARED_SIZE[1]),
        leaf("tt:Encoding", "H264"),
        leaf("tt:Framerate", FPS),
    )
    return el(
        "tse:MediaAttributes",
        leaf("tt:RecordingToken", recording.token),
        el("tt:TrackAttributes", track, video),
        leaf("tt:From", start),
        leaf("tt:Until", end),
    )


def _state(device: EmulatedDevice, call: Call) -> str:
    _, search = _search(device, call)
    done = search.handed_out == len(search.results)
    return el("tse:GetSearchStateResponse", leaf("tse:State", "Completed" if done else "Searching"))


def _end(device: EmulatedDevice, call: Call) -> str:
    token, _ = _search(device, call)
    del device.searches[token]
    return el("tse:EndSearchResponse", leaf("tse:Endpoint", time_text(device.now())))


def _capabilities(device: EmulatedDevice, _call: Call) -> str:
    return el("tse:GetServiceCapabilitiesResponse", search_capabilities(device))


OPERATIONS = protected(
    GetServiceCapabilities=_capabilities,
    GetRecordingSummary=_summary,
    GetRecordingInformation=_one_information,
    GetMediaAttributes=_media_attributes,
    FindRecordings=_find_recordings,
    GetRecordingSearchResults=_results("FindRecordings"),
    FindEvents=_find_events,
    GetEventSearchResults=_results("FindEvents"),
    GetSearchState=_state,
    EndSearch=_end,
)
"""Operations of the search service."""
