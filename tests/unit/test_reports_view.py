# SPDX-License-Identifier: Apache-2.0
"""What a report says of a run: nothing invented, nothing hidden, no non-conformity overwritten."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import jsonschema
import pytest

from tests.support.big_run import big_run
from tests.support.run_builder import RunBuilder, item, requirement, site_json, small_run
from yanshou.evidence import RunFolder
from yanshou.metrology import Conditions, LargestU, evaluate_counts, evaluate_latencies, judge
from yanshou.model import (
    DecisionRule,
    Finding,
    Latency,
    Limit,
    LimitStatus,
    Measurement,
    Obligation,
    Plan,
    Quantity,
    Requirement,
    Statistic,
    UncertaintyStatus,
    UsageError,
    Verdict,
)
from yanshou.reports import console_summary, load
from yanshou.reports.events import confirmations_of
from yanshou.reports.messages import Messages
from yanshou.reports.records import ReportRow
from yanshou.reports.results import results, results_schema
from yanshou.reports.wording import status_mark, value_text


def only(run: RunBuilder) -> ReportRow:
    rows = load(run.path).rows
    assert len(rows) == 1
    return rows[0]


def timed(run: RunBuilder, value: float, verdict: Verdict, attempt: int = 1) -> None:
    run.latency(run.plan.items[0], [value], verdict, attempt)


def test_a_run_that_never_touched_its_items_is_not_tested_and_exits_3(tmp_path: Path):
    run = small_run(tmp_path / "run")
    row = only(run)
    assert row.finding.verdict is Verdict.NOT_TESTED
    assert row.finding.reason == "not run"
    assert row.finding.value is None
    assert load(run.path).exit_code == 3


def test_the_first_non_conformity_stands_whatever_a_later_attempt_finds(tmp_path: Path):
    run = small_run(tmp_path / "run")
    timed(run, 2.4, Verdict.NON_CONFORM)
    timed(run, 2.2, Verdict.NON_CONFORM, 2)
    timed(run, 0.8, Verdict.CONFORM, 3)
    row = only(run)
    assert (row.finding.verdict, row.finding.value) == (Verdict.NON_CONFORM, 2.4)
    assert [one.outcome for one in row.attempts] == ["non_conform", "non_conform", "done"]
    assert load(run.path).exit_code == 1


def test_a_conditional_non_conformity_is_not_washed_away_either(tmp_path: Path):
    run = small_run(tmp_path / "run")
    timed(run, 2.001, Verdict.CONDITIONAL_NON_CONFORM)
    timed(run, 0.8, Verdict.CONFORM, 2)
    assert only(run).finding.verdict is Verdict.CONDITIONAL_NON_CONFORM
    assert load(run.path).exit_code == 1


def test_a_rig_fault_followed_by_a_good_attempt_keeps_both(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.fault(run.plan.items[0], "no answer", "RELAY-2")
    timed(run, 0.8, Verdict.CONFORM, 2)
    row = only(run)
    assert row.finding.verdict is Verdict.CONFORM
    assert [one.outcome for one in row.attempts] == ["rig_fault", "done"]
    assert row.attempts[0].troubles[0].what == "no answer"
    assert load(run.path).exit_code == 0


def test_a_conforming_value_of_an_attempt_that_ended_in_a_rig_fault_does_not_stand(tmp_path: Path):
    run = small_run(tmp_path / "run")
    one = run.plan.items[0]
    run.start(one)
    run.judge(one, "IAS-RT-01", Verdict.CONFORM, run.measure(one, value=0.8, U=0.003, k=2.0))
    run.event(
        "trouble", item=one.id, family="rig_fault", what="relay stuck closed", device="RELAY-2", remedy=""
    )
    run.finish(one, "rig_fault")
    row = only(run)
    assert row.finding.verdict is Verdict.NOT_TESTED
    assert row.rig_fault
    assert "relay stuck closed" in row.finding.reason
    assert row.attempts[0].findings[0].verdict is Verdict.CONFORM


@pytest.mark.parametrize("outcome", ["", "interrupted"])
def test_a_conforming_value_of_an_interrupted_attempt_does_not_stand(tmp_path: Path, outcome: str):
    run = small_run(tmp_path / "run")
    one = run.plan.items[0]
    run.start(one)
    run.judge(one, "IAS-RT-01", Verdict.CONFORM, run.measure(one, value=0.8, U=0.003, k=2.0))
    if outcome:
        run.finish(one, outcome)
    row = only(run)
    assert row.finding.verdict is Verdict.NOT_TESTED
    assert "interrupted" in row.finding.reason


def test_a_non_conformity_of_an_interrupted_attempt_does_stand(tmp_path: Path):
    run = small_run(tmp_path / "run")
    one = run.plan.items[0]
    run.start(one)
    run.judge(one, "IAS-RT-01", Verdict.NON_CONFORM, run.measure(one, value=2.8, U=0.003, k=2.0))
    assert only(run).finding.verdict is Verdict.NON_CONFORM


def test_of_two_findings_in_one_attempt_the_graver_stands(tmp_path: Path):
    run = small_run(tmp_path / "run")
    one = run.plan.items[0]
    run.start(one)
    run.judge(one, "IAS-RT-01", Verdict.UNJUDGED, run.measure(one, value=2.0, U=0.003, k=2.0), "x")
    run.judge(one, "IAS-RT-01", Verdict.CONFORM, run.measure(one, value=0.5, U=0.003, k=2.0))
    run.finish(one)
    assert only(run).finding.verdict is Verdict.UNJUDGED


def test_an_item_that_finished_without_a_finding_is_not_tested(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.start(run.plan.items[0])
    run.finish(run.plan.items[0])
    assert only(run).finding.verdict is Verdict.NOT_TESTED


def test_an_item_without_object_is_not_applicable_and_changes_no_exit_code(tmp_path: Path):
    run = small_run(tmp_path / "run")
    one = run.plan.items[0]
    run.start(one)
    run.event(
        "item_finished", item=one.id, attempt=1, outcome="not_applicable", seconds=0.1, reason="no lock"
    )
    row = only(run)
    assert (row.finding.verdict, row.finding.reason) == (Verdict.NOT_APPLICABLE, "no lock")
    assert load(run.path).exit_code == 0


def test_a_finding_outside_the_plan_is_shown(tmp_path: Path):
    run = small_run(tmp_path / "run")
    timed(run, 0.8, Verdict.CONFORM)
    stray = item("alarm_response_time", "Z08", "IAS-RT-01")
    run.latency(stray, [3.0], Verdict.NON_CONFORM)
    assert [row.finding.device for row in load(run.path).rows] == ["Z07", "Z08"]
    assert load(run.path).exit_code == 1


def test_advice_that_was_not_followed_is_shown_and_changes_no_exit_code(tmp_path: Path):
    run = small_run(tmp_path / "run", obligation=Obligation.ADVICE)
    timed(run, 2.4, Verdict.ADVICE_NOT_FOLLOWED)
    view = load(run.path)
    assert view.exit_code == 0
    assert (view.summary["advice_not_followed"], view.summary["non_conform"]) == (1, 0)
    reported = [line for line in console_summary(view) if "IAS-RT-01" in line]
    assert [line.startswith("未按建议") for line in reported] == [True]
    jsonschema.validate(results(view), results_schema())
    assert results(view)["findings"][0]["obligation"] == "advice"
    assert "建议（宜）" in status_mark(view.rows[0], Messages("zh"))


def _asked(limit: Limit, **over: object) -> Requirement:
    return requirement("IAS-RT-01", limit=limit, measurand="m", **over)


def _read(value: float | None, unit: str = "s", U: float | None = 0.1, **over: object) -> Measurement:
    how = UncertaintyStatus.EVALUATED
    return Measurement("m", "Z07", Quantity.CONTINUOUS, value, unit, 3, U=U, uncertainty=how, **over)  # type: ignore[arg-type]


TWO_S = Limit("s", max=2.0)
REASONED = [
    (_read(1.95), TWO_S),
    (_read(5.05), Limit("s", min=5.0, max=15.0)),
    (_read(1.9, U=50.0), TWO_S),
    (_read(1.0, "V"), TWO_S),
    (_read(3.0, at_least=3.0), Limit("s", min=2.0)),
    (_read(3.0, at_least=3.0), TWO_S),
    (_read(1.0, at_least=1.0), TWO_S),
    (_read(None, U=None, at_least=3.0), Limit("s", min=2.0)),
    (_read(1.0, at_most=1.0), TWO_S),
    (_read(1.0, at_most=1.0), Limit("s", min=2.0)),
    (_read(None, U=None, at_most=3.0), TWO_S),
    (_read(0.1), Limit("s", max=0.0)),
    (replace(_read(1.0), device="Z08"), TWO_S),
    (replace(_read(1.0), measurand="n"), TWO_S),
    (evaluate_counts("m", "Z07", 10, 10, proportion=True), Limit("1", min=0.98)),
    (evaluate_counts("m", "Z07", 10, 10, proportion=True, census=True), Limit("1", min=0.98)),
    (evaluate_latencies("m", "Z07", [Latency(-3.0, -1.0)], Statistic.MAX), TWO_S),
]


@pytest.mark.parametrize(("measured", "limit"), REASONED)
def test_every_reason_of_a_verdict_is_told_in_chinese(measured: Measurement, limit: Limit):
    conditions = Conditions(rule=DecisionRule.GUARD_BAND, device="Z07")
    reason = judge(measured, _asked(limit), conditions).reason
    reported = Messages("zh").reason(reason)
    assert reason
    assert re.search("[\u4e00-\u9fff]", reported), reported
    assert not re.search("[a-z]{4}", reported), reported


def test_a_U_above_the_one_agreed_is_told_in_chinese():
    agreed = Conditions(device="Z07", largest_U_of={"m": LargestU(U=0.05)})
    reason = judge(_read(1.0), _asked(TWO_S), agreed).reason
    assert Messages("zh").reason(reason) == "U = 0.1 s 超过约定的最大值 0.05 s，不足以判定"


def test_a_value_known_as_the_most_it_can_be_is_printed_as_that(tmp_path: Path):
    row = load(_whole_with(tmp_path)).rows[0]
    known = replace(row, finding=replace(row.finding, value=None), measurement=_read(None, at_most=1.5))
    assert value_text(known, Messages("zh")) == "≤ 1.5 s"


def _whole_with(tmp_path: Path) -> Path:
    run = small_run(tmp_path / "run")
    timed(run, 0.8, Verdict.CONFORM)
    return run.path


def test_unjudged_changes_no_exit_code_but_is_counted(tmp_path: Path):
    run = small_run(tmp_path / "run")
    timed(run, 0.8, Verdict.UNJUDGED)
    view = load(run.path)
    assert view.exit_code == 0
    assert view.summary["unjudged"] == 1


@pytest.mark.parametrize("verdict", [Verdict.INVALID, Verdict.NOT_TESTED])
def test_open_ends_exit_3(tmp_path: Path, verdict: Verdict):
    run = small_run(tmp_path / "run")
    timed(run, 0.8, verdict)
    assert load(run.path).exit_code == 3


def test_a_run_with_nothing_to_test_never_exits_0(tmp_path: Path):
    run = small_run(tmp_path / "run", plan={"items": ()})
    assert load(run.path).exit_code == 3


def test_the_whole_of_a_run_is_seen(tmp_path: Path):
    view = load(big_run(tmp_path / "run").path)
    assert view.summary == {
        "conform": 35,
        "non_conform": 2,
        "conditional_conform": 1,
        "conditional_non_conform": 0,
        "not_tested": 3,
        "not_applicable": 2,
        "invalid": 1,
        "unjudged": 1,
    }
    assert view.exit_code == 1
    assert len(view.sessions) == 2
    assert view.sessions[0].reason == ""
    assert view.sessions[1].resumed
    assert [one.person for one in view.confirmations] == ["王五", "王五"]
    assert [entry["id"] for entry in view.instruments] == ["DMM-1", "TIME-1", "DOSE-1"]
    assert len(view.deviations) == 1
    assert len(view.deviations[0].items) == 9
    assert f"{view.local(view.started):%Y-%m-%d %H:%M}" == "2026-11-23 09:12"
    assert {one.value for one in view.exchanges} == {False, True, 0.42}


def test_a_question_nobody_answered_is_told(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.event("prompt", item=run.plan.items[0].id, question="dose?", kind_of="number")
    assert [one.value for one in load(run.path).exchanges] == [None]


def test_an_instrument_entry_may_stand_under_its_own_key(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.event("instrument", instrument={"id": "DMM-1", "kind": "multimeter", "due": "2027-01-01"})
    assert load(run.path).instruments[0]["due"] == "2027-01-01"


@pytest.mark.parametrize("where", ["site", "journal"])
def test_emulated_is_believed_from_either_record(tmp_path: Path, where: str):
    run = small_run(tmp_path / "run", emulated=True)
    if where == "site":
        lines = (
            (run.path / "journal.jsonl")
            .read_text(encoding="utf-8")
            .replace('"emulated":true', '"emulated":false')
        )
        (run.path / "journal.jsonl").write_text(lines, encoding="utf-8")
    else:
        (run.path / "site.json").write_text(json.dumps(site_json(emulated=False)), encoding="utf-8")
    assert load(run.path).emulated


def test_a_changed_journal_line_stops_the_report_with_its_line(tmp_path: Path):
    run = small_run(tmp_path / "run")
    timed(run, 2.4, Verdict.NON_CONFORM)
    path = run.path / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"verdict":"non_conform"', b'"verdict":"conform"'))
    with pytest.raises(UsageError, match=r"journal chain broken at line \d+"):
        load(run.path)


def test_a_torn_last_line_is_left_out_and_told(tmp_path: Path):
    run = small_run(tmp_path / "run")
    path = run.path / "journal.jsonl"
    path.write_bytes(path.read_bytes() + b'{"seq":2,"kind":"find')
    view = load(run.path)
    assert view.torn
    assert view.rows[0].finding.verdict is Verdict.NOT_TESTED


@pytest.mark.parametrize("name", ["plan.json", "catalogue.json", "site.json", "journal.jsonl"])
def test_a_missing_or_damaged_file_is_named(tmp_path: Path, name: str):
    run = small_run(tmp_path / "run")
    (run.path / name).unlink()
    with pytest.raises(UsageError, match=name.split(".", maxsplit=1)[0]):
        load(run.path)
    (run.path / name).write_text('{"half', encoding="utf-8")
    with pytest.raises(UsageError):
        load(run.path)


def test_an_unknown_verdict_is_refused(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.event("finding", item=run.plan.items[0].id, requirement="IAS-RT-01", verdict="passed")
    with pytest.raises(UsageError, match="wrong `verdict`: 'passed'"):
        load(run.path)


def test_catalogue_rows_with_empty_fields_left_out_are_read(tmp_path: Path):
    run = small_run(tmp_path / "run")
    rows = json.loads((run.path / "catalogue.json").read_text(encoding="utf-8"))
    lean = [{key: value for key, value in row.items() if value not in (None, "", [])} for row in rows]
    (run.path / "catalogue.json").write_text(json.dumps(lean), encoding="utf-8")
    assert load(run.path).catalogue["IAS-RT-01"].limit_status is LimitStatus.VERIFIED


def test_measurements_keep_their_budget_and_uncertainty(tmp_path: Path):
    run = small_run(tmp_path / "run")
    timed(run, 0.8, Verdict.CONFORM)
    measurement = only(run).measurement
    assert measurement is not None
    assert measurement.uncertainty is UncertaintyStatus.EVALUATED
    assert measurement.budget[0].dof == float("inf")
    assert measurement.raw == (0.8,)


def test_two_devices_of_one_requirement_stay_apart(tmp_path: Path):
    items = (item("alarm_response_time", "Z01", "IAS-RT-01"), item("alarm_response_time", "Z02", "IAS-RT-01"))
    plan = Plan(site="s", seed=1, items=items)
    run = RunBuilder(tmp_path / "run", plan, [requirement("IAS-RT-01")], site_json()).begin()
    run.latency(items[0], [2.5], Verdict.NON_CONFORM)
    run.latency(items[1], [0.5], Verdict.CONFORM)
    verdicts = {row.finding.device: row.finding.verdict for row in load(run.path).rows}
    assert verdicts == {"Z01": Verdict.NON_CONFORM, "Z02": Verdict.CONFORM}


def test_a_run_written_by_the_evidence_store_is_read(tmp_path: Path):
    made = small_run(tmp_path / "made")
    run = RunFolder.begin(
        tmp_path / "run",
        plan=made.plan,
        catalogue=made.catalogue,
        site=made.site,
        site_folder=made.path / "site",
    )
    one = made.plan.items[0]
    with run.journal() as journal:
        journal.append("run_opened", software="yanshou", emulated=True)
        journal.append("item_started", item=one.id, attempt=1)
        measurement = Measurement(
            "alarm_response_time", "Z07", Quantity.CONTINUOUS, 2.5, "s", 1, U=0.01, k=2.0
        )
        journal.append("measurement", item=one.id, id="m1", **asdict(measurement))
        finding = Finding(
            "IAS-RT-01", "GB 55029-2022", "3.5.1(8)", "Z07", "alarm_response_time", 2.5, "s", 0.01, 2.0, 1,
            "≤ 2 s", "verified", "DR-SA", Verdict.NON_CONFORM, measurement="m1",
        )  # fmt: skip
        journal.append("finding", item=one.id, **asdict(finding))
        journal.append("item_finished", item=one.id, attempt=1, outcome="non_conform", seconds=1.0)
        head = journal.head
    view = load(run.path)
    assert view.head == head
    assert view.rows[0].finding == finding
    assert view.rows[0].measurement == measurement
    assert view.exit_code == 1


def test_a_witness_stands_behind_the_tester_who_confirmed():
    reported = {"kind": "confirmation", "action": "siren", "value": True, "utc": "2026-11-29T08:00:00Z"}
    both, alone = confirmations_of(
        [{**reported, "person": "张三", "witness": "李四"}, {**reported, "person": "张三"}]
    )
    assert (both.person, alone.person) == ("张三 / 李四", "张三")
