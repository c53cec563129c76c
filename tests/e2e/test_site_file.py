# SPDX-License-Identifier: Apache-2.0
"""Wrong site files, missing secrets, overdue instruments: told once, with the place and the way out."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.rig import branch, no_traceback, replace, run, yanshou


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return branch(tmp_path / "site", scope=["IAS-RT-01", "IAS-PW-01"], keep=["Z01", "Z02", "D01"])


def spoil(site: Path) -> dict[str, tuple[str, str]]:
    """Five different mistakes; what each is told by, and the line it stands in."""
    changes = [
        ("site.toml", 'time_zone = "Asia/Shanghai"', 'time_zone = "Asia/Shangai"', "Asia/Shangai"),
        ("site.toml", "risk_grade = 2", "risk_grade = 9", "risk_grade"),
        ("site.toml", 'decision_rule = "DR-SA"', 'decision_rule = "DR-XX"', "DR-XX"),
        ("inventory.csv", "PANEL-1,1,type=normal", "PANEL-9,1,type=normal", "PANEL-9"),
        ("inventory.csv", "loop=RELAY-2/1;", "loop=RELAY-7/1;", "RELAY-7"),
    ]
    for file, old, new, _ in changes:
        replace(site / file, old, new)
    return {what: (file, _line(site / file, new)) for file, _, new, what in changes}


def _line(path: Path, text: str) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return str(next(number for number, line in enumerate(lines, start=1) if text in line))


def test_all_five_mistakes_are_told_at_once_with_file_and_line(site: Path) -> None:
    mistakes = spoil(site)
    result = yanshou("check", site, cwd=site.parent)
    assert result.code == 2
    assert no_traceback(result)
    for what, (file, line) in mistakes.items():
        assert [one for one in result.out.splitlines() if f"{file}:{line}" in one and what in one], what


def test_check_answers_programs_too(site: Path) -> None:
    assert yanshou("check", site, "--json", cwd=site.parent).json == {"ok": True, "problems": []}
    mistakes = spoil(site)
    result = yanshou("check", site, "--json", cwd=site.parent)
    assert result.code == 2
    assert result.json["ok"] is False
    assert all(set(one) == {"file", "line", "what", "remedy"} for one in result.json["problems"])
    places = {(one["file"].rsplit("/", 1)[-1], str(one["line"])) for one in result.json["problems"]}
    assert set(mistakes.values()) <= places
    assert all(one["remedy"] for one in result.json["problems"])


def test_a_run_of_a_wrong_site_does_not_begin(site: Path) -> None:
    mistakes = spoil(site)
    result = yanshou("run", site, "--run", "run", cwd=site.parent)
    assert result.code == 2
    assert no_traceback(result)
    for what, (file, line) in mistakes.items():
        assert [one for one in result.err.splitlines() if f"{file}:{line}" in one and what in one], what
    assert not (site.parent / "run").exists()


WRONG = {
    "unknown requirement": ("site.toml", '"IAS-RT-01"', '"IAS-RT-99"', "IAS-RT-99"),
    "channel the board lacks": ("inventory.csv", "loop=RELAY-2/0", "loop=RELAY-2/77", "RELAY-2/77"),
    "unknown profile": ("site.toml", "yanshou-emulated-panel-12", "no-such-panel", "no-such-panel"),
    "password in the file": (
        "site.toml",
        'name = "示范银行网点"',
        'name = "示范银行网点"\npassword = "12345"',
        "password",
    ),
}


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize(("file", "old", "new", "what"), WRONG.values(), ids=WRONG)
def test_each_is_refused_before_anything_is_started(
    site: Path, command: str, file: str, old: str, new: str, what: str
) -> None:
    replace(site / file, old, new)
    arguments = ["--run", "run"] if command == "run" else []
    result = yanshou(command, site, *arguments, cwd=site.parent)
    assert result.code == 2
    assert what in result.out + result.err
    assert no_traceback(result)
    assert "12345" not in result.out + result.err
    assert not (site.parent / "run" / "journal.jsonl").exists()


def test_a_real_site_needs_its_secrets_and_a_person(tmp_path: Path) -> None:
    site = branch(tmp_path / "site", scope=["IQ-18"], keep=["CAM-1"])
    replace(site / "site.toml", 'rig = "emulated"', 'rig = "real"')
    replace(site / "site.toml", 'backend = "scripted"', 'backend = "terminal"\nname = "张三"')
    for command in ("check", "run"):
        result = yanshou(command, site, cwd=tmp_path)
        assert result.code == 2
        assert "YANSHOU_CAMERA_PASSWORD" in result.out + result.err
        assert "site.toml:" in result.out + result.err
    assert yanshou("check", site, cwd=tmp_path, YANSHOU_CAMERA_PASSWORD="x").code == 0
    result = yanshou("run", site, "--emulate", cwd=tmp_path, YANSHOU_CAMERA_PASSWORD="x")
    assert result.code == 2
    assert "cannot be emulated" in result.err


def test_an_overdue_instrument_gives_no_result(site: Path) -> None:
    yesterday = datetime.now().astimezone().date() - timedelta(days=1)
    replace(site / "site.toml", "due = 2027-08-16", f"due = {yesterday}")
    replace(site / "site.toml", "calibrated = 2026-08-17", f"calibrated = {yesterday - timedelta(days=300)}")
    result = yanshou("check", site, cwd=site.parent)
    assert result.code == 2
    assert "DMM-1" in result.out
    ran = run(site, site.parent / "run", arguments=["--", "--yanshou-device=PANEL-1"])
    assert ran.code == 3
    finding = ran.finding("IAS-PW-01", "PANEL-1")
    assert finding["verdict"] in {"not_tested", "invalid"}
    assert finding["value"] is None
    assert "DMM-1" in finding["reason"]
    assert str(yesterday) in finding["reason"]
