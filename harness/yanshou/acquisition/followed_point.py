# SPDX-License-Identifier: Apache-2.0
"""One point of a device that sends messages: its history, and who waits for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from yanshou.acquisition.pauses import LEAST_S, wait_pauses_s
from yanshou.acquisition.timeline import Settled, Timeline, UnreadLine, Unwatched, WaitQuestion
from yanshou.acquisition.wire import MessageAnswer
from yanshou.model import Instant, RigFault, now
from yanshou.protocols.speech import MessageQuestion

ATTEMPTS = 2  # a question may be asked again, a command never

Cell = tuple[str, int]
_Waits = list[tuple[WaitQuestion, "asyncio.Future[Settled]"]]
_Fresh = list[tuple[float, "asyncio.Future[MessageAnswer]"]]


@dataclass(slots=True, eq=False)
class FollowedPoint:
    """One point that is followed: its question (None if the device reports it), and its history."""

    cell: Cell
    ask: MessageQuestion | None
    timeline: Timeline
    value: int
    polled: float = 0.0  # when it was last asked for
    answered: float = 0.0
    hint: tuple[int, float] | None = None  # reported before it could be asked for: value and receipt
    missed: int = 0  # polls without a value since the last good one
    waits: _Waits = field(default_factory=list)
    fresh: _Fresh = field(default_factory=list)

    @property
    def is_urgent(self) -> bool:
        """Whether a caller waits for the next poll."""
        return bool(self.waits or self.fresh)

    def due(self, *, hurried: bool) -> float:
        """When to poll next for those who wait: at once for a fresh value, else after a short pause."""
        if self.fresh:
            return 0.0
        pause = min(wait_pauses_s((question for question, _ in self.waits), self.answered), default=LEAST_S)
        return self.answered + (LEAST_S if hurried else pause)

    def saw(self, value: int, tx: float, rx: float) -> None:
        """Add a poll; callers that asked before it get their answer."""
        if self.hint and self.hint[0] == value != self.value and tx > self.timeline.tx:
            rx = min(rx, max(self.hint[1], tx))
        self.hint, self.missed = None, 0
        self.timeline.saw((value,), tx, rx)
        self.value = value
        for asked, future in self.fresh[:]:
            if tx >= asked:
                self.fresh.remove((asked, future))
                if not future.done():
                    future.set_result(MessageAnswer(str(value), tx, rx))
        self._settle()

    def reported(self, value: int, idle: float, rx: float) -> None:
        """Add a reported change: it happened between the time the line was last idle and its receipt."""
        if self.timeline.values is None:
            self.value = value
            return
        idle = min(max(idle, self.timeline.tx), rx)
        self.timeline.saw((self.value,), idle, idle)
        self.timeline.saw((value,), idle, rx)
        self.value = value
        self._settle()

    def doubt(self, since: float, until: float, line: str) -> None:
        """Note a line that could not be read and may have reported a change."""
        self.timeline.unread.append(UnreadLine(Instant(min(since, until), until), line))

    def blind(self, since: float, until: float) -> None:
        """Note a period in which reports may have been lost."""
        self.timeline.gaps.append(Instant(min(since, until), until))
        self._settle()

    def fail(self, problem: RigFault, *, at_once: bool) -> None:
        """Tell waiting callers that the device cannot be reached."""
        self.timeline.failed(problem.what)
        self.missed += 1
        if at_once or self.missed >= ATTEMPTS:
            for _, fresh in self.fresh:
                reject(fresh, problem)
            self.fresh.clear()
        for question, future in self.waits[:]:
            if at_once or self.timeline.overdue(question, now()):
                self.waits.remove((question, future))
                reject(future, problem)

    def _settle(self) -> None:
        for question, future in self.waits[:]:
            try:
                settled = self.timeline.settle(question)
            except Unwatched as reason:
                self.waits.remove((question, future))
                reject(future, RigFault(f"{reason.what}.", device=str(self.cell), remedy=reason.remedy))
                continue
            if settled is not None:
                self.waits.remove((question, future))
                if not future.done():
                    future.set_result(settled)


def reject(future: asyncio.Future[Settled] | asyncio.Future[MessageAnswer], problem: RigFault) -> None:
    """Let whoever waits hear of the problem, unless he was answered meanwhile."""
    if not future.done():
        future.set_exception(problem)
