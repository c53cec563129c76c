# SPDX-License-Identifier: Apache-2.0
"""What was changed in a run folder is found, and never healed by going on with it or by its reports."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from yanshou.evidence import (
    BlobStore,
    Journal,
    RunFolder,
    frozen_digests,
    go_on_although,
    passes_through,
    reports_as_found,
    seal,
    verify,
)
from yanshou.evidence.answer import as_json, lines
from yanshou.evidence.laboratory import create_key, read_key, sign_file
from yanshou.evidence.run import site_digests
from yanshou.model import UsageError, Verdict

PICTURE = b"picture of the keypad"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A sealed run: frozen files, three lines and one piece of evidence."""
    folder = tmp_path / "run"
    (folder / "site").mkdir(parents=True)
    (folder / "site" / "panel.toml").write_text("address = 16\n", encoding="utf-8")
    for name in ("plan.json", "catalogue.json", "site.json"):
        (folder / name).write_text(json.dumps({"name": name, "limit": 2.0}), encoding="utf-8")
    with Journal(folder / "journal.jsonl") as journal:
        journal.append("run_opened", site={"name": "示范"}, frozen=frozen_digests(folder))
        digest = BlobStore(folder / "blobs").put(PICTURE)
        journal.append("evidence", item="x", sha256=digest, name="keypad.png", bytes=len(PICTURE))
        journal.append("finding", item="x", requirement="IAS-RT-01", verdict=Verdict.NON_CONFORM)
        journal.append("session_ended", reason="complete")
    seal(folder)
    return folder


def lines_of(run: Path) -> list[bytes]:
    return (run / "journal.jsonl").read_bytes().splitlines(keepends=True)


def rechained(lines: list[bytes]) -> bytes:
    """The same events in a chain of their own, as somebody would make it who knows how."""
    head, written = "0" * 64, b""
    for number, line in enumerate(lines, start=1):
        event = {**json.loads(line), "seq": number, "prev": head}
        made = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        head, written = hashlib.sha256(made).hexdigest(), written + made + b"\n"
    return written


def cut(run: Path) -> None:
    (run / "journal.jsonl").write_bytes(b"".join(lines_of(run)[:-2]))


def turned(run: Path) -> None:
    lines = [line.replace(b"non_conform", b"conform") for line in lines_of(run)]
    (run / "journal.jsonl").write_bytes(rechained(lines))


def blob(run: Path) -> Path:
    digest = hashlib.sha256(PICTURE).hexdigest()
    return run / "blobs" / digest[:2] / digest


def limit_moved(run: Path) -> None:
    path = run / "catalogue.json"
    path.write_text(path.read_text(encoding="utf-8").replace("2.0", "3.0"), encoding="utf-8")


