# SPDX-License-Identifier: Apache-2.0
"""Amendments of a run: a later day of the same run folder with a corrected site file.

Each amendment freezes plan, catalogue rows, site and a copy of the site's files anew, in ``amended/N/``; a
line ``site_amended`` of the journal holds their digests, what changed, and the items that must be done again
because something they rest on changed. What was frozen before stays as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

AMENDED = "amended/"


def frozen_at(events: Iterable[Mapping[str, Any]]) -> str:
    """The folder of the plan that holds now, relative to the run folder: "" or ``amended/N``."""
    numbers = [int(event["number"]) for event in events if event["kind"] == "site_amended"]
    return f"{AMENDED}{numbers[-1]}" if numbers else ""


def frozen_later(events: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The SHA-256 of every file that amendments froze, as the journal states them, by path."""
    stated: dict[str, str] = {}
    for event in events:
        if event["kind"] == "site_amended" and isinstance(event.get("frozen"), dict):
            stated |= {str(path): str(digest) for path, digest in event["frozen"].items()}
    return stated


def voided_by(event: Mapping[str, Any]) -> frozenset[str]:
    """The items whose results no longer stand: after an amendment, or beside the other runs of a merge."""
    kinds = {"site_amended", "voided"}
    return frozenset(event.get("anew") or ()) if event["kind"] in kinds else frozenset()


def digests_of(run: Path, folder: str) -> dict[str, str]:
    """SHA-256 of every file of an amendment, by its path in the run folder."""
    return {
        path.relative_to(run).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((run / folder).rglob("*"))
        if path.is_file()
    }
