# SPDX-License-Identifier: Apache-2.0
"""An event loop that knows when it last looked at its sockets, so that an arrival has two ends.

What a look finds had not arrived when the look before it began.  Before it waits, the loop looks once without
waiting; and a heart beat makes it look every two milliseconds even when nothing comes.
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
    """A selector that keeps when its last looks began."""

    def __init__(self) -> None:
        super().__init__()
        moment = now()
        self.began: deque[float] = deque([moment] * _KEPT, maxlen=_KEPT)
        self.looks = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, Any]]:
        """Look at once, and only then wait; note when each look began."""
        found = self._look(0)
        return found if found or timeout == 0 else self._look(timeout)

    def _look(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, Any]]:
        self.began.append(now())
        self.looks += 1
        return super().select(timeout)

    def arrived(self) -> Instant:
        """When that arrived which the loop is handling now: after the look before the last began."""
        return Instant(self.began[-2], now())

    def opened(self) -> float:
        """Before this moment a connection that is being set up now was not there."""
        return self.began[0]


class Heart:
    """Keeps the loop looking, and tells how long it did not."""

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
        """Seconds in which the loop did not run, since this was asked last; 0 for short ones."""
        missed, self._missed = self._missed, 0.0
        return missed

    def stop(self) -> None:
        """Beat no more."""
        self._handle.cancel()
