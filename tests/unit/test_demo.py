# SPDX-License-Identifier: Apache-2.0
"""The same command goes on with an interrupted demo, and takes no folder that holds something else."""

from pathlib import Path

import pytest

from yanshou.cli.commands.demo import _ended
from yanshou.evidence import Journal


def run(folder: Path, *reasons: str) -> Path:
    folder.mkdir()
    (folder / "plan.json").write_text("{}", encoding="utf-8")
    with Journal(folder / "journal.jsonl") as journal:
        journal.append("run_opened")
        for reason in reasons:
            journal.append("session_ended", reason=reason)
    return folder


@pytest.mark.parametrize(
    ("reasons", "ended"), [((), False), (("interrupted",), False), (("interrupted", "complete"), True)]
)
def test_a_demo_that_was_interrupted_goes_on(tmp_path: Path, reasons: tuple[str, ...], ended: bool) -> None:
    assert _ended(run(tmp_path / "run", *reasons)) is ended


def test_a_folder_that_is_no_run_is_left_alone(tmp_path: Path) -> None:
    assert not _ended(tmp_path / "none")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x", encoding="utf-8")
    assert _ended(tmp_path / "mine")
