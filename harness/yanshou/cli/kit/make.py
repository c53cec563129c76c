# SPDX-License-Identifier: Apache-2.0
"""Puts a kit together in a folder beside its place and moves it there when it is whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from yanshou.cli.kit.manifest import write_manifest
from yanshou.cli.kit.ours import copy_documents, lock, make_wheel
from yanshou.cli.kit.wheels import fetch, locked, requirements
from yanshou.model import UsageError
from yanshou.reports.allure_setup import ensure_allure, pack_allure

SCRIPTS: Final = {"linux": ("install.sh",), "windows": ("install.cmd", "install.ps1")}
_BOM = "\ufeff"  # without it PowerShell 5 reads another encoding


@dataclass(frozen=True)
class Kit:
    """A kit that was made: of each system the packages there is no wheel of, and the manifest's digest."""

    lacking: dict[str, list[str]]
    digest: str


def make_kit(into: Path, systems: Sequence[str]) -> Kit:
    """Make a kit for ``systems`` (linux, windows) in ``into``, which must be new or empty.

    Raises RigFault when something cannot be fetched and UsageError when the folder cannot be written; nothing
    is left behind then.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageError("the folder of the kit is not empty.", "Name a new folder.", path=into)
    try:
        into.resolve().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".yanshou-kit-", dir=into.resolve().parent) as name:
            kit = Path(name) / "kit"
            made = _fill(kit, systems)
            if into.exists():
                into.rmdir()
            shutil.move(kit, into)
    except OSError as error:
        raise UsageError(f"the kit cannot be written: {error.strerror}.", "", path=into) from error
    return made


def _fill(kit: Path, systems: Sequence[str]) -> Kit:
    wheels = kit / "wheels"
    wheels.mkdir(parents=True)
    wanted, lacking, found = locked(lock()), dict[str, list[str]](), dict[str, list[Path]]()
    for system in systems:
        found[system], lacking[system] = fetch(wanted, system, wheels)
    pack_allure(ensure_allure().parents[2], kit / "allure.zip")
    ours = make_wheel(wheels)
    for system in systems:
        text = requirements([*found[system], ours])
        (kit / f"{system}.txt").write_text(text, encoding="utf-8", newline="\n")
    copy_documents(kit)
    for system in systems:
        for name in SCRIPTS[system]:
            (kit / name).write_bytes(script(name))
    (kit / "KIT.txt").write_bytes(script("KIT.txt"))
    return Kit(lacking, write_manifest(kit))


def script(name: str) -> bytes:
    """A script as its system takes it: line ends of Windows, and the mark of UTF-8 for PowerShell."""
    text = (resources.files(__package__) / name).read_text("utf-8")
    if name.endswith(".sh"):
        return text.encode()
    lines = text.replace("\n", "\r\n")
    return (lines if name.endswith(".cmd") else _BOM + lines).encode()
