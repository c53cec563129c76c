# SPDX-License-Identifier: Apache-2.0
"""The journal survives what happens on a site; verify finds whatever happened to it afterwards."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yanshou.evidence import BlobStore, Journal, RunFolder, read_events, seal, verify
from yanshou.model import Instant, RigFault, UsageError, Verdict


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "run"
    with Journal(folder / "journal.jsonl") as journal:
        journal.append("run_opened", site={"name": "示范银行网点"})
        journal.append("stimulus", what="open_loop", instant=Instant(1.0, 1.5))
        journal.append("finding", verdict=Verdict.CONFORM)
    BlobStore(folder / "blobs").put(b"picture")
    (folder / "plan.json").write_text("{}")
    seal(folder)
    return folder


def test_a_line_can_be_read_by_a_person_and_chains_to_the_one_before(run):
    first, second, third = read_events(run / "journal.jsonl")
    assert list(second)[:4] == ["seq", "kind", "utc", "mono"]
    assert second["instant"] == [1.0, 1.5]
    assert "示范银行网点" in (run / "journal.jsonl").read_text(encoding="utf-8")
    assert first["prev"] == "0" * 64
    assert len({first["prev"], second["prev"], third["prev"]}) == 3


def test_an_untouched_run_is_intact(run):
    result = verify(run)
    assert result.intact
    assert result.files == 3
    assert len(result.seal) == 64


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_of_any_file_is_found(run, data):
    copy = run.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(run, copy)
    files = sorted(path for path in copy.rglob("*") if path.is_file() and path.suffix != ".lock")
    path = data.draw(st.sampled_from(files))
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    assert not verify(copy).intact


@pytest.mark.parametrize("harm", ["missing", "extra", "truncated", "line cut", "no manifest"])
def test_missing_extra_and_truncated_files_are_named(run, harm):
    journal = run / "journal.jsonl"
    if harm == "missing":
        (run / "plan.json").unlink()
    elif harm == "extra":
        (run / "blobs" / "note.txt").write_text("x")
    elif harm == "truncated":
        os.truncate(journal, journal.stat().st_size - 7)
    elif harm == "line cut":
        journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    else:
        (run / "manifest.json").unlink()
    result = verify(run)
    assert not result.intact
    assert result.problems


def test_a_torn_tail_is_set_aside_and_the_run_goes_on(run):
    journal = run / "journal.jsonl"
    os.truncate(journal, journal.stat().st_size - 5)
    with Journal(journal) as again:
        assert again.lines == 2
        again.append("session_started", resumed=True)
    assert [event["seq"] for event in read_events(journal)] == [1, 2, 3]
    assert list(run.glob("journal.torn-*"))


def test_an_edited_line_refuses_to_go_on(run):
    journal = run / "journal.jsonl"
    journal.write_text(
        journal.read_text(encoding="utf-8").replace("open_loop", "open_lOop"), encoding="utf-8"
    )
    with pytest.raises(UsageError, match="chain broken at line 3"):
        Journal(journal)


def test_two_runs_never_share_a_journal(run):
    with Journal(run / "journal.jsonl"), pytest.raises(UsageError, match="in use"):
        Journal(run / "journal.jsonl")


def test_a_figure_that_is_no_number_cannot_be_written(tmp_path):
    with Journal(tmp_path / "journal.jsonl") as journal, pytest.raises(ValueError, match="JSON"):
        journal.append("measurement", value=float("nan"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_loses_nothing_that_was_written(tmp_path, monkeypatch):
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.append("run_opened")
        real = journal._file
        with Path("/dev/full").open("ab", buffering=0) as full:
            journal._file = full
            with pytest.raises(RigFault, match="Make room"):
                journal.append("stimulus")
        journal._file = real
        journal.append("session_ended")
    assert [event["kind"] for event in read_events(path)] == ["run_opened", "session_ended"]


@pytest.mark.parametrize("kept", [True, False], ids=["after the write", "in the middle of it"])
def test_ctrl_c_while_a_line_is_written_breaks_no_chain(tmp_path, monkeypatch, kept):
    from yanshou.evidence import journal as module

    def interrupted(_number):
        if not kept:
            os.truncate(tmp_path / "journal.jsonl", (tmp_path / "journal.jsonl").stat().st_size - 5)
        raise KeyboardInterrupt

    with Journal(tmp_path / "journal.jsonl") as journal:
        journal.append("begun")
        with monkeypatch.context() as patch:
            patch.setattr(module, "sync", interrupted)
            with pytest.raises(KeyboardInterrupt):
                journal.append("stimulus")
        journal.append("session_ended")
        assert journal.lines == (3 if kept else 2)
    reported = [event["kind"] for event in read_events(tmp_path / "journal.jsonl")]
    assert reported == ["begun", *(["stimulus"] if kept else []), "session_ended"]


KILLED = """
import sys
from pathlib import Path
from yanshou.evidence import Journal
journal = Journal(Path(sys.argv[1]))
while True:
    print(journal.append("observation", text="x" * 200)["seq"], flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_every_acknowledged_line_survives_sigkill(tmp_path):
    path = tmp_path / "journal.jsonl"
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True)
    seen = [int(child.stdout.readline()) for _ in range(50)]
    child.send_signal(signal.SIGKILL)
    seen += [int(line) for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    child.wait()
    child.stdout.close()
    with Journal(path) as journal:
        assert journal.lines >= max(seen)


def test_evidence_is_kept_once_under_its_hash(tmp_path):
    blobs = BlobStore(tmp_path / "blobs")
    digest = blobs.put(b"frame")
    assert blobs.put(b"frame") == digest
    assert blobs.path(digest).read_bytes() == b"frame"
    assert len([p for p in (tmp_path / "blobs").rglob("*") if p.is_file()]) == 1


def test_the_manifest_is_plain_json(run):
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["journal"]["lines"] == 3


def test_what_our_own_bench_spoiled_is_run_again_and_a_non_conformity_never(tmp_path):
    ended = ("done", "non_conform", "rig_fault", "not_applicable", "interrupted")
    with Journal(tmp_path / "journal.jsonl") as journal:
        journal.append("run_opened")
        for outcome in ended:
            journal.append("item_finished", item=outcome, outcome=outcome)
    assert set(RunFolder(tmp_path).finished()) == {"done", "non_conform", "not_applicable"}
