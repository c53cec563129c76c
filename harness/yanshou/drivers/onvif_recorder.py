# SPDX-License-Identifier: Apache-2.0
"""A recorder through ONVIF Profile G: what it lists, what it really plays, and its recording jobs."""

from __future__ import annotations

import fnmatch
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from lxml import etree

from yanshou.drivers import onvif_recording as recording
from yanshou.drivers.capabilities import Playback, RecordedChannel, Segment
from yanshou.drivers.onvif_camera import RTP_UNICAST, OnvifEndpoint
from yanshou.model import Device, Instant, RigFault, now
from yanshou.protocols.onvif import SoapFault
from yanshou.protocols.rtsp import AccessUnit, RtspRefused, RtspSession, replay_headers
from yanshou.protocols.rtsp.decode import decode
from yanshou.protocols.rtsp.replay import FEATURE

_PAGE: Final = 100
_WAIT: Final = timedelta(seconds=2)
_KEEP_ALIVE: Final = timedelta(seconds=60)
_SEARCH_S: Final = 120.0
_MOST_RESULTS: Final = 200_000
_FIRST_PICTURE_S: Final = 8.0
_IDLE_S: Final = 2.0
_LIST_AGAIN_S: Final = 1.0
_KEEP_FRAMES: Final = 150
_KEEP_BYTES: Final = 128 * 1024 * 1024
_WSNT: Final = "http://docs.oasis-open.org/wsn/b-2"
_TOPICS: Final = "http://www.onvif.org/ver10/topics"
_CONCRETE_SET: Final = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
# The recorder has no such recording, or none at that time; any other refusal says nothing about recordings.
_NOTHING_THERE: Final = frozenset({404, 457})
_NO_RECORDING: Final = frozenset({"NoRecording", "NoRecordingSource", "NoToken"})


