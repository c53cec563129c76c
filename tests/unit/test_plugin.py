# SPDX-License-Identifier: Apache-2.0
"""The hooks of a run: retry, order, journal and outcome, on a site of which nothing is ever opened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import suite_run
from tests.support.suite_run import HEAD, Ran, typing
from yanshou.evidence import read_events, verify
from yanshou.fixtures.declared import covered_measurands
from yanshou.fixtures.suites import coverage_of, suites_folder
from yanshou.model import UsageError
from yanshou.model.one_thread import THREADS
from yanshou.reports import load as load_report
from yanshou.reports.messages import Messages
from yanshou.reports.tables import people

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
BRANCH = ROOT / "examples" / "bank-branch"
catalogue, ran, site = suite_run.catalogue, suite_run.ran, suite_run.site

RECORDS = """
@measures("papers_kept", operator=True)
def test_papers(record):
    record.logical(conforms={conforms})
"""
CONFORMS, FAILS = RECORDS.format(conforms=True), RECORDS.format(conforms=False)


def test_a_conforming_item_is_journaled_from_its_beginning_to_its_end(ran: Callable[..., Ran]):
    done = ran(CONFORMS)
    done.result.assert_outcomes(passed=1)
    assert [event["kind"] for event in done.events] == [
        "run_opened",
        "session_started",
        "answers",
        "item_started",
        "measurement",
        "finding",
        "item_finished",
        "session_ended",
    ]
    assert done.outcomes() == [(1, "done")]
    assert done.events[-1]["reason"] == "complete"
    assert verify(done.run).intact


def test_a_non_conformity_is_raised_once_and_never_retried(ran: Callable[..., Ran]):
    done = ran(
        """
@measures("papers_kept", operator=True)
def test_papers(record):
    CALLS.append(1)
    record.logical(conforms=len(CALLS) > 1, because="缺少值班记录")
"""
    )
    done.result.assert_outcomes(failed=1)
    done.result.stdout.fnmatch_lines(["*NonConformity: NMG-16-01*缺少值班记录*"])
    assert done.outcomes() == [(1, "non_conform")]
    assert [event["verdict"] for event in done.of("finding")] == ["non_conform"]
    assert not done.of("trouble")


def test_a_rig_fault_is_tried_once_more_and_both_attempts_are_in_the_journal(ran: Callable[..., Ran]):
    done = ran(
        """
@measures("papers_kept", operator=True)
def test_papers(record):
    CALLS.append(1)
    record.deviation(f"attempt {len(CALLS)}")
    if len(CALLS) == 1:
        raise RigFault("did not answer.", device="PANEL-1", remedy="Check the cable.")
    record.logical(conforms=True)
"""
    )
    done.result.assert_outcomes(passed=1)
    assert [event["attempt"] for event in done.of("item_started")] == [1, 2]
    assert done.outcomes() == [(1, "interrupted"), (2, "done")]
    (trouble,) = done.of("trouble")
    assert (trouble["family"], trouble["device"], trouble["attempt"]) == ("rig_fault", "PANEL-1", 1)
    assert done.of("measurement")[0]["deviations"] == ["attempt 2"]


def test_a_rig_fault_that_comes_again_is_one_in_the_end(ran: Callable[..., Ran]):
    done = ran(
        """
@measures("papers_kept", operator=True)
def test_papers(record):
    CALLS.append(1)
    raise RigFault(f"did not answer, call {len(CALLS)}.", device="PANEL-1", remedy="Check the cable.")
"""
    )
    done.result.assert_outcomes(failed=1)
    assert done.outcomes() == [(1, "interrupted"), (2, "rig_fault")]
    assert [event["what"] for event in done.of("trouble")] == [
        "did not answer, call 1.",
        "did not answer, call 2.",
    ]
    assert not done.of("finding")
    assert "Traceback" not in done.result.stdout.str()


def test_a_non_conformity_after_a_rig_fault_stands(ran: Callable[..., Ran]):
    done = ran(
        """
@measures("papers_kept", operator=True)
def test_papers(record):
    CALLS.append(1)
    if len(CALLS) == 1:
        raise RigFault("did not answer.")
    record.logical(conforms=len(CALLS) > 2)
