# SPDX-License-Identifier: Apache-2.0
"""The commands others script against: keys of their answers, exit codes, one line for wrong use."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.rig import (
    BRANCH,
    POSIX,
    branch,
    eventually,
    here,
    no_traceback,
    replace,
    said,
    start,
    yanshou,
)
from yanshou.emulation.site.process import private_copy

ROW = {
    "id",
    "standard",
    "edition",
    "clause",
    "system",
    "measurand",
    "limit",
    "unit",
    "limit_status",
    "in_force",
    "coverage",
}


def test_catalogue_list_has_the_agreed_keys() -> None:
    rows = here("catalogue", "list", "--json").json
    assert all(set(row) >= ROW for row in rows)
    assert len(rows) > 150
    assert {row["coverage"] for row in rows} == {"automatic", "operator", "report"}
    assert {row["limit_status"] for row in rows} <= {"verified", "provisional", "unverified"}


def test_catalogue_show_names_the_clause() -> None:
    result = here("catalogue", "show", "IAS-RT-01")
    assert result.code == 0
    assert "GB 55029" in result.out
    assert "3.5.1(8)" in result.out
    row = here("catalogue", "show", "IAS-RT-01", "--json").json
    assert row["id"] == "IAS-RT-01"
    assert row["limit_status"] == "provisional"


def test_catalogue_coverage_counts_every_row_once() -> None:
    rows = here("catalogue", "list", "--json").json
    coverage = here("catalogue", "coverage", "--json").json
    assert sum(coverage["total"].values()) == len(rows)
    assert coverage["requirements"] == {row["id"]: row["coverage"] for row in rows}


def test_plan_has_the_agreed_keys_and_is_the_same_each_time() -> None:
    first, second = (here("plan", BRANCH, "--json") for _ in range(2))
    assert first.code == 0
    assert first.out == second.out
    plan = first.json
    assert set(plan) >= {"seed", "items", "untestable", "sampling"}
    assert all(
        set(item) >= {"id", "measurand", "device", "requirements", "instruments"} for item in plan["items"]
    )
    assert all(set(lot) >= {"population", "N", "n", "rule", "drawn"} for lot in plan["sampling"])
    assert all(set(one) >= {"requirement", "reason"} for one in plan["untestable"])
    assert plan["seed"] == 20261123


def test_a_plan_for_people_names_places_and_times_and_by_request_samples_and_items() -> None:
    result = here("plan", BRANCH)
    assert result.code == 0
    assert "alarm_response_time" not in result.out
    assert "people's time" in result.out
    result = here("plan", BRANCH, "--items")
    assert result.code == 0
    assert "seed 20261123" in result.out
    assert "alarm_response_time[Z01]" in result.out


@pytest.mark.skipif(not POSIX, reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_the_emulated_site_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    site = private_copy(BRANCH, tmp_path / "site")
    truth = tmp_path / "truth.jsonl"
    process = start("emulate", site, "--truth", truth, cwd=tmp_path)
    assert eventually(lambda: truth.exists() and '"ready"' in truth.read_text("utf-8")), said(process, 1)
    process.send_signal(number)
    ended = said(process, 20)
    assert ended.code == 0
    assert ended.out == "ready\n"
    assert ended.err == ""
    assert not list(site.glob("*.pty"))


WRONG: Mapping[str, tuple[str, ...]] = {
    "no command": (),
    "unknown command": ("acceptance",),
    "no site": ("run",),
    "no such site": ("run", "nowhere"),
    "unknown option": ("plan", str(BRANCH), "--fast"),
    "pytest arguments for another command": ("plan", str(BRANCH), "--", "-k", "x"),
    "faults without emulation": ("run", str(BRANCH), "--faults", "f.toml"),
    "unknown requirement": ("catalogue", "show", "IAS-XX-99"),
    "unknown language": ("plan", str(BRANCH), "--lang", "fr"),
    "verify of nothing": ("verify", "nowhere"),
    "report of nothing": ("report", "nowhere"),
    "unknown defect": ("selftest", str(BRANCH), "--only", "no_such_defect"),
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_wrong_use_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = here(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert len(result.err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_wrong_arguments_for_pytest_begin_nothing(tmp_path: Path) -> None:
    result = yanshou("run", BRANCH, "--run", "run", "--", "--no-such-option", cwd=tmp_path)
    assert result.code == 2
    assert "--no-such-option" in result.err
    assert no_traceback(result)
    assert not (tmp_path / "run" / "journal.jsonl").exists()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("arguments", [("catalogue", "coverage"), ("plan", str(BRANCH)), ("run", "--help")])
def test_either_language_can_be_asked_for(language: str, arguments: tuple[str, ...]) -> None:
    result = here(*arguments, "--lang", language)
    assert result.code == 0
    assert result.out
    assert result.err == ""


def test_the_command_is_installed_under_its_name(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("yanshou" if POSIX else "yanshou.exe")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith("yanshou ")


# -- the software validation --------------------------------------------------------------------------------


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """A small branch with two planted delays and one healthy kind of defect left out."""
    site = branch(
        tmp_path / "site", scope=["IAS-RT-01", "IAS-RT-02", "IAS-FN-01"], keep=["Z01", "Z02", "Z07"]
    )
    planted = [
        ("Z01", "alarm_delay", 2.4, '"IAS-RT-01", "IAS-RT-02"'),
        ("Z07", "alarm_delay", 2.2, '"IAS-RT-01", "IAS-RT-02"'),
        ("Z02", "miss_every", 2, '"IAS-FN-01"'),
    ]
    defects = [
        f'[[defect]]\ndevice = "{device}"\nkind = "{kind}"\nvalue = {value}\nexpect = [{rows}]\n'
        for device, kind, value, rows in planted
    ]
    (site / "defects.toml").write_text("\n".join(defects), encoding="utf-8")
    return site


def test_selftest_finds_the_planted_defects_even_against_unverified_limits(bench: Path) -> None:
    result = yanshou("selftest", bench, "--no-healthy", "--only", "alarm_delay", "--json", cwd=bench.parent)
    assert result.code == 0, result
    answer = result.json
    assert (answer["false_pass"], answer["false_fail"], answer["requirements_tested"]) == (0, 0, 2)
    assert {tuple(sorted(case)) for case in answer["cases"]} == {
        ("defect", "device", "expected", "got", "order", "reason", "requirement", "severity")
    }
    found = {
        (case["requirement"], case["device"]) for case in answer["cases"] if case["got"] == "non_conform"
    }
    assert found == {(row, zone) for row in ("IAS-RT-01", "IAS-RT-02") for zone in ("Z01", "Z07")}


def test_selftest_fails_when_a_defect_is_not_found_or_found_elsewhere(bench: Path) -> None:
    replace(
        bench / "defects.toml",
        'value = 2.4\nexpect = ["IAS-RT-01", "IAS-RT-02"]',
        'value = 2.4\nexpect = ["IAS-FN-01"]',
    )
    result = yanshou("selftest", bench, "--no-healthy", "--only", "IAS-FN-01", "--json", cwd=bench.parent)
    assert result.code == 1
    answer = json.loads(result.out)
    assert answer["false_pass"] >= 1  # the row that was to fail, and did not
    assert answer["false_fail"] >= 2  # the rows that failed, and were not to
