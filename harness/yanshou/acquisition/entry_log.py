# SPDX-License-Identifier: Apache-2.0
"""What a receiving process keeps of its arrivals: numbered entries, and who waits for the next."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Mapping
from typing import Any

from yanshou.model import now

Entry = dict[str, Any]
_KEPT = 100_000
_SECRET = re.compile(r"authorization\s*:|response\s*=", re.IGNORECASE)


class EntryLog:
    """The last 100 000 entries, numbered from 1. Used inside one event loop."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._waiting: set[asyncio.Future[None]] = set()
        self.count = 0
        """The number of the last entry."""

    def keep(self, entry: Entry) -> Entry:
        """Number an entry and keep it."""
        self.count += 1
        entry["n"] = self.count
        self._entries.append(entry)
        return entry

    def wake(self) -> None:
        """Let everyone who waits look again."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def entries(self, after: int, match: Mapping[str, Any]) -> list[Entry]:
        """The entries after number ``after`` that match."""
        fresh = min(self.count - after, len(self._entries))
        newest = [self._entries[-back] for back in range(fresh, 0, -1)]
        return [entry for entry in newest if matches(entry, match)]

    async def wait(self, after: int, match: Mapping[str, Any], until: float) -> Entry | None:
        """The first entry after number ``after`` that matches; None if none came by ``until``."""
        while True:
            if found := self.entries(after, match):
                return found[0]
            after = self.count
            left = until - now()
            if left < 0:
                return None
            future = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            await asyncio.wait({future}, timeout=left + 0.001)


def shown(data: bytes, longest: int) -> str:
    """Bytes in a form a person can read."""
    return "".join(chr(one) if 0x20 <= one < 0x7F else f"\\x{one:02x}" for one in data)[:longest]  # noqa: PLR2004 - printable ASCII


def bare(value: Any) -> Any:
    """A value of an entry without credentials: a text ends where an Authorization or its digest begins.

    Broken line ends may put that header into another one.
    """
    if isinstance(value, str):
        found = _SECRET.search(value)
        return value[: found.start()] if found else value
    if isinstance(value, list):
        return [bare(one) for one in value]
    if isinstance(value, dict):
        return {name: bare(one) for name, one in value.items()}
    return value


def matches(entry: Mapping[str, Any], match: Mapping[str, Any]) -> bool:
    """Whether every key of ``match`` has that value, or one of those values, in the entry."""
    return all(
        entry.get(key) in wanted if isinstance(wanted, list) else entry.get(key) == wanted
        for key, wanted in match.items()
    )
