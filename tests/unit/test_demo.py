# SPDX-License-Identifier: Apache-2.0
"""The same command goes on with an interrupted demo, and takes no folder that holds something else."""

import argparse
import contextlib
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from yanshou.cli.commands import demo
from yanshou.cli.commands.demo import _ended
from yanshou.evidence import Journal, seal


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


@pytest.mark.parametrize(("code", "whole"), [(0, True), (1, False)])
def test_a_demo_ends_with_what_verify_finds_in_its_run(
    tmp_path: Path,
    code: int,
    whole: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def ran(_site: Path, path: Path, *, arguments: Sequence[str]) -> None:
        assert arguments == ["--yanshou-spare=10"], "cameras are measured beside the doors"
        sealed = run(path, "complete")
        seal(sealed)
        if not whole:
            (sealed / "plan.json").write_text('{"other": 1}', encoding="utf-8")

    def reported(*_: object) -> int:
        order.append("reports")
        return 0

    order: list[str] = []
    devices = SimpleNamespace(dismiss=lambda: order.append("devices end"))
    monkeypatch.setattr(demo, "emulated", lambda *_: contextlib.nullcontext(devices))
    monkeypatch.setattr(demo, "run_tests", ran)
    monkeypatch.setattr("yanshou.cli.commands.report.write_reports", reported)
    assert demo.run(argparse.Namespace(out=tmp_path / "demo")) == code
    assert order == ["devices end", "reports"]
    assert "journal.jsonl" in capsys.readouterr().out
