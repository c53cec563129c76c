# SPDX-License-Identifier: Apache-2.0
"""Reads the journal of a run folder and checks its chain line by line.

A line torn by a power cut (no line feed at the end of the file) is ignored, since it was never acknowledged.
Any other changed line stops the report: nothing may be reported from a changed journal.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yanshou.model import UsageError
from yanshou.model.journal_fields import require_readable
from yanshou.model.limited import parse_json

FIRST = "0" * 64

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class JournalLines:
    """The events, the SHA-256 of the last line, and whether a torn line was left out."""

    events: tuple[Event, ...]
    head: str
    torn: bool


def read_lines(path: Path) -> JournalLines:
    """Read all acknowledged events; UsageError with the line where the chain breaks."""
    if not path.is_file():
        raise UsageError("no journal.", "Begin the run with `yanshou run SITE`.", path=path)
    data = path.read_bytes()
    good = data.rfind(b"\n") + 1
    events, head = [], FIRST
    for number, line in enumerate(data[:good].split(b"\n")[:-1], start=1):
        events.append(_event(path, line, number, head))
        head = hashlib.sha256(line).hexdigest()
    require_readable(events, path)
    return JournalLines(tuple(events), head, good < len(data))


def _event(path: Path, line: bytes, number: int, head: str) -> Event:
    try:
        event = parse_json(line)
    except ValueError:
        event = None
    chained = isinstance(event, dict) and event.get("seq") == number and event.get("prev") == head
    if isinstance(event, dict) and chained and isinstance(event.get("kind"), str):
        return event
    raise UsageError(
        f"journal chain broken at line {number}.",
        "The journal was changed or cut after it was written; no report can be made of it.",
        path=path,
    )
