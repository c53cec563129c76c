# SPDX-License-Identifier: Apache-2.0
"""Which build of the software runs: a digest over its own files."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import yanshou

_LEFT_OUT = frozenset({"__pycache__", "node_modules", "suites", "examples"})
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
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if not path.is_file() or path.suffix == ".pyc" or "__pycache__" in parts:
            continue
        if (not before and parts[0] in _LEFT_OUT) or "node_modules" in parts:
            continue
        found.append((before + "/".join(parts), hashlib.sha256(path.read_bytes()).hexdigest()))
    return found
