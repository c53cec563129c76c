# SPDX-License-Identifier: Apache-2.0
"""Whether somebody waits for what a device is asked all the time: then it is asked more often."""

from __future__ import annotations

import threading


class Hurry:
    """Held by whoever waits, together with the condition ``turn`` on which he waits."""

    def __init__(self, turn: threading.Condition) -> None:
        self._turn = turn
        self._waiting = 0

    def __bool__(self) -> bool:
        return self._waiting > 0

    def __enter__(self) -> None:
        self._turn.acquire()
        self._waiting += 1

    def __exit__(self, *_exc: object) -> None:
        self._waiting -= 1
        self._turn.release()
