# SPDX-License-Identifier: Apache-2.0
"""Items that a person puts off: done once more in the session, told as open, never judged by half."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import suite_run
from tests.support.suite_run import Ran, typing
from yanshou.model import Verdict
from yanshou.reports import load as load_report
from yanshou.reports.messages import Messages

pytest_plugins = ["pytester"]

catalogue, ran, site = suite_run.catalogue, suite_run.ran, suite_run.site

ASKS = """
@measures("papers_kept", operator=True)
def test_papers(record, ask):
    {before}
    number = ask.text("document", key="number")
    record.logical(conforms=ask.yes("lid.shown", key="shown"), because=number)
"""
SEEN = ASKS.format(before="pass")
OTHER = """
from yanshou.fixtures.api import Phase

@measures("viewing_log_complete", operator=True, phase=Phase.{phase})
def test_register(record, ask):
    record.logical(conforms=ask.yes("lid.shown", key="register"))
"""
TWO = SEEN + OTHER.format(phase="VISUAL")
COUNTED = SEEN + OTHER.format(phase="TALLY")


def findings(done: Ran, measurand: str = "papers_kept") -> list[str]:
    return [one["verdict"] for one in done.of("finding") if one["measurand"] == measurand]


def order(done: Ran) -> list[str]:
    """The items in the order they were begun, each with its attempt."""
    return [f"{one['measurand']} {one['attempt']}" for one in done.of("item_started")]


def test_an_item_that_is_put_off_comes_again_after_the_others_and_is_judged_once(
    ran: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
):
    shown = typing(monkeypatch, "A-16", "＞", "y", "", "A-17", "y", "")
    done = ran(TWO)
    assert any("稍后再做" in one for one in shown)
    assert order(done) == ["papers_kept 1", "viewing_log_complete 1", "papers_kept 2"]
    assert [one["person"] for one in done.of("put_off")] == ["张三"]
    assert findings(done) == ["conform"]
    assert [one["value"] for one in done.of("answer") if one["question"].endswith("number")] == [
        "A-16",
        "A-17",
    ]
    assert done.events[-1]["reason"] == "complete"
    (row,) = (one for one in load_report(done.run).rows if one.finding.measurand == "papers_kept")
    assert row.finding.verdict is Verdict.CONFORM


def test_what_stays_open_is_told_and_never_judged_and_comes_in_the_next_session(
    ran: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    typing(monkeypatch, ">", ">")
    done = ran(SEEN)
    assert [outcome for _, outcome in done.outcomes()] == ["interrupted"] * 2  # offered again, once
    assert [one["again"] for one in done.of("put_off")] == [True, False]
    assert findings(done) == []
    assert re.search(r"papers_kept\[SITE\].*张三.*put off", capfd.readouterr().err)
    (row,) = (one for one in load_report(done.run).rows if one.finding.measurand == "papers_kept")
    assert row.finding.verdict is Verdict.NOT_TESTED
    assert "张三 将本项留待以后" in Messages("zh").reason(row.finding.reason)
    typing(monkeypatch, "A-17", "y", "")
    assert findings(ran(SEEN)) == ["conform"]


def test_after_a_stimulus_nothing_is_put_off(ran: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch):
    touched = "ask.done('disturb.lid', key='touched', device='PANEL-1')"
    shown = typing(monkeypatch, "y", ">", "n", "")  # ">" is a text then, as typed
    done = ran(ASKS.format(before=touched))
    assert sum("稍后再做" in one for one in shown) == 1
    assert not done.of("put_off")
    assert len(done.of("stimulus")) == 1
    assert findings(done) == ["non_conform"]


def test_what_counts_the_findings_waits_for_an_item_that_was_put_off(
    ran: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
):
    typing(monkeypatch, ">", "A-17", "y", "", "y", "")
    assert order(ran(COUNTED)) == ["papers_kept 1", "papers_kept 2", "viewing_log_complete 1"]


def test_written_answers_put_off_once(ran: Callable[..., Ran], site: Path):
    text = (site / "answers.toml").read_text(encoding="utf-8")
    more = '[answer."SITE.number"]\nvalue = "A-17"\nlater = true\n\n[answer."SITE.shown"]\nvalue = "是"\n\n'
    (site / "answers.toml").write_text(text.replace("[answer.", f"{more}[answer.", 1), encoding="utf-8")
    done = ran(SEEN)
    assert len(done.of("put_off")) == 1
    assert findings(done) == ["conform"]
