# SPDX-License-Identifier: Apache-2.0
"""Journals in a re-test what was mended since the run before it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from yanshou.evidence import BlobStore, RunFolder
from yanshou.model import UsageError

if TYPE_CHECKING:
    from yanshou.cli.rectification_file import RectifiedItem
    from yanshou.reports.view import RunView


def mended_in(
    file: Path, known: Collection[tuple[str, str]], since: datetime, zone: ZoneInfo
) -> Sequence[RectifiedItem]:
    """The list in a file; UsageError with every mistake of it.

    ``known`` are the requirements and devices that asked for the re-test, ``since`` the beginning of the run
    before it.
    """
    from yanshou.cli.rectification_file import read_rectification  # noqa: PLC0415 - brings pictures in

    return read_rectification(file, known, since.astimezone(zone).date(), datetime.now(zone).date())


def asked_mended(
    known: Collection[tuple[str, str]], since: datetime, zone: ZoneInfo
) -> Sequence[RectifiedItem]:
    """What the person at the terminal tells was mended; nothing where there is no terminal."""
    if not sys.stdin.isatty():
        return ()
    from yanshou.cli.asked_mended import ask_mended  # noqa: PLC0415 - brings pictures in

    return ask_mended(known, since.astimezone(zone).date(), datetime.now(zone).date())


def known_of(view: RunView) -> list[tuple[str, str]]:
    """The requirements and devices that asked for a re-test; UsageError if the run is a first test."""
    if view.first is None:
        raise UsageError(
            "is a first test: what was mended is recorded in the re-test.",
            "Name the re-test, or begin it with `yanshou run SITE --retest RUN --mended FILE`.",
            path=view.folder,
        )
    return [(one.requirement, one.device) for one in view.first.repeated]


def journal_mended(path: Path, file: Path | None, listed: Sequence[RectifiedItem]) -> None:
    """Write the list to the journal, with its photographs as evidence; the same list twice is one list.

    Without a ``file`` it was asked for at the terminal.
    """
    folder = RunFolder.existing(path)
    with folder.journal() as journal:
        entries = _entries(folder, listed)
        before = [event for event in folder.events() if event["kind"] == "rectified"]
        if before and before[-1]["entries"] == entries:
            return
        name, digest = (file.name, hashlib.sha256(file.read_bytes()).hexdigest()) if file else ("", "")
        journal.append("rectified", file=name, sha256=digest, entries=entries)


def _entries(folder: RunFolder, listed: Sequence[RectifiedItem]) -> list[dict[str, Any]]:
    """The list as the journal has it; its photographs are kept in the folder."""
    from yanshou.operator.pictures import media_type  # noqa: PLC0415 - brings pictures in

    store = BlobStore(folder.path / "blobs")
    entries: list[dict[str, Any]] = []
    for one in listed:
        entry: dict[str, Any] = {
            "requirement": one.requirement,
            "device": one.device,
            "what": one.what,
            "person": one.person,
            "on": one.on.isoformat() if one.on else "",
        }
        if one.photo is not None:
            data = one.photo.read_bytes()
            entry |= {
                "photo": store.put(data),
                "name": one.photo.name,
                "media_type": media_type(data),
                "bytes": len(data),
            }
        entries.append(entry)
    return entries
