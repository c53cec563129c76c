# SPDX-License-Identifier: Apache-2.0
"""An event loop that knows when it last polled its sockets, so that an arrival has two bounds.

Whatever a poll finds had not arrived when the poll before it began. Before the loop waits, it polls once
without waiting; and a heartbeat makes it poll every two milliseconds even when nothing arrives.
"""

from __future__ import annotations

import asyncio
import selectors
from collections import deque
from typing import Any

from yanshou.model import Instant, now

BEAT_S = 0.002
_BLIND_S = 1.0
_KEPT = 8


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
