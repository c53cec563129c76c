# SPDX-License-Identifier: Apache-2.0
"""Retention: a recorder is asked what it holds, and what it lists is played back.

Played are the edge of the required window, the oldest listed instant, both edges of every gap and a seeded
sample; each picture is decoded, its own time compared with the time asked for, and its view with the cameras'
live pictures and with the pictures of other days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

from yanshou.drivers.capabilities import Recorder
from yanshou.equipment.recordings.copies import compared
from yanshou.equipment.recordings.listing import hold
from yanshou.equipment.recordings.player import Player, Sight
from yanshou.equipment.recordings.several import PlayJob, play_together
from yanshou.evaluation.holding import Holding, TimeLine, UnclearList, Window, seams_of, time_line
from yanshou.evaluation.playing import PlaybackProof, PlaybackReason, holder, instants
from yanshou.evaluation.projection import Projection, projected
from yanshou.evaluation.retention import (
    ChannelFinding,
    Retention,
    channel_finding,
    retained,
    unclear_retention,
    unrecorded,
)
from yanshou.model.recording import Playback, RecordedChannel

_PLAY_S: Final = 4.0
_PER_CHANNEL: Final = 3  # playbacks of all frames, to weigh the bit rate


def retention(
    recorder: Recorder, window: Window, sight: Sight | None = None, beside: Sequence[Recorder] = ()
) -> Retention:
    """The retained days of a recorder: those of its worst camera, in days (d).

    ``beside`` are further connections to it, by which several channels are played at the same time.
    """
    try:
        holding = hold(recorder, window)
    except UnclearList as unclear:
        return unclear_retention(recorder.device.id, unclear)
    sight = sight or Sight()
    if beside:
        views = sight.views()  # taken by one thread
        sight = replace(sight, views=lambda: views)
    ahead = holding.now - window.now
    player, others = Player(recorder, sight, ahead), [Player(one, sight, ahead) for one in beside]
    lines = [_Line.of(camera, holding, window) for camera in window.cameras]
    played = play_together([player, *others], [job for line in lines for job in line.jobs])
    findings = [_channel(player, line, holding, window, played) for line in lines]
    if again := sum(len(line.jobs) for line in lines) - len(played) if played else 0:
        holding = holding.remarked([f"{again} 处在多路同时回放时未能证实，以单独重放的结果为准"])
    return retained(
        recorder.device.id,
        holding,
        findings,
        window,
        estimate=_estimate(recorder, holding, findings, window),
        read_on_screen=sight.clocks.keys(),
        viewed=player.viewed.union(*(one.viewed for one in others)),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """One camera: what the recorder lists of it, and what is played."""

    time: TimeLine
    jobs: tuple[PlayJob, ...]
    camera: str

    @classmethod
    def of(cls, camera: str, holding: Holding, window: Window) -> Self:
        line = time_line(camera, holding, window)
        if not line.stretches:
            return cls(line, (), camera)
        asked = instants(
            line.stretches,
            start=line.start,
            end=line.end,
            seed=f"{window.seed}/{camera}",
            samples=window.samples,
            seams=seams_of(holding, camera),
        )
        recordings = holding.lines[camera]
        return cls(line, tuple(PlayJob(camera, n, recordings, one) for n, one in enumerate(asked)), camera)


def _channel(
    player: Player,
    line: _Line,
    holding: Holding,
    window: Window,
    played: Mapping[tuple[str, int], PlaybackProof],
) -> ChannelFinding:
    """The finding for one camera; what was not ``played`` beside others is played here."""
    if not line.time.stretches:
        return unrecorded(line.camera, line.time, holding.now)
    recordings = holding.lines[line.camera]
    proofs = [
        played.get((line.camera, job.number)) or player.prove(line.camera, recordings, job.asked)
        for job in line.jobs
    ]
    playbacks = compared(proofs, lambda one: player.alive(recordings, one))
    return channel_finding(line.camera, line.time, playbacks, holding.now, window)


def _estimate(
    recorder: Recorder, holding: Holding, findings: Sequence[ChannelFinding], window: Window
) -> Projection | None:
    """How long the disks may keep recordings in future; asked only for a system younger than its duty."""
    if not any(one.bound for one in findings):
        return None
    sampled = (
        _whole(
            recorder, recordings, [play.play.asked for play in one.plays if play.why is PlaybackReason.SAMPLE]
        )
        for recordings, one in zip(holding.lines.values(), findings, strict=True)
    )
    return projected(map(list, sampled), window.storage)


def _whole(
    recorder: Recorder, recordings: Sequence[RecordedChannel], times: Sequence[datetime]
) -> Iterator[Playback]:
    """Play up to three sampled instants again, with all frames."""
    for at in times[:_PER_CHANNEL]:
        yield recorder.play(holder(recordings, at), at, _PLAY_S, intra=False)
