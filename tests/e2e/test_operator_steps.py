# SPDX-License-Identifier: Apache-2.0
"""What a person does not answer, cannot answer or does not release stays untested and unstimulated."""

from __future__ import annotations

import pytest

from tests.support.rig import Ran, branch, no_traceback, replace, run

SCOPE = ("IAS-RT-01", "IAS-FN-06", "ACS-RT-01", "ACS-AL-02", "NMG-10-01", "NMG-16-01", "SCR-RD-01")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The siren is not released, one question has no answer, another cannot be answered."""
    folder = tmp_path_factory.mktemp("operator")
    site = branch(
        folder / "site", scope=SCOPE, keep=["Z01", "D01", "XR-1", "POLICE-1"], plan={"unset_watch_s": 0.3}
    )
    answers = site / "answers.toml"
    replace(answers, '[answer."release.*"]', '[answer."release.siren"]\nvalue = "否"\n\n[answer."release.*"]')
    replace(answers, '[answer."XR-1.dose_rate"]\nvalue = 0.21\nunit = "uSv/h"\n', "")
    replace(
        answers,
        '[answer."POLICE-1.agreed"]\nvalue = "是"',
        '[answer."POLICE-1.agreed"]\nunable = "接警台占线"',
    )
    return run(site, folder / "run")


def test_an_unanswered_question_leaves_its_item_untested_and_names_the_key(ran: Ran) -> None:
    assert ran.verdicts["SCR-RD-01", "XR-1"] == "not_tested"
    assert "XR-1.dose_rate" in ran.finding("SCR-RD-01", "XR-1")["reason"]
    assert 'Add [answer."XR-1.dose_rate"]' in ran.finding("SCR-RD-01", "XR-1")["reason"]


def test_unable_leaves_the_item_untested_with_the_reason(ran: Ran) -> None:
    assert ran.verdicts["NMG-10-01", "POLICE-1"] == "not_tested"
    assert "接警台占线" in ran.finding("NMG-10-01", "POLICE-1")["reason"]
    asked = [event["question"] for event in ran.events("prompt", device="POLICE-1")]
    assert asked == ["POLICE-1.agreed"]  # asked once, and nothing after it


def test_what_was_not_released_is_neither_stimulated_nor_passed(ran: Ran) -> None:
    assert ran.verdicts["IAS-RT-01", "Z01"] == "not_tested"
    assert "siren" in ran.finding("IAS-RT-01", "Z01")["reason"]
    item = "alarm_response_time[Z01]"
    given = {event["what"] for event in ran.events("stimulus", item=item)}
    assert given <= {"close_loop", "close_tamper"}  # the state of rest, nothing else
    refused = [event for event in ran.events("confirmation") if event["action"] == "siren"]
    assert [(event["value"], event["person"]) for event in refused] == [(False, "张三（演示）")]
    assert [event["outcome"] for event in ran.events("item_finished", item=item)] == ["rig_fault"]


def test_the_rest_of_the_run_is_done(ran: Ran) -> None:
    assert ran.code == 3
    passed = {"conform", "conditional_conform"}  # the watches of this run are short
    assert {key for key, verdict in ran.verdicts.items() if verdict in passed} == {
        ("ACS-RT-01", "D01"),
        ("ACS-AL-02", "D01"),
        ("NMG-16-01", "SITE"),
        ("IAS-FN-06", "Z01"),
    }
    assert no_traceback(ran.said)
    assert not any(any(coils) for coils in ran.coils.values())
