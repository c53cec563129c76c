# SPDX-License-Identifier: Apache-2.0
"""The caller's side of a process that receives: whoever owns it, and the entries it keeps of what came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from yanshou.acquisition.process import Process
from yanshou.model import now

REQUEST_S = 10.0


class ReceivingProcess:
    """Owns a process that listens and numbers what it receives (``entry_log``). A context manager.

    ``opening`` is what the process is asked to open; raises ``RigFault`` when it cannot.
    """

    def __init__(self, module: str, *, ordinary: bool, **opening: object) -> None:
        self._process = Process(ordinary=ordinary, module=module)
        try:
            self._opened = self._process.call("open", REQUEST_S, **opening)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @property
    def note(self) -> str:
        """The scheduling class of the process, for the record of the run."""
        return self._process.note

    def close(self) -> None:
        """End the process, which frees its addresses."""
        self._process.close()

    def mark(self) -> int:
        """The number of the last entry; later entries are new."""
        return int(self._process.call("mark", REQUEST_S))

    def _next(self, after: int, match: Mapping[str, object], until: float) -> dict[str, Any] | None:
        """The first entry after ``after`` that matches; None if none had come by ``until``."""
        seconds = max(0.0, until - now()) + REQUEST_S
        entry: dict[str, Any] | None = self._process.call(
            "wait", seconds, after=after, match=dict(match), until=until
        )
        return entry

    def _entries(self, after: int, match: Mapping[str, object]) -> list[dict[str, Any]]:
        """The entries after ``after`` that match, in the order of arrival."""
        found: list[dict[str, Any]] = self._process.call("entries", REQUEST_S, after=after, match=dict(match))
        return found
