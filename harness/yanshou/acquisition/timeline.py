# SPDX-License-Identifier: Apache-2.0
"""The history of a watch, and what can be concluded from it. No input or output.

Each good poll brings values with the stamps of its question and its answer. A change between two polls
happened in [tx of the last poll with the old value, rx of the first with the new]: whatever delayed either
poll is inside the bracket. Periods without polls are kept as well, because nothing can be concluded about
them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from yanshou.acquisition.records import Matches, Polls
from yanshou.model import Instant

_MOST_CHANGES = 4096
_MOST_MARKS = 20_000
_MARK_S = 0.1


class Unwatched(Exception):
    """Nothing can be concluded about the period; ``remedy`` says what to try."""

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class StateChange:
    """One point went from ``old`` to ``new`` somewhere in ``instant``."""

    instant: Instant
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line that came in ``instant`` and may have been about the point."""

    instant: Instant
    text: str


@dataclass(frozen=True, slots=True)
class WaitQuestion:
    """Asks when point ``offset`` came to match, after ``since`` and not later than ``deadline``."""

    offset: int
    matches: Matches
    since: Instant
    deadline: float

    @classmethod
    def of(cls, offset: int, matches: Matches, since: Instant, within: float) -> WaitQuestion:
        """The question for ``within`` seconds after the latest moment of ``since``."""
        return cls(offset, matches, since, since.latest + within)


@dataclass(frozen=True, slots=True)
class Settled:
    """The answer to a question: the instant of the event, or None when it did not happen in time."""

    event: Instant | None


@dataclass(slots=True)
class _Mark:
    """Polls of about a tenth of a second, so that hours of polling fit in memory."""

    begun: float
    ended: float
    polls: int
    longest: float

    def joined(self, later: _Mark) -> _Mark:
        """Both marks as one."""
        longest = max(self.longest, later.longest)
        return _Mark(self.begun, later.ended, self.polls + later.polls, longest)


