# SPDX-License-Identifier: Apache-2.0
"""The issues of a report (ISO/IEC 17025:2017, 7.8.8): their numbers, reasons and dates, by the journal.

A line ``issue`` is written before the report of that issue is made. As long as it is the last line, the
reports of the folder are those of this issue; a report that is made after any later line is of no issue. The
copies of each issue stay in ``report/issues/N/``, and the line of the next issue holds their digests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ISSUES = "report/issues/"


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue; ``replaces`` is the number of the one before, 0 for the first."""

    number: int
    utc: str
    reason: str
    replaces: int
    language: str
    software: str

    @property
    def folder(self) -> str:
        """Where its copies stay, relative to the run folder."""
        return f"{ISSUES}{self.number}"


def issues_of(events: Iterable[Mapping[str, Any]]) -> tuple[Issue, ...]:
    """Every issue, in the order of the journal."""
    return tuple(_issue(event) for event in events if event["kind"] == "issue")


def issue_at_the_end(events: Iterable[Mapping[str, Any]]) -> Issue | None:
    """The issue whose line is the last of the journal: the one a report made now belongs to."""
    last = list(events)[-1:]
    return _issue(last[0]) if last and last[0]["kind"] == "issue" else None


def copies_of(run: Path, issue: Issue) -> dict[str, str]:
    """The SHA-256 of each file of an issue, by its path in the run folder."""
    folder = run / issue.folder
    return {
        path.relative_to(run).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (sorted(folder.iterdir()) if folder.is_dir() else ())
        if path.is_file()
    }


def former_copies(events: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The SHA-256 of the files of replaced issues, as the journal states them, by path."""
    stated: dict[str, str] = {}
    for event in events:
        if event["kind"] == "issue" and isinstance(event.get("former"), dict):
            stated |= {str(path): str(digest) for path, digest in event["former"].items()}
    return stated


def _issue(event: Mapping[str, Any]) -> Issue:
    fields = {key: str(event.get(key) or "") for key in ("utc", "reason", "language", "software")}
    return Issue(number=int(event["number"]), replaces=int(event.get("replaces") or 0), **fields)
