# SPDX-License-Identifier: Apache-2.0
"""The kinds of lines that the journal of a run may hold, as docs/contracts.md §4 describes them.

A line of another kind was written by a later version. What it changes about the lines before it is not known
here (it may void a result), so nothing is judged, reported or gone on with from such a journal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from yanshou.model.trouble import UsageError
from yanshou.model.version import version


class JournalKind(StrEnum):
    """What a line of the journal of a run is about."""

    RUN_OPENED = "run_opened"
    DRAW = "draw"
    NOT_INTACT = "not_intact"
    ANSWERS = "answers"
    SESSION_STARTED = "session_started"
    BENCH_OPENED = "bench_opened"
    CENTRE_OPENED = "centre_opened"
    PLATFORM_OPENED = "platform_opened"
    CALIBRATION = "calibration"
    CONFIRMATION = "confirmation"
    ITEM_STARTED = "item_started"
    STIMULUS = "stimulus"
    SHARED_STIMULUS = "shared_stimulus"
    OBSERVATION = "observation"
    PROMPT = "prompt"
    ANSWER = "answer"
    CORRECTION = "correction"
    DONE_AGAIN = "done_again"
    PUT_OFF = "put_off"
    EVIDENCE = "evidence"
    INSTRUMENT = "instrument"
    MEASUREMENT = "measurement"
    FINDING = "finding"
    TROUBLE = "trouble"
    ITEM_FINISHED = "item_finished"
    PAUSED = "paused"
    RESUMED = "resumed"
    SIGNATURE = "signature"
    SESSION_ENDED = "session_ended"
    SITE_AMENDED = "site_amended"
    MERGED = "merged"
    RECTIFIED = "rectified"
    REJUDGED = "rejudged"
    ISSUE = "issue"
    SIGNED = "signed"
    ACCEPTANCE = "acceptance"


_KNOWN = frozenset(JournalKind)
_OPENING = frozenset({JournalKind.RUN_OPENED, JournalKind.MERGED})


def require_known_kinds(events: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Raise UsageError if the journal at ``path`` does not open a run, or has a line of an unknown kind."""
    if events and events[0]["kind"] not in _OPENING:
        raise UsageError(
            f"line 1 is {events[0]['kind']!r}: it does not open a run.",
            "Take an intact copy of the run folder.",
            path=path,
        )
    unknown = {str(one["kind"]): number for number, one in enumerate(events, 1) if one["kind"] not in _KNOWN}
    if unknown:
        listed = ", ".join(f"{kind!r} (line {number})" for kind, number in unknown.items())
        by = str(events[0].get("software") or "a later version")
        raise UsageError(
            f"lines of a kind that yanshou {version()} does not know: {listed}.",
            f"A later version wrote them, and they may change results: use that version (begun by {by}).",
            path=path,
        )
