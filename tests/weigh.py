# SPDX-License-Identifier: Apache-2.0
"""Weighs what an installation of yanshou brings along: ``python -m tests.weigh`` prints the table of README.

The distributions are those that ``pyproject.toml`` asks for, and whatever these ask for in turn, as they are
installed here; each counts the files it lists, but no compiled ``.pyc``.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SHOWN_MB = 10.0
NEEDED = "all"


def main() -> int:
    """Print the table, heaviest first."""
    by_name = weighed()
    heavy = sorted((one for one in by_name.items() if one[1][0] >= SHOWN_MB), key=lambda one: -one[1][0])
    light = sum(mb for mb, _ in by_name.values() if mb < SHOWN_MB)
    rows = [(name, f"{mb:.0f}", part) for name, (mb, part) in heavy]
    rows.append((f"{len(by_name) - len(heavy)} more", f"{light:.0f}", ""))
    needed = sum(mb for mb, part in by_name.values() if part == NEEDED)
    rows.append(("together", f"{sum(mb for mb, _ in by_name.values()):.0f}", f"without extras {needed:.0f}"))
    for row in [("package", "MB", "needed for"), ("---", "--:", "---"), *rows]:
        sys.stdout.write(f"| {' | '.join(row)} |\n")
    return 0


def weighed() -> dict[str, tuple[float, str]]:
    """Megabytes (10^6 bytes) of each distribution, and the extra it is for, else ``all``."""
    found = dict.fromkeys(closure(PROJECT["dependencies"]), NEEDED)
    for extra, asked in PROJECT["optional-dependencies"].items():
        for name in closure(asked):
            found.setdefault(name, f"`[{extra}]`")
    return {name: (_megabytes(distribution(name)), part) for name, part in found.items()}


def closure(asked: Iterable[str]) -> Iterator[str]:
    """The installed distributions that these requirements bring in, each once."""
    waiting, seen = [Requirement(one) for one in asked], set()
    while waiting:
        one = waiting.pop()
        key = (canonicalize_name(one.name), frozenset(one.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            held = distribution(one.name)
        except PackageNotFoundError:  # an extra that is not installed here
            continue
        yield key[0]
        waiting += [inner for inner in map(Requirement, held.requires or ()) if _wanted(inner, one.extras)]


def _wanted(one: Requirement, extras: set[str]) -> bool:
    return one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras))


def _megabytes(held: Distribution) -> float:
    paths = (Path(str(held.locate_file(one))) for one in held.files or () if one.suffix != ".pyc")
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


if __name__ == "__main__":
    sys.exit(main())