"""
    )
    assert done.outcomes() == [(1, "interrupted"), (2, "non_conform")]


@pytest.mark.parametrize(
    "error",
    [
        'RigFault("a person refused.", final=True)',
        'UsageError("two suites.")',
        'AssertionError("of the suite\'s own")',
        'ValueError("a mistake of ours")',
    ],
    ids=["final", "usage", "assertion", "bug"],
)
def test_what_cannot_get_better_is_not_tried_again(ran: Callable[..., Ran], error: str):
    done = ran(f'@measures("papers_kept", operator=True)\ndef test_papers(record):\n    raise {error}\n')
    done.result.assert_outcomes(failed=1)
    assert done.outcomes() == [(1, "rig_fault")]
    (trouble,) = done.of("trouble")
    assert trouble["family"] == ("usage_error" if "Usage" in error else "rig_fault")
    assert not done.of("finding")


def test_a_test_that_records_nothing_is_no_pass(ran: Callable[..., Ran]):
    done = ran('@measures("papers_kept", operator=True)\ndef test_papers(record):\n    pass\n')
    done.result.assert_outcomes(failed=1)
    assert done.outcomes() == [(1, "rig_fault")]
    assert "without recording anything" in done.of("trouble")[0]["what"]


def test_what_is_not_applicable_is_skipped_with_its_reason(ran: Callable[..., Ran]):
    done = ran(
        '@measures("papers_kept", operator=True)\n'
        'def test_papers(record):\n    raise NotApplicable("没有此类档案")\n',
        "-rs",
    )
    done.result.assert_outcomes(skipped=1)
    done.result.stdout.fnmatch_lines(["*不适用：没有此类档案*"])
    assert done.outcomes() == [(1, "not_applicable")]
    assert done.of("trouble")[0]["what"] == "没有此类档案"


TEARDOWN = """
import pytest

@pytest.fixture
def device_at_rest():
    {before}
    yield
    {after}

@measures("papers_kept", operator=True)
def test_papers(record, device_at_rest):
    record.logical(conforms={conforms})
"""


def test_a_fault_before_the_test_leaves_it_untested(ran: Callable[..., Ran]):
    done = ran(TEARDOWN.format(before='raise RigFault("no relay.")', after="", conforms=True))
    assert done.outcomes() == [(1, "rig_fault")]
    assert not done.of("finding")


@pytest.mark.parametrize(("conforms", "outcome"), [(True, "rig_fault"), (False, "non_conform")])
def test_a_fault_after_the_test_never_hides_a_non_conformity(
    ran: Callable[..., Ran], conforms: bool, outcome: str
):
    done = ran(TEARDOWN.format(before="pass", after='raise RigFault("still open.")', conforms=conforms))
    assert done.outcomes() == [(1, outcome)]
    assert done.of("trouble")[0]["what"] == "still open."


def test_what_a_fixture_said_holds_when_the_test_is_tried_again(ran: Callable[..., Ran]):
    done = ran(
        """
import pytest

@pytest.fixture
def unverified(record):
    record.indicative("设备描述文件未经核对")
    record.instrument("DMM-1")

@measures("papers_kept", operator=True)
def test_papers(record, unverified):
    CALLS.append(1)
    if len(CALLS) == 1:
        raise RigFault("did not answer.")
    record.logical(conforms=True)
"""
    )
    assert [event["verdict"] for event in done.of("finding")] == ["invalid"]
    assert done.of("measurement")[0]["instruments"] == ["DMM-1"]


def test_the_plans_order_is_kept_and_what_is_not_planned_is_left_out(ran: Callable[..., Ran]):
    done = ran(
        """
@measures("viewing_log_complete", operator=True)
def test_viewing(record):
    record.logical(conforms=True)

@measures("alarm_response_time")
def test_not_in_scope(record):
    raise AssertionError

def test_none_of_ours():
    raise AssertionError
"""
        + CONFORMS
    )
    done.result.assert_outcomes(passed=2, deselected=2)
    planned = [item["id"] for item in json.loads((done.run / "plan.json").read_text("utf-8"))["items"]]
    ran_items = [event["item"] for event in done.of("item_started")]
    assert ran_items == sorted(ran_items, key=planned.index)
    assert len(ran_items) == 2


def test_a_finished_item_is_not_run_again(ran: Callable[..., Ran]):
    ran(
        CONFORMS.replace("True)\n", "False)\n").replace("operator=False", "operator=True")
    ).result.assert_outcomes(failed=1)
    again = ran(CONFORMS)
    again.result.assert_outcomes(deselected=1)
    assert [event["verdict"] for event in again.of("finding")] == ["non_conform"]
    assert [event["resumed"] for event in again.of("session_started")] == [False, True]


INTERRUPTED = """
@measures("papers_kept", operator=True)
def test_papers(record):
    record.logical(conforms=True)
    raise KeyboardInterrupt
