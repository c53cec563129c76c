# SPDX-License-Identifier: Apache-2.0
"""Whether what a device answers is of now.

A gateway between a line and a network may answer from its memory, and go on doing so when the line behind it
is dead. Then nothing that did not come is known to have stayed away, and what came is known too late. The
device's own clock tells: it has to go on by a second in a second.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from datetime import datetime
from typing import Final, NamedTuple

from yanshou.drivers.field.points import PanelLink
from yanshou.model import Instant, RigFault, now

_SECOND: Final = 1.0  # the resolution of such a clock
_AGREES_S: Final = 1.25  # two readings of whole seconds, and some
_DRIFT: Final = 1e-3  # more than any clock of a device that is of use
_APART_S: Final = 2.0  # a clock that stands is told from one that goes after so long
_OLD_S: Final = 600.0
_STANDS_S: Final = 2.5
_FOLLOWED_S: Final = 10.0
_CLOSE_S: Final = 0.5  # two answers so close show how a clock steps
_ASK_S: Final = 0.05
_SLOW_S, _SLOW_SHARE = 1.0, 0.25
_REMEDY: Final = (
    "Look for a gateway that answers from its memory: let it ask the device each time, or do without it. "
    "If the device's own clock does not run, set it."
)


class _Shown(NamedTuple):
    """What the clock showed, and when it was asked."""

    at: datetime
    asked: Instant


class Freshness:
    """Holds the answers of one device against its clock; of a device without one nothing is known."""

    def __init__(self, link: PanelLink) -> None:
        self._link = link
        self._before: deque[_Shown] = deque(maxlen=2)  # readings that later ones are held against
        self._fresh_at = 0.0  # the last moment that its answers were of
        self._steps = False  # it was seen to go on second by second
        with contextlib.suppress(RigFault):  # a device that is dead now says so when it is first needed
            if link.profile.has("clock") and (seen := self._read()) is not None:
                self._before.append(seen)

    def require_after(self, seen: Instant | None, *, since: Instant, within: float) -> None:
        """Raise RigFault unless the outcome of a wait is known to be of its own time.

        Of what was seen soon nothing has to be shown. Of what was seen late the clock has to go on second by
        second: a gateway that seldom asks would make it late.
        """
        if seen is None:
            self.require(after=since.latest + within)
        elif (seen - since).least > max(_SLOW_S, _SLOW_SHARE * within):
            self.require(after=seen.latest, stepping=True)

    def require(self, *, after: float, stepping: bool = False) -> None:
        """Raise RigFault unless an answer given later than ``after`` is known to be of its own moment."""
        known = self._fresh_at >= after and (self._steps or not stepping)
        if known or not self._link.profile.has("clock"):
            return
        seen = self._read()
        if seen is None:
            return
        if self._before and not _agree(self._before[0], seen):
            self._before.clear()
        apart = _apart(self._before[0], seen) if self._before else 0.0
        if apart < _APART_S or (stepping and not self._steps):
            seen, self._steps = self._followed(seen), True
        self._fresh_at = seen.asked.earliest
        if not self._before or _apart(self._before[-1], seen) > _OLD_S:
            self._before.append(seen)

    def _read(self) -> _Shown | None:
        answer = self._link.fields("clock")
        if answer is None:
            return None
        try:
            return _Shown(answer.local_time(), answer.instant)
        except ValueError:
            return None  # it shows no date: its clock was never set, and tells nothing

    def _followed(self, first: _Shown) -> _Shown:
        """The reading at which it went on by a second; RigFault if it stands still or leaps."""
        before, since, end = first, first.asked.earliest, now() + _FOLLOWED_S
        while now() < end:
            time.sleep(_ASK_S)
            seen = self._read()
            if seen is None:
                break
            went, lasted = (seen.at - before.at).total_seconds(), seen.asked.latest - before.asked.earliest
            if went > lasted + _SECOND:
                raise self._link.fault(
                    f"its clock went on by {went:.0f} s between two answers {lasted:.1f} s apart: "
                    "it answers of an earlier moment.",
                    _REMEDY,
                )
            if went > 0 and lasted <= _CLOSE_S:
                return seen
            if went:  # too far apart to tell, or it was set
                since = seen.asked.earliest
            elif seen.asked.earliest - since > _STANDS_S:
                raise self._link.fault(
                    f"its clock stood still for {seen.asked.earliest - since:.1f} s: "
                    "it may answer of an earlier moment.",
                    _REMEDY,
                )
            before = seen
        raise self._link.fault(
            "its clock could not be followed: it may answer of an earlier moment.", _REMEDY
        )


def _apart(before: _Shown, seen: _Shown) -> float:
    """The time between two readings by this computer's clock, in seconds."""
    return seen.asked.middle - before.asked.middle


def _agree(before: _Shown, seen: _Shown) -> bool:
    """Whether the clock went on as this computer's did."""
    lasted, went = _apart(before, seen), (seen.at - before.at).total_seconds()
    return abs(went - lasted) <= _AGREES_S + lasted * _DRIFT + seen.asked.latest - seen.asked.earliest
