# SPDX-License-Identifier: Apache-2.0
"""Every command that reads what others wrote ends in one clear line when that is broken, and at once."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.run_builder import small_run
from yanshou.cli import main
from yanshou.cli.commands import run as run_command
from yanshou.emulation.site.process import private_copy

BRANCH = Path(__file__).parents[2] / "examples" / "bank-branch"
DEEP = 3000
MOST_S = 10.0  # of processor time: a program that reads on and on takes far more


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(300_000_000)


BROKEN: dict[str, Callable[[Path], object]] = {
    "binary": lambda path: path.write_bytes(b"\xff\xfe\xfd" * 100),
    "deep": lambda path: path.write_text('{"a":' * DEEP + "1" + "}" * DEEP),
    "deep table": lambda path: path.write_text("a = " + "[" * DEEP + "]" * DEEP),
    "list": lambda path: path.write_text("[1, 2]"),
    "number": lambda path: path.write_text("7"),
    "zeros": lambda path: path.write_bytes(bytes(1000)),
    "huge": _huge,
    "folder": lambda path: path.mkdir(),
    "link to nothing": lambda path: path.symlink_to("nowhere"),
}
if hasattr(os, "mkfifo"):
    BROKEN["pipe"] = os.mkfifo


@pytest.fixture(autouse=True)
def prepared_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a run only what comes before the tests: it reads site, inventory, overlays, draw and folder."""

    def prepared(site: Path, path: Path, **how: object) -> bool:
        from yanshou.fixtures.prepare import prepare

        prepare(site, path, first=how.get("first"))  # type: ignore[arg-type]
        pytest.fail("the run would begin")

    monkeypatch.setattr(run_command, "run_tests", prepared)


@pytest.fixture
def reported(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command that has to refuse; returns what it said."""

    def answer(*arguments: object) -> str:
        begun = time.process_time()
        assert main(["--lang", "en", *map(str, arguments)]) == 2
        assert time.process_time() - begun < MOST_S
        said = capsys.readouterr().err.strip()
        assert said
        assert len(said.splitlines()) <= 2
        assert not any(word in said for word in ("Traceback", "Error", "Errno", "codec", "object is not"))
        return said

    return answer


def damaged(path: Path, how: str) -> Path:
    path.unlink(missing_ok=True)
    BROKEN[how](path)
    return path


@pytest.mark.parametrize("how", sorted({"binary", "deep table", "huge", "folder", "pipe"} & BROKEN.keys()))
@pytest.mark.parametrize("name", ["site.toml", "inventory.csv", "draw.json"])
def test_a_broken_site_is_neither_planned_nor_run(
    reported: Callable[..., str], tmp_path: Path, name: str, how: str
):
    site = private_copy(BRANCH, tmp_path / "site")
    damaged(site / name, how)
    for text in (["plan", site], ["run", site, "--operator", "scripted", "--run", tmp_path / "run"]):
        assert name in reported(*text)


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("name", ["plan.json", "catalogue.json", "site.json", "journal.jsonl"])
def test_a_broken_run_folder_is_neither_reported_nor_judged_again(
    reported: Callable[..., str], tmp_path: Path, name: str, how: str
) -> None:
    sound, broken = tmp_path / "sound", tmp_path / "broken"
    small_run(sound)
    shutil.copytree(sound, broken)
    damaged(broken / name, how)
    (tmp_path / "file.toml").write_text("")
    reported("report", broken)
    reported("diff", sound, broken)
    reported("diff", broken, sound)
    reported("rejudge", broken, "--overlay", tmp_path / "file.toml", "--person", "张三")
    reported("conclude", broken, tmp_path / "file.toml")


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_file_beside_a_run_is_named(reported: Callable[..., str], tmp_path: Path, how: str) -> None:
    small_run(tmp_path / "run")
    file = damaged(tmp_path / "given.toml", how)
    site = private_copy(BRANCH, tmp_path / "site")
    for text in (
        ["conclude", tmp_path / "run", file],
        ["run", site, "--emulate", "--faults", file, "--operator", "scripted", "--run", tmp_path / "new"],
        ["diff", tmp_path / "run", file],
        ["report", file],
    ):
        assert file.name in reported(*text)
    reported("rejudge", tmp_path / "run", "--overlay", file, "--person", "张三")
