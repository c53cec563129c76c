# SPDX-License-Identifier: Apache-2.0
"""The first pages: a conclusion only where nothing is open, and the software as it was validated or not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.run_builder import RunBuilder, item, requirement, site_json
from yanshou.cli.commands import selftest
from yanshou.cli.selftest import Matrix, SelftestCase
from yanshou.evidence.validation import leave_record, records_folder, validation_of
from yanshou.model import LimitStatus, Plan, Reservation, Reserve, SampleRecord, Verdict
from yanshou.model.build import build_digest
from yanshou.reports import load
from yanshou.reports.conclusion import proposed
from yanshou.reports.document import document
from yanshou.reports.messages import Messages
from yanshou.reports.records import Deviation
from yanshou.reports.view import RunView

ZH, EN = Messages("zh"), Messages("en")
BUILD = "b" * 64
RECORD = {
    "build": BUILD,
    "software": "yanshou 0.1.0",
    "site": "bank-branch",
    "utc": "2026-11-20T08:00:00Z",
    "cases": 120,
    "requirements": ["IAS-RT-01"],
    "false_pass": 0,
    "false_fail": 0,
}


def made(path: Path, *verdicts: Verdict, session: dict[str, object] | None = None, **over: object) -> RunView:
    """A run of one requirement, with a zone for each verdict; None of them is emulated."""
    items = tuple(item("alarm_response_time", f"Z{n:02d}", "IAS-RT-01") for n, _ in enumerate(verdicts, 1))
    plan = Plan(
        site="bank-branch",
        seed=7,
        items=items,
        sha256="a" * 64,
        sampling=(
            SampleRecord(
                "zone DT-7225", 12, len(items), "GB 50348-2018 9.1.5", tuple(one.device for one in items)
            ),
        ),
    )
    row = requirement("IAS-RT-01", **{"limit_status": LimitStatus.VERIFIED} | over)
    run = RunBuilder(path, plan, [row], site_json(emulated=False)).begin()
    start = {"pid": 1, "software": "yanshou 0.1.0", "platform": "Linux", "resumed": False, "operator": "张三"}
    run.event("session_started", **start | {"build": BUILD} | (session or {}))
    for one, verdict in zip(items, verdicts, strict=True):
        run.start(one)
        measured = run.measure(one, value=1.2, U=0.01, k=2.0)
        run.judge(one, "IAS-RT-01", verdict, measured)
        run.finish(one)
    run.close()
    return load(path)


@pytest.mark.parametrize(
    ("verdicts", "expected", "says"),
    [
        ((Verdict.CONFORM, Verdict.CONFORM), Verdict.CONFORM, "均符合"),
        ((Verdict.CONFORM, Verdict.CONDITIONAL_CONFORM), Verdict.CONDITIONAL_CONFORM, "条件合格不等同于合格"),
        ((Verdict.CONFORM, Verdict.NON_CONFORM), Verdict.NON_CONFORM, "1 项不合格"),
        ((Verdict.CONFORM, Verdict.INVALID), None, "不提出结论"),
        ((Verdict.CONFORM, Verdict.UNJUDGED), None, "不提出结论"),
        ((Verdict.NON_CONFORM, Verdict.NOT_TESTED), None, "已有 1 项不合格"),
        ((), None, "没有检测结果"),
    ],
)
def test_a_conclusion_is_proposed_only_where_nothing_is_open(
    tmp_path: Path, verdicts: tuple[Verdict, ...], expected: Verdict | None, says: str
) -> None:
    found = proposed(made(tmp_path / "run", *verdicts), ZH)
    assert found.verdict is expected
    assert says in found.text
    assert bool(found.open) == (expected is None and bool(verdicts))


def test_the_open_ones_are_named_with_their_line(tmp_path: Path) -> None:
    found = proposed(made(tmp_path / "run", Verdict.INVALID, Verdict.NOT_TESTED, Verdict.CONFORM), ZH)
    assert found.open == ("序号 1 报警响应时间（无效 1，未检 1）",)


def test_an_emulated_run_concludes_nothing_on_a_site(tmp_path: Path) -> None:
    view = made(tmp_path / "run", Verdict.CONFORM)
    emulated = replace(view, site=replace(view.site, emulated=True))
    assert "不是对任何工程的结论" in proposed(emulated, ZH).text


def test_what_weakens_a_result_is_to_be_settled_before_the_issue(tmp_path: Path) -> None:
    path = tmp_path / "run"
    view = made(path, Verdict.CONDITIONAL_CONFORM, limit_status=LimitStatus.PROVISIONAL)
    ((name, measured),) = view.measurements.items()
    weak = replace(
        measured,
        deviations=("未按 8.3 安装",),
        estimate=True,
        reservations=(Reservation(Reserve.SHORTENED, "10 min"), Reservation(Reserve.UNPROVEN, "x")),
    )
    rows = tuple(replace(row, measurement=weak) for row in view.rows)
    weaker = replace(
        view,
        rows=rows,
        measurements={name: weak},
        deviations=(Deviation("未按 8.3 安装", ("x",)), Deviation("全部", ("*",))),
    )
    settle = " ".join(proposed(weaker, ZH).settle)
    for part in (
        "暂定限值（GB 55029-2022 3.5.1(8)）",
        "方法偏离 D1（序号 1）",
        "全部结果的方法偏离 D2",
        "少于通常",
        "未能全部证实",
        "推算值",
        "软件确认",
    ):
        assert part in settle
    assert document(weaker)["proposed"]["settle"] == list(proposed(weaker, ZH).settle)


def test_a_row_conditional_for_its_u_says_so(tmp_path: Path) -> None:
    content = document(made(tmp_path / "run", Verdict.CONFORM, Verdict.CONDITIONAL_CONFORM))
    assert "限值落在检测值 ± U 之内" in content["systems"][0]["rows"][0]["notes"]
    assert any("条件性" in line for line in content["rests"])


def fact(content: dict[str, object], label: str) -> str:
    (found,) = [one["text"] for one in content["overview"] if one["label"] == label]
    return str(found)


def test_software_without_a_record_is_plainly_not_validated(tmp_path: Path) -> None:
    content = document(made(tmp_path / "run", Verdict.CONFORM))
    assert BUILD in fact(content, "检测软件")
    assert fact(content, "软件确认").startswith("未经确认")


def test_the_record_of_this_build_validates_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANSHOU_SELFTESTS", str(tmp_path / "records"))
    leave_record(RECORD)
    view = made(tmp_path / "run", Verdict.CONFORM, session={"validation": validation_of(BUILD)})
    said = fact(document(view), "软件确认")
    assert "自检记录 2026-11-20（bank-branch）：120 例，漏判 0，误判 0" in said
    assert "1 个检测项目中 1 项" in said
    assert not [one for one in proposed(view, EN).settle if "selftest" in one]


@pytest.mark.parametrize("wrong", [{"false_pass": 1}, {"false_fail": 2}, {"cases": 0}])
def test_a_failed_selftest_validates_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, int]
) -> None:
    monkeypatch.setenv("YANSHOU_SELFTESTS", str(tmp_path / "records"))
    leave_record(RECORD | {"site": "museum"})
    leave_record(RECORD | wrong)
    found = validation_of(BUILD)
    found = found if "cases" not in wrong else found | {"cases": 0}
    view = made(tmp_path / "run", Verdict.CONFORM, session={"validation": found})
    assert fact(document(view), "软件确认").startswith("未经确认")


def test_a_record_that_cannot_be_read_is_named_and_validates_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANSHOU_SELFTESTS", str(tmp_path / "records"))
    leave_record(RECORD)
    leave_record(RECORD | {"site": "museum"}).write_text("{")
    view = made(tmp_path / "run", Verdict.CONFORM, session={"validation": validation_of(BUILD)})
    assert "museum.json 无法读取" in fact(document(view), "软件确认")


def test_another_build_is_not_validated_by_this_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANSHOU_SELFTESTS", str(tmp_path / "records"))
    leave_record(RECORD)
    other = "b" * 16 + "c" * 48
    (records_folder() / other[:16]).mkdir(exist_ok=True)
    assert validation_of(other).get("records", []) == []
    session = {"build": other, "validation": validation_of(BUILD)}
    view = made(tmp_path / "run", Verdict.CONFORM, session=session)
    assert fact(document(view), "软件确认").startswith("未经确认")


def test_the_digest_is_of_every_file_of_the_suites(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "test_x.py").write_text("x = 1\n")
    before = build_digest(tmp_path)
    build_digest.cache_clear()
    (tmp_path / "a" / "test_x.py").write_text("x = 2\n")
    assert build_digest(tmp_path) != before
    build_digest.cache_clear()


def test_the_environment_of_each_session_is_printed_with_its_time(tmp_path: Path) -> None:
    view = made(tmp_path / "run", Verdict.CONFORM, session={"environment": "室内 21 ℃，45 %RH"})
    said = fact(document(view), "环境条件")
    assert said.startswith("时段 1（11-23 09:12–09:12）：室内 21 ℃，45 %RH")


def test_a_part_of_the_selftest_leaves_no_record_unless_something_was_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANSHOU_SELFTESTS", str(tmp_path))
    seen = SelftestCase("IAS-RT-01", "Z01", "late", "", "non_conform", "non_conform")
    missed = SelftestCase("IAS-RT-01", "Z02", "late", "", "non_conform", "conform")
    selftest.keep_record(selftest.Tested("bank-branch", Matrix([seen]), 1.0), whole=False)
    assert not list(tmp_path.rglob("*.json"))
    selftest.keep_record(selftest.Tested("bank-branch", Matrix([seen]), 1.0), whole=True)
    (path,) = tmp_path.rglob("*.json")
    build = json.loads(path.read_text(encoding="utf-8"))["build"]
    assert validation_of(build)["requirements"] == ["IAS-RT-01"]
    selftest.keep_record(selftest.Tested("bank-branch", Matrix([missed]), 1.0), whole=False)
    assert validation_of(build)["false_pass"] == 1


def test_a_row_without_the_number_of_its_clause_is_to_be_completed(tmp_path: Path) -> None:
    view = made(tmp_path / "run", Verdict.CONFORM, clause="")
    assert "补齐条款号（GB 55029-2022）" in proposed(view, ZH).settle
    assert not [one for one in proposed(made(tmp_path / "b", Verdict.CONFORM), ZH).settle if "条款号" in one]
