# SPDX-License-Identifier: Apache-2.0
"""A site with a live police link: nothing is stimulated before a named person has confirmed its test mode."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.rig import Ran, branch, replace, run

SCOPE = ("IAS-RT-01", "IAS-FN-06", "ACS-AL-02", "NMG-16-01")
MOVED = {"relay_on", "loop_open", "tamper_open", "armed", "disarmed", "reset", "credential", "door_open"}


def _site(folder: Path, answer: str) -> Path:
    site = branch(folder / "site", scope=SCOPE, keep=["Z01", "D01", "POLICE-1"], plan={"unset_watch_s": 0.3})
    replace(site / "inventory.csv", "live=false", "live=true")
    written = f'[answer."police_link.test_mode"]\nvalue = "{answer}"\n\n'
    written += '[answer."police_link.confirmed_by"]\nvalue = "王五，市局接警台，公函 7 号（演示）"\n\n'
    replace(site / "answers.toml", "[answer.", f"{written}[answer.")
    return site


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The test mode is not confirmed."""
    folder = tmp_path_factory.mktemp("refused")
    return run(_site(folder, "否"), folder / "run")


def test_refused_nothing_is_stimulated_and_everything_else_is_done(refused: Ran) -> None:
    moved = [event for event in refused.happened() if event["what"] in MOVED]
    assert not moved
    assert not refused.events("stimulus")
    assert refused.of("conform") == {("NMG-16-01", "SITE")}
    for requirement, device in (("IAS-RT-01", "Z01"), ("IAS-FN-06", "Z01"), ("ACS-AL-02", "D01")):
        assert refused.verdicts[requirement, device] == "not_tested"
        assert "公安联网 POLICE-1 未确认处于测试状态" in refused.finding(requirement, device)["reason"]


def test_going_on_asks_again_and_confirmed_it_tests(refused: Ran) -> None:
    site = refused.folder.with_name("site")
    answers = site / "answers.toml"
    replace(answers, 'test_mode"]\nvalue = "否"', 'test_mode"]\nvalue = "是"')
    again = run(site, refused.folder)
    assert again.of("not_tested") == set()
    asked = [event for event in again.events("confirmation") if event["action"] == "police_test_mode"]
    assert [event["value"] for event in asked] == [False, True]
    assert "王五，市局接警台，公函 7 号（演示）" in asked[1]["text"]
    one, two = again.events("answers")
    assert (two["before"], two["changed"]) == (one["sha256"], ["police_link.test_mode"])
    first = next(event["seq"] for event in again.events("stimulus"))
    assert asked[1]["seq"] < first
