# SPDX-License-Identifier: Apache-2.0
"""Issues a report: journals number, reason and date before it is made, and keeps its files afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from yanshou.evidence import Journal, RunFolder
from yanshou.evidence.durable import write_whole
from yanshou.evidence.issues import copies_of, issue_at_the_end, issues_of
from yanshou.evidence.validation import validation_of
from yanshou.model import UsageError
from yanshou.model.version import version

_IN_ONE_FILE = frozenset(
    {"results", "junit", "csv", "xlsx", "record", "docx", "pdf", "laboratory", "acceptance"}
)
"""Formats that are kept with an issue; the Allure page is many files, and shows the same results."""


def issue(folder: RunFolder, journal: Journal, reason: str, language: str) -> None:
    """Journal the next issue of a run's report.

    Nothing is journalled if the last issue would be made again as it was: nothing was recorded since, with
    the same language and software. UsageError if another issue has no reason.
    """
    events, software = folder.events(), f"yanshou {version()}"
    made, said = issues_of(events), reason.strip()
    last = made[-1] if made else None
    standing = issue_at_the_end(events)
    if standing and not said and (standing.language, standing.software) == (language, software):
        return
    if last and not said:
        raise UsageError(
            f"issue {last.number} of this report was made on {last.utc[:10]}.",
            'Say why it is issued again: --reason "…".',
            path=folder.path,
        )
    number = last.number if last else 0
    journal.append(
        "issue",
        number=number + 1,
        reason=said,
        replaces=number,
        language=language,
        software=software,
        **_validated(events),
        former=copies_of(folder.path, last) if last else {},
    )


def _validated(events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The selftest record of the build that measured, if one is on this computer now."""
    builds = [str(event.get("build") or "") for event in events if event["kind"] == "session_started"]
    found = validation_of(builds[-1]) if builds and builds[-1] else {}
    return {"validation": found} if found else {}


def keep(path: Path, made: Mapping[str, Path]) -> None:
    """Keep the files of an issue beside those of the others, if the reports just made are of an issue."""
    standing = issue_at_the_end(RunFolder.existing(path).events())
    if standing is None:
        return
    into = path / standing.folder
    into.mkdir(parents=True, exist_ok=True)
    for name, file in made.items():
        if name not in _IN_ONE_FILE:
            continue
        data, copy = file.read_bytes(), into / file.name
        if copy.is_file() and copy.read_bytes() != data:
            raise UsageError(
                f"issue {standing.number} was made before, and its {file.name} was another one.",
                'Issue it again: --reason "…".',
                path=copy,
            )
        write_whole(copy, data)
