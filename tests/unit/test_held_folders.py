# SPDX-License-Identifier: Apache-2.0
"""While one command holds a run folder, every other that would write to it refuses and leaves no trace."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tests.support.run_builder import item, small_run
from yanshou.cli import main
from yanshou.evidence import Journal, seal, verify
from yanshou.evidence.durable import write_whole
from yanshou.model import RigFault, Verdict

OVERLAY = """[[replace]]
id = "IAS-RT-01"
limit = { max = 1.0, unit = "s" }
by = "王五"
date = 2026-01-20
document = "合同"
"""
MEETING = """date = 2026-12-01
conclusion = "passed"

[[member]]
name = "赵六"
unit = "建设单位"
part = "document"
"""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A sealed run of one item that does not conform."""
    made = small_run(tmp_path / "run")
    one = item("alarm_response_time", "Z07", "IAS-RT-01")
    made.session()
    made.start(one)
    made.judge(one, "IAS-RT-01", Verdict.NON_CONFORM, made.measure(one, value=2.5))
    made.finish(one)
    made.close()
    seal(made.path)
    return made.path


def files(run: Path) -> dict[str, bytes]:
    return {path.relative_to(run).as_posix(): path.read_bytes() for path in run.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "command",
    [
        ["report"],
        ["report", "--only", "results"],
        ["rejudge", "--overlay", "overlay.toml"],
        ["conclude", "meeting.toml"],
        ["rectify"],
        ["pack", "--out", "run.zip"],
    ],
    ids=" ".join,
)
def test_a_folder_in_use_is_left_as_it_is(
    run: Path, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(run.parent)
    Path("overlay.toml").write_text(OVERLAY, encoding="utf-8")
    Path("meeting.toml").write_text(MEETING, encoding="utf-8")
    with Journal(run / "journal.jsonl"):
        before = files(run)
        assert main(["--lang", "en", command[0], str(run), *command[1:]]) == 2
        assert "in use" in capsys.readouterr().err
        assert files(run) == before
    assert verify(run).intact


def test_an_empty_folder_of_a_killed_write_does_not_stay_for_ever(run: Path):
    empty = run / "blobs" / "40"
    empty.mkdir(parents=True)
    assert [(one.path, one.kind) for one in verify(run).problems] == [("blobs/40", "irregular")]
    seal(run)
    assert verify(run).intact


def test_a_write_that_fails_leaves_no_folder_behind(run: Path):
    (run / "blobs").mkdir(exist_ok=True)
    with pytest.raises(RigFault, match="cannot write evidence"):
        write_whole(run / "blobs" / "40" / "41" / ("4" * 300), b"x")
    assert not (run / "blobs" / "40").exists()
    assert (run / "blobs").is_dir()


def test_a_folder_that_cannot_be_written_is_packed(run: Path, monkeypatch: pytest.MonkeyPatch):
    """An archive on a read-only medium: the lock of the journal cannot be made there."""

    def refused(*_: object) -> Journal:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("yanshou.evidence.run.Journal", refused)
    monkeypatch.setattr("os.access", lambda path, _mode: Path(path) != run)
    assert main(["pack", str(run), "--out", str(run.parent / "run.zip")]) == 0
    assert main(["verify", str(run.parent / "run.zip")]) == 0


def test_an_issue_is_numbered_and_made_without_another_in_between(run: Path, monkeypatch: pytest.MonkeyPatch):
    """A second report is asked for while the first is written: it would make issue 2 of what is issue 1."""
    codes: list[int] = []

    def rendered(folder: Path, *_: object, **__: object) -> dict[str, Path]:
        codes.append(main(["report", str(folder), "--reason", "second"]))
        return {}

    monkeypatch.setattr("yanshou.cli.commands.report.render", rendered)
    assert main(["report", str(run)]) == 1
    assert codes == [2]
    assert [one.issue.number for one in verify(run).issues] == [1]
