# SPDX-License-Identifier: Apache-2.0
"""Finds the re-tests of one run that lie beside each other: a second one does not replace the first.

A re-test names the run it follows; that run is never written to, so it cannot name its re-tests. Run folders
that lie in one folder are looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yanshou.evidence.soundness import JOURNAL

_LONGEST = 10_000_000  # characters of a first line; a longer one is no journal


@dataclass(frozen=True, slots=True)
class OtherRetest:
    """A re-test beside this one: its folder, and when it was begun (UTC)."""

    folder: Path
    started: str


def other_retests(
    first: Mapping[str, Any], beside: Iterable[Path], but: Path | None = None
) -> list[OtherRetest]:
    """The re-tests of the run that ``first`` (``retest_of`` of a re-test) names, the oldest first.

    ``beside`` are folders that hold run folders; ``but`` is one that is not meant.
    """
    found: dict[Path, OtherRetest] = {}
    for folder in _run_folders(beside):
        opened = _first_line(folder)
        named = opened.get("retest_of")
        if (but is None or folder != but.resolve()) and isinstance(named, dict) and _same(named, first):
            found[folder] = OtherRetest(folder, str(opened.get("utc") or ""))
    return sorted(found.values(), key=lambda one: (one.started, str(one.folder)))


def unnamed_retests(run: Path) -> list[OtherRetest]:
    """Other re-tests, beside a re-test, of the run it follows, that it does not name itself."""
    named = _first_line(run).get("retest_of")
    if not isinstance(named, dict):
        return []
    known = {str(one.get("started")) for one in named.get("others") or () if isinstance(one, dict)}
    found = other_retests(named, [run.resolve().parent], run)
    return [one for one in found if one.started not in known]


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two re-tests follow one run; its folder may have been renamed, and it may have been issued."""
    return all(one.get(key) == other.get(key) for key in ("plan_sha256", "started"))


def _run_folders(beside: Iterable[Path]) -> Iterator[Path]:
    for folder in {one.resolve() for one in beside}:
        if folder.is_dir():
            yield from (one.parent for one in sorted(folder.glob(f"*/{JOURNAL}")))


def _first_line(run: Path) -> dict[str, Any]:
    path = run / JOURNAL
    if not path.is_file():
        return {}  # a pipe would be waited for
    try:
        with path.open(encoding="utf-8") as journal:
            opened = json.loads(journal.readline(_LONGEST))
    except (OSError, ValueError, RecursionError):
        return {}  # another folder, or a damaged one: not this run's matter
    return opened if isinstance(opened, dict) else {}
