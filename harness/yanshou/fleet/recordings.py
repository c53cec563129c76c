# SPDX-License-Identifier: Apache-2.0
"""What a recorder keeps of each camera: coverage by day, every gap, and whether a sample really plays."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from yanshou.drivers.capabilities import Recorder
from yanshou.fleet.result import Answers, Code
from yanshou.fleet.settings import Settings
from yanshou.model import RigFault, now
from yanshou.model.recording import RecordedChannel, Segment

_MOST_GAPS: Final = 1000
# of the recorded time: if short gaps exceed this together, they count like other gaps
_SHORT_SHARE: Final = 0.001


def ask_recordings(answers: Answers, recorder: Recorder, settings: Settings) -> None:
    """Every channel of the recorder over the window, and the findings that follow."""
    found: dict[str, list[RecordedChannel]] = {}
    for one in recorder.channels(settings.start, settings.end):
        found.setdefault(one.source, []).append(one)
    cameras = answers.subject.cameras or tuple(found)
    for camera in cameras:
        recordings = found.get(camera, [])
        if any(one.unclear or one.token in recorder.without_segments for one in recordings):
            answers.channels.append({"camera": camera, "known": False, "days": [], "gaps": [], "plays": []})
            answers.find(Code.RECORDINGS_UNKNOWN, camera)
            continue
        _channel(answers, recorder, recordings, camera, settings)
    others = sorted(found.keys() - set(cameras))
    if others:
        answers.remarks.append(f"keeps recordings of {', '.join(others)}, which the inventory does not list")


def _channel(
    answers: Answers,
    recorder: Recorder,
    recordings: Sequence[RecordedChannel],
    camera: str,
    settings: Settings,
) -> None:
    from yanshou.evaluation.coverage import (  # noqa: PLC0415 - brings 40 MiB in
        Excuse,
        gaps_of,
        joined,
        weighed,
    )

    segments = joined((part for one in recordings for part in one.segments), timedelta(0))
    start, end = _window(settings)
    oldest = max(min((one.start for one in segments), default=end), start)
    tolerance = timedelta(seconds=settings.gap_s)
    excuses = [Excuse(*one) for one in settings.excused((camera, answers.subject.id))]
    pieces = weighed(gaps_of(segments, start, end), excuses)
    short_s = sum(one.seconds for one in pieces if not one.excuse and one.end - one.start <= tolerance)
    if short_s > _SHORT_SHARE * (end - oldest).total_seconds():  # together too long to be excused
        tolerance = timedelta(0)
    gaps = [
        Segment(one.start, one.end) for one in pieces if not one.excuse and one.end - one.start > tolerance
    ]
    inner = [gap for gap in gaps if gap.start >= oldest]
    plays = _play(answers, recorder, recordings, camera, settings) if segments else []
    answers.channels.append(
        {
            "camera": camera,
            "known": True,
            "oldest": _iso(oldest) if segments else "",
            "days": list(_days(gaps, start, end, settings.time_zone)),
            "gaps": [[_iso(gap.start), _iso(gap.end)] for gap in gaps[:_MOST_GAPS]],
            "gap_count": len(gaps),
            "excused": [[_iso(one.start), _iso(one.end), one.excuse] for one in pieces if one.excuse],
            "plays": plays,
        }
    )
    _judge(answers, camera, bool(segments), oldest, inner, settings)
    silent = [one["asked"] for one in plays if not one["plays"]]
    if silent:
        answers.find(Code.UNPLAYABLE, camera, instants=silent)


def _play(
    answers: Answers,
    recorder: Recorder,
    recordings: Sequence[RecordedChannel],
    camera: str,
    settings: Settings,
) -> list[dict[str, Any]]:
    """Play the oldest picture and the drawn instants; a fault of the path ends that without a finding."""
    from yanshou.equipment.recordings import Player  # noqa: PLC0415 - brings 40 MiB in
    from yanshou.evaluation import playing  # noqa: PLC0415
    from yanshou.evaluation.coverage import joined  # noqa: PLC0415

    if not settings.plays:
        return []
    asked = playing.instants(
        joined(part for one in recordings for part in one.segments),
        start=settings.start,
        end=settings.end,
        seed=f"{settings.seed}/{camera}",
        samples=settings.plays - 1,
    )
    player = Player(recorder)
    plays: list[dict[str, Any]] = []
    for one in asked:
        if one.why not in (playing.PlaybackReason.OLDEST, playing.PlaybackReason.SAMPLE):
            continue  # the edges of gaps are played by the acceptance test, not by a survey
        if now() > answers.until:
            answers.failed("playback", f"not reached within {settings.device_s:g} s", camera)
            break
        try:
            proved = player.prove(camera, recordings, one)
        except RigFault as fault:
            if fault.final:
                raise
            answers.failed("playback", fault.what, camera)
            break
        right = proved.proof is playing.Proof.RIGHT
        answer = "" if right else proved.play.refused or proved.proof.value
        plays.append({"asked": _iso(one.at), "plays": right, "answer": answer})
    return plays


def _judge(
    answers: Answers,
    camera: str,
    recorded: bool,  # noqa: FBT001 - one of the facts
    oldest: datetime,
    inner: Sequence[Segment],
    settings: Settings,
) -> None:
    if not recorded:
        answers.find(Code.NO_RECORDING, camera)
        return
    if inner:
        lengths = [(gap.end - gap.start).total_seconds() for gap in inner]
        answers.find(Code.GAPS, camera, count=len(inner), total_s=sum(lengths), longest_s=max(lengths))
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
    """From the beginning of the window, or of a younger system, to shortly before its end.

    Recordings younger than the tolerance may not be written out yet, so they are no gap.
    """
    start = settings.start
    if settings.commissioned:
        began = datetime.combine(
            date.fromisoformat(settings.commissioned), time(), ZoneInfo(settings.time_zone)
        )
        start = max(start, began.astimezone(UTC))
    return start, settings.end - timedelta(seconds=settings.gap_s)


def _days(gaps: Sequence[Segment], start: datetime, end: datetime, zone: str) -> Iterator[list[Any]]:
    """[date, seconds that should be recorded, seconds missing] of each local day in the window."""
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


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
