# SPDX-License-Identifier: Apache-2.0
"""Retention: a recorder is asked what it holds, and what it lists is played back.

Played are the edge of the required window, the oldest listed instant, both edges of every gap and a seeded
sample; each picture is decoded, its own time compared with the time asked for, and its view with the cameras'
live pictures and with the pictures of other days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from yanshou.drivers.capabilities import Recorder
from yanshou.equipment.recordings.copies import compared
from yanshou.equipment.recordings.listing import hold
from yanshou.equipment.recordings.player import Player, Sight
from yanshou.evaluation.holding import Holding, UnclearList, Window, seams_of, time_line
from yanshou.evaluation.playing import PlaybackReason, holder, instants
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


def retention(recorder: Recorder, window: Window, sight: Sight | None = None) -> Retention:
    """The retained days of a recorder: those of its worst camera, in days (d)."""
    try:
        holding = hold(recorder, window)
    except UnclearList as unclear:
        return unclear_retention(recorder.device.id, unclear)
    sight = sight or Sight()
    player = Player(recorder, sight, holding.now - window.now)
    findings = [_channel(player, camera, holding, window) for camera in window.cameras]
    return retained(
        recorder.device.id,
        holding,
        findings,
        window,
        estimate=_estimate(recorder, holding, findings, window),
        read_on_screen=sight.clocks.keys(),
    )


def _channel(player: Player, camera: str, holding: Holding, window: Window) -> ChannelFinding:
    """The finding for one camera; its playbacks are made here."""
    line = time_line(camera, holding, window)
    if not line.stretches:
        return unrecorded(camera, line, holding.now)
    asked = instants(
        line.stretches,
        start=line.start,
        end=line.end,
        seed=f"{window.seed}/{camera}",
        samples=window.samples,
        seams=seams_of(holding, camera),
    )
    recordings = holding.lines[camera]
    playbacks = compared(
        [player.prove(camera, recordings, one) for one in asked], lambda one: player.alive(recordings, one)
    )
    return channel_finding(camera, line, playbacks, holding.now, window)


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
