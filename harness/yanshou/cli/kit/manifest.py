# SPDX-License-Identifier: Apache-2.0
"""The digests of a kit, in the form ``sha256sum --check`` reads, and what is wrong with a kit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from yanshou.evidence import sha256_of
from yanshou.model import UsageError

MANIFEST: Final = "MANIFEST.sha256"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f]')


class KitProblem(NamedTuple):
    """A file of the kit that is ``changed``, ``missing`` or ``added``."""

    path: str
    kind: str


def write_manifest(kit: Path) -> str:
    """Write the digest of every file of ``kit``; returns the digest of the manifest itself."""
    names = list(_files(kit))
    require_portable(names)
    text = "".join(f"{sha256_of(kit / name)}  {name}\n" for name in names)
    (kit / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    return sha256_of(kit / MANIFEST)


def check_kit(kit: Path) -> list[KitProblem]:
    """Everything in ``kit`` that differs from its manifest; UsageError when there is none to read."""
    stated = _stated(kit / MANIFEST)
    there = set(_files(kit))
    wrong = [KitProblem(name, "missing") for name in stated if name not in there]
    wrong += [KitProblem(name, "added") for name in sorted(there - stated.keys())]
    wrong += [
        KitProblem(name, "changed")
        for name, digest in stated.items()
        if name in there and sha256_of(kit / name) != digest
    ]
    return wrong


def require_portable(names: Iterable[str]) -> None:
    """UsageError for a name that Windows refuses, or that it cannot tell from another one."""
    seen: dict[str, str] = {}
    for name in names:
        for part in name.split("/"):
            stem = part.partition(".")[0].rstrip().lower()
            if _FORBIDDEN.search(part) or part[-1:] in {".", " "} or stem in _RESERVED:
                raise UsageError(f"Windows takes no file of the name {name!r}.", "Name it otherwise.")
        if (other := seen.setdefault(name.lower(), name)) != name:
            raise UsageError(f"Windows cannot tell {name!r} from {other!r}.", "Name one of them otherwise.")


def _stated(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "this is no installation kit: its list of digests cannot be read.",
            "Name the folder that `yanshou kit` made.",
            path=path,
        ) from error
    stated: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if (found := _LINE.fullmatch(line)) is None:
            raise UsageError(f"line {number} is no digest and file name.", "Copy the kit again.", path=path)
        stated[found[2]] = found[1]
    return stated


def _files(kit: Path) -> Iterator[str]:
    """The files of the kit but its manifest, in order, with ``/`` on every system; links are not followed."""
    for path in sorted(kit.rglob("*")):
        name = path.relative_to(kit).as_posix()
        if name != MANIFEST and (path.is_symlink() or not path.is_dir()):
            yield name
