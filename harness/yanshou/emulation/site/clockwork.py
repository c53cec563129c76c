# SPDX-License-Identifier: Apache-2.0
"""Things that happen later: one thread that calls actions at their time, under the lock of the world."""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from threading import Condition, RLock, Thread

_LONGEST_WAIT_S = 3600.0  # a condition waits for a limited time; then it checks again


class Timer:
    """A future action; ``cancel`` prevents it (call it with the world's lock held)."""

    __slots__ = ("action", "cancelled", "due")

    def __init__(self, due: float, action: Callable[[], None]) -> None:
        self.due = due
        self.action = action
        self.cancelled = False

    def cancel(self) -> None:
        """Forget the action."""
        self.cancelled = True


class Clockwork:
    """Calls actions at their due time, with ``lock`` held; an action that raises goes to ``on_error``."""

    def __init__(self, lock: RLock, on_error: Callable[[BaseException], None]) -> None:
        self._lock = lock
        self._on_error = on_error
        self._heap: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._changed = Condition()
        self._running = False
        self._thread = Thread(target=self._run, name="clockwork", daemon=True)

    def start(self) -> None:
        """Begin calling actions."""
        self._running = True
        self._thread.start()

    def stop(self) -> None:
        """Stop calling actions and end the thread."""
        with self._changed:
            self._running = False
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Call ``action`` in ``seconds``."""
        timer = Timer(time.perf_counter() + seconds, action)
        with self._changed:
            heapq.heappush(self._heap, (timer.due, next(self._order), timer))
            self._changed.notify()
        return timer

    def _next(self) -> Timer | None:
        """Wait for the next due action; None at the end."""
        with self._changed:
            while self._running:
                wait = self._heap[0][0] - time.perf_counter() if self._heap else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._heap)[2]
                self._changed.wait(_LONGEST_WAIT_S if wait is None else min(wait, _LONGEST_WAIT_S))
        return None

    def _run(self) -> None:
        while timer := self._next():
            try:
                with self._lock:
                    if not timer.cancelled:
                        timer.action()
            except Exception as error:  # noqa: BLE001 - the thread has no caller: handed to the one who stops all
                self._on_error(error)
