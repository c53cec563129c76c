# SPDX-License-Identifier: Apache-2.0
"""The pytest plugin: inert for everybody else, and the same run when pytest is called by hand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.rig import BRANCH, Ran, Said, branch, faults, yanshou
from yanshou.emulation.site.process import EmulatedSite
from yanshou.evidence import verify

SUITES = BRANCH.parents[1] / "test_suites"

STRANGER = """
import sys

def test_nothing_heavy_was_imported():
    heavy = {"cv2", "zeep", "pymodbus", "scipy", "matplotlib", "lxml", "av"} & set(sys.modules)
    ours = {name for name in sys.modules if name.startswith("yanshou.")}
    assert not heavy, heavy
    assert ours <= {"yanshou.fixtures", "yanshou.fixtures.plugin"}, ours
"""


def pytest_by_hand(*arguments: object, cwd: Path) -> Said:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )
    return Said(done.returncode, done.stdout, done.stderr)


def test_the_plugin_is_inert_without_a_site(tmp_path: Path) -> None:
    (tmp_path / "test_stranger.py").write_text(STRANGER, encoding="utf-8")
    with_us = pytest_by_hand("-q", cwd=tmp_path)
    without_us = pytest_by_hand("-q", "-p", "no:yanshou", cwd=tmp_path)
    assert with_us.code == without_us.code == 0, with_us.out
    assert with_us.out.rpartition(" in ")[0] == without_us.out.rpartition(" in ")[0]
    assert with_us.err == without_us.err == ""
    assert "yanshou" not in with_us.out
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["test_stranger.py"]


# what a project of somebody else may call its own options
THEIRS = ("--run", "--operator", "--device", "--words", "--progress", "--command", "--limits-confirmed")
THEIR_CONFTEST = f"""
def pytest_addoption(parser):
    for name in {THEIRS!r}:
        parser.addoption(name, default="none")
"""
THEIR_TEST = """
def test_the_option_is_theirs(request):
    assert request.config.getoption("--device") == "oven"
"""


def test_a_project_with_options_of_such_names_starts_beside_the_plugin(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(THEIR_CONFTEST, encoding="utf-8")
    (tmp_path / "test_oven.py").write_text(THEIR_TEST, encoding="utf-8")
    said = pytest_by_hand("-q", "--device=oven", cwd=tmp_path)
    assert said.code == 0, said.out + said.err


def test_every_option_but_site_bears_the_name_of_the_plugin(tmp_path: Path) -> None:
    with_us, without_us = (
        set(re.findall(r"^  (--[a-z-]+)", pytest_by_hand("--help", *text, cwd=tmp_path).out, re.MULTILINE))
        for text in ((), ("-p", "no:yanshou"))
    )
    assert "--yanshou-device" in with_us
    assert {name for name in with_us - without_us if not name.startswith("--yanshou-")} == {"--site"}


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, list[dict[str, Any]], Path]:
    """A run by pytest alone, with Allure results: one zone too slow, one paper item."""
    folder = tmp_path_factory.mktemp("by-hand")
    scope = ["IAS-RT-01", "IAS-RT-02", "IAS-PW-01", "NMG-16-01"]
    site = branch(folder / "site", scope=scope, keep=["Z07", "V01"])
    with EmulatedSite(site, faults(site, ("Z07", "alarm_delay", 2.4), ("PANEL-2", "panel_refuses"))):
        text = (
            f"--site={site}",
            f"--yanshou-run={folder / 'run'}",
            SUITES,
            "-q",
            "--alluredir",
            folder / "allure",
        )
        one = pytest_by_hand(*text, cwd=folder)
    yanshou("report", folder / "run", "--only", "json", cwd=folder)
    results = [json.loads(path.read_text("utf-8")) for path in (folder / "allure").glob("*-result.json")]
    return Ran(one, folder / "run"), results, folder / "allure"


def test_pytest_by_hand_runs_the_plan(by_hand: tuple[Ran, list[dict[str, Any]], Path]) -> None:
    ran, _, _ = by_hand
    assert ran.code == 1
    assert ran.of("non_conform") == {("IAS-RT-01", "Z07")}
    assert ran.verdicts["IAS-RT-02", "Z07"] == "unjudged"
    assert ran.verdicts["NMG-16-01", "SITE"] == "conform"
    assert "NonConformity: IAS-RT-01 Z07" in ran.said.out
    assert "Traceback" not in ran.said.out
    assert verify(ran.folder).intact


def labels(result: dict[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for label in result["labels"]:
        found.setdefault(label["name"], set()).add(label["value"])
    return found


def test_its_allure_results_carry_the_words_of_the_run(
    by_hand: tuple[Ran, list[dict[str, Any]], Path],
) -> None:
    _, results, folder = by_hand
    by_item = {one["fullName"]: one for one in results}
    slow = by_item["alarm_response_time[Z07]"]
    assert slow["name"] == "Z07 报警控制器响应时间"
    assert slow["status"] == "failed"
    named = labels(slow)
    assert named["parentSuite"] == {"示范银行网点"}
    assert named["条款"] == {"GB 55029-2022 3.5.1(8)", "GB 50394-2007 5.2.9(1)"}
    assert named["判定"] == {"不合格", "依据待核"}
    assert named["设备"] == {"Z07 现金区双鉴"}
    measured = next(one for one in slow["parameters"] if one["name"] == "检测结果")
    assert measured["excluded"] is True
    raw = next(one for one in slow["attachments"] if one["type"] == "text/csv")
    assert "alarm_response_time [s]" in (folder / raw["source"]).read_text("utf-8")


def test_allure_never_says_passed_of_what_did_not_conform(
    by_hand: tuple[Ran, list[dict[str, Any]], Path],
) -> None:
    ran, results, _ = by_hand
    by_item = {one["fullName"]: one["status"] for one in results}
    assert by_item["papers_kept[SITE]"] == "passed"
    assert by_item["alarm_response_time[V01]"] == "broken"  # its panel refuses: our bench, not the system
    verdicts = {one["item"]: one["verdict"] for one in ran.results["findings"] if one["item"]}
    for item, status in by_item.items():
        assert (status == "passed") <= (verdicts[item] == "conform"), item
