# SPDX-License-Identifier: Apache-2.0
"""Follows a page of ``docs/how-to`` on a copy of the tree: its files, its commands, what they print."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.support.pages import Command, steps
from tests.support.places import ROOT
from tests.support.ports import free_port

COPIED = ("docs", "examples", "fixtures", "harness", "instruments", "reports", "test_suites", "tests")
SOURCES = ("harness", "instruments", "fixtures", "reports")
PROGRAMS = {"yanshou": ("-m", "yanshou.cli", "--lang", "en"), "pytest": ("-m", "pytest")}
HOW_TO = sorted(path.name for path in (ROOT / "docs" / "how-to").glob("add-*.md"))
"""The pages that add something to the tree; the other pages begin with a run of the reader's own."""
SKIPPED = shutil.ignore_patterns("__pycache__", "*.pyc", "node_modules", ".*_cache")


def copied_tree(folder: Path) -> Path:
    """A copy of all that a page may change, with the files at the top that tests read."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=SKIPPED)
    for path in (ROOT / ".importlinter", *(one for one in ROOT.glob("[!.]*") if one.is_file())):
        shutil.copy(path, folder / path.name)
    return folder


def follow(page: str, folder: Path, wanted: Callable[[str], bool]) -> list[str]:
    """Do what ``page`` says in ``folder``; of its commands those that are ``wanted``, which are given back.

    Raises AssertionError for a command that fails or does not print what the page shows.
    """
    given = []
    for step in steps(page):
        if not isinstance(step, Command):
            step.apply(folder)
        elif wanted(step.line):
            _give(step, folder)
            given.append(step.line)
    return given


def _give(command: Command, folder: Path) -> None:
    program, *arguments = shlex.split(command.line)
    assert program in PROGRAMS, command.line
    if arguments[0] == "run":
        _on_free_ports(folder / arguments[1] / "site.toml")
    paths = os.pathsep.join(str(folder / name) for name in SOURCES)
    done = subprocess.run(
        [sys.executable, *PROGRAMS[program], *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "130", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": paths},
        capture_output=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )
    said = f"{command.line}\n{done.stdout}\n{done.stderr}"
    assert done.returncode == (3 if arguments[0] == "run" else 0), (
        said
    )  # a run of one device leaves the rest out
    assert command.missing(done.stdout) == [], said


def _on_free_ports(site: Path) -> None:
    text = site.read_text(encoding="utf-8")
    text = re.sub(r"\bport = \d+", lambda _: f"port = {free_port()}", text)
    site.write_text(text, encoding="utf-8")
