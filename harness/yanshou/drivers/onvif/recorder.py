# SPDX-License-Identifier: Apache-2.0
"""A recorder through ONVIF Profile G.

What it lists and plays, whether it permits alteration, its recording jobs.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from yanshou.drivers.onvif.camera import RTP_UNICAST, OnvifEndpoint
from yanshou.drivers.onvif.replay import replayed
from yanshou.drivers.onvif.search import listed, summary
from yanshou.drivers.onvif.tamper import tampered
from yanshou.model import Device, Instant, RigFault, now
from yanshou.model.recording import Playback, RecordedChannel, RecordingSummary, TamperResult
from yanshou.protocols.onvif import SoapFault
from yanshou.protocols.rtsp import RtspRefused
from yanshou.protocols.rtsp.replay import FEATURE

_STATES: Final = frozenset({"Idle", "Active", "PartiallyActive", "Error"})
_LIST_AGAIN_S: Final = 1.0
_KEY_FRAMES: Final = 3  # asked for of a range, if it lasts as many seconds
# The recorder has no such recording, or none at that time; any other refusal says nothing about recordings.
_NOTHING_THERE: Final = frozenset({404, 457})
_NO_RECORDING: Final = frozenset({"NoRecording", "NoRecordingSource", "NoToken"})


class OnvifRecorder(OnvifEndpoint):
    """One recorder; implements :class:`yanshou.drivers.capabilities.Recorder`.

    ``without_segments`` holds the tokens of recordings whose gaps the recorder does not report: their
    ``segments`` are empty, which does not mean "nothing recorded". The option ``alarm_job`` of the connection
    (a pattern such as ``*ALARM*``) names the recording jobs that alarms start.
    """

    def __init__(self, device: Device, password: str) -> None:
        super().__init__(device, password)
        self.without_segments: set[str] = set()
        self._last_idle: dict[str, float] = {}
        # recording token -> whether it plays key frames some seconds apart
        self._keeps_apart: dict[str, bool] = {}

    def channels(self, start: datetime, end: datetime) -> list[RecordedChannel]:
        """All recordings, their segments in [start, end), with aware times.

        ``remarks`` says what is missing.
        """
        found, self.without_segments = listed(self, _aware(start), _aware(end))
        return found

    def summary(self) -> RecordingSummary | None:
        """What it says of all recordings at once (GetRecordingSummary); None if it does not answer that."""
        return summary(self)

    def play(
        self,
        channel: RecordedChannel,
        at: datetime,
        seconds: float = 2.0,
        *,
        intra: bool = True,
        paced: bool = False,
    ) -> Playback:
        """Play [at, at + seconds) by ONVIF replay and decode it.

        ``refused`` says in words that nothing is there. Of key frames some three
        are asked for (``Frames: intra/4000``), or all where the recorder refuses that or sends less.

        ``first`` and ``last`` are the UTC the recorder stamped on the frames (None if it stamps none), not
        the time asked for. Raises RigFault if the recorder cannot be asked (password, no replay, no
        connection).
        """
        at, token = _aware(at), channel.token
        played = partial(self._replayed, token, at, seconds, intra=intra, paced=paced)
        try:
            apart_s = int(_listed_s(channel, at, seconds) / _KEY_FRAMES) if intra else 0
            return self._apart(token, at, played, apart_s) if apart_s else played()
        except RtspRefused as refusal:
            if refusal.status not in _NOTHING_THERE:
                raise
            return Playback(at, 0, 0, None, None, refused=refusal.what)
        except SoapFault as fault:
            if not _NO_RECORDING & set(fault.subcodes):
                raise
            return Playback(at, 0, 0, None, None, refused=fault.what)

    def _apart(self, token: str, at: datetime, played: Callable[..., Playback], apart_s: int) -> Playback:
        """Key frames so far apart where that brings two of them, the first near ``at``; else all of them.

        A recording from which it brought less is asked for all of them from then on.
        """
        known = self._keeps_apart.get(token)
        if known is not False:
            try:
                play = played(apart_s=apart_s)
                near = play.first is None or abs(play.first - at) <= timedelta(seconds=apart_s)
                if play.decoded > 1 and near:
                    self._keeps_apart[token] = True
                    return play
                if known and not play.decoded:
                    return play
            except RtspRefused as refusal:
                if known or refusal.final or refusal.status in _NOTHING_THERE:
                    raise
        play = played()
        if play.decoded:
            self._keeps_apart[token] = False
        return play

    def _replayed(
        self, token: str, at: datetime, seconds: float, *, intra: bool, paced: bool, apart_s: int = 0
    ) -> Playback:
        commanded, replay = now(), self.onvif.service("replay")
        answer = replay.GetReplayUri(StreamSetup=dict(RTP_UNICAST), RecordingToken=token)
        uri = str(getattr(answer, "Uri", None) or answer)
        with self.rtsp(uri, require=FEATURE) as session:
            return replayed(
                session,
                at,
                seconds,
                commanded,
                intra=intra,
                paced=paced,
                note=self.note,
                apart_s=apart_s,
            )

    def tamper(self, channel: RecordedChannel) -> dict[str, TamperResult]:
        """Try to alter and to delete the recording over the network; if permitted, it is really done."""
        return tampered(self, channel)

    def is_recording(self, source: str) -> bool:
        """Whether an alarm job of that camera is active now; also notes when it was seen idle."""
        asked = now()
        active = self._active(self._alarm_jobs(source))
        if not active:
            self._last_idle[source] = asked
        return active

    def wait_recording(self, source: str, *, since: Instant, within: float) -> Instant | None:
        """When an alarm job of the camera became active after ``since``, by polling without pause.

        Between the sending of the last question answered "idle" and the receipt of the first "active". Raises
        RigFault if it was never seen idle, because a job that was already active proves nothing.
        """
        until = since.latest + within
        jobs, listed = self._alarm_jobs(source), now()
        while True:
            if now() - listed > _LIST_AGAIN_S:  # some recorders create the job only when the alarm comes
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

    # --- recording jobs ---------------------------------------------------------------------------------

    def _active(self, jobs: list[str]) -> bool:
        service = self.onvif.service("recording")
        states = (service.GetRecordingJobState(JobToken=token) for token in jobs)
        shown = [str(getattr(state, "State", None) or "") for state in states]
        if odd := [one for one in shown if one not in _STATES]:
            raise RigFault(
                f"a recording job reports the state {odd[0]!r}, which is none.", device=self.device.id
            )
        return "Active" in shown

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
            if len(jobs) > 1 and any(item.JobConfiguration.Priority is None for item in jobs):
                raise RigFault(
                    f"the priority of a recording job of {source} cannot be read.",
                    device=self.device.id,
                    remedy='Name the one that alarms start: alarm_job = "PATTERN" in its connection.',
                )
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
            with suppress(SoapFault):  # the job's own source token is enough if it is given
                for item in self.onvif.service("recording").GetRecordings() or []:
                    source = getattr(item.Configuration, "Source", None)
                    self._sources[str(item.RecordingToken)] = str(getattr(source, "SourceId", None) or "")
        return self._sources


def _aware(when: datetime) -> datetime:
    if when.tzinfo is None:
        raise ValueError(f"{when} has no time zone")
    return when.astimezone(UTC)


def _listed_s(channel: RecordedChannel, at: datetime, most: float) -> float:
    """For how many seconds from ``at`` on the recording is listed without a gap; ``most`` where it is not."""
    ends = (one.end for one in channel.segments if one.start <= at < one.end)
    return min([most, *((end - at).total_seconds() for end in ends)])
