# SPDX-License-Identifier: Apache-2.0
"""Nothing is judged or gone on with from a journal that holds lines this version does not know."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.support.run_builder import small_run
from yanshou.cli import main
from yanshou.evidence import Journal, RunFolder, read_events, seal, verify
from yanshou.evidence.journal import FIRST
from yanshou.model import UsageError
from yanshou.model.journal_kind import JournalKind

CONTRACTS = Path(__file__).parents[2] / "docs" / "contracts.md"


def test_the_kinds_are_those_of_the_contracts():
    _, _, table = CONTRACTS.read_text(encoding="utf-8").partition("| kind | fields |\n")
    rows = table.partition("\n\n")[0].splitlines()[1:]
    stated = {kind for row in rows for kind in re.findall(r"\w+", row.split("|")[1])}
    assert stated == set(JournalKind)


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """A sealed run whose last line was written by a later version."""
    small_run(tmp_path / "run")
    with Journal(tmp_path / "run" / "journal.jsonl") as journal:
        journal.append("withdrawn", items=["alarm_response_time[Z07]"])
    seal(tmp_path / "run")
    return tmp_path / "run"


def test_a_line_of_a_later_version_is_intact_and_not_reported(
    later: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    sound, overlay = tmp_path / "sound", tmp_path / "overlay.toml"
    small_run(sound)
    seal(sound)
    overlay.write_text("", encoding="utf-8")
    for asked in (
        ["report", later],
        ["diff", sound, later],
        ["diff", later, sound],
        ["merge", sound, later, "--out", tmp_path / "merged"],
        ["rejudge", later, "--overlay", overlay],
        ["rectify", later],
    ):
        assert main(["--lang", "en", *map(str, asked)]) == 2
        assert "withdrawn" in capsys.readouterr().err
    with pytest.raises(UsageError, match="'withdrawn' \\(line"):
        RunFolder.existing(later).events()
    assert verify(later).intact


def rewritten(path: Path, first: dict[str, object]) -> None:
    """A journal of one line, whose chain is right."""
    line = json.dumps({"seq": 1, **first, "utc": "2026-11-24T00:00:00Z", "mono": 1.0, "prev": FIRST})
    path.write_text(line + "\n", encoding="utf-8")


@pytest.mark.parametrize("kind", [None, 7, ["finding"]])
def test_a_line_without_a_kind_breaks_the_chain(tmp_path: Path, kind: object):
    run = tmp_path / "run"
    small_run(run)
    rewritten(run / "journal.jsonl", {} if kind is None else {"kind": kind})
    for asked in (["report", run], ["diff", run, run], ["verify", run]):
        assert main(["--lang", "en", *map(str, asked)]) in {1, 2}
    with pytest.raises(UsageError, match="chain broken at line 1"):
        list(read_events(run / "journal.jsonl", torn_allowed=True))
    with pytest.raises(UsageError, match="chain broken at line 1"):
        Journal(run / "journal.jsonl")


def test_a_journal_that_does_not_open_a_run_is_none(tmp_path: Path):
    run = tmp_path / "run"
    small_run(run)
    rewritten(run / "journal.jsonl", {"kind": "finding"})
    with pytest.raises(UsageError, match="does not open a run"):
        RunFolder(run).events()
    assert main(["--lang", "en", "report", str(run)]) == 2


def test_every_reader_ends_a_line_at_the_line_feed_only(tmp_path: Path):
    """A carriage return that a file transfer left is white space, to a run that goes on as to its readers."""
    path = tmp_path / "journal.jsonl"
    rewritten(path, {"kind": "run_opened"})
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with Journal(path) as journal:
        journal.append("draw", number=1)
    with path.open("ab") as file:
        file.write(b'{"seq":3,"ki')
    assert [one["kind"] for one in read_events(path, torn_allowed=True)] == ["run_opened", "draw"]
    shutil.copytree(tmp_path, tmp_path / "again", ignore=shutil.ignore_patterns("*.lock", "again"))
    with Journal(tmp_path / "again" / "journal.jsonl") as journal:
        assert journal.lines == 2
