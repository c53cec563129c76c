# SPDX-License-Identifier: Apache-2.0
"""The laboratory's check sheet: whatever is left out of a report, the sheet names it and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.big_run import big_run
from tests.support.places import ROOT
from yanshou.fixtures.prepare import prepare
from yanshou.model import Limit, Quantity, System, UncertaintyStatus, Verdict
from yanshou.reports import document as layout
from yanshou.reports import pdf, result_tables, rounding
from yanshou.reports.rendering import render
from yanshou.reports.self_check import CHECKS, CheckAnswer, CheckLine, check_sheet, sheet_json, sheet_pdf
from yanshou.reports.view import RunView, load
from yanshou.standards import Catalogue

GIVEN = {
    "report_no": "检字 2026-017",
    "name": "示范检测中心",
    "address": "呼和浩特市示范路 2 号",
    "client_contact": "赵六 0471-0000001",
    "received": "2026-11-20",
    "issued": "2026-11-28",
    "environment": "室内 21 ℃，45 %RH",
    "state": "竣工后试运行满 30 d",
    "category": "委托检测",
    "accredited": ["IAS-*", "IQ-*"],
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> RunView:
    """A run whose laboratory gave everything that a report needs."""
    path = tmp_path_factory.mktemp("run") / "whole"
    big_run(path, laboratory=dict(GIVEN))
    return with_rules(load(path), catalogue)


@pytest.fixture(autouse=True)
def _no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures take most of the time of a report, and no rule asks for one."""
    monkeypatch.setattr(pdf, "_pictures", lambda _view, _language: ({"figures": [], "photos": []}, {}))


def with_rules(view: RunView, catalogue: Catalogue) -> RunView:
    rules = {row.id: row for row in catalogue.requirements.values() if row.system == System.LABORATORY}
    return replace(view, catalogue={**view.catalogue, **rules})


def missing(view: RunView, language: str = "zh") -> dict[str, list[str]]:
    """What the sheet misses, by rule."""
    return missed(check_sheet(view, pdf.pdf_bytes(view, language), language), language)


def missed(lines: Iterable[CheckLine], language: str = "zh") -> dict[str, list[str]]:
    found = {
        line.requirement.id: [
            getattr(part.asks, language) for part in line.parts if part.answer is CheckAnswer.MISSING
        ]
        for line in lines
    }
    return {rule: parts for rule, parts in found.items() if parts}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_missing_of_a_whole_report(whole: RunView, language: str) -> None:
    assert missing(whole, language) == {}


def test_every_rule_of_the_laboratory_has_a_check(catalogue: Catalogue) -> None:
    rules = {row.measurand for row in catalogue.requirements.values() if row.system == System.LABORATORY}
    assert rules == set(CHECKS)


def test_what_only_the_laboratory_can_answer_is_never_met(whole: RunView) -> None:
    lines = {one.requirement.id: one for one in check_sheet(whole, pdf.pdf_bytes(whole))}
    for rule in ("LAB-05", "LAB-12", "LAB-13", "LAB-15", "LAB-16", "LAB-17", "LAB-18", "LAB-20", "LAB-21-a"):
        assert lines[rule].answer is CheckAnswer.BY_HAND, rule


def test_a_rule_of_one_province_is_asked_there_only(whole: RunView) -> None:
    here = {one.requirement.id for one in check_sheet(whole, pdf.pdf_bytes(whole))}
    there = replace(whole, site=replace(whole.site, attributes={"province": "上海市"}))
    assert {one.requirement.id for one in check_sheet(there, pdf.pdf_bytes(there))} - here == {"LAB-16-a"}


@pytest.mark.parametrize(
    ("left_out", "rules"),
    [
        ("report_no", {"LAB-01", "LAB-11"}),
        ("name", {"LAB-01"}),
        ("address", {"LAB-01"}),
        ("client_contact", {"LAB-01"}),
        ("received", {"LAB-01", "LAB-11"}),
        ("issued", {"LAB-01", "LAB-11", "LAB-16"}),
        ("environment", {"LAB-03-a"}),
        ("state", {"LAB-01"}),
        ("accredited", {"LAB-19"}),
        ("category", {"LAB-11"}),
    ],
)
def test_what_nobody_gave_is_missing(whole: RunView, left_out: str, rules: set[str]) -> None:
    parties = {key: value for key, value in whole.site.parties.items() if key != "laboratory"}
    given = {key: value for key, value in GIVEN.items() if key != left_out}
    view = replace(whole, site=replace(whole.site, parties=parties, laboratory=given))
    assert set(missing(view)) == rules