"""


def test_ctrl_c_marks_the_item_interrupted_and_a_later_session_runs_it_again(ran: Callable[..., Ran]):
    done = ran(INTERRUPTED)
    assert done.result.ret == pytest.ExitCode.INTERRUPTED
    assert done.outcomes() == [(1, "interrupted")]
    assert done.events[-1]["reason"] == "interrupted"
    assert not done.of("finding")
    assert verify(done.run).intact
    again = ran(CONFORMS)
    assert again.outcomes() == [(1, "interrupted"), (2, "done")]


WAITS = """
import time

@measures("papers_kept", operator=True)
def test_papers(record):
    record.logical(conforms=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
def test_a_signal_ends_a_run_in_order(site: Path, tmp_path: Path, number: signal.Signals):
    (tmp_path / "test_suite.py").write_text(HEAD + WAITS, encoding="utf-8")
    run = tmp_path / "run"
    options = [
        f"--site={site}",
        f"--yanshou-run={run}",
        "--yanshou-operator=scripted",
        "-p",
        "no:cacheprovider",
    ]
    command = [sys.executable, "-m", "pytest", str(tmp_path / "test_suite.py"), *options]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        journal, end = run / "journal.jsonl", time.monotonic() + 60
        while not (journal.is_file() and b"item_started" in journal.read_bytes()):
            assert time.monotonic() < end
            time.sleep(0.05)
        process.send_signal(number)
        process.wait(30)
    events = list(read_events(journal))
    assert [event["kind"] for event in events[-2:]] == ["item_finished", "session_ended"]
    assert (events[-2]["outcome"], events[-1]["reason"]) == ("interrupted", "interrupted")
    assert verify(run).intact


INTRUSIVE = """
@measures("papers_kept", operator=True)
def test_papers(record):
    CALLS.append(1)
    record.logical(conforms=True)
"""


@pytest.mark.parametrize(("answer", "outcome"), [("是", "done"), ("否", "rig_fault")])
def test_an_intrusive_action_needs_a_named_persons_release(
    pytester: pytest.Pytester, ran: Callable[..., Ran], site: Path, answer: str, outcome: str
):
    answers = (site / "answers.toml").read_text(encoding="utf-8")
    (site / "answers.toml").write_text(answers.replace('value = "是"', f'value = "{answer}"', 1), "utf-8")
    pytester.makeconftest(
        "from dataclasses import replace\n"
        "import pytest\n"
        "@pytest.hookimpl(trylast=True)\n"
        "def pytest_collection_modifyitems(items):\n"
        "    for item in items:\n"
        "        params = item.callspec.params\n"
        "        params['plan_item'] = replace(params['plan_item'], intrusive=('siren',))\n"
    )
    done = ran(INTRUSIVE)
    assert done.outcomes() == [(1, outcome)]
    (confirmation,) = done.of("confirmation")
    assert (confirmation["action"], confirmation["person"]) == ("siren", "张三（演示）")
    assert len(done.of("finding")) == (outcome == "done")


def test_a_wrong_site_is_told_in_one_line_and_begins_nothing(ran: Callable[..., Ran], site: Path):
    text = (site / "site.toml").read_text(encoding="utf-8")
    (site / "site.toml").write_text(text.replace('rig = "emulated"', 'rig = "imaginary"'), encoding="utf-8")
    done = ran(CONFORMS)
    assert done.result.ret == pytest.ExitCode.USAGE_ERROR
    done.result.stderr.fnmatch_lines(["*site.toml:*imaginary*"])
    assert not done.run.exists()


def test_a_run_computes_in_one_thread(ran: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(THREADS, raising=False)
    ran(CONFORMS)
    assert os.environ[THREADS] == "1"


def test_without_a_site_the_plugin_does_nothing(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(THREADS, raising=False)
    pytester.makepyfile(f"import os\n\ndef test_plain():\n    assert {THREADS!r} not in os.environ\n")
    pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:hypothesispytest").assert_outcomes(
        passed=1
    )


# -- coverage

CLAIM = 'from yanshou.fixtures.api import measures\n\n@measures("papers_kept")\ndef test_it(record): ...\n'


def test_two_tests_of_one_measurand_are_a_mistake(tmp_path: Path):
    (tmp_path / "test_one.py").write_text(CLAIM, encoding="utf-8")
    assert set(covered_measurands(tmp_path)) == {"papers_kept"}
    (tmp_path / "test_two.py").write_text(CLAIM, encoding="utf-8")
    with pytest.raises(UsageError, match=r"test_two\.py::test_it: papers_kept"):
        covered_measurands(tmp_path)


def test_the_suites_of_the_checkout_are_found():
    assert suites_folder().is_dir()
    covered = covered_measurands()
    assert covered["alarm_response_time"].intrusive == ("siren",)
    assert covered["papers_kept"].operator


def test_the_text_of_the_suites_says_what_importing_them_says():
    covered = covered_measurands()
    assert coverage_of({*covered, "measured_by_nobody"}) == {
        name: "operator" if one.operator else "automatic" for name, one in covered.items()
    }


ASKS = """
@measures("papers_kept", operator=True)
def test_papers(record, ask):
    number = ask.text("document", key="number")
    volume = ask.number("hold_up.devices", key="volume", unit="1", low=0, high=100)
    record.logical(conforms=volume < 10, because=number)
"""
TOUCHES = ASKS.replace(
    "    record.logical", "    ask.done('disturb.lid', key='shown', device='PANEL-1')\n    record.logical"
)


@pytest.mark.parametrize(
    "lines",
    [
        ("A-17", "12", "2", "1.2", ""),  # seen in the list before the item ends
        ("A-16", "<", "A-17", "1.2", ""),  # seen at the next question
        ("A-16", "12", "1", "A-17", "2", "1.2", ""),  # one after the other
    ],
)
def test_a_mistyped_answer_is_corrected_before_the_item_ends(
    ran: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...]
):
    typing(monkeypatch, *lines)
    done = ran(ASKS)
    (finding,) = [one for one in done.of("finding") if one["measurand"] == "papers_kept"]
    assert finding["verdict"] == "conform"
    first = {one["question"]: one["value"] for one in done.of("correction")}
    assert first
    assert set(first.items()) <= {("SITE.number", "A-16"), ("SITE.volume", 12.0)}
    assert {one["person"] for one in done.of("correction", "answer")} == {"张三"}
    assert not any(one["anew"] for one in done.of("correction"))
    last = {one["question"]: one["value"] for one in done.of("answer")}  # the last of each stands
    assert last == {"SITE.number": "A-17", "SITE.volume": 1.2}
    assert [outcome for _, outcome in done.outcomes()] == ["interrupted"] * len(first) + ["done"]
    assert any("其后更正" in row[1] for row in people(load_report(done.run), Messages("zh")))


def test_answers_that_stand_are_not_asked_again(ran: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch):
    shown = typing(monkeypatch, "A-17", "12", "2", "1.2", "")
    ran(ASKS)
    assert sum("编号" in one and "→" not in one for one in shown) == 1


def test_what_was_stimulated_is_done_again_and_conforms_conditionally_at_best(
    ran: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
):
    typing(monkeypatch, "A-17", "12", "是", "2", "A-17", "1.2", "是", "")
    done = ran(TOUCHES)
    (correction,) = done.of("correction")
    assert (correction["value"], correction["anew"]) == (12.0, True)
    assert len(done.of("stimulus")) == 2
    (finding,) = [one for one in done.of("finding") if one["measurand"] == "papers_kept"]
    assert finding["verdict"] == "conditional_conform"
    assert "更正" in finding["reason"]


def test_written_answers_correct_a_mistyped_one_as_well(ran: Callable[..., Ran], site: Path):
    text = (site / "answers.toml").read_text(encoding="utf-8")
    more = '[answer."SITE.number"]\nvalue = "A-17"\n\n'
    more += '[answer."SITE.volume"]\nmistyped = 12\nvalue = 1.2\nunit = "1"\n\n'
    (site / "answers.toml").write_text(text.replace("[answer.", f"{more}[answer.", 1), encoding="utf-8")
    done = ran(ASKS)
    assert [one["value"] for one in done.of("correction")] == [12.0]
    assert [one["value"] for one in done.of("answer") if one["question"] == "SITE.volume"][-1] == 1.2
    assert done.of("finding")[0]["verdict"] == "conform"
