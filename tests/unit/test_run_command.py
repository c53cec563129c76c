# SPDX-License-Identifier: Apache-2.0
"""How the command of a run starts its tests."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from yanshou.cli.commands import run
from yanshou.model import UsageError

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"


def test_the_files_of_the_tests_lie_in_a_folder_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In pytest's own folder a run would clear away what other tests left: one waited 27 s for it."""
    begun: list[list[str]] = []

    class Child:
        def __init__(self, command: list[str], **_: Any) -> None:
            begun.append(command)
            self.folder = self._given().parent
            assert self.folder.is_dir()

        def _given(self) -> Path:
            return next(Path(one.partition("=")[2]) for one in begun[0] if one.startswith("--basetemp="))

        def wait(self) -> int:
            return 0

    monkeypatch.setattr(run.subprocess, "Popen", Child)
    site = tmp_path / "site"
    shutil.copytree(BRANCH, site, ignore=shutil.ignore_patterns("*.pty"))
    with pytest.raises(UsageError, match="did not begin"):
        run.run_tests(site, tmp_path / "run")
    folder = next(Path(one.partition("=")[2]) for one in begun[0] if one.startswith("--basetemp="))
    assert not folder.parent.exists(), "it is gone with the command"
