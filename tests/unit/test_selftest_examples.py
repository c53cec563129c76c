# SPDX-License-Identifier: Apache-2.0
"""The selftest of all examples in one command, and that no measurand is without a planted defect."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from yanshou.cli import main
from yanshou.cli.commands import selftest
from yanshou.cli.selftest import Defect, Matrix, SelftestCase, read_defects
from yanshou.fixtures.declared import covered_measurands
from yanshou.planning import overlays_of
from yanshou.planning.ready import ready_mistakes
from yanshou.site import load_site
from yanshou.standards import load

EXAMPLES = Path(__file__).parents[2] / "examples"
SITES = sorted(path.parent.name for path in EXAMPLES.glob("*/defects.toml"))

WITHOUT_DEFECT = {
    "all_paths_fault_report_time": "the receiver's supervision time decides it, and no fault of the panel",
    "method_edition_deviation_stated": "the suite itself states the deviation",
    "notification_delay_after_entry": "it has to wait 30 s and more for each case",
    "objective_test_points": "it needs ten cameras before a chart",
    "one_way_delay": "which part of a round trip is the way out nobody knows, so a long one is invalid",
    "retest_sample_doubled": "the plan draws a re-test itself, so a wrong one says nothing about the system",
    "sample_pass_rate": "it is counted from the other findings of a run of the whole plan",
    "sip_keepalive_setting": "four keepalives of 60 s have to be waited for",
    "sip_offline_detection_time": "a person at the device's display answers, after keepalives of 60 s",
    "sip_register_retry_interval": "each retry takes a minute and more",
    "sip_unregister": "a person ends the link at the device",
}
"""Measurands that no example can break, and why; ``test_`` and its name in PLANTED plants the defect."""
PLANTED = Path(__file__).parent / "test_planted_in_parts.py"
NEVER_AGAINST = {"method_edition_deviation_stated", "one_way_delay", "retest_sample_doubled"}
"""What the software itself does, or what its method cannot prove: their tests hold what is done instead."""


def judged_and_planted() -> tuple[set[str], set[str]]:
    """The measurands that have a row with a limit, and those that a planted defect makes fail."""
    judged: set[str] = set()
    planted: set[str] = set()
    for name in SITES:
        site = load_site(EXAMPLES / name)
        rows = load(overlays_of(site)).requirements
        judged |= {row.measurand for row in rows.values() if row.limit is not None}
        for defect in read_defects(EXAMPLES / name):
            planted |= {rows[one].measurand for one in defect.expect}
    return judged, planted


def test_every_measurand_of_a_suite_that_is_judged_has_a_planted_defect() -> None:
    judged, planted = judged_and_planted()
    without = (covered_measurands().keys() & judged) - planted
    assert without == WITHOUT_DEFECT.keys()


@pytest.mark.parametrize("measurand", sorted(WITHOUT_DEFECT))
def test_what_no_example_can_break_is_broken_in_a_test_of_parts(measurand: str) -> None:
    tests = {
        one.name: one
        for one in ast.parse(PLANTED.read_text("utf-8")).body
        if isinstance(one, ast.FunctionDef)
    }
    nodes = list(ast.walk(tests[f"test_{measurand}"]))
    assert any(isinstance(one, ast.Constant) and one.value == measurand for one in nodes)
    assert any(isinstance(one, ast.Assert) for one in nodes)
    against = any(isinstance(one, ast.Name) and one.id == "AGAINST" for one in nodes)
    assert against is (measurand not in NEVER_AGAINST)


@pytest.mark.parametrize("name", SITES)
def test_a_run_could_begin_on_every_example(name: str) -> None:
    assert ready_mistakes(load_site(EXAMPLES / name)) == []


@pytest.fixture
def matrices(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nothing is run: each site gives one case that is right, the archive one that is a false pass."""
    seen: list[str] = []

    def matrix(site: Path, _folder: Path, _defects: Sequence[Defect], **_: Any) -> Matrix:
        seen.append(site.name)
        got = "conform" if site.name == "archive" else "non_conform"
        return Matrix([SelftestCase("X-1", "D", "kind", "", "non_conform", got)])

    monkeypatch.setattr(selftest, "_matrix", matrix)
    return seen


def test_all_examples_are_tested_and_each_false_pass_counts(
    matrices: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["selftest", "--all", "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert matrices == SITES
    assert [one["site"] for one in answer["sites"]] == SITES
    assert (answer["false_pass"], answer["false_fail"]) == (1, 0)
    assert all(one["seconds"] >= 0 for one in answer["sites"])


def test_the_table_names_each_site_and_what_is_wrong_on_it(
    matrices: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "zh", "selftest", "--all"]) == 1
    output = capsys.readouterr().out
    assert all(name in output for name in SITES)
    assert "archive: 与预期不符" in output


def test_one_site_or_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["selftest", str(EXAMPLES / "archive"), "--all"]) == 2
    assert "--all" in capsys.readouterr().err
