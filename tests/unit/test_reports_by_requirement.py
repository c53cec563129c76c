# SPDX-License-Identifier: Apache-2.0
"""One line per requirement: nothing graver, worse or weaker than the line says is left in the annex."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.big_run import big_run
from tests.support.run_builder import item, requirement, small_run
from yanshou.model import (
    DecisionRule,
    Limit,
    LimitStatus,
    Reservation,
    Reserve,
    SampleRecord,
    Statistic,
    UncertaintyStatus,
    Verdict,
)
from yanshou.reports import load
from yanshou.reports.by_requirement import RequirementResult, by_requirement
from yanshou.reports.document import document
from yanshou.reports.view import RunView
from yanshou.reports.wording import Messages, acceptance, expanded, value_text

ZH = Messages("zh")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunView:
    return load(big_run(tmp_path_factory.mktemp("whole") / "run").path)


def lines(view: RunView) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for part in document(view)["systems"] for row in part["rows"]}


def of(view: RunView, name: str) -> RequirementResult:
    return next(one for one in by_requirement(view) if one.rows[0].finding.requirement == name)


def one_row(tmp_path: Path, *, limit: Limit, unit: str = "s", **measured: Any) -> RunView:
    """A run of one finding, with any limit and measurement."""
    run = small_run(tmp_path / "run")
    run.catalogue = [requirement("IAS-RT-01", limit=limit)]
    run.begin()
    one = replace(run.plan.items[0], decision_rule=measured.pop("rule", DecisionRule.SIMPLE))
    verdict = measured.pop("verdict", Verdict.CONFORM)
    run.start(one)
    values = {"unit": unit, "uncertainty": UncertaintyStatus.EVALUATED, "k": 2.0} | measured
    run.judge(one, "IAS-RT-01", verdict, run.measure(one, **values))
    run.finish(one)
    return load(run.path)


def test_each_requirement_has_one_line_and_each_device_one_in_the_annex(whole: RunView):
    applies = [row for row in whole.rows if row.finding.verdict is not Verdict.NOT_APPLICABLE]
    content = document(whole)
    shown = [row["id"] for part in content["systems"] for row in part["rows"]]
    assert sorted(shown) == sorted({row.finding.requirement for row in applies})
    assert sum(len(part["rows"]) for part in content["annex"]) == len(applies)


def test_the_line_has_the_gravest_verdict_the_worst_value_and_the_sample(whole: RunView):
    line = lines(whole)["IAS-RT-01"]
    assert line["verdict"] == "不合格"
    assert line["counts"] == "不合格 1，未检 1，合格 10"
    assert line["result"] == "2.4123 s ± 0.0031 s"
    assert line["device"].startswith("Z07")
    assert line["sample"] == "12 / 12"


def test_a_device_not_tested_outweighs_those_that_conform(whole: RunView):
    result = of(whole, "IAS-RT-01")
    rest = tuple(row for row in result.rows if not row.finding.verdict.against)
    without = replace(result, rows=rest)
    assert without.verdict is Verdict.NOT_TESTED
    assert without.worst.finding.value == max(
        row.finding.value for row in rest if isinstance(row.finding.value, float)
    )


def test_a_value_that_was_never_reached_is_the_worst(whole: RunView):
    result = of(whole, "IAS-RT-01")
    first = next(row for row in result.rows if row.finding.verdict is Verdict.NON_CONFORM)
    assert first.measurement is not None
    never = replace(
        first,
        finding=replace(first.finding, value=None, U=None, device="Z01"),
        measurement=replace(first.measurement, value=None, U=None, at_least=2.0),
    )
    assert replace(result, rows=(*result.rows, never)).worst is never


def test_the_smallest_value_is_the_worst_under_a_lower_limit(whole: RunView):
    frames = of(whole, "NET-08")
    assert frames.worst.finding.value == min(
        row.finding.value for row in frames.rows if isinstance(row.finding.value, float)
    )


def test_the_lot_is_that_of_the_devices_tested(whole: RunView):
    """The same kind of device is in a lot for one requirement and in a part of it for another."""
    part = SampleRecord("zone DT-7225 [type=hold_up]", 40, 9, "r", tuple(f"Z{n:02d}" for n in range(1, 10)))
    plan = replace(whole.plan, sampling=(*whole.plan.sampling, part))
    view = replace(whole, plan=plan)
    assert (of(view, "IAS-FN-03").N, of(view, "IAS-FN-03").n) == (40, 9)
    assert (of(view, "IAS-RT-01").N, of(view, "IAS-RT-01").n) == (12, 12)
    assert (of(view, "ACS-RT-01").N, of(view, "ACS-RT-01").n) == (2, 2)


def test_what_a_line_rests_on_stands_in_it_in_the_summary_and_on_the_list_before_issue(whole: RunView):
    content, line = document(whole), lines(whole)
    assert line["IAS-FN-03"]["notes"] == "依据方法偏离 D1"
    assert content["deviations"] == [["D1", whole.deviations[0].text, line["IAS-FN-03"]["no"]]]
    assert "推算值" in line["IAS-PW-01"]["notes"]
    assert "依据暂定限值" in line["IAS-RT-01"]["notes"]
    assert [row["no"] for row in line.values() if "暂定" in row["notes"]] == [
        line["IAS-RT-01"]["no"],
        line["IAS-TA-01"]["no"],
    ]
    said = "".join(content["rests"])
    assert f"序号 {line['IAS-RT-01']['no']}、{line['IAS-TA-01']['no']}（2 项）依据暂定限值" in said
    assert "含方法偏离" in said
    settle = [one for one in content["missing"] if "暂定限值" in one]
    assert len(settle) == 1
    assert "GB 55029-2022 3.5.1(8)" in settle[0]
    each = next(part for part in content["annex"] if part["title"].endswith("报警锁定与保持"))
    assert {row["notes"] for row in each["rows"]} == {"依据方法偏离 D1"}


def test_a_shortened_watch_is_said(tmp_path: Path):
    view = one_row(tmp_path, limit=Limit(unit="s", max=2.0), value=1.0, U=0.1, n=3)
    short = (Reservation(Reserve.SHORTENED, "观察 60 s，短于通常的 600 s"),)
    row = view.rows[0]
    assert row.measurement is not None
    view = replace(view, rows=(replace(row, measurement=replace(row.measurement, reservations=short)),))
    assert lines(view)["IAS-RT-01"]["notes"] == "观察时间或次数少于通常"
    assert any("少于通常" in one for one in document(view)["rests"])


def test_nothing_rests_on_a_provisional_limit_that_was_not_used(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.catalogue = [requirement("IAS-RT-01", limit_status=LimitStatus.PROVISIONAL)]
    run.begin()
    assert not any("暂定限值" in one for one in document(load(run.path))["missing"])


@pytest.mark.parametrize(
    ("rule", "limit", "expected"),
    [
        (DecisionRule.SIMPLE, Limit(unit="s", max=2.0), ""),
        (DecisionRule.GUARD_BAND, Limit(unit="s", max=2.0), "≤ 1.90 s"),
        (DecisionRule.NON_BINARY, Limit(unit="s", min=0.5, exclusive=True), "> 0.60 s"),
        (DecisionRule.GUARD_BAND, Limit(unit="s", min=0.5, max=2.0), "≥ 0.60，≤ 1.90 s"),
    ],
)
def test_a_verdict_with_a_guard_band_prints_its_acceptance_limit(
    tmp_path: Path, rule: DecisionRule, limit: Limit, expected: str
):
    view = one_row(tmp_path, limit=limit, value=1.0, U=0.1, n=3, rule=rule)
    assert acceptance(view.rows[0]) == expected
    assert (f"接收限 {expected}" in lines(view)["IAS-RT-01"]["notes"]) is bool(expected)


def test_no_acceptance_limit_where_nothing_was_judged(tmp_path: Path):
    view = one_row(
        tmp_path, limit=Limit(unit="s", max=2.0), value=1.0, U=0.1, n=3,
        rule=DecisionRule.GUARD_BAND, verdict=Verdict.INVALID,
    )  # fmt: skip
    assert acceptance(view.rows[0]) == ""


def test_no_u_where_nothing_was_observed(tmp_path: Path):
    view = one_row(
        tmp_path, limit=Limit(unit="s", max=2.0), value=0.0, U=0.1, n=0, verdict=Verdict.NOT_TESTED
    )
    assert expanded(view.rows[0], ZH) == "—"
    assert lines(view)["IAS-RT-01"]["result"] == "—"


@pytest.mark.parametrize(
    ("value", "U", "printed"),
    [
        (35.000469, 0.000020, ("35.00 d", "0.01 d")),
        (35.2, 1.5, ("35.2 d", "1.5 d")),
        (29.9996, 0.000020, ("29.999600 d", "0.000020 d")),
        (30.00001, 0.000020, ("30.000010 d", "0.000020 d")),
    ],
)
def test_days_are_printed_as_days_unless_that_hid_a_missed_limit(
    tmp_path: Path, value: float, U: float, printed: tuple[str, str]
):
    view = one_row(tmp_path, limit=Limit(unit="d", min=30.0), unit="d", value=value, U=U, n=1)
    row = view.rows[0]
    assert (value_text(row, ZH), expanded(row, ZH)) == printed


def test_without_a_limit_the_statistic_says_which_value_is_the_worst(tmp_path: Path):
    run = small_run(tmp_path / "run")
    run.catalogue = [requirement("IAS-RT-01", limit=None, statistic=Statistic.MIN)]
    run.begin()
    for device, value in (("Z07", 3.0), ("Z08", 1.0), ("Z09", 2.0)):
        one = item("alarm_response_time", device, "IAS-RT-01")
        run.start(one)
        run.judge(one, "IAS-RT-01", Verdict.UNJUDGED, run.measure(one, value=value, n=1))
        run.finish(one)
    assert of(load(run.path), "IAS-RT-01").worst.finding.device == "Z08"
