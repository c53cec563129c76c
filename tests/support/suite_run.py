# SPDX-License-Identifier: Apache-2.0
"""Runs a suite of a few lines under the plugin, in this process, on a site of which nothing is opened.

A test module that uses ``ran`` names ``pytest_plugins = ["pytester"]`` and takes over ``site``, ``catalogue``
and ``ran``.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import yanshou.fixtures.devices  # noqa: F401 - before pytester's snapshot of the modules: numpy loads but once
from yanshou.emulation.site.process import private_copy
from yanshou.evidence import read_events
from yanshou.operator import Album, TerminalOperator
from yanshou.standards import Catalogue, load

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
SCOPE = ("NMG-16-01", "NMG-17-01", "NMG-19-01")  # operator rows of the site: papers, integrity, viewing log

HEAD = """
from yanshou.fixtures.api import measures
from yanshou.model import NonConformity, NotApplicable, RigFault, UsageError

CALLS = []
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The bank branch with a scope of three rows that need no device."""
    folder = private_copy(BRANCH, tmp_path / "site")
    text = (folder / "site.toml").read_text(encoding="utf-8")
    scope = "scope = [" + ", ".join(f'"{name}"' for name in SCOPE) + "]"
    text = re.sub(r"(?ms)^scope = \[.*?\]", scope, text)
    (folder / "site.toml").write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run left: pytest's own result and the journal."""

    result: pytest.RunResult
    run: Path

    @property
    def events(self) -> list[dict[str, Any]]:
        return list(read_events(self.run / "journal.jsonl"))

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["kind"] in kinds]

    def outcomes(self) -> list[tuple[int, str]]:
        return [(event["attempt"], event["outcome"]) for event in self.of("item_finished")]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(())


@pytest.fixture
def ran(
    pytester: pytest.Pytester,
    site: Path,
    tmp_path: Path,
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Ran]]:
    """Run a suite on the site, in this process; the same run folder again goes on with it."""
    monkeypatch.setattr("yanshou.fixtures.prepare.load", lambda _overlays: catalogue)
    before = signal.getsignal(signal.SIGTERM)

    def go(suite: str, *arguments: str) -> Ran:
        pytester.makepyfile(test_suite=HEAD + suite)
        run = tmp_path / "run"
        options = (
            f"--site={site}",
            f"--yanshou-run={run}",
            "--yanshou-operator=scripted",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:hypothesispytest",
        )
        return Ran(pytester.runpytest_inprocess(*options, *arguments, no_reraise_ctrlc=True), run)

    yield go
    signal.signal(signal.SIGTERM, before)


def typing(monkeypatch: pytest.MonkeyPatch, *lines: str) -> list[str]:
    """What a person at the terminal types, once he confirmed who is present; gives what is shown to him."""
    typed = iter(lines)
    shown: list[str] = []

    def made(_site: object, _backend: str, album: Album, *, language: str, run: Path) -> TerminalOperator:
        lines = chain(("y", ""), typed)
        return TerminalOperator(
            "张三",
            album=album,
            read=lambda _: next(lines),
            write=shown.append,
            interactive=lambda: True,
            language=language,
        )

    monkeypatch.setattr("yanshou.fixtures.running.operator_of", made)
    return shown
