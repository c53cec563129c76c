# SPDX-License-Identifier: Apache-2.0
"""Playbacks of several channels at the same time, as far as the recorder and this computer bear it.

What plays and proves its instant beside others would prove it alone. Everything else is played again alone
before it counts: the recorder may permit fewer playbacks, and this computer may have been too slow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue

from yanshou.equipment.recordings.player import Player
from yanshou.evaluation.playing import Asked, PlaybackProof, Proof
from yanshou.model import RigFault
from yanshou.model.recording import RecordedChannel

AT_ONCE = 4
_PROVING = frozenset({Proof.RIGHT, Proof.NO_TIME})


@dataclass(frozen=True, slots=True)
class PlayJob:
    """The ``number``-th instant to be played of a camera's recordings."""

    camera: str
    number: int
    recordings: Sequence[RecordedChannel]
    asked: Asked


@dataclass(slots=True)
class _Tries:
    """Who plays next, and how often it came to nothing."""

    idle: SimpleQueue[Player] = field(default_factory=SimpleQueue)
    players: int = 0
    failed: int = 0

    def of_camera(self, jobs: Sequence[PlayJob]) -> list[tuple[PlayJob, PlaybackProof]]:
        """The playbacks of one camera that proved their instants, one after the other."""
        player = self.idle.get()
        try:
            tried = [(job, self._tried(player, job)) for job in jobs]
        finally:
            self.idle.put(player)
        return [(job, proof) for job, proof in tried if proof is not None]

    def _tried(self, player: Player, job: PlayJob) -> PlaybackProof | None:
        if self.failed > 2 * self.players:  # it bears no more than one playback
            return None
        try:
            proof = player.prove(job.camera, job.recordings, job.asked)
        except RigFault:
            proof = None
        if proof is None or proof.proof not in _PROVING or proof.blurred:
            self.failed += 1
            return None
        return proof


def play_together(
    players: Sequence[Player], jobs: Sequence[PlayJob]
) -> Mapping[tuple[str, int], PlaybackProof]:
    """What proved its instant, by camera and number; each of ``players`` has a connection of its own.

    A channel never plays twice at the same time.
    """
    by_camera: dict[str, list[PlayJob]] = {}
    for job in jobs:
        by_camera.setdefault(job.camera, []).append(job)
    busy = min(len(players), len(by_camera))
    if busy <= 1:
        return {}
    tries = _Tries(players=busy)
    for player in players[:busy]:
        tries.idle.put(player)
    with ThreadPoolExecutor(busy) as pool:
        made = pool.map(tries.of_camera, by_camera.values())
    return {(job.camera, job.number): proof for found in made for job, proof in found}