class OnvifRecorder(OnvifEndpoint):
    """One recorder; implements :class:`yanshou.drivers.capabilities.Recorder`.

    ``without_segments`` holds the tokens of recordings whose gaps the recorder does not tell: their
    ``segments`` are empty, and that must not be read as "nothing recorded".  The option ``alarm_job`` of the
    connection (a pattern such as ``*ALARM*``) names the recording jobs that alarms start.
    """

    def __init__(self, device: Device, password: str) -> None:
        super().__init__(device, password)
        self.without_segments: set[str] = set()
        self._last_idle: dict[str, float] = {}

    def channels(self, start: datetime, end: datetime) -> list[RecordedChannel]:
        """All recordings, their segments in [start, end), aware times; ``remarks`` says what is missing."""
        start, end = _aware(start), _aware(end)
        found = self._recordings()
        changes, why = self._changes(start, end)
        self.without_segments = set()
        return [self._channel(token, told, changes, why, start, end) for token, told in found.items()]

    def play(self, channel: RecordedChannel, at: datetime, seconds: float = 2.0) -> Playback:
        """Play [at, at + seconds) by ONVIF replay and decode it; nothing there is ``refused``, in words.

        ``first`` and ``last`` are the UTC the recorder stamped on the frames (None when it stamps none), not
        what was asked for.  RigFault when the recorder cannot be asked (password, no replay, no connection).
        """
        at = _aware(at)
        try:
            replay = self.onvif.service("replay")
            told = replay.GetReplayUri(StreamSetup=dict(RTP_UNICAST), RecordingToken=channel.token)
            uri = str(getattr(told, "Uri", None) or told)
            with self.rtsp(uri, require=FEATURE) as session:
                return self._play(session, at, seconds)
        except RtspRefused as refusal:
            if refusal.status not in _NOTHING_THERE:
                raise
            return Playback(at, 0, 0, None, None, refused=refusal.what)
        except SoapFault as fault:
            if not _NO_RECORDING & set(fault.subcodes):
                raise
            return Playback(at, 0, 0, None, None, refused=fault.what)

    def is_recording(self, source: str) -> bool:
        """Whether an alarm job of that camera is active now; also marks the moment it was seen idle."""
        asked = now()
        active = self._active(self._alarm_jobs(source))
        if not active:
            self._last_idle[source] = asked
        return active

    def wait_recording(self, source: str, *, since: Instant, within: float) -> Instant | None:
        """When an alarm job of the camera became active after ``since``, by polling without pause.

        Between the sending of the last question answered "idle" and the receipt of the first "active".
        RigFault when it was never seen idle: a job that already ran proves nothing.
        """
        until = since.latest + within
        jobs, listed = self._alarm_jobs(source), now()
        while True:
            if now() - listed > _LIST_AGAIN_S:  # some recorders create the job when the alarm comes
                jobs, listed = self._alarm_jobs(source), now()
            asked = now()
            if self._active(jobs):
                return self._became_active(source, since)
            self._last_idle[source] = asked
            if now() >= until:
                return None

    def _became_active(self, source: str, since: Instant) -> Instant:
        answered = now()
        idle = self._last_idle.get(source)
        if idle is None:
            raise RigFault(
                f"the recording of {source} was already active when it was first looked at.",
                device=self.device.id,
                remedy="Ask is_recording before the stimulus, and wait until it has ceased.",
            )
        return Instant(min(max(idle, since.earliest), answered), answered)

    # --- what is recorded -------------------------------------------------------------------------------

    def _recordings(self) -> dict[str, dict[str, Any]]:
        """Token -> what GetRecordings and FindRecordings tell of it."""
        found: dict[str, dict[str, Any]] = {}
        try:
            for item in self.onvif.service("recording").GetRecordings() or []:
                source = item.Configuration.Source if item.Configuration is not None else None
                found[str(item.RecordingToken)] = {"source": source, "tracks": _tracks(item.Tracks)}
        except RigFault as fault:
            _reraise_if_refused(fault)
            self.note(f"recordings are not listed: {fault.what}")
        if not self.onvif.has("search"):
            raise RigFault(
                "the recorder offers no search service, so its recordings cannot be tested.",
                device=self.device.id,
                remedy="Check that ONVIF Profile G is enabled.",
            )
        for item in self._found_recordings():
            told = found.setdefault(str(item.RecordingToken), {"source": item.Source, "tracks": frozenset()})
            told["source"] = told["source"] or item.Source
            told["tracks"] = _video_tracks(item) or told["tracks"]
            told["earliest"] = recording.as_utc(item.EarliestRecording)
            told["latest"] = recording.as_utc(item.LatestRecording)
        return found

    def _found_recordings(self) -> list[Any]:
        search = self.onvif.service("search")
        token = search.FindRecordings(Scope={}, KeepAliveTime=_KEEP_ALIVE)
        return list(self._results(token, search.GetRecordingSearchResults, "RecordingInformation"))

    def _changes(self, start: datetime, end: datetime) -> tuple[list[recording.Change], str]:
        """All changes of recording state in [start, end), and why there are none when events are not told."""
        search = self.onvif.service("search")
        try:
            token = search.FindEvents(
                StartPoint=start,
                EndPoint=end,
                Scope={},
                SearchFilter={"_value_1": [_topic_filter()]},
                IncludeStartState=True,
                KeepAliveTime=_KEEP_ALIVE,
            )
            results = list(self._results(token, search.GetEventSearchResults, "Result"))
        except SoapFault as fault:
            _reraise_if_refused(fault)
            return [], fault.what
        changes = [change for result in results if (change := recording.change_of(result)) is not None]
        if len(changes) < len(results):
            self.note(f"{len(results) - len(changes)} of {len(results)} events tell no change of recording")
        return changes, "" if changes else "its search found no events of the recording history."

    def _results(self, token: Any, ask: Callable[..., Any], name: str) -> Iterator[Any]:
        """Every result of a search until it is completed; the search is ended whatever happens."""
        until, count = time.monotonic() + _SEARCH_S, 0
        try:
            while True:
                page = ask(SearchToken=token, MaxResults=_PAGE, WaitTime=_WAIT)
                items = list(getattr(page, name, None) or [])
                count += len(items)
                yield from items
                if str(page.SearchState) == "Completed":
                    return
                if time.monotonic() > until or count > _MOST_RESULTS:
                    raise RigFault(
                        f"its search is not completed after {_SEARCH_S:g} s and {count} results.",
                        device=self.device.id,
                        remedy="An unfinished list would hide recordings or gaps; ask for a shorter time.",
                    )
        finally:
            with suppress(RigFault):
                self.onvif.service("search").EndSearch(SearchToken=token)

    def _channel(
        self,
        token: str,
        told: dict[str, Any],
        changes: list[recording.Change],
        why: str,
        start: datetime,
        end: datetime,
    ) -> RecordedChannel:
        source, latest = told["source"], told.get("latest")
        lists = recording.relevant(changes, token, told["tracks"])
        parts: list[Segment] = []
        for line in lists:
            found, remarks = recording.segments(line, start, end, latest)
            parts += found
            self.note(*(f"recording {token}: {remark}" for remark in remarks))
        if not any(lists):
            self.without_segments.add(token)
            self.note(f"recording {token}: its gaps are not told: {why or 'no event belongs to it.'}")
        return RecordedChannel(
            token=token,
            source=str(getattr(source, "SourceId", None) or ""),
            name=str(getattr(source, "Name", None) or token),
            segments=recording.merged(parts),
            earliest=told.get("earliest"),
            latest=latest,
        )

    # --- what is played ---------------------------------------------------------------------------------

    def _play(self, session: RtspSession, at: datetime, seconds: float) -> Playback:
        track = session.setup()
        end = at + timedelta(seconds=seconds)
        session.play(replay_headers(at, end))
        units: list[AccessUnit] = []
        count = size = 0
        first = last = before = None
        deadline = now() + max(30.0, 2 * seconds)
        for unit in session.frames(deadline, idle_s=_IDLE_S, first_s=_FIRST_PICTURE_S):
            count += 1
            first, before, last = first or unit.utc, last, unit.utc or last
            if unit.complete and len(units) < _KEEP_FRAMES and size + unit.size <= _KEEP_BYTES:
                units.append(unit)
                size += unit.size
            if _is_last(unit, before, end):
                break
        if count and first is None:
            self.note("replayed frames carry no UTC (extension 0xABAC); their time is not proved")
        decoded = decode(track.codec, enumerate(units), parameter_sets=track.media.parameter_sets)
        picture = decoded[0].luma if decoded else None
        why = session.ended or "no packet came"
        refused = "" if count else f"PLAY was accepted, but no picture came ({why})."
        return Playback(at, count, len(decoded), first, last, picture, refused)

    # --- recording jobs ---------------------------------------------------------------------------------

    def _active(self, jobs: list[str]) -> bool:
        service = self.onvif.service("recording")
        states = (service.GetRecordingJobState(JobToken=token) for token in jobs)
        return any(str(getattr(state, "State", "")) == "Active" for state in states)

    def _alarm_jobs(self, source: str) -> list[str]:
        """Tokens of the jobs that alarms start for that camera.

        With ``alarm_job`` in the connection's options those that match it; else, of several jobs, those above
        the lowest priority (continuous recording has the lowest); else the only one.
        """
        jobs = [
            item
            for item in self.onvif.service("recording").GetRecordingJobs() or []
            if self._is_of(item, source)
        ]
        if not jobs:
            raise RigFault(f"the recorder lists no recording job of {source}.", device=self.device.id)
        pattern = self._connection.options.get("alarm_job")
        if pattern:
            chosen = [item for item in jobs if fnmatch.fnmatchcase(str(item.JobToken), str(pattern))]
        else:
            lowest = min(int(item.JobConfiguration.Priority or 0) for item in jobs)
            higher = [item for item in jobs if int(item.JobConfiguration.Priority or 0) > lowest]
            chosen = higher if len(jobs) > 1 and higher else jobs
        if not chosen:
            raise RigFault(f"no recording job of {source} matches {pattern!r}.", device=self.device.id)
        return [str(item.JobToken) for item in chosen]

    def _is_of(self, item: Any, source: str) -> bool:
        job = item.JobConfiguration
        tokens = {str(getattr(getattr(part, "SourceToken", None), "Token", "")) for part in job.Source or []}
        return source in tokens or source == self._source_of().get(str(job.RecordingToken))

    def _source_of(self) -> dict[str, str]:
        """Recording token -> SourceId; asked once, because jobs are polled."""
        if not hasattr(self, "_sources"):
            self._sources: dict[str, str] = {}
            with suppress(SoapFault):  # the job's own source token is enough where it is told
                for item in self.onvif.service("recording").GetRecordings() or []:
                    source = getattr(item.Configuration, "Source", None)
                    self._sources[str(item.RecordingToken)] = str(getattr(source, "SourceId", None) or "")
        return self._sources


