# SPDX-License-Identifier: Apache-2.0
"""An event loop that knows when it last polled its sockets, so that an arrival has two bounds.

Whatever a poll finds had not arrived when the poll before it began. Before the loop waits, it polls once
without waiting; and a heartbeat makes it poll every two milliseconds even when nothing arrives.
"""

from __future__ import annotations

import asyncio
import math
import selectors
import socket
import sys
from collections import deque
from typing import Any

from yanshou.model import Instant, now

BEAT_S = 0.002
_BLIND_S = 1.0
_KEPT = 8
_LATE_S = 0.01  # a poll so long ago means that this process had to wait, and with it the acknowledgement
_GATHERED_S = 0.05  # within so long after that acknowledgement comes what waited for it
_READ = 64 * 1024  # after a read at least this long, more bytes that arrived with it may be waiting


class StampedSelector(selectors.DefaultSelector):
    """A selector that remembers when its last polls began."""

    def __init__(self) -> None:
        super().__init__()
        moment = now()
        self.began: deque[float] = deque([moment] * _KEPT, maxlen=_KEPT)
        self.polls = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, Any]]:
        """Poll at once and only then wait; note when each poll began."""
        found = self._poll(0)
        return found if found or timeout == 0 else self._poll(timeout)

    def _poll(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, Any]]:
        self.began.append(now())
        self.polls += 1
        return super().select(timeout)

    def arrived(self) -> Instant:
        """The earliest arrival of what the loop is handling now.

        The beginning of the poll before the last.
        """
        return Instant(self.began[-2], now())

    def opened(self) -> float:
        """The latest moment at which a connection that is being accepted now did not exist yet."""
        return self.began[0]


class StreamArrivals:
    """When the bytes of one TCP connection arrived; made when the connection is accepted."""

    def __init__(self, selector: StampedSelector) -> None:
        self._selector = selector
        self._held_since = self._held_until = -math.inf  # what is read until then may have come since then
        self._opened, self._made = selector.opened(), selector.polls

    def arrived(self, count: int) -> Instant:
        """When ``count`` bytes came that are read now: after the poll before the last, or what held them.

        A sender that gathers small segments (RFC 896) keeps its next message back until the last one is
        acknowledged: where that was read late, the next one may have been sent since then.
        """
        at = self._selector.arrived()
        since = at.earliest
        if self._selector.polls <= self._made + 1:  # the first poll that knew of this connection
            since = min(since, self._opened)
        if at.earliest <= self._held_until:
            since = min(since, self._held_since)
        self._held_since, self._held_until = at.earliest, -math.inf
        if count >= _READ:
            self._held_since, self._held_until = since, math.inf
        elif at.latest - at.earliest > _LATE_S:
            self._held_until = at.latest + _GATHERED_S
        return Instant(since, at.latest)


def acknowledge_at_once(transport: asyncio.BaseTransport) -> None:
    """Acknowledge what was read, answered or not: by itself Linux waits for up to 40 ms with that.

    A sender that gathers small segments keeps its next message back until then.
    """
    if sys.platform == "linux":
        line: socket.socket = transport.get_extra_info("socket")
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


class Heart:
    """Keeps the loop polling, and reports how long it did not run."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._last = now()
        self._missed = 0.0
        self._handle = loop.call_later(BEAT_S, self._beat)

    def _beat(self) -> None:
        moment = now()
        if moment - self._last > _BLIND_S:
            self._missed += moment - self._last
        self._last = moment
        self._handle = self._loop.call_later(BEAT_S, self._beat)

    def missed(self) -> float:
        """Seconds in which the loop did not run since the last call; 0 for short ones."""
        missed, self._missed = self._missed, 0.0
        return missed

    def stop(self) -> None:
        """Stop the heartbeat."""
        self._handle.cancel()
