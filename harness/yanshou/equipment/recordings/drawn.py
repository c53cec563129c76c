# SPDX-License-Identifier: Apache-2.0
"""Plays what is drawn from a recorder's list: for completeness, picture size, frame rate, and sameness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from yanshou.drivers.capabilities import Recorder
from yanshou.equipment.recordings.listing import hold
from yanshou.equipment.recordings.player import Player, Sight
from yanshou.evaluation import recorded
from yanshou.evaluation.holding import Holding, UnclearList, Window
from yanshou.evaluation.playing import Proof
from yanshou.evaluation.recorded import Drawn, DrawnPlay, ExportedTwice, Exports
from yanshou.evaluation.tables import gap_table, iso
from yanshou.model import Measurement, RigFault
from yanshou.model.recording import Playback

_PICTURE_S: Final = 2.0
_RATE_S: Final = 6.0
_EXPORT_S: Final = 4.0


def drawn_instants(recorder: Recorder, window: Window) -> list[Drawn]:
    """One instant of each camera; RigFault if a camera has nothing to play."""
    return recorded.drawn_instants(recorder.device.id, hold(recorder, window), window)


def record_completeness(recorder: Recorder, window: Window) -> tuple[Measurement, bytes]:
    """Recorded part of the scheduled time of the window in %, of the worst camera, and the table of gaps."""
    try:
        holding = hold(recorder, window)
    except UnclearList as unclear:
        return recorded.unclear_completeness(recorder.device.id, unclear), gap_table(())
    open_ends = [camera for camera in window.cameras if _open_ended(recorder, camera, holding, window)]
    return recorded.record_completeness(recorder.device.id, holding, window, open_ends)


def _open_ended(recorder: Recorder, camera: str, holding: Holding, window: Window) -> bool:
    """Whether the time before a missing end does not play: how much is missing there is then unknown."""
    player, held = Player(recorder), holding.lines[camera]
    plays = (player.prove(camera, held, one) for one in recorded.asked_at_seams(camera, holding, window))
    return any(one.proof is not Proof.RIGHT for one in plays)


def recorded_pixels(recorder: Recorder, drawn: Sequence[Drawn], sight: Sight | None = None) -> Measurement:
    """The counting pixels of a decoded picture of each camera's recording; the smallest, in px."""
    plays = _played(recorder, drawn, sight, seconds=_PICTURE_S, intra=True)
    return recorded.recorded_pixels(recorder.device.id, plays)


def recorded_frame_rate(
    recorder: Recorder, drawn: Sequence[Drawn], sight: Sight | None = None
) -> Measurement:
    """Whole frames a second of each camera's recording; the slowest, in fps."""
    plays = _played(recorder, drawn, sight, seconds=_RATE_S, intra=False)
    return recorded.recorded_frame_rate(recorder.device.id, plays, _RATE_S)


def exports(recorder: Recorder, drawn: Sequence[Drawn], sight: Sight | None = None, most: int = 8) -> Exports:
    """Export each drawn period twice and compare the digests of its coded frames."""
    twice = [one for one in drawn[:most] for _ in range(2)]
    made = _played(recorder, twice, sight, seconds=_EXPORT_S, intra=False)
    pairs = [ExportedTwice(one, other) for one, other in zip(made[::2], made[1::2], strict=True)]
    return recorded.exports(recorder.device.id, pairs, _EXPORT_S)


def proved_by_pictures(
    recorder: Recorder, drawn: Sequence[Drawn], plays: Sequence[Playback], sight: Sight | None
) -> list[DrawnPlay]:
    """Each playback with what its pictures prove: by the clock in them, and by the live views.

    Without ``sight`` the recorder's own stamps are all there is, and nobody looks at the pictures.
    """
    if sight is None:
        return [DrawnPlay(one, play) for one, play in zip(drawn, plays, strict=True)]
    views = sight.descriptors()
    found = []
    for one, play in zip(drawn, plays, strict=True):
        player = Player(recorder, sight, one.labelled_ahead, views)
        found.append(DrawnPlay(one, play, player.proof_of(one.camera, one.channel, play)))
    return found


def _played(
    recorder: Recorder, drawn: Sequence[Drawn], sight: Sight | None, *, seconds: float, intra: bool
) -> list[DrawnPlay]:
    plays = [_play(recorder, one, seconds=seconds, intra=intra) for one in drawn]
    return proved_by_pictures(recorder, drawn, plays, sight)


def _play(recorder: Recorder, drawn: Drawn, *, seconds: float, intra: bool) -> Playback:
    play = recorder.play(drawn.channel, drawn.at, seconds, intra=intra)
    if play.refused or not play.decoded:
        broken = f"all {play.damaged} of its pictures are damaged." if play.damaged else ""
        why = play.refused or broken or "its frames could not be decoded."
        raise RigFault(f"{drawn.camera} at {iso(drawn.at)} did not play: {why}", device=recorder.device.id)
    return play
