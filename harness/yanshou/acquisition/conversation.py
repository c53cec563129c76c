# SPDX-License-Identifier: Apache-2.0
"""The caller's side of a connection to one device: follow points, read them, wait for them, command."""

from __future__ import annotations

from collections.abc import Sequence

from yanshou.acquisition.process import Process
from yanshou.acquisition.records import Matches, Polls, Sample
from yanshou.model import Instant, now
from yanshou.protocols.bus import Bus
from yanshou.protocols.speech import MessageQuestion, Secrets, Speech

_REQUEST_S = 30.0  # a login, a request that waits its turn, a line kept quiet
Cell = tuple[str, int]


class Conversation:
    """A connection to one device; points are named by role and number (from 1).

    Every method raises ``RigFault``.
    """

    def __init__(self, process: Process, bus: Bus, speech: Speech, secrets: Secrets) -> None:
        self._process = process
        self._bus = bus
        self.speech = speech
        process.call(
            "message_open",
            _REQUEST_S,
            bus=bus.as_json(),
            speech=speech.as_json(),
            secrets=[secrets.password, secrets.code, secrets.user],
        )

    def follow(self, cells: Sequence[Cell]) -> None:
        """Begin to follow points; returns after the first poll of all of them."""
        self._process.call("message_follow", _REQUEST_S, bus=self._bus.key, cells=list(cells))

    def values(self, cells: Sequence[Cell]) -> Sample:
        """Values of polls that begin after this call."""
        values, instant = self._process.call(
            "message_values", _REQUEST_S, bus=self._bus.key, cells=list(cells)
        )
        return Sample(tuple(values), Instant(*instant))

    def all_of(self, role: str) -> dict[int, int]:
        """All points of ``role`` whose value is known now, by number."""
        pairs = self._process.call("message_all", _REQUEST_S, bus=self._bus.key, role=role)
        return {int(number): int(value) for number, value in pairs}

    def wait(self, cell: Cell, matches: Matches, *, since: Instant, within: float) -> Instant | None:
        """When the point came to match after ``since``; None only if it is proven that it did not."""
        pair = self._process.call(
            "message_wait",
            max(0.0, since.latest + within - now()) + _REQUEST_S,
            bus=self._bus.key,
            cells=[cell],
            matches=matches.as_json(),
            since=since.as_pair(),
            within=within,
        )
        return None if pair is None else Instant(*pair)

    def polls(self, cell: Cell, since: Instant) -> Polls:
        """How often the point was polled since, and the longest time between two polls."""
        polls, gap = self._process.call(
            "message_polls", _REQUEST_S, bus=self._bus.key, cells=[cell], since=since.as_pair()
        )
        return Polls(int(polls), float(gap))

    def ask(self, question: MessageQuestion, number: int = 1) -> tuple[Instant, str]:
        """Ask something once that changes nothing; returns [sent, answered] and the answer."""
        tx, rx, answer = self._process.call(
            "message_ask",
            _REQUEST_S,
            bus=self._bus.key,
            request=question.request,
            expect=question.expect,
            number=number,
        )
        return Instant(tx, rx), str(answer)

    def say(self, name: str, ask: MessageQuestion, number: int, *, refused: str = "") -> Instant:
        """Send a command once, never repeating it; returns the instant [sent, answered]."""
        pair = self._process.call(
            "message_say",
            _REQUEST_S,
            bus=self._bus.key,
            name=name,
            send=ask.request,
            expect=ask.expect,
            refused=refused,
            number=number,
        )
        return Instant(*pair)
