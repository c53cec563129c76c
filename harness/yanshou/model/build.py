# SPDX-License-Identifier: Apache-2.0
"""Which build of the software runs: a digest over its own files."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

import yanshou

_NEVER = frozenset({"__pycache__", "node_modules"})
_LEFT_OUT = _NEVER | {"suites", "examples"}
"""Compiled files, what Allure installs, and what is data beside the software; the suites are named apart."""


@cache
def build_digest(suites: Path) -> str:
    """SHA-256 over the path and SHA-256 of every file of the package ``yanshou`` and of its suites.

    A checkout and the wheel made from it have the same digest: paths count from the package.
    """
    found = {name: digest for root in yanshou.__path__ for name, digest in _files(Path(root), "")}
    found |= dict(_files(suites, "suites/"))
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(found.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _files(root: Path, before: str) -> list[tuple[str, str]]:
    """Every file below a folder by its path with ``/``, and its SHA-256."""
    found = []
    for folder, inner, names in os.walk(root):
        out = _LEFT_OUT if not before and folder == str(root) else _NEVER
        inner[:] = [name for name in inner if name not in out]  # what is left out is not even walked through
        for path in (Path(folder, name) for name in names if name not in out and not name.endswith(".pyc")):
            if path.is_file():
                name = before + path.relative_to(root).as_posix()
                found.append((name, hashlib.sha256(path.read_bytes()).hexdigest()))
    return found
