# SPDX-License-Identifier: Apache-2.0
"""Continuing a run whose folder is not intact: only when a person asks for it, and always recorded.

The journal gets a line with what was wrong and why the run continues. From then on ``verify`` calls the
folder not intact, the report prints it, and findings for the system made before that line become invalid.
"""

from __future__ import annotations

import json
from pathlib import Path

from yanshou.evidence.amendments import AMENDED
from yanshou.evidence.journal import Journal, read_events
from yanshou.evidence.manifest import seal_as_it_is
from yanshou.evidence.soundness import (
    FROZEN,
    JOURNAL,
    MANIFEST,
    Problem,
    fingerprint,
    new_problems,
)
from yanshou.model import UsageError
from yanshou.model.limited import LARGEST_KEPT, limited_bytes


def go_on_although(run: Path, reason: str) -> tuple[Problem, ...]:
    """Journal that the folder was not intact, and why the run continues; returns the problems.

    Nothing is written if the folder is intact. Raises UsageError if no reason is given, if the journal cannot
    be read, or if plan, catalogue or site differ from its first line, because then nobody knows what was to
    be tested.
    """
    problems = tuple(new_problems(run))
    if not problems:
        return ()
    _require_readable(run)
    if lost := [one for one in problems if one.path in FROZEN or one.path.startswith(AMENDED)]:
        listed = ", ".join(one.path for one in lost)
        raise UsageError(
            f"{listed} is not what the run was begun with.",
            "Such a run cannot be gone on with: take an intact copy, or begin anew.",
            path=run,
        )
    if not reason.strip():
        raise UsageError("--not-intact has no reason.", 'Say why: --not-intact "…".', path=run)
    found = [fingerprint(run, one) for one in problems]
    with Journal(run / JOURNAL) as journal:
        journal.append(
            "not_intact",
            reason=reason.strip(),
            problems=[{"path": path, "kind": kind, "sha256": digest} for path, kind, digest in found],
            sealed=_sealed(run),
        )
    seal_as_it_is(run)
    return problems


def _require_readable(run: Path) -> None:
    try:
        for _ in read_events(run / JOURNAL, torn_allowed=True):
            pass
    except (UsageError, OSError) as error:
        what = f"its journal cannot be gone on with: {error}"
        raise UsageError(what, "Take an intact copy, or begin anew.", path=run) from None


def _sealed(run: Path) -> dict[str, object]:
    """Head and lines of the journal by the last manifest, to be recorded; {} without a manifest."""
    try:
        journal = json.loads(limited_bytes(run / MANIFEST, LARGEST_KEPT))["journal"]
        return {"head": str(journal["head"]), "lines": int(journal["lines"])}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
