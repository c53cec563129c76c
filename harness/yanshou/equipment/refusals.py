# SPDX-License-Identifier: Apache-2.0
"""Credentials without a right, presented again and again: no lock of the controller may be released.

Between two of them at one reader the bench waits, so that the lock of that door can be seen to stay.
Meanwhile another door of the controller is presented its own. Which of two credentials released a lock could
then not be said: where anything comes, each door is tested by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from yanshou.drivers.capabilities import ContactInput
from yanshou.equipment.doors import Door
from yanshou.model import Instant
from yanshou.model.signal import Card


@dataclass(frozen=True, slots=True)
class Refusal:
    """What ``tries`` credentials without a right brought at one door.

    ``released``: its lock was released before the first of them. ``proven_before``, ``proven_after``: a
    credential that may pass released it. ``opened``: the try that released it; ``others``: the other locks
    that were released by the last try. ``beside``: the doors that were presented theirs meanwhile.
    """

    tries: int = 0
    released: bool = False
    proven_before: bool = True
    proven_after: bool = True
    opened: int | None = None
    others: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether each was refused, and surely read."""
        return not (self.released or self.opened or self.others) and self.proven_before and self.proven_after


@dataclass(frozen=True, slots=True)
class Presenting:
    """How often a card is presented, how long after it the next one, and how long the last may still open."""

    card: Card
    tries: int
    between_s: float
    within_s: float
    wait: Callable[[float], object] = time.sleep


@dataclass(slots=True)
class _Turn:
    """One door whose turn it is again and again."""

    door: Door
    beside: tuple[ContactInput, ...]
    number: int = 0
    opened: int | None = None
    others: list[str] = field(default_factory=list)
    _since: Instant | None = None  # the credential before the last: not even between two of them
    _last: Instant | None = None

    def present(self, card: Card) -> None:
        self.number += 1
        self._last = self.door.present(card)
        self._since = self._since or self._last

    def watched(self, seconds: float) -> bool:
        """Whether nothing was released until so long after the last credential."""
        if self._last is None or self._since is None:
            return True
        within = seconds + self._last.latest - self._since.latest
        if self.door.opened_since(self._since, within=within):
            self.opened = self.number
        self.others += self.door.opened_too(self.beside, since=self._since)
        self._since = self._last
        return self.opened is None and not self.others


def refuse(doors: Sequence[Door], how: Presenting) -> dict[str, Refusal]:
    """Present the card at these doors of one controller in turn, until a lock is released.

    The way to each lock is proven before and after.
    """
    found: dict[str, Refusal] = {}
    for door in doors:
        if door.lock.is_active():
            found[door.device.id] = Refusal(released=True)
        elif not _opens(door):
            found[door.device.id] = Refusal(proven_before=False)
    turns = [_Turn(one, one.others_at_rest()) for one in doors if one.device.id not in found]
    _in_turn(turns, how)
    names = [one.device.id for one in doors]
    for turn in turns:
        proven = turn.opened is not None or bool(turn.others) or _at_rest_opens(turn.door)
        found[turn.door.device.id] = Refusal(
            turn.number, proven_after=proven, opened=turn.opened, others=tuple(turn.others)
        )
    return {
        name: replace(one, beside=tuple(other for other in names if other != name))
        for name, one in found.items()
    }


def _in_turn(turns: Sequence[_Turn], how: Presenting) -> None:
    for _ in range(how.tries):
        for turn in turns:
            if not turn.watched(how.between_s):
                return
            turn.present(how.card)
            if turns[1:]:
                how.wait(how.between_s / len(turns))
    for turn in turns:
        turn.watched(how.within_s)


def _at_rest_opens(door: Door) -> bool:
    """A lock that another door's credential has just released shows nothing of its own."""
    return not door.lock.is_active() and _opens(door)


def _opens(door: Door) -> bool:
    """Whether a credential that may pass releases the lock, which then locks again."""
    released = door.wait_released(since=door.present_authorised())
    return released is not None and door.wait_locked(since=released) is not None


def each_refused(doors: Sequence[Door], how: Presenting) -> dict[str, Refusal]:
    """The result of each door: of all in turn, and where anything came, of each by itself.

    A lock that was released although nobody had presented what may pass was so for its own door, whether it
    comes again or not.
    """
    together = refuse(doors, how)
    if not doors[1:] or all(one.quiet for one in together.values()):
        return together
    for door in doors:
        door.bring_to_rest()
    found = {}
    for door in doors:
        first, alone = together[door.device.id], refuse([door], how)[door.device.id]
        again = alone.opened or alone.others or first.opened is None
        found[door.device.id] = alone if again else replace(first, others=())
    return found
