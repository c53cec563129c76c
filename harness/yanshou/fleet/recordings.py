# SPDX-License-Identifier: Apache-2.0
"""What a recorder keeps of each camera: coverage by day, every gap, and whether a sample really plays."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from yanshou.drivers.capabilities import Playback, RecordedChannel, Recorder, Segment
from yanshou.fleet.result import Answers, Code
from yanshou.fleet.settings import Settings
from yanshou.model import RigFault, now
from yanshou.protocols.rtsp import RtspRefused
from yanshou.session.evaluate.coverage import gaps_of

_EDGE: Final = timedelta(seconds=30)
_PLAY_S: Final = 1.0
_RIGHT_TIME_S: Final = 5.0
_MOST_GAPS: Final = 1000
_UNAUTHORIZED: Final = 401


def ask_recordings(answers: Answers, recorder: Recorder, settings: Settings) -> None:
    """Every channel of the recorder over the window, and the findings that follow."""
    found = {one.source: one for one in recorder.channels(settings.start, settings.end)}
    cameras = answers.subject.cameras or tuple(found)
    for camera in cameras:
        channel = found.get(camera)
        if channel is not None and channel.token in recorder.without_segments:
            answers.channels.append({"camera": camera, "known": False, "days": [], "gaps": [], "plays": []})
            answers.find(Code.RECORDINGS_UNKNOWN, camera)
            continue
        _channel(answers, recorder, channel, camera, settings)
    others = sorted(found.keys() - set(cameras))
    if others:
        answers.remarks.append(f"keeps recordings of {', '.join(others)}, which the inventory does not list")


def _channel(
    answers: Answers, recorder: Recorder, channel: RecordedChannel | None, camera: str, settings: Settings
) -> None:
    segments = channel.segments if channel else ()
    start, end = _window(settings)
    oldest = max(min((one.start for one in segments), default=end), start)
    tolerance = timedelta(seconds=settings.gap_s)
    gaps = [gap for gap in gaps_of(segments, start, end) if gap.end - gap.start > tolerance]
    inner = [gap for gap in gaps if gap.start >= oldest]
    plays = _play(answers, recorder, channel, camera, settings) if channel else []
    answers.channels.append(
        {
            "camera": camera,
            "known": True,
            "oldest": _iso(oldest) if segments else "",
            "days": list(_days(gaps, start, end, settings.time_zone)),
            "gaps": [[_iso(gap.start), _iso(gap.end)] for gap in gaps[:_MOST_GAPS]],
            "gap_count": len(gaps),
            "plays": [_played(play) for play in plays],
        }
    )
    _judge(answers, camera, bool(segments), oldest, inner, plays, settings)


def _play(
    answers: Answers, recorder: Recorder, channel: RecordedChannel, camera: str, settings: Settings
) -> list[Playback]:
    """The drawn instants, played; a fault of the path ends that and says nothing of the channel."""
    plays: list[Playback] = []
    for at in _instants(channel.segments, camera, settings):
        if now() > answers.until:
            answers.failed("playback", f"not reached within {settings.device_s:g} s", camera)
            break
        try:
            plays.append(recorder.play(channel, at, _PLAY_S))
        except RigFault as fault:
            if fault.final or (isinstance(fault, RtspRefused) and fault.status == _UNAUTHORIZED):
                raise
            answers.failed("playback", fault.what, camera)
            break
    return plays


def _judge(
    answers: Answers,
    camera: str,
    recorded: bool,  # noqa: FBT001 - one of the facts
    oldest: datetime,
    inner: Sequence[Segment],
    plays: Sequence[Playback],
    settings: Settings,
) -> None:
    if not recorded:
        answers.find(Code.NO_RECORDING, camera)
        return
    if inner:
        lengths = [(gap.end - gap.start).total_seconds() for gap in inner]
        answers.find(Code.GAPS, camera, count=len(inner), total_s=sum(lengths), longest_s=max(lengths))
    silent = [play.asked for play in plays if not _plays(play)]
    if silent:
        answers.find(Code.UNPLAYABLE, camera, instants=[_iso(at) for at in silent])
    if settings.retention_d is None:
        return
    start, _ = _window(settings)
    kept = (settings.end - oldest).total_seconds() / 86400
    late = (oldest - start).total_seconds() > settings.gap_s
    if late:
        answers.find(
            Code.RETENTION_SHORT, camera, days=math.floor(kept * 100) / 100, asked_d=settings.retention_d
        )
    elif start > settings.start:
        answers.find(Code.TOO_YOUNG, camera, days=math.floor(kept * 100) / 100, asked_d=settings.retention_d)


def _window(settings: Settings) -> tuple[datetime, datetime]:
    """From the beginning of the window, or of the system when it is younger, to shortly before its end.

    What is younger than the tolerance may not be written out yet: it is no gap.
    """
    start = settings.start
    if settings.commissioned:
        began = datetime.combine(
            date.fromisoformat(settings.commissioned), time(), ZoneInfo(settings.time_zone)
        )
        start = max(start, began.astimezone(UTC))
    return start, settings.end - timedelta(seconds=settings.gap_s)


def _days(gaps: Sequence[Segment], start: datetime, end: datetime, zone: str) -> Iterator[list[Any]]:
    """[date, seconds that should be there, seconds missing] of each local day in the window."""
    local = ZoneInfo(zone)
    day = start.astimezone(local).date()
    while True:
        begins = max(datetime.combine(day, time(), local).astimezone(UTC), start)
        ends = min(datetime.combine(day + timedelta(days=1), time(), local).astimezone(UTC), end)
        if begins >= end:
            return
        missing = sum(max(0.0, (min(gap.end, ends) - max(gap.start, begins)).total_seconds()) for gap in gaps)
        yield [day.isoformat(), math.floor((ends - begins).total_seconds()), math.ceil(missing)]
        day += timedelta(days=1)


def _instants(segments: Sequence[Segment], camera: str, settings: Settings) -> list[datetime]:
    """The oldest listed instant, and further ones drawn from the survey's seed, in order of time."""
    long = [one for one in segments if one.end - one.start > 3 * _EDGE]
    if not long or not settings.plays:
        return []
    draw = random.Random(f"{settings.seed}/{camera}")  # noqa: S311 - reproducible on purpose
    first = min(long, key=lambda one: one.start)
    chosen = [first.start + _EDGE]
    for _ in range(settings.plays - 1):
        one = draw.choices(long, [(part.end - part.start).total_seconds() for part in long])[0]
        chosen.append(one.start + _EDGE + (one.end - one.start - 3 * _EDGE) * draw.random())
    return sorted(chosen)


def _plays(play: Playback) -> bool:
    """Frames came, were decoded, and bear the time that was asked for."""
    if play.refused or not play.decoded or play.first is None:
        return False
    return abs((play.first - play.asked).total_seconds()) <= _RIGHT_TIME_S


def _played(play: Playback) -> dict[str, Any]:
    return {"asked": _iso(play.asked), "plays": _plays(play), "answer": play.refused}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