def without(key: str) -> Callable[[dict[str, Any]], None]:
    def leave_out(content: dict[str, Any]) -> None:
        content[key] = type(content[key])()

    return leave_out


def one_fact_less(label: str) -> Callable[[dict[str, Any]], None]:
    def leave_out(content: dict[str, Any]) -> None:
        content["overview"] = [one for one in content["overview"] if one["label"] != label]
        content["cover"] = [one for one in content["cover"] if one["label"] != label]

    return leave_out


def unmarked(content: dict[str, Any]) -> None:
    for one in content["overview"]:
        one["client"] = False


def one_requirement_less(content: dict[str, Any]) -> None:
    del content["systems"][0]["rows"][0]


def one_device_less(content: dict[str, Any]) -> None:
    del content["annex"][0]["rows"][0]


def one_verdict_praised(content: dict[str, Any]) -> None:
    row = content["systems"][0]["rows"][0]
    assert row["verdict"] == "不合格"
    row["verdict"] = "合格"


def another_than_the_worst(content: dict[str, Any]) -> None:
    row = content["systems"][0]["rows"][0]
    assert row["result"].startswith("2.4123 s")
    row["result"] = row["result"].replace("2.4123", "0.4123")


def no_conclusion(content: dict[str, Any]) -> None:
    content["proposed"]["text"] = ""


def without_method(content: dict[str, Any]) -> None:
    row = next(row for part in content["systems"] for row in part["rows"] if row["method"])
    row["method"] = ""


def unsaid(content: dict[str, Any]) -> None:
    row = next(row for part in content["systems"] for row in part["rows"] if row["notes"])
    row["notes"] = ""


@pytest.mark.parametrize(
    ("leave_out", "rules"),
    [
        pytest.param(without("statement"), {"LAB-01", "LAB-02", "LAB-22"}, id="statement"),
        pytest.param(without("sampling"), {"LAB-01", "LAB-11"}, id="sampling"),
        pytest.param(without("deviations"), {"LAB-01"}, id="deviations"),
        pytest.param(without("rule"), {"LAB-04", "LAB-05", "LAB-06", "LAB-09", "LAB-10"}, id="rule"),
        pytest.param(without("basis"), {"LAB-01", "LAB-11"}, id="basis"),
        pytest.param(without("methods"), {"LAB-01", "LAB-11"}, id="methods"),
        pytest.param(no_conclusion, {"LAB-11"}, id="conclusion"),
        pytest.param(without_method, {"LAB-01", "LAB-04"}, id="method-beside-clause"),
        pytest.param(without("instruments"), {"LAB-21"}, id="instruments"),
        pytest.param(without("head"), {"LAB-14"}, id="head"),
        pytest.param(without("evidence"), {"LAB-20"}, id="evidence"),
        pytest.param(without("outside_scope"), {"LAB-19"}, id="scope"),
        pytest.param(unmarked, {"LAB-01", "LAB-02", "LAB-11"}, id="client-data"),
        pytest.param(one_fact_less("检测日期"), {"LAB-01", "LAB-11"}, id="dates"),
        pytest.param(one_fact_less("外部提供的结果"), {"LAB-01", "LAB-11"}, id="external"),
        pytest.param(one_requirement_less, {"LAB-01", "LAB-04"}, id="one-requirement"),
        pytest.param(one_device_less, {"LAB-01", "LAB-04"}, id="one-device"),
        pytest.param(one_verdict_praised, {"LAB-01", "LAB-04"}, id="one-verdict"),
        pytest.param(another_than_the_worst, {"LAB-04"}, id="not-the-worst"),
        pytest.param(unsaid, {"LAB-01", "LAB-04"}, id="what-a-line-rests-on"),
    ],
)
def test_what_the_pages_leave_out_is_missing(
    whole: RunView,
    monkeypatch: pytest.MonkeyPatch,
    leave_out: Callable[[dict[str, Any]], None],
    rules: set[str],
) -> None:
    def spoiled(view: RunView, language: str = "zh") -> dict[str, Any]:
        content = layout.document(view, language)
        leave_out(content)
        return content

    monkeypatch.setattr(pdf, "document", spoiled)
    found = set(missing(whole))
    assert rules <= found <= rules | {"LAB-03", "LAB-10", "LAB-22"}


