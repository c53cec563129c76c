# SPDX-License-Identifier: Apache-2.0
"""Searches in progress: results found over time, returned in pages, forgotten when nobody asks."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

SEARCH_S = 0.05
"""Seconds a search takes to find all its results."""

_WAIT_STEP_S = 0.01
_OVERLAP = 3  # results that a page repeats from the one before, if planted


@dataclass(slots=True)
class ArchiveSearch:
    """A search of one kind; ``results`` is markup, times are monotonic seconds."""

    kind: str
    results: list[str]
    keep_alive_s: float
    started: float
    asked: float
    handed_out: int = 0
    trouble: str = ""

    @property
    def alive(self) -> bool:
        """Whether its token is still valid."""
        return time.monotonic() < self.asked + self.keep_alive_s

    @property
    def _found(self) -> int:
        """Results found up to now."""
        share = (time.monotonic() - self.started) / SEARCH_S
        return len(self.results) if share >= 1 else int(share * len(self.results))

    async def page(self, least: int | None, most: int | None, wait_s: float) -> tuple[str, list[str]]:
        """Search state and up to ``most`` results, after at most ``wait_s`` for ``least`` (or all)."""
        deadline = time.monotonic() + wait_s
        wanted = len(self.results) if least is None else self.handed_out + least
        while not self._completed and self._found < wanted and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(_WAIT_STEP_S)
        end = min(self._found, self.handed_out + (most or len(self.results)))
        begin = max(0, self.handed_out - _OVERLAP) if self.trouble == "repeats" else self.handed_out
        part = self.results[begin:end]
        self.handed_out, self.asked = end, time.monotonic()
        done = self._completed and self.handed_out == len(self.results) and self.trouble != "endless"
        return ("Completed" if done else "Searching"), part

    @property
    def _completed(self) -> bool:
        return time.monotonic() - self.started >= SEARCH_S