HARMS: dict[str, Callable[[Path], object]] = {
    "journal cut at a line's end": cut,
    "verdict turned, chain made anew": turned,
    "evidence deleted": lambda run: blob(run).unlink(),
    "evidence changed": lambda run: blob(run).write_bytes(b"another picture"),
    "limit of the frozen catalogue moved": limit_moved,
    "items taken out of the plan": lambda run: (run / "plan.json").write_text("{}", encoding="utf-8"),
    "site renamed": lambda run: (run / "site.json").write_text('{"name": "B"}', encoding="utf-8"),
    "profile of the site changed": lambda run: (run / "site" / "panel.toml").write_text("address = 17\n"),
    "file put beside the site's": lambda run: (run / "site" / "more.toml").write_text("x = 1\n"),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_a_changed_folder_is_not_gone_on_with_and_not_sealed_again(
    run: Path, harm: Callable[[Path], object]
) -> None:
    harm(run)
    before = (run / "manifest.json").read_bytes()
    assert not verify(run).intact
    with pytest.raises(UsageError, match="not intact"):
        RunFolder.existing(run)
    with pytest.raises(UsageError, match="not intact"):
        seal(run)
    assert (run / "manifest.json").read_bytes() == before
    assert not verify(run).intact


@pytest.mark.parametrize("name", ["evidence deleted", "limit of the frozen catalogue moved", "site renamed"])
def test_without_a_manifest_the_journal_itself_tells(run: Path, name: str) -> None:
    (run / "manifest.json").unlink()
    HARMS[name](run)
    with pytest.raises(UsageError, match="not intact"):
        RunFolder.existing(run)


def test_an_interrupted_run_goes_on(run: Path) -> None:
    with Journal(run / "journal.jsonl") as journal:
        journal.append("session_started", resumed=True)
        journal.append("evidence", item="y", sha256=BlobStore(run / "blobs").put(b"new"), name="n", bytes=3)
    with (run / "journal.jsonl").open("ab") as file:
        file.write(b'{"seq":7,"torn by a pow')
    assert RunFolder.existing(run)
    Journal(run / "journal.jsonl").close()
    seal(run)
    assert verify(run).intact


def reported(run: Path) -> Path:
    """A report that a command made and sealed."""
    found, report = reports_as_found(run), run / "report" / "report.pdf"
    report.parent.mkdir()
    report.write_bytes(b"%PDF does not conform")
    seal(run, found)
    assert verify(run).intact
    return report


def test_reports_may_be_made_again(run: Path) -> None:
    reported(run)
    shutil.rmtree(run / "report")
    assert not verify(run).intact
    assert RunFolder.existing(run)
    seal(run)
    assert verify(run).intact


def test_a_changed_report_is_not_taken_for_one_that_was_made(run: Path) -> None:
    report = reported(run)
    report.write_bytes(b"%PDF conforms")
    (run / "report" / "junit.xml").write_bytes(b"<conforms/>")
    strange = {("report/report.pdf", "changed"), ("report/junit.xml", "extra")}
    found = reports_as_found(run)
    (run / "report" / "results.json").write_bytes(b"{}")  # as `report --only results` makes it
    seal(run, found)
    assert kinds(run) == strange
    seal(run)  # as a session's end does, which makes no report
    assert kinds(run) == strange
    found = reports_as_found(run)
    for one in ("report.pdf", "junit.xml"):
        (run / "report" / one).unlink()
        (run / "report" / f"{one}.partial").write_bytes(b"made from the journal")
        (run / "report" / f"{one}.partial").rename(run / "report" / one)
    seal(run, found)
    assert verify(run).intact


def test_a_report_that_is_made_anew_alike_is_taken(run: Path) -> None:
    """A power cut between the report and its seal leaves the very bytes that are then made again."""
    (run / "report").mkdir()
    report, part = run / "report" / "report.pdf", run / "report" / "report.pdf.partial"
    report.write_bytes(b"%PDF")
    found = reports_as_found(run)
    part.write_bytes(b"%PDF")
    part.replace(report)
    seal(run, found)
    assert verify(run).intact


def test_an_issue_that_nobody_made_is_not_taken(run: Path) -> None:
    reported(run)
    forged = run / "report" / "issues" / "9" / "report.pdf"
    forged.parent.mkdir(parents=True)
    forged.write_bytes(b"%PDF conforms")
    seal(run, reports_as_found(run))
    assert kinds(run) == {("report/issues/9/report.pdf", "extra")}


def test_a_manifest_that_the_key_did_not_sign_is_not_replaced(run: Path, tmp_path: Path) -> None:
    create_key(tmp_path / "key.pem", "")
    sign_file(run / "manifest.json", read_key(tmp_path / "key.pem", ""))
    assert verify(run).intact
    assert RunFolder.existing(run)
    text = (run / "manifest.json").read_text(encoding="utf-8")
    (run / "manifest.json").write_text(text + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"manifest\.json\.sig \(signature\)"):
        seal(run)
    (run / "manifest.json.sig").unlink()  # a kill between the two files of a signature leaves one of them
    seal(run)
    assert verify(run).intact


def test_a_picture_laid_among_the_evidence_is_not_sealed(run: Path) -> None:
    (run / "blobs" / "IMG_0001.jpg").write_bytes(b"\xff\xd8")
    with pytest.raises(UsageError, match=r"blobs/IMG_0001\.jpg \(misnamed\)"):
        seal(run)
    (run / "blobs" / "IMG_0001.jpg").rename(run / "blobs" / f"{'0' * 64}.part")  # left by a power cut
    seal(run)


def kinds(run: Path) -> set[tuple[str, str]]:
    return {(one.path, one.kind) for one in verify(run).problems}


def test_what_is_no_file_is_named(run: Path) -> None:
    (run / "empty").mkdir()
    (run / "journal.jsonl.lock").write_text("hidden", encoding="utf-8")
    assert kinds(run) == {("empty", "irregular"), ("journal.jsonl.lock", "extra")}


@pytest.mark.skipif(os.name != "posix", reason="needs pipes and links")
def test_pipes_and_links_are_named_and_nothing_hangs(run: Path) -> None:
    os.mkfifo(run / "pipe")
    same = run.parent / "same.json"
    shutil.copyfile(run / "plan.json", same)
    (run / "plan.json").unlink()
    (run / "plan.json").symlink_to(same)
    found = kinds(run)
    assert ("pipe", "irregular") in found
    assert ("plan.json", "link") in found


def test_the_files_of_a_site_are_known_by_their_bytes(tmp_path: Path) -> None:
    site, lab = tmp_path / "site", tmp_path / "lab.toml"
    (site / "accepted").mkdir(parents=True)
    for path in (site / "panel.toml", site / "accepted" / "CAM-1.json", site / "calibration.json", lab):
        path.write_text("x = 1\n", encoding="utf-8")
    before = site_digests(site, [lab])
    assert set(before) == {"panel.toml", "accepted/CAM-1.json", lab.as_posix()}
    for path in (site / "panel.toml", site / "accepted" / "CAM-1.json", lab):
        path.write_text("x = 2\n", encoding="utf-8")
        now = site_digests(site, [lab])
        assert now != before
        before = now


GONE_ON_WITH = [
    "journal cut at a line's end",
    "verdict turned, chain made anew",
    "evidence deleted",
    "evidence changed",
    "profile of the site changed",
    "file put beside the site's",
]


@pytest.mark.parametrize("name", GONE_ON_WITH)
def test_damage_is_gone_on_with_only_for_a_reason_and_never_forgotten(run: Path, name: str) -> None:
    HARMS[name](run)
    with pytest.raises(UsageError, match="no reason"):
        go_on_although(run, " ")
    assert go_on_although(run, "硬盘更换，委托方知情")
    (reported,) = [one for one in RunFolder.existing(run).events() if one["kind"] == "not_intact"]
    assert reported["reason"] == "硬盘更换，委托方知情"
    assert reported["problems"]
    seal(run)
    assert ("journal.jsonl", "was") in kinds(run)
    assert not verify(run).intact
    assert go_on_although(run, "again") == ()  # nothing new


@pytest.mark.parametrize("name", sorted(HARMS.keys() - set(GONE_ON_WITH)))
def test_what_nobody_can_judge_by_any_more_is_never_gone_on_with(run: Path, name: str) -> None:
    HARMS[name](run)
    before = (run / "journal.jsonl").read_bytes()
    with pytest.raises(UsageError):
        go_on_although(run, "because")
    assert (run / "journal.jsonl").read_bytes() == before


def test_a_second_damage_of_the_same_file_is_a_new_one(run: Path) -> None:
    blob(run).write_bytes(b"another picture")
    go_on_although(run, "because")
    blob(run).write_bytes(b"and another")
    with pytest.raises(UsageError, match="not intact"):
        RunFolder.existing(run)


def test_an_intact_folder_gets_no_line(run: Path) -> None:
    before = (run / "journal.jsonl").read_bytes()
    assert go_on_although(run, "because") == ()
    assert (run / "journal.jsonl").read_bytes() == before
    assert verify(run).intact


def test_a_folder_made_anew_is_known_by_a_digest_noted_outside(run: Path) -> None:
    noted, head = verify(run).seal, verify(run).head
    assert passes_through(run, noted) == "seal"
    assert passes_through(run, head[:16]) == "journal"
    assert passes_through(run, head[:8]) == ""  # too short to prove anything
    with Journal(run / "journal.jsonl") as journal:
        journal.append("session_started", resumed=True)
    seal(run)
    assert passes_through(run, head) == "journal"  # grown, not changed
    (run / "manifest.json").unlink()
    turned(run)
    seal(run)
    assert verify(run).intact  # by itself it cannot know
    assert passes_through(run, noted) == passes_through(run, head) == ""


def test_every_command_that_reads_a_run_folder_holds_it_against_its_journal_first() -> None:
    """One function does, behind ``RunFolder.existing``; a survey and the live bridge read otherwise.

    ``diff`` verifies every byte, names what is not intact, and then never answers 0.
    """
    root = Path(__file__).parents[2]
    commands = [*(root / "harness/yanshou/cli").rglob("*.py"), *(root / "fixtures").rglob("*.py")]
    live = {"allure_bridge.py"}  # reads the run that is being written
    verified = {"diff.py"}
    for path in commands:
        code = path.read_text(encoding="utf-8")
        assert not re.search(r"RunFolder\((?!\))", code), f"{path}: opens a run folder unchecked"
        read = re.search(r"from yanshou\.reports import .*\b(load|render)\b", code) or "read_events" in code
        if read and path.name not in live and "selftest" not in path.as_posix():
            check = "verify(" if path.name in verified else "RunFolder.existing("
            assert check in code, f"{path}: reads a run folder unchecked"


def test_changed_answers_are_told_and_the_folder_is_intact(run: Path) -> None:
    with Journal(run / "journal.jsonl") as journal:
        reported = {"file": "answers.toml", "keys": {}}
        journal.append("answers", sha256="a" * 64, before="", changed=[], **reported)
        journal.append("answers", sha256="b" * 64, before="a" * 64, changed=["XR-1.dose_rate"], **reported)
    seal(run)
    result = verify(run)
    assert result.intact
    (one,) = result.answers
    assert (one.file, one.keys) == ("answers.toml", ("XR-1.dose_rate",))
    assert "XR-1.dose_rate" in "\n".join(lines(result))
    assert json.loads(as_json(result))["changed_answers"][0]["line"] == one.line


def test_what_no_line_of_the_journal_mentions_is_told_and_the_folder_is_intact(run: Path) -> None:
    """Evidence whose line a kill left out looks like evidence that somebody put there before the seal."""
    assert not verify(run).unmentioned
    foreign = b"a photograph that nobody took"
    name = hashlib.sha256(foreign).hexdigest()
    (run / "blobs" / name[:2]).mkdir(parents=True, exist_ok=True)
    (run / "blobs" / name[:2] / name).write_bytes(foreign)
    (run / "journal.torn-1").write_bytes(b'{"seq":9,"kind":"find')
    seal(run)
    result = verify(run)
    assert result.intact
    left = {(f"blobs/{name[:2]}/{name}", len(foreign)), ("journal.torn-1", 21)}
    assert set(result.unmentioned) == left
    assert all(f"{path} ({size} bytes)" in "\n".join(lines(result)) for path, size in left)
    assert {one["path"] for one in json.loads(as_json(result))["unmentioned"]} == {path for path, _ in left}
    with Journal(run / "journal.jsonl") as journal:
        journal.append("evidence", item="", sha256=name, name="x", media_type="", bytes=len(foreign), note="")
    seal(run)
    assert [one.path for one in verify(run).unmentioned] == ["journal.torn-1"]
