# SPDX-License-Identifier: Apache-2.0
"""The timers of supervised accounts: any message restarts them (SIA DC-09 5.5.2).

A path is one address the receiver listens at. Time in which the receiver itself did not run does not count as
silence, because messages that arrived meanwhile wait in the socket.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A path of an account fell silent (``lost``) or spoke again, at ``at`` seconds."""

    account: str
    path: int
    lost: bool
    at: float


@dataclass(slots=True)
class _Timer:
    limit_s: float
    heard: dict[int, float] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)


class Supervision:
    """Which accounts are supervised, and when each was last received."""

    def __init__(self) -> None:
        self._timers: dict[str, _Timer] = {}

    def supervise(self, account: str, limit_s: float, paths: tuple[int, ...], at: float) -> None:
        """Expect a message on each path at least every ``limit_s`` seconds (interval and grace) from now."""
        self._timers[account] = _Timer(limit_s, dict.fromkeys(paths, at))

    def release(self, account: str) -> None:
        """Stop expecting messages."""
        self._timers.pop(account, None)

    def heard(self, account: str, path: int, at: float) -> Iterator[LinkChange]:
        """A message of the account came over a path; returns the change if the path was lost."""
        timer = self._timers.get(account)
        if timer is None or path not in timer.heard:
            return
        timer.heard[path] = at
        if path in timer.lost:
            timer.lost.discard(path)
            yield LinkChange(account, path, lost=False, at=at)

    def forgive(self, seconds: float) -> None:
        """Do not count a time in which the receiver did not run."""
        for timer in self._timers.values():
            timer.heard = {path: at + seconds for path, at in timer.heard.items()}

    def check(self, at: float) -> Iterator[LinkChange]:
        """The paths that have just exceeded their limit of silence."""
        for account, timer in self._timers.items():
            for path, heard in timer.heard.items():
                if path not in timer.lost and at - heard > timer.limit_s:
                    timer.lost.add(path)
                    yield LinkChange(account, path, lost=True, at=heard + timer.limit_s)
