# SPDX-License-Identifier: Apache-2.0
"""When a line was last proven idle: the earliest moment at which what came since can have begun."""

from __future__ import annotations

import sys

from yanshou.model import now
from yanshou.protocols.bus import Bus

_POLLED_S = 0.02  # Windows cannot wait for a serial port: it is polled from time to time


def polled_s(bus: Bus) -> float:
    """How long a byte may wait in the port before it is taken in, in seconds."""
    return _POLLED_S if sys.platform == "win32" and not bus.host else 0.0


class Idle:
    """Remembers when the line was last proven idle.

    A tick occurs every few milliseconds. Between two ticks the event loop asks the line for bytes and takes
    them in. So a tick that finds no new byte since the tick before proves that at the tick before none was
    waiting.
    """

    def __init__(self) -> None:
        self.since = self._tick = now()
        self._bytes = False

    def tick(self, *, pending: bool) -> None:
        """One tick; ``pending``: a message has begun and not ended."""
        if not self._bytes and not pending:
            self.since = self._tick
        self._tick, self._bytes = now(), False

    def received(self) -> None:
        """Bytes arrived."""
        self._bytes = True
