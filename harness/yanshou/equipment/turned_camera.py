# SPDX-License-Identifier: Apache-2.0
"""Gives a camera commands of pan, tilt, zoom and presets while its live pictures are received."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from yanshou.drivers.capabilities import Camera
from yanshou.drivers.capabilities.video import LiveView
from yanshou.equipment.registrant import Registrant
from yanshou.evaluation.turns import CommandedView, Shot
from yanshou.imaging.view_motion import Motion, ViewMotion, small
from yanshou.model import Instant, RigFault, now
from yanshou.model.stream import Luma
from yanshou.protocols.gb28181.ptz import ptz_move, ptz_preset, ptz_stop

REST_S: Final = 4.0
"""How long a camera usually rests after a command: what is seen arrives late, and heads have inertia."""
MOVE_S: Final = 2.0
_ANSWER_S: Final = 1.0
_EVERY: Final = 3  # of the decoded pictures one is kept
_OPEN_S: Final = 20.0
_GRACE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class PtzCommand:
    """Messages of PTZCmd that belong together: name, code, and the seconds until the next one."""

    messages: tuple[tuple[str, str, float], ...]

    @classmethod
    def move(cls, way: str, seconds: float = MOVE_S, *, then_s: float = 0.0) -> PtzCommand:
        """Move one way, stop after some seconds, and wait ``then_s`` seconds."""
        return cls(((f"PTZ {way}", ptz_move(way), seconds), ("PTZ stop", ptz_stop(), then_s)))

    @classmethod
    def preset(cls, what: str, number: int, *, then_s: float = 0.0) -> PtzCommand:
        """Set, call or delete a preset."""
        return cls(((f"preset {what}", ptz_preset(what, number), then_s),))


@dataclass(slots=True)
class TurnedCamera:
    """A camera that is commanded at the platform, and its stream; ``rest_s`` as in REST_S."""

    registrant: Registrant
    camera: Camera
    rest_s: float = REST_S

    def give(self, command: PtzCommand) -> Instant:
        """Give a command; from its first message to its last. NonConformity if one is not taken (no 200)."""
        sent: list[Instant] = []
        for name, code, wait_s in command.messages:
            said = self.registrant.command(name, {"PTZCmd": code}, total_s=max(wait_s, _ANSWER_S))
            self.registrant.require_taken(said, f"云台命令（{name}）")
            sent.append(said.sent)
        return Instant(sent[0].earliest, sent[-1].latest)

    def left_alone(self, way: str) -> ViewMotion:
        """How the view moved from before a move to as long after its stop as one watches a call that follows.

        A head may go back to where it stood by itself.
        """
        seen = self.watched([PtzCommand.move(way, then_s=2 * self.rest_s + _ANSWER_S)])
        return seen.moved(0, 0) if seen.commands else ViewMotion(Motion.UNTOLD)

    def watched(self, commands: Sequence[PtzCommand]) -> CommandedView:
        """Give the commands, with a rest before and after each, and keep the pictures meanwhile.

        Without pictures where the stream cannot be had: then no command is given.
        """
        longest = self.rest_s + sum(
            self.rest_s + sum(wait_s for *_, wait_s in one.messages) + _GRACE_S for one in commands
        )
        try:
            view = self.camera.view(_OPEN_S + longest)
        except RigFault:
            return CommandedView((), (), ())
        with view:
            try:
                view.wait_running()
            except RigFault:
                return CommandedView((), (), ())
            time.sleep(self.rest_s)
            given, ends = [], []
            for one in commands:
                given.append(self.give(one))
                time.sleep(max(given[-1].latest + self.rest_s - now(), 0.0))
                ends.append(now())
            return CommandedView(_shots(view), given, ends)


def _shots(view: LiveView) -> list[Shot]:
    """Some of the pictures that were received; none if the stream ended by itself."""
    numbers = itertools.count()

    def kept(luma: Luma) -> Luma | None:
        return None if next(numbers) % _EVERY else small(luma)

    try:
        seen = [(one.arrival, one.read) for one in view.finish(kept)]
    except RigFault:
        return []
    return [Shot(at, luma) for at, luma in seen if luma is not None]  # type: ignore[arg-type]