def test_three_digits_of_u_are_found(whole: RunView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounding, "_DIGITS", 3)
    assert set(missing(whole)) == {"LAB-10"}


def test_a_value_that_was_not_measured_is_found(whole: RunView, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = result_tables.value_text
    monkeypatch.setattr(
        result_tables, "value_text", lambda row, expected: printed(row, expected).replace("2", "1")
    )
    assert "LAB-10" in missing(whole)


def test_a_u_that_is_not_printed_is_found(whole: RunView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_tables, "expanded", lambda row, expected: "—")
    assert {"LAB-03", "LAB-10"} <= set(missing(whole))


@pytest.mark.parametrize(
    ("kind", "rules"), [(Quantity.COUNT, set()), (Quantity.CONTINUOUS, {"LAB-03"}), (None, set())]
)
def test_a_count_needs_no_u_and_the_catalogue_says_what_is_one(
    whole: RunView, kind: Quantity | None, rules: set[str]
) -> None:
    """Where the catalogue says nothing, the measurement does."""
    row = next(one for one in whole.rows if one.finding.value == 2 or one.finding.U)
    assert row.requirement is not None
    assert row.measurement is not None
    counted = replace(
        row,
        finding=replace(row.finding, value=0, U=None, unit="1", verdict=Verdict.CONFORM),
        measurement=replace(
            row.measurement, quantity=Quantity.COUNT, value=0, unit="1",
            uncertainty=UncertaintyStatus.EVALUATED, interval=None,
        ),
        requirement=replace(row.requirement, quantity=kind, limit=Limit("1", max=0)),
    )  # fmt: skip
    view = replace(whole, rows=tuple(counted if one is row else one for one in whole.rows))
    assert {name for name in missing(view) if name == "LAB-03"} == rules


def test_a_verdict_printed_otherwise_is_found(whole: RunView, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = result_tables.systems(whole, layout.Messages("zh"))
    assert any(row["verdict"] == "不合格" for part in rows for row in part["rows"])

    def praised(view: RunView, language: str = "zh") -> dict[str, Any]:
        content = layout.document(view, language)
        for part in content["systems"]:
            for row in part["rows"]:
                row["verdict"] = row["verdict"].replace("不合格", "合格")
        return content

    monkeypatch.setattr(pdf, "document", praised)
    assert {"LAB-01", "LAB-04"} <= set(missing(whole))


def test_a_verdict_without_a_measurement_is_found(whole: RunView) -> None:
    row = next(one for one in whole.rows if one.finding.verdict is Verdict.CONFORM)
    rows = tuple(replace(one, measurement=None) if one is row else one for one in whole.rows)
    assert "LAB-22" in missing(replace(whole, rows=rows))


def test_an_instrument_out_of_date_is_found(whole: RunView) -> None:
    entries = tuple({**one, "due": "2026-01-31"} for one in whole.instruments)
    assert set(missing(replace(whole, instruments=entries))) == {"LAB-21"}


def test_a_plan_that_was_changed_after_the_start_is_found(whole: RunView) -> None:
    assert set(missing(replace(whole, plan_sha256="0" * 64))) == {"LAB-05"}


def test_the_sheet_is_written_with_the_report(tmp_path: Path) -> None:
    run = big_run(tmp_path / "run", laboratory=dict(GIVEN))
    made = render(run.path, ["laboratory"])
    assert set(made) == {"pdf", "laboratory"}
    assert made["laboratory"].read_bytes().startswith(b"%PDF")
    assert (run.path / "report" / "laboratory-check.json").is_file()


def test_the_sheet_says_its_answers(whole: RunView) -> None:
    from yanshou.reports.self_check.printed import Printed

    lines = check_sheet(whole, pdf.pdf_bytes(whole))
    printed = Printed(sheet_pdf(lines, whole, "zh"))
    assert all(printed.has(line.requirement.id) for line in lines)
    assert printed.has("由机构核对")
    assert b'"answer": "by_hand"' in sheet_json(lines, whole)


def test_a_run_freezes_the_rules_of_the_laboratory(tmp_path: Path) -> None:
    prepared = prepare(ROOT / "examples" / "access-lab", tmp_path / "run")
    frozen = {row["id"] for row in json.loads((prepared.run.path / "catalogue.json").read_text("utf-8"))}
    assert {"LAB-01", "LAB-10", "LAB-22"} <= frozen