@dataclass(slots=True)
class Timeline:
    """The history of ``count`` points.

    ``gap_limit_s`` is the longest permitted time without a poll, in seconds.
    """

    count: int
    gap_limit_s: float = 1.0
    values: tuple[int, ...] | None = None
    tx: float = 0.0
    rx: float = 0.0
    born: float = 0.0  # receipt of the first good poll
    failing: str = ""  # why the latest poll failed; empty if it was good
    changes: list[deque[StateChange]] = field(default_factory=list)
    gaps: deque[Instant] = field(default_factory=lambda: deque(maxlen=_MOST_CHANGES))
    unread: deque[UnreadLine] = field(default_factory=lambda: deque(maxlen=_MOST_CHANGES))
    _marks: list[_Mark] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.changes = [deque(maxlen=_MOST_CHANGES) for _ in range(self.count)]

    def saw(self, values: tuple[int, ...], tx: float, rx: float) -> bool:
        """Add a good poll; returns whether any point changed."""
        changed = self.values is not None and values != self.values
        if self.values is None:
            self.born = rx
        else:
            self._advance(values, Instant(self.tx, rx))
        self._note(tx, rx)
        self.values, self.tx, self.rx, self.failing = values, tx, rx, ""
        return changed

    def failed(self, why: str) -> None:
        """Add a poll without an answer."""
        self.failing = why

    def _advance(self, values: tuple[int, ...], between: Instant) -> None:
        assert self.values is not None
        if values != self.values:
            for history, old, new in zip(self.changes, self.values, values, strict=True):
                if old != new:
                    history.append(StateChange(between, old, new))
        if between.latest - between.earliest > self.gap_limit_s:
            self.gaps.append(between)

    def _note(self, tx: float, rx: float) -> None:
        gap = rx - (tx if self.values is None else self.tx)
        if not self._marks or tx - self._marks[-1].begun > _MARK_S:
            self._thin()
            self._marks.append(_Mark(tx, rx, 0, 0.0))
        mark = self._marks[-1]
        mark.ended, mark.polls, mark.longest = rx, mark.polls + 1, max(mark.longest, gap)

    def _thin(self) -> None:
        """Halve the resolution of the past when it grows too long; no bracket gets narrower by that."""
        if len(self._marks) >= _MOST_MARKS:
            pairs = zip(self._marks[::2], self._marks[1::2], strict=True)
            self._marks = [first.joined(second) for first, second in pairs]

    def polls(self, since: Instant) -> Polls:
        """How closely the points were watched from ``since`` until now; never better than it really was."""
        if not self._marks or self._marks[0].begun > since.latest + self.gap_limit_s:
            raise Unwatched("the watch does not reach back that far", "Begin it before the stimulus.")
        polls = sum(mark.polls for mark in self._marks if mark.begun >= since.earliest)
        longest = max((m.longest for m in self._marks if m.ended >= since.earliest), default=0.0)
        return Polls(polls, longest)

    def settle(self, question: WaitQuestion) -> Settled | None:
        """Answer when it can be answered now; None while it is too early to say.

        An event counts from the first change into the asked state whose bracket is not wholly before
        ``since``. It "did not happen" only if a poll sent after the deadline still did not show it and no gap
        between polls exceeded the limit, and if nothing came that could not be read. Raises ``Unwatched``
        when neither can be concluded.
        """
        if self.values is None:
            return None
        self._refuse_lost_history(question)
        event = self._event(question)
        if event is not None and event.earliest <= question.deadline:
            self._refuse_gaps(question, event.earliest)
            return Settled(event)
        if event is None and self.tx < question.deadline:
            return None
        self._refuse_unread(question)
        self._refuse_gaps(question, question.deadline)
        self._refuse_already_so(question)
        return Settled(None)

    def overdue(self, question: WaitQuestion, moment: float) -> bool:
        """Whether the gap between polls is so long that ``question`` can no longer be answered."""
        last = self.tx if self.values is not None else question.since.earliest
        return moment - max(last, question.since.earliest) > self.gap_limit_s

    def _later(self, question: WaitQuestion) -> list[StateChange]:
        history = self.changes[question.offset]
        return [change for change in history if change.instant.latest >= question.since.earliest]

    def _event(self, question: WaitQuestion) -> Instant | None:
        for change in self._later(question):
            if question.matches(change.new) and not question.matches(change.old):
                return change.instant
        return None

    def _refuse_lost_history(self, question: WaitQuestion) -> None:
        history = self.changes[question.offset]
        full = len(history) == history.maxlen
        if full and history[0].instant.latest >= question.since.earliest:
            raise Unwatched("it changed too often to be followed", "Look for an unstable contact.")
        if self.born > question.since.earliest + self.gap_limit_s:
            raise Unwatched("the watch began after the stimulus", "Begin the watch before it.")

    def _refuse_gaps(self, question: WaitQuestion, until: float) -> None:
        """Raise when a pulse may have gone unseen in a gap.

        The bracket of the event itself is not such a gap.
        """
        for gap in self.gaps:
            if gap.latest > question.since.earliest and gap.earliest < until:
                raise Unwatched(
                    f"nobody looked for {gap.latest - gap.earliest:.2f} s in the time of the measurement",
                    "Mend the connection or the load of the machine and measure again.",
                )

    def _refuse_unread(self, question: WaitQuestion) -> None:
        """Raise when what came and could not be read may have been the event."""
        for line in self.unread:
            if line.instant.latest > question.since.earliest and line.instant.earliest < question.deadline:
                raise Unwatched(
                    f"a line came that cannot be read and may be about it ({line.text!r})",
                    "Add its form to a [[message]] of the profile, and its coding to [transport].",
                )

    def _refuse_already_so(self, question: WaitQuestion) -> None:
        assert self.values is not None
        later = self._later(question)
        seen = [later[0].old] if later else [self.values[question.offset]]
        if all(question.matches(value) for value in [*seen, *(change.new for change in later)]):
            raise Unwatched(
                "the asked state was already shown before the stimulus",
                "Reset the device and make sure the state has gone before stimulating.",
            )
