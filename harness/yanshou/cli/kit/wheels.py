# SPDX-License-Identifier: Apache-2.0
"""Fetches the locked packages as wheels for a system that need not be this one, each checked by its hash."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from yanshou.evidence import sha256_of
from yanshou.model import RigFault

PYTHON: Final = "3.11"
_FEW = 5  # packages without a wheel; more of them mean that the index is not the right one
_GLIBC = range(17, 35)  # manylinux_2_17 (2014) and later, as far as Debian 12 and Ubuntu 22.04 have it
PLATFORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "linux": ("manylinux2014_x86_64", *(f"manylinux_2_{minor}_x86_64" for minor in _GLIBC), "linux_x86_64"),
    "windows": ("win_amd64",),
}
_NEEDS_NETWORK = "A kit is made where the package index and the npm registry can be reached, in the office."
_OFFLINE = re.compile(r"Retrying \(|Could not fetch URL|NewConnectionError")
_UNFOUND = re.compile(r"No matching distribution found for ([A-Za-z0-9._-]+)==")


@dataclass(frozen=True)
class Locked:
    """One pinned package with its hashes, as a requirements file has it."""

    name: str
    text: str


def locked(text: str) -> list[Locked]:
    """The pinned packages of a requirements file; comments are dropped."""
    lines = [line.partition(" #")[0] for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [Locked(line.partition("==")[0].strip(), line) for line in joined.splitlines() if "==" in line]


def canonical(name: str) -> str:
    """The name of a package as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def fetch(wanted: Sequence[Locked], system: str, into: Path) -> tuple[list[Path], list[str]]:
    """Fetch all of ``wanted`` for ``system`` into ``into``: the wheels, and the names there is no wheel of.

    A package published as source only is built here; its wheel serves another system only if it is pure.
    Raises RigFault when nothing can be fetched.
    """
    with tempfile.TemporaryDirectory(prefix="yanshou-kit-") as name:
        folder, rest, lacking = Path(name) / "fetched", list(wanted), list[str]()
        while (missing := _download(rest, system, folder, Path(name) / "list.txt")) is not None:
            if len(lacking) == _FEW:
                raise fault(f"the index lacks {', '.join([*lacking, missing])} for {system}")
            lacking.append(missing)
            rest = [one for one in rest if canonical(one.name) != missing]
        wheels: list[Path] = []
        for path in sorted(folder.iterdir()):
            if (wheel := path if path.suffix == ".whl" else _built(path, system)) is None:
                lacking.append(canonical(path.name.rpartition("-")[0]))
                continue
            target = into / wheel.name
            if not target.exists():  # built for the other system: twice built is not twice the same bytes
                target.write_bytes(wheel.read_bytes())
            wheels.append(target)
    return wheels, sorted(lacking)


def requirements(wheels: Sequence[Path]) -> str:
    """A requirements file that takes exactly these wheels."""
    pins = [(*wheel.name.split("-")[:2], sha256_of(wheel)) for wheel in wheels]
    return "".join(
        f"{canonical(name)}=={version} --hash=sha256:{digest}\n" for name, version, digest in sorted(pins)
    )


def pip(*arguments: str | Path) -> str:
    """Run pip with this Python; returns what it complained of, empty when it was done."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
    said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
    return (said or f"pip ended with {done.returncode}") if done.returncode else ""


def fault(said: str) -> RigFault:
    """What pip complained of, in one line."""
    errors = [line for line in said.splitlines() if line.startswith("ERROR:")] or said.splitlines()
    return RigFault(
        f"the packages cannot be fetched: {errors[-1].removeprefix('ERROR: ')}", remedy=_NEEDS_NETWORK
    )


def _download(rest: Sequence[Locked], system: str, folder: Path, listed: Path) -> str | None:
    """Download all, or name one that there is nothing of for this system."""
    folder.mkdir(exist_ok=True)
    listed.write_text("\n".join(one.text for one in rest) + "\n", encoding="utf-8")
    platforms = [word for tag in PLATFORMS[system] for word in ("--platform", tag)]
    said = pip(
        *("download", "--quiet", "--no-deps", "--prefer-binary", "--require-hashes", "--retries", "1"),
        *("--timeout", "15", "--implementation", "cp", "--python-version", PYTHON, *platforms),
        *("--dest", folder, "--requirement", listed),
    )
    if not said:
        return None
    found = _UNFOUND.search(said)
    if found is None or _OFFLINE.search(said):
        raise fault(said)
    return canonical(found[1])


def _built(source: Path, system: str) -> Path | None:
    """The wheel of a source package; None when it is built for this computer only and that is another one."""
    into = source.parent / f"{source.name}.built"
    if said := pip("wheel", "--quiet", "--no-deps", "--wheel-dir", into, source):
        raise fault(said)
    wheel = next(into.glob("*.whl"))
    here = "windows" if sys.platform == "win32" else "linux"
    return wheel if wheel.name.endswith("-none-any.whl") or system == here else None
