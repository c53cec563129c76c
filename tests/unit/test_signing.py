# SPDX-License-Identifier: Apache-2.0
"""Signing an issue: who signs, in which order, with which certificate, with time stamps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import signed_issue
from tests.support.authority import PASSPHRASE, Authority
from tests.support.signed_issue import FIRST, Verified, by
from yanshou.cli.main import main
from yanshou.evidence import RunFolder, seal
from yanshou.signing.pdf import ROLES

authority = signed_issue.authority
people = signed_issue.people
issued = signed_issue.issued
all_signed = signed_issue.all_signed
run = signed_issue.run
signed = signed_issue.signed
verified = signed_issue.verified


def test_three_people_sign_in_order_and_verify_names_them(
    signed: Path, authority: Authority, people: tuple[Path, ...], verified: Verified
) -> None:
    code, said = verified(signed, "--trust", str(authority.root))
    assert code == 0
    assert [said.count(one) for one in (": valid", "张三", "李四", "王五")] == [3, 2, 2, 2]
    files = [(signed / FIRST / name).read_bytes() for name in ("report.pdf", "report.signed-1.pdf")]
    assert files[1].startswith(files[0])
    events = [one for one in RunFolder.existing(signed).events() if one["kind"] == "signed"]
    assert [one["role"] for one in events] == list(ROLES)
    assert events[1]["former"] == events[0]["file"]
    assert events[1]["former_sha256"] == events[0]["sha256"]
    assert {"subject", "serial", "sha256"} <= events[0]["certificate"].keys()
    journal = (signed / "journal.jsonl").read_text(encoding="utf-8")
    assert PASSPHRASE not in journal


def test_without_a_root_nobody_is_called_trusted(signed: Path, verified: Verified) -> None:
    code, said = verified(signed)
    assert (code, said.count("was not checked: name the authority"), said.count(": valid")) == (0, 3, 0)


def test_without_pyhanko_it_says_what_was_not_checked(
    signed: Path, verified: Verified, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    code, said = verified(signed)
    assert (code, "signature not checked: install yanshou[sign]" in said) == (0, True)


@pytest.mark.parametrize("role", ["reviewer", "批准"])
def test_the_order_is_kept(
    run: Path, people: tuple[Path, ...], role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert by(run, role, people[0]) == 2
    assert "the tester signs before" in capsys.readouterr().err
    assert not (run / FIRST / "report.signed-1.pdf").exists()


def test_nobody_signs_twice_and_nobody_by_a_wrong_passphrase(
    signed: Path,
    people: tuple[Path, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert by(signed, "tester", people[0]) == 2
    assert "has signed issue 1" in capsys.readouterr().err
    monkeypatch.setenv("YANSHOU_SIGN_PASSPHRASE", "a wrong one")
    assert by(signed, "tester", people[0]) == 2
    said = capsys.readouterr().err
    assert "passphrase is another one" in said
    assert "a wrong one" not in said


def test_an_expired_certificate_does_not_sign(
    run: Path, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    assert by(run, "tester", authority.signer("过期", days=(-30, -1))) == 2
    assert "is valid from" in capsys.readouterr().err


def test_a_run_that_went_on_after_its_issue_is_issued_again_first(
    run: Path, people: tuple[Path, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with RunFolder.existing(run).journal() as journal:
        journal.append("calibration", phase="after", loops=[], drift=[])
    seal(run)
    assert by(run, "tester", people[0]) == 2
    assert "gone on with after issue 1" in capsys.readouterr().err


# -- time stamps -------------------------------------------------------------------------------------------


def test_a_time_stamp_is_added_at_once_or_later_and_outlives_the_certificate(
    run: Path, authority: Authority, people: tuple[Path, ...], verified: Verified
) -> None:
    with authority.stamps() as url:
        assert by(run, "tester", people[0], "--tsa", url) == 0
        assert by(run, "reviewer", people[1]) == 0
        lists = ["--trust", str(authority.root), "--crl", str(authority.revocations())]
        assert main(["sign", str(run), "--complete", "--tsa", url, *lists]) == 0
    events = [one for one in RunFolder.existing(run).events() if one["kind"] == "signed"]
    assert [one["level"] for one in events] == ["B-T", "B-B", "B-LTA"]
    code, said = verified(run, "--trust", str(authority.root))
    assert (code, said.count(": valid"), said.count("time stamp]")) == (0, 3, 3)


def test_where_no_time_stamp_can_be_had_it_is_signed_without_and_told(
    run: Path, people: tuple[Path, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert by(run, "tester", people[0], "--tsa", "http://127.0.0.1:9/") == 0
    assert "gave no time stamp" in capsys.readouterr().err
    assert main(["sign", str(run), "--complete", "--tsa", "http://127.0.0.1:9/"]) == 2
    assert not (run / FIRST / "report.signed-2.pdf").exists()


def test_a_list_out_of_date_proves_nothing(
    signed: Path, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    old = authority.revocations(days=-1)
    options = [
        "--complete",
        "--tsa",
        "http://127.0.0.1:9/",
        "--trust",
        str(authority.root),
        "--crl",
        str(old),
    ]
    assert main(["sign", str(signed), *options]) == 2
    assert "was to be renewed" in capsys.readouterr().err