def _is_last(unit: AccessUnit, before: datetime | None, end: datetime) -> bool:
    """Whether nothing of the asked range can follow: the next frame would be past its end."""
    if unit.stamp is None:
        return False
    interval = unit.stamp.utc - before if before is not None else timedelta(0)
    return unit.stamp.terminal or unit.stamp.utc + max(interval, timedelta(0)) >= end


def _aware(when: datetime) -> datetime:
    if when.tzinfo is None:
        raise ValueError(f"{when} has no time zone")
    return when.astimezone(UTC)


def _reraise_if_refused(fault: RigFault) -> None:
    if isinstance(fault, SoapFault) and fault.refused:
        raise fault


def _video_tracks(item: Any) -> frozenset[str]:
    return frozenset(str(track.TrackToken) for track in item.Track or [] if str(track.TrackType) == "Video")


def _tracks(holder: Any) -> frozenset[str]:
    video = [
        track
        for track in getattr(holder, "Track", None) or []
        if str(getattr(track.Configuration, "TrackType", "")) == "Video"
    ]
    return frozenset(str(track.TrackToken) for track in video)


def _topic_filter() -> etree._Element:
    expression = etree.Element(f"{{{_WSNT}}}TopicExpression", nsmap={"wsnt": _WSNT, "tns1": _TOPICS})
    expression.set("Dialect", _CONCRETE_SET)
    expression.text = "tns1:RecordingHistory/Track/State|tns1:RecordingHistory/Recording/State"
    return expression
