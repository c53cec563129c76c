# SPDX-License-Identifier: Apache-2.0
"""Durable writing: after a power cut a file is either the old or the new one, never half of it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from yanshou.model import RigFault

# fdatasync leaves out the time stamps and is a third faster; Windows has only fsync
sync = getattr(os, "fdatasync", os.fsync)
UNFINISHED = ".part"
"""The ending of a file that is being written; a power cut leaves it behind."""


def write_whole(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` durably: temporary file, fsync, rename, fsync of the folder.

    Raises RigFault when the disk is full or the folder cannot be written.
    """
    part = path.with_name(path.name + UNFINISHED)
    above = () if path.parent.exists() else (path.parent, *path.parent.parents)
    new = [folder for folder in above if not folder.exists()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):  # a name that is too long for a file is none to remove, either
            part.unlink(missing_ok=True)
        for folder in new:  # an empty one would make the run folder not intact
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise evidence_fault(path, error) from error


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable; Windows does that by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def evidence_fault(path: Path, error: OSError) -> RigFault:
    """The fault to report when evidence cannot be written."""
    return RigFault(
        f"cannot write evidence to {path}: {error.strerror or error}.",
        device="disk",
        remedy="Make room or name another folder with --run, then run again: finished items are kept.",
    )
